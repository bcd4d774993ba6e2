"""Where a sheet of paper lies on a picture: its four corners.

1. On photos, the first straight and sharp edges around what is written: the desk may be as light as the paper, and
   other papers may lie there.
   A fold across the sheet is such an edge, too: two sides go on beyond it.
2. Else, or where these leave writing out that it holds (shaded cells of a table have straight edges, too), the largest
   bright shape, if it has straight sides that stand out from a darker ground.
3. On photos where there is neither (a shadow lies across both the sheet and the desk, whose grain looks like writing),
   the largest quadrilateral of straight and sharp edges.

All are found roughly on a small picture, and each side is then fitted along the edge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster

_CONTRAST = 18  # grey levels by which a sheet must stand out from the desk
_FAINT = 7  # and where four long lines speak for it

_LEAST_WRITING = 40  # pixels of ink; with fewer there is nothing to stand around
_LEAST_WIDE = 20  # pixels that the writing is wide
_FALL = 5  # grey levels over three pixels from which there is an edge
_SOFT = 2.0  # how much more it falls over nine pixels; a shadow's edge falls three times as much
_SEEN = 0.7  # share of an edge's length, beside the writing, that is seen
_STEEPEST = 0.2  # slope of an edge: the picture may be turned by 10 degrees
_ASLANT = 0.35  # and of four edges that were seen well
_LONG = 0.3  # of the picture's side: a sheet's edge is seen for so long without a break
_EDGES = 4  # of each direction that may be the sheet's
_BREAK = 5  # pixels that are missing of an edge
_LEVEL = 0.01  # of the picture's side: a sheet whose sides stray less was never held before a camera


_SLOPES: list[float] = np.linspace(-_STEEPEST, _STEEPEST, 41).tolist()


def sheet_on(small: Raster, *, photo: bool) -> NDArray[np.float32] | None:
    """The corners of the sheet on a grey picture of about 300 pixels; None where there is none that is plain.

    Top left, top right, bottom right, bottom left, as fractions of the picture's width and height. It covers a fifth
    to nineteen twentieths of the picture and stands out from what is around it. Where it reaches over the picture's
    edge, that edge is its own; at least two of its sides must be seen. photo: of pictures that no scanner made, a sheet
    is looked for that is hardly brighter than what is around it, too.
    """
    height, width = small.shape
    if min(height, width) < 60:
        return None
    corners = _on_photo(small) if photo else _brightest(small)
    return (
        None
        if corners is None
        else cast("NDArray[np.float32]", (corners + 0.5) / np.array([width, height], np.float32))
    )


def _on_photo(small: Raster) -> NDArray[np.float32] | None:
    """The corners of the sheet around the writing; of the bright shape where there is none, or it holds more."""
    ink = _writing(small)
    around = _around_writing(small, ink)
    if around is not None and _held(around, ink) == cv2.countNonZero(ink):
        return around
    edges = _within_edges(small, ink)
    if around is not None and edges is not None and _goes_on(around, edges):
        return edges
    bright = _brightest(small)
    found = [corners for corners in (around, bright, edges if around is None else None) if corners is not None]
    return max(found, key=lambda corners: _held(corners, ink), default=None)


def _brightest(small: Raster) -> NDArray[np.float32] | None:
    """The corners of the largest bright shape, where it is a sheet."""
    height, width = small.shape
    # Closing takes the text away, so that what remains is paper and desk.
    smooth = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), 5)
    _, bright = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if not 0.2 * height * width < area < 0.95 * height * width:
        return None
    outline = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float32)
    if not 4 <= len(outline) <= 8 or cv2.contourArea(outline) < 0.9 * area:
        return None
    sides = _sides(outline, (height, width))
    return None if sides is None else _fitted(small, sides, 0.9 * area, _CONTRAST)


def _fitted(small: Raster, sides: list[_Side], least: float, contrast: int) -> NDArray[np.float32] | None:
    """The corners of a sheet whose sides are known roughly; None where they have no edges, or enclose too little."""
    steps = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), (0, 0), 1.0)
    near = _along_edges(steps, sides, 14, contrast)
    fitted = None if near is None else _along_edges(steps, near, 5, contrast)
    if fitted is None:
        return None
    corners = np.array([side.start for side in fitted], np.float32)
    return corners if cv2.contourArea(corners) >= least else None


def _around_writing(small: Raster, ink: Raster) -> NDArray[np.float32] | None:
    """The corners of a sheet on a light desk, or among other bright things.

    Between what is written on it and its edge there is nothing but paper: from the writing outwards, the first straight
    and sharp fall of brightness is the edge. Shadows fall softly, and the grain of a desk lies behind.
    ink: `_writing` of it.
    """
    height, width = small.shape
    if cv2.countNonZero(ink) < _LEAST_WRITING:
        return None
    steps = _without_writing(small)
    lines: list[tuple[float, float, float]] = []
    for quarters in range(4):  # the top, and the right, bottom and left turned there
        found = _edge_above(np.ascontiguousarray(np.rot90(steps, quarters)), np.rot90(ink, quarters))
        if found is None:
            return None
        lines.append(_turned_back(found, quarters, height, width))
    corners = _crossings(lines, small.shape, whole=True)
    if corners is None or not cv2.isContourConvex(np.round(corners).astype(np.int32)):
        return None
    sides = [_Side(corners[i], corners[(i + 1) % 4], False) for i in range(4)]
    fitted = _fitted(small, sides, 0.2 * height * width, _FAINT)
    return fitted if fitted is not None and _holds_all(fitted, ink) else None


def _within_edges(small: Raster, ink: Raster) -> NDArray[np.float32] | None:
    """The corners of the largest quadrilateral beyond all of whose sides it is darker, by a straight and sharp edge.

    ink: `_writing` of it.
    """
    height, width = small.shape
    if cv2.countNonZero(ink) < _LEAST_WRITING:
        return None
    steps = _without_writing(small)
    sides: list[list[tuple[float, float, float]]] = []
    seen: list[Raster] = []
    for quarters in range(4):
        edges = _edges_above(np.ascontiguousarray(np.rot90(steps, quarters)))
        found = _long_edges(edges)
        if not found:
            return None
        sides.append([_turned_back(line, quarters, height, width) for line in found])
        seen.append(
            cast(Raster, cv2.dilate(np.ascontiguousarray(np.rot90(edges, -quarters)), np.ones((3, 3), np.uint8)))
        )
    best: tuple[float, NDArray[np.float32]] | None = None
    for lines in product(*sides):
        corners = _crossings(list(lines), small.shape, whole=True)
        if corners is None or not cv2.isContourConvex(np.round(corners).astype(np.int32)):
            continue
        area = float(cv2.contourArea(corners))
        if best is not None and area <= best[0]:
            continue
        if all(_seen(edges, corners[n], corners[(n + 1) % 4]) >= _SEEN for n, edges in enumerate(seen)):
            best = area, corners
    if best is None:
        return None
    sheet = [_Side(best[1][n], best[1][(n + 1) % 4], False) for n in range(4)]
    # what is written outside may be the grain of a darker desk; else this is a slip on a sheet, or a program's window
    whole = _holds_all(best[1], ink)
    fitted = _fitted(small, sheet, 0.2 * height * width, _FAINT if whole else _CONTRAST)
    return fitted if whole or fitted is None or not _is_level(fitted, small.shape) else None


def _long_edges(edges: Raster) -> list[tuple[float, float, float]]:
    """The straight edges that are longest: (a, b, c) of ax + by + c = 0. edges: `_edges_above`."""
    width = edges.shape[1]
    least = max(2, round(_LONG * width))
    whole = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((1, _BREAK), np.uint8))
    found: list[tuple[int, int, float]] = []  # how long, row in the middle, slope
    for slope in np.linspace(-_ASLANT, _ASLANT, 57).tolist():
        level = _sheared(whole, slope, width / 2)
        rows = np.flatnonzero(cv2.reduce(level, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] >= 255 * least)
        if rows.size:
            unbroken = cv2.morphologyEx(level[rows], cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
            lengths = cv2.reduce(unbroken, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0]
            found.extend((length, row, slope) for length, row in zip(lengths.tolist(), rows.tolist(), strict=True))
    kept: list[tuple[int, int, float]] = []
    for edge in sorted(found, reverse=True):
        if edge[0] == 0:
            break
        if all(abs(edge[1] - other[1]) > _BREAK for other in kept):
            kept.append(edge)
        if len(kept) == _EDGES:
            break
    return [_line(row, slope, width / 2) for _, row, slope in kept]


def _seen(edges: Raster, start: NDArray[np.float32], end: NDArray[np.float32]) -> float:
    """The share of a side's length, of what is on the picture, where there is an edge."""
    places = start + (end - start) * np.linspace(0.04, 0.96, 60, dtype=np.float32)[:, None]
    xs, ys = np.round(places).astype(np.intp).T
    height, width = edges.shape
    inside = (xs >= 0) & (ys >= 0) & (xs < width) & (ys < height)
    return float((edges[ys[inside], xs[inside]] > 0).mean()) if inside.any() else 0.0


def _is_level(corners: NDArray[np.float32], shape: tuple[int, ...]) -> bool:
    """Whether all four sides run along the picture's."""
    (left_top, right_top, right_bottom, left_bottom), stray = corners, _LEVEL * max(shape)
    return bool(
        max(
            abs(left_top[1] - right_top[1]),
            abs(left_bottom[1] - right_bottom[1]),
            abs(left_top[0] - left_bottom[0]),
            abs(right_top[0] - right_bottom[0]),
        )
        < stray
    )


def _goes_on(part: NDArray[np.float32], whole: NDArray[np.float32]) -> bool:
    """Whether one of the sides of a sheet is but a fold: two that face each other go on beyond it."""
    if cv2.contourArea(whole) <= cv2.contourArea(part):
        return False
    lines = [_Side(whole[n], whole[(n + 1) % 4], False).line() for n in range(4)]
    same = [
        all(abs(a * x + b * y + c) <= _BREAK for x, y in (part[n], part[(n + 1) % 4]))
        for n, (a, b, c) in enumerate(lines)
    ]
    return sum(same) == 3


def _without_writing(small: Raster) -> Raster:
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return cast(Raster, cv2.GaussianBlur(closed, (0, 0), 1.0))


def _edges_above(steps: Raster) -> Raster:
    """255 where brightness falls upwards, sharply."""
    level = steps.astype(np.int16)
    near, far = np.zeros_like(level), np.zeros_like(level)
    near[1:-2] = level[3:] - level[:-3]
    far[4:-5] = level[9:] - level[:-9]
    return ((near >= _FALL) & (far <= _SOFT * near)).astype(np.uint8) * 255


def _sheared(edges: Raster, slope: float, middle: float) -> Raster:
    """With what runs along a slope made level; what is in the middle stays."""
    shear = np.array([[1, 0, 0], [slope, 1, -slope * middle]], np.float32)
    return cast(Raster, cv2.warpAffine(edges, shear, edges.shape[::-1], flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP))


def _line(row: int, slope: float, middle: float) -> tuple[float, float, float]:
    """(a, b, c) of ax + by + c = 0 of an edge at its row in the middle."""
    length = float(np.hypot(slope, 1))
    return slope / length, -1 / length, (row - slope * middle) / length


def _writing(small: Raster) -> Raster:
    """What is darker than the paper close by, 0 or 1."""
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    return cast(Raster, (small.astype(np.int16) < paper.astype(np.int16) - 25).astype(np.uint8))


def _edge_above(steps: Raster, ink: Raster) -> tuple[float, float, float] | None:
    """The first sharp edge above the writing: (a, b, c) of ax + by + c = 0; None where there is none.

    steps: the picture without its writing.
    """
    ys, xs = np.nonzero(ink)
    # a tenth at either end may be anything: the shadow beside the sheet, a page number
    left, right = (int(place) for place in np.quantile(xs, (0.1, 0.9)))
    if right - left < _LEAST_WIDE:
        return None
    edges = _edges_above(steps[:, left : right + 1])
    middle = (right - left) / 2
    found: list[tuple[int, float, int, float]] = []  # how far from the writing, share, row, slope
    for slope in _SLOPES:
        above = int(np.quantile(ys - slope * (xs - left - middle), 0.1))
        if above < 2:
            continue
        level_edges = _sheared(edges, slope, middle)
        shares = cv2.reduce(level_edges[:above], 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F).reshape(-1) / 255
        rows = np.flatnonzero(shares >= _SEEN)
        if rows.size:
            first = max(0, int(rows[-1]) - 5)
            row = first + int(np.argmax(shares[first : rows[-1] + 1]))
            found.append((above - int(rows[-1]), float(shares[row]), row, slope))
    if not found:
        return None
    nearest = min(found)[0]
    _, _, row, slope = max((edge for edge in found if edge[0] <= nearest + 10), key=lambda edge: edge[1])
    return _line(row, slope, left + middle)


def _turned_back(
    line: tuple[float, float, float], quarters: int, height: int, width: int
) -> tuple[float, float, float]:
    """A line of a picture that was turned counterclockwise by quarters, on the picture as it was."""
    a, b, c = line
    if quarters == 1:  # x' = y, y' = width - 1 - x
        return -b, a, c + b * (width - 1)
    if quarters == 2:
        return -a, -b, c + a * (width - 1) + b * (height - 1)
    if quarters == 3:  # x' = height - 1 - y, y' = x
        return b, -a, c + a * (height - 1)
    return line


def _holds_all(corners: NDArray[np.float32], ink: Raster) -> bool:
    """Nearly all that is written lies on the sheet, or in the shadow right beside it."""
    return _held(corners, ink) >= 0.85 * cv2.countNonZero(ink)


def _held(corners: NDArray[np.float32], ink: Raster) -> int:
    """Pixels of the writing that lie on the sheet, or in the shadow right beside it."""
    mask = np.zeros(ink.shape, np.uint8)
    cv2.fillConvexPoly(mask, corners.astype(np.int32), 1)
    mask = cast(Raster, cv2.dilate(mask, np.ones((9, 9), np.uint8)))
    return cv2.countNonZero(ink & mask)


@dataclass(frozen=True, slots=True)
class _Side:
    """A side of a sheet, clockwise. edge: the picture ends there, not the sheet."""

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    edge: bool

    def line(self) -> tuple[float, float, float]:
        """(a, b, c) of ax + by + c = 0 through both ends, a² + b² = 1."""
        x, y = (
            float(value) for value in (self.end - self.start) / max(1e-6, float(np.linalg.norm(self.end - self.start)))
        )
        return -y, x, y * float(self.start[0]) - x * float(self.start[1])


def _sides(outline: NDArray[np.float32], shape: tuple[int, int]) -> list[_Side] | None:
    """Top, right, bottom and left of an outline: of each direction the longest edge; None where they do not make a
    sheet. A direction without an edge of the sheet's own has the picture's."""
    height, width = shape
    if cv2.contourArea(outline, True) < 0:
        outline = outline[::-1]  # clockwise as seen, y growing downwards
    own: dict[int, _Side] = {}
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        along = end - start
        length = float(np.linalg.norm(along))
        if length < 0.1 * min(height, width) or _at_edge(start, end, shape):
            continue
        # 0 for an edge that runs to the right (the top), 1 down (the right), 2 to the left, 3 up
        direction = round(float(np.degrees(np.arctan2(along[1], along[0]))) / 90) % 4
        if direction not in own or length > float(np.linalg.norm(own[direction].end - own[direction].start)):
            own[direction] = _Side(start, end, False)
    if len(own) < 2:
        return None
    corners = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float32)
    return [own.get(side) or _Side(corners[side], corners[(side + 1) % 4], True) for side in range(4)]


def _at_edge(start: NDArray[np.float32], end: NDArray[np.float32], shape: tuple[int, int]) -> bool:
    """Both points lie at the same edge of the picture."""
    height, width = shape
    for axis, last in ((0, width - 1), (1, height - 1)):
        if max(start[axis], end[axis]) <= 3 or min(start[axis], end[axis]) >= last - 3:
            return True
    return False


def _along_edges(picture: Raster, sides: list[_Side], reach: int, contrast: int) -> list[_Side] | None:
    """The sides moved so that each runs along the sheet's edge; None where a side has no edge beside it."""
    centre = cast("NDArray[np.float32]", np.mean([side.start for side in sides], axis=0))
    lines = [side.line() if side.edge else _along(picture, side, centre, reach, contrast) for side in sides]
    known = [line for line in lines if line is not None]
    if len(known) < len(sides):
        return None
    corners = _crossings(known, picture.shape, whole=not any(side.edge for side in sides))
    if corners is None:
        return None
    ends = np.roll(corners, -1, axis=0)
    return [replace(side, start=corners[i], end=ends[i]) for i, side in enumerate(sides)]


def _along(
    picture: Raster, side: _Side, centre: NDArray[np.float32], reach: int, contrast: int
) -> tuple[float, float, float] | None:
    """The line along which the sheet's edge runs beside a rough side; None where there is no edge.

    At 60 places of the side, the edge is the greatest fall of brightness from inside to outside within `reach` pixels.
    Three places in five (of those on the picture) must show one, all nearly in a straight line.
    """
    height, width = picture.shape
    along = side.end - side.start
    normal = np.array([along[1], -along[0]], np.float32) / max(1e-6, float(np.linalg.norm(along)))
    if float(normal @ (side.start - centre)) < 0:
        normal = -normal
    places = side.start + along * np.linspace(0.04, 0.96, 60, dtype=np.float32)[:, None]
    places = places[((places >= 2) & (places <= (width - 3, height - 3))).all(axis=1)]
    if len(places) < 20:
        return None
    offsets = np.arange(-reach, reach + 1, dtype=np.float32)
    samples = places[:, None, :] + normal * offsets[None, :, None]
    profile = cv2.remap(
        picture, samples[..., 0], samples[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    falls = profile[:, :-3] - profile[:, 3:]
    best = falls.argmax(axis=1)
    marked = falls[np.arange(len(places)), best] >= contrast
    if np.count_nonzero(marked) < 0.6 * len(places):
        return None
    points = places[marked] + normal * (offsets[best[marked]] + 1.5)[:, None]
    x, y, x0, y0 = (float(v) for v in cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()[[0, 1, 2, 3]])
    line = (-y, x, y * x0 - x * y0)
    distances = np.abs(points @ np.array(line[:2], np.float32) + line[2])
    return line if np.count_nonzero(distances < 1.5) >= 0.6 * len(places) else None


def _crossings(
    lines: list[tuple[float, float, float]], shape: tuple[int, ...], *, whole: bool
) -> NDArray[np.float32] | None:
    """Where each side meets the one before; None where that is far off the picture."""
    corners = np.zeros((4, 2), np.float32)
    for index, (a, b, c) in enumerate(lines):
        d, e, f = lines[index - 1]
        crossing = a * e - b * d
        if abs(crossing) < 0.5:  # less than 30 degrees between two sides
            return None
        corners[index] = ((b * f - c * e) / crossing, (c * d - a * f) / crossing)
    height, width = shape[:2]
    margin = (0.03 if whole else 0.2) * max(height, width)
    inside = (corners > -margin).all() and (corners < (width + margin, height + margin)).all()
    return corners if inside else None
