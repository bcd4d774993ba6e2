"""A picture of a page made upright: flattened and straightened before it is read, turned where reading asks for it.

The upright page is what every box refers to. All is measured on thumbnails:

1. A photo that shows a bright page with its four corners on a darker desk is cut out and flattened.
2. A slant of a few degrees is the one at which the sums of ink over rows swing most.

Which way is up cannot be told from ink alone (the columns of a form swing as much as its rows); whoever reads the page
finds out and asks for `turned`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster

_LONGEST = 4200  # pixels: A4 at 360 dpi; more tells neither text nor seals any better and costs memory
_THUMBNAIL = 900  # pixels of the longer side: a line of text is still several pixels high
_SLANT = 5.0  # degrees; a stronger slant is not looked for
_STRAIGHT = 0.3  # degrees; less is left as it is, for turning blurs
_LEAST_INK = 200  # pixels of the thumbnail; with less there are no lines to measure

_CONTRAST = 18  # grey levels by which a sheet must stand out from the desk

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Upright:
    """A page as it is looked at.

    raster: as given, RGB or grey. dpi: of this raster; None where unknown.
    rotation: degrees clockwise (0, 90, 180, 270) by which the picture was turned.
    slant: degrees clockwise, -5 to 5, that were taken off after its last turn.
    flattened: a page was cut out of a photo.
    """

    raster: Raster
    dpi: float | None
    rotation: int = 0
    slant: float = 0.0
    flattened: bool = False


def stand(raster: Raster, dpi: float | None) -> Upright:
    """Make a picture upright, but for the question which way is up."""
    raster, dpi = _bounded(raster, dpi)
    corners = _corners(raster)
    if corners is not None:
        raster, dpi = _flatten(raster, corners), None  # a photo has no scale
    raster, slant = _straightened(raster)
    return Upright(raster, dpi, 0, slant, corners is not None)


def turned(page: Upright, degrees: int) -> Upright:
    """The page turned by 90, 180 or 270 degrees clockwise, and straightened as it then stands."""
    raster, slant = _straightened(cast(Raster, cv2.rotate(page.raster, _TURNS[degrees])))
    return Upright(raster, page.dpi, (page.rotation + degrees) % 360, slant, page.flattened)


def _straightened(raster: Raster) -> tuple[Raster, float]:
    slant = _slant(_ink(raster))
    return (_straighten(raster, slant), slant) if abs(slant) > _STRAIGHT else (raster, 0.0)


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


def _ink(raster: Raster) -> NDArray[np.bool_]:
    """Where the thumbnail is darker than the paper around it. Long rules and bars are no text: they are left out."""
    grey = _small(raster, _THUMBNAIL)
    paper = cv2.blur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), (15, 15))
    ink = (grey.astype(np.int16) < paper.astype(np.int16) * 3 // 4).astype(np.uint8)
    length = max(9, max(grey.shape) // 12)
    for kernel in (np.ones((1, length), np.uint8), np.ones((length, 1), np.uint8)):
        ink = cv2.subtract(ink, cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.ones((3, 3), np.uint8)))
    return cast("NDArray[np.bool_]", ink > 0)


def _swing(sums: NDArray[np.float64]) -> float:
    """How much adjacent sums differ, each difference squared: high where lines and gaps alternate."""
    return float(np.square(np.diff(sums)).sum())


def _swings(ink: NDArray[np.bool_], angles: NDArray[np.float64]) -> list[float]:
    """The swing of the rows' sums when the page is sheared by each of the angles (degrees clockwise)."""
    ys, xs = np.nonzero(ink)
    height, width = ink.shape
    reach = int(np.ceil(np.tan(np.radians(_SLANT + 1)) * width)) + 1
    shape = height + 2 * reach
    answers: list[float] = []
    for angle in angles:
        rows = (ys - xs * np.tan(np.radians(angle)) + reach).astype(np.int32)
        answers.append(_swing(np.bincount(rows.clip(0, shape - 1), minlength=shape).astype(np.float64)))
    return answers


def _slant(ink: NDArray[np.bool_]) -> float:
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


def _corners(raster: Raster) -> NDArray[np.float32] | None:
    """The page's corners (top left, top right, bottom right, bottom left) on a photo; None where there is no such page.

    Said only where it is plain: a bright convex quadrilateral with four straight edges that covers a fifth to nineteen
    twentieths of the picture and stands out from what is around it.
    """
    small = _small(raster, 300)
    height, width = small.shape
    if min(height, width) < 60:
        return None
    # Closing takes the text away, so that what remains is paper and desk.
    smooth = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), 5)
    _, bright = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    page = cv2.convexHull(max(contours, key=cv2.contourArea))
    area = cv2.contourArea(page)
    if not 0.2 * height * width < area < 0.95 * height * width:
        return None
    four = cv2.approxPolyDP(page, 0.03 * cv2.arcLength(page, True), True)
    if len(four) != 4 or cv2.contourArea(four) < 0.9 * area:
        return None
    rough = _ordered(four.reshape(4, 2).astype(np.float32))
    steps = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), (0, 0), 1.0)
    near = _along_edges(steps, rough, 14)
    corners = None if near is None else _along_edges(steps, near, 5)
    if corners is None:
        return None
    scale = np.array([raster.shape[1] / width, raster.shape[0] / height], np.float32)
    return cast("NDArray[np.float32]", (corners + 0.5) * scale)


def _along_edges(picture: Raster, corners: NDArray[np.float32], reach: int) -> NDArray[np.float32] | None:
    """The corners moved so that each side runs along the sheet's edge; None where a side has no edge beside it.

    At 60 places of a side, the edge is the greatest fall of brightness from inside to outside within `reach` pixels.
    Three places in five must show one, all nearly in a straight line.
    """
    centre = corners.mean(axis=0)
    lines: list[tuple[float, float, float]] = []
    offsets = np.arange(-reach, reach + 1, dtype=np.float32)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = end - start
        normal = np.array([along[1], -along[0]], np.float32) / max(1e-6, float(np.linalg.norm(along)))
        if float(normal @ (start - centre)) < 0:
            normal = -normal
        places = start + along * np.linspace(0.04, 0.96, 60, dtype=np.float32)[:, None]
        samples = places[:, None, :] + normal * offsets[None, :, None]
        profile = cv2.remap(
            picture, samples[..., 0], samples[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ).astype(np.float32)
        falls = profile[:, :-3] - profile[:, 3:]
        best = falls.argmax(axis=1)
        marked = falls[np.arange(len(places)), best] >= _CONTRAST
        if np.count_nonzero(marked) < 0.6 * len(places):
            return None
        points = places[marked] + normal * (offsets[best[marked]] + 1.5)[:, None]
        x, y, x0, y0 = (float(v) for v in cv2.fitLine(points, cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()[[0, 1, 2, 3]])
        line = (-y, x, y * x0 - x * y0)
        distances = np.abs(points @ np.array(line[:2], np.float32) + line[2])
        if np.count_nonzero(distances < 1.5) < 0.6 * len(places):
            return None
        lines.append(line)
    return _crossings(lines, picture.shape)


def _crossings(lines: list[tuple[float, float, float]], shape: tuple[int, ...]) -> NDArray[np.float32] | None:
    """Where each side (a, b, c of ax + by + c = 0) meets the one before; None where that is off the picture."""
    corners = np.zeros((4, 2), np.float32)
    for index, (a, b, c) in enumerate(lines):
        d, e, f = lines[index - 1]
        crossing = a * e - b * d
        if abs(crossing) < 0.5:  # less than 30 degrees between two sides
            return None
        corners[index] = ((b * f - c * e) / crossing, (c * d - a * f) / crossing)
    height, width = shape[:2]
    margin = 0.03 * max(height, width)
    inside = (corners > -margin).all() and (corners < (width + margin, height + margin)).all()
    return corners if inside else None


def _ordered(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Clockwise from the corner nearest to the top left."""
    centre = points.mean(axis=0)
    clockwise = points[np.argsort(np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0]))]
    return np.roll(clockwise, -int(np.argmin(clockwise.sum(axis=1))), axis=0)


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
