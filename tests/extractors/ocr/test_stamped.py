"""Print and seals told apart."""

from __future__ import annotations

import pytest

from extractors.document import Box, Line, Place, Seal, SealColour, SealShape, Source, Word
from extractors.ocr.stamped import without_print, without_shades
from extractors.ocr.tables import Grid

EM, ASPECT = 0.02, 1.4  # of the page's width; its height to its width
CELL = Box(0.1, 0.1, 0.3, 0.3)
BESIDE = Box(0.3, 0.1, 0.9, 0.3)
GRID = Grid(((0, 0, 1, 1), (0, 1, 1, 1)), (CELL, BESIDE))


def line(text: str, left: float, top: float) -> Line:
    bottom = top + EM / ASPECT
    words = tuple(
        Word(character, Box(left + EM * at, top, left + EM * (at + 1), bottom), 0.99)
        for at, character in enumerate(text)
    )
    box = Box(left, top, left + EM * len(text), bottom)
    return Line(text, Place(box=box), 0.99, words, source=Source.OCR)


def frame(text: str, box: Box, confidence: float, colour: SealColour = SealColour.BLACK) -> Seal:
    return Seal(SealShape.RECTANGLE, colour, text, Place(box=box), confidence=confidence)


LABEL = (line("省级科协", 0.15, 0.15), line("（科普部）", 0.14, 0.18), line("意见", 0.17, 0.21))


@pytest.mark.parametrize(
    ("text", "box", "left"),
    [
        ("见意部普科协科级省", CELL, 0),  # the label's characters, read from the wrong side
        ("", CELL, 0),
        ("省级科协", Box(0.108, 0.107, 0.292, 0.294), 0),  # the ground within its soft edge
        ("王立强印", CELL, 1),  # says something else
        ("省级科协", Box(0.15, 0.14, 0.28, 0.24), 1),  # ends where no cell does
    ],
)
def test_the_frame_of_a_cell_that_says_what_is_printed_in_it_is_no_seal(text: str, box: Box, left: int) -> None:
    assert len(without_shades((frame(text, box, 0.54),), (GRID,), LABEL)) == left


def test_a_ring_is_no_frame() -> None:
    ring = Seal(SealShape.ROUND, SealColour.RED, "", Place(box=CELL))
    assert without_shades((ring,), (GRID,), LABEL) == (ring,)


@pytest.mark.parametrize(
    ("text", "confidence", "left"), [("登服组恐五", 0.25, 0), ("登服组恐五", 0.8, 1), ("王立强印", 0.25, 1)]
)
def test_a_part_of_two_bold_lines_that_was_hardly_read_is_print(text: str, confidence: float, left: int) -> None:
    lines = (line("志愿服务队", 0.1, 0.2), line("伍组建", 0.12, 0.2 + 1.2 * EM / ASPECT))
    part = frame(text, Box(0.13, 0.2, 0.165, 0.2 + 2.2 * EM / ASPECT), confidence)
    assert len(without_print((part,), lines, ASPECT)) == left
