"""The rules (框线) of a picture and the rooms that they enclose: from pixels to the cells of ruled tables.

1. Long thin strokes are rules, however pale; dashes in a row are one. A rule that ends short of the one it was drawn
   to is led there.
2. Rules that touch are one frame. What they enclose are its rooms: so a merged cell is one room, a rule that ends
   within a cell divides nothing, and a page's slant moves no cell.
3. Double rules count as one, rooms too small for text as none. Rooms within another room are a table within a cell.

All is measured in units of a 1400th of the picture's longer side, a fifth of a millimetre on A4, or at least a pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box
from extractors.ocr.engine import Raster
from extractors.ocr.grounds import on_white
from extractors.ocr.pieces import pieces

_UNITS = 1400  # of the longer side
_LONGEST = 2000  # pixels of it, more or less, while rules are looked for
_ALONG = 3  # pixels along the rules that are looked for become one (_thirds), for speed; double rules stay apart
_RULE = 30  # a rule is longer; the strokes of text of 18 points are shorter
_SHORTEST = 10  # a lower or narrower room holds no text
_SMALLEST = 18  # and one that is smaller both ways is part of a character
_CELL = 25  # a dark cell is higher, for there is a line of print in it; a bar may be lower
_DASHED = 150  # a row of dashes is longer: strokes of ten characters do not stand at one height
_BETWEEN_DASHES = 8
_LONGEST_DASH = 12  # two brackets, one below the other, are longer strokes with a gap between
_WORN = 3  # gaps of a hairline
_PALE = 225  # and below which it may be part of a hairline, which is pale after shrinking, or of a dash
_PRINT = 128  # and below which it is print
_BESIDE = 5  # what is so near to print is its edge, and beside a pale rule mostly paper
_EVENED = 20  # units along a pale rule; what is shorter, a character's stroke, comes to be so long
_SEEN = 6  # of 255: how much darker a pale rule is than three times what is around, on the average
_DOUBLE = 6  # the white within a double rule
_CROWD = 40  # of 255: more ink right above or below, and it is no row of dashes
_THICK = 8  # a thicker stroke is a bar or a picture, not a rule
_DARK = 190  # grey below which a pixel may be part of a rule
MISSED = 9  # how far from its neighbour a rule may end
_BEHIND = 12  # and how far it may run beyond it
_DRAWN = 0.6  # share of a rule that is drawn where it is led on further than that
_FULL = 0.4  # share of a frame's area that is ink; more is a texture
_ENCLOSED = 0.5  # share of a frame's area that its rooms take up
_NARROWEST = 0.15  # of the page's width; a glyph of a big title (国) has rules too
_OPEN = 0.3  # share of a side that is drawn; less is nobody's
_ALIGNED = 8  # within which the ends of rules are the open side of a table
_THROUGH = 0.95  # of the paper's width or height: what runs so far is no rule where the others end before
_SOME = 0.2  # of the paper's width: rules that are asked where the others end
_FEW = 4  # folds of a sheet, streaks of a fax
_MOST_FRAMES = 200
_MOST_STROKES = 4000
MOST_ROOMS = 20_000  # of one frame; more are a texture


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
    thirds = _turned(_thirds(_turned(small)))
    dark = _darker(np.ascontiguousarray(thirds[1::_ALONG]), _DARK)
    cleared = on_white(small, dark, _ALONG, (_RULE * unit, _CELL * unit), _DARK)
    if cleared is not small:
        small, thirds = cleared, _turned(_thirds(_turned(cleared)))
    faint = cv2.max(_alone(_darker(thirds, _PALE), unit), _faint(thirds, unit))
    across = _across(_darker(thirds, _DARK), unit)
    across = cv2.max(across, _opened(faint, 1, _along(_DASHED, unit)))
    across, faint = _without_folds(_without_print(across, prints, unit), faint, thirds, unit)
    if not _may_enclose(cv2.max(across, faint), width, unit):
        return Ruling()  # most letters end here
    # What rules enclose lies between horizontal ones: of most letters that is little, large strokes of a title.
    rows, columns = _around(cv2.max(across, faint), round(2 * _RULE * unit))
    third = slice(columns.start // _ALONG, columns.stop // _ALONG)
    small, across, faint = small[rows, columns], across[rows, third], faint[rows, third]
    narrowest = max(_NARROWEST * width, 2 * _RULE * unit)
    tall, wide = height, width
    height, width = small.shape
    ink, thirds = _darker(small, _DARK), _thirds(small)
    upright = _darker(thirds, _DARK)
    steep = _turned(thirds)
    steep = cv2.max(_alone(_darker(steep, _PALE), unit), _faint(steep, unit))
    steep = _without_print(steep, tuple(_upright(prints, rows, columns, (tall, wide))), unit)
    down = cv2.max(_across(_turned(upright), unit), _opened(steep, 1, _along(_DASHED, unit)))
    down, steep = _without_folds(cv2.max(down, _turned(_stubs(upright, across, unit))), steep, _turned(thirds), unit)
    across, down = _whole(across, width, height), _whole(_turned(down), width, height)
    down = cv2.max(down, _turned(_held(_turned(_whole(_turned(steep), width, height)), _turned(across), unit)))
    across = cv2.max(across, _held(_whole(faint, width, height), down, unit))
    place, whole = (columns.start, rows.start), (step, *grey.shape)
    sideways = _turned(down)
    upright = _without_creases(sideways, across, (rows.start, tall), unit)
    across = _without_creases(across, sideways, (columns.start, wide), unit)
    down = down if upright is sideways else _turned(upright)
    rules = tuple(_rule(each, *place, whole) for each in _strokes(across, narrowest))
    across = _led_on(across, _turned(_longer(_turned(down), unit)), unit)
    down = _turned(_led_on(_turned(down), _turned(across), unit))
    if not down.any():
        return Ruling((), rules)
    frames: list[tuple[Room, ...]] = []
    for left, top, own in _frames(cv2.max(across, down), unit):
        high, wide = own.shape
        window = np.s_[top : top + high, left : left + wide]
        if wide < narrowest or high < _SHORTEST * unit:
            continue
        if cv2.countNonZero(ink[window]) <= _FULL * wide * high:
            faces = _faces(cv2.bitwise_and(across[window], own), cv2.bitwise_and(down[window], own), unit)
            # the strokes of a large title cross like rules, but most of what they span is not enclosed
            if sum(face.area for face in faces) >= _ENCLOSED * wide * high:
                frames += _apart([_placed(face, left + place[0], top + place[1], unit, whole) for face in faces])
    return Ruling(tuple(frames), rules)


@dataclass(frozen=True, slots=True)
class _Face:
    """A room in pixels of a window: its rectangle as it stands and without slant, and its area."""

    rectangle: tuple[int, int, int, int]
    straight: tuple[float, float, float, float]
    area: float

    @property
    def share(self) -> float:
        left, top, right, bottom = self.rectangle
        return self.area / max(1, (right - left - 1) * (bottom - top - 1))


def _shrunk(grey: Raster) -> tuple[Raster, int]:
    """The picture at about `_LONGEST`, and how many of its pixels became one: whole blocks are averaged fastest.

    Its sides are multiples of `_ALONG`, again for whole blocks; a pixel or two at the edge are cut off.
    """
    height, width = grey.shape
    step = max(1, round(max(height, width) / _LONGEST))
    tall, wide = (side // step // _ALONG * _ALONG for side in (height, width))
    whole = grey[: tall * step, : wide * step]
    if step == 1 or not whole.size:
        return whole, step
    return cast(Raster, cv2.resize(whole, (wide, tall), interpolation=cv2.INTER_AREA)), step


def _darker(grey: Raster, than: int) -> Raster:
    """255 where a picture is that dark or darker."""
    return cast(Raster, cv2.threshold(grey, than, 255, cv2.THRESH_BINARY_INV)[1])


def _thirds(grey: Raster) -> Raster:
    """Three rows as one, the middle one of their values: dark where two of them are."""
    first, second, third = (grey[row::_ALONG] for row in range(_ALONG))
    return cast(Raster, cv2.max(cv2.min(first, second), cv2.min(cv2.max(first, second), third)))


def _whole(mask: Raster, wide: int, high: int) -> Raster:
    return cast(Raster, cv2.resize(mask, (wide, high), interpolation=cv2.INTER_NEAREST))


def _turned(mask: Raster) -> Raster:
    return cast(Raster, cv2.transpose(mask))


def _opened(mask: Raster, high: int, wide: int) -> Raster:
    kernel = np.ones((high, wide), np.uint8)
    if high > 1:
        return cast(Raster, cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel))
    return _by_rows(mask, wide, lambda rows: cv2.morphologyEx(rows, cv2.MORPH_OPEN, kernel))


def _by_rows(mask: Raster, least: int, action: Callable[[Raster], object]) -> Raster:
    """What is done to each row of a mask by itself, where it has so many pixels; the other rows are empty then."""
    held = np.flatnonzero(cv2.reduce(mask, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] >= 255 * least)
    if 2 * held.size > len(mask):
        return cast(Raster, action(mask))
    done = np.zeros_like(mask)
    if held.size:
        done[held] = cast(Raster, action(mask[held]))
    return done


def _across(ink: Raster, unit: float) -> Raster:
    """The horizontal rules (255): long, but not also thick as bars and dark pictures are. Its rows are shrunk."""
    # A slant of a third of a degree moves a rule by a pixel every 170: such steps are bridged first.
    bridged = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    long = _opened(bridged, 1, _along(_RULE, unit))
    if long.any():
        solid = cv2.dilate(_opened(long, round(_THICK * unit) + 3, 1), np.ones((3, 3), np.uint8))
        long = cv2.subtract(long, solid)
    return long


def _upright(prints: Sequence[Box], rows: slice, columns: slice, whole: tuple[int, int]) -> Iterator[Box]:
    """Where rows of print stand within a window of the picture, turned; fractions of the window."""
    (tall, wide), high, broad = whole, rows.stop - rows.start, columns.stop - columns.start
    for box in prints:
        yield Box(
            (box.top * tall - rows.start) / high,
            (box.left * wide - columns.start) / broad,
            (box.bottom * tall - rows.start) / high,
            (box.right * wide - columns.start) / broad,
        )


def _without_print(across: Raster, prints: Sequence[Box], unit: float) -> Raster:
    """The rules, without the strokes of print that run together, as those of bold characters do in a small picture.

    across: its rows are shrunk.
    """
    if not prints or not across.any():
        return across
    high, wide = across.shape
    edges = np.array([(box.left, box.top, box.right, box.bottom) for box in prints]) * (wide, high, wide, high)
    lefts, tops, rights, bottoms = (edges + np.array((-1, 0, 1, 0)) * _along(_SHORTEST, unit)).T
    whole = across.copy()
    contours, _ = cv2.findContours(across, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for index, contour in enumerate(contours[:_MOST_STROKES]):
        left, top, width, height = cv2.boundingRect(contour)
        within = (lefts <= left) & (left + width <= rights) & (tops <= top) & (top + height <= bottoms)
        if within.any():
            cv2.drawContours(whole, contours, index, 0, cv2.FILLED)
    return whole


def _without_folds(across: Raster, faint: Raster, grey: Raster, unit: float) -> tuple[Raster, Raster]:
    """The rules and the hairlines, without what lies along a line that runs off the picture, where the other rules end
    before its edge: a fold, or a fax's streak. A rule as dark as print that lies on it stays.

    Of both the rows are shrunk, as are those of the grey picture.
    """
    wide = across.shape[1]
    edge = (1 - _THROUGH) / 2 * wide
    strokes = _strokes(cv2.max(across, faint), _RULE * unit / _ALONG)
    long = _SOME * wide
    off = [each for each in strokes if each.left < edge or each.right > wide - edge]
    others = [each for each in strokes if each.length > long and each not in off]
    near = round(_DOUBLE * unit)
    folds: list[_Stroke] = []
    for each in sorted(off, key=lambda each: -each.length):
        if all(abs(each.first - fold.at(each.left)) > near for fold in folds):
            # a short piece does not tell how much the fold slants
            folds.append(each if each.length > long else replace(each, last=each.first))
    if not 0 < len(folds) <= min(_FEW, len(others) - 1):
        return across, faint
    first, last = min(each.left for each in others), max(each.right for each in others)
    beyond = [*range(0, first, _ALONG), *range(last + 1, wide, _ALONG)]
    rule = max(_greyest(grey, each, range(each.left, each.right, _ALONG), near) for each in others)
    own = min(_greyest(grey, fold, beyond, near) for fold in folds)
    than = min(_PRINT, round((own + rule) / 2)) if rule < own else _PRINT
    drawn = _strokes(_across(_darker(grey, than), unit), _RULE * unit / _ALONG)
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


def _greyest(grey: Raster, stroke: _Stroke, columns: Sequence[int], near: int) -> float:
    """The usual grey of a stroke in its middle, at these columns."""
    rows = [round(stroke.at(column)) for column in columns]
    darkest = [
        int(grey[max(0, row - near) : row + near + 1, column].min())
        for row, column in zip(rows, columns, strict=True)
        if near < row < len(grey)
    ]
    return float(np.median(darkest)) if darkest else 255.0


def _draw(across: Raster, strokes: Sequence[_Stroke]) -> None:
    for each in strokes:
        cv2.line(across, (each.left, round(each.first)), (each.right, round(each.last)), 255, 1)


def _without_creases(across: Raster, upright: Raster, paper: tuple[int, int], unit: float) -> Raster:
    """The rules, without the folds of a letter: few, each from one edge of the paper to the other, where no rule ends.

    upright: the other rules, turned. paper: the window's first column of the paper, and the paper's width.
    """
    edge, near = (1 - _THROUGH) / 2 * paper[1], round(_DOUBLE * unit)
    outer = max(0, int(edge - paper[0])), max(0, int(paper[1] - edge - paper[0]))
    if not across[:, : outer[0]].any() or not across[:, outer[1] :].any():
        return across
    strokes = _strokes(across, _RULE * unit)
    lefts = [each for each in strokes if each.left + paper[0] < edge]
    rights = [each for each in strokes if each.right + paper[0] > paper[1] - edge]
    found: list[_Stroke] = []
    for first, last in ((first, last) for first in lefts for last in rights):
        crease = _Stroke(first.left, last.right, first.first, last.last)
        bent = max(abs(first.last - crease.at(first.right)), abs(last.first - crease.at(last.left)))
        if bent <= near and all(abs(each.first - crease.first) > near for each in found):
            found.append(crease)
    if not 0 < len(found) <= _FEW or any(_met_by(crease, _strokes(upright, _RULE * unit), near) for crease in found):
        return across
    across = across.copy()
    for crease in found:
        ends = (crease.left, round(crease.first)), (crease.right, round(crease.last))
        cv2.line(across, *ends, 0, 2 * near + 1)
        beside = [each for each in strokes if each not in lefts and each not in rights]
        _draw(across, [each for each in beside if near < 2 * abs(each.first - crease.at(each.left)) <= 4 * near])
    return across


def _met_by(crease: _Stroke, upright: Sequence[_Stroke], near: int) -> bool:
    """Whether one of the other rules, turned, ends at it and does not go on beyond it."""

    def goes_on(before: _Stroke, behind: _Stroke) -> bool:
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


def _may_enclose(rules: Raster, width: int, unit: float) -> bool:
    """Two horizontal rules, one below the other, are long enough to be those of a narrow table, led on."""
    joined = _joined(rules, _along(_BETWEEN_DASHES, unit))
    long = _opened(joined, 1, max(1, round(_DRAWN * _NARROWEST * width / _ALONG)))
    rows = np.flatnonzero(long.any(axis=1))
    return bool(rows.size and rows[-1] - rows[0] >= _SHORTEST * unit)


def _around(rules: Raster, margin: int) -> tuple[slice, slice]:
    """The rows and columns that hold all of a mask whose rows are shrunk, and a margin; multiples of three pixels."""

    def held(any_: NDArray[np.bool_], step: int) -> slice:
        found = np.flatnonzero(any_)
        first, last = (int(found[0]) * step - margin, (int(found[-1]) + 1) * step + margin)
        return slice(max(0, first) // _ALONG * _ALONG, min(len(any_) * step, -(-last // _ALONG) * _ALONG))

    return (
        held(np.asarray(rules.any(axis=1)), 1),
        held(np.asarray(rules.any(axis=0)), _ALONG),
    )


def _along(units: float, unit: float) -> int:
    """Pixels along a rule."""
    return max(2, round(units * unit / _ALONG))


def _alone(pale: Raster, unit: float) -> Raster:
    """Hairlines, rows of dashes or dots, joined (255): thin, and alone: above and below them is paper."""
    ink = cv2.dilate(pale, np.ones((3, 1), np.uint8))
    thin = cv2.subtract(ink, _opened(ink, round(7 * unit), 1))
    near = round(7 * unit)
    # the strokes of a line of text that stand at one height are not alone
    crowd = cv2.blur(ink, (_along(_RULE, unit), 1)) > _CROWD
    alone = thin.copy()
    alone[near:][crowd[:-near]] = 0
    alone[:-near][crowd[near:]] = 0
    dashes = cv2.subtract(alone, _opened(alone, 1, _along(_LONGEST_DASH, unit)))
    joined = cv2.max(_joined(alone, _along(_WORN, unit)), _joined(dashes, _along(_BETWEEN_DASHES, unit)))
    return _opened(joined, 1, _along(_RULE, unit))


def _faint(grey: Raster, unit: float) -> Raster:
    """Pale rules (255), however pale: they are evened along, which takes the noise away. Its rows are shrunk.

    What is near print, its soft edges, is left out: so print may stand close to a pale rule.
    """
    length, near = _along(_EVENED, unit), round(_BESIDE * unit)
    print_ = cv2.dilate(_darker(grey, _PRINT), np.ones((2 * near + 1, 2 * _along(_BESIDE, unit) + 1), np.uint8))
    ink = cv2.bitwise_not(cv2.max(grey, print_))
    pale = cv2.reduce(cv2.compare(ink, _SEEN, cv2.CMP_GE), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    if pale.max() < 255 * length:
        return np.zeros_like(grey)
    free = cv2.blur(cv2.bitwise_not(print_), (length, 1))
    along = cv2.divide(cv2.blur(ink, (length, 1)), free, scale=255)
    around = cv2.blur(along, (1, 2 * near + 1))
    most = cv2.dilate(along, np.ones((1, length), np.uint8))
    seen = cv2.compare(along, cv2.add(cv2.multiply(around, 3), _SEEN), cv2.CMP_GE)  # a line, and no shade
    for least in (cv2.compare(free, 255 // 3, cv2.CMP_GE), cv2.compare(along, cv2.subtract(most, along), cv2.CMP_GE)):
        seen = cv2.bitwise_and(seen, least)
    return _opened(cast(Raster, cv2.dilate(seen, np.ones((3, 1), np.uint8))), 1, _along(_RULE, unit))


def _joined(mask: Raster, gap: int) -> Raster:
    """With gaps along a row closed."""
    return _by_rows(mask, 1, lambda rows: cv2.morphologyEx(rows, cv2.MORPH_CLOSE, np.ones((1, gap + 1), np.uint8)))


def _held(faint: Raster, walls: Raster, unit: float) -> Raster:
    """Of faint horizontal rules, those that stand between two others (255), however short. walls: the vertical ones."""
    held = np.zeros_like(faint)
    near = round(_BEHIND * unit)
    for stroke in _strokes(faint, _RULE * unit):
        ends = ((stroke.left, round(stroke.first)), (stroke.right, round(stroke.last)))
        if all(walls[max(0, y - near) : y + near, max(0, x - near) : x + near].any() for x, y in ends):
            cv2.line(held, *ends, 255, 1)
    return held


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A horizontal rule: its first and last column, its height at both."""

    left: int
    right: int
    first: float
    last: float

    @property
    def length(self) -> int:
        return self.right - self.left + 1

    @property
    def slope(self) -> float:
        return (self.last - self.first) / max(1, self.right - self.left)

    def at(self, column: int) -> float:
        """Its height there, were it led on."""
        return self.first + self.slope * (column - self.left)


def _strokes(across: Raster, least: float) -> list[_Stroke]:
    """The rules of a mask that are at least so long."""
    contours, _ = cv2.findContours(across, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    strokes = []
    for contour in contours[:_MOST_STROKES]:
        left, _, wide, _ = cv2.boundingRect(contour)
        if wide >= least:
            points, edge = contour[:, 0], max(3, wide // 8)
            first = float(points[points[:, 0] < left + edge, 1].mean())
            last = float(points[points[:, 0] >= left + wide - edge, 1].mean())
            slope, level = (last - first) / max(1, wide - edge), (first + last) / 2
            strokes.append(_Stroke(left, left + wide - 1, level - slope * wide / 2, level + slope * wide / 2))
    return strokes


def _led_on(across: Raster, down: Raster, unit: float) -> Raster:
    """The rules, those that end a little short of the next one, or are mostly there, led on to it."""
    walls, whole = cv2.max(across, down), across.copy()
    for stroke in _strokes(across, _RULE * unit / 2):
        ends = (
            (stroke.left, stroke.first, _met(down, walls, stroke, -1, unit)),
            (stroke.right, stroke.last, _met(down, walls, stroke, 1, unit)),
        )
        gaps = [abs(met - end) for end, _, met in ends if met is not None]
        held = len(gaps) == 2 and min(gaps) <= MISSED * unit
        for end, level, met in ends:
            if met is None or met == end:
                continue
            # led far only where its other end is held: the underline of a blank is not
            if abs(met - end) <= MISSED * unit or (held and stroke.length >= _DRAWN * (stroke.length + abs(met - end))):
                cv2.line(whole, (end, round(level)), (met, round(level + stroke.slope * (met - end))), 255, 1)
    return whole


def _longer(across: Raster, unit: float) -> Raster:
    """The rules, each as much longer at both ends as it may be led on: at a corner that is worn, both end short."""
    longer, more = across.copy(), round(MISSED * unit)
    for stroke in _strokes(across, _RULE * unit):
        drift = stroke.slope * more
        start, stop = (
            (stroke.left - more, round(stroke.first - drift)),
            (stroke.right + more, round(stroke.last + drift)),
        )
        cv2.line(longer, start, stop, 255, 1)
    return longer


def _met(down: Raster, walls: Raster, stroke: _Stroke, way: int, unit: float) -> int | None:
    """The column in which a rule, led on to the left (-1) or right (1), meets another.

    Its own end where it touches one already; None where it would have to be led too far.
    """
    height, width = down.shape
    near = max(_ALONG + 1, round(2 * unit))  # masks are that coarse
    end, level = (stroke.left, stroke.first) if way < 0 else (stroke.right, stroke.last)
    low, high = max(0, round(level) - near), min(height, round(level) + near + 1)
    # one that ends right behind its last crossing ends there: a stroke of the text beyond touches it
    behind = round(_BEHIND * unit)
    inner = (end - near, end + behind) if way < 0 else (end - behind, end + near)
    if down[low:high, max(0, inner[0]) : inner[1] + 1].any():
        return end
    most = int(max(MISSED * unit, stroke.length * (1 - _DRAWN) / _DRAWN))
    start, stop = (max(0, end - most), end - near) if way < 0 else (end + near + 1, min(width, end + most + 1))
    drift = round(stroke.slope * way * most)
    met = np.flatnonzero(
        walls[max(0, min(low, low + drift)) : max(high, high + drift), start : max(start, stop)].any(axis=0)
    )
    return start + int(met[-1] if way < 0 else met[0]) if met.size else None


def _stubs(ink: Raster, across: Raster, unit: float) -> Raster:
    """The vertical rules (255) of single rows, too short to be told from strokes but that they join two rules.

    ink: of a picture whose columns are shrunk. across: of one whose rows are.
    """
    high, wide = ink.shape
    rules = cast(Raster, cv2.resize(across, (wide, high), interpolation=cv2.INTER_AREA))
    rules = cv2.threshold(rules, 1, 255, cv2.THRESH_BINARY)[1]
    upright = _opened(cv2.dilate(ink, np.ones((1, 3), np.uint8)), _along(_SHORTEST, unit), 1)
    upright = cv2.subtract(upright, _opened(upright, 1, round(_THICK * unit) + 3))
    upright = cv2.subtract(upright, rules)
    near = 2
    drawn, walls = cv2.dilate(ink, np.ones((1, 3), np.uint8)), cv2.dilate(rules, np.ones((1, 3), np.uint8))
    rules = cv2.dilate(rules, np.ones((2 * near + 1, 3), np.uint8))
    found = np.zeros_like(ink)
    _, stats = pieces(upright)
    left, top, width, height = stats[1:, :4].T
    middle, bottom = left + width // 2, top + height - 1
    slim = (height >= _along(_SHORTEST, unit) - near) & (height <= _along(3 * _RULE, unit)) & (width <= _THICK * unit)
    joins = np.flatnonzero(slim & (rules[top, middle] > 0) & (rules[bottom, middle] > 0))
    for x, y0, y1 in zip(middle[joins].tolist(), top[joins].tolist(), bottom[joins].tolist(), strict=True):
        above, below = np.s_[max(0, y0 - near) : y0, x], np.s_[y1 + 1 : y1 + 1 + near, x]
        if _unbroken(drawn[above][::-1], walls[above][::-1]) and _unbroken(drawn[below], walls[below]):
            cv2.line(found, (x, max(0, y0 - 1)), (x, min(high - 1, y1 + 1)), 255, 1)
    return found


def _unbroken(ink: NDArray[np.uint8], walls: NDArray[np.uint8]) -> bool:
    """Whether a stroke goes on as far as the rule, where that is near: a character that fills its row ends short."""
    rule = int(np.argmax(walls > 0)) if walls.any() else len(walls)
    return bool(ink[:rule].all())


def _frames(walls: Raster, unit: float) -> Iterator[tuple[int, int, Raster]]:
    """Rules that touch: the left and top of each such set and its mask, a little thickened."""
    thick = _closed(walls, unit)
    contours, tree = cv2.findContours(thick, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outlines = [index for index in range(len(contours)) if tree[0, index, 3] < 0]
    outlines.sort(key=lambda index: -cv2.boundingRect(contours[index])[2])
    for index in outlines[:_MOST_FRAMES]:
        left, top, wide, high = cv2.boundingRect(contours[index])
        own = np.zeros((high, wide), np.uint8)
        # without what stands in the rooms, which are the outline's holes
        cv2.drawContours(own, contours, index, 255, cv2.FILLED, cv2.LINE_8, tree, 1, (-left, -top))
        yield left, top, own


def _closed(walls: Raster, unit: float) -> Raster:
    """The rules with the white of double ones, as where a table fills the cell around it."""
    side = round(_DOUBLE * unit)
    thick = cv2.dilate(walls, np.ones((side + 3, side + 3), np.uint8))
    return cast(Raster, cv2.erode(thick, np.ones((side + 1, side + 1), np.uint8)))


def _faces(across: Raster, down: Raster, unit: float) -> list[_Face]:
    """What one frame's rules enclose and text may stand in."""
    strokes, upright = _strokes(across, _RULE * unit), _strokes(_turned(down), _RULE * unit)
    tilt, lean = _slant(strokes), _slant(upright)
    down = cv2.max(down, _sides(strokes, down, unit))
    across = cv2.max(across, _turned(_sides(_strokes(_turned(down), _RULE * unit), _turned(across), unit)))
    walls = cv2.max(across, down)
    contours, tree = cv2.findContours(_closed(walls, unit), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes = [contour for contour, (*_, outline) in zip(contours, tree[0], strict=True) if outline >= 0]
    faces = []
    for hole in holes if len(holes) <= MOST_ROOMS else ():
        left, top, wide, high = cv2.boundingRect(hole)
        if min(wide, high) < _SHORTEST * unit or max(wide, high) < _SMALLEST * unit:
            continue
        x, y = left + wide / 2, top + high / 2
        # a slanted room's rectangle is larger than the room: where it is, its middle tells
        across_it, down_it = abs(lean) * high / 2, abs(tilt) * wide / 2
        straight = (
            left + across_it - lean * y,
            top + down_it - tilt * x,
            left + wide - across_it - lean * y,
            top + high - down_it - tilt * x,
        )
        faces.append(_Face((left, top, left + wide, top + high), straight, cv2.contourArea(hole)))
    return faces


def _sides(strokes: Sequence[_Stroke], down: Raster, unit: float) -> Raster:
    """The left and right side of a frame that nobody drew (255), where its horizontal rules begin or end together.

    They reach from the window's top to its bottom, for the row above the first rule may have no other side.
    """
    drawn = np.zeros_like(down)
    if len(strokes) < 2:
        return drawn
    near = round(_ALIGNED * unit)
    lefts = [(stroke.first, stroke.left) for stroke in strokes]
    rights = [(stroke.last, stroke.right) for stroke in strokes]
    for ends, outermost in ((lefts, min(x for _, x in lefts)), (rights, max(x for _, x in rights))):
        aligned = sorted((round(y), x) for y, x in ends if abs(x - outermost) <= near)
        if len(aligned) < 2:
            continue
        band = down[aligned[0][0] : aligned[-1][0] + 1, max(0, outermost - near) : outermost + near + 1]
        if band.any(axis=1).mean() < _OPEN:
            whole = ((0, aligned[0][1]), *aligned, (len(down) - 1, aligned[-1][1]))
            for (top, above), (bottom, below) in pairwise(whole):
                cv2.line(drawn, (above, top), (below, bottom), 255, 1)
    return drawn


def _slant(strokes: Sequence[_Stroke]) -> float:
    """Pixels down for each to the right: the median of the longest."""
    longest = sorted(strokes, key=lambda stroke: -stroke.length)[:15]
    return float(np.median([stroke.slope for stroke in longest])) if longest else 0.0


def _placed(face: _Face, left: int, top: int, unit: float, whole: tuple[int, int, int]) -> Room:
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


def _rule(stroke: _Stroke, left: int, top: int, whole: tuple[int, int, int]) -> Rule:
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
