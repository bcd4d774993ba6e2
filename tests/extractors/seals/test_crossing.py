from __future__ import annotations

import numpy as np
import pytest

from extractors.document import SealColour, SealShape
from extractors.limits import Limits
from extractors.ocr.inks import Inks, separate
from extractors.seals import crossing, unroll
from extractors.seals.find import find
from extractors.seals.outline import Outline
from extractors.seals.signals import cut_out
from tests.extractors.seals.drawing import DPI, Ink, Paper, frame, ring

NAME = "中国植物保护学会"
AT, MM = (700, 1500), 42


def page(other: Ink | None, at: tuple[int, int] = AT, mm: float = MM) -> Inks:
    paper = Paper().stamp(ring(NAME), at=AT, mm=MM)
    if other is not None:
        paper = paper.stamp(other, at=at, mm=mm)
    return separate(paper.raster())


def nearest(outlines: tuple[Outline, ...], at: tuple[int, int]) -> Outline:
    return min(outlines, key=lambda one: float(np.hypot(*np.subtract(one.centre, at))))


def squared(at: tuple[int, int], mm: float) -> Outline:
    half = mm / 25.4 * DPI / 2
    (left, top), (right, bottom) = np.subtract(at, half).tolist(), np.add(at, half).tolist()
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Outline(SealShape.SQUARE, SealColour.RED, at, half, half, 0.0, 1.0, corners)


@pytest.mark.parametrize("shape", ["ring", "frame"])
def test_the_line_of_another_seal_goes_and_the_strokes_beneath_it_stay(shape: str) -> None:
    at = (900, 1540)
    inks = page(ring("") if shape == "ring" else frame((" ",)), at)
    outlines = find(inks, Limits()).outlines
    seal = nearest(outlines, AT)
    other = nearest(outlines, at) if shape == "ring" else squared(at, MM)
    assert crossing.crossing(seal, (seal, other)) == [other]
    alone = cut_out(page(None), seal).signals[0]
    before = cut_out(inks, seal).signals[0]
    after = cut_out(inks, seal, [crossing.lines_of(inks.density, other)]).signals[0]
    foreign = (before > 0.5) & (alone < 0.1)
    own = alone > 0.6
    assert foreign.sum() > 1000
    assert (before[foreign] > unroll.FAINT).mean() > 0.99
    assert (after[foreign] > unroll.FAINT).mean() < 0.1
    assert (after[own] > unroll.FAINT).mean() > 0.97


def test_a_seal_apart_crosses_nothing() -> None:
    inks = page(ring(NAME), (1250, 1500))
    outlines = find(inks, Limits()).outlines
    assert len(outlines) == 2
    assert crossing.crossing(outlines[0], outlines) == []


def test_what_has_no_line_takes_nothing_away() -> None:
    paper = separate(Paper().print("本单位于二〇二一年成立", 600, 1480).raster())
    inks = page(ring(NAME))
    outline = nearest(find(inks, Limits()).outlines, AT)
    assert not crossing.lines_of(paper.density, outline).densities.any()
