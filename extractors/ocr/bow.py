"""Lines of a curled sheet laid straight: how far a photographed page bows up or down from column to column.

Paper that curls is seen as lines that bow alike, one below the other. As the slant is, the bow is the one at which the
sums of ink over rows swing most: a half wave over the width and a whole one, each at most a twentieth of the height.
"""

from __future__ import annotations

import math
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster

_MOST = 0.05  # of the height, of either wave
_STEP = 3  # pixels of a thumbnail of 900, in which a line of text is some ten high
_LEAST = 2  # pixels of it: a lesser bow is left as it is
SURELY = 1.3  # times the swing of the page as it is: what else says little
LEAST_INK = 200  # pixels of the thumbnail; with less there are no lines to measure

Bow = tuple[float, float]
"""Of a half wave and of a whole one over the width, how far down the columns are moved, as fractions of the height."""


def swing(rows: NDArray[np.intp], count: int) -> float:
    """How much the sums of ink over adjacent rows differ, each difference squared: high where lines and gaps alternate.

    rows: of each pixel of ink, of so many.
    """
    return float(np.square(np.diff(np.bincount(rows, minlength=count).astype(np.float64))).sum())


def bow_of(ink: NDArray[np.uint8], slant: float) -> tuple[float, Bow] | None:
    """The slant and the bow of a page; None where it has no bow that is plain.

    ink: of a thumbnail, 0 or 1. slant: degrees clockwise by which its lines seem to fall; a bow may look like one.
    """
    height, width = ink.shape
    ys, xs = np.nonzero(ink[:, ::2])  # every other column tells as much
    if len(xs) < LEAST_INK:
        return None
    waves, most = _waves(width)[:, ::2], round(_MOST * height)
    margin = 2 * most + width // 8

    def swing_of(amounts: NDArray[np.float64]) -> float:
        moved = np.round(amounts @ waves).astype(np.intp)
        return swing(ys - moved[xs] + margin, height + 2 * margin)

    starts = [np.array([fall, 0.0, 0.0]) for fall in {0.0, width * math.tan(math.radians(slant))}]
    found = []
    for best in starts:
        for step, reach, first in ((_STEP, most, 1), (_STEP, most, 1), (1, _STEP, 0)):
            for wave in np.eye(3)[first:]:
                tried = [best + wave * by for by in range(-reach, reach + 1, step)]
                best = max((each for each in tried if np.abs(each[1:]).max() <= most), key=swing_of)
        found.append(best)
    best = max(found, key=swing_of)
    if swing_of(best) < SURELY * max(map(swing_of, starts)) or np.abs(best[1:]).max() < _LEAST:
        return None
    fall, half, whole = best.tolist()
    return math.degrees(math.atan(fall / width)), (half / height, whole / height)


def unbowed(raster: Raster, bow: Bow) -> Raster:
    """The page with each column moved up or down; what comes in repeats the edge."""
    height, width = raster.shape[:2]
    down = height * (np.array(bow) @ _waves(width)[1:])
    rows = (np.arange(height)[:, None] + down).astype(np.float32)
    columns = np.broadcast_to(np.arange(width, dtype=np.float32), rows.shape)
    return cast(Raster, cv2.remap(raster, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _waves(width: int) -> NDArray[np.float64]:
    """A straight fall of 1 over the width, a half wave and a whole one."""
    across = (np.arange(width) + 0.5) / width
    return np.array([across - 0.5, np.sin(np.pi * across), np.sin(2 * np.pi * across)])
