"""Connected pieces of a mask, the quick way: OpenCV's default labelling takes three times as long with statistics."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint16] | NDArray[np.int32]

_SHORT = 0xFFFF  # labels that 16 bits hold; they take half the time of 32


def pieces(mask: NDArray[np.uint8]) -> tuple[Labels, NDArray[np.int32]]:
    """Which piece each pixel of a mask belongs to, and left, top, width, height, area of each.

    Pixels that touch at a corner are one piece. Piece 0 is what is 0 in the mask.
    """
    kind = cv2.CV_16U if _starts(mask) < _SHORT else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, kind, cv2.CCL_GRANA)
    return cast(Labels, labels), cast("NDArray[np.int32]", stats)


def of_pieces(values: NDArray[np.uint8], labels: Labels) -> NDArray[np.uint8]:
    """Of each pixel its piece's value. NumPy would widen the labels to 64 bits first."""
    if labels.dtype != np.uint16:
        return np.take(values, labels)
    table = np.zeros(_SHORT + 1, np.uint8)
    table[: len(values)] = values
    return cast("NDArray[np.uint8]", cv2.LUT(labels, table))


def _starts(mask: NDArray[np.uint8]) -> int:
    """Runs of ink in the rows. There are no more labels, those that are given up on the way included."""
    inked = cv2.countNonZero(mask)
    if inked < _SHORT or mask.shape[1] < 2:
        return inked
    return cv2.countNonZero(mask[:, 0]) + cv2.countNonZero(cv2.compare(mask[:, 1:], mask[:, :-1], cv2.CMP_GT))
