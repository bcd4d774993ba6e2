"""A picture of a page made upright: cut out, turned and straightened before it is read; a spread taken apart.

The upright page is what every box refers to. It follows from the picture and the degrees by which it is turned alone,
so that it can be shown again. All is measured on thumbnails:

0. Light text on dark, as a program painted it, is turned into dark text on paper (night.py), and is all there.
1. `cut_out`: a bright sheet on a darker ground is cut out and flattened, also where it reaches over the picture's
   edge; black bars of a copier are cut off.
2. `stand`: turned by the degrees that orientation.py (or reading) tells. A slant of a few degrees is then the one at
   which the sums of ink over rows swing most; a photographed sheet that curls is laid straight (bow.py).
3. `leaves`: two facing pages, with a broad gutter between them, are two pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Half
from extractors.ocr.bow import LEAST_INK, SURELY, bow_of, swing, unbowed
from extractors.ocr.engine import Raster
from extractors.ocr.night import by_day
from extractors.ocr.sheet import sheet_on
from extractors.ocr.shrink import shrunk

_LONGEST = 4200  # pixels: A4 at 360 dpi; more tells neither text nor seals any better and costs memory
_THUMBNAIL = 900  # pixels of the longer side: a line of text is still several pixels high
_SKETCH = 300  # pixels of it, on which a sheet is looked for: text is no more than specks
_SLANT = 7.0  # degrees; a stronger slant is not looked for
_STRAIGHT = 0.3  # degrees; less is left as it is, for turning blurs
_PLAIN = 1.0  # degrees; scanners' sheets seldom lie further aslant
_PAPER = 0.94  # of the paper's brightness: what is lighter is its own unevenness

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
    if (painted := by_day(raster)) is not None:
        return Sheet(painted, dpi, ink_of(painted))
    small = _small(raster, _THUMBNAIL)
    corners = sheet_on(_small(small, _SKETCH), photo=dpi is None)
    if corners is None:
        rest = _without_bars(small, raster)
        return Sheet(rest, dpi, _ink(small) if rest is raster else ink_of(rest))
    corners = corners * np.array(raster.shape[1::-1], np.float32)
    flat = _flatten(raster, corners)
    return Sheet(flat, dpi if _is_scanned(corners, raster, dpi) else None, ink_of(flat), flattened=True)


def stand(sheet: Sheet, degrees: int = 0) -> Upright:
    """The sheet turned by 0, 90, 180 or 270 degrees clockwise, and straightened as it then stands."""
    raster = cast(Raster, cv2.rotate(sheet.raster, _TURNS[degrees])) if degrees else sheet.raster
    ink = np.rot90(sheet.ink, -degrees // 90)
    slant, bow = _slant(ink, lambda: ink_of(raster, rules=True)), None
    # a scanner's lid holds paper flat
    if sheet.dpi is None and (found := bow_of(ink, slant)) is not None:
        slant, bow = found
    if abs(slant) <= _STRAIGHT:
        slant = 0.0
    straight = _straighten(raster, slant) if slant else raster
    raster = unbowed(straight, bow) if bow else straight
    return Upright(raster, sheet.dpi, degrees, slant, sheet.flattened)


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
    small = shrunk(raster, max(1, round(width * scale)), max(1, round(height * scale)))
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
    return shrunk(grey, max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))


def ink_of(raster: Raster, *, rules: bool = False) -> NDArray[np.uint8]:
    """Where the thumbnail is darker than the paper around it, 0 or 1. Long rules and bars are no text: left out."""
    return _ink(_small(raster, _THUMBNAIL), rules=rules)


def _ink(grey: Raster, *, rules: bool = False) -> NDArray[np.uint8]:
    paper = cv2.blur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), (15, 15))
    ink = _darker(grey, paper, 0.75)
    if np.count_nonzero(ink) < LEAST_INK:
        palest = np.quantile(grey / np.maximum(paper, 1), min(1.0, LEAST_INK / grey.size))
        ink = _darker(grey, paper, (1 + float(palest)) / 2) if palest < _PAPER else ink
    if rules:
        return ink
    length = max(9, max(grey.shape) // 12)
    for kernel in (np.ones((1, length), np.uint8), np.ones((length, 1), np.uint8)):
        ink = cv2.subtract(ink, cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel), np.ones((3, 3), np.uint8)))
    return ink


def _darker(grey: Raster, paper: Raster, share: float) -> NDArray[np.uint8]:
    return np.asarray(grey < cv2.multiply(paper, share), np.uint8)


def _swings(ink: NDArray[np.uint8], angles: NDArray[np.float64]) -> list[float]:
    """The swing of the rows' sums when the page is sheared by each of the angles (degrees clockwise)."""
    height, width = ink.shape
    ys, xs = np.divmod(np.flatnonzero(np.ascontiguousarray(ink).view(np.bool_)), width)
    reach = int(np.ceil(np.tan(np.radians(_SLANT + 1)) * width)) + 1
    columns = np.arange(width)
    answers: list[float] = []
    for angle in angles:
        moved = np.floor(reach - columns * np.tan(np.radians(angle))).astype(np.intp)
        answers.append(swing(ys + moved[xs], height + 2 * reach))
    return answers


def _slant(ink: NDArray[np.uint8], whole: Callable[[], NDArray[np.uint8]]) -> float:
    """Degrees clockwise by which the lines of text fall; 0.0 where nothing tells.

    ink: of the text. whole: with the rules, which are asked where a few words and a seal say that a page falls much.
    """
    if np.count_nonzero(ink) < LEAST_INK:
        return 0.0
    coarse = np.arange(-_SLANT, _SLANT + 0.01, 0.5)
    swings = _swings(ink, coarse)
    best = int(np.argmax(swings))
    if swings[best] < 1.1 * swings[len(coarse) // 2]:
        return 0.0
    if abs(coarse[best]) > _PLAIN and swings[best] < SURELY * swings[len(coarse) // 2]:
        fallen, level = _swings(whole(), np.array([coarse[best], 0.0]))
        if fallen < level:
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
    if min(int(columns[: best[0]].sum()), int(columns[best[1] :].sum())) < 0.12 * total or total < LEAST_INK:
        return None
    return (best[0] + best[1]) / 2 / wide
