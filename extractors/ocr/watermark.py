"""Pale text that leans across a page, often all over it (仅供申报使用): taken off, so that the print can be read.

The detector takes it for lines, which come between a label and its value, and where it crosses print, for a part of
that. It is known by its lean, which no row of a straightened page has, and by being paler than print. Then all ink as
pale as that is paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box, Line
from extractors.ocr.engine import Raster
from extractors.ocr.inks import Inks
from extractors.ocr.window import window_of

_LEAN = 10.0  # degrees; what is left of a page's slant is far less
_LEAST = 2  # lines that lean: one alone may be a stamp or a note
_INK = 30  # darkness from which a pixel holds ink
_PALER = 0.7  # of print's darkness up to which a watermark can be told from it
_ABOVE = 1.2  # times its darkness up to which all is taken for it


def without_watermark(lines: Sequence[Line], inks: Inks) -> Inks | None:
    """The page for OCR and for rules without its watermark; None where it has none that can be told from print."""
    grey = inks.grey
    leaning = [line for line in lines if _leans(line, grey)]
    if len(leaning) < _LEAST:
        return None
    level = [line for line in lines if not any(line is other for other in leaning)]
    own = _darkness([word.box for line in leaning for word in line.words], grey, 0.5)
    print_ = _darkness([line.place.box for line in level if line.place.box is not None], grey, 0.75)
    if not 0 < own <= _PALER * print_:
        return None
    darkness = (255.0 - np.arange(256) - _ABOVE * own) / (print_ - _ABOVE * own)
    levels = np.clip(255 * (1 - darkness), 0, 255).astype(np.uint8)
    return replace(inks, grey=cast(Raster, cv2.LUT(grey, levels)), rules=cast(Raster, cv2.LUT(inks.rules, levels)))


def _leans(line: Line, grey: Raster) -> bool:
    if len(line.words) < 2:
        return False
    height, width = grey.shape
    (x0, y0), (x1, y1) = (
        ((box.left + box.right) * width, (box.top + box.bottom) * height)
        for box in (line.words[0].box, line.words[-1].box)
    )
    return _LEAN < abs(math.degrees(math.atan2(y1 - y0, abs(x1 - x0)))) < 90 - _LEAN


def _darkness(boxes: Sequence[Box], grey: Raster, share: float) -> float:
    """The quantile of the darkness of the ink in the boxes, 0 to 255; 0.0 where there is none."""
    found: list[NDArray[np.uint8]] = [255 - grey[window_of(box, *grey.shape)] for box in boxes]
    ink = np.concatenate([part[part > _INK] for part in found]) if found else np.empty(0, np.uint8)
    return float(np.quantile(ink, share)) if ink.size else 0.0
