"""Impressions: a plate inked and pressed. What of the ink lies where; light passes through it."""

from __future__ import annotations

import math
from random import Random

import cv2
import numpy as np

from benchmarks.paper.fields import Floats, clouds, grid, rise

_RED = (
    (40, 35, 205),
    (45, 55, 225),
    (60, 40, 190),
    (95, 60, 220),
    (35, 45, 170),
    (70, 70, 235),
    (85, 45, 205),
    (45, 75, 215),
    (40, 30, 150),
)
_BLUE = ((165, 75, 40), (150, 60, 60), (190, 100, 30))
_PURPLE = ((140, 45, 120), (120, 50, 95))
_BLACK = ((60, 50, 50), (45, 40, 42))


def colour(rng: Random) -> tuple[Floats, str]:
    """What passes through full ink (blue, green, red; 0 to 1), and the colour's name; "" for red."""
    part = rng.random()
    if part < 0.885:
        base, name = rng.choice(_RED), ""
    elif part < 0.945:
        base, name = rng.choice(_BLUE), "blue"
    elif part < 0.97:
        base, name = rng.choice(_PURPLE), "purple"
    else:
        base, name = rng.choice(_BLACK), "black"
    passes = np.clip(np.array([value + rng.gauss(0, 10) for value in base]) / 255, 0.06, 0.97)
    return passes.astype(np.float32), name


def press(rng: Random, noise: np.random.Generator, relief: Floats, tags: set[str]) -> Floats:
    """The ink at each pixel of the plate, 0 to some 1.3; adds what befell it to the tags."""
    if rng.random() < 0.06:  # laid on the file by software, then printed
        tags.add("electronic")
        return np.asarray(cv2.GaussianBlur(relief, (0, 0), 0.8) * rng.uniform(0.55, 1.1), np.float32)
    return _Pressing(rng, noise, relief, tags).ink()


class _Pressing:
    """One impression in the making; its steps take lots in their order."""

    def __init__(self, rng: Random, noise: np.random.Generator, relief: Floats, tags: set[str]) -> None:
        self.rng, self.noise, self.relief, self.tags = rng, noise, relief, tags
        self.high, self.wide = relief.shape
        self.x, self.y = grid(self.high, self.wide)

    def ink(self) -> Floats:
        self._bend()
        wet = self.rng.choices(["dry", "normal", "wet"], [25, 50, 25])[0]
        ink, press = self._spread(wet)
        ink = self._grained(ink, self._amount(press), wet)
        ink = self._slipped(self._dirty(self._lost(ink)))
        rng = self.rng
        part = rng.choices([rng.uniform(0.3, 0.5), rng.uniform(0.55, 0.85), rng.uniform(0.85, 1.25)], [15, 45, 40])[0]
        if part < 0.5:
            self.tags.add("faint")
        return np.asarray(np.clip(ink, 0, 1.3) * part, np.float32)

    def _clouds(self, grain: float, octaves: int = 1, fall: float = 0.5) -> Floats:
        return clouds(self.noise, self.high, self.wide, grain, octaves, fall)

    def _across(self, angle: float) -> Floats:
        """-1 to 1 over the seal, rising in the direction of the angle."""
        x, y = self.x - self.wide / 2, self.y - self.high / 2
        return np.asarray((x * math.cos(angle) + y * math.sin(angle)) / (self.wide / 2), np.float32)

    def _bend(self) -> None:
        """Rubber's edges wander, and the whole bends."""
        self._wander(self.rng.choice([0.2, 0.35, 0.55, 0.85]), 12, 2)
        bend = self.rng.choice([0, 2, 4])
        if bend:
            self._wander(bend, 250, 1)

    def _wander(self, by: float, grain: float, octaves: int) -> None:
        x, y = self.x + self._clouds(grain, octaves) * by, self.y + self._clouds(grain, octaves) * by
        self.relief = cv2.remap(self.relief, x, y, cv2.INTER_LINEAR)

    def _spread(self, wet: str) -> tuple[Floats, Floats]:
        """Ink spreads: a blur, and a threshold that follows the pressure. Both: ink 0 to 1, pressure about 0."""
        rng = self.rng
        # All three are drawn, so that a seed's later lots do not hang on the first.
        blur = {"dry": rng.uniform(0.8, 1.8), "normal": rng.uniform(1.0, 2.6), "wet": rng.uniform(2.0, 3.6)}[wet]
        level = {"dry": rng.uniform(0.5, 0.62), "normal": rng.uniform(0.4, 0.55), "wet": rng.uniform(0.28, 0.42)}[wet]
        blurred = cv2.GaussianBlur(self.relief, (0, 0), blur)
        press = self._clouds(rng.uniform(150, 400), 2)
        soft = rng.uniform(0.08, 0.3)
        levels = level - 0.07 * press
        peak = cv2.dilate(blurred, np.ones((7, 7), np.uint8))  # thin strokes print, too
        levels = np.where(peak > 0.12, np.minimum(levels, (0.78 if wet == "dry" else 0.66) * peak), levels)
        width = soft * np.clip(peak * 1.3, 0.35, 1)
        return rise(blurred, levels - width, levels + width), press

    def _amount(self, press: Floats) -> Floats:
        """How much ink gets onto paper; one side may be weak, and the inside of broad strokes pale."""
        rng = self.rng
        weak = self._across(rng.uniform(0, 2 * math.pi))
        tilt = rng.choice([0.05, 0.12, 0.2, 0.38])
        amount = rng.uniform(0.7, 1.0) + tilt * weak + rng.uniform(0.03, 0.14) * press
        if tilt > 0.3:
            self.tags.add("uneven")
        if rng.random() < 0.45:
            inside = cv2.GaussianBlur(self.relief, (0, 0), rng.uniform(4, 8))
            amount = amount * (1 - rng.uniform(0.15, 0.5) * rise(inside, 0.55, 0.95))
        return np.asarray(amount, np.float32)

    def _grained(self, ink: Floats, amount: Floats, wet: str) -> Floats:
        rng = self.rng
        fine = self._clouds(rng.uniform(2.2, 4.5), 2, 0.6)
        coarse = self._clouds(rng.uniform(14, 30), 2, 0.7)
        if wet == "dry":
            self.tags.add("dry")
            level = rng.uniform(-0.9, -0.1) - 1.6 * (amount - 0.8)
            kept = rise(0.75 * fine + 0.6 * coarse, level - 0.35, level + 0.35)
            ink = ink * (rng.uniform(0, 0.25) + (1 - rng.uniform(0, 0.1)) * kept)
        else:
            level = rng.uniform(-2.3, -1.4) - 1.2 * (amount - 0.85)
            ink = ink * (0.25 + 0.75 * rise(0.8 * fine + 0.5 * coarse, level - 0.4, level + 0.4))
        return np.asarray(ink * np.clip(amount, 0.03, 1.15) * (1 + 0.06 * fine + 0.05 * coarse), np.float32)

    def _lost(self, ink: Floats) -> Floats:
        rng = self.rng
        if rng.random() < 0.32:
            self.tags.add("worn")
            spots = self._clouds(rng.uniform(50, 130), 2)
            level = rng.uniform(1.35, 2.1)
            ink = ink * (1 - rng.uniform(0.55, 0.97) * rise(spots, level - 0.3, level + 0.2))
        if rng.random() < 0.12:
            self.tags.add("missing edge")
            side = self._across(rng.uniform(0, 2 * math.pi)) + 0.07 * self._clouds(80, 2)
            at = rng.uniform(0.62, 0.88)
            ink = ink * (1 - rng.uniform(0.5, 0.92) * rise(side, at - 0.06, at + 0.1))
        return ink

    def _dirty(self, ink: Floats) -> Floats:
        """The ground between letters touches the paper here and there."""
        if self.rng.random() >= 0.2:
            return ink
        self.tags.add("dirty")
        near = cv2.GaussianBlur(self.relief, (0, 0), 14)
        strength = self.rng.uniform(0.2, 0.45)
        ink = np.maximum(ink, strength * rise(self._clouds(35, 3, 0.7), 1.2, 2.2) * rise(near, 0.03, 0.3))
        specks = 0.5 * rise(self._clouds(4), 3.0, 3.6) * rise(near, 0.0, 0.2)
        return np.asarray(np.maximum(ink, specks), np.float32)

    def _slipped(self, ink: Floats) -> Floats:
        """Pressed twice, smeared, or with a halo of the ink's oil; mostly none of them."""
        rng = self.rng
        way = rng.random()
        if way < 0.1:
            self.tags.add("doubled")
            shift, angle = rng.uniform(4, 11), rng.uniform(0, 2 * math.pi)
            matrix = cv2.getRotationMatrix2D((self.wide / 2, self.high / 2), rng.gauss(0, 0.6), 1)
            matrix[:, 2] += (shift * math.cos(angle), shift * math.sin(angle))
            again = cv2.warpAffine(ink, matrix, (self.wide, self.high)) * rng.uniform(0.3, 0.6)
            again = again * np.clip(0.7 + 0.5 * self._clouds(200), 0, 1)
            both = 1 - (1 - np.clip(ink, 0, 1)) * (1 - np.clip(again, 0, 1))
            return np.asarray(both + np.maximum(ink - 1, 0), np.float32)
        if way < 0.19:
            self.tags.add("smear")
            length, angle = int(rng.uniform(12, 45)), rng.uniform(0, 2 * math.pi)
            kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
            end = (int(length + length * math.cos(angle)), int(length + length * math.sin(angle)))
            cv2.line(kernel, (length, length), end, 1.0, 2)
            kernel /= kernel.sum()
            smear = cv2.filter2D(ink, -1, kernel) * np.clip(0.3 + 0.5 * self._clouds(160), 0, 1)
            return np.asarray(np.maximum(ink, smear * rng.uniform(0.35, 0.7)), np.float32)
        if way < 0.3:
            halo = 0.16 * cv2.GaussianBlur(np.clip(ink, 0, 1), (0, 0), 9)
            return np.asarray(np.maximum(ink, halo), np.float32)
        return ink
