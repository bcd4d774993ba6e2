"""The rules (框线) of a picture and the rooms that they enclose: from pixels to the cells of ruled tables.

1. Long thin strokes are rules, however pale; dashes in a row are one. A rule that ends short of the one it was drawn
   to is led there.
2. Rules that touch are one frame. What they enclose are its rooms: so a merged cell is one room, a rule that ends
   within a cell divides nothing, and a page's slant moves no cell.
3. Double rules count as one, rooms too small for text as none. Rooms within another room are a table within a cell.

All is measured in units of a 1400th of the picture's longer side, a fifth of a millimetre on A4, or at least a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box
from extractors.ocr.creases import turned_prints, without_creases, without_folds, without_print
from extractors.ocr.drawn import BETWEEN_DASHES, drawn_across, faint_rules, hairlines, held_between, stubs
from extractors.ocr.enclosed import DRAWN, Face, faces_of, frames_of, led_on, longer
from extractors.ocr.engine import Raster
from extractors.ocr.grounds import on_white
from extractors.ocr.strokes import (
    ALONG,
    RULE,
    SHORTEST,
    Stroke,
    darker,
    enlarged,
    in_thirds,
    joined_along,
    opened,
    steps,
    strokes_of,
    turned,
)

_UNITS = 1400  # of the longer side
_LONGEST = 2000  # pixels of it, more or less, while rules are looked for
_CELL = 25  # a dark cell is higher, for there is a line of print in it; a bar may be lower
_DASHED = 150  # a row of dashes is longer: strokes of ten characters do not stand at one height
_PALE = 225  # grey below which a pixel may be part of a hairline, which is pale after shrinking, or of a dash
_DARK = 190  # grey below which a pixel may be part of a rule
_FULL = 0.4  # share of a frame's area that is ink; more is a texture
_ENCLOSED = 0.5  # share of a frame's area that its rooms take up
_NARROWEST = 0.15  # of the page's width; a glyph of a big title (国) has rules too


@dataclass(frozen=True, slots=True)
class Room:
    """What rules enclose, to the middle of the rules. Units from the top left of the picture, the slant taken out.

    share: of its rectangle that it fills; the rest belongs to rooms within it.
    """

    left: float
    top: float
    right: float
    bottom: float
    share: float
    box: tuple[float, float, float, float]  # left, top, right, bottom as they stand, fractions of the picture

    def holds(self, other: Room) -> bool:
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return other is not self and self.left < x < self.right and self.top < y < self.bottom


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule: its ends, and its height at both; fractions of the picture."""

    left: float
    right: float
    first: float
    last: float

    def at(self, x: float) -> float:
        """Its height there, were it led on."""
        return self.first + (self.last - self.first) * (x - self.left) / (self.right - self.left)

    def within(self, box: Box) -> bool:
        """Whether its middle is."""
        return box.holds_middle_of(Box(self.left, self.first, self.right, self.last))


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is ruled on a picture: the rooms of each frame, those of a table within a cell by themselves, and the
    horizontal rules that are as long as a table is wide.
    """

    frames: tuple[tuple[Room, ...], ...] = ()
    rules: tuple[Rule, ...] = ()


def ruling_of(grey: Raster, prints: Sequence[Box] = ()) -> Ruling:
    """How an upright page, paper 255, is ruled.

    prints: where rows of print stand, without the paper around them; what runs within one is no rule.
    """
    small, step = _shrunk(grey)
    height, width = small.shape
    if not small.size:
        return Ruling()
    unit = max(1.0, max(small.shape) / _UNITS)  # pixels; small pictures are not of whole pages and have no smaller ones
    thirds = turned(in_thirds(turned(small)))
    dark = darker(np.ascontiguousarray(thirds[1::ALONG]), _DARK)
    cleared = on_white(small, dark, ALONG, (RULE * unit, _CELL * unit), _DARK)
    if cleared is not small:
        small, thirds = cleared, turned(in_thirds(turned(cleared)))
    faint = cv2.max(hairlines(darker(thirds, _PALE), unit), faint_rules(thirds, unit))
    across = drawn_across(darker(thirds, _DARK), unit)
    across = cv2.max(across, opened(faint, 1, steps(_DASHED, unit)))
    across, faint = without_folds(without_print(across, prints, unit), faint, thirds, unit)
    if not _may_enclose(cv2.max(across, faint), width, unit):
        return Ruling()  # most letters end here
    # What rules enclose lies between horizontal ones: of most letters that is little, large strokes of a title.
    rows, columns = _around(cv2.max(across, faint), round(2 * RULE * unit))
    third = slice(columns.start // ALONG, columns.stop // ALONG)
    small, across, faint = small[rows, columns], across[rows, third], faint[rows, third]
    narrowest = max(_NARROWEST * width, 2 * RULE * unit)
    tall, wide = height, width
    height, width = small.shape
    ink, thirds = darker(small, _DARK), in_thirds(small)
    upright = darker(thirds, _DARK)
    steep = turned(thirds)
    steep = cv2.max(hairlines(darker(steep, _PALE), unit), faint_rules(steep, unit))
    steep = without_print(steep, tuple(turned_prints(prints, rows, columns, (tall, wide))), unit)
    down = cv2.max(drawn_across(turned(upright), unit), opened(steep, 1, steps(_DASHED, unit)))
    down, steep = without_folds(cv2.max(down, turned(stubs(upright, across, unit))), steep, turned(thirds), unit)
    across, down = enlarged(across, width, height), enlarged(turned(down), width, height)
    down = cv2.max(down, turned(held_between(turned(enlarged(turned(steep), width, height)), turned(across), unit)))
    across = cv2.max(across, held_between(enlarged(faint, width, height), down, unit))
    place, whole = (columns.start, rows.start), (step, *grey.shape)
    sideways = turned(down)
    upright = without_creases(sideways, across, (rows.start, tall), unit)
    across = without_creases(across, sideways, (columns.start, wide), unit)
    down = down if upright is sideways else turned(upright)
    rules = tuple(_rule(each, *place, whole) for each in strokes_of(across, narrowest))
    across = led_on(across, turned(longer(turned(down), unit)), unit)
    down = turned(led_on(turned(down), turned(across), unit))
    if not down.any():
        return Ruling((), rules)
    frames: list[tuple[Room, ...]] = []
    for left, top, own in frames_of(cv2.max(across, down), unit):
        high, wide = own.shape
        window = np.s_[top : top + high, left : left + wide]
        if wide < narrowest or high < SHORTEST * unit:
            continue
        if cv2.countNonZero(ink[window]) <= _FULL * wide * high:
            faces = faces_of(cv2.bitwise_and(across[window], own), cv2.bitwise_and(down[window], own), unit)
            # the strokes of a large title cross like rules, but most of what they span is not enclosed
            if sum(face.area for face in faces) >= _ENCLOSED * wide * high:
                frames += _apart([_placed(face, left + place[0], top + place[1], unit, whole) for face in faces])
    return Ruling(tuple(frames), rules)


def _shrunk(grey: Raster) -> tuple[Raster, int]:
    """The picture at about `_LONGEST`, and how many of its pixels became one: whole blocks are averaged fastest.

    Its sides are multiples of `ALONG`, again for whole blocks; a pixel or two at the edge are cut off.
    """
    height, width = grey.shape
    step = max(1, round(max(height, width) / _LONGEST))
    tall, wide = (side // step // ALONG * ALONG for side in (height, width))
    whole = grey[: tall * step, : wide * step]
    if step == 1 or not whole.size:
        return whole, step
    return cast(Raster, cv2.resize(whole, (wide, tall), interpolation=cv2.INTER_AREA)), step


def _may_enclose(rules: Raster, width: int, unit: float) -> bool:
    """Two horizontal rules, one below the other, are long enough to be those of a narrow table, led on."""
    joined = joined_along(rules, steps(BETWEEN_DASHES, unit))
    long = opened(joined, 1, max(1, round(DRAWN * _NARROWEST * width / ALONG)))
    rows = np.flatnonzero(long.any(axis=1))
    return bool(rows.size and rows[-1] - rows[0] >= SHORTEST * unit)


def _around(rules: Raster, margin: int) -> tuple[slice, slice]:
    """The rows and columns that hold all of a mask whose rows are shrunk, and a margin; multiples of three pixels."""

    def held(any_: NDArray[np.bool_], step: int) -> slice:
        found = np.flatnonzero(any_)
        first, last = (int(found[0]) * step - margin, (int(found[-1]) + 1) * step + margin)
        return slice(max(0, first) // ALONG * ALONG, min(len(any_) * step, -(-last // ALONG) * ALONG))

    return (
        held(np.asarray(rules.any(axis=1)), 1),
        held(np.asarray(rules.any(axis=0)), ALONG),
    )


def _placed(face: Face, left: int, top: int, unit: float, whole: tuple[int, int, int]) -> Room:
    step, height, width = whole
    x0, y0, x1, y1 = face.rectangle
    straight = [value / unit for value in face.straight]

    def fraction(value: float, of: int) -> float:
        return min(1.0, max(0.0, value * step / of))

    return Room(
        left=straight[0] + left / unit,
        top=straight[1] + top / unit,
        right=straight[2] + left / unit,
        bottom=straight[3] + top / unit,
        share=face.share,
        box=(
            fraction(left + x0, width),
            fraction(top + y0, height),
            fraction(left + x1, width),
            fraction(top + y1, height),
        ),
    )


def _rule(stroke: Stroke, left: int, top: int, whole: tuple[int, int, int]) -> Rule:
    step, height, width = whole
    return Rule(
        left=(left + stroke.left) * step / width,
        right=(left + stroke.right + 1) * step / width,
        first=(top + stroke.first) * step / height,
        last=(top + stroke.last) * step / height,
    )


def _apart(rooms: Sequence[Room]) -> Iterator[tuple[Room, ...]]:
    """The rooms of a frame, then those within each of its rooms by themselves: a table within a cell."""
    holders = [room for room in rooms if room.share < 0.9]
    within: dict[int, list[Room]] = {}
    own: list[Room] = []
    for room in rooms:
        around = [other for other in holders if other.holds(room)]
        if around:
            within.setdefault(id(min(around, key=_size)), []).append(room)
        else:
            own.append(room)
    # one alone is no table: its neighbour is not the rectangle it should be, for a rule between others is broken
    own += [inner[0] for inner in within.values() if len(inner) == 1]
    yield tuple(own)
    yield from (tuple(inner) for inner in within.values() if len(inner) > 1)


def _size(room: Room) -> float:
    return (room.right - room.left) * (room.bottom - room.top)
