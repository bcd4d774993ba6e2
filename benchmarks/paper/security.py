"""What certificates have printed below their text: guilloches, rosettes, borders, a portrait."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from benchmarks.paper.canvas import Canvas, Colour, Point


def lighter(colour: Colour, part: float) -> Colour:
    """The colour printed with a part of its ink."""
    red, green, blue = (int(255 - (255 - value) * part) for value in colour)
    return red, green, blue


def guilloche(canvas: Canvas, rng: Random, corner: Point, other: Point, colour: Colour) -> None:
    """Waves over a rectangle."""
    count = rng.randint(40, 130)
    high, long, begin = rng.uniform(1.5, 9), rng.uniform(14, 60), rng.uniform(0, 6)
    for index in range(count):
        y = corner[1] + (other[1] - corner[1]) * (index + 0.5) / count
        x = np.arange(corner[0], other[0], 1.0)
        wave = (
            y + high * np.sin(x / long * 6.28 + begin + index * 0.35) + high * 0.4 * np.sin(x / long * 15 - index * 0.5)
        )
        canvas.line(list(zip(x.tolist(), wave.tolist(), strict=True)), colour, rng.choice([0.1, 0.15, 0.2]))


def rosette(canvas: Canvas, rng: Random, middle: Point, radius: float, colour: Colour) -> None:
    petals, deep = rng.randint(5, 14), rng.uniform(0.15, 0.45)
    for ring in range(rng.randint(3, 7)):
        angle = np.linspace(0, 2 * np.pi, 300)
        reach = radius * (1 - ring * 0.11) * (1 + deep * np.sin(petals * angle + ring * 0.5)) / (1 + deep)
        x, y = middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle)
        canvas.line(list(zip(x.tolist(), y.tolist(), strict=True)), colour, 0.12)


def border(canvas: Canvas, page: Point, inset: float, deep: float, pitch: float, petals: int, colour: Colour) -> None:
    """A row of leaves along each side. page: its size; inset: of the row; deep: its depth; pitch: of leaves; all mm."""
    wide, high = page
    right, bottom = wide - inset, high - inset
    half = deep / 2
    sides = (
        ((inset, inset), (right, inset), (0.0, half)),
        ((inset, bottom), (right, bottom), (0.0, -half)),
        ((inset, inset), (inset, bottom), (half, 0.0)),
        ((right, inset), (right, bottom), (-half, 0.0)),
    )
    angle = np.linspace(0, 6.3, 14)
    reach = half * (1 + 0.4 * np.sin(petals * angle))
    for begin, end, shift in sides:
        count = int(math.dist(begin, end) / pitch)
        for index in range(count):
            part = (index + 0.5) / count
            x = begin[0] + (end[0] - begin[0]) * part + shift[0]
            y = begin[1] + (end[1] - begin[1]) * part + shift[1]
            leaf = [
                (x + r * math.cos(a), y + r * math.sin(a)) for r, a in zip(reach.tolist(), angle.tolist(), strict=True)
            ]
            canvas.line(leaf, colour, 0.35)
    canvas.frame((inset + deep, inset + deep), (right - deep, bottom - deep), colour, 0.35)


def portrait(canvas: Canvas, corner: Point, back: Colour, suit: Colour) -> None:
    """A photograph of 26 by 36 mm, as simple as ink over a coloured picture needs it."""
    x, y = corner
    canvas.fill(corner, (x + 26, y + 36), back)
    shoulders = [(1, 36), (4, 26), (10, 23), (16, 23), (22, 26), (25, 36)]
    canvas.polygon([(x + dx, y + dy) for dx, dy in shoulders], suit)
    head = (x + 13, y + 14)
    canvas.ellipse(head, (-5.6, -9, 5.6, 3), (25, 22, 22))
    canvas.ellipse(head, (-5, -6, 5, 8), (222, 180, 155))
    canvas.line([(x + 13, y + 25), (x + 13, y + 36)], (235, 235, 240), 2.2)
