"""What is certainly no seal, by its size: solid areas, specks, print."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.ocr.pieces import of_pieces, pieces
from extractors.seals.blocks import BLOCK, in_blocks, of_blocks
from extractors.seals.outline import Mask

SPECK = 6  # inked pixels


def without_solids(mask: Mask) -> Mask:
    """Without solid areas more than about 8 mm wide (photos, bars, highlighter)."""
    full = (in_blocks(mask) > 0.9 * BLOCK**2).astype(np.uint8)
    solid = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    if not solid.any():
        return mask
    solid = np.asarray(cv2.dilate(solid, np.ones((3, 3), np.uint8)), np.uint8)
    return mask & (1 - of_blocks(solid, mask.shape))


def without_specks(mask: Mask) -> Mask:
    """Without ink of a few pixels that has none beside it."""
    blocks = in_blocks(mask)
    labels, stats = pieces(blocks)
    inked = np.flatnonzero(blocks)
    counts = np.bincount(labels.ravel()[inked], blocks.ravel()[inked], minlength=len(stats))
    keep = (counts >= SPECK).astype(np.uint8)
    return mask & of_blocks(of_pieces(keep, labels), mask.shape)


def without_print(dark: Mask, smallest: float) -> Mask:
    """Without small pieces, as print is."""
    labels, stats = pieces(dark)
    w, h, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    longer, shorter = np.maximum(w, h), np.minimum(w, h)
    # A person's seal may be a field of ink; larger fields are pictures.
    sparse = (area < 0.7 * w * h) | ((longer < 2.5 * smallest) & (area < 0.9 * w * h))
    keep = (longer > 0.7 * smallest) & sparse & (shorter > 4)
    keep[0] = False
    return of_pieces(keep.view(np.uint8), labels)
