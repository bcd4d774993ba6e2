"""What people write by hand on a printed paper: a signature, the digits of a date. Strokes in mm, origin top left."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from clients.simulator.page import Colour, Stroke

INKS: tuple[Colour, ...] = ((24, 26, 34), (30, 34, 48), (28, 46, 128), (20, 36, 96))
Point = tuple[float, float]

# Digits as one or two polylines in a box one wide and two high.
DIGITS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "0": (((0.6, 0.05), (0.2, 0.4), (0.1, 1.1), (0.35, 1.9), (0.75, 1.7), (0.9, 0.9), (0.75, 0.2), (0.5, 0.05)),),
    "1": (((0.55, 0.0), (0.5, 0.9), (0.45, 2.0)),),
    "2": (((0.1, 0.4), (0.4, 0.05), (0.8, 0.3), (0.7, 0.9), (0.1, 1.9), (0.5, 1.8), (1.0, 1.9)),),
    "3": (((0.1, 0.2), (0.6, 0.05), (0.85, 0.4), (0.4, 0.9), (0.9, 1.3), (0.7, 1.85), (0.1, 1.8)),),
    "4": (((0.55, 0.0), (0.1, 1.2), (1.0, 1.15)), ((0.75, 0.5), (0.7, 2.0))),
    "5": (((0.2, 0.1), (0.15, 0.85), (0.7, 0.8), (0.9, 1.35), (0.6, 1.9), (0.05, 1.8)), ((0.2, 0.1), (0.9, 0.05))),
    "6": (((0.75, 0.05), (0.25, 0.8), (0.1, 1.5), (0.45, 1.95), (0.85, 1.5), (0.55, 1.05), (0.15, 1.4)),),
    "7": (((0.1, 0.15), (0.9, 0.1), (0.6, 0.9), (0.4, 2.0)),),
    "8": (((0.8, 0.3), (0.4, 0.05), (0.2, 0.5), (0.8, 1.3), (0.55, 1.95), (0.1, 1.5), (0.75, 0.7), (0.8, 0.3)),),
    "9": (((0.85, 0.5), (0.45, 0.05), (0.15, 0.6), (0.5, 0.95), (0.85, 0.5), (0.75, 1.2), (0.6, 2.0)),),
}


def sign(rng: Random, x: float, y: float, count: int, colour: Colour) -> list[Stroke]:
    """A signature of `count` characters from (x, y), the left top, each about 8 mm wide. Nobody can read it."""
    strokes = []
    size = rng.uniform(7, 10)
    rise = rng.uniform(-0.12, 0.05)
    for index in range(count):
        left, top = x + index * size * rng.uniform(0.8, 0.95), y + index * size * rise - size * 0.25
        for _ in range(rng.randint(4, 6)):
            strokes.append(_curve(rng, left, top, size, colour))
    return strokes


def _curve(rng: Random, left: float, top: float, size: float, colour: Colour) -> Stroke:
    """One stroke of a character: across, down or slanting, slightly bent, now and then with a hook."""
    slope = rng.choice((rng.uniform(-0.3, 0.05), rng.uniform(1.2, 1.7), rng.uniform(0.6, 1.0), rng.uniform(2.0, 2.4)))
    length = size * rng.uniform(0.35, 0.85)
    x, y = left + rng.uniform(0.05, 0.5) * size, top + rng.uniform(0.1, 0.6) * size
    bend = rng.uniform(-0.5, 0.5)
    points = []
    for step in range(9):
        part = step / 8
        angle = slope + bend * (part - 0.5)
        points.append((x + length * part * math.cos(angle), y + length * part * math.sin(angle)))
    if rng.random() < 0.4:
        points.append((points[-1][0] - size * 0.1, points[-1][1] - size * 0.1))
    return Stroke(tuple(points), rng.uniform(0.4, 0.75), colour)


def number(rng: Random, value: int, x: float, y: float, height: float, colour: Colour) -> list[Stroke]:
    """A number whose middle is at x, its top at y."""
    text = str(value)
    width = height * 0.5
    slant = rng.uniform(-0.02, 0.12)
    left = x - len(text) * width * 0.6
    strokes = []
    for index, digit in enumerate(text):
        origin = left + index * width * 1.2
        for line in DIGITS[digit]:
            points = tuple(
                (
                    origin + (px + rng.uniform(-0.05, 0.05)) * width - slant * py * width,
                    y + (py / 2 + rng.uniform(-0.02, 0.02)) * height,
                )
                for px, py in line
            )
            strokes.append(Stroke(_rounded(points), 0.45, colour))
    return strokes


def _rounded(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """A polyline with its corners cut twice (Chaikin)."""
    for _ in range(2):
        cut = [points[0]]
        for (x, y), (x2, y2) in pairwise(points):
            cut += [(0.75 * x + 0.25 * x2, 0.75 * y + 0.25 * y2), (0.25 * x + 0.75 * x2, 0.25 * y + 0.75 * y2)]
        points = (*cut, points[-1])
    return points
