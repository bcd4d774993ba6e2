"""An impression laid flat: its ink, the band of text along the ring as a straight strip, its middle upright.

`Signal` is how much of the seal's ink is at a pixel, 0 to 1. Three are made, because each fails where another holds:
chroma ignores black print below the seal but is blurred by JPEG; the density of the channel in which the ink is
strongest is sharp but sees print, so it counts only where there is chroma; the same density by itself keeps the fine
strokes that a strong compression leaves without chroma.

`Ring` is the polar picture of the impression: columns go clockwise once around from the page's left (9 o'clock),
rows go from just outside the ring towards the centre. For an oval the columns are equal lengths of its edge and the
rows run along its normals, because that is how the engraver placed the characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Raster
from extractors.ocr.inks import Inks
from extractors.seals import crossing, printed
from extractors.seals.outline import Outline

Floats = NDArray[np.float32]

COLUMNS = 1024  # of the polar picture: once around
ROWS = 128
OUTSIDE = 0.05  # depth above the edge at which the first row lies, in units of the shorter semi-axis
INSIDE = 0.60  # depth of the last row
STRIP = 48  # pixels: height of a strip as the recogniser wants it
_RIM = 10  # pixels of paper before and behind a strip's text
FAINTEST_TEXT = 0.25  # of the ring's ink: what is weaker than this on a whole side is not raised further
FAINTEST_LINE = 0.15  # of the full ink: of a thin inner ring
LINE = 0.6  # part of the way around on which a line stands apart, from which it is a ring
_APART = 5  # rows beside a thin line that are bare
_SECTORS = 32
_AROUND = 360  # places of the edge that are asked for its ink
_LEAST_CHROMA = 0.05  # density that is ink of a colour
_OTHER_INK = 0.36  # chroma beside an ink's direction, to that along it, from which it is another ink: 20 degrees
FAINT = 0.35  # of the full ink: below this a pixel counts as paper


@dataclass(frozen=True, slots=True)
class Impression:
    """The signals of one impression, cut out of the page, each 0 to 1.

    origin: x, y of the cutting's first pixel on the page. crossed: another seal lies across it.
    """

    outline: Outline
    origin: tuple[int, int]
    signals: tuple[Floats, ...]
    crossed: bool = False


@dataclass(frozen=True, slots=True)
class Star:
    """A five-pointed star in the middle. phase: how it is turned, degrees clockwise modulo 72. sure: 0 to 1."""

    phase: float
    sure: float


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a Ring between which text stands: first (nearest to the ring) and last, as depths in rows."""

    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Arc:
    """Columns of a Ring from start on, clockwise, over length columns; start 0 to COLUMNS - 1."""

    start: int
    length: int

    @property
    def middle(self) -> float:
        return (self.start + self.length / 2) % COLUMNS


def cut_out(inks: Inks, outline: Outline, others: Sequence[crossing.Lines] = ()) -> Impression:
    """The impression's signals. The outline must touch the page. others: lines of seals that lie across it."""
    height, width = inks.chroma.shape
    left, top, right, bottom = outline.extent
    margin = 0.08 * outline.radius + 2
    x0, y0 = int(np.clip(left - margin, 0, width - 2)), int(np.clip(top - margin, 0, height - 2))
    x1, y1 = int(np.clip(right + margin, x0 + 2, width)), int(np.clip(bottom + margin, y0 + 2, height))
    window = np.s_[y0:y1, x0:x1]
    density = crossing.without(inks.density[window], (x0, y0), others)
    black = density.min(axis=2) if others else inks.density.least(window)
    if outline.colour is SealColour.BLACK:
        print_ = _print_in(inks, outline, others, (y0, y1, x0, x1))
        return Impression(outline, (x0, y0), _grey_signals(black, outline, (x0, y0), print_), bool(others))
    ink = _ink_of(density, outline, (x0, y0))
    own = np.ptp(density, axis=2) if others else inks.chroma[window]
    if ink is not None:
        own = _of_ink(density, ink)
        # The ink is dark itself; what is darker is print.
        black = np.clip(black - np.clip(own / np.ptp(ink), 0, 1) * ink.min(), 0, None)
    chroma = _seen_through(own, black, outline.radius)
    inked = (chroma > max(0.05, 0.5 * float(np.percentile(chroma, 95)))) & (black < 0.3)
    if ink is None:
        strongest = int(density[inked].sum(axis=0).argmax()) if inked.any() else 1
        soft, plain = _levelled(chroma, inked), _levelled(density[..., strongest], inked)
    else:
        strongest = int(ink.argmax())
        soft, plain = (
            _over(signal, min(level, _level(signal[inked], level)))
            for signal, level in ((chroma, float(np.ptp(ink))), (density[..., strongest], float(ink[strongest])))
        )
    reach = max(1, round(0.012 * outline.radius))
    support = cv2.dilate(soft, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    sharp = plain * np.clip(support * 4.0 - 0.2, 0, 1)
    sharp = np.where(black > 0.3, soft, sharp)
    return Impression(outline, (x0, y0), (soft, sharp.astype(np.float32), plain), bool(others))


def _ink_of(density: Floats, outline: Outline, origin: tuple[int, int]) -> Floats | None:
    """The density of each channel of the seal's own ink, by its edge; None where little of the edge is seen.

    Other seals, print and gaps lie on less than half of an edge that was found.
    """
    edge = outline.edge(_AROUND)
    centre = np.asarray(outline.centre)
    depths = np.linspace(0.01, 0.07, 8)[:, None, None]
    points = (centre + (edge - centre) * (1 - depths) - origin).astype(np.float32)
    seen = cv2.remap(density, points[..., 0], points[..., 1], cv2.INTER_LINEAR, borderValue=(0, 0, 0))
    chroma = np.ptp(seen, axis=2)
    best = seen[chroma.argmax(axis=0), np.arange(_AROUND)]
    inked = np.ptp(best, axis=1) > _LEAST_CHROMA
    if inked.mean() < 0.4:
        return None
    ink = np.median(best[inked], axis=0)
    return np.asarray(ink, np.float32) if float(np.ptp(ink)) > _LEAST_CHROMA else None


def _of_ink(density: Floats, ink: Floats) -> Floats:
    """The chroma in the direction of this ink: other inks have little of it, black and paper none."""
    way = ink - ink.mean()
    way = way / np.linalg.norm(way)
    colour = density - density.mean(axis=2, keepdims=True)
    along = colour @ way
    beside = np.linalg.norm(colour - along[..., None] * way, axis=2)
    own = np.clip(along - np.clip(beside - _OTHER_INK * along, 0, None), 0, None)
    return np.asarray(own * (np.ptp(ink) / float((ink - ink.mean()) @ way)), np.float32)


def _print_in(
    inks: Inks, outline: Outline, others: Sequence[crossing.Lines], window: tuple[int, int, int, int]
) -> NDArray[np.bool_]:
    """Where print is in this window of the page (top, bottom, left, right)."""
    top, bottom, left, right = window
    beside = round(printed.BESIDE * outline.radius)
    first, last = max(0, left - beside), min(inks.chroma.shape[1], right + beside)
    density = inks.density[top:bottom, first:last].min(axis=2)
    found = printed.print_in(density, (first, top), outline, [other.outline for other in others])
    return found[:, left - first : right - first]


def _grey_signals(
    density: Floats, outline: Outline, origin: tuple[int, int], print_: NDArray[np.bool_]
) -> tuple[Floats, ...]:
    """The density as it is, and before it without print: what is known for it, and what is darker than the ring."""
    plain = _levelled(density)
    bare = np.where(cv2.dilate(print_.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, np.float32(0), plain)
    ring = Impression(outline, origin, (density,))
    edge = ring_of(ring, density)[row_at(0.0) : row_at(0.05)].max(axis=0)
    level = float(np.percentile(edge, 40))
    if level < 0.05 or float(np.percentile(density, 99)) < 1.5 * level:
        return (bare, plain) if print_.any() else (plain,)
    trust = np.clip((1.7 * level - density) / (0.3 * level), 0, 1).astype(np.float32)
    # The blurred rim of a black stroke has every level between: it is not trusted either.
    trust = cv2.erode(trust, np.ones((3, 3), np.uint8))
    sigma = max(1.0, 0.012 * outline.radius)
    around = cv2.GaussianBlur(density * trust, (0, 0), sigma) / (cv2.GaussianBlur(trust, (0, 0), sigma) + 0.02)
    lifted = trust * density + (1 - trust) * around
    return (np.where(print_, 0, np.clip((lifted / level - 0.12) / 0.88, 0, 1)).astype(np.float32), plain)


def _seen_through(chroma: Floats, black: Floats, radius: float) -> Floats:
    """The chroma with what black print hides taken from around it.

    On black print the densities are large and their difference is noise; a stroke is narrow, so what is on both sides
    of it is the better witness.
    """
    trust = np.clip((1.0 - black) / 0.4, 0.0, 1.0).astype(np.float32)
    sigma = max(1.0, 0.012 * radius)
    around = cv2.GaussianBlur(chroma * trust, (0, 0), sigma) / (cv2.GaussianBlur(trust, (0, 0), sigma) + 0.02)
    # Print has chroma of its own (noise, a tinted paper), but little for its darkness.
    pure = np.clip((chroma / np.maximum(black + chroma, 1e-3) - 0.16) / 0.14, 0, 1)
    return np.asarray(trust * chroma * pure + (1 - trust) * around, np.float32)


def _levelled(signal: Floats, ink: NDArray[np.bool_] | None = None) -> Floats:
    """Scaled so that solid ink is 1 and paper 0. ink: where there surely is ink of the seal."""
    if ink is None:
        ink = signal > max(0.03, 0.3 * float(np.percentile(signal, 99)))
    return _over(signal, _level(signal[ink], 1.0))


def _level(inked: Floats, otherwise: float) -> float:
    """Of solid ink, by what is inked."""
    return float(np.percentile(inked, 60)) if inked.size else otherwise


def _over(signal: Floats, level: float) -> Floats:
    """Scaled so that ink of this level is 1 and paper 0."""
    return np.asarray(np.clip((signal / max(level, 0.04) - 0.12) / 0.88, 0, 1), np.float32)


def edge_offset(ring: Floats) -> Floats:
    """How far the ring's outer edge lies inside of the outline at each column, as a depth.

    An outline is an ellipse; a bent sheet, a lens or a wrong fit leaves a smooth error, so only the lowest harmonics
    of the edge are believed.
    """
    top = ring[: row_at(0.12)] > 0.5
    seen = top.any(axis=0)
    if seen.mean() < 0.4:
        return np.zeros(COLUMNS, np.float32)
    rows = top.argmax(axis=0).astype(np.float64)
    t = np.arange(COLUMNS) * (2 * np.pi / COLUMNS)
    waves = np.column_stack([np.ones(COLUMNS), *(wave(k * t) for k in (1, 2, 3) for wave in (np.cos, np.sin))])
    fit = np.full(COLUMNS, float(np.median(rows[seen])))
    used = seen & (np.abs(rows - fit) < 8)
    for _ in range(3):
        if used.sum() < COLUMNS // 4:
            return np.zeros(COLUMNS, np.float32)
        weights, *_ = np.linalg.lstsq(waves[used], rows[used], rcond=None)
        fit = waves @ weights
        used = seen & (np.abs(rows - fit) < 2.5)
    limit = row_at(0.06) - row_at(0)
    fit = np.clip(fit - row_at(0), -limit, limit)
    return np.asarray(fit * ((INSIDE + OUTSIDE) / (ROWS - 1)), np.float32)


def ring_of(impression: Impression, signal: Floats, offset: Floats | None = None) -> Floats:
    """The polar picture of one signal: ROWS × COLUMNS, 0 to 1. offset: from `edge_offset`."""
    outline = impression.outline
    x, y = _edge(outline)
    a, b = outline.half_width, outline.half_height
    depth = np.linspace(-OUTSIDE, INSIDE, ROWS, dtype=np.float32)[:, None]
    if offset is not None:
        depth = depth + offset[None]
    if outline.shape is SealShape.OVAL:
        nx, ny = x / a**2, y / b**2
        norm = np.hypot(nx, ny)
        u = x[None] - depth * b * (nx / norm)[None]
        v = y[None] - depth * b * (ny / norm)[None]
    else:
        u, v = x[None] * (1 - depth), y[None] * (1 - depth)
    return _sampled(impression, signal, u, v)


def _edge(outline: Outline) -> tuple[Floats, Floats]:
    """Points of the edge, one for each column: in the outline's own axes, relative to its centre."""
    a, b = outline.half_width, outline.half_height
    turn = np.radians(outline.turn)
    if outline.shape is SealShape.OVAL:
        t = np.linspace(0, 2 * np.pi, 2049)
        lengths = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(a * np.cos(t)), np.diff(b * np.sin(t))))])
        t = np.interp(np.linspace(0, lengths[-1], COLUMNS, endpoint=False), lengths, t) + np.pi
    else:
        # A circle seen askew is stretched back without turning it: equal angles on the upright circle.
        t = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False) + np.pi - turn
    return (a * np.cos(t)).astype(np.float32), (b * np.sin(t)).astype(np.float32)


def _sampled(impression: Impression, signal: Floats, u: Floats, v: Floats) -> Floats:
    """The signal at points given in the outline's own axes relative to its centre."""
    outline = impression.outline
    turn = np.radians(outline.turn)
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    x = outline.centre[0] + u * cos - v * sin - impression.origin[0]
    y = outline.centre[1] + u * sin + v * cos - impression.origin[1]
    return cv2.remap(signal, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)  # type: ignore[no-any-return]


def upright(impression: Impression, signal: Floats, angle: float, side: int) -> Floats:
    """The impression turned back by `angle` (degrees clockwise): side × side for round ones, else side wide.

    The outline just fills the picture. For ovals `angle` is that of the half_width axis, or its reverse.
    """
    outline = impression.outline
    if outline.shape is SealShape.ROUND:
        ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
        xs, ys = (xs + 0.5) * (2 / side) - 1, (ys + 0.5) * (2 / side) - 1
        back = np.radians(angle)
        cos, sin = np.float32(np.cos(back)), np.float32(np.sin(back))
        px, py = xs * cos - ys * sin, xs * sin + ys * cos
        # page direction on the unit circle → the outline's own axes
        turn = np.radians(outline.turn)
        cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        u, v = (px * cos + py * sin) * outline.half_width, (-px * sin + py * cos) * outline.half_height
        return _sampled(impression, signal, u, v)
    if outline.corners:
        return _levelled_frame(impression, signal, angle, side)
    flip = -1.0 if abs((angle - outline.turn + 180) % 360 - 180) > 90 else 1.0
    rows = max(8, round(side * outline.half_height / outline.half_width))
    ys, xs = np.mgrid[0:rows, 0:side].astype(np.float32)
    u = ((xs + 0.5) * (2 / side) - 1) * np.float32(flip * outline.half_width)
    v = ((ys + 0.5) * (2 / rows) - 1) * np.float32(flip * outline.half_height)
    return _sampled(impression, signal, u, v)


def _levelled_frame(impression: Impression, signal: Floats, angle: float, side: int) -> Floats:
    back = np.radians(angle)
    turned = np.array([[np.cos(back), np.sin(back)], [-np.sin(back), np.cos(back)]])
    corners = (np.array(impression.outline.corners) - impression.origin) @ turned.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide, tall = np.maximum(high - low, 1)
    rows = int(np.clip(round(side * tall / wide), 8, 4 * side))
    # From a pixel of the picture to one of the signal.
    matrix = np.column_stack([turned.T * ((wide / side), (tall / rows)), turned.T @ low])
    return np.asarray(
        cv2.warpAffine(signal, matrix, (side, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=0),
        np.float32,
    )


# ------------------------------------------------------------------------------------------------ bands and arcs


def ring_end(ring: Floats) -> int:
    """The first row inside of the ring, and of an inner ring close to it."""
    cover = (ring > FAINT).mean(axis=1)
    edge = row_at(0.0)
    window = cover[: row_at(0.22)]
    strongest = float(window.max(initial=0.0))
    if strongest < 0.3:
        return edge + 3
    level = max(0.45, 0.7 * strongest)
    rows = np.flatnonzero(window > min(level, 0.95 * strongest))
    end = int(rows[0])
    while end < len(window) and cover[end] > 0.62 * strongest:
        end += 1
    # An inner ring: a thin line that stands apart nearly all around, close below. Characters have gaps.
    thick = cv2.dilate(ring, np.ones((3, 1), np.uint8))
    beside = np.zeros_like(ring)
    beside[_APART:-_APART] = np.maximum(ring[: -2 * _APART], ring[2 * _APART :])
    apart = ((thick > FAINTEST_LINE) & (beside < 0.5 * thick)).mean(axis=1)
    around = (thick > FAINT).mean(axis=1)
    for row in range(min(len(window), end + row_at(0.15) - edge), end + 1, -1):
        if around[row] > 0.9 or (apart[row] > LINE and apart[row] >= apart[row - 2 : row + 3].max()):
            end = row
            while end < len(window) and (cover[end] > 0.5 or apart[end] > 0.5 * LINE):
                end += 1
            return min(end + 1, len(window))
    return end


def evened(ring: Floats, end: int) -> Floats:
    """The ring with the text below row `end` at the strength of its own neighbourhood.

    Thin strokes take far less ink than the ring, and a worn or faint side less than the other.
    """
    strength = ring[end + 2 : row_at(0.42)].max(axis=0)[None]
    reach = COLUMNS // 24
    wrapped = np.pad(strength, ((0, 0), (2 * reach, 2 * reach)), mode="wrap")
    wrapped = cv2.blur(cv2.dilate(wrapped, np.ones((1, 2 * reach + 1), np.uint8)), (2 * reach + 1, 1))
    level = np.clip(wrapped[:, 2 * reach : -2 * reach], FAINTEST_TEXT, 1.0)
    even = ring.copy()
    even[end:] = np.clip(ring[end:] / level, 0, 1)
    return even


def row_at(depth: float) -> int:
    return round((depth + OUTSIDE) / (INSIDE + OUTSIDE) * (ROWS - 1))


def text_band(ring: Floats, end: int, *, crossed: bool = False) -> Band:
    """Where the name stands below the ring: from its first ink to the emptiest row after it.

    crossed: print or other seals cross a part of the ring; the most inked quarter of each row does not count.
    """
    sectors = np.sort((ring > FAINT).reshape(ROWS, _SECTORS, -1).mean(axis=2), axis=1)
    cover = sectors[:, : _SECTORS - (_SECTORS // 4 if crossed else 0)].mean(axis=1)
    smooth = np.convolve(cover, np.ones(5) / 5, mode="same")
    peak = float(smooth[end + 4 : row_at(0.45)].max(initial=0.0))
    # What is left of the ring fades out before the text begins.
    first = end + int(smooth[end : end + row_at(0.08) - row_at(0)].argmin())
    least = float(smooth[first])
    while first < row_at(0.3) and smooth[first] < least + 0.04 * peak:
        first += 1
    low, high = first + row_at(0.15) - row_at(0), min(ROWS - 1, first + row_at(0.46) - row_at(0))
    if high <= low + 2:
        return Band(max(end, first - 2), min(ROWS, first + row_at(0.32) - row_at(0)))
    valley = smooth[low:high]
    bottom = low + int(np.flatnonzero(valley <= float(valley.min()) + 0.06 * peak)[0])
    return Band(max(end, first - 4), min(ROWS, bottom + 2))


def arcs(ring: Floats, band: Band) -> tuple[Arc, ...]:
    """Candidates for the name's arc, likeliest first: what the largest gaps leave.

    The code along the bottom is lower than the name's characters, so it leaves the band's inner half empty; a straight
    line leaves the outer one.
    """
    middle = (band.top + band.bottom) // 2
    found: list[Arc] = []
    for rows in (slice(middle, band.bottom), slice(band.top + 1, band.bottom), slice(band.top + 1, middle)):
        profile = (ring[rows] > FAINT).mean(axis=0)
        arc = _complement(profile)
        if arc is not None and not any(_close(arc, other) for other in found):
            found.append(arc)
    return tuple(found)


def halves(ring: Floats, band: Band) -> tuple[Arc, ...]:
    """Of an oval with a text on top and another along the bottom, the arc of each; () where no gaps part them.

    An oval's texts are centred on its short axis, so the gaps between them mirror each other.
    """
    empty = _empty((ring[band.top + 1 : band.bottom] > FAINT).mean(axis=0))
    # From the bottom, over the left end of the long axis, to the top.
    left = np.arange(-COLUMNS // 4, COLUMNS // 4)
    both = runs(empty[left % COLUMNS] & empty[(COLUMNS // 2 - left) % COLUMNS])
    between = [(stop - start, start, stop) for start, stop in both if start > 0 and stop < len(left)]
    length, start, stop = max(between, default=(0, 0, 0))
    if length < COLUMNS // 60:
        return ()
    below, above = int(left[start]), int(left[stop - 1])
    return (
        Arc(above % COLUMNS, COLUMNS // 2 - 2 * above),
        Arc((COLUMNS // 2 - below) % COLUMNS, COLUMNS // 2 + 2 * below),
    )


def _close(one: Arc, other: Arc) -> bool:
    tolerance = COLUMNS // 90
    apart = abs((one.start - other.start + COLUMNS // 2) % COLUMNS - COLUMNS // 2)
    return apart <= tolerance and abs(one.length - other.length) <= tolerance


def _smooth(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.convolve(np.concatenate([profile[-4:], profile, profile[:4]]), np.ones(9) / 9, mode="valid")


def _empty(profile: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which columns hold next to no ink, of what is usual where there is some."""
    smooth = _smooth(profile)
    inked = smooth[smooth > 0.05]
    usual = float(np.percentile(inked, 60)) if inked.size else 1.0
    return np.asarray(smooth < 0.16 * usual)


def _complement(profile: NDArray[np.float64]) -> Arc | None:
    """All columns but the longest run of empty ones."""
    smooth = _smooth(profile)
    if np.count_nonzero(smooth > 0.05) < COLUMNS // 20:
        return None
    empty = _empty(profile)
    start, length = longest_run(empty)
    if length < COLUMNS // 60:
        start, length = int(smooth.argmin()), 1
    margin = min(length // 3, COLUMNS // 70)
    return Arc((start + length - margin) % COLUMNS, COLUMNS - length + 2 * margin)


def longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of True on a circle; (0, 0) for none."""
    if flags.all():
        return 0, len(flags)
    if not flags.any():
        return 0, 0
    begin = int(np.flatnonzero(~flags)[0])
    start, stop = max(runs(np.roll(flags, -begin)), key=lambda run: run[1] - run[0])
    return (start + begin) % len(flags), stop - start


def strips(
    rings: Sequence[Floats],
    band: Band,
    arc: Arc,
    mean_radius: float,
    *,
    stretch: float = 1.0,
    squeeze: bool = True,
) -> tuple[Raster, ...]:
    """The arc of each signal's ring as a horizontal strip: dark text on white, STRIP high, all cut alike.

    mean_radius: distance of the band's middle from the centre in units of the shorter semi-axis; it gives the natural
    width. squeeze: shorten blanks between widely set characters, which the recogniser would read as ends.
    """
    flats = [_flat(ring, band, arc, mean_radius, stretch) for ring in rings]
    stay = kept(np.maximum.reduce(flats)) if squeeze else np.ones(flats[0].shape[1], bool)
    padded = (np.pad(flat[:, stay], ((0, 0), (_RIM, _RIM))) for flat in flats)
    return tuple(np.asarray(255 * (1 - np.clip(flat, 0, 1)), np.uint8) for flat in padded)


def column_at(
    rings: Sequence[Floats], band: Band, arc: Arc, mean_radius: float, place: float, *, stretch: float = 1.0
) -> float:
    """The ring's column at a place of the `strips`, 0 to 1 of their width; it may be beyond COLUMNS."""
    flats = [_flat(ring, band, arc, mean_radius, stretch) for ring in rings]
    stay = np.flatnonzero(kept(np.maximum.reduce(flats)))
    at = int(np.clip(place * (len(stay) + 2 * _RIM) - _RIM, 0, len(stay) - 1))
    return float(arc.start + stay[at] * arc.length / flats[0].shape[1])


def _flat(ring: Floats, band: Band, arc: Arc, mean_radius: float, stretch: float) -> Floats:
    """The arc STRIP high, at its natural width times `stretch`."""
    columns = np.arange(arc.start, arc.start + arc.length) % COLUMNS
    picture = ring[band.top : band.bottom, columns]
    pad = max(1, picture.shape[0] // 12)
    picture = np.pad(picture, ((pad, pad), (0, 0)))
    row_length = (INSIDE + OUTSIDE) / (ROWS - 1)
    width = arc.length * (2 * np.pi * mean_radius / COLUMNS) / row_length * stretch
    width = max(STRIP, round(width * STRIP / picture.shape[0]))
    return np.asarray(
        cv2.resize(
            picture, (min(width, 2000), STRIP), interpolation=cv2.INTER_AREA if width < arc.length else cv2.INTER_CUBIC
        ),
        np.float32,
    )


def squeezed(flat: Floats) -> Floats:
    """With every blank run shortened to a third of the height."""
    return flat[:, kept(flat)]


def kept(flat: Floats) -> NDArray[np.bool_]:
    """Which columns stay when blank runs are shortened."""
    inked = np.asarray((flat > FAINT).any(axis=0))
    keep = np.ones(flat.shape[1], bool)
    longest = STRIP // 3
    run = 0
    for column, ink in enumerate(inked.tolist()):
        run = 0 if ink else run + 1
        keep[column] = run <= longest
    return keep


def star_of(impression: Impression) -> Star:
    """The star in the middle, by the first signal.

    The fifth harmonic of the ink around the centre: a star has one, text has not.
    """
    outline = impression.outline
    t = np.linspace(0, 2 * np.pi, 360, endpoint=False).astype(np.float32)
    rho = np.linspace(0.12, 0.38, 24, dtype=np.float32)[:, None]
    turn = np.radians(outline.turn)
    u = rho * outline.half_width * np.cos(t - turn)[None].astype(np.float32)
    v = rho * outline.half_height * np.sin(t - turn)[None].astype(np.float32)
    profile = _sampled(impression, impression.signals[0], u, v).mean(axis=0)
    spectrum = np.abs(np.fft.rfft(profile - profile.mean()))
    power = float((spectrum[1:16] ** 2).sum())
    if power <= 0:
        return Star(0.0, 0.0)
    fifth = np.fft.rfft(profile)[5]
    # Maxima of cos(5t + phase) lie at t = -phase / 5; a star that stands upright has one at -90°.
    at = float(np.degrees(-np.angle(fifth) / 5))
    return Star((at + 90) % 72, float((spectrum[5] ** 2 + spectrum[10] ** 2) / power))


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of True in a row of flags: the first of each, and the one behind its last."""
    change = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    return list(zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True))
