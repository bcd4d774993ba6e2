"""What looks like rules and is none: strokes of print, folds, creases of the sheet, streaks of a fax or a scanner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.document import Box
from extractors.ocr.drawn import drawn_across
from extractors.ocr.engine import Raster
from extractors.ocr.strokes import ALONG, DOUBLE, MOST_STROKES, PRINT, RULE, SHORTEST, Stroke, darker, steps, strokes_of

_THROUGH = 0.95  # of the paper's width or height: what runs so far is no rule where the others end before
_SOME = 0.2  # of the paper's width: rules that are asked where the others end
_FEW = 4  # folds of a sheet, streaks of a fax


def without_print(across: Raster, prints: Sequence[Box], unit: float) -> Raster:
    """The rules, without the strokes of print that run together, as those of bold characters do in a small picture.

    across: its rows are shrunk.
    """
    if not prints or not across.any():
        return across
    high, wide = across.shape
    edges = np.array([(box.left, box.top, box.right, box.bottom) for box in prints]) * (wide, high, wide, high)
    lefts, tops, rights, bottoms = (edges + np.array((-1, 0, 1, 0)) * steps(SHORTEST, unit)).T
    whole = across.copy()
    contours, _ = cv2.findContours(across, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for index, contour in enumerate(contours[:MOST_STROKES]):
        left, top, width, height = cv2.boundingRect(contour)
        within = (lefts <= left) & (left + width <= rights) & (tops <= top) & (top + height <= bottoms)
        if within.any():
            cv2.drawContours(whole, contours, index, 0, cv2.FILLED)
    return whole


def turned_prints(prints: Sequence[Box], rows: slice, columns: slice, whole: tuple[int, int]) -> Iterator[Box]:
    """Where rows of print stand within a window of the picture, turned; fractions of the window."""
    (tall, wide), high, broad = whole, rows.stop - rows.start, columns.stop - columns.start
    for box in prints:
        yield Box(
            (box.top * tall - rows.start) / high,
            (box.left * wide - columns.start) / broad,
            (box.bottom * tall - rows.start) / high,
            (box.right * wide - columns.start) / broad,
        )


def without_folds(across: Raster, faint: Raster, grey: Raster, unit: float) -> tuple[Raster, Raster]:
    """The rules and the hairlines, without what lies along a line that runs off the picture, where the other rules end
    before its edge: a fold, or a fax's streak. A rule as dark as print that lies on it stays.

    Of both the rows are shrunk, as are those of the grey picture.
    """
    wide = across.shape[1]
    edge = (1 - _THROUGH) / 2 * wide
    strokes = strokes_of(cv2.max(across, faint), RULE * unit / ALONG)
    long = _SOME * wide
    off = [each for each in strokes if each.left < edge or each.right > wide - edge]
    others = [each for each in strokes if each.length > long and each not in off]
    near = round(DOUBLE * unit)
    folds: list[Stroke] = []
    for each in sorted(off, key=lambda each: -each.length):
        if all(abs(each.first - fold.at(each.left)) > near for fold in folds):
            # a short piece does not tell how much the fold slants
            folds.append(each if each.length > long else replace(each, last=each.first))
    if not 0 < len(folds) <= min(_FEW, len(others) - 1):
        return across, faint
    first, last = min(each.left for each in others), max(each.right for each in others)
    beyond = [*range(0, first, ALONG), *range(last + 1, wide, ALONG)]
    rule = max(_greyest(grey, each, range(each.left, each.right, ALONG), near) for each in others)
    own = min(_greyest(grey, fold, beyond, near) for fold in folds)
    than = min(PRINT, round((own + rule) / 2)) if rule < own else PRINT
    drawn = strokes_of(drawn_across(darker(grey, than), unit), RULE * unit / ALONG)
    across, faint = across.copy(), faint.copy()
    for fold in folds:
        for mask in (across, faint):
            ends = (0, round(fold.at(0))), (wide - 1, round(fold.at(wide - 1)))
            cv2.line(mask, *ends, 0, 2 * near + 1)
    for fold in folds:
        on_it = [each for each in drawn if abs(each.first - fold.at(each.left)) <= 2 * near]
        if all(edge <= each.left and each.right <= wide - edge for each in on_it):
            _draw(across, on_it)
    return across, faint


def _greyest(grey: Raster, stroke: Stroke, columns: Sequence[int], near: int) -> float:
    """The usual grey of a stroke in its middle, at these columns."""
    rows = [round(stroke.at(column)) for column in columns]
    darkest = [
        int(grey[max(0, row - near) : row + near + 1, column].min())
        for row, column in zip(rows, columns, strict=True)
        if near < row < len(grey)
    ]
    return float(np.median(darkest)) if darkest else 255.0


def _draw(across: Raster, strokes: Sequence[Stroke]) -> None:
    for each in strokes:
        cv2.line(across, (each.left, round(each.first)), (each.right, round(each.last)), 255, 1)


def without_creases(across: Raster, upright: Raster, paper: tuple[int, int], unit: float) -> Raster:
    """The rules, without the folds of a letter: few, each from one edge of the paper to the other, where no rule ends.

    upright: the other rules, turned. paper: the window's first column of the paper, and the paper's width.
    """
    edge, near = (1 - _THROUGH) / 2 * paper[1], round(DOUBLE * unit)
    outer = max(0, int(edge - paper[0])), max(0, int(paper[1] - edge - paper[0]))
    if not across[:, : outer[0]].any() or not across[:, outer[1] :].any():
        return across
    strokes = strokes_of(across, RULE * unit)
    lefts = [each for each in strokes if each.left + paper[0] < edge]
    rights = [each for each in strokes if each.right + paper[0] > paper[1] - edge]
    found: list[Stroke] = []
    for first, last in ((first, last) for first in lefts for last in rights):
        crease = Stroke(first.left, last.right, first.first, last.last)
        bent = max(abs(first.last - crease.at(first.right)), abs(last.first - crease.at(last.left)))
        if bent <= near and all(abs(each.first - crease.first) > near for each in found):
            found.append(crease)
    if not 0 < len(found) <= _FEW:
        return across
    others = strokes_of(upright, RULE * unit)
    if any(_met_by(crease, others, near) for crease in found):
        return across
    across = across.copy()
    beside = [each for each in strokes if each not in lefts and each not in rights]
    for crease in found:
        ends = (crease.left, round(crease.first)), (crease.right, round(crease.last))
        cv2.line(across, *ends, 0, 2 * near + 1)
        _draw(across, [each for each in beside if near < 2 * abs(each.first - crease.at(each.left)) <= 4 * near])
    return across


def _met_by(crease: Stroke, upright: Sequence[Stroke], near: int) -> bool:
    """Whether one of the other rules, turned, ends at it and does not go on beyond it."""

    def goes_on(before: Stroke, behind: Stroke) -> bool:
        return abs(behind.first - before.last) <= near and abs(behind.left - before.right) <= 4 * near

    return any(
        (
            abs(each.right - crease.at(round(each.last))) <= 2 * near
            and not any(goes_on(each, other) for other in upright)
        )
        or (
            abs(each.left - crease.at(round(each.first))) <= 2 * near
            and not any(goes_on(other, each) for other in upright)
        )
        for each in upright
    )
