"""What a seal has engraved: round, oval and square ones."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np

from benchmarks.paper import names
from benchmarks.paper.faces import has
from benchmarks.paper.fields import Floats, clouds, grid
from benchmarks.paper.letters import Hand, line, put, width_of

FINE = 16.0  # pixels of a plate's millimetre
_MARGIN = int(3 * FINE)  # around the seal
_PROVINCES = "11 13 21 23 31 32 33 34 35 36 37 41 42 43 44 45 50 51 52 53 61 65"  # of codes
_TAX = "发票专用章"


@dataclass(frozen=True, slots=True)
class Plate:
    """relief: what prints, 0 to 1. outline: points on its outer edge (n, 2), in its pixels. face: of its letters.

    centre, code: "" where the seal has none.
    """

    shape: str
    name: str
    centre: str
    code: str
    relief: Floats
    outline: Floats
    face: str


def engrave(rng: Random, noise: np.random.Generator, kind: str, name: str, shape: str) -> Plate:
    """A seal of a body. kind: as names.body tells; shape: "round", "oval" or "square"."""
    old = rng.random() < 0.2  # shorter letters
    if shape == "square":
        return _square(rng, noise, name)
    if shape == "oval":
        wide, high = rng.choice([(45, 30), (40, 30), (50, 35), (42, 28), (40, 28), (38, 26)])
        return _oval(rng, noise, kind, name, _Blank(rng, wide, high))
    diameter = rng.choices([38, 40, 42, 45, 46, 50], [12, 36, 30, 16, 2, 2])[0] + rng.uniform(-0.4, 0.4)
    if kind == "company":
        diameter = rng.choice([38, 40, 40, 42]) + rng.uniform(-0.4, 0.4)
    return _round(rng, noise, kind, name, _Blank(rng, diameter, diameter), old)


class _Blank:
    """A plate with nothing but its rim. x, y: its middle; a, b: half axes; rim: how far in from the edge; pixels."""

    def __init__(self, rng: Random, wide: float, high: float) -> None:
        """wide, high: mm."""
        shape = (int(high * FINE) + 2 * _MARGIN, int(wide * FINE) + 2 * _MARGIN)
        self.relief: Floats = np.zeros(shape, np.float32)
        self.x, self.y = shape[1] / 2, shape[0] / 2
        self.a, self.b = wide * FINE / 2, high * FINE / 2
        self.rim = rng.choice([rng.uniform(0.35, 0.7), rng.uniform(0.8, 1.3), rng.uniform(0.9, 1.6)]) * FINE
        self._ellipse(0, self.rim)
        if rng.random() < 0.2:  # a thin second line
            gap, thin = rng.uniform(0.5, 1.0) * FINE, rng.uniform(0.15, 0.4) * FINE
            self._ellipse(self.rim + gap, thin)
            self.rim += gap + thin

    def _ellipse(self, inset: float, thick: float) -> None:
        high, wide = self.relief.shape
        a, b = self.a - inset, self.b - inset
        y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
        x, y = x - self.x, y - self.y
        part = np.hypot(x / a, y / b)
        slope = np.hypot(x / a**2, y / b**2)
        distance = (part - 1) * part / np.maximum(slope, 1e-6)  # nearly, of the edge
        ring = np.clip(0.5 + distance + thick, 0, 1) * np.clip(0.5 - distance, 0, 1)
        self.relief = np.maximum(self.relief, ring)

    def outline(self) -> Floats:
        angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        edge = np.stack([self.x + self.a * np.cos(angle), self.y + self.b * np.sin(angle)], 1)
        return np.asarray(edge, np.float32)


def _square(rng: Random, noise: np.random.Generator, name: str) -> Plate:
    count = len(name)
    columns = rng.choice([2, 3]) if count <= 8 else rng.choice([3, 3, 4])
    rows = math.ceil(count / columns)
    tall = rng.uniform(20, 34)
    if abs(rows - columns) <= 1:
        broad = min(40, tall * rng.uniform(0.85, 1.1))
    else:
        broad = min(40, tall * columns / rows * 1.15)
    wide, high = int(broad * FINE), int(tall * FINE)
    pad = _MARGIN
    relief = np.zeros((high + 2 * pad, wide + 2 * pad), np.float32)
    rim = rng.uniform(0.6, 1.6) * FINE
    cv2.rectangle(relief, (pad, pad), (pad + wide, pad + high), 1.0, -1)
    thick = int(rim)
    relief[pad + thick : pad + high - thick, pad + thick : pad + wide - thick] = 0
    hand = Hand.drawn(rng, name)
    inset = rim + rng.uniform(0.5, 1.3) * FINE
    room_x, room_y = (wide - 2 * inset) / columns, (high - 2 * inset) / rows
    downwards = rng.random() < 0.8  # in columns from the right; else in rows from the left
    for index, character in enumerate(name):
        column, row = (index // rows, index % rows) if downwards else (index % columns, index // columns)
        if downwards:
            tall_room = (high - 2 * inset) / min(rows, count - column * rows)
            x = pad + inset + (columns - 0.5 - column) * room_x
        else:
            tall_room = room_y
            x = pad + inset + (column + 0.5) * room_x
        y = pad + inset + (row + 0.5) * tall_room
        letter = hand.letter(noise, character)
        put(relief, letter, (x, y), rng.gauss(0, 0.01), (room_x * 0.9, tall_room * 0.9), hand)
    corners = [[pad, pad], [pad + wide, pad], [pad + wide, pad + high], [pad, pad + high]]
    return Plate("square", name, "", "", relief, np.array(corners, np.float32), hand.face)


def _round(rng: Random, noise: np.random.Generator, kind: str, name: str, blank: _Blank, old: bool) -> Plate:
    gap = rng.uniform(0.35, 1.3) * FINE
    hand = Hand.drawn(rng, name)
    has_line, has_star = rng.random() < 0.42, rng.random() < 0.95
    code = _code(rng) if rng.random() < (0.45 if kind == "company" else 0.22) else ""
    centre = names.centre(rng, kind) if has_line else ""
    span = min(300, 150 + 9 * len(name)) + rng.gauss(0, 14)  # degrees of the name
    span = max(120, min(span, 272 if code else 312))
    outer = blank.a - blank.rim - gap
    tall = _ring(rng, noise, name, blank, hand, (outer, span), old)
    inner = outer - tall
    size = min(rng.uniform(5.5, 7.6) * FINE, inner * rng.uniform(0.72, 0.92))  # of the star, half
    up = rng.uniform(0.0, 1.6) * FINE if centre else rng.uniform(-0.4, 0.4) * FINE
    if has_star:
        _star(rng, blank, up, size)
    elif rng.random() < 0.5:
        _emblem(noise, blank, size)
    if centre:
        below = blank.y - up + size * (0.82 if has_star else 0.3)
        _centre_line(rng, noise, centre, blank, hand, below, (inner, outer, span))
    if code:
        _code_line(rng, noise, code, blank)
    return Plate("round", name, centre, code, blank.relief, blank.outline(), hand.face)


def _ring(
    rng: Random, noise: np.random.Generator, name: str, blank: _Blank, hand: Hand, room: tuple[float, float], old: bool
) -> float:
    """The name around the upper edge; the height of its letters in pixels. room: radius in pixels, span in degrees."""
    outer, span = room
    count = len(name)
    pitch = span / count
    limit = min(7.4 * FINE * (blank.a * 2 / FINE / 40), outer * 0.45) * (rng.uniform(0.72, 0.88) if old else 1)
    ratio = rng.uniform(1.25, 2.1)  # height to width
    wide = tall = limit
    for _ in range(6):  # the higher the letters, the narrower their circle
        wide = math.radians(pitch) * (outer - limit / 2) * rng.uniform(0.78, 0.95)
        tall = wide * ratio
        if tall > limit and wide * 1.15 > limit:
            wide = limit / 1.2
        tall = min(tall, limit)
        limit = max(tall, 3.4 * FINE)
    tall = max(tall, 3.2 * FINE)
    radius = outer - tall / 2
    uneven = rng.choice([0, 0.02, 0.05, 0.09])
    places = np.arange(count) + 0.5 + np.array([rng.gauss(0, uneven) for _ in range(count)])
    if rng.random() < 0.1:  # a gap between words
        places[rng.randrange(2, count - 1) :] += 0.35
    places = (places - (places[0] + places[-1]) / 2) * pitch * (count / (places[-1] - places[0] + 1))
    for character, place in zip(name, places, strict=True):
        angle = math.radians(place)
        letter = hand.letter(noise, character)
        width = wide * (1 + rng.gauss(0, hand.uneven)) * (0.7 if character in "（）" else 1)
        at = radius + rng.gauss(0, hand.uneven) * tall * 0.6
        middle = (blank.x + at * math.sin(angle), blank.y - at * math.cos(angle))
        turn = angle + rng.gauss(0, hand.uneven * 0.7)
        size = (width, tall * (1 + rng.gauss(0, hand.uneven)))
        put(blank.relief, letter, middle, turn, size, hand, radius if hand.bent else 0)
    return tall


def _centre_line(
    rng: Random,
    noise: np.random.Generator,
    text: str,
    blank: _Blank,
    hand: Hand,
    below: float,
    ring: tuple[float, float, float],
) -> None:
    """below: y of what is above the line. ring: inner and outer radius of the name, pixels, and its span, degrees."""
    inner, outer, span = ring
    own = hand if rng.random() < 0.6 else Hand.drawn(rng, text)
    if not has(own.face, text):
        own = Hand.drawn(rng, text)
    tall = rng.uniform(3.2, 4.8) * FINE
    y = min(below + tall * rng.uniform(0.62, 0.9) + 0.2 * FINE, blank.y + blank.a * 0.62)
    down = y - blank.y
    if span < 230:  # nothing of the name at either side
        half = math.sqrt(max(1, outer**2 - (down + tall / 2) ** 2)) * 0.95
    elif down < inner:
        half = math.sqrt(max(1, (inner if span > 250 else outer) ** 2 - down**2))
    else:
        half = 8 * FINE
    ems = width_of(text)
    wide = min(ems * tall / rng.uniform(1.05, 1.6), 2 * half * 0.93)
    if wide / ems < 2.0 * FINE:
        tall = min(tall, wide / ems * 2)
    line(blank.relief, rng, noise, text, (blank.x, y), (wide, tall), own)


def _oval(rng: Random, noise: np.random.Generator, kind: str, name: str, blank: _Blank) -> Plate:
    gap = rng.uniform(0.35, 1.3) * FINE
    hand = Hand.drawn(rng, name)
    count = len(name)
    a, b = blank.a, blank.b
    tall = min(2 * b * rng.uniform(0.15, 0.2), 6 * FINE)
    course_a, course_b = a - blank.rim - gap - tall / 2, b - blank.rim - gap - tall / 2
    widest = 200 + rng.gauss(0, 10) if count < 12 else 235 + rng.gauss(0, 10)
    span = math.radians(min(widest, 118 + 9.5 * count))
    # Letters stand at even steps of the course's length. angle: the ellipse's parameter, clockwise from the top.
    angles = np.linspace(-math.pi, math.pi, 4001)
    steps = np.hypot(np.diff(course_a * np.sin(angles)), np.diff(-course_b * np.cos(angles)))
    lengths = np.r_[0, np.cumsum(steps)]
    begin, end = np.interp(-span / 2, angles, lengths), np.interp(span / 2, angles, lengths)
    step = (end - begin) / count
    wide = min(step * rng.uniform(0.8, 0.95), tall / 1.05)
    for index, character in enumerate(name):
        angle = float(np.interp(begin + (index + 0.5 + rng.gauss(0, hand.uneven)) * step, lengths, angles))
        middle = (blank.x + course_a * math.sin(angle), blank.y - course_b * math.cos(angle))
        turn = math.atan2(math.sin(angle) / course_a, math.cos(angle) / course_b)
        size = (wide * (0.7 if character in "（）" else 1), tall)
        put(blank.relief, hand.letter(noise, character), middle, turn, size, hand)
    has_star = rng.random() < 0.25
    x, y = blank.x, blank.y
    if rng.random() < 0.22:
        tax = "91" + _digits(rng, 15) + rng.choice("0123456789XGTAK")
        upright = Hand.drawn(rng, tax).upright("zenhei", -4, -3, 0.4)
        line(blank.relief, rng, noise, tax, (x, y + 0.05 * b), (course_a * 1.45, 2.7 * FINE), upright, 0.25)
        line(blank.relief, rng, noise, _TAX, (x, y + 0.48 * b), (course_a * 0.95, 3.6 * FINE), hand)
        centre = tax + _TAX
    else:
        centre = names.centre(rng, kind)
        if not has(hand.face, centre):
            centre = "业务专用章"
        high = rng.uniform(3.6, 5) * FINE
        broad = min(width_of(centre) * high * rng.uniform(0.7, 1.1), (course_a - tall * 0.6) * 1.7)
        if has_star:
            _fill(blank.relief, _points(x, y - 0.1 * b, b * 0.2))
            below = 0.32 * b
        else:
            below = rng.uniform(0.0, 0.25) * b
        line(blank.relief, rng, noise, centre, (x, y + below), (broad, high), hand)
    return Plate("oval", name, centre, "", blank.relief, blank.outline(), hand.face)


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def _code(rng: Random) -> str:
    """A seal's code: 13 digits, a province's first."""
    digits = _digits(rng, 13)
    return rng.choice(_PROVINCES.split()) + digits[2:6] + rng.choice(["0", "1", "9"]) + digits[7:]


def _code_line(rng: Random, noise: np.random.Generator, code: str, blank: _Blank) -> None:
    """The code along the lower edge, read from the left, digits' feet outwards."""
    radius = blank.a - blank.rim - rng.uniform(0.3, 0.8) * FINE
    hand = Hand.drawn(rng, code)
    face = rng.choice(["zenhei", "microhei", "uming", "cns sung"])
    hand = replace(hand.upright(face, rng.uniform(0, 9), rng.uniform(0, 9), 0.5), shaky=0)
    tall = rng.uniform(1.5, 2.2) * FINE
    radius -= tall / 2
    pitch = math.radians(rng.uniform(4.2, 5.6))
    for index, digit in enumerate(code):
        angle = math.pi + (6 - index) * pitch  # clockwise from the top
        middle = (blank.x + radius * math.sin(angle), blank.y - radius * math.cos(angle))
        letter = hand.letter(noise, digit)
        put(blank.relief, letter, middle, angle - math.pi, (pitch * radius * rng.uniform(0.55, 0.8), tall), hand)


def _star(rng: Random, blank: _Blank, up: float, size: float) -> None:
    x, y = blank.x, blank.y - up
    if rng.random() < 0.93:
        _fill(blank.relief, _points(x, y, size, rng.gauss(0, 0.02)))
        return
    whole, hole = np.zeros_like(blank.relief), np.zeros_like(blank.relief)
    _fill(whole, _points(x, y, size))
    _fill(hole, _points(x, y, size * 0.78))
    blank.relief = np.maximum(blank.relief, whole - hole)


def _emblem(noise: np.random.Generator, blank: _Blank, size: float) -> None:
    """A disc of fine work that no reader is to take for letters."""
    high, wide = blank.relief.shape
    x, y = grid(high, wide)
    x, y = x - blank.x, y - blank.y
    distance = np.hypot(x, y)
    rays = np.abs(np.sin(np.arctan2(y, x) * 12 + distance * 0.05)) > 0.35
    work = ((clouds(noise, high, wide, 10) > 0.1) & (distance < size) & rays).astype(np.float32)
    work = np.maximum(work, ((distance < size) & (distance > size - 0.4 * FINE)).astype(np.float32))
    _fill(work, _points(blank.x, blank.y, size * 0.35))
    blank.relief = np.maximum(blank.relief, cv2.GaussianBlur(work, (0, 0), 1))


def _points(x: float, y: float, radius: float, turn: float = 0.0) -> Floats:
    """A star's ten corners."""
    corners = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.382
        angle = turn + math.pi * index / 5
        corners.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return np.array(corners, np.float32)


def _fill(relief: Floats, points: Floats) -> None:
    cv2.fillPoly(relief, [np.round(points * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
