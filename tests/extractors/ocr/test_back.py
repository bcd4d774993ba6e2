"""What shines through from the page's back is no line of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.document import Box, Line, Place
from extractors.ocr.back import of_this_side
from extractors.ocr.engine import Raster
from extractors.ocr.inks import separate
from extractors.ocr.rapid import RapidEngine
from tests.extractors.ocr.conftest import Draw

TEXT = ("请于规定时间前寄送纸质材料", "双方应当建立定期会商机制", "培训内容包括实用技术")


def printed(draw: Draw, size: tuple[int, int] = (800, 500)) -> Raster:
    return draw([(text, 60, 60 + 110 * row, 40) for row, text in enumerate(TEXT)], size)


def seen_through(page: Raster, strength: float) -> Raster:
    soft = cv2.GaussianBlur(page, (0, 0), 1.5)
    return (255 - strength * (255 - soft.astype(np.float32))).astype(np.uint8)


@pytest.mark.parametrize("strength", [0.3, 0.45])
def test_a_blank_side_states_nothing_that_shines_through(engine: RapidEngine, draw: Draw, strength: float) -> None:
    inks = separate(seen_through(np.ascontiguousarray(printed(draw)[:, ::-1]), strength))
    assert of_this_side(engine.read(inks.grey), inks, engine) == ()


@pytest.mark.parametrize("strength", [0.2, 0.45])
def test_pale_and_blurred_print_of_this_side_stays(engine: RapidEngine, draw: Draw, strength: float) -> None:
    inks = separate(seen_through(printed(draw), strength))
    lines = of_this_side(engine.read(inks.grey), inks, engine)
    assert tuple(line.text for line in lines) == TEXT


def test_a_page_number_that_reads_the_same_mirrored_stays(engine: RapidEngine, draw: Draw) -> None:
    inks = separate(seen_through(draw([("— 8 —", 340, 400, 30)], (800, 500)), 0.45))
    number = Line("— 8 —", Place(box=Box(0.4, 0.8, 0.6, 0.88)), 0.3)
    assert of_this_side([number], inks, engine) == (number,)
