"""The inks of a page by their hue, so that a blue signature does not join a red seal.

A family is the chroma of one hue, 0 elsewhere. Hues are not cut at fixed borders, because one ink drifts with paper,
lamp and camera: the page's own histogram of hues has hills, and each pixel is of the nearest. Those that no stamp ink
has count too, lest the gold of a border or a pattern join a red seal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.seals.outline import Mask

Floats = NDArray[np.float32]

FAINTEST, FAINTER = 0.045, 0.022  # chroma below which nothing is told from paper and JPEG noise; on the evenest paper
NOISE = 5.0  # times what three quarters of the page have of chroma: a faint ring stands out from that
DULLEST = 0.3  # chroma of ink as a part of its greatest density; black print stays below
HALO, HALO_REACH = 0.1, 17  # of the strongest ink within so many pixels, a block of JPEG's colours
BIN = 10  # degrees of the histogram of hues
NEAR = 40  # degrees from a hill's top up to which its hue is seen
RISEN = 2.0  # times the lowest on the way from which another hill begins
INKS = 6  # hills that are looked at: one ink may have two
NO_INK = (40, 190)  # degrees, yellow to green: paper tints, gold, highlighter, print; no stamp ink
BLURRED = 5  # pixels over which JPEG blurs colours


def extremes(density: Mask) -> tuple[Mask, Mask]:
    """The least and the greatest over the channels, height × width."""
    if density.ndim == 2:
        return density, density
    first, second, third = cv2.split(density)
    least, most = cv2.min(cv2.min(first, second), third), cv2.max(cv2.max(first, second), third)
    return cast(Mask, least), cast(Mask, most)


def faintest(chroma: Floats) -> float:
    """The chroma from which ink is told from this page's paper: optical density."""
    sample = np.sort(chroma[::4, ::4], axis=None)  # numpy selects from what is in order in half the time
    return float(np.clip(NOISE * np.percentile(sample, 75), FAINTER, FAINTEST))


def enough(chroma: Floats, floor: float, least: float) -> bool:
    """Whether more than so many pixels are coloured: enough for the thinnest ring of the smallest seal."""
    return bool(np.count_nonzero(chroma > floor) > least)


def without_dull(chroma: Floats, most: Mask) -> Floats:
    """The chroma without that of black print, of which noise makes some, but little for its darkness.

    most: of the channels' densities, in 1/100. Told of a neighbourhood, for JPEG blurs the colour of a thin ring and
    leaves it dark.
    """
    around, dark = cv2.blur(chroma, (BLURRED, BLURRED)), cv2.blur(most, (BLURRED, BLURRED))
    return _where(around > dark * np.float32(0.01 * DULLEST), chroma)


def without_halo(chroma: Floats) -> Floats:
    """The chroma without what JPEG and a lens spread around much stronger ink, the gaps in it included."""
    beside = cv2.dilate(chroma, np.ones((HALO_REACH, HALO_REACH), np.uint8))
    return _where(chroma > HALO * beside, chroma)


def _where(chosen: NDArray[np.bool_], chroma: Floats) -> Floats:
    """The chroma there, 0 elsewhere."""
    return np.asarray(cv2.copyTo(chroma, chosen.view(np.uint8)), np.float32)


def families(density: Mask, chroma: Floats, floor: float) -> Iterator[tuple[Floats, SealColour]]:
    """The chroma of each ink hue on the page (0 elsewhere), strongest first, at most three.

    density: of the channels, in 1/100. floor: chroma from which on there is ink.
    """
    where = np.flatnonzero(chroma > floor)
    strength = chroma.ravel()[where]
    red, green, blue = np.ascontiguousarray(density.reshape(-1, 3)[where].T) * np.float32(0.01)
    low = np.minimum(np.minimum(red, green), blue)
    hue = np.where(
        low == red,
        ((blue - green) / strength) % 6,
        np.where(low == green, (red - blue) / strength + 2, (green - red) / strength + 4),
    )
    degrees = (hue * 60 % 360).astype(np.intp) % 360
    histogram, _ = np.histogram(degrees, bins=360 // BIN, range=(0, 360), weights=np.minimum(strength, 0.5))
    tops = _tops(np.asarray(histogram, np.float64))
    if not tops:
        return
    apart = np.abs((np.arange(360)[:, None] - tops + 180) % 360 - 180)
    nearest = np.where(apart.min(axis=1) <= NEAR, apart.argmin(axis=1), -1)[degrees]
    inks = [number for number, top in enumerate(tops) if not NO_INK[0] <= top < NO_INK[1]]
    for number in inks[:INKS]:
        family = np.zeros(chroma.size, np.float32)
        own = nearest == number
        family[where[own]] = strength[own]
        yield family.reshape(chroma.shape), _colour_of(tops[number])


def and_together(families: Iterable[tuple[Floats, SealColour]]) -> Iterator[tuple[Floats, SealColour]]:
    """The families, and then those of a colour that has several in one: JPEG or a shadow may give an ink two hues."""
    of_colour: dict[SealColour, list[Floats]] = {}
    for family, colour in families:
        of_colour.setdefault(colour, []).append(family)
        yield family, colour
    for colour, several in of_colour.items():
        if len(several) > 1:
            yield np.maximum.reduce(several), colour


def _tops(histogram: NDArray[np.float64]) -> list[int]:
    """The hues on which the histogram's hills have their tops, highest first, degrees."""
    smooth = histogram + np.roll(histogram, 1) + np.roll(histogram, -1)
    hues = np.arange(len(histogram)) * BIN
    of_inks = float(histogram[(hues < NO_INK[0]) | (hues >= NO_INK[1])].sum())
    left, found = smooth.copy(), []
    while float(left.max()) >= max(4.0, 0.005 * of_inks):  # a chop among a dozen seals
        top = int(left.argmax())
        found.append(top * BIN + BIN // 2)
        left[top] = 0
        for way in (-1, 1):
            lowest = float(smooth[top])
            for step in range(1, NEAR // BIN + 1):
                there = (top + way * step) % len(smooth)
                if smooth[there] > RISEN * lowest:
                    break  # another hill begins
                lowest = min(lowest, float(smooth[there]))
                left[there] = 0
    return found


def _colour_of(hue: int) -> SealColour:
    if 185 <= hue < 262:
        return SealColour.BLUE
    if 262 <= hue < 328:
        return SealColour.PURPLE
    return SealColour.RED
