"""Smooth random fields and soft thresholds: what ink, paper and light have in common."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def clouds(
    noise: np.random.Generator, high: int, wide: int, grain: float, octaves: int = 1, fall: float = 0.5
) -> Floats:
    """Smooth noise about 0, deviation 1. grain: pixels of its features, halved by an octave; fall: of its amplitude."""
    field = np.zeros((high, wide), np.float32)
    amplitude = 1.0
    for _ in range(octaves):
        rows, columns = max(2, int(high / grain) + 3), max(2, int(wide / grain) + 3)
        coarse = noise.standard_normal((rows, columns)).astype(np.float32)
        field += amplitude * cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)
        amplitude *= fall
        grain = max(1.5, grain / 2)
    return np.asarray(field / (field.std() + 1e-6), np.float32)


def rise(values: Floats, low: float | Floats, high: float | Floats) -> Floats:
    """0 up to low, 1 from high on, smooth between."""
    part = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)


def grid(high: int, wide: int) -> tuple[Floats, Floats]:
    """Each pixel's x and y."""
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    return x, y
