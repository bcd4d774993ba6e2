"""Frames of three or four straight sides: squares, rectangles, diamonds, triangles.

1. Straight edges of the ink (edges.py; LSD tells on which side the ink lies), those in one line joined over gaps.
2. Where one edge ends another begins, ink inside: a corner. Two sides and their corner give a parallelogram and a
   triangle; other seals, print or wear may hide the rest. Of a line in one piece the area within tells (hulls.py).
3. Each side is fitted anew to the outermost ink beside it (sides.py), and believed by how much of it is inked, whether
   it ends at its corners (a table's lines go on) and whether there is writing inside (forms.py).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.seals.edges import polygons, straight
from extractors.seals.forms import formed
from extractors.seals.hulls import enclosed, filling
from extractors.seals.outline import SURE, Mask, Outline, distinct
from extractors.seals.page import Page
from extractors.seals.sides import REACH, drawn

Floats = NDArray[np.float64]


def frames(
    mask: Mask, ink: Mask, inside: Mask, page: Page, colour: SealColour, smallest: float, largest: float
) -> list[Outline]:
    """Frames whose sides are `smallest` to `largest` pixels; best first, none twice.

    mask: where a corner is looked for. ink: what its sides may lie on. inside: all ink there, where the others lack the
    characters. page: in the masks' coordinates.
    """
    edges = straight(mask, 0.55 * smallest, 1.6 * largest)
    found: list[Outline] = []
    for polygon in polygons(edges, smallest, largest):
        if any(_about(polygon, other) for other in found):
            continue
        outline = _fitted(ink, inside, page, polygon, colour, smallest, largest)
        if outline is not None:
            found.append(outline)
    return distinct(found)


def unbroken(
    mask: Mask, inside: Mask, page: Page, colour: SealColour, smallest: float, largest: float
) -> list[Outline]:
    """Frames whose line is in one piece, or nearly; best first, none twice. All as for `frames`.

    Either the area that it encloses is one, once the print that hangs on it is away, or the hole within it.
    """
    found: list[Outline] = []
    for polygon in enclosed(mask, smallest, largest):
        if any(_about(polygon, other) for other in found):
            continue
        outline = _fitted(mask, inside, page, polygon, colour, smallest, largest)
        if outline is not None and outline.coverage >= SURE:
            found.append(outline)
    return distinct(found)


def around(
    piece: Mask, inside: Mask, page: Page, colour: SealColour, smallest: float, largest: float
) -> Outline | None:
    """The frame along the hull of a piece, whose line may be worn to dashes, or None. All as for `frames`."""
    points = cv2.findNonZero(piece)
    if points is None:
        return None
    hull = np.asarray(cv2.convexHull(points), np.int32)
    fitted = (
        _fitted(piece, inside, page, polygon, colour, smallest, largest)
        for polygon in filling([hull], smallest, largest, trim=False)
    )
    return max((frame for frame in fitted if frame), key=lambda frame: frame.coverage, default=None)


def _fitted(
    mask: Mask, inside: Mask, page: Page, polygon: Floats, colour: SealColour, smallest: float, largest: float
) -> Outline | None:
    """The polygon along the outermost ink, or None where it is no frame."""
    sides = drawn(mask, inside, page, polygon, colour)
    return None if sides is None else formed(inside, page, *sides, colour, smallest, largest)


def _about(polygon: Floats, outline: Outline) -> bool:
    """Whether a polygon is about the same frame as one that was found."""
    if len(polygon) != len(outline.corners) or outline.coverage < SURE:
        return False
    apart = np.array(outline.corners)[None] - polygon[:, None]
    return bool(np.hypot(apart[..., 0], apart[..., 1]).min(axis=1).max() < 2 * REACH)
