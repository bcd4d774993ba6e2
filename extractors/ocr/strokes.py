"""Horizontal strokes in masks of ink, and the arithmetic on masks that rules are looked for with.

A mask is 255 where there is ink and 0 elsewhere. Vertical strokes are looked for in a turned mask. Lengths are in units
of ruling.py; a mask whose rows are shrunk has one column for `ALONG` pixels of a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from extractors.ocr.engine import Raster

ALONG = 3  # pixels along the rules that are looked for become one (in_thirds), for speed; double rules stay apart
RULE = 30  # a rule is longer; the strokes of text of 18 points are shorter
SHORTEST = 10  # a lower or narrower room holds no text
PRINT = 128  # grey below which a pixel is print
DOUBLE = 6  # the white within a double rule
BEHIND = 12  # how far a rule may run beyond the one that it ends at
MOST_STROKES = 4000  # of one mask


def darker(grey: Raster, than: int) -> Raster:
    """255 where a picture is that dark or darker."""
    return cast(Raster, cv2.threshold(grey, than, 255, cv2.THRESH_BINARY_INV)[1])


def in_thirds(grey: Raster) -> Raster:
    """Three rows as one, the middle one of their values: dark where two of them are."""
    first, second, third = (grey[row::ALONG] for row in range(ALONG))
    return cast(Raster, cv2.max(cv2.min(first, second), cv2.min(cv2.max(first, second), third)))


def enlarged(mask: Raster, wide: int, high: int) -> Raster:
    return cast(Raster, cv2.resize(mask, (wide, high), interpolation=cv2.INTER_NEAREST))


def turned(mask: Raster) -> Raster:
    return cast(Raster, cv2.transpose(mask))


def opened(mask: Raster, high: int, wide: int) -> Raster:
    kernel = np.ones((high, wide), np.uint8)
    if high > 1:
        return cast(Raster, cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel))
    return _by_rows(mask, wide, lambda rows: cv2.morphologyEx(rows, cv2.MORPH_OPEN, kernel))


def _by_rows(mask: Raster, least: int, action: Callable[[Raster], object]) -> Raster:
    """What is done to each row of a mask by itself, where it has so many pixels; the other rows are empty then."""
    held = np.flatnonzero(cv2.reduce(mask, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[:, 0] >= 255 * least)
    if 2 * held.size > len(mask):
        return cast(Raster, action(mask))
    done = np.zeros_like(mask)
    if held.size:
        done[held] = cast(Raster, action(mask[held]))
    return done


def joined_along(mask: Raster, gap: int) -> Raster:
    """With gaps along a row closed."""
    return _by_rows(mask, 1, lambda rows: cv2.morphologyEx(rows, cv2.MORPH_CLOSE, np.ones((1, gap + 1), np.uint8)))


def steps(units: float, unit: float) -> int:
    """Pixels along a rule."""
    return max(2, round(units * unit / ALONG))


@dataclass(frozen=True, slots=True)
class Stroke:
    """A horizontal rule: its first and last column, its height at both."""

    left: int
    right: int
    first: float
    last: float

    @property
    def length(self) -> int:
        return self.right - self.left + 1

    @property
    def slope(self) -> float:
        return (self.last - self.first) / max(1, self.right - self.left)

    def at(self, column: int) -> float:
        """Its height there, were it led on."""
        return self.first + self.slope * (column - self.left)


def strokes_of(across: Raster, least: float) -> list[Stroke]:
    """The rules of a mask that are at least so long."""
    contours, _ = cv2.findContours(across, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    strokes = []
    for contour in contours[:MOST_STROKES]:
        left, _, wide, _ = cv2.boundingRect(contour)
        if wide >= least:
            points, edge = contour[:, 0], max(3, wide // 8)
            first = float(points[points[:, 0] < left + edge, 1].mean())
            last = float(points[points[:, 0] >= left + wide - edge, 1].mean())
            slope, level = (last - first) / max(1, wide - edge), (first + last) / 2
            strokes.append(Stroke(left, left + wide - 1, level - slope * wide / 2, level + slope * wide / 2))
    return strokes
