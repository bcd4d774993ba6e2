"""Dark cells of a page made as white as its paper, so that the rules in and around them are dark on white, too.

Heads of tables are printed so, white or black on blue. Dark are places around which most is dark, for no print is so
dense; whose ink is not nearly all alike is a picture, and stays as it is.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from extractors.ocr.engine import Raster

_ALIKE = 24  # of 255: the ink of a cell's ground differs by less,
_MOSTLY = 0.6  # at so many of its pixels
_FAINTEST = 96  # of 255; of a darker ground, rules are no harder to see
_MOST = 200  # dark cells of a page


def on_white(picture: Raster, dark: Raster, step: int, least: tuple[float, float], ink: int) -> Raster:
    """The picture with dark cells on white: what is darker or lighter than the cell is ink, and so is its edge.

    dark: 255 where the picture is, one pixel for `step` × `step`. least: width and height of a cell, pixels of the
    picture; print is no higher. ink: grey from which a ground is light. The picture itself where nothing is so dark.
    """
    side = round(least[1] / step)
    dense = cv2.threshold(cv2.blur(dark, (side, side)), 127, 255, cv2.THRESH_BINARY)[1]
    contours, _ = cv2.findContours(dense, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cleared = picture
    for contour in contours[:_MOST]:
        left, top, wide, high = (edge * step for edge in cv2.boundingRect(contour))
        if wide < least[0] or high < least[1]:
            continue
        window = np.s_[top : top + high, left : left + wide]
        outline = contour * step - (left, top)
        own = np.zeros((high, wide), np.uint8)
        cv2.drawContours(own, [outline], 0, 255, cv2.FILLED)
        ground = float(np.median(picture[window][own > 0]))
        away = cast(Raster, cv2.absdiff(picture[window], np.full_like(own, round(ground))))
        if ground >= ink or (away[own > 0] < _ALIKE).mean() < _MOSTLY:
            continue
        cleared = picture.copy() if cleared is picture else cleared
        lifted = cv2.bitwise_not(cv2.multiply(away, np.ones_like(away), scale=255 / max(ground, _FAINTEST)))
        cv2.drawContours(lifted, [outline], 0, 0, step)
        cleared[window] = np.where(own > 0, lifted, picture[window])
    return cleared
