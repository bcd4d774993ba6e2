"""Where the page lies in a mask: what is beyond cannot be seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Page:
    """Where the page lies in a mask's coordinates: what is beyond cannot be seen.

    side: of a page's longer side at this scale, also where the picture is a part of a page.
    """

    left: float
    top: float
    right: float
    bottom: float
    side: float

    def holds(self, x: Floats, y: Floats, margin: float = 2.5) -> NDArray[np.bool_]:
        return (
            (x > self.left + margin) & (x < self.right - margin) & (y > self.top + margin) & (y < self.bottom - margin)
        )

    def moved(self, dx: float, dy: float) -> Page:
        return Page(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy, self.side)

    def part(self, polygon: Floats) -> float:
        """The part of a convex polygon's area that lies on the page."""
        shape = polygon.astype(np.float32)
        page = np.array(
            [[self.left, self.top], [self.right, self.top], [self.right, self.bottom], [self.left, self.bottom]],
            np.float32,
        )
        whole = float(cv2.contourArea(shape))
        area, _ = cv2.intersectConvexConvex(shape, page)
        return min(1.0, float(area) / whole) if whole > 0 else 0.0
