"""The ink of one impression cut out of the page, as signals.

A signal is how much of the seal's ink is at a pixel, 0 to 1. Three are made, because each fails where another holds:
chroma ignores black print below the seal but is blurred by JPEG; the density of the channel in which the ink is
strongest is sharp but sees print, so it counts only where there is chroma; the same density by itself keeps the fine
strokes that a strong compression leaves without chroma. Of black ink there is the density, with and without print.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.ocr.inks import Inks
from extractors.seals import crossing, printed
from extractors.seals.outline import Outline
from extractors.seals.strength import AROUND, LEAST, along_edge, strength
from extractors.seals.unroll import Floats, Impression

_LEAST_CHROMA = 0.05  # density that is ink of a colour
_LINE, _RING = (0.01, 0.07), (0.0, 0.05)  # parts of the way from edge to centre between which the line is seen
_STRONG = 75  # percentile of an impression that is strong
_NOISE = 8.0  # of paper's usual chroma, above which there is ink without doubt
_FAINTEST = 0.1  # of the strong ink: what is weaker is not raised further
_WETTEST = 2.5  # times the usual ink of a black seal that its wettest side has
_OTHER_INK = 0.36  # chroma beside an ink's direction, to that along it, from which it is another ink: 20 degrees


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
        print_, thin = _print_in(inks, outline, others, (y0, y1, x0, x1))
        signals = _grey_signals(black, outline, (x0, y0), print_)
        bold = None if thin is None else np.where(thin, np.float32(0), signals[0])
        return Impression(outline, (x0, y0), signals, bool(others), bold)
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
        wet = _wetness(chroma, outline, (x0, y0))
        soft, plain = (
            _over(signal / wet, min(level, _level(signal[inked], level)))
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
    seen = along_edge(density, outline, origin, _LINE)
    chroma = np.ptp(seen, axis=2)
    best = seen[chroma.argmax(axis=0), np.arange(AROUND)]
    inked = np.ptp(best, axis=1) > _LEAST_CHROMA
    if inked.mean() < 0.4:
        return None
    ink = np.median(best[inked], axis=0)
    return np.asarray(ink, np.float32) if float(np.ptp(ink)) > _LEAST_CHROMA else None


def _wetness(
    signal: Floats, outline: Outline, origin: tuple[int, int], usual: float | None = None, most: float = 1.0
) -> Floats:
    """How strong the impression is at each pixel, to the usual ink; 1 everywhere where nothing tells that.

    usual: of the signal; None for what it is where the impression is strong. most: times that, which it has at the
    most. What is as weak as paper's noise is not raised.
    """
    strong = strength(signal, outline, origin)
    if strong is None:
        return np.ones_like(signal)
    usual = usual or float(np.percentile(strong, _STRONG))
    least = float(np.clip(_NOISE * float(np.median(signal)) / usual, _FAINTEST, 1.0))
    return np.asarray(np.clip(strong / usual, least, most), np.float32)


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
) -> tuple[NDArray[np.bool_], NDArray[np.bool_] | None]:
    """Where print is in this window of the page (top, bottom, left, right), and what else is as thin."""
    top, bottom, left, right = window
    beside = round(printed.BESIDE * outline.radius)
    first, last = max(0, left - beside), min(inks.chroma.shape[1], right + beside)
    density = inks.density[top:bottom, first:last].min(axis=2)
    print_, thin = printed.print_in(density, (first, top), outline, [other.outline for other in others])
    columns = np.s_[:, left - first : right - first]
    return print_[columns], None if thin is None else thin[columns]


def _grey_signals(
    density: Floats, outline: Outline, origin: tuple[int, int], print_: NDArray[np.bool_]
) -> tuple[Floats, ...]:
    """The density as it is, and before it without print: what is known for it, and what is darker than the line."""
    line = _RING if outline.shape.is_ring else _LINE
    level = float(np.percentile(along_edge(density, outline, origin, line).max(axis=0), 40))
    if level > LEAST:
        density = density / _wetness(density, outline, origin, level, _WETTEST)
    plain = _levelled(density)
    bare = np.where(cv2.dilate(print_.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, np.float32(0), plain)
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
