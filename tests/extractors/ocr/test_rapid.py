"""The default engine on small drawn pictures."""

from __future__ import annotations

import importlib
import importlib.util
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from extractors.document import Source
from extractors.errors import EngineError
from extractors.ocr import detection, rapid
from extractors.ocr.rapid import RapidEngine


def test_a_blank_page_has_no_lines(engine: RapidEngine) -> None:
    assert engine.read(np.full((300, 200), 255, np.uint8)) == ()


def test_lines_come_in_reading_order(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    page = draw(
        [
            ("关于开展结对共建的函", 220, 20, 36),
            ("联系人：李伟", 40, 110, 30),
            ("电话：13812345678", 420, 114, 30),
            ("二〇二一年五月六日", 400, 200, 30),
        ]
    )
    lines = engine.read(page[:, :, 0])
    assert [line.text for line in lines] == [
        "关于开展结对共建的函",
        "联系人：李伟",
        "电话：13812345678",
        "二〇二一年五月六日",
    ]
    assert all(line.confidence > 0.9 and line.source is Source.OCR and line.place.page is None for line in lines)


def test_each_hanzi_has_its_box_and_a_number_is_one_word(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    left, size, width = 100, 40, 800
    (line,) = engine.read(draw([("经费35000元整", left, 80, size)], size=(width, 200))[:, :, 0])
    assert [word.text for word in line.words] == ["经", "费", "35000", "元", "整"]
    centres = [(word.box.left + word.box.right) / 2 * width for word in line.words]
    digits = 5 * size * 0.54
    expected = [left + size / 2, left + size * 1.5, left + 2 * size + digits / 2]
    expected += [left + 2.5 * size + digits, left + 3.5 * size + digits]
    assert centres == pytest.approx(expected, abs=size * 0.35)


def test_traditional_text_is_read_as_simplified(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    (line,) = engine.read(draw([("中國科學技術協會", 60, 60, 44)], size=(600, 180))[:, :, 0])
    assert line.text == "中国科学技术协会"


def test_strips_of_any_size_and_depth_are_recognised(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    strip = draw([("科学技术协会", 10, 4, 50)], size=(330, 64))
    read = engine.recognise([strip, strip[:, :, 0], np.full((48, 90, 3), 255, np.uint8), strip[:1, :1]])
    assert [strip.text for strip in read[:3]] == ["科学技术协会", "科学技术协会", ""]
    assert len(read) == 4
    assert read[2].confidence == 0.0
    assert [character for character, _, _ in read[0].characters] == list("科学技术协会")
    centres = [centre for _, centre, _ in read[0].characters]
    assert centres == pytest.approx([(35 + 50 * i) / 330 for i in range(6)], abs=0.05)


def test_the_odds_of_a_strip_say_what_was_read_and_that_blanks_are_none(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    strip = draw([("科学技术协会", 10, 4, 50)], size=(330, 64))
    told, blank = engine.weigh([strip, np.full((48, 90), 255, np.uint8)])
    likeliest = [max(column, key=lambda one: column[one]) for column in told]
    assert [one for one, _ in groupby(likeliest) if one] == list("科学技术协会")
    assert len(told) == 31  # 330 × 48 / 64 pixels of 8 a column
    assert len(blank) == 12
    assert [max(column, key=lambda one: column[one]) for column in blank] == [""] * 12
    assert all(0.9 < sum(column.values()) < 1.001 for column in told)


def test_a_missing_model_is_an_engine_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapid, "models", lambda: tmp_path)
    with pytest.raises(EngineError, match=r"PP-OCRv6_det_small\.onnx is missing"):
        RapidEngine()


def test_a_damaged_model_is_an_engine_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "PP-OCRv6_det_small.onnx").write_bytes(b"not a model")
    monkeypatch.setattr(rapid, "models", lambda: tmp_path)
    with pytest.raises(EngineError, match=r"cannot load PP-OCRv6_det_small\.onnx"):
        RapidEngine()


def test_a_model_that_answers_nonsense_is_an_engine_error(engine: RapidEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_detector", lambda _: (np.zeros((1, 1, 8, 8), np.float32),))
    page = np.full((300, 200), 255, np.uint8)
    page[100:120, 50:150] = 0
    with pytest.raises(EngineError, match="the detector answered"):
        engine.read(page)


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_either_runtime_alone_reads_a_line(runtime: str, monkeypatch: pytest.MonkeyPatch, draw) -> None:  # type: ignore[no-untyped-def]
    other = {"openvino": "onnxruntime", "onnxruntime": "openvino"}[runtime]
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == other else find_spec(name))
    (line,) = RapidEngine(threads=2).read(draw([("申报单位：中国林学会", 60, 60, 40)], size=(600, 160))[:, :, 0])
    assert line.text == "申报单位：中国林学会"
    assert line.confidence > 0.9


def test_without_a_runtime_is_an_engine_error(monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec
    absent = {"openvino", "onnxruntime"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name in absent else find_spec(name))
    with pytest.raises(EngineError, match="neither openvino nor onnxruntime"):
        RapidEngine()


def test_openvino_is_kept_from_reporting_its_use(engine: RapidEngine) -> None:
    assert engine.name == "rapidocr"
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("openvino_telemetry")


def test_strips_of_any_length_come_back_in_their_order(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    texts = ["2021年", "13812345678", "经费共35000元整", "7月", "项目名称"]
    strips = [draw([(text, 8, 8, 32)], size=(24 * len(text) + 90, 48))[:, :, 0] for text in texts]
    assert [strip.text for strip in engine.recognise(strips)] == texts


def test_the_second_reader_is_another_network(engine: RapidEngine, draw) -> None:  # type: ignore[no-untyped-def]
    (strip,) = engine.second.recognise([draw([("13812345678", 8, 8, 32)], size=(220, 48))[:, :, 0]])
    assert strip.text == "13812345678"
    assert len(engine.second.characters) < len(engine._reader.characters)


@pytest.mark.parametrize("box", [(170, 102, 160, 56, 0.0), (180, 102, 84, 56, 0.0), (275, 108, 180, 50, 0.0)])
def test_what_two_boxes_hold_is_read_once(
    engine: RapidEngine,
    box: tuple[float, float, float, float, float],
    monkeypatch: pytest.MonkeyPatch,
    draw,  # type: ignore[no-untyped-def]
) -> None:
    page = draw([("24人，五次活动", 200, 80, 40), ("24", 560, 80, 40)], size=(800, 200))[:, :, 0]
    beside = detection.Quad(*box)
    whole, far = detection.Quad(335, 102, 280, 50, 0.0), detection.Quad(585, 102, 70, 50, 0.0)
    monkeypatch.setattr(engine, "_boxes", lambda _: (beside, whole, far))
    assert [line.text for line in engine.read(page)] == ["24人，五次活动", "24"]


def test_the_last_character_of_a_box_is_not_the_first_of_the_next(
    engine: RapidEngine,
    monkeypatch: pytest.MonkeyPatch,
    draw,  # type: ignore[no-untyped-def]
) -> None:
    page = draw([("手机13765", 100, 80, 40), ("电子信箱", 320, 80, 40)], size=(600, 200))[:, :, 0]
    phone, mailbox = detection.Quad(192, 102, 194, 50, 0.0), detection.Quad(374, 102, 222, 50, 0.0)
    monkeypatch.setattr(engine, "_boxes", lambda _: (phone, mailbox))
    assert [line.text for line in engine.read(page)] == ["手机13765", "电子信箱"]
