"""A sheet's own marks: grain, fibres, creases, the other side showing through. Light is 0 to 255, blue, green, red."""

from __future__ import annotations

import math
from random import Random

import cv2
import numpy as np

from benchmarks.paper.fields import Floats, clouds


def grain(rng: Random, noise: np.random.Generator, light: Floats) -> Floats:
    high, wide = light.shape[:2]
    fibres = rng.random() < 0.25
    fine, coarse = rng.uniform(0.3, 1.6), rng.uniform(0.3, 1.3)
    light = light + (clouds(noise, high, wide, 2.2) * fine + clouds(noise, high, wide, 60, 2) * coarse)[..., None]
    if fibres:
        light = light + (np.minimum(clouds(noise, high, wide, 5, 2) + 1.6, 0) * 6)[..., None]
    return np.asarray(np.clip(light, 0, 255), np.float32)


def creases(rng: Random, noise: np.random.Generator, light: Floats, scale: float) -> Floats:
    """One to three folds, mostly along the sides. scale: pixels of a millimetre."""
    high, wide = light.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    for _ in range(rng.randint(1, 3)):
        angle = rng.choice([0, math.pi / 2]) + rng.gauss(0, 0.06) if rng.random() < 0.7 else rng.uniform(0, 3.14)
        off = rng.uniform(0.2, 0.8) * (abs(math.cos(angle)) * wide + abs(math.sin(angle)) * high)
        away = x * math.cos(angle) + y * math.sin(angle) - off + clouds(noise, high, wide, 60) * 0.25 * scale
        side = rng.choice([-1, 1])
        shade = np.tanh(away / (scale * 3)) * np.exp(-np.abs(away) / (scale * 25))
        light = light * (1 - rng.uniform(0.02, 0.09) * side * shade)[..., None]
        broken = np.clip(0.5 + 0.4 * clouds(noise, high, wide, 20), 0, 1)
        line = np.exp(-((away / (scale * rng.uniform(0.1, 0.25))) ** 2)) * broken
        light = light + (line * rng.uniform(-45, 45))[..., None]
    return np.asarray(np.clip(light, 0, 255), np.float32)


def through(rng: Random, light: Floats, scale: float) -> Floats:
    """The other side's print, as the same print turned over, shows through."""
    high, wide = light.shape[:2]
    if rng.random() < 0.5:
        back = light[:, ::-1].copy()
    else:
        back = np.roll(light, (int(high * 0.3), int(wide * 0.2)), (0, 1))[:, ::-1]
    dark = cv2.GaussianBlur(255 - back, (0, 0), 0.25 * scale)
    return np.asarray(np.clip(light - dark * rng.uniform(0.03, 0.1), 0, 255), np.float32)
