"""A part of a page at some scale, drawn on in millimetres of the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.paper import faces

Colour = tuple[int, int, int]  # red, green, blue
Point = tuple[float, float]  # mm

_LEAST_STROKE = 0.6  # pixels: a thinner bold is none


class Canvas:
    """scale: pixels of a millimetre. left, top, wide, high: of the part, mm."""

    def __init__(self, scale: float, left: float, top: float, wide: float, high: float, ground: Colour) -> None:
        self.scale, self.left, self.top = scale, left, top
        self.image = Image.new("RGB", (max(8, int(wide * scale)), max(8, int(high * scale))), ground)
        self.pen = ImageDraw.Draw(self.image)

    def pixels(self) -> NDArray[np.uint8]:
        """Blue, green, red."""
        return np.asarray(self.image)[:, :, ::-1].copy()

    def replace(self, pixels: NDArray[np.uint8]) -> None:
        """Go on drawing on these: blue, green, red."""
        self.image = Image.fromarray(pixels[:, :, ::-1])
        self.pen = ImageDraw.Draw(self.image)

    def at(self, point: Point) -> Point:
        """Pixels of a point."""
        return (point[0] - self.left) * self.scale, (point[1] - self.top) * self.scale

    def text(
        self, at: Point, size: float, text: str, face: str, colour: Colour, anchor: str = "ls", bold: float = 0.0
    ) -> None:
        """size: mm of the em; anchor: as PIL has it, of the base line; bold: mm added to each side of a stroke."""
        x, y = self.at(at)
        beyond = size * 2 * self.scale
        if y < -beyond or y > self.image.height + beyond:
            return
        font = faces.load(face, max(5, round(size * self.scale)))
        stroke = round(bold * self.scale) if bold * self.scale >= _LEAST_STROKE else 0
        self.pen.text(
            (x, y),
            _printable(face, text),
            fill=colour,
            font=font,
            anchor=anchor,
            stroke_width=stroke,
            stroke_fill=colour,
        )

    def line(self, points: Sequence[Point], colour: Colour, thick: float) -> None:
        """thick: mm."""
        width = max(1, round(thick * self.scale))
        self.pen.line([self.at(point) for point in points], fill=colour, width=width)

    def frame(self, corner: Point, other: Point, colour: Colour, thick: float) -> None:
        width = max(1, round(thick * self.scale))
        self.pen.rectangle([self.at(corner), self.at(other)], outline=colour, width=width)

    def fill(self, corner: Point, other: Point, colour: Colour) -> None:
        self.pen.rectangle([self.at(corner), self.at(other)], fill=colour)

    def ellipse(self, middle: Point, box: tuple[float, float, float, float], colour: Colour) -> None:
        """box: left, top, right, bottom against the middle, mm."""
        x, y = self.at(middle)
        left, top, right, bottom = (side * self.scale for side in box)
        self.pen.ellipse([x + left, y + top, x + right, y + bottom], fill=colour)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self.pen.polygon([self.at(point) for point in points], fill=colour)


def _printable(face: str, text: str) -> str:
    """The text in characters that the face has."""
    if not faces.has(face, "〇"):
        text = text.replace("〇", "○")
    return "".join(character if faces.has(face, character) else "口" for character in text)


def pen_colour(rng: Random) -> Colour:
    return rng.choice([(25, 30, 95), (30, 30, 35), (20, 40, 130), (45, 45, 50), (40, 60, 150)])


def scribble(canvas: Canvas, rng: Random, at: Point, size: float, colour: Colour) -> None:
    """A signature of three strokes that are no letters. size: mm of a letter."""
    x, y = at
    for _ in range(3):
        points = [(x + rng.uniform(0, size), y - rng.uniform(0, size))]
        for _ in range(rng.randint(3, 7)):
            points.append((x + rng.uniform(-0.1, 1.0) * size, y - rng.uniform(0, 1) * size))
        corners = np.array(points)
        course: list[Point] = []
        for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
            begin, end = (before + corner) / 2, (corner + after) / 2
            for part in np.linspace(0, 1, 14):
                on = (1 - part) ** 2 * begin + 2 * part * (1 - part) * corner + part * part * end
                course.append((float(on[0]), float(on[1])))
        thick = rng.uniform(0.25, 0.55)
        for index, piece in enumerate(pairwise(course)):
            canvas.line(piece, colour, thick * (0.5 + 0.8 * abs(math.sin(index * 0.13 + size))))
        x += size * rng.uniform(0.6, 0.95)


def handwriting(canvas: Canvas, rng: Random, at: Point, size: float, text: str, colour: Colour) -> None:
    """Text in a pen's face, letters uneven. size: mm of the em."""
    x, y = at
    face = rng.choice(["gkai", "wenkai light", "cns kai"])
    for character in text:
        own = size * rng.uniform(0.85, 1.2)
        canvas.text((x, y + rng.gauss(0, 0.05) * size), own, character, face, colour)
        x += own * rng.uniform(0.8, 1.0) * (0.6 if character.isascii() else 1)
