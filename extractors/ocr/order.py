"""The order in which a page's lines are read: columns of prose one after the other, all else row by row.

Lines come row by row. That is right for letters and forms (label, value, label, value), and wrong where prose runs down
a column before it goes on at the top of the next. Columns are told by what only prose has: many lines in a stack that
fill their column's width, beside another such stack, with a gutter between them that no line of the stretch crosses. A
title, a header or a footer that crosses it ends the stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.document import Box, Line

_PLACES = 400  # places across the page at which a gutter is looked for
_NARROWEST = 0.008  # of the page's width: the least gutter
_LEAST_LINES = 5  # of a column
_FILLED = 0.7  # share of its column's width that the usual line of a column fills
_DEEPEST = 6  # splits within splits
_LEAST_CHARACTERS = 8  # of the usual line of a column


@dataclass(frozen=True, slots=True)
class _Boxed:
    """A line with its box. index: where it came."""

    index: int
    line: Line
    box: Box


def in_reading_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, which come row by row, with those of columns column by column. Lines without a box stay last."""
    boxed = [_Boxed(index, line, line.place.box) for index, line in enumerate(lines) if line.place.box is not None]
    rest = [line for line in lines if line.place.box is None]
    return (*(each.line for each in _ordered(boxed, 0)), *rest)


def _ordered(lines: list[_Boxed], depth: int) -> list[_Boxed]:
    """Splits at the best gutter, and orders each side and what stands above and below it by itself."""
    found = _columns(lines, depth) if depth < _DEEPEST and len(lines) >= 2 * _LEAST_LINES else None
    if found is None:
        return lines
    above, left, right, below = found
    return [
        *_ordered(above, depth + 1),
        *_ordered(left, depth + 1),
        *_ordered(right, depth + 1),
        *_ordered(below, depth + 1),
    ]


def _columns(lines: list[_Boxed], depth: int) -> tuple[list[_Boxed], list[_Boxed], list[_Boxed], list[_Boxed]] | None:
    """What is above two columns, the left one, the right one, what is below; None where there are no columns.

    The gutter is the one with the longest stretch of lines that do not cross it.
    """
    lefts = np.array([each.box.left for each in lines])
    rights = np.array([each.box.right for each in lines])
    places = (np.arange(_PLACES) + 0.5) / _PLACES
    crossed = (lefts[:, None] < places + _NARROWEST / 2) & (rights[:, None] > places - _NARROWEST / 2)
    best: tuple[int, int, int, float] | None = None  # lines, first, last, gutter
    inner = range(round(0.1 * _PLACES), round(0.9 * _PLACES))
    for place in inner:
        if place > inner.start and (crossed[:, place] == crossed[:, place - 1]).all():
            continue  # the same gutter
        for first, last in _stretches(crossed[:, place]):
            if (best is None or last - first > best[0]) and _are_columns(lines[first:last], places[place], depth):
                best = (last - first, first, last, float(places[place]))
    if best is None:
        return None
    _, first, last, gutter = best
    stretch = lines[first:last]
    left = [each for each in stretch if each.box.right <= gutter]
    right = [each for each in stretch if each.box.right > gutter]
    return lines[:first], left, right, lines[last:]


def _stretches(crossed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where (exclusive) no line crosses."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], crossed, [True])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _are_columns(lines: list[_Boxed], gutter: float, depth: int) -> bool:
    left = [each for each in lines if each.box.right <= gutter]
    right = [each for each in lines if each.box.right > gutter]
    if min(len(left), len(right)) < _LEAST_LINES or not _is_prose(left):
        return False
    if not _is_prose(right) and (depth >= _DEEPEST or _columns(right, depth + 1) is None):  # a third column
        return False
    top = max(min(each.box.top for each in side) for side in (left, right))
    bottom = min(max(each.box.bottom for each in side) for side in (left, right))
    # They stand beside each other, and not one below the other.
    return bottom - top > 0.4 * (max(each.box.bottom for each in lines) - min(each.box.top for each in lines))


def _is_prose(lines: Sequence[_Boxed]) -> bool:
    """Most lines fill the column, as those of a table's cells or of labels do not."""
    width = max(each.box.right for each in lines) - min(each.box.left for each in lines)
    filled = sorted(each.box.width for each in lines)[len(lines) // 2] >= _FILLED * width
    long = sorted(len(each.line.text) for each in lines)[len(lines) // 2] >= _LEAST_CHARACTERS
    return filled and long
