"""Which form a fitted polygon has, and whether it and what is inside are a seal's."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.seals.outline import FIELD, Mask, Outline
from extractors.seals.page import Page

Floats = NDArray[np.float64]

EMPTIEST = 0.055  # inked part of a coloured frame's inside; less is what black print there has of its colour
SQUARE = 0.85  # ratio of the sides from which a frame is square, or a diamond
ON_CORNER = 12.0  # degrees from standing on a corner up to which a square is a diamond, its text level
UPRIGHT = 14.0  # degrees from a right angle up to which a corner is a rectangle's, seen askew


def formed(
    inside: Mask, page: Page, polygon: Floats, coverage: float, colour: SealColour, smallest: float, largest: float
) -> Outline | None:
    """The fitted polygon as an outline; None where its form or what is inside is no seal's."""
    count = len(polygon)
    sides = np.hypot(*(np.roll(polygon, -1, axis=0) - polygon).T)
    before, after = np.roll(polygon, 1, axis=0) - polygon, np.roll(polygon, -1, axis=0) - polygon
    cosines = (before * after).sum(axis=1) / np.maximum(1e-6, np.hypot(*before.T) * np.hypot(*after.T))
    angles = np.degrees(np.arccos(np.clip(cosines, -1, 1)))
    if (
        sides.min() < 0.4 * smallest
        or sides.max() > largest * 1.15
        or not cv2.isContourConvex(polygon.astype(np.float32))
    ):
        return None
    upright = count == 4 and np.abs(angles - 90).max() <= UPRIGHT
    if count == 3:
        if angles.min() < 35 or sides.min() < 0.6 * sides.max() or sides.min() < 1.4 * smallest:
            return None
        shape, centre, half, turn = SealShape.TRIANGLE, *_triangle(polygon, sides)
    else:
        wide, high = float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2
        if abs(sides[0] - sides[2]) > 0.15 * wide + 2 or abs(sides[1] - sides[3]) > 0.15 * high + 2:
            return None
        middle = polygon.mean(axis=0)
        if upright:
            shape, centre, half, turn = _rectangle(polygon, (wide, high), middle)
            if shape is SealShape.SQUARE and abs(turn) > 45 - ON_CORNER:
                shape, centre, half, turn = _diamond(polygon, middle)
        elif min(wide, high) >= SQUARE * max(wide, high) and angles.min() >= 40:
            shape, centre, half, turn = _diamond(polygon, middle)
        else:
            return None
        if min(half) < 0.5 * smallest * (0.9 if shape is SealShape.SQUARE else 0.45):
            return None
    filled = _filled(inside, polygon)
    boxed = shape in (SealShape.SQUARE, SealShape.RECTANGLE) and colour is not SealColour.BLACK
    least = EMPTIEST if boxed else 0.03
    most = 0.92 if upright and min(half) >= SQUARE * max(half) else FIELD
    if not least < filled < most:
        return None
    corners = tuple((float(x), float(y)) for x, y in polygon)
    visible = page.part(polygon)
    if visible < 0.3:
        return None
    return Outline(shape, colour, centre, half[0], half[1], turn, coverage, corners, visible, filled)


_Form = tuple[SealShape, tuple[float, float], tuple[float, float], float]


def _rectangle(polygon: Floats, sides: tuple[float, float], middle: Floats) -> _Form:
    """Its longer sides along `turn`; a square's turn is the nearest to upright."""
    way = polygon[1] - polygon[0] - (polygon[3] - polygon[2])
    turn = float(np.degrees(np.arctan2(way[1], way[0])))
    wide, high = sides
    square = min(sides) > SQUARE * max(sides)
    if high > wide if not square else not -45 <= (turn + 90) % 180 - 90 <= 45:
        wide, high, turn = high, wide, turn + 90
    turn = (turn + 90) % 180 - 90
    shape = SealShape.SQUARE if square else SealShape.RECTANGLE
    return shape, (float(middle[0]), float(middle[1])), (wide / 2, high / 2), turn


def _diamond(polygon: Floats, middle: Floats) -> _Form:
    """half_width, half_height: half the diagonals, the one that lies flatter along `turn`."""
    diagonals = polygon[2] - polygon[0], polygon[3] - polygon[1]
    turns = [float((np.degrees(np.arctan2(d[1], d[0])) + 90) % 180 - 90) for d in diagonals]
    lengths = [float(np.hypot(*d)) / 2 for d in diagonals]
    longer = int(lengths[1] > lengths[0])
    if min(lengths) > SQUARE * max(lengths):
        longer = int(abs(turns[1]) < abs(turns[0]))
    half = (lengths[longer], lengths[1 - longer])
    return SealShape.DIAMOND, (float(middle[0]), float(middle[1])), half, turns[longer]


def _triangle(polygon: Floats, sides: Floats) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Centre, halves and turn of the rectangle around it whose lower side is the triangle's lowest."""
    tops = polygon[(np.arange(3) + 2) % 3]
    bases = (polygon + np.roll(polygon, -1, axis=0)) / 2
    base = int(np.argmax(bases[:, 1] - tops[:, 1]))
    way = polygon[(base + 1) % 3] - polygon[base]
    turn = float((np.degrees(np.arctan2(way[1], way[0])) + 90) % 180 - 90)
    half_width = float(sides[base]) / 2
    up = tops[base] - bases[base]
    centre = bases[base] + up / 2
    return (float(centre[0]), float(centre[1])), (half_width, float(np.hypot(*up)) / 2), turn


def _filled(mask: Mask, polygon: Floats) -> float:
    """The inked part of the polygon's inside, without the outer eighth."""
    middle = polygon.mean(axis=0)
    inner = middle + (polygon - middle) * 0.78
    x0, y0 = np.floor(polygon.min(axis=0)).astype(int)
    x1, y1 = np.ceil(polygon.max(axis=0)).astype(int) + 1
    x0, y0 = max(0, int(x0)), max(0, int(y0))
    window = mask[y0 : max(y0, int(y1)), x0 : max(x0, int(x1))]
    if window.size == 0:
        return 0.0
    inside = np.zeros_like(window)
    cv2.fillPoly(inside, [np.round(inner - (x0, y0)).astype(np.int32)], 1)
    return float(window[inside > 0].mean()) if inside.any() else 0.0
