"""Light text on a dark ground, as programs show it at night: turned into dark text on paper, its colours kept.

Everything behind expects paper to be the lightest. A photo or a scan of a dark ground is told apart by its sheet, which
is broad and bright, and by its noise: what a program paints is even.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from extractors.ocr.engine import Raster
from extractors.ocr.inks import LEAST_INK

_SPARSE = 16  # of so many rows and columns one tells that a picture is not dark
_SAMPLED = 4  # and one of so many how it is painted
_DARK = 96  # grey level of a ground, at most
_EVEN = 3  # grey levels to either side that a painted ground may stray, for it may have been a JPEG
_GROUND = 0.4  # share of the picture that is the ground: there are bubbles, bars and buttons besides
_LIGHTER = 100  # grey levels that text is lighter at least; bubbles and buttons are less
_STROKE = 9  # sampled pixels: what is as broad both ways is no text,
_BROAD = 0.05  # and this share of it is a sheet


def by_day(raster: Raster) -> Raster | None:
    """The picture (RGB or grey) with its light and dark exchanged where a program painted light text on dark."""
    if raster[::_SPARSE, ::_SPARSE].mean() > _DARK or not _is_night(raster):
        return None
    if raster.ndim == 2:
        return cast(Raster, cv2.bitwise_not(raster))
    first, second, third = cv2.split(raster)
    most, least = cv2.max(cv2.max(first, second), third), cv2.min(cv2.min(first, second), third)
    # of each colour the lightness is exchanged: no channel leaves 0 to 255, for 255 - most - least is added to all
    shift = 255 - most.astype(np.int16) - least
    return cast(Raster, (raster + shift[:, :, None]).astype(np.uint8))


def _is_night(raster: Raster) -> bool:
    part = np.ascontiguousarray(raster[::_SAMPLED, ::_SAMPLED])
    grey = part if part.ndim == 2 else cast(Raster, cv2.cvtColor(part, cv2.COLOR_RGB2GRAY))
    levels = np.bincount(grey.ravel(), minlength=256)
    near = np.convolve(levels, np.ones(2 * _EVEN + 1, np.int64), mode="same")
    ground = int(near.argmax())
    if ground > _DARK or near[ground] < _GROUND * grey.size:
        return False
    light = (grey > ground + _LIGHTER).astype(np.uint8)
    broad = cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((_STROKE, _STROKE), np.uint8))
    return cv2.countNonZero(light) >= LEAST_INK * grey.size and cv2.countNonZero(broad) <= _BROAD * grey.size
