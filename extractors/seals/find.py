"""Where seals stand on a page: outlines of rings and frames, before anything is read.

Colour first: the page's chroma (see ocr/inks.py) is split into hue families, so that a blue signature does not join a
red seal. In each family what is certainly no seal goes (solid areas, long rules), the rest falls into connected
pieces, and each piece is asked three questions in turn: is it a frame, an ellipse, several circles? What is left over
is asked for circles as a whole, which finds rings worn into fragments. A second pass looks at half the threshold for
faint impressions. Only a page on which colour shows no seal is searched for rings in black or grey.

Everything happens at about 100 dpi. The answer is generous: `read.py` rejects what is weak *and* reads as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.limits import Limits
from extractors.ocr.inks import Inks

Mask = NDArray[np.uint8]
Floats = NDArray[np.float32]
Shrunk = TypeVar("Shrunk", Mask, Floats)

WORK_SIDE = 1200  # pixels of the long side at which is searched: about 100 dpi on A4
SMALLEST = 0.036  # of the long side: 10 mm on A4, the smallest chop
FAINTEST = 0.045  # optical density of chroma below which nothing is told from paper and JPEG noise
DULLEST = 0.3  # chroma of ink as a part of its greatest density; black print stays below
PIECES = 80  # connected pieces looked at in one pass, largest first
DENSEST = 60_000  # pixels of unexplained ink in which circles are still looked for; more is a picture or a pattern
LEAST_WORN = 0.032 * WORK_SIDE  # radius (9 mm on A4) below which a broken ring is a character's strokes
SURE = 0.8  # coverage from which an outline alone says that there is a ring or a frame
UNSURE = 8  # outlines below that looked at on one page
ANGLES = 180  # directions in which the ring is asked for

DARK, PALE = 200, 232  # levels of the grey page below which there is ink; a faint impression's copy needs the second
OVAL = 0.84  # axes' ratio below which a ring is an oval, above which a circle seen slightly askew


@dataclass(frozen=True, slots=True)
class Outline:
    """The outer edge of an impression, in pixels of the page.

    centre: x, y. half_width, half_height: semi-axes of the ellipse, or half the sides of the frame;
    half_width lies along `turn`, degrees clockwise against the page, -90 to 90 (0 for circles).
    coverage: 0 to 1, the part of the edge on which ink was seen.
    """

    shape: SealShape
    colour: SealColour
    centre: tuple[float, float]
    half_width: float
    half_height: float
    turn: float
    coverage: float

    @property
    def radius(self) -> float:
        return max(self.half_width, self.half_height)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom of the upright rectangle around it, pixels."""
        angle = np.radians(self.turn)
        cos, sin = abs(float(np.cos(angle))), abs(float(np.sin(angle)))
        if self.shape in (SealShape.ROUND, SealShape.OVAL):
            dx = float(np.hypot(self.half_width * cos, self.half_height * sin))
            dy = float(np.hypot(self.half_width * sin, self.half_height * cos))
        else:
            dx = self.half_width * cos + self.half_height * sin
            dy = self.half_width * sin + self.half_height * cos
        x, y = self.centre
        return x - dx, y - dy, x + dx, y + dy


@dataclass(frozen=True, slots=True)
class Found:
    """Outlines, best first; overflow: there was more than could be looked at, so some may be missing."""

    outlines: tuple[Outline, ...]
    overflow: bool = False


def find(inks: Inks, limits: Limits) -> Found:
    """Outlines of possible seals on the page."""
    height, width = inks.chroma.shape
    scale = min(1.0, WORK_SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if min(size) < 24:
        return Found(())
    chroma = _shrunk(inks.chroma, size)
    outlines: list[Outline] = []
    overflow = False
    if _coloured(chroma):
        density = cv2.resize(inks.density, size, interpolation=cv2.INTER_LINEAR)
        # Noise on black print has chroma too, but little for its darkness.
        chroma = np.where(chroma > DULLEST * _darkest(density), chroma, np.float32(0))
        for family, colour in _families(density, chroma):
            overflow |= _search_family(family, colour, outlines)
            if overflow:
                break
    if not outlines and not overflow:
        grey = _shrunk(inks.grey, size)
        outlines.extend(_search_grey(grey))
    outlines = _distinct(outlines)
    sure = [outline for outline in outlines if outline.coverage >= SURE]
    unsure = [outline for outline in outlines if outline.coverage < SURE]
    overflow |= len(sure) > limits.seals or len(unsure) > UNSURE
    kept = (sure + unsure[:UNSURE])[: limits.seals]
    return Found(tuple(_enlarged(outline, 1 / scale) for outline in kept), overflow)


# ------------------------------------------------------------------------------------------------ colour families


def _shrunk(picture: Shrunk, size: tuple[int, int]) -> Shrunk:
    """The picture at another size (width, height): whole blocks averaged first, which is several times faster."""
    height, width = picture.shape[:2]
    block = min(width // size[0], height // size[1])
    if block > 1:
        cut = picture[: height // block * block, : width // block * block]
        picture = cast(Shrunk, cv2.resize(cut, (width // block, height // block), interpolation=cv2.INTER_AREA))
    if picture.shape[:2] == (size[1], size[0]):
        return picture
    return cast(Shrunk, cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


def _coloured(chroma: Floats) -> bool:
    """Enough coloured pixels for the thinnest ring of the smallest seal."""
    return bool(np.count_nonzero(chroma > FAINTEST) > SMALLEST * max(chroma.shape))


def _darkest(density: Floats) -> Floats:
    return np.maximum(np.maximum(density[..., 0], density[..., 1]), density[..., 2])


def _families(density: Floats, chroma: Floats) -> Iterator[tuple[Floats, SealColour]]:
    """The chroma of each ink hue on the page (0 elsewhere), strongest first, at most three.

    Hues are not cut at fixed borders: the peaks of the page's own hue histogram are taken, 40° to either side, because
    one ink drifts with paper, lamp and camera. Yellow to green is no stamp ink (paper tints, highlighter, print).
    """
    where = np.flatnonzero(chroma > FAINTEST)
    strength = chroma.ravel()[where]
    red, green, blue = density.reshape(-1, 3)[where].T
    low = np.minimum(np.minimum(red, green), blue)
    hue = np.where(
        low == red,
        ((blue - green) / strength) % 6,
        np.where(low == green, (red - blue) / strength + 2, (green - red) / strength + 4),
    )
    degrees = hue * 60 % 360
    histogram, _ = np.histogram(degrees, bins=36, range=(0, 360), weights=np.minimum(strength, 0.5))
    histogram[4:19] = 0
    total = float(histogram.sum())
    for _ in range(3):
        smooth = histogram + np.roll(histogram, 1) + np.roll(histogram, -1)
        peak = int(smooth.argmax())
        mass = float(smooth[peak])
        if mass < max(4.0, 0.02 * total):
            return
        centre = peak * 10 + 5
        distance = np.abs((degrees - centre + 180) % 360 - 180)
        family = np.zeros(chroma.size, np.float32)
        near = distance <= 40
        family[where[near]] = strength[near]
        yield family.reshape(chroma.shape), _colour_of(centre)
        for step in range(-4, 5):
            histogram[(peak + step) % 36] = 0


def _colour_of(hue: int) -> SealColour:
    if 185 <= hue < 262:
        return SealColour.BLUE
    if 262 <= hue < 328:
        return SealColour.PURPLE
    return SealColour.RED


# ------------------------------------------------------------------------------------------------ one family


def _search_family(chroma: Floats, colour: SealColour, outlines: list[Outline]) -> bool:
    """Add the family's outlines to `outlines`. True where there were more pieces than are looked at."""
    values = chroma[chroma > FAINTEST]
    if values.size == 0:
        return False
    strong = float(np.clip(0.45 * np.percentile(values, 90), 0.08, 0.3))
    overflow = False
    # Paper has chroma noise: the faint pass stays above it.
    noise = 3.0 * float(np.percentile(chroma[::4, ::4], 80))
    faint = max(FAINTEST, strong / 2, noise)
    # A strong red letterhead sets both; the last pass looks for what is faint beside it.
    faintest = max(FAINTEST, strong / 4, noise)
    for threshold in (strong, faint, faintest) if faintest < 0.8 * faint else (strong, faint):
        if overflow:
            break
        mask = _without_specks(_without_solids((chroma > threshold).astype(np.uint8)))
        for outline in outlines:
            # A weak outline must not hide the better one that the faint pass may find there.
            if outline.coverage >= SURE:
                _erase(mask, outline)
        overflow = _search_mask(mask, colour, outlines)
    return overflow


def _without_solids(mask: Mask) -> Mask:
    """Without solid areas more than about 8 mm wide (photos, bars, highlighter)."""
    quarter = cv2.resize(mask * 255, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    full = (quarter > 230).astype(np.uint8)
    solid = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    if not solid.any():
        return mask
    solid = cv2.dilate(solid, np.ones((3, 3), np.uint8))
    solid = cv2.resize(solid, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(mask & (1 - solid), np.uint8)


def _without_specks(mask: Mask) -> Mask:
    """Without pieces of a few pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    keep = (stats[:, cv2.CC_STAT_AREA] >= 6).astype(np.uint8)
    keep[0] = 0
    return np.asarray(np.take(keep, labels), np.uint8)


def _without_rules(mask: Mask, longest: float) -> Mask:
    """Without straight lines longer than `longest` pixels (tables, rules of a letterhead)."""
    length = round(longest)
    lines = np.zeros_like(mask)
    for kernel in (np.ones((1, length), np.uint8), np.ones((length, 1), np.uint8)):
        # Beyond the border is paper: otherwise every line from border to border would count as endless.
        lines |= cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    if not lines.any():
        return mask
    return np.asarray(mask & (1 - cv2.dilate(lines, np.ones((3, 3), np.uint8))), np.uint8)


def _without_titles(mask: Mask, smallest: float) -> Mask:
    """Without rows of large characters (a letterhead's title): each has neighbours of its height beside it."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), connectivity=8
    )
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = np.flatnonzero((high > 0.7 * smallest) & (high < 1.7 * smallest) & (np.arange(len(high)) > 0))
    if not 0 < len(large) <= 4 * PIECES:
        return mask
    tall = high[large].astype(np.float64)
    middle = top[large] + tall / 2
    begin, end = left[large], left[large] + wide[large]
    like = (tall[None] > 0.6 * tall[:, None]) & (tall[None] < 1.7 * tall[:, None])
    level = np.abs(middle[None] - middle[:, None]) < 0.35 * tall[:, None]
    near = np.maximum(begin[None] - end[:, None], begin[:, None] - end[None]) < 2.5 * tall[:, None]
    written = (like & level & near) @ wide[large].astype(np.float64)
    title = large[written >= 3.0 * tall]
    if not len(title):
        return mask
    keep = np.ones(len(stats), np.uint8)
    keep[title] = 0
    return np.asarray(mask & np.take(keep, labels), np.uint8)


def _search_mask(page: Mask, colour: SealColour, outlines: list[Outline]) -> bool:
    """Add what stands in the mask of a whole page. True where there were more pieces than are looked at."""
    smallest = SMALLEST * max(page.shape)
    left, top, width, height = cv2.boundingRect(page)
    if max(width, height) < smallest:
        return False
    here: list[Outline] = []
    overflow = _search_part(page[top : top + height, left : left + width], smallest, colour, here)
    outlines.extend(_moved(outline, left, top) for outline in here)
    return overflow


def _search_part(part: Mask, smallest: float, colour: SealColour, outlines: list[Outline]) -> bool:
    """Pieces of the mask that are frames, ellipses or several circles; then circles of what is left."""
    mask = _without_titles(_without_rules(part, 5.5 * smallest), smallest)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    sides = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    order = np.argsort(-sides, kind="stable")
    order = order[sides[order] >= smallest]
    overflow = len(order) > PIECES
    knotted = 0
    for index in order[:PIECES]:
        x, y, w, h, _ = (int(value) for value in stats[index + 1])
        if min(w, h) < 0.4 * smallest:
            continue
        piece = ((labels[y : y + h, x : x + w] == index + 1) & (mask[y : y + h, x : x + w] > 0)).astype(np.uint8)
        around = mask[y : y + h, x : x + w]
        outline = _frame(piece, around, colour) or _ellipse(piece, around, colour)
        if outline is not None:
            outlines.append(_moved(outline, x, y))
            _erase(mask, outlines[-1])
        elif min(w, h) >= smallest and knotted < 4 and np.count_nonzero(piece) < DENSEST // 4:
            knotted += 1
            for circle in _circles(piece, colour, smallest / 2):
                outlines.append(_moved(circle, x, y))
                _erase(mask, outlines[-1])
    if overflow or np.count_nonzero(mask) > DENSEST:
        return True
    outlines.extend(_circles(mask, colour, smallest / 2))
    return False


def _frame(piece: Mask, around: Mask, colour: SealColour) -> Outline | None:
    """The piece as a square or rectangular frame, or None. around: all ink there, its characters too."""
    points = cv2.findNonZero(piece)
    if points is None:
        return None
    (x, y), (w, h), angle = cv2.minAreaRect(points)
    if min(w, h) < 12 or min(w, h) < 0.2 * max(w, h):
        return None
    if angle > 45:
        w, h, angle = h, w, angle - 90
    elif angle < -45:
        w, h, angle = h, w, angle + 90
    turned = cv2.getRotationMatrix2D((x, y), angle, 1.0)
    turned[:, 2] += [w / 2 - x, h / 2 - y]
    straight = cv2.warpAffine(piece * 255, turned, (max(1, round(w)), max(1, round(h)))) > 100
    tolerance = max(3, round(0.055 * min(w, h)))
    sides = (straight[:tolerance].any(0), straight[-tolerance:].any(0), straight[:, :tolerance].any(1),
             straight[:, -tolerance:].any(1))  # fmt: skip
    covered = [float(side.mean()) for side in sides]
    straight = cv2.warpAffine(around * 255, turned, (max(1, round(w)), max(1, round(h)))) > 100
    inside = straight[2 * tolerance : -2 * tolerance, 2 * tolerance : -2 * tolerance]
    if min(covered) < 0.55 or sum(covered) / 4 < 0.75 or inside.size == 0:
        return None
    if not 0.04 < inside.mean() < 0.85:
        return None
    shape = SealShape.SQUARE if min(w, h) > 0.8 * max(w, h) else SealShape.RECTANGLE
    return Outline(shape, colour, (x, y), w / 2, h / 2, float(angle), sum(covered) / 4)


def _ellipse(
    piece: Mask, around: Mask, colour: SealColour, start: tuple[float, float, float] | None = None
) -> Outline | None:
    """The ellipse along the outermost ink of the piece, or None.

    around: all ink there, the text inside too. start: x, y, radius of a circle to begin with.

    Other ink that touches the ring lies outside of it and gaps lie inside, so the fit is repeated without the points
    that are off, each time on the ink that is outermost near the last ellipse.
    """
    ys, xs = np.nonzero(piece)
    if len(xs) < 30:
        return None
    if start is None:
        cx, cy = float(xs.min() + xs.max()) / 2, float(ys.min() + ys.max()) / 2
        a, b, turn = float(np.ptp(xs) + 1) / 2, float(np.ptp(ys) + 1) / 2, 0.0
        widest = 1.2
    else:
        cx, cy, a = start
        b, turn, widest = a, 0.0, 1.08
    for step in range(6):
        rho, bins = _normalised(xs - cx, ys - cy, a, b, turn)
        near = (rho < widest) & (rho > 0.6)
        outermost = np.zeros(ANGLES)
        np.maximum.at(outermost, bins[near], rho[near])
        seen = np.flatnonzero(outermost > 0)
        if len(seen) < ANGLES * 0.3:
            return None
        if step:
            middle = float(np.median(outermost[seen]))
            off = np.abs(outermost[seen] - middle)
            seen = seen[off <= max(0.02, 2.0 * float(np.median(off)))]
            if len(seen) < ANGLES * 0.25:
                return None
        theta = (seen + 0.5) * 2 * np.pi / ANGLES - np.pi
        u, v = a * outermost[seen] * np.cos(theta), b * outermost[seen] * np.sin(theta)
        angle = np.radians(turn)
        points = np.column_stack(
            [cx + u * np.cos(angle) - v * np.sin(angle), cy + u * np.sin(angle) + v * np.cos(angle)]
        )
        (cx, cy), (d1, d2), turn = cv2.fitEllipseDirect(points.astype(np.float32))
        a, b = d1 / 2, d2 / 2
        if not (np.isfinite([cx, cy, a, b, turn]).all() and min(a, b) > 6 and max(a, b) < 2 * max(piece.shape)):
            return None
        if a < b:
            a, b, turn = b, a, turn + 90
        turn = (turn + 90) % 180 - 90
        widest = max(1.06, widest - 0.04)
    return _judged(around, colour, (cx, cy), a, b, turn)


def _normalised(
    dx: NDArray[np.floating], dy: NDArray[np.floating], a: float, b: float, turn: float
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Distance from the centre in units of the ellipse's radius there, and the direction's bin."""
    angle = np.radians(turn)
    u = (dx * np.cos(angle) + dy * np.sin(angle)) / a
    v = (-dx * np.sin(angle) + dy * np.cos(angle)) / b
    bins = ((np.arctan2(v, u) + np.pi) * (ANGLES / (2 * np.pi))).astype(np.intp) % ANGLES
    return np.hypot(u, v), bins


def _judged(
    piece: Mask, colour: SealColour, centre: tuple[float, float], a: float, b: float, turn: float
) -> Outline | None:
    """The ellipse as an outline where enough of it is inked, as a line and not as an area; else None."""
    if b < 0.42 * a:
        return None
    ys, xs = np.nonzero(piece)
    rho, bins = _normalised(xs - centre[0], ys - centre[1], a, b, turn)
    tolerance = max(0.035, 1.6 / b)
    ring = np.zeros(ANGLES, bool)
    ring[bins[np.abs(rho - 1 + tolerance / 2) < tolerance]] = True
    outside = np.zeros(ANGLES, bool)
    outside[bins[(rho > 1 + 1.5 * tolerance) & (rho < 1 + 4 * tolerance)]] = True
    coverage = float(ring.mean())
    if coverage < SURE and max(a, b) < LEAST_WORN:
        return None
    # A knot of touching rings passes for an oval with gaps.
    if coverage < (0.5 if b >= OVAL * a else 0.75) or coverage - 0.8 * float((outside & ring).mean()) < 0.35:
        return None
    filled = float(np.count_nonzero(rho < 0.85)) / (np.pi * a * b * 0.85**2)
    if not 0.02 < filled < 0.75:
        return None
    shape = SealShape.OVAL if b < OVAL * a else SealShape.ROUND
    return Outline(shape, colour, (float(centre[0]), float(centre[1])), float(a), float(b), float(turn), coverage)


def _circles(piece: Mask, colour: SealColour, smallest_radius: float) -> list[Outline]:
    """Circles among touching, cut or fragmented rings: votes of the edges' gradients, each then fitted and judged."""
    if np.count_nonzero(piece) < 60:
        return []
    largest = 0.11 * WORK_SIDE
    shrink = 0.5
    image = cv2.resize(piece * 255, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    image = cv2.copyMakeBorder(image, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=0)
    image = cv2.GaussianBlur(image, (0, 0), 0.8)
    votes = cv2.HoughCircles(
        image, cv2.HOUGH_GRADIENT, dp=1.5, minDist=max(6.0, smallest_radius * shrink * 0.8), param1=120, param2=22,
        minRadius=max(8, int(smallest_radius * shrink)), maxRadius=int(largest * shrink),
    )  # fmt: skip
    if votes is None:
        return []
    found: list[Outline] = []
    left = piece.copy()
    for x, y, r in np.asarray(votes, np.float64).reshape(-1, 3)[:16]:
        x, y, r = (x - 8) / shrink, (y - 8) / shrink, r / shrink
        x0, y0 = max(0, int(x - 1.3 * r)), max(0, int(y - 1.3 * r))
        x1, y1 = min(piece.shape[1], int(x + 1.3 * r) + 1), min(piece.shape[0], int(y + 1.3 * r) + 1)
        if x1 - x0 < 12 or y1 - y0 < 12:
            continue
        part = left[y0:y1, x0:x1]
        outline = _ellipse(part, part, colour, (x - x0, y - y0, r))
        if outline is None or outline.radius > 1.25 * r or outline.radius < 0.8 * r or outline.coverage < 0.55:
            continue
        outline = _moved(outline, x0, y0)
        if not any(_same(outline, other) for other in found):
            found.append(outline)
    return found


# ------------------------------------------------------------------------------------------------ grey pages


def _search_grey(grey: Mask) -> list[Outline]:
    """Rings in black or grey ink. Print is small pieces and tables are straight lines; what is left is asked."""
    outlines: list[Outline] = []
    for threshold in (DARK, PALE):
        outlines = _search_dark((grey < threshold).astype(np.uint8))
        if any(outline.coverage >= SURE for outline in outlines):
            break
    return outlines


def _search_dark(dark: Mask) -> list[Outline]:
    """Rings in the mask of what is dark."""
    smallest = SMALLEST * max(dark.shape)
    dark = _without_rules(_without_solids(dark), 5.5 * smallest)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    w, h, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    keep = (np.maximum(w, h) > 0.7 * smallest) & (area < 0.45 * w * h) & (np.minimum(w, h) > 4)
    keep[0] = False
    if not keep.any():
        return []
    rest = keep.astype(np.uint8)[labels]
    outlines: list[Outline] = []
    for index in np.flatnonzero(keep)[np.argsort(-np.maximum(w, h)[keep])][:PIECES]:
        x, y, pw, ph, _ = (int(value) for value in stats[index])
        if min(pw, ph) < smallest:
            continue
        piece = (labels[y : y + ph, x : x + pw] == index).astype(np.uint8)
        around = dark[y : y + ph, x : x + pw]
        outline = _ellipse(piece, around, SealColour.BLACK) if pw < 3 * ph and ph < 3 * pw else None
        if outline is not None:
            outlines.append(_moved(outline, x, y))
            _erase(rest, outlines[-1])
    outlines.extend(_circles(rest, SealColour.BLACK, smallest / 2))
    return outlines


# ------------------------------------------------------------------------------------------------ outlines


def _moved(outline: Outline, dx: float, dy: float) -> Outline:
    x, y = outline.centre
    return _with(outline, (x + dx, y + dy), 1.0)


def _enlarged(outline: Outline, factor: float) -> Outline:
    x, y = outline.centre
    return _with(outline, ((x + 0.5) * factor - 0.5, (y + 0.5) * factor - 0.5), factor)


def _with(outline: Outline, centre: tuple[float, float], factor: float) -> Outline:
    return Outline(
        outline.shape, outline.colour, centre, outline.half_width * factor, outline.half_height * factor,
        outline.turn, outline.coverage,
    )  # fmt: skip


def _erase(mask: Mask, outline: Outline) -> None:
    """Clear the outline's area, its ink's soft edge too."""
    x, y = outline.centre
    size = (2 * outline.half_width + 5, 2 * outline.half_height + 5)
    if outline.shape in (SealShape.ROUND, SealShape.OVAL):
        cv2.ellipse(mask, ((x, y), size, outline.turn), 0, -1)
    else:
        corners = cv2.boxPoints(((x, y), size, outline.turn))
        cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 0)


def _same(one: Outline, other: Outline) -> bool:
    """Two outlines of one impression: centres closer than half the smaller one's radius."""
    distance = np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1])
    return bool(
        distance < 0.5 * min(one.radius, other.radius)
        or distance + min(one.radius, other.radius) < 1.05 * max(one.radius, other.radius)
    )


def _distinct(outlines: list[Outline]) -> list[Outline]:
    """Without second outlines of the same impression; the better covered one stays, best first."""
    kept: list[Outline] = []
    for outline in sorted(outlines, key=lambda one: (-one.coverage * one.radius, one.centre)):
        if not any(_same(outline, other) for other in kept):
            kept.append(outline)
    return sorted(kept, key=lambda one: -one.coverage)
