"""The outer edge of an impression on a page: an ellipse, or a frame of three or four sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape

Mask = NDArray[np.uint8]
Point = tuple[float, float]

SURE = 0.8  # coverage from which an outline alone says that there is a ring or a frame
FIELD = 0.55  # inked part of a frame's inside above which its characters are bare
WHOLE = 0.95  # coverage from which an oval is no knot of rings
RING = 0.9  # coverage of a ring without doubt
LETTER = 0.33  # of a ring's radius, up to which what is in it may be a character
BETTER = 0.03  # coverage that a ring in it must have more of


@dataclass(frozen=True, slots=True)
class Outline:
    """The outer edge of an impression, in pixels of the page.

    centre: x, y. half_width, half_height: semi-axes of the ellipse, half the sides of the frame, half a diamond's
    diagonals, half the rectangle around a triangle; half_width lies along `turn`, degrees clockwise against the page,
    -90 to 90 (0 for circles).
    coverage: 0 to 1, the part of the edge on which ink was seen, of what lies on the page.
    span: columns of the page, from and to, between which it was pressed; another sheet has what is beyond (骑缝章).
    corners: of a frame, clockwise; () for ellipses. visible: 0 to 1, the part of its area that lies on the page.
    filled: 0 to 1, the part of the inside that is inked.
    """

    shape: SealShape
    colour: SealColour
    centre: Point
    half_width: float
    half_height: float
    turn: float
    coverage: float
    corners: tuple[Point, ...] = ()
    visible: float = 1.0
    filled: float = 0.0
    span: tuple[float, float] = (-inf, inf)

    @property
    def bare(self) -> bool:
        """The characters are bare paper in a field of ink (白文), as on some persons' seals."""
        return bool(self.corners) and self.filled > FIELD

    @property
    def gappy(self) -> bool:
        """An oval that may be two rings that touch, or a ring and other ink."""
        return self.shape is SealShape.OVAL and self.coverage < WHOLE

    @property
    def radius(self) -> float:
        return max(self.half_width, self.half_height)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom of the upright rectangle around it, pixels."""
        if self.corners:
            xs, ys = zip(*self.corners, strict=True)
            return min(xs), min(ys), max(xs), max(ys)
        angle = np.radians(self.turn)
        cos, sin = abs(float(np.cos(angle))), abs(float(np.sin(angle)))
        if self.shape.is_ring:
            dx = float(np.hypot(self.half_width * cos, self.half_height * sin))
            dy = float(np.hypot(self.half_width * sin, self.half_height * cos))
        else:
            dx = self.half_width * cos + self.half_height * sin
            dy = self.half_width * sin + self.half_height * cos
        x, y = self.centre
        return max(x - dx, self.span[0]), y - dy, min(x + dx, self.span[1]), y + dy

    def polygon(self, count: int = 36) -> NDArray[np.float64]:
        """The edge as corners, clockwise: a frame's own, or `count` points of the ellipse."""
        if self.corners:
            return np.array(self.corners, np.float64)
        t, angle = np.arange(count) * 2 * np.pi / count, np.radians(self.turn)
        u, v = self.half_width * np.cos(t), self.half_height * np.sin(t)
        x, y = self.centre
        return np.column_stack([x + u * np.cos(angle) - v * np.sin(angle), y + u * np.sin(angle) + v * np.cos(angle)])

    def edge(self, count: int) -> NDArray[np.float64]:
        """So many points of the edge, clockwise."""
        if not self.corners:
            return self.polygon(count)
        corners = np.array((*self.corners, self.corners[0]), np.float64)
        along = np.linspace(0, len(corners) - 1, count, endpoint=False)
        return np.column_stack([np.interp(along, np.arange(len(corners)), column) for column in corners.T])

    def moved(self, dx: float, dy: float) -> Outline:
        return self.enlarged(1.0, dx, dy)

    def enlarged(self, factor: float, dx: float = 0.0, dy: float = 0.0) -> Outline:
        """All lengths and places times `factor`, then moved."""

        def place(point: Point) -> Point:
            return point[0] * factor + dx, point[1] * factor + dy

        return replace(
            self,
            centre=place(self.centre),
            half_width=self.half_width * factor,
            half_height=self.half_height * factor,
            corners=tuple(place(corner) for corner in self.corners),
            span=(self.span[0] * factor + dx, self.span[1] * factor + dx),
        )

    def erase(self, mask: Mask) -> None:
        """Clear its area, its ink's soft edge too."""
        grown = self.polygon(72)
        middle = np.asarray(self.centre)
        away = grown - middle
        reach = np.maximum(1e-6, np.linalg.norm(away, axis=1))[:, None]
        cv2.fillPoly(mask, [np.round(middle + away * (1 + 2.5 / reach)).astype(np.int32)], 0)


def same(one: Outline, other: Outline) -> bool:
    """Two outlines of one impression: centres closer than half the smaller one's radius, or one within the other."""
    distance = float(np.hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]))
    smaller, larger = sorted((one, other), key=lambda outline: outline.half_width * outline.half_height)
    if distance < 0.5 * min(smaller.half_width, smaller.half_height):
        return True
    if distance > larger.radius:
        return False
    # Within the larger one: all but a rim of its area.
    polygon = larger.polygon().astype(np.float32)
    area, _ = cv2.intersectConvexConvex(polygon, smaller.polygon().astype(np.float32))
    return bool(area > 0.7 * cv2.contourArea(smaller.polygon().astype(np.float32)))


def distinct(outlines: Iterable[Outline]) -> list[Outline]:
    """Without second outlines of the same impression; the better covered one stays, best first."""
    kept: list[Outline] = []
    outlines = list(outlines)
    outlines = [one for one in outlines if not any(_knots(one, other) or _through(one, other) for other in outlines)]
    outlines = [one for one in outlines if not _around_several(one, outlines)]
    for outline in sorted(outlines, key=lambda one: (-one.coverage * one.radius, one.centre)):
        if not any(same(outline, other) for other in kept):
            kept.append(outline)
    return sorted(kept, key=lambda one: -one.coverage)


def _around_several(ring: Outline, outlines: Sequence[Outline]) -> bool:
    """Whether several rings that are better lie within a ring, each for itself: it was made of them."""
    if not ring.shape.is_ring:
        return False
    within: list[Outline] = []
    for other in outlines:
        better = other.shape.is_ring and other.coverage > max(RING, ring.coverage + BETTER)
        large = LETTER * ring.radius < other.radius < ring.radius  # a ring in a character is small
        if better and large and same(ring, other) and not any(same(one, other) for one in within):
            within.append(other)
    return len(within) > 1


def _through(ring: Outline, frame: Outline) -> bool:
    """Whether a doubtful ring goes through the sides of a frame, and what is around it."""
    better = ring.coverage < SURE <= frame.coverage
    # A frame in a character is small.
    better &= ring.shape.is_ring and not frame.shape.is_ring and frame.radius > LETTER * ring.radius
    return better and same(ring, frame)


def _knots(knot: Outline, ring: Outline) -> bool:
    """Whether a gappy oval or a doubtful ring is a better ring and what touches it: that lies to one side within."""
    distance = float(np.hypot(knot.centre[0] - ring.centre[0], knot.centre[1] - ring.centre[1]))
    better = knot.coverage < SURE <= ring.coverage
    # A ring in a character is small.
    better |= knot.coverage < RING <= ring.coverage and ring.radius > LETTER * knot.radius
    return (
        (knot.gappy or (knot.shape.is_ring and better))
        and ring.shape.is_ring
        and ring.coverage > knot.coverage + BETTER
        and ring.radius < knot.radius
        and distance > 0.25 * ring.radius
        and same(knot, ring)
    )
