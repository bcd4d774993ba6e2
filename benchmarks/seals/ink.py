"""Impressions: a plate inked and pressed. Light passes through ink, so layers multiply."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.seals.plates import FINE, Plate
from extractors.document import SealColour

Floats = NDArray[np.float32]

INKS = {
    SealColour.RED: ((214, 38, 42), (196, 24, 54), (226, 62, 78), (232, 70, 38), (180, 36, 40), (222, 52, 110)),
    SealColour.PURPLE: ((118, 48, 142), (132, 62, 170), (96, 44, 120)),
    SealColour.BLUE: ((40, 66, 168), (58, 98, 190), (30, 50, 130)),
    SealColour.BLACK: ((38, 36, 40), (66, 64, 68)),
}  # R, G, B of full ink on white paper


@dataclass(frozen=True, slots=True)
class Pressing:
    """How a seal is pressed. strength: 0 to 1, of the ink; worn: 0 to 1; doubled: the hand slipped."""

    strength: float = 1.0
    worn: float = 0.0
    doubled: bool = False


@dataclass(frozen=True, slots=True)
class Impression:
    """ink: 0 to 1 for each pixel of the plate. colour: R, G, B of full ink."""

    plate: Plate
    ink: Floats
    colour: tuple[int, int, int]


def clouds(noise: np.random.Generator, shape: tuple[int, int], grain: float) -> Floats:
    """Smooth noise, mean 0, deviation 1; grain: size of its features in pixels."""
    high, wide = (max(2, math.ceil(side / max(1.0, grain)) + 1) for side in shape)
    coarse = noise.standard_normal((high, wide), dtype=np.float32)
    field = np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
    return np.asarray((field - field.mean()) / max(1e-6, float(field.std())), np.float32)


def press(rng: Random, plate: Plate, colour: tuple[int, int, int], pressing: Pressing) -> Impression:
    """Where the inked relief touches: the edge of a stroke spreads or draws back with the pressure of the place."""
    noise = np.random.default_rng(rng.getrandbits(63))
    shape = (plate.relief.shape[0], plate.relief.shape[1])
    grid_y, grid_x = np.indices(shape, dtype=np.float32)
    bend = rng.uniform(0.0, 0.1) * FINE  # mm: rubber and paper are not flat
    bent = cv2.remap(
        plate.relief, grid_x + bend * clouds(noise, shape, 9 * FINE), grid_y + bend * clouds(noise, shape, 9 * FINE),
        cv2.INTER_LINEAR,
    )  # fmt: skip
    near = cv2.GaussianBlur(bent, (0, 0), 0.10 * FINE).astype(np.float32) / 255
    fibres, wear, hand = (clouds(noise, shape, size * FINE) for size in (0.12, 1.2, 14.0))
    lean = rng.uniform(-1, 1)
    tilt = rng.uniform(0, 2 * math.pi)
    side = (math.cos(tilt) * (grid_x / shape[1] - 0.5) + math.sin(tilt) * (grid_y / shape[0] - 0.5)) * 2
    pressure = 0.04 * lean + 0.05 * hand + 0.12 * rng.random() * side
    touch = near - 0.5 + pressure + 0.07 * fibres - pressing.worn * (0.10 + 0.16 * np.maximum(0, wear))
    ink = 1 / (1 + np.exp(-touch * 14))
    # A field of ink is thinner in its middle; the paper's grain shows through.
    far = cv2.GaussianBlur(bent, (0, 0), 0.5 * FINE).astype(np.float32) / 255
    cover = 1 - 0.16 * far - 0.07 * np.abs(fibres) + 0.08 * hand - 0.25 * pressing.worn * np.maximum(0, wear)
    ink = np.clip(ink * np.clip(cover, 0.05, 1.1), 0, 1).astype(np.float32) * np.float32(pressing.strength)
    if pressing.doubled:
        shift = np.array(
            [[1, 0, rng.uniform(-1.1, 1.1) * FINE], [0, 1, rng.uniform(-1.1, 1.1) * FINE]], dtype=np.float64
        )
        second = cv2.warpAffine(ink, shift, shape[::-1]) * rng.uniform(0.3, 0.6)
        ink = np.maximum(ink, second)
    return Impression(plate, np.asarray(ink, np.float32), colour)


def lay(
    page: Floats, impression: Impression, matrix: NDArray[np.float64], window: tuple[int, int] | None = None
) -> None:
    """Print the impression on `page` (transmittance of R, G, B). matrix: 2 × 3, plate pixels to page pixels.

    window: columns of the page, from and to, on which it falls; the rest lies on another sheet.
    """
    height, width = page.shape[:2]
    high, wide = impression.ink.shape
    corners = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]], float) @ matrix.T
    left, right = (0, width) if window is None else window
    x0, y0 = max(left, math.floor(corners[:, 0].min())), max(0, math.floor(corners[:, 1].min()))
    x1, y1 = min(right, math.ceil(corners[:, 0].max())), min(height, math.ceil(corners[:, 1].max()))
    if x1 <= x0 or y1 <= y0:
        return
    shrink = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    soft = cv2.GaussianBlur(impression.ink, (0, 0), max(0.3, 0.45 / shrink))
    moved = matrix - np.array([[0, 0, x0], [0, 0, y0]])
    ink = cv2.warpAffine(soft, moved, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    light = np.maximum(np.array(impression.colour, np.float32) / 255, 0.02)
    page[y0:y1, x0:x1] *= light[None, None] ** ink[..., None]
