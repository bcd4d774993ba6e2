"""The texture of an impression's ink, made where the picture is. What it is for: extractors/impressions.py.

1. Optical density in the channel where the ink is strongest; black print over the seal counts as not seen.
2. The ring's outer edge, fitted with the three lowest harmonics. A shift of the centre (first harmonic) and a scale
   that differs along the axes (second) move the edge sideways too, and the samples are taken where they then are.
3. The ring's middle as BANDS rows of COLUMNS cells once around, relative to the mean and the spread of their
   neighbourhood: how hard the stamp was pressed and how a lamp falls are thereby left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.impressions import BANDS, COLUMNS, LEAST_SEEN, pack
from extractors.ocr.inks import Inks
from extractors.seals.outline import Outline

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

_NEIGHBOURHOOD = 21  # cells over which the mean is taken
_SPREAD = 25  # cells over which the spread is taken
_FLATTEST = 0.015  # relative spread below which ink has no texture, as that of a drawn seal
_SMALLEST = 40.0  # pixels of the radius: below that the ring is two pixels wide

_ANGLES = np.arange(COLUMNS) * (2 * np.pi / COLUMNS)
_WAVES = np.column_stack([np.ones(COLUMNS), *(wave(k * _ANGLES) for k in (1, 2, 3) for wave in (np.cos, np.sin))])


@dataclass(slots=True)
class _Edge:
    """The outer edge in pixels of the cutting: a circle, and what it differs by: cosine and sine of harmonics 2, 3."""

    x: float
    y: float
    radius: float
    bends: tuple[float, float, float, float]

    def sampled(self, picture: Floats, columns: int, depths: Doubles) -> Floats:
        """Rows at depths (inwards, in radii), columns clockwise from the page's right; -1 beyond the picture."""
        angles = np.arange(columns) * (2 * np.pi / columns)
        a2, b2, a3, b3 = self.bends
        cos2, sin2 = np.cos(2 * angles), np.sin(2 * angles)
        outward = a2 * cos2 + b2 * sin2 + a3 * np.cos(3 * angles) + b3 * np.sin(3 * angles)
        sideways = angles + (b2 * cos2 - a2 * sin2) / self.radius
        reach = (self.radius + outward)[None] - depths[:, None] * self.radius
        x = (self.x + reach * np.cos(sideways)[None]).astype(np.float32)
        y = (self.y + reach * np.sin(sideways)[None]).astype(np.float32)
        return cast("Floats", cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderValue=-1))


def describe(inks: Inks, outline: Outline) -> bytes:
    """A description that `impressions.likeness` compares; b"" where the ring's texture cannot be told.

    That is so of seals that are not round, too small, too faint, worn or covered, and of a drawn seal's even ink.
    """
    if outline.shape is not SealShape.ROUND or outline.radius < _SMALLEST:
        return b""
    density, hidden, (left, top) = _cut(inks, outline)
    stretch, turn = (outline.half_width - outline.half_height) / 2, np.radians(2 * outline.turn)
    drawn = _Edge(
        outline.centre[0] - left,
        outline.centre[1] - top,
        (outline.half_width + outline.half_height) / 2,
        (float(stretch * np.cos(turn)), float(stretch * np.sin(turn)), 0.0, 0.0),
    )
    density /= _level(drawn, density, hidden)
    edge: _Edge | None = drawn
    for reach in (0.09, 0.05, 0.05):
        edge = _fitted(edge, density, hidden, reach) if edge is not None else None
    if edge is None:
        return b""
    texture = _texture(edge, density, hidden)
    return b"" if texture is None else pack(*texture)


def _cut(inks: Inks, outline: Outline) -> tuple[Floats, Floats, tuple[int, int]]:
    """Density where the ink is strongest, where it is hidden by print (0 to 1), and the cutting's origin."""
    height, width = inks.chroma.shape
    margin = 0.1 * outline.radius + 3
    left, top, right, bottom = outline.extent
    x0, y0 = int(np.clip(left - margin, 0, width - 2)), int(np.clip(top - margin, 0, height - 2))
    x1, y1 = int(np.clip(right + margin, x0 + 2, width)), int(np.clip(bottom + margin, y0 + 2, height))
    channels = [np.ascontiguousarray(channel) for channel in cv2.split(inks.density[y0:y1, x0:x1])]
    black = cv2.min(cv2.min(channels[0], channels[1]), channels[2])
    if outline.colour is SealColour.BLACK:
        density, inked = black, black > max(0.05, 0.4 * float(np.percentile(black, 97)))
        printed = density > 1.6 * _median(density[inked])  # on a grey copy what is darker than the ring is print
    else:
        chroma = inks.chroma[y0:y1, x0:x1]
        inked = (chroma > max(0.05, 0.5 * float(np.percentile(chroma, 95)))) & (black < 0.3)
        mask = inked.astype(np.uint8)
        density = max(channels, key=lambda channel: cv2.mean(channel, mask)[0])
        printed = black > 0.3
    hidden = cv2.dilate(printed.astype(np.float32), np.ones((5, 5), np.uint8))
    return density.copy(), cast("Floats", hidden), (x0, y0)


def _level(edge: _Edge, density: Floats, hidden: Floats) -> np.float32:
    """The ring's own usual density: a red title beside the seal may be twice as dark."""
    depths = np.linspace(-0.03, 0.08, 23)
    clear = np.where(edge.sampled(hidden, COLUMNS, depths) < 0.05, edge.sampled(density, COLUMNS, depths), 0)
    strongest = clear.max(axis=0)
    return np.float32(_median(strongest[strongest > 0]))


def _median(values: Floats) -> float:
    return max(float(np.median(values)), 0.04) if values.size else 1.0


def _fitted(edge: _Edge, density: Floats, hidden: Floats, reach: float) -> _Edge | None:
    """The edge where density first reaches half of the ink's; None where too little of it is seen."""
    depths = np.arange(-reach, 0.16, 0.002 + reach / 90)
    inward = cv2.blur(edge.sampled(density, COLUMNS, depths), (3, 1))
    inked = (inward > 0.5) & (edge.sampled(hidden, COLUMNS, depths) < 0.05)
    first = inked.argmax(axis=0)
    seen = inked.any(axis=0) & (first > 0)
    if seen.mean() < LEAST_SEEN:
        return None
    here, before = inward[first, np.arange(COLUMNS)], inward[np.maximum(first - 1, 0), np.arange(COLUMNS)]
    part = np.clip((here - 0.5) / np.maximum(here - before, 1e-3), 0, 1)
    found = depths[first] - part * (depths[1] - depths[0])
    used = seen & (np.abs(found - np.median(found[seen])) < 0.06)
    weights = np.zeros(_WAVES.shape[1])
    for _ in range(5):
        if used.mean() < LEAST_SEEN:
            return None
        weights = np.linalg.lstsq(_WAVES[used], found[used], rcond=None)[0]
        apart = np.abs(found - _WAVES @ weights)
        used = seen & (apart < max(3.75 * float(np.median(apart[used])), 0.01))
    radius = edge.radius * (1 - float(weights[0]))
    right, down, *bends = (float(-weight * radius) for weight in weights[1:])
    if radius < _SMALLEST:
        return None
    a2, b2, a3, b3 = (old + new for old, new in zip(edge.bends, bends, strict=True))
    return _Edge(edge.x + right, edge.y + down, radius, (a2, b2, a3, b3))


def _texture(edge: _Edge, density: Floats, hidden: Floats) -> tuple[Doubles, NDArray[np.bool_]] | None:
    """Standard deviations from the neighbourhood's mean, BANDS × COLUMNS, and which cells are seen; None for none."""
    thickness = _thickness(edge, density, hidden)
    fine, wide = 4, 2  # samples of a cell, across and along
    depths = np.linspace(0.18 * thickness, 0.82 * thickness, BANDS * fine)
    samples = edge.sampled(density, COLUMNS * wide, depths)
    good = (samples > -0.5) & (edge.sampled(hidden, COLUMNS * wide, depths) < 0.05)
    weight = good.reshape(BANDS, fine, COLUMNS, wide).mean(axis=(1, 3))
    total = np.where(good, samples, 0).reshape(BANDS, fine, COLUMNS, wide).mean(axis=(1, 3))
    seen = weight > 0.6
    if seen.mean() < LEAST_SEEN:
        return None
    cells = np.where(seen, total / np.maximum(weight, 1e-3), 0.0)
    covered = np.maximum(_around(seen.astype(np.float64), _NEIGHBOURHOOD), 0.05)
    mean = _around(cells, _NEIGHBOURHOOD) / covered
    apart = np.where(seen, cells / np.maximum(mean, 0.05) - 1, 0.0)
    covered = np.maximum(_around(seen.astype(np.float64), _SPREAD), 0.05)
    spread = np.sqrt(np.maximum(_around(apart * apart, _SPREAD) / covered, 0).mean(axis=0))
    usual = float(np.median(spread))
    if usual < _FLATTEST:
        return None
    apart /= np.maximum(spread, 0.3 * usual)
    return apart / max(float(apart[seen].std()), 1e-6), seen


def _thickness(edge: _Edge, density: Floats, hidden: Floats) -> float:
    """Of the ring, in radii."""
    depths = np.linspace(0.0, 0.14, 71)
    clear = edge.sampled(hidden, COLUMNS, depths) < 0.05
    inked = (edge.sampled(density, COLUMNS, depths) * clear).sum(axis=1) / np.maximum(clear.sum(axis=1), 1)
    inside = np.flatnonzero((depths > 0.015) & (inked < 0.5 * inked.max()))
    return float(depths[inside[0]]) if inside.size else 0.055


def _around(rows: Doubles, cells: int) -> Doubles:
    """The mean over so many cells along each row, which closes on itself."""
    wrapped = np.concatenate([rows[:, -cells:], rows, rows[:, :cells]], axis=1)
    return np.asarray(cv2.blur(wrapped, (cells, 1))[:, cells:-cells], np.float64)
