"""Patches: ink that is near to other ink, away from the rest. In one, a seal or several may stand."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.ocr.pieces import pieces
from extractors.seals.blocks import BLOCK, in_blocks, of_blocks
from extractors.seals.outline import Mask

APART = 1.5  # of the smallest: 16 mm on A4, from a star to a ring below of which a part is on the sheet


@dataclass(frozen=True, slots=True)
class Patch:
    """Ink that is near to other ink, away from the rest. own: 1 in the window's blocks that belong to it.

    The window has more around it where what was found before may hide a part of what stands there.
    """

    window: tuple[slice, slice]
    own: Mask


def patches(mask: Mask, smallest: float, hidden: Mask | None = None) -> list[Patch]:
    """Where something of a seal's size may stand, largest first: gaps as within a seal are closed.

    hidden: ink that was found to be a seal's.
    """
    ink = np.minimum(in_blocks(mask), 1)
    reach = round(APART * smallest / 2 / BLOCK)
    near = cv2.dilate(
        cv2.copyMakeBorder(ink, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0),
        np.ones((2 * reach + 1, 2 * reach + 1), np.uint8),
    )
    labels, stats = pieces(np.asarray(near, np.uint8))
    found: list[Patch] = []
    for index in np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable") + 1:
        x, y, w, h, _ = stats[index].tolist()
        w, h = w - 2 * reach, h - 2 * reach  # of its ink
        if max(w, h) * BLOCK < smallest or min(w, h) * BLOCK < 0.4 * smallest:
            continue
        window = np.s_[y * BLOCK : min((y + h) * BLOCK, mask.shape[0]), x * BLOCK : min((x + w) * BLOCK, mask.shape[1])]
        own = (labels[y + reach : y + reach + h, x + reach : x + reach + w] == index).astype(np.uint8)
        patch = Patch(window, of_blocks(own, mask[window].shape))
        found.append(patch if hidden is None else _widened(patch, hidden))
    return found


def _widened(patch: Patch, hidden: Mask) -> Patch:
    """With half its size around it, as far as there is, where there is hidden ink."""
    rows, columns = patch.window
    reach = max(patch.own.shape) // 2
    top, left = max(0, rows.start - reach), max(0, columns.start - reach)
    window = np.s_[top : rows.stop + reach, left : columns.stop + reach]
    if not hidden[window].any():
        return patch
    own = np.zeros_like(hidden[window])
    own[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = patch.own
    return Patch(window, own)
