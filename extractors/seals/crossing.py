"""What of an impression's ink is another's: the lines of seals that lie across it.

Light passes through ink, so the densities of two impressions add where they lie on each other. Of a ring or a frame
that was found the place of its lines is known, and how dense they are all along: what is taken away of them leaves the
strokes that they cross. Black ink that a scan has made plain black has no more density to give, and is left bare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.inks import Density
from extractors.seals.outline import Outline

Floats = NDArray[np.float32]

MOST = 8  # seals that are looked at across one
_DIRECTIONS = 720  # from the middle, in which lines are looked at
_SECTOR = 10  # directions that are told together
_BESIDE = 2  # sectors at each side that tell how dense a line is
_OUTSIDE, _INSIDE, _STEP = 0.05, 0.25, 0.005  # depths below the edge, parts of the way to the middle
_ALONG = 0.35  # part of the way around on which a line may be hidden or worn
_LINE = 0.5  # of the densest line: what else is a line
_RIM = 0.1  # of it: where its soft edge ends
_OWN = 0.4  # part of a line's length on which no other ink lies, anywhere along it
_FAINTEST = 0.08  # density of a line
_BLACKEST = 1.8  # density to which no more can be added: lines of pages of one bit


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one outline: densities, depths × sectors × channels, 0 where none is."""

    outline: Outline
    densities: Floats


def crossing(outline: Outline, others: Sequence[Outline]) -> list[Outline]:
    """Which of the others lie across it, MOST at most, the nearest first."""
    left, top, right, bottom = outline.extent
    across = [
        other
        for other in others
        if other is not outline
        and (extent := other.extent)[0] < right
        and extent[1] < bottom
        and extent[2] > left
        and extent[3] > top
    ]
    return sorted(across, key=lambda other: float(np.hypot(*np.subtract(other.centre, outline.centre))))[:MOST]


def lines_of(density: Density, outline: Outline) -> Lines:
    """The outline's lines, as they are on the page."""
    edge = outline.edge(_DIRECTIONS)
    reach = 1 + _OUTSIDE
    low = np.floor(np.asarray(outline.centre) + (edge - outline.centre).min(axis=0) * reach).astype(int) - 2
    high = np.ceil(np.asarray(outline.centre) + (edge - outline.centre).max(axis=0) * reach).astype(int) + 2
    height, width = density.shape[:2]
    x0, y0 = (int(np.clip(low[0], 0, width - 1)), int(np.clip(low[1], 0, height - 1)))
    page = density[y0 : int(np.clip(high[1], y0 + 1, height)), x0 : int(np.clip(high[0], x0 + 1, width))]
    depths = np.arange(-_OUTSIDE, _INSIDE, _STEP, dtype=np.float32)[:, None]
    angles = (np.arange(_DIRECTIONS) + 0.5) * (2 * np.pi / _DIRECTIONS) - np.pi
    far = _distances(outline, angles) * (1 - depths)
    xs = outline.centre[0] - x0 + far * np.cos(angles)
    ys = outline.centre[1] - y0 + far * np.sin(angles)
    seen = cv2.remap(page, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR, borderValue=(0, 0, 0))
    around = np.quantile(seen.max(axis=2), _ALONG, axis=1)
    level = float(around.max())
    sectors = _DIRECTIONS // _SECTOR
    densities = np.zeros((len(depths), sectors, 3), np.float32)
    if not _FAINTEST < level < _BLACKEST:
        return Lines(outline, densities)
    rows = np.flatnonzero(_held(around, _LINE * level, _RIM * level))
    wide = np.take(seen[rows], np.arange(-_BESIDE * _SECTOR, _DIRECTIONS + _BESIDE * _SECTOR) % _DIRECTIONS, axis=1)
    for sector in range(sectors):
        beside = wide[:, sector * _SECTOR : (sector + 2 * _BESIDE + 1) * _SECTOR]
        densities[rows, sector] = np.quantile(beside, _OWN, axis=1)
    return Lines(outline, densities)


def without(density: Floats, origin: tuple[int, int], others: Sequence[Lines]) -> Floats:
    """The density of a cutting without the lines of other impressions. origin: its first pixel on the page."""
    for other in others:
        height, width = density.shape[:2]
        dx = np.arange(width, dtype=np.float32) + np.float32(origin[0] - other.outline.centre[0])
        dy = np.arange(height, dtype=np.float32)[:, None] + np.float32(origin[1] - other.outline.centre[1])
        far, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
        depth = 1 - far / _distances(other.outline, angle)
        row = ((depth + _OUTSIDE) / _STEP).astype(np.float32)
        sector = ((angle + np.pi) / (2 * np.pi) * other.densities.shape[1] - 0.5).astype(np.float32)
        around = np.concatenate([other.densities[:, -1:], other.densities, other.densities[:, :1]], axis=1)
        lines = cv2.remap(around, sector + 1, row, cv2.INTER_LINEAR, borderValue=(0, 0, 0))
        density = np.clip(density - lines, 0, None)
    return density


def _distances(outline: Outline, angles: NDArray[np.floating]) -> NDArray[np.floating]:
    """From the middle to the edge, at angles of -pi to pi on the page, pixels."""
    away = outline.edge(_DIRECTIONS) - outline.centre
    at, far = np.arctan2(away[:, 1], away[:, 0]), np.hypot(away[:, 0], away[:, 1])
    return np.asarray(np.interp(angles, at, far, period=2 * np.pi))


def _held(values: NDArray[np.floating], high: float, low: float) -> NDArray[np.bool_]:
    """The runs of values above `low` that reach `high` somewhere."""
    _, labels = cv2.connectedComponents((values > low).astype(np.uint8)[None])
    reached = np.unique(labels[0][values > high])
    return np.asarray(np.isin(labels[0], reached[reached > 0]))
