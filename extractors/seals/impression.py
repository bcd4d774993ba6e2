"""Two seals from one impression: the texture of a ring's ink, small enough to be carried, and how alike two are.

No seal is ever pressed twice alike: ink and pressure leave grain in what the plate has solid. The ring is solid, and
every society's seal has one, so its texture belongs to the impression and not to the plate. Where two papers show the
same texture, one picture of a seal stands on both: pasted, or the same scan used again. Nothing is said about whether
a seal is genuine; a picture pasted into a letter can be as authorised as a stamp.

`describe` cuts the ring out:

1. Optical density in the channel where the ink is strongest; black print over the seal counts as not seen.
2. The ring's outer edge, fitted with the three lowest harmonics. A shift of the centre (first harmonic) and a scale
   that differs along the axes (second) move the edge sideways too, and the samples are taken where they then are.
3. The ring's middle as BANDS rows of COLUMNS cells once around, relative to the mean and the spread of their
   neighbourhood: how hard the stamp was pressed and how a lamp falls are thereby left out.
4. Four bits a cell.

`likeness` turns one against the other (a circular correlation) and asks that the agreement goes all the way round: a
notch that is worn into the plate leaves the same mark on every impression, but in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.ocr.inks import Inks
from extractors.seals.find import Outline

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

COLUMNS = 512  # cells once around: 2 pixels of a 42 mm seal at 200 dpi
BANDS = 3  # cells across the ring
BYTES = 1 + BANDS * COLUMNS // 2  # of a description
SAME = 0.42  # likeness from which two descriptions are of one impression; see benchmarks/impression.py

_VERSION = 1
_CLIP = 2.5  # standard deviations: what is beyond is worn or dirty, and must not decide alone
_LEVELS = 7  # steps on either side of the mean; 8 is the mean, 0 not seen
_NEIGHBOURHOOD = 21  # cells over which the mean is taken
_SPREAD = 25  # cells over which the spread is taken
_FLATTEST = 0.015  # relative spread below which ink has no texture, as that of a drawn seal
_LEAST_SEEN = 0.4  # of the cells, in one description and in both together
_SMALLEST = 40.0  # pixels of the radius: below that the ring is two pixels wide
_SEGMENTS = 8  # parts of the ring, of which the best two do not count

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
    """BYTES bytes that `likeness` compares; b"" where the ring's texture cannot be told.

    That is so of seals that are not round, too small, too faint, worn or covered, and of a drawn seal's even ink.
    """
    if outline.shape is not SealShape.ROUND or outline.radius < _SMALLEST:
        return b""
    density, hidden, (left, top) = _cut(inks, outline)
    stretch, turn = (outline.half_width - outline.half_height) / 2, np.radians(2 * outline.turn)
    edge: _Edge | None = _Edge(
        outline.centre[0] - left,
        outline.centre[1] - top,
        (outline.half_width + outline.half_height) / 2,
        (float(stretch * np.cos(turn)), float(stretch * np.sin(turn)), 0.0, 0.0),
    )
    for reach in (0.09, 0.05, 0.05):
        edge = _fitted(edge, density, hidden, reach) if edge is not None else None
    if edge is None:
        return b""
    texture = _texture(edge, density, hidden)
    return b"" if texture is None else _packed(*texture)


def _cut(inks: Inks, outline: Outline) -> tuple[Floats, Floats, tuple[int, int]]:
    """Density relative to the seal's usual ink, where it is hidden by print (0 to 1), and the cutting's origin."""
    height, width = inks.chroma.shape
    margin = 0.1 * outline.radius + 3
    left, top, right, bottom = outline.extent
    x0, y0 = int(np.clip(left - margin, 0, width - 2)), int(np.clip(top - margin, 0, height - 2))
    x1, y1 = int(np.clip(right + margin, x0 + 2, width)), int(np.clip(bottom + margin, y0 + 2, height))
    channels = [np.ascontiguousarray(channel) for channel in cv2.split(inks.density[y0:y1, x0:x1])]
    black = cv2.min(cv2.min(channels[0], channels[1]), channels[2])
    if outline.colour is SealColour.BLACK:
        density, inked = black, black > max(0.05, 0.4 * float(np.percentile(black, 97)))
        level = _median(density[inked])
        printed = density > 1.6 * level  # on a grey copy what is darker than the ring is print
    else:
        chroma = inks.chroma[y0:y1, x0:x1]
        inked = (chroma > max(0.05, 0.5 * float(np.percentile(chroma, 95)))) & (black < 0.3)
        mask = inked.astype(np.uint8)
        density = max(channels, key=lambda channel: cv2.mean(channel, mask)[0])
        level = _median(density[inked])
        printed = black > 0.3
    hidden = cv2.dilate(printed.astype(np.float32), np.ones((5, 5), np.uint8))
    return (density / np.float32(level)).astype(np.float32), cast("Floats", hidden), (x0, y0)


def _median(values: Floats) -> float:
    return max(float(np.median(values)), 0.04) if values.size else 1.0


def _fitted(edge: _Edge, density: Floats, hidden: Floats, reach: float) -> _Edge | None:
    """The edge where density first reaches half of the ink's; None where too little of it is seen."""
    depths = np.arange(-reach, 0.16, 0.002 + reach / 90)
    inward = cv2.blur(edge.sampled(density, COLUMNS, depths), (3, 1))
    inked = (inward > 0.5) & (edge.sampled(hidden, COLUMNS, depths) < 0.05)
    first = inked.argmax(axis=0)
    seen = inked.any(axis=0) & (first > 0)
    if seen.mean() < _LEAST_SEEN:
        return None
    here, before = inward[first, np.arange(COLUMNS)], inward[np.maximum(first - 1, 0), np.arange(COLUMNS)]
    part = np.clip((here - 0.5) / np.maximum(here - before, 1e-3), 0, 1)
    found = depths[first] - part * (depths[1] - depths[0])
    used = seen & (np.abs(found - np.median(found[seen])) < 0.06)
    weights = np.zeros(_WAVES.shape[1])
    for _ in range(5):
        if used.mean() < _LEAST_SEEN:
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
    if seen.mean() < _LEAST_SEEN:
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
    return np.clip(apart / apart[seen].std(), -_CLIP, _CLIP), seen


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
    return cv2.blur(wrapped, (cells, 1))[:, cells:-cells].astype(np.float64)


def _packed(apart: Doubles, seen: NDArray[np.bool_]) -> bytes:
    codes = np.where(seen, np.round(apart / _CLIP * _LEVELS) + 8, 0).astype(np.uint8).ravel()
    return bytes([_VERSION]) + (codes[::2] << 4 | codes[1::2]).tobytes()


# --------------------------------------------------------------------------------------------------- comparing


@dataclass(frozen=True, slots=True)
class Texture:
    """A description ready to be compared. cells: BANDS × COLUMNS, 0 where not seen. spectrum: of its rows."""

    cells: Floats
    seen: Floats
    spectrum: NDArray[np.complex64]
    strength: float


def unpack(description: bytes) -> Texture | None:
    """None for what is no description: b"", another length or version. Never raises: it may come from strangers."""
    if len(description) != BYTES or description[0] != _VERSION:
        return None
    pairs = np.frombuffer(description, np.uint8, offset=1)
    codes = np.column_stack([pairs >> 4, pairs & 15]).reshape(BANDS, COLUMNS)
    seen = (codes > 0).astype(np.float32)
    if seen.mean() < _LEAST_SEEN:
        return None
    cells = np.where(seen > 0, (codes.astype(np.float32) - 8) * np.float32(_CLIP / _LEVELS), np.float32(0))
    strength = float(np.sqrt((cells * cells).sum()))
    # a stranger's description may be all the same
    return Texture(cells, seen, _spectrum(cells), strength) if strength > 0.3 * np.sqrt(seen.sum()) else None


def likeness(one: bytes, other: bytes) -> float | None:
    """-1 to 1: how alike the textures of two descriptions are in the best turn; None where either has none."""
    a, b = unpack(one), unpack(other)
    return None if a is None or b is None else compare(a, b)


def compare(one: Texture, other: Texture) -> float:
    """-1 to 1. Different impressions stay below 0.3, one impression twice is mostly above 0.5: see SAME."""
    return _checked(one, other, _correlation(one.spectrum, other.spectrum))


def alike(one: Texture, others: Sequence[Texture]) -> list[int]:
    """The indices of those that are of one impression with `one`: what `compare` says, many times faster."""
    if not others:
        return []
    products = _correlation(one.spectrum, np.stack([other.spectrum for other in others]))
    quotients = products.max(axis=1) / (one.strength * np.array([other.strength for other in others]))
    # Over the cells seen in both alone the quotient is greater, but hardly by more than what they are of all.
    common = float(one.seen.mean()) - 1 + np.array([float(other.seen.mean()) for other in others])
    promising = np.flatnonzero(quotients >= 0.8 * SAME * np.maximum(common, _LEAST_SEEN))
    return [index for index in promising.tolist() if _checked(one, others[index], products[index]) >= SAME]


def _spectrum(rows: Floats) -> NDArray[np.complex64]:
    return np.fft.rfft(rows).astype(np.complex64)


def _correlation(one: NDArray[np.complex64], other: NDArray[np.complex64]) -> Floats:
    """Sums of products for every turn, bands together."""
    return np.fft.irfft((one * np.conj(other)).sum(axis=-2), COLUMNS).astype(np.float32)


def _checked(one: Texture, other: Texture, products: Floats) -> float:
    """The quotient in the best turn, over the cells seen in both; without the best segments if that is less."""
    mask_one, mask_other = _spectrum(one.seen), _spectrum(other.seen)
    norm_one = _correlation(_spectrum(one.cells * one.cells), mask_other)
    norm_other = _correlation(mask_one, _spectrum(other.cells * other.cells))
    common = _correlation(mask_one, mask_other)
    quotient = products / np.sqrt(np.maximum(norm_one * norm_other, 1e-3))
    quotient[common < _LEAST_SEEN * BANDS * COLUMNS] = 0
    turn = int(quotient.argmax())
    best = float(quotient[turn])
    return best if best < SAME else min(best, _without_best(one, other, turn))


def _without_best(one: Texture, other: Texture, turn: int) -> float:
    cells, seen = np.roll(other.cells, turn, axis=1), np.roll(other.seen, turn, axis=1)

    def parts(rows: Floats) -> Floats:
        return rows.reshape(BANDS, _SEGMENTS, -1).sum(axis=(0, 2))

    product = parts(one.cells * cells)
    norm = np.sqrt(parts(one.cells**2 * seen) * parts(cells**2 * one.seen))
    kept = np.argsort(product - SAME * norm)[:-2]
    return float(product[kept].sum() / max(float(norm[kept].sum()), 1e-3))
