"""The sides of a polygon as they are drawn: along the outermost ink, from corner to corner and no farther."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.seals.outline import SURE, Mask
from extractors.seals.page import Page

Floats = NDArray[np.float64]

CLEAR = 0.7  # inked part of a side, less what has ink outside, from which nothing better is looked for
SAMPLES = 60  # places of a side at which ink is asked for
REACH = 6  # pixels beside a side in which its ink is looked for
LEAST_SIDE, LEAST_SIDES = 0.5, 0.72  # part of the weakest side, of all sides together, that is inked
LEAST_OF_THREE = 0.68  # of a triangle, for two sides of a frame and anything across make one


def drawn(mask: Mask, inside: Mask, page: Page, polygon: Floats, colour: SealColour) -> tuple[Floats, float] | None:
    """The polygon along the outermost ink and the inked part of its sides, or None where they are no frame's."""
    count = len(polygon)
    share = np.zeros(count)
    outside = np.zeros(count)
    for step in range(3):
        lines = []
        reach = (REACH, 4, 3)[step]
        for index in range(count):
            a, b = polygon[index], polygon[(index + 1) % count]
            line, share[index], outside[index] = _side(mask, page, a, b, reach)
            if share[index] < (0.3 if step == 0 else LEAST_SIDE - 0.1):
                return None
            lines.append(line)
        crossed = [crossing(lines[index - 1], lines[index]) for index in range(count)]
        if any(point is None for point in crossed):
            return None
        polygon = np.array(crossed, np.float64)
        if step == 0 and _goes_on(mask, page, polygon) >= 2:  # a table's cells are many
            return None
    if share.min() < LEAST_SIDE or share.mean() < LEAST_SIDES or float((share - 0.8 * outside).mean()) < 0.35:
        return None
    if count == 3 and (share.min() < LEAST_OF_THREE or share.mean() < SURE or outside.max() > 0.6):
        return None
    # A table's lines may be gone from the mask; black print beside a corner looks like one.
    if _goes_on(mask if colour is SealColour.BLACK else inside, page, polygon) >= 2:
        return None
    return polygon, float(share.mean())


def _side(mask: Mask, page: Page, a: Floats, b: Floats, reach: int) -> tuple[Floats, float, float]:
    """The line (a point and a way) of the outermost ink beside a to b; the inked part of it; the part with ink outside.

    What lies beyond the page counts as inked: it cannot be seen.
    """
    way = b - a
    size = float(np.hypot(*way))
    way = way / max(1e-6, size)
    normal = np.array([way[1], -way[0]])  # outward, for a clockwise polygon with y down
    along = np.linspace(0.04, 0.96, SAMPLES)
    offsets = np.arange(reach + 4, -reach - 1, -1.0)
    x = a[0] + along[:, None] * size * way[0] + offsets[None] * normal[0]
    y = a[1] + along[:, None] * size * way[1] + offsets[None] * normal[1]
    ink = cv2.remap(mask, x.astype(np.float32), y.astype(np.float32), cv2.INTER_NEAREST, borderValue=0) > 0
    on_page = page.holds(a[0] + along * size * way[0], a[1] + along * size * way[1])
    if on_page.mean() < 0.25:
        return np.concatenate([a, way]), 1.0, 0.0
    near = ink[:, 4:]
    best = _along(ink, near, on_page, along * size, offsets)
    if best is None:
        return np.concatenate([a, way]), 0.0, 0.0
    if best[2] - best[3] < CLEAR:
        # Print that hangs on a side lies outside of it; where one line is drawn all along, that is the side.
        wide = cv2.dilate(near.astype(np.uint8), np.ones((1, 3), np.uint8))
        drawn = wide[on_page].mean(axis=0)
        outer = int(np.argmax(drawn >= 0.92 * drawn.max())) - 1
        other = _along(ink, near & (np.arange(near.shape[1]) >= outer), on_page, along * size, offsets)
        best = best if other is None or other[2] - other[3] <= best[2] - best[3] else other
    slope, shift, share, beyond = best
    return np.concatenate([a + normal * shift, way + normal * slope]), share, beyond


def _along(
    ink: NDArray[np.bool_], near: NDArray[np.bool_], on_page: NDArray[np.bool_], along: Floats, offsets: Floats
) -> tuple[float, float, float, float] | None:
    """The line through the outermost ink of `near`: slope, shift, the part of it inked, the part with ink outside."""
    seen = near.any(axis=1) & on_page
    if np.count_nonzero(seen) < 8:
        return None
    t, d = along[seen], offsets[4 + near.argmax(axis=1)][seen]
    slope, shift = 0.0, float(np.partition(d, int(0.6 * len(d)))[int(0.6 * len(d))])
    for tolerance in (3.0, 1.8, 1.5):
        used = np.abs(d - (slope * t + shift)) < tolerance
        times = t[used]
        if len(times) < 8 or times[-1] - times[0] < 0.3 * (along[-1] - along[0]):
            break
        slope, shift = _line(times, d[used])
    line_at = (slope * along + shift)[:, None]
    inked = ink & (np.abs(offsets - line_at) <= 1.8)
    beyond = ink & (offsets > line_at + 2.6)
    count = np.count_nonzero(on_page)
    share, outside = (np.count_nonzero(part.any(axis=1) & on_page) / count for part in (inked, beyond))
    return slope, shift, share, outside


def _line(t: Floats, d: Floats) -> tuple[float, float]:
    """Slope and height at 0 of the line through the points, t not all the same."""
    middle = float(t.sum()) / len(t)
    away = t - middle
    slope = float(away @ d) / float(away @ away)
    return slope, float(d.sum()) / len(d) - slope * middle


def crossing(one: Floats, other: Floats) -> tuple[float, float] | None:
    (x1, y1, dx1, dy1), (x2, y2, dx2, dy2) = one, other
    determinant = dx1 * dy2 - dy1 * dx2
    if abs(determinant) < 0.3:
        return None
    t = ((x2 - x1) * dy2 - (y2 - y1) * dx2) / determinant
    return float(x1 + t * dx1), float(y1 + t * dy1)


def _goes_on(mask: Mask, page: Page, polygon: Floats) -> int:
    """How many of the sides' ends go on beyond their corner, as the lines of a table do."""
    following = np.roll(polygon, -1, axis=0)
    way = following - polygon
    size = np.hypot(way[:, 0], way[:, 1])[:, None]
    way = way / np.maximum(1e-6, size)
    inward = np.column_stack([-way[:, 1], way[:, 0]])
    steps, widths = np.arange(4.0, 28.0), np.arange(-2.0, 5.0)
    counted = np.concatenate([steps < 4 + np.clip(0.3 * size, 8, 24)] * 2)
    points = np.concatenate([following, polygon])[:, None] + np.concatenate([way, -way])[:, None] * steps[:, None]
    band = points[:, :, None] + np.concatenate([inward, inward])[:, None, None] * widths[:, None]
    x, y = band.reshape(len(points), -1, 2).transpose(2, 0, 1).astype(np.float32)
    ink = cv2.remap(mask, x, y, cv2.INTER_NEAREST, borderValue=0).reshape(band.shape[:3]).any(axis=2)
    on_page = (page.holds(points[..., 0], points[..., 1]) | ~counted).all(axis=1)
    going = (ink & counted).sum(axis=1) > 0.9 * counted.sum(axis=1)
    return int(np.count_nonzero(going & on_page))
