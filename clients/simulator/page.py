"""A page of paper on which lines, rules and seals are put. Sizes in millimetres of A4, origin top left."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clients.simulator import fonts
from clients.simulator.fonts import Face
from clients.simulator.seal import Impression, SealFacts, stamp
from clients.simulator.truth import StampedSeal

WIDTH_MM, HEIGHT_MM = 210.0, 297.0
Colour = tuple[int, int, int]  # R, G, B
BLACK: Colour = (28, 28, 32)
RED: Colour = (214, 26, 30)


@dataclass(frozen=True, slots=True)
class Text:
    """A printed line. x, y: of the left top of its em box. size: of an em. spread: extra space after each character."""

    text: str
    x: float
    y: float
    size: float
    face: Face
    colour: Colour = BLACK
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight printed line from (x, y) to (x2, y2). width in mm. dashed: a line to cut along."""

    x: float
    y: float
    x2: float
    y2: float
    width: float = 0.3
    colour: Colour = BLACK
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal that is to be pressed with its centre at (x, y). impression: see seal.stamp."""

    facts: SealFacts
    x: float
    y: float
    impression: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stroke of a pen through these points (x, y)."""

    points: tuple[tuple[float, float], ...]
    width: float = 0.5
    colour: Colour = BLACK


@dataclass(slots=True)
class Sheet:
    """What stands on a page."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """How far down print reaches, in mm."""
        lowest = [text.y + text.size * 1.45 for text in self.texts] + [rule.y2 for rule in self.rules]
        return max(lowest, default=0.0)

    @property
    def lines(self) -> tuple[str, ...]:
        """The text of each printed line from top to bottom; pieces of one line from left to right, blank-separated."""
        ordered = sorted(self.texts, key=lambda text: (round(text.y, 1), text.x))
        rows: list[list[Text]] = []
        for text in ordered:
            if rows and abs(rows[-1][0].y - text.y) < 1.5:
                rows[-1].append(text)
            else:
                rows.append([text])
        return tuple(" ".join(text.text for text in row) for row in rows)


def width_of(text: str, size: float, face: Face) -> float:
    """The printed width in mm of a line at a size in mm."""
    return sum(fonts.advance(face.file, character) for character in text) * size * face.width


def draw(rng: Random, sheet: Sheet, dpi: int, number: int = 1) -> tuple[NDArray[np.uint8], tuple[StampedSeal, ...]]:
    """The page as an RGB picture on white paper, and its seals with their boxes. number: of the page, from 1."""
    scale = dpi / 25.4
    size = (round(WIDTH_MM * scale), round(HEIGHT_MM * scale))
    picture = Image.new("RGB", size, (255, 255, 255))
    pen = ImageDraw.Draw(picture)
    for rule in sheet.rules:
        _draw_rule(pen, rule, scale)
    for text in sheet.texts:
        _draw_text(picture, pen, text, scale)
    for stroke in sheet.strokes:
        points = [(x * scale, y * scale) for x, y in stroke.points]
        pen.line(points, fill=stroke.colour, width=max(1, round(stroke.width * scale)), joint="curve")
    raster = np.array(picture)
    seals = tuple(
        replace(_press(raster, stamp(rng, mark.facts, dpi, mark.impression), mark, scale), page=number)
        for mark in sheet.stamps
    )
    return raster, seals


def _draw_rule(pen: ImageDraw.ImageDraw, rule: Rule, scale: float) -> None:
    width = max(1, round(rule.width * scale))
    if not rule.dashed:
        pen.line((rule.x * scale, rule.y * scale, rule.x2 * scale, rule.y2 * scale), fill=rule.colour, width=width)
        return
    x = rule.x
    while x < rule.x2:
        dash = (x * scale, rule.y * scale, min(x + 3, rule.x2) * scale, rule.y * scale)
        pen.line(dash, fill=rule.colour, width=width)
        x += 5


def _draw_text(picture: Image.Image, pen: ImageDraw.ImageDraw, text: Text, scale: float) -> None:
    """Lines of normal width are drawn at once, others through a mask that is narrowed."""
    size = max(6, round(text.size * scale))
    font = fonts.load(text.face.file, size)
    stroke = round(size * text.face.weight, 2)
    x, y = text.x * scale, text.y * scale
    if text.spread:
        for character in text.text:
            pen.text((x, y), character, font=font, fill=text.colour, stroke_width=stroke)
            x += (font.getlength(character) * text.face.width) + text.spread * scale
        return
    if text.face.width == 1.0:
        pen.text((x, y), text.text, font=font, fill=text.colour, stroke_width=stroke)
        return
    length = int(font.getlength(text.text)) + 8
    mask = Image.new("L", (length, int(size * 1.5)), 0)
    ImageDraw.Draw(mask).text((2, 0), text.text, font=font, fill=255, stroke_width=stroke)
    narrow = mask.resize((max(1, round(length * text.face.width)), mask.height), Image.Resampling.BILINEAR)
    picture.paste(text.colour, (round(x), round(y)), narrow)


def _press(raster: NDArray[np.uint8], impression: Impression, mark: Stamp, scale: float) -> StampedSeal:
    """Multiply a seal's ink into the page, so that what is printed below remains; what misses the paper is cut off."""
    side = impression.ink.shape[0]
    left, top = round(mark.x * scale - side / 2), round(mark.y * scale - side / 2)
    height, width = raster.shape[:2]
    x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + side), min(height, top + side)
    cover = impression.ink[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.float32) / 255
    tint = 1 - cover * (1 - np.array(impression.colour, dtype=np.float32) / 255)
    raster[y0:y1, x0:x1] = (raster[y0:y1, x0:x1] * tint).astype(np.uint8)
    facts = impression.facts
    x, y, reach = mark.x * scale, mark.y * scale, impression.radius
    high = reach * (0.67 if facts.oval else 1)
    box = (
        max(0.0, (x - reach) / width),
        max(0.0, (y - high) / height),
        min(1.0, (x + reach) / width),
        min(1.0, (y + high) / height),
    )
    return StampedSeal(facts.text, box, facts.code, facts.centre_text, shape="oval" if facts.oval else "round")
