"""The inks of a page: a seal-free grey page for OCR, and the colour of the stamps for finding seals.

Divide by the local paper colour, take optical density (OD = -log10 of the ratio): text under a red seal is then dark in
the channel in which the seal's ink is least dense. See `separate`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster


@dataclass(frozen=True, slots=True)
class Inks:
    """A page taken apart. All three have the page's height and width.

    grey: the page without coloured ink, 0 to 255, paper 255, text dark.
    density: optical density of each channel (R, G, B) relative to the local paper, 0 to about 2.5.
    chroma: greatest minus least density over the channels: 0 for black, grey and paper, large for coloured ink.
    """

    grey: Raster
    density: NDArray[np.float32]
    chroma: NDArray[np.float32]


def separate(raster: Raster) -> Inks:
    """Take a page (RGB or grey) apart."""
    raise NotImplementedError
