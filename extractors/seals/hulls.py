"""Rectangles and triangles around areas that ink encloses, and around holes in it."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.seals.outline import Mask
from extractors.seals.sides import crossing

Floats = NDArray[np.float64]

PIECES = 40  # hulls that are asked for a frame, largest first
HULL = 0.86  # part of the rectangle or triangle around it that the hull of a frame fills


def enclosed(mask: Mask, smallest: float, largest: float) -> list[Floats]:
    """What lies around enclosed areas and holes, where it is a rectangle or a triangle: clockwise, largest first."""
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    rims = [contour for contour, (*_, outer) in zip(contours, tree[0], strict=True) if outer < 0]
    holes = [contour for contour, (*_, outer) in zip(contours, tree[0], strict=True) if outer >= 0]
    made = list(filling(_solid(mask.shape, rims, smallest), smallest, largest, trim=True))
    made += [_grown(mask, polygon, smallest) for polygon in filling(holes, smallest, largest, trim=False)]
    return sorted(made, key=lambda polygon: -float(np.ptp(polygon, axis=0).max()))[:PIECES]


def _solid(shape: tuple[int, ...], rims: list[NDArray[np.int32]], smallest: float) -> list[NDArray[np.int32]]:
    """Rims of the areas that pieces of ink enclose, without the print that hangs on them: it is narrow."""
    wide = [rim for rim in rims if min(cv2.boundingRect(rim)[2:]) >= 0.5 * smallest]
    if not wide:
        return []
    small = np.zeros((shape[0] // 2 + 1, shape[1] // 2 + 1), np.uint8)
    cv2.drawContours(small, [rim // 2 for rim in wide], -1, 1, cv2.FILLED)
    width = round(0.22 * smallest) | 1
    opened = cv2.morphologyEx(
        small, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)),
        borderType=cv2.BORDER_CONSTANT, borderValue=0,
    )  # fmt: skip
    found, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [np.asarray(contour * 2, np.int32) for contour in found]


def filling(contours: list[NDArray[np.int32]], smallest: float, largest: float, *, trim: bool) -> Iterator[Floats]:
    """The rectangles and triangles around contours whose hulls fill them, clockwise; of the largest contours.

    trim: print may jut out of them.
    """
    sizes = [max(cv2.boundingRect(contour)[2:]) for contour in contours]
    order = sorted((-size, index) for index, size in enumerate(sizes) if 0.8 * smallest <= size <= 1.5 * largest)
    for _, index in order[: 2 * PIECES]:
        contour = contours[index]
        hull = cv2.convexHull(contour)
        area = float(cv2.contourArea(hull))
        around = cv2.boxPoints(cv2.minAreaRect(hull))
        _, triangle = cv2.minEnclosingTriangle(hull)
        for corners in (around, triangle):
            if corners is None or area < HULL * 0.8 * cv2.contourArea(corners):
                continue
            if corners is around and trim:
                corners = _trimmed(contour, around)
            if not HULL < area / max(1.0, cv2.contourArea(corners)) < 1.4:
                continue
            polygon = np.asarray(corners, np.float64).reshape(-1, 2)
            if np.hypot(*(np.roll(polygon, -1, axis=0) - polygon).T).min() >= 0.4 * smallest:
                clockwise = cv2.contourArea(polygon.astype(np.float32), oriented=True) > 0
                yield polygon if clockwise else polygon[::-1]


def _trimmed(contour: NDArray[np.int32], around: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rectangle without what juts out of a part of a side: print that touches a frame there."""
    left, top, wide, high = cv2.boundingRect(contour)
    area = np.zeros((high, wide), np.uint8)
    cv2.drawContours(area, [contour - (left, top)], -1, 1, cv2.FILLED)
    ys, xs = np.nonzero(area)
    origin, across, down = around[0], around[1] - around[0], around[3] - around[0]
    edges = []
    for way in (across, down):
        size = float(np.hypot(*way))
        at = ((xs + left - origin[0]) * way[0] + (ys + top - origin[1]) * way[1]) / max(1e-6, size)
        counts = np.bincount(np.clip(at, 0, size).astype(np.intp))
        full = np.flatnonzero(counts > 0.85 * np.percentile(counts, 75))
        edges.append((full[0] / size, (full[-1] + 1) / size))
    (x0, x1), (y0, y1) = edges
    corners = [origin + across * x + down * y for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    return np.array(corners, np.float32)


def _grown(mask: Mask, polygon: Floats, smallest: float) -> Floats:
    """The rim of a hole moved outwards as far as most of it is inked: the line's outer rim."""
    way = np.roll(polygon, -1, axis=0) - polygon
    way = way / np.maximum(1e-6, np.hypot(*way.T))[:, None]
    normal = np.column_stack([way[:, 1], -way[:, 0]])
    along = np.linspace(0, 1, 24, endpoint=False)[:, None]
    moved = polygon
    for step in range(1, round(0.3 * smallest)):
        lines = np.column_stack([polygon + step * normal, way])
        corners = [crossing(lines[index - 1], lines[index]) for index in range(len(lines))]
        if any(corner is None for corner in corners):
            break
        larger = np.array(corners, np.float64)
        points = np.concatenate([a + (b - a) * along for a, b in zip(larger, np.roll(larger, -1, axis=0), strict=True)])
        x, y = points.astype(np.float32).T
        if step > 2 and float(cv2.remap(mask, x, y, cv2.INTER_NEAREST, borderValue=0).mean()) < 0.5:
            break
        moved = larger
    return moved
