"""From a picture to the boxes of its text lines: what goes into and comes out of a DB text detector.

The detector (Differentiable Binarization) answers with a map of how likely each pixel belongs to the shrunken core of a
text line. A core becomes a box by taking its smallest rectangle and growing that by the amount the cores of the
training were shrunk.

It overlooks what is very short: page numbers between dashes, a character alone. Ink that stands by itself outside of
all boxes is therefore offered, too, and what stands close beside a box of one or two characters belongs to it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster
from extractors.ocr.pieces import of_pieces, pieces
from extractors.ocr.shrink import shrunk

_STEP = 32  # the network halves five times
_GRID = 3 * _STEP  # of what is looked at: each new size costs the runtime 30 ms and some 10 MB
_PAPER = 230  # from which a pixel of a shrunk page is paper: a hairline of it is still darker
_AROUND = 16  # pixels of paper that a line at the edge of what is inked has around it at least
_CORE = 0.3  # likelihood from which a pixel is core
_SURE = 0.5  # mean likelihood from which a core is a line
_GROWTH = 1.6  # how far a core is grown: area × growth / perimeter, as in the training
_LEAST = 3.0  # pixels of the map; smaller cores are specks
_MOST = 1000  # boxes of one picture

_LEVELS = np.arange(256, dtype=np.float32) * np.float32(1 / 127.5) - np.float32(1.0)

_DARK = 225  # below which a pixel outside of all boxes is ink: thin dashes are pale on a shrunk page
_OVERLOOKED = 12  # pieces of such ink that are offered, the longest
_EM = 0.8  # of a usual box's height
_APART = 1.2  # ems between pieces of one line
_LOW, _HIGH = 0.35, 1.6  # ems: the height of a line with a character in it


@dataclass(frozen=True, slots=True)
class Quad:
    """The box of a line: a rectangle that may be turned. Pixels of the picture.

    centre_x, centre_y: of the rectangle. width: along the reading direction when upright; height: across it.
    angle: degrees clockwise, -45 to 45. offered: the detector did not tell of it, but there is ink.
    """

    centre_x: float
    centre_y: float
    width: float
    height: float
    angle: float
    offered: bool = False

    @property
    def aspect(self) -> float:
        """The longer side over the shorter."""
        return max(self.width, self.height) / max(1.0, min(self.width, self.height))

    @property
    def top(self) -> float:
        return self.centre_y - self.height / 2

    @property
    def bottom(self) -> float:
        return self.centre_y + self.height / 2

    @property
    def left(self) -> float:
        return self.centre_x - self.width / 2

    @property
    def right(self) -> float:
        return self.centre_x + self.width / 2


def fit(height: int, width: int, longest: int) -> tuple[int, int]:
    """The size at which a picture is looked at: its longest side at most `longest`, both sides multiples of 32."""
    scale = min(1.0, longest / max(height, width))
    tall = max(_STEP, round(height * scale / _STEP) * _STEP)
    wide = max(_STEP, round(width * scale / _STEP) * _STEP)
    return tall, wide


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a picture that is looked at. Pixels of the picture scaled to `wide` × `tall`.

    left, top: multiples of 32. grey: the part, height × width. plane: of it, the network's input, 1 × 3 × height ×
    width, -1 to 1.
    """

    left: int
    top: int
    wide: int
    tall: int
    grey: Raster
    plane: NDArray[np.float32]


def prepare(grey: Raster, longest: int) -> Window | None:
    """What the network is given of a picture; None where nothing is inked. Margins hold no text and cost as much."""
    tall, wide = fit(grey.shape[0], grey.shape[1], longest)
    small = shrunk(grey, wide, tall)
    across, down = _inked(small.min(axis=0)), _inked(small.min(axis=1))
    if across is None or down is None:
        return None
    part = small[down, across]
    return Window(across.start, down.start, wide, tall, part, plane_of(part))


def plane_of(grey: Raster) -> NDArray[np.float32]:
    """A grey picture as a network of the family takes it: 1 × 3 × height × width, -1 to 1."""
    plane = np.empty((1, 3, *grey.shape), np.float32)
    cv2.LUT(grey, _LEVELS, dst=plane[0, 0])
    plane[0, 1:] = plane[0, 0]
    return plane


def _inked(least: NDArray[np.uint8]) -> slice | None:
    """From the first to the last ink with some paper around, in whole steps. least: the darkest of each row or column.

    The length is a multiple of the step.
    """
    inked = np.flatnonzero(least < _PAPER)
    if not inked.size:
        return None
    start = max(0, int(inked[0]) - _AROUND) // _GRID * _GRID
    return slice(start, min(len(least), -(-(int(inked[-1]) + 1 + _AROUND) // _GRID) * _GRID))


def quads(likelihood: NDArray[np.float32], window: Window, height: int, width: int) -> tuple[Quad, ...]:
    """The boxes on a picture of height × width pixels of whose window `likelihood` is the detector's map."""
    told = _told(likelihood)
    across, down = width / window.wide, height / window.tall
    # The two scales differ by a percent or two, so an angle stays as it is.
    return tuple(
        replace(
            quad,
            centre_x=(quad.centre_x + window.left + 0.5) * across,
            centre_y=(quad.centre_y + window.top + 0.5) * down,
            width=quad.width * across,
            height=quad.height * down,
        )
        for quad in _with_overlooked(told, window.grey)
    )


def _told(likelihood: NDArray[np.float32]) -> list[Quad]:
    """The boxes that the detector tells of, on its map."""
    cores = cv2.dilate((likelihood > _CORE).view(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(cores, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found: list[Quad] = []
    for contour in contours[: 4 * _MOST]:
        rectangle = cv2.minAreaRect(contour)
        (x, y), (length, breadth), angle = rectangle
        if min(length, breadth) < _LEAST or _sureness(likelihood, cv2.boxPoints(rectangle)) < _SURE:
            continue
        growth = 2 * length * breadth * _GROWTH / (2 * (length + breadth))
        length, breadth = length + growth, breadth + growth
        # OpenCV gives any of the four ways to describe a rectangle; ours is the one nearest to upright.
        while angle > 45:
            angle, length, breadth = angle - 90, breadth, length
        while angle < -45:
            angle, length, breadth = angle + 90, breadth, length
        found.append(Quad(x, y, length, breadth, angle))
        if len(found) == _MOST:
            break
    return found


def _with_overlooked(told: Sequence[Quad], grey: Raster) -> list[Quad]:
    """The boxes, short ones with the ink that stands close beside them, and a few for ink outside of all boxes."""
    if not told:
        return []
    em = _EM * float(np.median([quad.height for quad in told]))
    ink = (grey < _DARK).view(np.uint8)
    for quad in told:
        corners = cv2.boxPoints(((quad.centre_x, quad.centre_y), (quad.width + 2, quad.height + 2), quad.angle))
        cv2.fillConvexPoly(ink, np.round(corners).astype(np.int32), 0)
    for kernel in (np.ones((1, round(4 * em) + 1), np.uint8), np.ones((round(2 * em) + 1, 1), np.uint8)):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel)
        ink = cast(Raster, cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8))))
    labels, stats = pieces(ink)
    # not the ring of a seal that runs through lines
    low = (stats[:, cv2.CC_STAT_HEIGHT] <= _HIGH * em).astype(np.uint8)
    low[0] = 0
    joined = cv2.morphologyEx(of_pieces(low, labels), cv2.MORPH_CLOSE, np.ones((1, round(_APART * em) | 1), np.uint8))
    _, stats = pieces(np.asarray(joined, np.uint8))
    left, top, wide, high = (stats[1:, column].astype(np.float64) for column in range(4))
    beside = np.zeros(len(left), bool)
    boxes = list(told)
    for index, quad in enumerate(told):
        if quad.width > 2 * quad.height or abs(quad.angle) > 5:
            continue
        level = np.abs(top + high / 2 - quad.centre_y) < 0.3 * quad.height
        near = np.maximum(quad.left - (left + wide), left - quad.right) < _APART * em
        own = level & near & (high < _HIGH * em) & (wide < 2 * em) & (wide >= 3)
        if not own.any():
            continue
        for other in told:  # what surrounds another box, closed over it, is that one's
            if other is not quad:
                apart = (left > other.right) | (left + wide < other.left)
                own &= apart | (top > other.bottom) | (top + high < other.top)
        if own.any():
            beside |= own
            start = min(quad.left, float(left[own].min()) - 1)
            end = max(quad.right, float((left + wide)[own].max()) + 1)
            boxes[index] = replace(quad, centre_x=(start + end) / 2, width=end - start)
    inside = (left > 1) & (top > 1) & (left + wide < grey.shape[1] - 1) & (top + high < grey.shape[0] - 1)
    alone = np.flatnonzero(~beside & inside & (high >= _LOW * em) & (high <= _HIGH * em) & (wide >= _LOW * em))
    centres = np.array([(quad.centre_x, quad.centre_y) for quad in told])
    for index in alone[np.argsort(-wide[alone], kind="stable")]:
        first, last = (left[index], top[index]), (left[index] + wide[index], top[index] + high[index])
        if ((centres >= first) & (centres <= last)).all(axis=1).any():
            continue  # what surrounds a box is a frame, and what is read in it is read already
        x, y = left[index] + wide[index] / 2, top[index] + high[index] / 2
        margin = 0.3 * em
        tall = max(0.7 * em, 1.5 * high[index])  # digits are lower than Hanzi
        boxes.append(Quad(float(x), float(y), float(wide[index] + 2 * margin), float(tall), 0.0, offered=True))
        if len(boxes) == len(told) + _OVERLOOKED:
            break
    return boxes


def _sureness(likelihood: NDArray[np.float32], corners: NDArray[np.float32]) -> float:
    """Mean likelihood within the rectangle."""
    tall, wide = likelihood.shape
    xs, ys = corners.T.tolist()
    left, right = (min(max(edge, 0), wide - 1) for edge in (math.floor(min(xs)), math.ceil(max(xs))))
    top, bottom = (min(max(edge, 0), tall - 1) for edge in (math.floor(min(ys)), math.ceil(max(ys))))
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(likelihood[top : bottom + 1, left : right + 1], mask)[0])


def in_reading_order(boxes: tuple[Quad, ...]) -> tuple[Quad, ...]:
    """Rows from top to bottom, each from left to right.

    A box belongs to the row in which some box overlaps it by half of the lower one's height, so a
    row that slants a little stays one row.
    """
    rows: list[list[Quad]] = []
    for box in sorted(boxes, key=lambda quad: quad.centre_y):
        # Only the last rows can be near: boxes come by their centres.
        for row in reversed(rows[-8:]):
            if any(_level(box, other) for other in row):
                row.append(box)
                break
        else:
            rows.append([box])
    return tuple(box for row in rows for box in sorted(row, key=lambda quad: quad.left))


def _level(box: Quad, other: Quad) -> bool:
    overlap = min(box.bottom, other.bottom) - max(box.top, other.top)
    return overlap > 0.5 * min(box.height, other.height) and max(box.height, other.height) < 3 * min(
        box.height, other.height
    )
