"""Light text on a dark ground."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.ocr.night import by_day
from extractors.ocr.page import cut_out
from extractors.ocr.rapid import RapidEngine

Draw = Callable[..., Raster]
TEXT = [("华东护理学会", 80, 60, 36), ("请于10月18日前回复", 80, 200, 36), ("收到，谢谢", 80, 420, 36)]


@pytest.fixture
def screen(draw: Draw) -> Raster:
    """A chat at night: text of 220 on 20, one message on green."""
    share = 1 - draw(TEXT, size=(800, 1100), colour=(0, 0, 0)).astype(np.float32) / 255
    ground = np.full(share.shape, 20, np.float32)
    ground[160:300, 50:750] = (20, 110, 60)
    return (ground * (1 - share) + 220 * share).astype(np.uint8)


def test_light_text_on_dark_is_turned_into_dark_on_light(screen: Raster) -> None:
    day = by_day(screen)
    assert day is not None
    assert day[0, 0].tolist() == [235, 235, 235]
    assert day[165, 60].tolist() == [145, 235, 185]  # still green
    assert by_day(screen[:, :, 1]) is not None
    assert by_day(day) is None


def test_all_that_a_program_painted_is_read_at_night(engine: RapidEngine, screen: Raster) -> None:
    """A message on a brighter ground is no sheet on a desk."""
    sheet = cut_out(screen, None)
    lines = engine.read(separate(sheet.raster).grey)
    assert [line.text for line in lines] == [text for text, *_ in TEXT]


def test_a_sheet_on_black_and_a_dark_photo_stay(screen: Raster, draw: Draw) -> None:
    scan = np.zeros((1100, 800, 3), np.uint8)
    scan[200:700, 100:700] = draw(TEXT, size=(600, 500))
    assert by_day(scan) is None
    noise = np.random.default_rng(1).normal(0, 12, screen.shape)
    assert by_day((screen + noise).clip(0, 255).astype(np.uint8)) is None
    dim = cv2.convertScaleAbs(draw(TEXT, size=(800, 1100)), alpha=0.3)
    assert by_day(np.asarray(dim, np.uint8)) is None
