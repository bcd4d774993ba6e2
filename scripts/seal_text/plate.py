"""Rings as engravers cut them, drawn the way real ones differ; with where each text stands.

Lengths are in units of the longer semi-axis while a plate is laid out, pixels once it is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.seal_text import words
from scripts.seal_text.faces import Cut, glyph
from scripts.seal_text.words import Words

AXIS = 220  # pixels of the longer semi-axis
SIDE = 2 * AXIS + 48
Relief = NDArray[np.uint8]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Arched:
    """A text along the ring. ends: of its ink, at the band's middle, pixels from the centre, clockwise from the first.

    top, bottom: of its band, depths below the edge in units of the shorter semi-axis.
    """

    text: str
    ends: tuple[tuple[float, float], tuple[float, float]]
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Straight:
    """A straight line of text: its box, pixels from the centre."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Plate:
    """A seal's rubber. relief: SIDE × SIDE, 255 where it prints. half_width, half_height: of its edge, pixels.

    code: half the angle the code takes along the bottom, degrees; 0 for none.
    below: digits or letters stand along the bottom.
    pitch: from one character to the next, of the name or in a frame, pixels.
    corners: of a frame, clockwise, pixels from the centre. rows: what stands in it, top to bottom; columns: the right
    one first; () where a frame has none. bare: its characters are bare paper (白文).
    """

    relief: Relief
    half_width: float
    half_height: float
    name: Arched | None = None
    lines: tuple[Straight, ...] = ()
    code: str = ""
    code_half: float = 0.0
    below: bool = False
    pitch: float = AXIS
    corners: Points = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    bare: bool = False


def put(relief: Relief, ink: Relief, x: float, y: float, wide: float, high: float, turn: float) -> None:
    """A letter of this size with its middle at x, y (pixels of the relief), turned clockwise in degrees."""
    wide, high = max(2.0, wide), max(2.0, high)
    small = cv2.resize(ink, (round(wide), round(high)), interpolation=cv2.INTER_AREA)
    angle = math.radians(turn)
    cos, sin = math.cos(angle), math.sin(angle)
    reach = int(math.hypot(wide, high) / 2) + 2
    left, top = int(x) - reach, int(y) - reach
    matrix = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    middle = np.array([small.shape[1] / 2, small.shape[0] / 2])
    matrix[:, 2] = np.array([x - left, y - top]) - matrix[:, :2] @ middle
    set_ = cv2.warpAffine(small, matrix, (2 * reach, 2 * reach), flags=cv2.INTER_LINEAR)
    across, down = max(0, -left), max(0, -top)  # what is beyond the relief
    part = relief[top + down : top + 2 * reach, left + across : left + 2 * reach]
    np.maximum(part, set_[down : down + part.shape[0], across : across + part.shape[1]], out=part)


class _Ellipse:
    """The line on which letters' middles stand."""

    def __init__(self, a: float, b: float) -> None:
        self.a, self.b = a, b
        self._t = np.linspace(-np.pi, np.pi, 1441)
        x, y = a * np.sin(self._t), -b * np.cos(self._t)
        length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
        self.around = float(length[-1])
        self._length = length - self.around / 2

    def at(self, along: float) -> tuple[float, float, float]:
        """x, y and the outward normal's turn (0 at the top, clockwise, degrees) at a length from the top."""
        angle = float(np.interp(along, self._length, self._t))
        x, y = self.a * math.sin(angle), -self.b * math.cos(angle)
        return x, y, math.degrees(math.atan2(math.sin(angle) / self.a, math.cos(angle) / self.b))


def _ring(relief: Relief, a: float, b: float, width: float) -> None:
    middle = (SIDE * 8, SIDE * 8)
    outer, inner = (round(a * 16), round(b * 16)), (round((a - width) * 16), round((b - width) * 16))
    mask = np.zeros_like(relief)
    cv2.ellipse(mask, middle, outer, 0, 0, 360, 255, -1, cv2.LINE_AA, 4)
    cv2.ellipse(mask, middle, inner, 0, 0, 360, 0, -1, cv2.LINE_AA, 4)
    np.maximum(relief, mask, out=relief)


def _star(relief: Relief, radius: float, y: float) -> None:
    angles = np.radians(-90 + 36 * np.arange(10))
    reach = np.where(np.arange(10) % 2 == 0, radius, 0.382 * radius)
    points = np.column_stack([SIDE / 2 + reach * np.cos(angles), SIDE / 2 + y + reach * np.sin(angles)])
    cv2.fillPoly(relief, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)


def _arched(
    relief: Relief, lot: Random, text: str, cut: Cut, axes: tuple[float, float], size: tuple[float, float],
    pitch: float, *, uneven: float = 0.0, tilt: float = 1.0, feet_out: bool = False,
) -> tuple[tuple[float, float], tuple[float, float]]:  # fmt: skip
    """Letters along an ellipse, over the top or along the bottom; the ends of their ink.

    uneven: standard deviation of their places and, a third of it, of their sizes, in parts of these. tilt: degrees.
    """
    line = _Ellipse(*axes)
    broad = np.array([0.6 if character in "（）" else 1.0 for character in text])
    places = np.cumsum(broad) - broad / 2
    places -= (places[0] + places[-1]) / 2
    for place, part, character in zip(places.tolist(), broad.tolist(), text, strict=True):
        along = (place + lot.gauss(0, uneven)) * pitch
        x, y, turn = line.at(along)
        if feet_out:
            x, y, turn = x, -y, -turn
        wide, high = (length * (1 + lot.gauss(0, uneven / 3)) for length in (size[0] * part, size[1]))
        put(relief, glyph(character, cut), SIDE / 2 + x, SIDE / 2 + y, wide, high, turn + lot.gauss(0, tilt))
    reach = -places[0] * pitch + size[0] * broad[0] / 2 + uneven * pitch
    (x0, y0, _), (x1, y1, _) = line.at(-reach), line.at(reach)
    return ((x0, -y0), (x1, -y1)) if feet_out else ((x0, y0), (x1, y1))


def _straight(
    relief: Relief, lot: Random, text: str, cut: Cut, y: float, high: float, room: float, broad: float
) -> Straight:
    pitch = min(high * broad, room / len(text))
    for place, character in enumerate(text):
        x = (place - (len(text) - 1) / 2) * pitch
        narrow = 0.55 if character in "（）" else 1.0
        put(relief, glyph(character, cut), SIDE / 2 + x, SIDE / 2 + y, pitch * 0.9 * narrow, high, lot.gauss(0, 0.6))
    half = len(text) * pitch / 2
    return Straight(text, -half, y - high / 2, half, y + high / 2)


def round_plate(lot: Random, texts: Words, cut: Cut, digits: Cut) -> Plate:
    """A round seal: ring, name, and by lot star, code or foreign name, centre lines, inner rings."""
    relief = np.zeros((SIDE, SIDE), np.uint8)
    name = texts.name(lot)
    inside = _rings(relief, lot, AXIS, AXIS)
    below = lot.choices(("", "code", "latin"), (32, 60, 8))[0]
    code = words.code(lot) if below == "code" else ""
    gap = AXIS * _gap(lot)
    high = AXIS * lot.uniform(0.2, 0.44)
    if len(name) > 14:
        high = min(high, AXIS * 0.34)
    most = 258 if code else 235 if below else 300
    span = min(lot.uniform(205, most), (len(name) - 1) * lot.uniform(17, 38))
    radius = inside - gap - high / 2
    pitch = math.radians(span) * radius / max(1, len(name) - 1)
    wide = min(pitch * lot.uniform(0.78, 1.02), high / lot.uniform(1.0, 2.2))
    ends = _arched(relief, lot, name, cut, (radius, radius), (wide, high), pitch, uneven=_uneven(lot), tilt=_tilt(lot))
    room = radius - high / 2
    ringed = lot.random() < 0.16
    if ringed:
        room -= AXIS * lot.uniform(0.015, 0.04)
        _ring(relief, room, room, AXIS * lot.uniform(0.008, 0.02))
        room -= AXIS * 0.03
    half = 0.0
    if code:
        tall = AXIS * lot.uniform(0.075, 0.12)
        line = inside - AXIS * lot.uniform(0.02, 0.05) - tall / 2
        step = tall * lot.uniform(0.6, 1.2)
        turn = min(math.degrees(step * (len(code) - 1) / line), 340 - span - 30)
        step = math.radians(turn) * line / (len(code) - 1)
        _arched(relief, lot, code, digits, (line, line), (step * lot.uniform(0.6, 0.85), tall), step, feet_out=True)
        half = turn / 2 + math.degrees(step / line)
    elif below:
        foreign = words.latin(lot)
        tall = AXIS * lot.uniform(0.09, 0.13)
        line = inside - AXIS * 0.03 - tall / 2
        step = min(tall * 0.8, math.radians(300 - span) * line / len(foreign))
        _arched(relief, lot, foreign, digits, (line, line), (step * 0.8, tall), step, feet_out=True)
    lines: list[Straight] = []
    middle = lot.random()
    centred = not ringed and middle < 0.72
    star = min(room * 0.85, AXIS * lot.uniform(0.2, 0.34))
    if centred:
        starred = lot.random() < 0.85
        rows = 2 if lot.random() < 0.15 else 1
        tall = AXIS * lot.uniform(0.12, 0.25) / (1.0 if rows == 1 else 1.25)
        y = AXIS * (lot.uniform(0.38, 0.52) if starred else lot.uniform(-0.1, 0.2))
        for _ in range(rows):
            if y + tall / 2 > inside - AXIS * (0.16 if code else 0.05):
                break
            # Below the name's ends the line may be as wide as the ring is.
            reach = room if span > 235 or y < 0.3 * AXIS else inside - AXIS * 0.04
            free = math.sqrt(max((0.3 * AXIS) ** 2, reach**2 - (abs(y) + tall / 2) ** 2))
            lines.append(_straight(relief, lot, texts.centre(lot), cut, y, tall, 1.85 * free, lot.uniform(0.7, 1.15)))
            y += tall * lot.uniform(1.15, 1.4)
        star = min(star, AXIS * 0.27) if starred else 0.0
    if star and lot.random() < 0.93:
        _star(relief, star, -0.05 * AXIS * lot.random() if centred else 0.0)
    top, bottom = 1 - (radius + high / 2) / AXIS, 1 - (radius - high / 2) / AXIS
    arched = Arched(name, ends, top, bottom)
    return Plate(relief, AXIS, AXIS, arched, tuple(lines), code, half, bool(below), pitch=pitch)


def oval_plate(lot: Random, texts: Words, cut: Cut, digits: Cut) -> Plate:
    """An oval seal: ring, name over the top, straight lines across its middle."""
    relief = np.zeros((SIDE, SIDE), np.uint8)
    a, b = AXIS, AXIS * lot.uniform(0.6, 0.82)
    name = texts.name(lot)[:18]
    inside = _rings(relief, lot, a, b)
    depth = a - inside + b * _gap(lot)
    high = b * lot.uniform(0.25, 0.41)
    axes = (a - depth - high / 2, b - depth - high / 2)
    line = _Ellipse(*axes)
    span = min(lot.uniform(185, 265), (len(name) - 1) * lot.uniform(15, 30))
    pitch = line.around * span / 360 / max(1, len(name) - 1)
    wide = min(pitch * lot.uniform(0.78, 1.02), high / lot.uniform(1.0, 2.2))
    ends = _arched(relief, lot, name, cut, axes, (wide, high), pitch, uneven=_uneven(lot), tilt=_tilt(lot))
    lines: list[Straight] = []
    way = lot.random()
    wide_inside, tall_inside = axes[0] - high / 2, b - depth
    if way < 0.85:
        numbered = way > 0.5
        parts = [words.credit_code(lot), texts.centre(lot)] if numbered else [texts.centre(lot)]
        ys = (b * lot.uniform(-0.05, 0.12), b * lot.uniform(0.4, 0.55)) if numbered else (b * lot.uniform(0.0, 0.32),)
        for text, y in zip(parts, ys, strict=True):
            number = text[0].isdigit()
            tall = b * (lot.uniform(0.12, 0.19) if number else lot.uniform(0.18, 0.27))
            free = wide_inside * math.sqrt(max(0.1, 1 - ((abs(y) + tall / 2) / tall_inside) ** 2))
            broad = lot.uniform(0.5, 0.7) if number else lot.uniform(0.8, 1.15)
            lines.append(_straight(relief, lot, text, digits if number else cut, y, tall, 1.85 * free, broad))
    elif way < 0.95:
        _star(relief, b * lot.uniform(0.2, 0.3), b * 0.1)
    return Plate(relief, a, b, Arched(name, ends, depth / b, (depth + high) / b), tuple(lines), pitch=pitch)


def _gap(lot: Random) -> float:
    """Between ring and letters, units of the shorter semi-axis; below 0 they touch."""
    return lot.uniform(-0.015, 0.01) if lot.random() < 0.2 else lot.uniform(0.01, 0.1)


def _uneven(lot: Random) -> float:
    return lot.choice((0.0, 0.02, 0.04, 0.07, 0.1))


def _tilt(lot: Random) -> float:
    return lot.choice((0.5, 1.0, 2.0, 3.5))


def _rings(relief: Relief, lot: Random, a: float, b: float) -> float:
    """The ring, and by lot a thin one close inside; how far out there is room for text, on the longer axis."""
    width = AXIS * lot.choice((lot.uniform(0.02, 0.04), lot.uniform(0.04, 0.06), lot.uniform(0.06, 0.13)))
    _ring(relief, a, b, width)
    depth = width
    if lot.random() < 0.2:
        gap, thin = AXIS * lot.uniform(0.015, 0.035), AXIS * lot.uniform(0.008, 0.018)
        _ring(relief, a - depth - gap, b - depth - gap, thin)
        depth += gap + thin
    return a - depth
