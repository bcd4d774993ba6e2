"""The order in which a page's lines are read: columns of prose one after the other, all else row by row.

Lines come row by row. That is right for letters and forms (label, value, label, value), and wrong where prose runs down
a column before it goes on at the top of the next. Columns are told by what only prose has: many lines in a stack that
fill their column's width, beside another such stack, with a gutter between them that no line of the stretch crosses. A
title, a header or a footer that crosses it ends the stretch. Punctuation that hangs into the gutter (标点悬挂) makes
the detector take two lines for one: they are parted where something begins behind it exactly where the right column
begins. A line alone above or below both columns is no part of either, though it crosses no gutter: a title over the
middle one of three, a page number in the corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from extractors.document import Box, Line

_PLACES = 400  # places across the page at which a gutter is looked for
_NARROWEST = 0.008  # of the page's width: the least gutter
_LEAST_LINES = 5  # of a column
_FILLED = 0.7  # share of its column's width that the usual line of a column fills
_DEEPEST = 6  # splits within splits
_LEAST_CHARACTERS = 8  # of the usual line of a column
_HANGING = "。，、；：！？）》」』”’.,;:!?)"  # may stand in the gutter, behind the last character of a line
_MOST_PARTED = 0.3  # share of a stretch's lines that may be two
_OFF = 0.5  # em from the right column's edge at which its lines begin
_INDENT = 2.6  # em by which a paragraph's first line is set in


@dataclass(frozen=True, slots=True)
class _Boxed:
    """A line with its box. em: its characters' pitch, as a fraction of the page's width.

    joints: where it may be two lines: behind which of its words, and where the next one begins.
    """

    line: Line
    box: Box
    em: float = 0.0
    joints: tuple[tuple[int, float], ...] = ()


_Sides = tuple[list[_Boxed], list[_Boxed], list[_Boxed], list[_Boxed]]
"""What is above two columns, the left one, the right one, what is below."""


def in_reading_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, which come row by row, with those of columns column by column. Lines without a box stay last."""
    boxed = [_boxed(line, line.place.box) for line in lines if line.place.box is not None]
    rest = [line for line in lines if line.place.box is None]
    return (*(each.line for each in _ordered(boxed, 0)), *rest)


def _boxed(line: Line, box: Box) -> _Boxed:
    """As wide as its words: the detector's boxes reach into the gutter, past it where punctuation hangs there."""
    if line.words:
        left, right = max(box.left, line.words[0].box.left), min(box.right, line.words[-1].box.right)
        box = replace(box, left=left, right=right) if left < right else box
    centres = [(word.box.left + word.box.right) / 2 for word in line.words]
    pitches = [b - a for a, b in pairwise(centres)]
    if len(pitches) < _LEAST_CHARACTERS:
        return _Boxed(line, box)
    joints = tuple(
        (number, after.box.left)
        for number, (before, after) in enumerate(pairwise(line.words), 1)
        if before.text.endswith(tuple(_HANGING))
    )
    return _Boxed(line, box, median(pitches), joints)


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


def _columns(lines: list[_Boxed], depth: int) -> _Sides | None:
    """None where there are no columns.

    The gutter is the one with the longest stretch of lines that do not cross it.
    """
    lefts = np.array([each.box.left for each in lines])
    rights = np.array([each.box.right for each in lines])
    places = (np.arange(_PLACES) + 0.5) / _PLACES
    crossed = (lefts[:, None] < places + _NARROWEST / 2) & (rights[:, None] > places - _NARROWEST / 2)
    joined = crossed & [_may_be_two(each, places) for each in lines]
    best: tuple[int, int, _Sides] | None = None  # first, last, what stands there
    inner = range(round(0.1 * _PLACES), round(0.9 * _PLACES))
    differs = np.logical_or(*((mask[:, 1:] != mask[:, :-1]).any(axis=0) for mask in (crossed, joined)))
    for place in inner:
        if place > inner.start and not differs[place - 1]:
            continue  # the same gutter
        gutter = float(places[place])
        stretches = _stretches(crossed[:, place])
        if joined[:, place].any():
            stretches += _stretches(crossed[:, place] & ~joined[:, place])
        for first, last in stretches:
            if best is None or last - first > best[1] - best[0]:
                stretch = _parted(lines[first:last], crossed[first:last, place], gutter)
                sides = None if stretch is None else _sides(stretch, gutter)
                if sides is not None and _are_columns(sides, depth):
                    best = (first, last, sides)
    if best is None:
        return None
    first, last, (above, left, right, below) = best
    return lines[:first] + above, left, right, below + lines[last:]


def _sides(lines: list[_Boxed], gutter: float) -> _Sides | None:
    """What is on either side of a gutter; None where one side has nothing."""
    left = [each for each in lines if each.box.left < gutter]
    right = [each for each in lines if each.box.left >= gutter]
    if not left or not right:
        return None
    above, left, below = _alone(left, right)
    higher, right, lower = _alone(right, left)
    return above + higher, left, right, below + lower


def _alone(column: list[_Boxed], other: list[_Boxed]) -> tuple[list[_Boxed], list[_Boxed], list[_Boxed]]:
    """What stands above the other column, more than a line from its own; its own; what stands so below the other."""
    top, bottom = min(each.box.top for each in other), max(each.box.bottom for each in other)
    gaps = [(b.box.top - a.box.bottom, min(a.box.height, b.box.height)) for a, b in pairwise(column)]
    free = [gap > line for gap, line in gaps]
    first, last = 0, len(column)
    while first < len(free) and free[first] and column[first].box.bottom <= top:
        first += 1
    while last - 2 >= first and free[last - 2] and column[last - 1].box.top >= bottom:
        last -= 1
    return column[:first], column[first:last], column[last:]


def _may_be_two(line: _Boxed, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """At which places a gutter may stand that this line was read across: before one of its joints."""
    found = np.zeros(len(places), bool)
    for _, begins in line.joints:
        found |= (places < begins) & (places > begins - 1.5 * line.em)
    return found


def _parted(lines: list[_Boxed], crossing: NDArray[np.bool_], gutter: float) -> list[_Boxed] | None:
    """The lines with those that cross the gutter made two; None where one of them is none of two columns."""
    if not crossing.any():
        return lines
    plain = [line for line, crosses in zip(lines, crossing, strict=True) if not crosses]
    left = [line.box.left for line in plain if line.box.left < gutter]
    right = [line.box.left for line in plain if line.box.left >= gutter]
    if not left or not right or crossing.sum() > _MOST_PARTED * len(lines):
        return None
    edges, found = (median(left), median(right)), list[_Boxed]()
    for line, crosses in zip(lines, crossing, strict=True):
        pieces = _pieces(line, *edges) if crosses else (line,)
        if pieces is None:
            return None
        found += pieces
    return found


def _pieces(line: _Boxed, left: float, right: float) -> tuple[_Boxed, _Boxed] | None:
    """Two lines for one, which begin at these edges."""
    if not -_OFF * line.em < line.box.left - left < _INDENT * line.em:
        return None
    number, begins = min(line.joints, key=lambda joint: abs(joint[1] - right))
    words, text = line.line.words, line.line.text
    position = line.line.spans()[number - 1][1]
    if abs(begins - right) > _OFF * line.em:
        return None
    boxes = replace(line.box, right=words[number - 1].box.right), replace(line.box, left=begins)
    texts = text[:position].rstrip(), text[position:].lstrip()
    first, second = (
        _Boxed(replace(line.line, text=text, words=own, place=replace(line.line.place, box=box)), box)
        for text, own, box in zip(texts, (words[:number], words[number:]), boxes, strict=True)
    )
    return first, second


def _stretches(crossed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where (exclusive) no line crosses, of at least as many lines as two columns may be."""
    across = (-1, *np.flatnonzero(crossed).tolist(), len(crossed))
    return [(a + 1, b) for a, b in pairwise(across) if (b - a - 1) * (1 + _MOST_PARTED) >= 2 * _LEAST_LINES]


def _are_columns(sides: _Sides, depth: int) -> bool:
    _, left, right, _ = sides
    if min(len(left), len(right)) < _LEAST_LINES or not _is_prose(left):
        return False
    if not _is_prose(right) and (depth >= _DEEPEST or _columns(right, depth + 1) is None):  # a third column
        return False
    top = max(min(each.box.top for each in side) for side in (left, right))
    bottom = min(max(each.box.bottom for each in side) for side in (left, right))
    # They stand beside each other, and not one below the other.
    both = left + right
    return bottom - top > 0.4 * (max(each.box.bottom for each in both) - min(each.box.top for each in both))


def _is_prose(lines: Sequence[_Boxed]) -> bool:
    """Most lines fill the column, as those of a table's cells or of labels do not."""
    width = max(each.box.right for each in lines) - min(each.box.left for each in lines)
    filled = sorted(each.box.width for each in lines)[len(lines) // 2] >= _FILLED * width
    letters = sorted(sum(map(str.isalpha, each.line.text)) for each in lines)  # columns of figures are a table's
    long = letters[len(lines) // 2] >= _LEAST_CHARACTERS
    return filled and long
