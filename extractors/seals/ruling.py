"""Ruling lines: straight and longer than a seal, of tables and letterheads. They tie seals to what is not theirs."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.seals.blocks import BLOCK
from extractors.seals.outline import Mask

CROSSED = 9  # pixels: a rule's width and its soft rims


def without_rules(mask: Mask, longest: float, thickest: int = 0) -> Mask:
    """Without straight lines longer than `longest` pixels (tables, rules of a letterhead); see `without`."""
    return without(mask, rules(mask, longest), thickest)


def rules(mask: Mask, longest: float) -> Mask | None:
    """The straight lines longer than `longest` pixels; None where there are none."""
    level, upright = _runs_along(mask, longest, 1), _runs_along(mask, longest, 0)
    if level is None or upright is None:
        return upright if level is None else level
    return level | upright


def _runs_along(mask: Mask, longest: float, axis: int) -> Mask | None:
    """Runs of ink down the columns (axis 0) or along the rows (1), to a block's length; None where there are none."""
    (high, wide), shape = ((BLOCK, 1) if axis == 0 else (1, BLOCK)), mask.shape
    # Beyond the border is paper: otherwise every line from border to border would count as endless.
    paper = {"borderType": cv2.BORDER_CONSTANT, "borderValue": 0}
    # A page that lies a little askew moves a line by its own width or two on the way.
    across = np.ones((1, 3) if axis == 0 else (3, 1), np.uint8)
    thick = cv2.copyMakeBorder(
        cv2.dilate(mask, across, **paper), 0, -shape[0] % high, 0, -shape[1] % wide, cv2.BORDER_CONSTANT, value=0
    )
    if axis == 0:
        full = np.bitwise_and.reduce(thick.reshape(-1, BLOCK, thick.shape[1]), axis=1)
    else:
        full = (np.ascontiguousarray(thick).view(np.uint32) == 0x01010101).astype(np.uint8)  # four pixels of 1
    least = max(1, round(longest / BLOCK) - 1)
    lines = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((least, 1) if axis == 0 else (1, least), np.uint8), **paper)
    if not lines.any():
        return None
    ends = cv2.dilate(lines, np.ones((3, 1) if axis == 0 else (1, 3), np.uint8))
    drawn = cv2.resize(ends, (thick.shape[1], thick.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(drawn, np.uint8)[: shape[0], : shape[1]]


def without(mask: Mask, lines: Mask | None, thickest: int = 0) -> Mask:
    """Without those lines.

    thickest: lines thicker than that many pixels stay, for they may be the flat part of a thick ring; 0: none stay.
    """
    if lines is None:
        return mask
    if thickest:
        solid = cv2.morphologyEx(
            mask, cv2.MORPH_OPEN, np.ones((thickest + 1, thickest + 1), np.uint8),
            borderType=cv2.BORDER_CONSTANT, borderValue=0,
        )  # fmt: skip
        lines = lines & (1 - cv2.dilate(solid, np.ones((3, 3), np.uint8)))
    gone = np.asarray(cv2.dilate(lines, np.ones((3, 3), np.uint8)), np.uint8)
    rest = mask & (1 - gone)
    # Strokes that cross a line go on: there is ink on both sides of it.
    for across in ((CROSSED, 1), (1, CROSSED)):
        rest = rest | (mask & gone & cv2.morphologyEx(mask & (1 - gone), cv2.MORPH_CLOSE, np.ones(across, np.uint8)))
    return np.asarray(rest, np.uint8)
