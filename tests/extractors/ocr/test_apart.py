"""Cells read by themselves where the detector's box lay across a rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from extractors.document import Box, Line, Place, Word
from extractors.ocr.apart import read_apart
from extractors.ocr.engine import Raster
from extractors.ocr.tables import Grid

SIDE = 1000
LEFT, RIGHT = Box(0.1, 0.1, 0.2, 0.3), Box(0.2, 0.1, 0.9, 0.3)
GRID = Grid(((0, 0, 1, 1), (0, 1, 1, 1)), (LEFT, RIGHT))


def line(text: str, left: float, top: float, right: float, *, at: float = 0.0) -> Line:
    """A line 0.04 high; where `at` is given, its only word stands there, else it fills the line."""
    box = Box(left, top, right, top + 0.04)
    word = Box(at, top, at + 0.02, top + 0.04) if at else box
    return Line(text, Place(box=box), 0.9, (Word(text, word, 0.9),))


def reader(seen: list[Raster], text: str = "实施内容") -> Callable[[Raster], tuple[Line, ...]]:
    def read(grey: Raster) -> tuple[Line, ...]:
        seen.append(grey)
        return (line(text, 0.2, 0.5, 0.8),) if text else ()

    return read


UPPER = line("组建服务队", 0.21, 0.12, 0.6)
ACROSS = line("30", 0.14, 0.2, 0.24, at=0.21)
LOWER = line("3000份", 0.205, 0.2, 0.5)


def test_the_cell_that_was_not_read_is_read_alone_and_what_another_line_says_goes() -> None:
    page = np.full((SIDE, SIDE), 255, np.uint8)
    page[:, 198:203] = 0  # the rule
    page[220, 150], page[220, 250] = 7, 9
    seen: list[Raster] = []
    first, label, lower = read_apart((UPPER, ACROSS, LOWER), (GRID,), page, reader(seen))
    assert (first, label.text, lower) == (UPPER, "实施内容", LOWER)
    assert 7 in seen[0]
    assert not np.isin((0, 9), seen[0]).any(), "neither the rule nor the next cell"
    box = label.place.box
    assert box is not None
    assert LEFT.left < box.left < box.right < LEFT.right


@pytest.mark.parametrize(
    "lines",  # padding alone beyond the rule; read on both sides
    [
        (line("联系人", 0.11, 0.2, 0.215), LOWER),
        (Line("姓名张三", ACROSS.place, 0.9, (Word("姓名", LEFT, 0.9), Word("张三", RIGHT, 0.9))),),
    ],
)
def test_other_lines_stay(lines: tuple[Line, ...]) -> None:
    seen: list[Raster] = []
    assert read_apart(lines, (GRID,), np.full((SIDE, SIDE), 255, np.uint8), reader(seen)) == lines
    assert not seen


def test_where_the_cell_alone_reads_as_nothing_all_stays() -> None:
    page = np.full((SIDE, SIDE), 255, np.uint8)
    assert read_apart((UPPER, ACROSS, LOWER), (GRID,), page, reader([], "")) == (UPPER, ACROSS, LOWER)
    assert read_apart((UPPER, ACROSS), (), page, reader([])) == (UPPER, ACROSS)


def test_a_line_whose_cell_was_read_anew_for_another_one_is_not_asked_again() -> None:
    page = np.full((SIDE, SIDE), 255, np.uint8)
    above = line("实施", 0.11, 0.12, 0.285, at=0.12)  # lies across the rule, too, and stands in the left cell
    assert [each.text for each in read_apart((ACROSS, above, LOWER), (GRID,), page, reader([]))] == [
        "实施内容",
        "3000份",
    ]
