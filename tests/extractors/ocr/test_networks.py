"""A recogniser that spares blank columns reads what the whole one reads."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extractors.errors import EngineError
from extractors.ocr import detection, graphs, networks, rapid
from extractors.ocr.rapid import RapidEngine, Reader, models

RECOGNISER = "PP-OCRv6_rec_small.onnx"
LINES = [
    ("关于开展结对共建的函", 220, 20, 36),
    ("联系人：李伟，电话13812345678", 40, 110, 30),
    ("申请经费人民币叁万伍仟元整（35,000.00元）", 40, 180, 24),
    ("二〇二一年五月六日", 400, 250, 30),
]


def test_the_recogniser_that_was_measured_is_installed() -> None:
    assert hashlib.sha256((models() / RECOGNISER).read_bytes()).hexdigest() in networks._BLANK_FROM


def test_a_recogniser_that_spares_blanks_reads_the_same(
    engine: RapidEngine, monkeypatch: pytest.MonkeyPatch, draw: Any
) -> None:
    page = draw(LINES)[:, :, 0]
    monkeypatch.setattr(networks, "_BLANK_FROM", {})
    whole = RapidEngine().read(page)
    spared = engine.read(page)
    assert [line.text for line in spared] == [line.text for line in whole] == [text for text, *_ in LINES]
    assert [line.confidence for line in spared] == pytest.approx([line.confidence for line in whole], abs=0.02)
    assert [word.box.left for line in spared for word in line.words] == pytest.approx(
        [word.box.left for line in whole for word in line.words], abs=0.004
    )


def test_a_detector_that_is_enlarged_last_tells_the_same_lines(draw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plane = detection.plane_of(np.ascontiguousarray(draw(LINES, size=(704, 320))[:, :, 0]))
    detector = models() / "PP-OCRv6_det_small.onnx"
    (large,) = networks.Network(detector, 1)(plane)
    large = large.copy()
    monkeypatch.setattr(graphs, "enlarge_last", lambda network: None)
    (plain,) = networks.Network(detector, 1)(plane)
    assert large.shape == plain.shape == (1, 1, 320, 704)
    assert 0.05 < (plain > 0.5).mean() < 0.5
    assert np.abs(large - plain).max() < 1e-4


@pytest.mark.parametrize("model", [models() / RECOGNISER, rapid._SECOND], ids=["small", "tiny"])
def test_a_recogniser_that_takes_means_first_answers_the_same_with_less_arithmetic(model: Path, draw: Any) -> None:
    strip = draw([(LINES[1][0], 10, 4, 30)], size=(640, 48))[:, :, 0]
    plane, _ = rapid.prepared(np.ascontiguousarray(strip))
    plain, before = _in_single_precision(model, plane)
    changed, after = _in_single_precision(model, plane, means_first=True)
    assert plain.max(axis=-1).min() > 0.05
    assert np.abs(changed - plain).max() < 1e-3
    assert before - after > 0.04 * before


def _in_single_precision(model: Path, plane: networks.Picture, *, means_first: bool = False) -> tuple[Any, int]:
    """The likelihoods, and of how many products the convolutions are."""
    openvino = pytest.importorskip("openvino")
    core = openvino.Core()
    network = core.read_model(model)
    network.reshape(list(plane.shape))
    if means_first:
        graphs.average_first(network)
    products = sum(
        int(np.prod(node.output(0).get_shape()) * np.prod(node.input(1).get_shape()[1:]))
        for node in network.get_ordered_ops()
        if node.get_type_name() == "Convolution"
    )
    compiled = core.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return compiled([plane])[0], products


def test_a_strip_without_any_character_reads_as_nothing(engine: RapidEngine) -> None:
    (strip,) = engine.recognise([np.full((48, 400), 255, np.uint8)])
    assert (strip.text, strip.confidence, strip.characters) == ("", 0.0, ())


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_a_network_has_trained_weights_in_place_of_its_own(
    runtime: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, draw: Any
) -> None:
    other = {"openvino": "onnxruntime", "onnxruntime": "openvino"}[runtime]
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == other else find_spec(name))
    model = models() / RECOGNISER
    biases = np.zeros(18710)
    biases[7] = 1000.0
    beginning = {name: np.zeros((120, 384, 1, 1)) for name in ("conv2d_65.w_0", "conv2d_67.w_0")}
    first = {"conv2d_68.w_0": np.zeros((48, 3, 3, 3)), "p2o.pd_op.reshape.0.0": np.zeros((1, 48, 1, 1))}
    networks.write_constants(tmp_path / "tuned.npz", model, {**first, **beginning, "linear_8.b_0": biases})
    plane, _ = rapid.prepared(draw([(LINES[0][0], 10, 4, 30)], size=(320, 48))[:, :, 0])
    (likelihood,) = networks.Network(model, 1, tmp_path / "tuned.npz")(plane)
    assert likelihood[0].argmax(axis=1).tolist() == [7] * 40


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_the_weights_for_seals_fit_both_runtimes(runtime: str, monkeypatch: pytest.MonkeyPatch, draw: Any) -> None:
    other = {"openvino": "onnxruntime", "onnxruntime": "openvino"}[runtime]
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == other else find_spec(name))
    of_seals = Reader(networks.Network(models() / RECOGNISER, 1, rapid._SEAL_TEXT))
    (strip,) = of_seals.recognise([draw([("浙江省茶叶学会", 10, 4, 38)], size=(320, 48))[:, :, 0]])
    assert strip.text == "浙江省茶叶学会"


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    networks.write_constants(tmp_path / "tuned.npz", models() / "PP-OCRv6_det_small.onnx", {})
    with pytest.raises(EngineError, match="of another model"):
        networks.Network(models() / RECOGNISER, 1, tmp_path / "tuned.npz")


def test_missing_weights_are_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"tuned\.npz is missing"):
        networks.Network(models() / RECOGNISER, 1, tmp_path / "tuned.npz")


def test_the_weights_for_seals_are_those_of_the_installed_recogniser() -> None:
    with np.load(rapid._SEAL_TEXT) as stored:
        assert str(stored["model"]) == hashlib.sha256((models() / RECOGNISER).read_bytes()).hexdigest()
    assert rapid._SEAL_TEXT.stat().st_size < 6_500_000
