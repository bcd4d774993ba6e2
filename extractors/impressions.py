"""Two seals from one impression: the texture of a ring's ink, small enough to be carried, and how alike two are.

No seal is ever pressed twice alike: ink and pressure leave grain in what the plate has solid. The ring is solid, and
every society's seal has one, so its texture belongs to the impression and not to the plate. Where two papers show the
same texture, one picture of a seal stands on both: pasted, or the same scan used again. Nothing is said about whether
a seal is genuine; a picture pasted into a letter can be as authorised as a stamp.

A description (made by extractors/seals/impression.py) is the ring's middle as BANDS rows of COLUMNS cells once around,
each relative to its neighbourhood, four bits a cell. `likeness` turns one against the other (a circular correlation)
and asks that the agreement goes all the way round: a notch that is worn into the plate leaves the same mark on every
impression, but in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

COLUMNS = 512  # cells once around: 2 pixels of a 42 mm seal at 200 dpi
BANDS = 3  # cells across the ring
BYTES = 1 + BANDS * COLUMNS // 2  # of a description
SAME = 0.42  # likeness from which two descriptions are of one impression; see benchmarks/impression.py
LEAST_SEEN = 0.4  # of the cells, in one description and in both together

_VERSION = 1
_CLIP = 2.5  # standard deviations: what is beyond is worn or dirty, and must not decide alone
_LEVELS = 7  # steps on either side of the mean; 8 is the mean, 0 not seen
_SEGMENTS = 8  # parts of the ring, of which the best two do not count


def pack(apart: Doubles, seen: NDArray[np.bool_]) -> bytes:
    """A description. apart: standard deviations from the neighbourhood's mean, BANDS × COLUMNS. seen: which count."""
    levels = np.round(np.clip(apart, -_CLIP, _CLIP) / _CLIP * _LEVELS) + 8
    codes = np.where(seen, levels, 0).astype(np.uint8).ravel()
    return bytes([_VERSION]) + (codes[::2] << 4 | codes[1::2]).tobytes()


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
    if seen.mean() < LEAST_SEEN:
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
    promising = np.flatnonzero(quotients >= 0.8 * SAME * np.maximum(common, LEAST_SEEN))
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
    quotient[common < LEAST_SEEN * BANDS * COLUMNS] = 0
    turn = int(quotient.argmax())
    best = float(quotient[turn])
    return best if best < SAME else min(best, _without_best(one, other, turn))


def _without_best(one: Texture, other: Texture, turn: int) -> float:
    cells, seen = np.roll(other.cells, turn, axis=1), np.roll(other.seen, turn, axis=1)

    def parts(rows: Floats) -> Floats:
        return np.asarray(rows.reshape(BANDS, _SEGMENTS, -1).sum(axis=(0, 2)), np.float32)

    product = parts(one.cells * cells)
    norm = np.sqrt(parts(one.cells**2 * seen) * parts(cells**2 * one.seen))
    kept = np.argsort(product - SAME * norm)[:-2]
    return float(product[kept].sum() / max(float(norm[kept].sum()), 1e-3))
