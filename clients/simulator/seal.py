"""Seals of societies (印章) as they stand on paper: a ring, a star, the name along the arc, perhaps a code.

Round, with a star; 45 mm for national societies, 42 mm for local ones (社会团体印章管理规定); finance seals are now and
then oval. Plates differ in rings, spacing and weight. The drawn seal is then inked: uneven pressure, worn spots, an
edge that wobbles, a second faint impression, as rubber and photopolymer stamps leave them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from clients.simulator import fonts
from clients.simulator.chance import stream
from clients.simulator.plan import SealName

_IMPRESSION_DPI = 300  # at which a pressing that is used again is drawn
_FINE = 2  # drawn at this many times the resolution, then reduced


@dataclass(frozen=True, slots=True)
class SealFacts:
    """What is engraved. diameter_mm: of the outer ring, an oval's width. code: 13 digits or "".

    oval: two thirds as high as wide.
    """

    text: str
    diameter_mm: float
    code: str = ""
    centre_text: str = ""
    oval: bool = False


@dataclass(frozen=True, slots=True)
class Impression:
    """A seal as stamped. ink: how much ink covers each pixel, 0 to 255, square, the ring's centre in the middle.

    radius: of the outer ring in pixels, at the page's resolution. colour: R, G, B of full ink on white paper.
    """

    facts: SealFacts
    ink: NDArray[np.uint8]
    radius: float
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Plate:
    """An engraved seal. relief: 255 where there will be ink, drawn finer than the page. radius: in its pixels."""

    facts: SealFacts
    relief: NDArray[np.uint8]
    radius: float


def engraved(name: SealName) -> SealFacts:
    """What stands on the seal of this name: a body has one plate, its size by whose it is, on every third a code."""
    rng = stream("engraved", name.text, name.centre)
    national = name.text.startswith(("中国", "中华"))
    oval = "专用章" in name.centre and rng.random() < 0.4
    code = f"{rng.randint(11, 65)}" + f"{rng.randint(0, 10**11 - 1):011d}" if rng.random() < 0.3 else ""
    return SealFacts(name.text, 45.0 if national else 42.0, "" if oval else code, name.centre, oval)


def stamp(rng: Random, facts: SealFacts, dpi: int, impression: str = "") -> Impression:
    """Press the seal of this body once.

    impression: the same name gives the same pressing at any resolution; "" for a fresh one.
    """
    if impression and dpi != _IMPRESSION_DPI:
        first = stamp(rng, facts, _IMPRESSION_DPI, impression)
        scale = dpi / _IMPRESSION_DPI
        side = max(2, round(first.ink.shape[0] * scale))
        ink = cv2.resize(first.ink, (side, side), interpolation=cv2.INTER_AREA)
        return Impression(facts, np.asarray(ink, dtype=np.uint8), first.radius * scale, first.colour)
    plate = engrave(stream("plate", facts.text, facts.centre_text), facts, dpi)
    return press(stream("impression", impression) if impression else rng, plate)


def engrave(rng: Random, facts: SealFacts, dpi: int) -> Plate:
    """A plate for pages of a resolution; `press` it as often as it is used."""
    radius = facts.diameter_mm / 25.4 * dpi / 2 * _FINE
    return Plate(facts, _engrave(rng, facts, radius), radius)


def press(rng: Random, plate: Plate) -> Impression:
    """One impression, turned by up to 25 degrees: no two have the same ink."""
    inked = _ink(rng, plate.relief, plate.radius)
    if rng.random() < 0.06:
        inked = _pressed_twice(rng, inked, plate.radius)
    angle = rng.choice((rng.uniform(-6, 6), rng.uniform(-25, 25)))
    side = inked.shape[0]
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1 / _FINE)
    small = side // _FINE
    turn[:, 2] += (small - side) / 2
    ink = cv2.warpAffine(inked, turn, (small, small), flags=cv2.INTER_AREA, borderValue=0)
    colour = (rng.randint(198, 232), rng.randint(18, 62), rng.randint(24, 66))
    return Impression(plate.facts, ink, plate.radius / _FINE, colour)


def _pressed_twice(rng: Random, inked: NDArray[np.uint8], radius: float) -> NDArray[np.uint8]:
    """A slip of the hand: the same plate again, faint, a millimetre or less beside."""
    shift = np.array(
        [[1, 0, rng.uniform(-0.03, 0.03) * radius], [0, 1, rng.uniform(-0.03, 0.03) * radius]], dtype=np.float64
    )
    ghost = cv2.warpAffine(inked, shift, inked.shape[::-1], borderValue=0)
    faint = (ghost * rng.uniform(0.25, 0.5)).astype(np.uint8)
    return np.asarray(np.maximum(inked, faint), dtype=np.uint8)


def _engrave(rng: Random, facts: SealFacts, radius: float) -> NDArray[np.uint8]:
    """The plate: 255 where there will be ink."""
    side = int(radius * 2.3) // _FINE * _FINE
    plate = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(plate)
    middle = side / 2
    squash = 0.67 if facts.oval else 1.0
    thick = rng.random() < 0.15
    ring = radius * (rng.uniform(0.07, 0.095) if thick else rng.uniform(0.045, 0.065))
    _ellipse(draw, middle, radius, squash, 255)
    inner = radius - ring
    _ellipse(draw, middle, inner, squash, 0)
    if rng.random() < 0.15:  # a thin second ring
        thin = inner - ring * 0.8
        box = (middle - thin, middle - thin * squash, middle + thin, middle + thin * squash)
        draw.ellipse(box, outline=255, width=max(1, int(ring / 4)))
        inner = thin - ring * 0.2
    if not facts.oval:
        _star(draw, middle, radius * rng.uniform(0.27, 0.34))
    face = rng.choice((fonts.SONG, fonts.SONG, fonts.HEI))
    arc = _Arc(inner - radius * rng.uniform(0.035, 0.06), squash)
    _arc_text(plate, facts.text, face, arc, rng, bool(facts.code))
    if facts.code:
        _arc_code(plate, facts.code, inner - radius * 0.04, radius * 0.095)
    if facts.centre_text:
        low = 0.0 if facts.oval else 0.5
        _straight_text(plate, facts.centre_text, middle, middle + radius * low, radius)
    return np.asarray(plate)


@dataclass(frozen=True, slots=True)
class _Arc:
    """What the tops of letters touch. squash: height by width."""

    reach: float
    squash: float = 1.0


def _ellipse(draw: ImageDraw.ImageDraw, middle: float, reach: float, squash: float, fill: int) -> None:
    draw.ellipse((middle - reach, middle - reach * squash, middle + reach, middle + reach * squash), fill=fill)


def _star(draw: ImageDraw.ImageDraw, middle: float, radius: float) -> None:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.radians(corner * 36 - 90)
        points.append((middle + reach * math.cos(angle), middle + reach * math.sin(angle)))
    draw.polygon(points, fill=255)


def _glyph(character: str, face: str, width: float, height: float, stroke: float) -> Image.Image:
    """A bold glyph whose em box (not its ink: 一 stays flat) is stretched to width x height."""
    size = max(8, int(height))
    font = fonts.load(face, size)
    top, bottom = (0.85, 0.09) if ord(character) > 0x2E80 else (0.77, 0.03)  # above and below the baseline, in ems
    advance = font.getlength(character)
    picture = Image.new("L", (max(1, round(advance)), max(1, round(size * (top + bottom)))), 0)
    origin, extra = (0, round(size * top)), round(size * stroke, 2)
    pen = ImageDraw.Draw(picture)
    pen.text(origin, character, font=font, fill=255, stroke_width=extra, stroke_fill=255, anchor="ls")
    return picture.resize((max(1, int(width)), max(1, int(height))), Image.Resampling.BILINEAR)


def _arc_text(plate: Image.Image, text: str, face: str, arc: _Arc, rng: Random, with_code: bool) -> None:
    """The name, clockwise, tops outward, symmetric about the top; hand-cut plates are spaced unevenly."""
    count, outer = len(text), arc.reach
    reach = min(math.radians(238 if with_code else 275), math.radians(rng.uniform(25, 38)) * max(1, count - 1))
    step = reach / max(1, count - 1)
    tall = rng.uniform(0.36, 0.42) if rng.random() < 0.3 else rng.uniform(0.30, 0.35)
    height = outer * tall * (1 if count <= 11 else 0.88) * (0.75 if arc.squash < 1 else 1)
    room = step * (outer - height / 2) * (0.8 if arc.squash < 1 else 1)
    width = min(room * 0.9, height * rng.uniform(0.66, 0.9))
    stroke = rng.uniform(0.018, 0.034) + (0.015 if rng.random() < 0.2 else 0)
    uneven = 0.06 * step if rng.random() < 0.25 else 0.0
    for index, character in enumerate(text):
        angle = -reach / 2 + step * index + rng.uniform(-uneven, uneven)
        glyph = _glyph(character, face, width, height, stroke)
        _paste_turned(plate, glyph, angle, outer - height / 2, arc.squash)


def _arc_code(plate: Image.Image, code: str, outer: float, height: float) -> None:
    """The code along the bottom, read from left to right, tops towards the centre."""
    step = height * 0.86 / outer
    for index, digit in enumerate(code):
        angle = math.pi + (len(code) - 1) * step / 2 - step * index
        glyph = _glyph(digit, fonts.HEI, height * 0.6, height, 0.03).rotate(180)
        _paste_turned(plate, glyph, angle, outer - height / 2)


def _paste_turned(plate: Image.Image, glyph: Image.Image, angle: float, distance: float, squash: float = 1) -> None:
    """Paste a glyph at an angle (radians, clockwise from the top) and a distance from the centre."""
    middle = plate.width / 2
    upright = math.atan2(math.sin(angle) * squash, math.cos(angle))  # of the oval's edge there
    turned = glyph.rotate(-math.degrees(upright), expand=True, resample=Image.Resampling.BICUBIC)
    high = distance * squash if squash == 1 else distance * squash - glyph.height * (1 - squash) / 2
    x = middle + distance * math.sin(angle) - turned.width / 2
    y = middle - high * math.cos(angle) - turned.height / 2
    plate.paste(255, (round(x), round(y)), turned)


def _straight_text(plate: Image.Image, text: str, x: float, y: float, radius: float) -> None:
    size = int(min(radius * 0.2, radius * 1.1 / len(text)))
    for index, character in enumerate(text):
        glyph = _glyph(character, fonts.SONG, size * 0.88, size, 0.03)
        plate.paste(255, (round(x + (index - len(text) / 2) * size), round(y - size / 2)), glyph)


def _ink(rng: Random, plate: NDArray[np.uint8], radius: float) -> NDArray[np.uint8]:
    """Press the plate: the edge wobbles, pressure is uneven, spots are worn or dry."""
    noise = np.random.default_rng(rng.getrandbits(64))
    side = plate.shape[0]
    grid = np.indices((side, side), dtype=np.float32)
    wobble = [_clouds(noise, side, radius / 6) * radius * 0.0028 for _ in range(2)]
    pressed = cv2.remap(plate, grid[1] + wobble[0], grid[0] + wobble[1], cv2.INTER_LINEAR)
    pressed = cv2.GaussianBlur(pressed, (0, 0), radius * 0.004 + 0.5)
    grain = _clouds(noise, side, radius / 70)
    patches = _clouds(noise, side, radius / 2.5)
    dryness = rng.choice((0.0, 0.3, 0.6, 1.0))
    cover = np.clip(1.05 - 0.14 * np.abs(grain) - dryness * 0.25 * np.maximum(0, patches), 0.2, 1)
    cover[(grain + patches * 0.6 * dryness) > 2.9 - dryness] *= 0.25
    inked = np.clip(pressed * cover * rng.uniform(0.72, 1.0), 0, 255)
    return np.asarray(inked, dtype=np.uint8)


def _clouds(noise: np.random.Generator, side: int, grain: float) -> NDArray[np.float32]:
    """Smooth noise of unit variance; grain: size of its features in pixels."""
    cells = max(3, int(side / max(1.0, grain)))
    coarse = noise.standard_normal((cells, cells), dtype=np.float32)
    smooth = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth / max(1e-6, float(smooth.std())), dtype=np.float32)
