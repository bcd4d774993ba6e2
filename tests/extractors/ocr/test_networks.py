"""A recogniser that spares blank columns reads what the whole one reads."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from extractors.ocr import networks
from extractors.ocr.rapid import RapidEngine, models

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


def test_a_strip_without_any_character_reads_as_nothing(engine: RapidEngine) -> None:
    (strip,) = engine.recognise([np.full((48, 400), 255, np.uint8)])
    assert (strip.text, strip.confidence, strip.characters) == ("", 0.0, ())
