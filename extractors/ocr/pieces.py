"""Connected pieces of a mask, the quick way: OpenCV's default labelling takes three times as long with statistics."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray


def pieces(mask: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Which piece each pixel of a mask belongs to, and left, top, width, height, area of each.

    Pixels that touch at a corner are one piece. Piece 0 is what is 0 in the mask.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, cv2.CCL_GRANA)
    return cast("NDArray[np.int32]", labels), cast("NDArray[np.int32]", stats)
