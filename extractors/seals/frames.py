"""Frames of three or four straight sides: squares, rectangles, diamonds, triangles.

1. Straight edges of the ink (LSD, which tells on which side the ink lies), those in one line joined over gaps.
2. Where one edge ends another begins, ink inside: a corner. Two sides and their corner give a parallelogram and a
   triangle; other seals, print or wear may hide the rest.
3. Each side is fitted anew to the outermost ink beside it, and believed by how much of it is inked, whether it ends at
   its corners (a table's lines go on) and whether there is writing inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.seals.outline import FIELD, SURE, Mask, Outline, distinct

Floats = NDArray[np.float64]

EDGES = 500  # edges looked at, longest first
PIECES = 40  # hulls that are asked for a frame, largest first
HULL = 0.86  # part of the rectangle or triangle around it that the hull of a frame fills
CORNERS = 90  # corners looked at, those of the longest edges first
CLEAR = 0.7  # inked part of a side, less what has ink outside, from which nothing better is looked for
SAMPLES = 60  # places of a side at which ink is asked for
REACH = 6  # pixels beside a side in which its ink is looked for
LEAST_SIDE, LEAST_SIDES = 0.5, 0.72  # part of the weakest side, of all sides together, that is inked
LEAST_OF_THREE = 0.68  # of a triangle, for two sides of a frame and anything across make one
EMPTIEST = 0.055  # inked part of a coloured frame's inside; less is what black print there has of its colour
SQUARE = 0.85  # ratio of the sides from which a frame is square, or a diamond
ON_CORNER = 12.0  # degrees from standing on a corner up to which a square is a diamond, its text level
UPRIGHT = 14.0  # degrees from a right angle up to which a corner is a rectangle's, seen askew


@dataclass(frozen=True, slots=True)
class Page:
    """Where the page lies in a mask's coordinates: what is beyond cannot be seen.

    side: of a page's longer side at this scale, also where the picture is a part of a page.
    """

    left: float
    top: float
    right: float
    bottom: float
    side: float

    def holds(self, x: Floats, y: Floats, margin: float = 2.5) -> NDArray[np.bool_]:
        return (
            (x > self.left + margin) & (x < self.right - margin) & (y > self.top + margin) & (y < self.bottom - margin)
        )

    def moved(self, dx: float, dy: float) -> Page:
        return Page(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy, self.side)

    def part(self, polygon: Floats) -> float:
        """The part of a convex polygon's area that lies on the page."""
        shape = polygon.astype(np.float32)
        page = np.array(
            [[self.left, self.top], [self.right, self.top], [self.right, self.bottom], [self.left, self.bottom]],
            np.float32,
        )
        whole = float(cv2.contourArea(shape))
        area, _ = cv2.intersectConvexConvex(shape, page)
        return min(1.0, float(area) / whole) if whole > 0 else 0.0


def frames(
    mask: Mask, ink: Mask, inside: Mask, page: Page, colour: SealColour, smallest: float, largest: float
) -> list[Outline]:
    """Frames whose sides are `smallest` to `largest` pixels; best first, none twice.

    mask: where a corner is looked for. ink: what its sides may lie on. inside: all ink there, where the others lack the
    characters. page: in the masks' coordinates.
    """
    edges = _edges(mask, 0.55 * smallest, 1.6 * largest)
    found: list[Outline] = []
    for polygon in _polygons(edges, smallest, largest):
        if any(_about(polygon, other) for other in found):
            continue
        outline = _fitted(ink, inside, page, polygon, colour, smallest, largest)
        if outline is not None:
            found.append(outline)
    return distinct(found)


def unbroken(
    mask: Mask, inside: Mask, page: Page, colour: SealColour, smallest: float, largest: float
) -> list[Outline]:
    """Frames whose line is in one piece, or nearly; best first, none twice. All as for `frames`.

    Either the area that it encloses is one, once the print that hangs on it is away, or the hole within it.
    """
    found: list[Outline] = []
    for polygon in _hulls(mask, smallest, largest):
        if any(_about(polygon, other) for other in found):
            continue
        outline = _fitted(mask, inside, page, polygon, colour, smallest, largest)
        if outline is not None and outline.coverage >= SURE:
            found.append(outline)
    return distinct(found)


def around(
    piece: Mask, inside: Mask, page: Page, colour: SealColour, smallest: float, largest: float
) -> Outline | None:
    """The frame along the hull of a piece, whose line may be worn to dashes, or None. All as for `frames`."""
    points = cv2.findNonZero(piece)
    if points is None:
        return None
    hull = np.asarray(cv2.convexHull(points), np.int32)
    fitted = (
        _fitted(piece, inside, page, polygon, colour, smallest, largest)
        for polygon in _forms([hull], smallest, largest, trim=False)
    )
    return max((frame for frame in fitted if frame), key=lambda frame: frame.coverage, default=None)


def _hulls(mask: Mask, smallest: float, largest: float) -> list[Floats]:
    """What lies around enclosed areas and holes, where it is a rectangle or a triangle: clockwise, largest first."""
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    rims = [contour for contour, (*_, outer) in zip(contours, tree[0], strict=True) if outer < 0]
    holes = [contour for contour, (*_, outer) in zip(contours, tree[0], strict=True) if outer >= 0]
    made = list(_forms(_solid(mask.shape, rims, smallest), smallest, largest, trim=True))
    made += [_grown(mask, polygon, smallest) for polygon in _forms(holes, smallest, largest, trim=False)]
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


def _forms(contours: list[NDArray[np.int32]], smallest: float, largest: float, *, trim: bool) -> Iterator[Floats]:
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
        corners = [_crossing(lines[index - 1], lines[index]) for index in range(len(lines))]
        if any(corner is None for corner in corners):
            break
        larger = np.array(corners, np.float64)
        points = np.concatenate([a + (b - a) * along for a, b in zip(larger, np.roll(larger, -1, axis=0), strict=True)])
        x, y = points.astype(np.float32).T
        if step > 2 and float(cv2.remap(mask, x, y, cv2.INTER_NEAREST, borderValue=0).mean()) < 0.5:
            break
        moved = larger
    return moved


def _about(polygon: Floats, outline: Outline) -> bool:
    """Whether a polygon is about the same frame as one that was found."""
    if len(polygon) != len(outline.corners) or outline.coverage < SURE:
        return False
    apart = np.array(outline.corners)[None] - polygon[:, None]
    return bool(np.hypot(apart[..., 0], apart[..., 1]).min(axis=1).max() < 2 * REACH)


def _edges(mask: Mask, least: float, most: float) -> Floats:
    """Straight edges as x, y of the begin and the end; the ink lies to the right of the way."""
    detector = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE, 1.0)
    rim = 6  # at the border of a picture no edge is seen
    framed = cv2.copyMakeBorder(mask * 255, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0)
    # Where much more is than a frame the detector is dear, and half the size is enough.
    shrink = 2 if mask.size > most**2 else 1
    if shrink > 1:
        framed = cv2.resize(framed, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    else:
        framed = cv2.GaussianBlur(framed, (0, 0), 1.1)  # the steps of a slanting line are no edges
    found = detector.detect(framed)[0]
    if found is None:
        return np.zeros((0, 4))
    edges = (np.asarray(found, np.float64).reshape(-1, 4) + 0.5) * shrink - 0.5 - rim
    edges = edges[:, [2, 3, 0, 1]]
    length = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    edges = edges[length > 0.25 * least]
    length = length[length > 0.25 * least]
    edges = _joined(edges[np.argsort(-length, kind="stable")[:EDGES]], least)
    length = np.hypot(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    order = np.argsort(-length, kind="stable")
    return edges[order[(length[order] >= least) & (length[order] <= most)]]


def _joined(edges: Floats, gap: float) -> Floats:
    """Edges of one line joined over gaps, longest first."""
    ways = edges[:, 2:] - edges[:, :2]
    ways = ways / np.maximum(1e-6, np.hypot(ways[:, 0], ways[:, 1]))[:, None]
    made: list[Floats] = []
    while len(edges):
        one, edges, ways = edges[0], edges[1:], ways[1:]
        grown = True
        while grown and len(edges):
            way = one[2:] - one[:2]
            size = float(np.hypot(*way))
            way = way / size
            normal = np.array([-way[1], way[0]])
            ends = edges.reshape(-1, 2, 2) - one[:2]
            along, off = ends @ way, np.abs(ends @ normal).max(axis=1)
            begin, end = along[:, 0], along[:, 1]
            fit = (ways @ way > 0.99) & (off < 2.5 + 0.01 * size)
            fit &= (begin - size < gap) & (end > -gap)
            grown = bool(fit.any())
            if grown:
                one = np.concatenate(
                    [
                        one[:2] + way * min(0.0, float(begin[fit].min())),
                        one[:2] + way * max(size, float(end[fit].max())),
                    ]
                )
                edges, ways = edges[~fit], ways[~fit]
        made.append(one)
    return np.array(made) if made else np.zeros((0, 4))


def _polygons(edges: Floats, smallest: float, largest: float) -> list[Floats]:
    """Parallelograms and triangles from pairs of edges that meet in a corner; clockwise, longest first."""
    if len(edges) < 2:
        return []
    begin, end = edges[:, :2], edges[:, 2:]
    way = end - begin
    length = np.hypot(way[:, 0], way[:, 1])
    unit = way / length[:, None]
    cross = unit[:, None, 0] * unit[None, :, 1] - unit[:, None, 1] * unit[None, :, 0]
    dot = unit @ unit.T
    # Where the lines of i and j meet, as distances beyond i's end and before j's begin.
    between = begin[None] - end[:, None]
    safe = np.where(np.abs(cross) < 0.3, 1.0, cross)
    beyond = (between[..., 0] * unit[None, :, 1] - between[..., 1] * unit[None, :, 0]) / safe
    before = (between[..., 0] * unit[:, None, 1] - between[..., 1] * unit[:, None, 0]) / safe
    slack = np.maximum(6.0, 0.3 * length)
    # Clockwise with y down: each corner turns right, cross > 0.
    meets = (cross > 0.5) & (dot > -0.87) & (np.abs(beyond) < slack[:, None]) & (np.abs(before) < slack[None, :])
    ones, others = np.nonzero(meets)
    order = np.argsort(-(length[ones] + length[others]), kind="stable")[:CORNERS]
    made: list[Floats] = []
    for i, j in zip(ones[order].tolist(), others[order].tolist(), strict=True):
        corner = end[i] + unit[i] * beyond[i, j]
        far, last = begin[i], end[j]
        sides = float(np.hypot(*(far - corner))), float(np.hypot(*(last - corner)))
        if not (min(sides) >= 0.7 * smallest * 0.6 and max(sides) <= largest * 1.1):
            continue
        made.append(np.array([far, corner, last, far + last - corner]))
        if cross[i, j] > 0.7:
            made.append(np.array([far, corner, last]))
    return made


def _fitted(
    mask: Mask, inside: Mask, page: Page, polygon: Floats, colour: SealColour, smallest: float, largest: float
) -> Outline | None:
    """The polygon along the outermost ink, or None where it is no frame."""
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
        crossed = [_crossing(lines[index - 1], lines[index]) for index in range(count)]
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
    return _named(inside, page, polygon, float(share.mean()), colour, smallest, largest)


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


def _crossing(one: Floats, other: Floats) -> tuple[float, float] | None:
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


def _named(
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
