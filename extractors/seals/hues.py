"""The inks of a page by their hue, so that a blue signature does not join a red seal.

A family is the chroma of one hue, 0 elsewhere. Hues are not cut at fixed borders: the peaks of the page's own hue
histogram are taken, 40° to either side, because one ink drifts with paper, lamp and camera.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.seals.outline import Mask

Floats = NDArray[np.float32]

FAINTEST = 0.045  # optical density of chroma below which nothing is told from paper and JPEG noise
DULLEST = 0.3  # chroma of ink as a part of its greatest density; black print stays below
BLURRED = 5  # pixels over which JPEG blurs colours


def extremes(density: Mask) -> tuple[Mask, Mask]:
    """The least and the greatest over the channels, height × width."""
    if density.ndim == 2:
        return density, density
    first, second, third = cv2.split(density)
    least, most = cv2.min(cv2.min(first, second), third), cv2.max(cv2.max(first, second), third)
    return cast(Mask, least), cast(Mask, most)


def enough(chroma: Floats, least: float) -> bool:
    """Whether more than so many pixels are coloured: enough for the thinnest ring of the smallest seal."""
    return bool(np.count_nonzero(chroma > FAINTEST) > least)


def without_dull(chroma: Floats, most: Mask) -> Floats:
    """The chroma without that of black print, of which noise makes some, but little for its darkness.

    most: of the channels' densities, in 1/100. Told of a neighbourhood, for JPEG blurs the colour of a thin ring and
    leaves it dark.
    """
    around, dark = cv2.blur(chroma, (BLURRED, BLURRED)), cv2.blur(most, (BLURRED, BLURRED))
    return np.asarray(chroma * (around > dark * np.float32(0.01 * DULLEST)), np.float32)


def families(density: Mask, chroma: Floats) -> Iterator[tuple[Floats, SealColour]]:
    """The chroma of each ink hue on the page (0 elsewhere), strongest first, at most three.

    density: of the channels, in 1/100. Yellow to green is no stamp ink (paper tints, highlighter, print).
    """
    where = np.flatnonzero(chroma > FAINTEST)
    strength = chroma.ravel()[where]
    red, green, blue = np.ascontiguousarray(density.reshape(-1, 3)[where].T) * np.float32(0.01)
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
        if mass < max(4.0, 0.005 * total):  # a chop among a dozen seals
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
