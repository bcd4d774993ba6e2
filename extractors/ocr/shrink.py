"""A picture made smaller by averaging."""

from __future__ import annotations

from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Entry = TypeVar("Entry", np.uint8, np.float32)


def shrunk(picture: NDArray[Entry], width: int, height: int) -> NDArray[Entry]:
    """The picture at a smaller size, at least one pixel each way; as it is where it has that size.

    Halved as long as possible: OpenCV averages pairs of pixels with vector instructions, any other share of them four
    to ten times slower. Of a side that is odd, the last row or column is left out.
    """
    while picture.shape[0] >= 2 * height and picture.shape[1] >= 2 * width:
        tall, wide = picture.shape[0] // 2, picture.shape[1] // 2
        halves = cv2.resize(picture[: 2 * tall, : 2 * wide], (wide, tall), interpolation=cv2.INTER_AREA)
        picture = cast("NDArray[Entry]", halves)
    if picture.shape[:2] == (height, width):
        return picture
    return cast("NDArray[Entry]", cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
