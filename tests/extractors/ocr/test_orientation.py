"""Which way is up, by the real recogniser on pieces of drawn lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.ocr.engine import Raster
from extractors.ocr.orientation import way_up
from extractors.ocr.page import cut_out
from extractors.ocr.rapid import RapidEngine
from tests.extractors.ocr.conftest import Draw

LETTER = [
    ("关于商请支持结对工作的函", 220, 60, 34),
    *(("根据产业发展的实际需要，我会拟组织专家开展培训活动", 80, 150 + 44 * row, 26) for row in range(6)),
]
SPARSE = [("附件：活动日程安排", 80, 80, 26), ("西南园艺学会", 480, 300, 26), ("二〇二一年五月六日", 460, 350, 26)]


def turned(page: Raster, degrees: int) -> Raster:
    """The page turned clockwise."""
    return np.ascontiguousarray(np.rot90(page, -degrees // 90))


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("lines", [LETTER, SPARSE], ids=["a letter", "three lines"])
def test_the_way_up_is_told_from_a_few_lines(
    engine: RapidEngine, draw: Draw, lines: list[tuple[str, int, int, int]], degrees: int
) -> None:
    page = draw(lines, size=(800, 1100))
    assert way_up(cut_out(turned(page, degrees), None), engine) == (360 - degrees) % 360


@pytest.mark.parametrize("degrees", [0, 90])
def test_a_ruled_table_of_short_cells_tells_too(engine: RapidEngine, draw: Draw, degrees: int) -> None:
    cells = [
        (text, 60 + 230 * column, 110 + 60 * row, 24)
        for row in range(8)
        for column, text in enumerate(("陈淑芬教授", "13907451234", "2021年6月3日"))
    ]
    page = draw(cells, size=(800, 1100))
    for row in range(9):
        cv2.line(page, (40, 95 + 60 * row), (740, 95 + 60 * row), (20, 20, 20), 2)
    for column in range(4):
        cv2.line(page, (40 + 233 * column, 95), (40 + 233 * column, 575), (20, 20, 20), 2)
    assert way_up(cut_out(turned(page, degrees), None), engine) == (360 - degrees) % 360


def test_a_page_without_lines_tells_nothing(engine: RapidEngine) -> None:
    assert way_up(cut_out(np.full((900, 700, 3), 250, np.uint8), None), engine) is None
    noise = np.random.default_rng(3).integers(0, 255, (300, 400)).astype(np.uint8)
    assert way_up(cut_out(noise, None), engine) is None
