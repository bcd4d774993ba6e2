"""A picture that shows one seal in a frame and hardly more: a label or a person's seal, cropped along its line.

From near such a frame is longer than any on a page, and what runs along three edges of a picture passes for the
picture's own. From afar it is a frame like others; but so is a sheet on a table, and the border of a certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.seals import hues, rings
from extractors.seals.outline import LETTER, RING, SURE, Outline

FILLS = 0.8  # of the picture's longer side, from which a frame is what the picture shows
FULL = 0.075  # inked part of its inside at least: its characters fill it, and hardly a sheet of paper
AROUND = 0.2  # of what is seen beyond it, from which it lies on something
SOFT = 7  # pixels that are neither the frame's line nor what it lies on
_SIDE = 400  # pixels of the longer side at which is looked beyond it


def frame(afar: Iterable[Outline], near: Sequence[Outline], chroma: NDArray[np.float32]) -> Outline | None:
    """The frame along which the picture was cropped, or None: a frame with a sure ring in it is something else.

    afar, near: what is seen from afar and from near, in pixels of `chroma` (optical density).
    """
    high, wide = chroma.shape
    for one in afar:
        whole = bool(one.corners) and one.coverage >= SURE and one.visible > rings.UNCUT
        if not whole or one.colour is SealColour.BLACK or one.filled < FULL:
            continue
        letter = LETTER * min(one.half_width, one.half_height)
        holds_ring = any(o.shape.is_ring and o.coverage >= RING and o.radius > letter for o in near)
        if 2 * one.radius >= FILLS * max(high, wide) and not holds_ring and _lies_bare(one, chroma):
            return one
    return None


def _lies_bare(one: Outline, chroma: NDArray[np.float32]) -> bool:
    """Whether hardly anything coloured is to be seen beyond it."""
    factor = min(1.0, _SIDE / max(chroma.shape))
    small = cv2.resize(chroma, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    beyond = np.ones(small.shape, np.uint8)
    one.enlarged(factor).erase(beyond)
    seen = small[cv2.erode(beyond, np.ones((SOFT, SOFT), np.uint8)) > 0]
    return not seen.size or float((seen > hues.FAINTEST).mean()) < AROUND
