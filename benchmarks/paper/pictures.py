"""Hard pictures of seals on papers, and the truth about each seal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np

from benchmarks.paper import capture, ink, names, sheet
from benchmarks.paper.canvas import Canvas, Point
from benchmarks.paper.capture import Matrix, Raster
from benchmarks.paper.fields import Floats
from benchmarks.paper.papers import Paper
from benchmarks.paper.plates import FINE, Plate, engrave

_SHAPES = {"round": 85, "oval": 12, "square": 3}
_VIEWS = {"crop": 50, "part": 30, "page": 20}
_MOST_SQUARE = 12  # characters of a name on a square seal
_RELIEF = 0.87  # part of a relief's length that the seal takes; the rest is margin
_SMALL = 200  # pixels of a seal
_WHOLE = 0.97  # part of a seal's box on the picture from which it counts as uncut
_TURNED = 40  # degrees
_SHORT, _LONG = 9, 16  # characters: shorter, longer names


@dataclass(frozen=True, slots=True)
class Truth:
    """A seal on a picture. box: left, top, right, bottom of its part on the picture, pixels.

    centre, code: "" where it has none. tags: conditions ("round", "faint", "photo", "low JPEG", ...).
    """

    shape: str
    name: str
    centre: str
    code: str
    box: tuple[float, float, float, float]
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """raster: RGB or grey. dpi: None where the file does not tell it."""

    name: str
    raster: Raster
    dpi: int | None
    truths: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class _Stamp:
    """ink: of each pixel of the plate. colour: as of ink.colour. at: of its middle, mm of the page. turn: degrees."""

    plate: Plate
    ink: Floats
    colour: Floats
    at: Point
    turn: float
    tags: set[str]

    @property
    def extent(self) -> float:
        """mm of the longer side of its relief."""
        return float(max(self.ink.shape) / FINE)

    def matrix(self, canvas: Canvas) -> Matrix:
        """From the plate's pixels to the canvas', 2 by 3."""
        high, wide = self.ink.shape
        middle = (wide / 2 - 0.5, high / 2 - 0.5)
        matrix: Matrix = cv2.getRotationMatrix2D(middle, -self.turn, canvas.scale / FINE)
        x, y = canvas.at(self.at)
        matrix[:, 2] += (x - middle[0], y - middle[1])
        return matrix


def pictures(seed: int, count: int) -> Iterator[Picture]:
    """The same seed gives the same pictures, whatever the count."""
    return (picture(seed, number) for number in range(count))


def picture(seed: int, number: int) -> Picture:
    rng = Random(f"{seed}/{number}")
    noise = np.random.default_rng(rng.getrandbits(60))
    bodies = [_body(rng) for _ in range(2 if rng.random() < 0.15 else 1)]
    view = _lot(rng, _VIEWS)
    paper = Paper(rng, bodies[0][1])
    stamps = _stamps(rng, noise, bodies, paper)
    part = _part(rng, view, stamps, paper)
    taken = capture.way(rng, view)
    tags = {view, "photo" if taken.photo else "scan", *paper.tags}
    canvas, light = _printed(rng, noise, paper, stamps, part, taken.scale, view)
    if rng.random() < 0.25:
        light = sheet.creases(rng, noise, light, canvas.scale)
        tags.add("crease")
    if rng.random() < 0.2:
        light = sheet.through(rng, light, canvas.scale)
    ratio = taken.scale / canvas.scale
    light, matrix = capture.placed(rng, noise, light, taken, ratio, view, paper.ground)
    high, wide = light.shape[:2]
    if taken.photo:
        light = capture.photographed(rng, noise, light, taken.scale, tags)
    else:
        light = capture.scanned(rng, noise, light)
    raster, resized = capture.told(rng, light, taken, tags)
    matrix = np.diag([raster.shape[1] / wide, raster.shape[0] / high, 1.0]) @ matrix
    if len(stamps) == 2:
        tags.add("two")
    truths = tuple(_truth(stamp, canvas, matrix, raster, tags) for stamp in stamps)
    if raster.ndim == 3:
        raster = np.ascontiguousarray(raster[:, :, ::-1])
    return Picture(f"{seed}-{number:03d}", raster, None if resized else taken.dpi, truths)


def _lot(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _body(rng: Random) -> tuple[str, str, str]:
    """Kind of body, name on its seal, shape of the seal."""
    kind, name = names.body(rng)
    shape = _lot(rng, _SHAPES)
    if shape == "square":
        while len(names.unbracketed(name)) > _MOST_SQUARE:
            kind, name = names.body(rng)
        name = names.unbracketed(name)
        if rng.random() < 0.6:
            name += rng.choice(["印", "章", "之印"])
    return kind, name, shape


def _stamps(rng: Random, noise: np.random.Generator, bodies: list[tuple[str, str, str]], paper: Paper) -> list[_Stamp]:
    """The bodies' seals: the first where the paper has its place, a second one near it."""
    stamps: list[_Stamp] = []
    colour, shade = ink.colour(rng)
    for kind, name, shape in bodies:
        tags: set[str] = set()
        plate = engrave(rng, noise, kind, name, shape)
        pressed = ink.press(rng, noise, plate.relief, tags)
        if stamps and rng.random() < 0.35:
            colour, shade = ink.colour(rng)
        tags |= {shape, f"face {plate.face}"} | ({shade} if shade else set())
        turn = rng.gauss(0, 9) if rng.random() < 0.9 else rng.uniform(-180, 180)
        if abs(turn) > _TURNED:
            tags.add("turned")
        at = paper.anchor
        if stamps:
            at = _beside(rng, paper)
            if math.dist(at, paper.anchor) < 40:
                tags.add("overlap")
                stamps[0].tags.add("overlap")
        stamps.append(_Stamp(plate, pressed, colour, at, turn, tags))
    return stamps


def _beside(rng: Random, paper: Paper) -> Point:
    (x, y), (wide, high) = paper.anchor, paper.size
    away = rng.choice([rng.uniform(33, 40), rng.uniform(42, 60), rng.uniform(46, 70)])
    angle = rng.uniform(0, 2 * math.pi)
    x += away * math.cos(angle) * (1 if x < wide / 2 else -1)
    y += away * math.sin(angle) * 0.4
    return min(max(x, 24), wide - 24), min(max(y, 24), high - 24)


def _part(rng: Random, view: str, stamps: list[_Stamp], paper: Paper) -> tuple[float, float, float, float]:
    """What of the page is on the picture: left, top, width, height in mm."""
    page_wide, page_high = paper.size
    if view == "crop":
        factor = rng.uniform(1.1, 2.5)
        reach = [stamp.extent / 2 * _RELIEF for stamp in stamps]
        left = min(stamp.at[0] - r for stamp, r in zip(stamps, reach, strict=True))
        right = max(stamp.at[0] + r for stamp, r in zip(stamps, reach, strict=True))
        top = min(stamp.at[1] - r for stamp, r in zip(stamps, reach, strict=True))
        bottom = max(stamp.at[1] + r for stamp, r in zip(stamps, reach, strict=True))
        side = max(right - left, bottom - top)
        wide = max(side * factor * rng.uniform(0.9, 1.25), (right - left) * 1.04)
        high = max(side * factor * rng.uniform(0.8, 1.1), (bottom - top) * 1.04)
        left -= (wide - (right - left)) * rng.uniform(0.25, 0.75)
        top -= (high - (bottom - top)) * rng.uniform(0.25, 0.75)
        return left, top, wide, high
    if view == "part":
        wide = rng.uniform(95, 175)
        high = wide * rng.uniform(0.55, 1.2)
        x, y = stamps[0].at
        left, top = x - wide * rng.uniform(0.3, 0.7), y - high * rng.uniform(0.35, 0.7)
        if len(stamps) == 2:
            other_x, other_y = stamps[1].at
            wide, high = max(wide, abs(x - other_x) + 60), max(high, abs(y - other_y) + 60)
            left, top = (x + other_x) / 2 - wide / 2, (y + other_y) / 2 - high / 2
        left = min(max(left, -4), max(-4, page_wide - wide + 4))
        return left, min(max(top, -4), max(-4, page_high - high + 4)), wide, high
    return 0.0, 0.0, page_wide, page_high


def _printed(
    rng: Random,
    noise: np.random.Generator,
    paper: Paper,
    stamps: list[_Stamp],
    part: tuple[float, float, float, float],
    scale: float,
    view: str,
) -> tuple[Canvas, Floats]:
    """The canvas, finer than the picture will be, and the light from the sheet: print, ink, what is written over it."""
    fine = min(max(scale * 1.35, 6.5), 9.5 if view == "page" else 15.0)
    canvas = Canvas(fine, *part, paper.ground)
    for draw in paper.below:
        draw(canvas)
    light = sheet.grain(rng, noise, canvas.pixels().astype(np.float32))
    light = cv2.GaussianBlur(light, (0, 0), 0.35 + 0.02 * fine)
    for stamp in stamps:
        light = _inked(light, stamp, canvas)
    if paper.above:
        canvas.replace(np.clip(light, 0, 255).astype(np.uint8))
        for draw in paper.above:
            draw(canvas)
        light = canvas.pixels().astype(np.float32)
    return canvas, light


def _inked(light: Floats, stamp: _Stamp, canvas: Canvas) -> Floats:
    shrunk = canvas.scale / FINE
    field = cv2.GaussianBlur(stamp.ink, (0, 0), max(0.3, 0.42 / shrunk)) if shrunk < 1 else stamp.ink
    size = (light.shape[1], light.shape[0])
    field = cv2.warpAffine(field, stamp.matrix(canvas), size, flags=cv2.INTER_LINEAR)
    passes = np.exp(field[..., None] * np.log(stamp.colour))
    # Ink on black print stays dark; a little of it lies on top of the print.
    above = (field * (1 - light.mean(axis=2) / 255) * 22)[..., None] * stamp.colour
    return np.asarray(light * passes + above, np.float32)


def _truth(stamp: _Stamp, canvas: Canvas, matrix: Matrix, raster: Raster, tags: set[str]) -> Truth:
    plate = stamp.plate
    placed = stamp.matrix(canvas)
    outline = (plate.outline @ placed[:, :2].T + placed[:, 2]).astype(np.float32)
    points = cv2.perspectiveTransform(outline.reshape(-1, 1, 2), matrix).reshape(-1, 2)
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    box = (
        max(0.0, low[0]),
        max(0.0, low[1]),
        min(float(raster.shape[1]), high[0]),
        min(float(raster.shape[0]), high[1]),
    )
    wide, tall = box[2] - box[0], box[3] - box[1]
    own = tags | stamp.tags
    if wide * tall < _WHOLE * (high[0] - low[0]) * (high[1] - low[1]):
        own.add("cut")
    if max(wide, tall) < _SMALL:
        own.add("small")
    count = len(plate.name)
    own.add("long name" if count > _LONG else "short name" if count < _SHORT else "middling name")
    if plate.centre:
        own.add("centre")
    if plate.code:
        own.add("code")
    return Truth(plate.shape, plate.name, plate.centre, plate.code, box, frozenset(own))
