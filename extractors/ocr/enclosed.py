"""What rules enclose: rules that end short are led on to the next one, and those that touch are a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import cv2
import numpy as np

from extractors.ocr.engine import Raster
from extractors.ocr.strokes import ALONG, BEHIND, DOUBLE, RULE, SHORTEST, Stroke, strokes_of, turned

_SMALLEST = 18  # a room that is smaller both ways is part of a character
MISSED = 9  # how far from its neighbour a rule may end
DRAWN = 0.6  # share of a rule that is drawn where it is led on further than MISSED
_OPEN = 0.3  # share of a side that is drawn; less is nobody's
_ALIGNED = 8  # within which the ends of rules are the open side of a table
_MOST_FRAMES = 200  # of one picture
MOST_ROOMS = 20_000  # of one frame; more are a texture


def led_on(across: Raster, down: Raster, unit: float) -> Raster:
    """The rules, those that end a little short of the next one, or are mostly there, led on to it."""
    walls, whole = cv2.max(across, down), across.copy()
    for stroke in strokes_of(across, RULE * unit / 2):
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
            if abs(met - end) <= MISSED * unit or (held and stroke.length >= DRAWN * (stroke.length + abs(met - end))):
                cv2.line(whole, (end, round(level)), (met, round(level + stroke.slope * (met - end))), 255, 1)
    return whole


def longer(across: Raster, unit: float) -> Raster:
    """The rules, each as much longer at both ends as it may be led on: at a corner that is worn, both end short."""
    longer, more = across.copy(), round(MISSED * unit)
    for stroke in strokes_of(across, RULE * unit):
        drift = stroke.slope * more
        start, stop = (
            (stroke.left - more, round(stroke.first - drift)),
            (stroke.right + more, round(stroke.last + drift)),
        )
        cv2.line(longer, start, stop, 255, 1)
    return longer


def _met(down: Raster, walls: Raster, stroke: Stroke, way: int, unit: float) -> int | None:
    """The column in which a rule, led on to the left (-1) or right (1), meets another.

    Its own end where it touches one already; None where it would have to be led too far.
    """
    height, width = down.shape
    near = max(ALONG + 1, round(2 * unit))  # masks are that coarse
    end, level = (stroke.left, stroke.first) if way < 0 else (stroke.right, stroke.last)
    low, high = max(0, round(level) - near), min(height, round(level) + near + 1)
    # one that ends right behind its last crossing ends there: a stroke of the text beyond touches it
    behind = round(BEHIND * unit)
    inner = (end - near, end + behind) if way < 0 else (end - behind, end + near)
    if down[low:high, max(0, inner[0]) : inner[1] + 1].any():
        return end
    most = int(max(MISSED * unit, stroke.length * (1 - DRAWN) / DRAWN))
    start, stop = (max(0, end - most), end - near) if way < 0 else (end + near + 1, min(width, end + most + 1))
    drift = round(stroke.slope * way * most)
    met = np.flatnonzero(
        walls[max(0, min(low, low + drift)) : max(high, high + drift), start : max(start, stop)].any(axis=0)
    )
    return start + int(met[-1] if way < 0 else met[0]) if met.size else None


def frames_of(walls: Raster, unit: float) -> Iterator[tuple[int, int, Raster]]:
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
    side = round(DOUBLE * unit)
    thick = cv2.dilate(walls, np.ones((side + 3, side + 3), np.uint8))
    return cast(Raster, cv2.erode(thick, np.ones((side + 1, side + 1), np.uint8)))


@dataclass(frozen=True, slots=True)
class Face:
    """A room in pixels of a window: its rectangle as it stands and without slant, and its area."""

    rectangle: tuple[int, int, int, int]
    straight: tuple[float, float, float, float]
    area: float

    @property
    def share(self) -> float:
        left, top, right, bottom = self.rectangle
        return self.area / max(1, (right - left - 1) * (bottom - top - 1))


def faces_of(across: Raster, down: Raster, unit: float) -> list[Face]:
    """What one frame's rules enclose and text may stand in."""
    strokes, upright = strokes_of(across, RULE * unit), strokes_of(turned(down), RULE * unit)
    tilt, lean = _slant(strokes), _slant(upright)
    down = cv2.max(down, _sides(strokes, down, unit))
    across = cv2.max(across, turned(_sides(strokes_of(turned(down), RULE * unit), turned(across), unit)))
    walls = cv2.max(across, down)
    contours, tree = cv2.findContours(_closed(walls, unit), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes = [contour for contour, (*_, outline) in zip(contours, tree[0], strict=True) if outline >= 0]
    faces = []
    for hole in holes if len(holes) <= MOST_ROOMS else ():
        left, top, wide, high = cv2.boundingRect(hole)
        if min(wide, high) < SHORTEST * unit or max(wide, high) < _SMALLEST * unit:
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
        faces.append(Face((left, top, left + wide, top + high), straight, cv2.contourArea(hole)))
    return faces


def _sides(strokes: Sequence[Stroke], down: Raster, unit: float) -> Raster:
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


def _slant(strokes: Sequence[Stroke]) -> float:
    """Pixels down for each to the right: the median of the longest."""
    longest = sorted(strokes, key=lambda stroke: -stroke.length)[:15]
    return float(np.median([stroke.slope for stroke in longest])) if longest else 0.0
