"""A network that was made lighter reads what the whole one reads."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from extractors.ocr import networks
from extractors.ocr.rapid import RapidEngine, models

RECOGNISER = "PP-OCRv6_rec_small"
LINES = [
    ("关于开展结对共建的函", 220, 20, 36),
    ("联系人：李伟，电话13812345678", 40, 110, 30),
    ("申请经费人民币叁万伍仟元整（35,000.00元）", 40, 180, 24),
    ("二〇二一年五月六日", 400, 250, 30),
]


def test_the_measures_are_those_of_the_model_that_is_installed() -> None:
    measured = json.loads(resources.files("extractors.ocr").joinpath(f"{RECOGNISER}.json").read_text("utf-8"))
    assert measured["sha256"] == hashlib.sha256((models() / f"{RECOGNISER}.onnx").read_bytes()).hexdigest()


def test_lighter_networks_read_the_same(engine: RapidEngine, monkeypatch: pytest.MonkeyPatch, draw) -> None:  # type: ignore[no-untyped-def]
    page = draw(LINES)[:, :, 0]
    monkeypatch.setattr(networks, "multiplies_bytes_fast", lambda: False)
    spared = RapidEngine().read(page)
    monkeypatch.setattr(networks, "_lighten", lambda *_: None)
    whole = RapidEngine().read(page)
    for lighter in (engine.read(page), spared):
        assert [line.text for line in lighter] == [line.text for line in whole] == [text for text, *_ in LINES]
        assert [line.confidence for line in lighter] == pytest.approx([line.confidence for line in whole], abs=0.02)
        assert [word.box.left for line in lighter for word in line.words] == pytest.approx(
            [word.box.left for line in whole for word in line.words], abs=0.004
        )


def test_a_strip_without_any_character_reads_as_nothing(engine: RapidEngine) -> None:
    (strip,) = engine.recognise([np.full((48, 400), 255, np.uint8)])
    assert (strip.text, strip.confidence, strip.characters) == ("", 0.0, ())


def test_another_edition_of_a_model_stays_whole(tmp_path: Path) -> None:
    other = tmp_path / f"{RECOGNISER}.onnx"
    other.write_bytes(b"another edition")
    networks._lighten(object(), other)  # would raise if it touched the network


def test_a_network_that_was_never_measured_stays_whole(tmp_path: Path) -> None:
    networks._lighten(object(), tmp_path / "PP-OCRv9.onnx")
