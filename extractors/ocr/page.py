"""A picture of a page made upright: cut out, turned and straightened before it is read; a spread taken apart.

The upright page is what every box refers to. It follows from the picture and the degrees by which it is turned alone,
so that it can be shown again. All is measured on thumbnails:

1. `cut_out`: a bright sheet on a darker ground is cut out and flattened, also where it reaches over the picture's
   edge; black bars of a copier are cut off.
2. `stand`: turned by the degrees that orientation.py (or reading) tells. A slant of a few degrees is then the one at
   which the sums of ink over rows swing most.
3. `leaves`: two facing pages, with a broad gutter between them, are two pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Half
from extractors.ocr.engine import Raster

_LONGEST = 4200  # pixels: A4 at 360 dpi; more tells neither text nor seals any better and costs memory
_THUMBNAIL = 900  # pixels of the longer side: a line of text is still several pixels high
_SLANT = 7.0  # degrees; a stronger slant is not looked for
_STRAIGHT = 0.3  # degrees; less is left as it is, for turning blurs
_LEAST_INK = 200  # pixels of the thumbnail; with less there are no lines to measure

_CONTRAST = 18  # grey levels by which a sheet must stand out from the desk
_FAINT = 7  # and where four long lines speak for it
_LINES = 7  # edges of each direction that are tried
_BAR = 0.12  # of the picture's side; a broader dark bar is not a copier's edge
_BAR_DARK = 0.93  # share of its pixels that are dark

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}

_PAPERS_MM = (
    (148, 210),
    (176, 250),
    (182, 257),
    (184, 260),
    (195, 270),
    (210, 297),
    (216, 279),
    (216, 356),
    (297, 420),
)
"""A5, B5, JIS B5, 16K (two), A4, Letter, Legal, A3."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper, cut out of its picture but not turned. dpi: of this raster; None where unknown.

    ink: `ink_of` the raster. flattened: it was lifted off its ground, so that nothing but paper is left.
    """

    raster: Raster
    dpi: float | None
    ink: NDArray[np.uint8]
    flattened: bool = False


@dataclass(frozen=True, slots=True)
class Upright:
    """A page as it is looked at.

    raster: as given, RGB or grey. dpi: of this raster; None where unknown.
    rotation: degrees clockwise (0, 90, 180, 270) by which the picture was turned.
    slant: degrees clockwise, -7 to 7, that were taken off after the turn.
    half: of a spread, which of its pages.
    """

    raster: Raster
    dpi: float | None
    rotation: int = 0
    slant: float = 0.0
    flattened: bool = False
    half: Half = Half.WHOLE


def cut_out(raster: Raster, dpi: float | None) -> Sheet:
    """The sheet on a picture. A sheet seen from aside has no scale; one whose size is a paper's keeps it."""
    raster, dpi = _bounded(raster, dpi)
    small = _small(raster, _THUMBNAIL)
    corners = _corners(small, raster, photo=dpi is None)
    if corners is None:
        rest = _without_bars(small, raster)
        return Sheet(rest, dpi, _ink(small) if rest is raster else ink_of(rest))
    flat = _flatten(raster, corners)
    return Sheet(flat, dpi if _is_scanned(corners, raster, dpi) else None, ink_of(flat), flattened=True)


def stand(sheet: Sheet, degrees: int = 0) -> Upright:
    """The sheet turned by 0, 90, 180 or 270 degrees clockwise, and straightened as it then stands."""
    raster = cast(Raster, cv2.rotate(sheet.raster, _TURNS[degrees])) if degrees else sheet.raster
    slant = _slant(np.rot90(sheet.ink, -degrees // 90))
    if abs(slant) <= _STRAIGHT:
        return Upright(raster, sheet.dpi, degrees, 0.0, sheet.flattened)
    return Upright(_straighten(raster, slant), sheet.dpi, degrees, slant, sheet.flattened)


def as_it_is(raster: Raster, dpi: float | None) -> Upright:
    """A page that was drawn upright."""
    return Upright(*_bounded(raster, dpi))


def leaves(page: Upright) -> tuple[Upright, ...]:
    """The left and the right page of a spread; the page itself where it is none."""
    fold = _fold(page.raster)
    if fold is None:
        return (page,)
    at = round(fold * page.raster.shape[1])
    return (
        replace(page, raster=np.ascontiguousarray(page.raster[:, :at]), half=Half.LEFT),
        replace(page, raster=np.ascontiguousarray(page.raster[:, at:]), half=Half.RIGHT),
    )


def _bounded(raster: Raster, dpi: float | None) -> tuple[Raster, float | None]:
    height, width = raster.shape[:2]
    scale = _LONGEST / max(height, width)
    if scale >= 1:
        return raster, dpi
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cast(Raster, cv2.resize(raster, size, interpolation=cv2.INTER_AREA))
    return small, None if dpi is None else dpi * scale


def _small(raster: Raster, longest: int) -> Raster:
    """A grey thumbnail. Every other pixel is dropped first while there are plenty: averaging is what costs."""
    height, width = raster.shape[:2]
    step = max(1, max(height, width) // (2 * longest))
    part = raster[::step, ::step]
    grey = cast(Raster, cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)) if part.ndim == 3 else np.ascontiguousarray(part)
    scale = longest / max(grey.shape)
    if scale >= 1:
        return grey
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return cast(Raster, cv2.resize(grey, size, interpolation=cv2.INTER_AREA))


def ink_of(raster: Raster, *, rules: bool = False) -> NDArray[np.uint8]:
    """Where the thumbnail is darker than the paper around it, 0 or 1. Long rules and bars are no text: left out."""
    return _ink(_small(raster, _THUMBNAIL), rules=rules)


def _ink(grey: Raster, *, rules: bool = False) -> NDArray[np.uint8]:
    paper = cv2.blur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), (15, 15))
    ink = (grey.astype(np.int16) < paper.astype(np.int16) * 3 // 4).astype(np.uint8)
    if rules:
        return cast("NDArray[np.uint8]", ink)
    length = max(9, max(grey.shape) // 12)
    for kernel in (np.ones((1, length), np.uint8), np.ones((length, 1), np.uint8)):
        ink = cv2.subtract(ink, cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.ones((3, 3), np.uint8)))
    return cast("NDArray[np.uint8]", ink)


def _swing(sums: NDArray[np.float64]) -> float:
    """How much adjacent sums differ, each difference squared: high where lines and gaps alternate."""
    return float(np.square(np.diff(sums)).sum())


def _swings(ink: NDArray[np.uint8], angles: NDArray[np.float64]) -> list[float]:
    """The swing of the rows' sums when the page is sheared by each of the angles (degrees clockwise)."""
    ys, xs = np.nonzero(ink)
    height, width = ink.shape
    reach = int(np.ceil(np.tan(np.radians(_SLANT + 1)) * width)) + 1
    columns = np.arange(width)
    answers: list[float] = []
    for angle in angles:
        moved = np.floor(reach - columns * np.tan(np.radians(angle))).astype(np.intp)
        answers.append(_swing(np.bincount(ys + moved[xs], minlength=height + 2 * reach).astype(np.float64)))
    return answers


def _slant(ink: NDArray[np.uint8]) -> float:
    """Degrees clockwise by which the lines of text fall; 0.0 where nothing tells."""
    if np.count_nonzero(ink) < _LEAST_INK:
        return 0.0
    coarse = np.arange(-_SLANT, _SLANT + 0.01, 0.5)
    swings = _swings(ink, coarse)
    best = int(np.argmax(swings))
    if swings[best] < 1.1 * swings[len(coarse) // 2]:
        return 0.0
    fine = coarse[best] + np.arange(-0.4, 0.41, 0.1)
    return float(np.clip(fine[int(np.argmax(_swings(ink, fine)))], -_SLANT, _SLANT))


def _straighten(raster: Raster, slant: float) -> Raster:
    """Turn by `slant` degrees counterclockwise about the centre; what comes in at the corners repeats the edge."""
    height, width = raster.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), slant, 1.0)
    return cast(
        Raster, cv2.warpAffine(raster, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def _corners(thumbnail: Raster, raster: Raster, *, photo: bool) -> NDArray[np.float32] | None:
    """The sheet's corners (top left, top right, bottom right, bottom left) on a picture; None where there is no such.

    Said only where it is plain: a bright shape with straight edges that covers a fifth to nineteen twentieths of the
    picture and stands out from what is around it. Where it reaches over the picture's edge, that edge is its own; at
    least two of its sides must be seen.
    """
    small = _small(thumbnail, 300)
    height, width = small.shape
    if min(height, width) < 60:
        return None
    corners = _brightest(small)
    if corners is None and photo:
        corners = _by_lines(small)
    if corners is None:
        return None
    scale = np.array([raster.shape[1] / width, raster.shape[0] / height], np.float32)
    return cast("NDArray[np.float32]", (corners + 0.5) * scale)


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


def _by_lines(small: Raster) -> NDArray[np.float32] | None:
    """The corners of a sheet that is hardly brighter than its ground, or lies among other bright things.

    Of the long straight edges of the picture, the four that enclose the most, with everything written inside them and
    each falling from the sheet to the ground.
    """
    height, width = small.shape
    steps = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), (0, 0), 1.5)
    edges = cv2.Canny(steps, 12, 30)
    found = cv2.HoughLinesP(edges, 1, np.pi / 360, 40, minLineLength=0.25 * min(height, width), maxLineGap=12)
    if found is None:
        return None
    across: list[tuple[float, float, float]] = []  # where each crosses the middle, its slope, its length
    down: list[tuple[float, float, float]] = []
    for x0, y0, x1, y1 in found.reshape(-1, 4).astype(float):
        length = float(np.hypot(x1 - x0, y1 - y0))
        if abs(x1 - x0) > 2 * abs(y1 - y0):
            slope = (y1 - y0) / (x1 - x0)
            across.append((y0 + slope * (width / 2 - x0), slope, length))
        elif abs(y1 - y0) > 2 * abs(x1 - x0):
            slope = (x1 - x0) / (y1 - y0)
            down.append((x0 + slope * (height / 2 - y0), slope, length))
    ink = cv2.morphologyEx(
        (small.astype(np.int16) < steps.astype(np.int16) - 25).astype(np.uint8),
        cv2.MORPH_OPEN,
        np.ones((2, 2), np.uint8),
    )
    best: NDArray[np.float32] | None = None
    most = 0.2 * height * width
    for top, bottom in combinations(_distinct(across), 2):
        for left, right in combinations(_distinct(down), 2):
            rough = _quadrilateral(top, right, bottom, left, (height, width))
            if rough is None or cv2.contourArea(rough) <= most or cv2.contourArea(rough) > 0.95 * height * width:
                continue
            sides = [_Side(rough[i], rough[(i + 1) % 4], False) for i in range(4)]
            corners = _fitted(small, sides, most, _FAINT)
            if corners is not None and _holds_all(corners, ink):
                best, most = corners, cv2.contourArea(corners)
    return best


def _distinct(lines: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """(place, slope) of the longest lines, those of one edge once, in the order of their places."""
    kept: list[tuple[float, float]] = []
    for place, slope, _ in sorted(lines, key=lambda line: -line[2]):
        if all(abs(place - other) > 8 for other, _ in kept):
            kept.append((place, slope))
        if len(kept) == _LINES:
            break
    return sorted(kept)


def _quadrilateral(
    top: tuple[float, float],
    right: tuple[float, float],
    bottom: tuple[float, float],
    left: tuple[float, float],
    shape: tuple[int, int],
) -> NDArray[np.float32] | None:
    """The corners, clockwise from top left, of two lines across and two down; None where they leave the picture."""
    height, width = shape
    corners = np.zeros((4, 2), np.float32)
    for index, (row, column) in enumerate(((top, left), (top, right), (bottom, right), (bottom, left))):
        # y = row + slope (x - width / 2), x = column + slope (y - height / 2)
        y = (row[0] + row[1] * (column[0] - column[1] * height / 2 - width / 2)) / (1 - row[1] * column[1])
        corners[index] = (column[0] + column[1] * (y - height / 2), y)
    margin = 0.03 * max(shape)
    inside = (corners > -margin).all() and (corners < (width + margin, height + margin)).all()
    return corners if inside and cv2.isContourConvex(corners.astype(np.int32)) else None


def _holds_all(corners: NDArray[np.float32], ink: Raster) -> bool:
    """Next to nothing is written around the sheet, on what has its brightness."""
    mask = np.zeros(ink.shape, np.uint8)
    cv2.fillConvexPoly(mask, corners.astype(np.int32), 1)
    total = cv2.countNonZero(ink)
    return total > 0 and cv2.countNonZero(ink & mask) >= 0.9 * total


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


def _flatten(raster: Raster, corners: NDArray[np.float32]) -> Raster:
    """The quadrilateral as a rectangle whose sides are the longer of each pair of edges."""
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = max(2, round(max(top, bottom))), max(2, round(max(left, right)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(corners, target)
    return cast(
        Raster,
        cv2.warpPerspective(raster, warp, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
    )


def _is_scanned(corners: NDArray[np.float32], raster: Raster, dpi: float | None) -> bool:
    """Whether a sheet was seen straight on, as scanners do whose resolution is true.

    It is a rectangle, and as large as a usual paper, or it fills the picture from edge to edge but for a straight bar.
    """
    if dpi is None:
        return False
    sides = [float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)]
    if any(abs(first - second) > 0.015 * max(first, second) for first, second in (sides[::2], sides[1::2])):
        return False
    height, width = raster.shape[:2]
    if np.count_nonzero(np.abs(corners - np.round(corners / (width, height)) * (width, height)) < 0.01 * width) >= 4:
        return True
    shorter, longer = sorted(max(pair) / dpi * 25.4 for pair in (sides[::2], sides[1::2]))
    return any(abs(shorter / low - 1) < 0.03 and abs(longer / high - 1) < 0.03 for low, high in _PAPERS_MM)


def _without_bars(thumbnail: Raster, raster: Raster) -> Raster:
    """Without the dark bars along its edges that a copier or scanner leaves where there is no paper."""
    grey = _small(thumbnail, 400)
    paper = float(np.quantile(grey[::2, ::2], 0.7))
    dark = grey < 0.45 * paper
    if paper < 90 or not dark.any():
        return raster
    high, wide = grey.shape
    top, bottom = _bars(dark.mean(axis=1))
    left, right = _bars(dark.mean(axis=0))
    if top + bottom + left + right == 0:
        return raster
    height, width = raster.shape[:2]
    rows = slice(round(top / high * height), height - round(bottom / high * height))
    columns = slice(round(left / wide * width), width - round(right / wide * width))
    return np.ascontiguousarray(raster[rows, columns])


def _bars(shares: NDArray[np.float64]) -> tuple[int, int]:
    """How many places at the beginning and at the end are dark all along, and one of their soft edge."""

    def bar(shares: NDArray[np.float64]) -> int:
        most = int(_BAR * len(shares))
        full = int(np.argmin(shares[: most + 1] > _BAR_DARK))  # 0 also where all are dark: no bar, but a desk
        return full + 1 if full else 0

    return bar(shares), bar(shares[::-1])


def _fold(raster: Raster) -> float | None:
    """Where the two pages of a spread meet, as a fraction of the width; None where the picture shows no spread.

    Wider than high, with text on both sides of a gutter that nothing crosses: no title, no rule of a table. A gutter is
    as broad as two margins; the columns of one page stand nearer to each other.
    """
    height, width = raster.shape[:2]
    if not 1.15 * height < width < 2.2 * height:
        return None
    grey = _small(raster, _THUMBNAIL)
    # Rules count here: a table across the middle is one page's. The fold's own shadow runs down: it does not.
    ink = ink_of(raster, rules=True)
    ink = cv2.subtract(
        ink,
        cv2.dilate(
            cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((grey.shape[0] // 8, 1), np.uint8)), np.ones((1, 5), np.uint8)
        ),
    )
    inside = ink[round(0.03 * ink.shape[0]) : round(0.97 * ink.shape[0])]
    columns = inside.sum(axis=0)
    wide = len(columns)
    empty = columns <= 1
    start, end = round(0.42 * wide), round(0.58 * wide)
    best: tuple[int, int] | None = None
    at = start
    while at < end:
        if not empty[at]:
            at += 1
            continue
        first, last = at, at
        while first > 0 and empty[first - 1]:
            first -= 1
        while last + 1 < wide and empty[last + 1]:
            last += 1
        if best is None or last - first > best[1] - best[0]:
            best = (first, last)
        at = last + 1
    if best is None or best[1] - best[0] < 0.055 * wide:
        return None
    total = int(columns.sum())
    if min(int(columns[: best[0]].sum()), int(columns[best[1] :].sum())) < 0.12 * total or total < _LEAST_INK:
        return None
    return (best[0] + best[1]) / 2 / wide
