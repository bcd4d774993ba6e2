"""Masks looked at in blocks of pixels, where what is coarse is enough."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.seals.outline import Mask

BLOCK = 4  # pixels, 1 mm on A4


def in_blocks(mask: Mask, side: int = BLOCK) -> Mask:
    """How many pixels of each block of side × side are inked; side: 2 or 4."""
    height, width = mask.shape
    whole = cv2.copyMakeBorder(mask, 0, -height % side, 0, -width % side, cv2.BORDER_CONSTANT, value=0)
    counts: Mask = whole * np.uint8(side**2)
    while side > 1:  # OpenCV averages pairs several times faster than fours; no step rounds
        size = (counts.shape[1] // 2, counts.shape[0] // 2)
        counts, side = np.asarray(cv2.resize(counts, size, interpolation=cv2.INTER_AREA), np.uint8), side // 2
    return counts


def of_blocks(blocks: Mask, shape: tuple[int, ...], side: int = BLOCK) -> Mask:
    """Each block's value for all its pixels; side: 2 or 4.

    A block's row is one integer, which NumPy repeats five times as fast as OpenCV enlarges.
    """
    row = np.dtype(f"u{side}").type
    rows = blocks.astype(row) * row(int.from_bytes(bytes([1] * side)))
    return np.repeat(rows, side, axis=0).view(np.uint8)[: shape[0], : shape[1]]
