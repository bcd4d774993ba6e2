"""Seals as an engraver cuts them: rings and frames, names along arcs, lines and columns.

In millimetres, origin in the middle, x to the right, y down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.seals import faces, names
from benchmarks.seals.faces import Cut
from benchmarks.seals.names import Engraved
from extractors.document import SealShape

FINE = 16  # pixels of a plate's relief to a millimetre: about 400 dpi
NARROWEST, LEAST_PITCH = 0.5, 1.2  # of a straight line's letters: width to height, and mm from one to the next
SHAPES = ("round", "oval", "square", "rectangle", "triangle", "diamond", "chop")
MARGIN = 2.0  # mm of bare rubber around


@dataclass(frozen=True, slots=True)
class Plate:
    """A seal's rubber. relief: 255 where it prints, FINE pixels a mm, its middle the seal's.

    kind: of SHAPES. edge: polygon of the outer edge, mm. diameter: its greatest width, mm, as Seal.diameter_mm.
    tags: what is special about it ("code", "centre", "bilingual", "thick ring", ...).
    """

    kind: str
    engraved: Engraved
    relief: NDArray[np.uint8]
    edge: NDArray[np.float64]
    diameter: float
    tags: frozenset[str]

    @property
    def shape(self) -> SealShape:
        return SealShape.SQUARE if self.kind == "chop" else SealShape(self.kind)


class _Rubber:
    """A canvas on which is cut in millimetres."""

    def __init__(self, half_width: float, half_height: float) -> None:
        self.middle = np.array([half_width + MARGIN, half_height + MARGIN]) * FINE
        self.relief = np.zeros((round(2 * self.middle[1]), round(2 * self.middle[0])), np.uint8)

    def points(self, polygon: NDArray[np.float64]) -> NDArray[np.int32]:
        return np.asarray(np.round((polygon * FINE + self.middle) * 16), np.int32)

    def line(self, polygon: NDArray[np.float64], width: float, inner: NDArray[np.float64] | None = None) -> None:
        """A closed line whose outer edge is the polygon; its inner edge is drawn along unless it is given."""
        inner = _inset(polygon, width) if inner is None else inner
        cv2.fillPoly(self.relief, [self.points(polygon)], 255, cv2.LINE_AA, 4)
        cv2.fillPoly(self.relief, [self.points(inner)], 0, cv2.LINE_AA, 4)

    def frame(self, half_width: float, half_height: float, width: float, corner: float) -> NDArray[np.float64]:
        """A frame of four sides, its corners rounded by `corner`; its outer edge."""
        edge = _rectangle(half_width, half_height, corner)
        self.line(edge, width, _rectangle(half_width - width, half_height - width, max(0.0, corner - width)))
        return edge

    def area(self, polygon: NDArray[np.float64], level: int = 255) -> None:
        cv2.fillPoly(self.relief, [self.points(polygon)], level, cv2.LINE_AA, 4)

    def letter(
        self, character: str, cut: Cut, at: tuple[float, float], size: tuple[float, float], turn: float, slack: Random
    ) -> None:
        """A letter of this width and height, mm, turned clockwise in degrees, a little off as hands are."""
        ink = faces.glyph(character, cut)
        high, wide = ink.shape
        sx, sy = size[0] * FINE / wide, size[1] * FINE / high
        if ord(character) < 0x2E80:
            sx = min(sx, sy)
        angle = math.radians(turn + slack.gauss(0, 0.6))
        cos, sin = math.cos(angle), math.sin(angle)
        matrix = np.array([[cos * sx, -sin * sy, 0], [sin * sx, cos * sy, 0]])
        centre = np.asarray(at) * FINE + self.middle
        matrix[:, 2] = centre - matrix[:, :2] @ np.array([wide / 2, high / 2])
        reach = int(math.hypot(sx * wide, sy * high) / 2) + 2
        x0, y0 = max(0, int(centre[0]) - reach), max(0, int(centre[1]) - reach)
        x1, y1 = min(self.relief.shape[1], x0 + 2 * reach), min(self.relief.shape[0], y0 + 2 * reach)
        if x1 <= x0 or y1 <= y0:
            return
        matrix[:, 2] -= (x0, y0)
        if sx < 0.5 or sy < 0.5:
            ink = cv2.GaussianBlur(ink, (0, 0), 0.35 / max(0.15, min(sx, sy)))
        set_ = cv2.warpAffine(ink, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
        part = self.relief[y0:y1, x0:x1]
        np.maximum(part, set_, out=part)


def _inset(polygon: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """The polygon (convex, clockwise) moved inwards by `width`: each corner along both neighbours' normals."""
    before, after = polygon - np.roll(polygon, 1, axis=0), np.roll(polygon, -1, axis=0) - polygon
    n1 = np.column_stack([-before[:, 1], before[:, 0]]) / np.linalg.norm(before, axis=1)[:, None]
    n2 = np.column_stack([-after[:, 1], after[:, 0]]) / np.linalg.norm(after, axis=1)[:, None]
    both = n1 + n2
    return np.asarray(polygon + 2 * width * both / np.maximum(0.05, (both**2).sum(axis=1))[:, None])


def _ellipse(a: float, b: float, count: int = 240) -> NDArray[np.float64]:
    t = np.arange(count) * 2 * np.pi / count
    return np.column_stack([a * np.cos(t), b * np.sin(t)])


def _rectangle(half_width: float, half_height: float, corner: float = 0.0) -> NDArray[np.float64]:
    w, h = half_width, half_height
    if corner <= 0:
        return np.array([[-w, -h], [w, -h], [w, h], [-w, h]], float)
    t = np.linspace(0, np.pi / 2, 7)
    parts = []
    for x, y, begin in ((w, h, 0.0), (-w, h, 0.5), (-w, -h, 1.0), (w, -h, 1.5)):
        cx, cy = math.copysign(w - corner, x), math.copysign(h - corner, y)
        angles = t + begin * np.pi
        parts.append(np.column_stack([cx + corner * np.cos(angles), cy + corner * np.sin(angles)]))
    return np.concatenate(parts)


def _star(radius: float, x: float = 0.0, y: float = 0.0) -> NDArray[np.float64]:
    angles = np.radians(-90 + 36 * np.arange(10))
    reach = np.where(np.arange(10) % 2 == 0, radius, 0.382 * radius)
    return np.column_stack([x + reach * np.cos(angles), y + reach * np.sin(angles)])


def cut_of(rng: Random) -> Cut:
    """Mostly Song, as seals are; thin Arphic strokes are cut bolder."""
    file = rng.choice((faces.SONG, faces.SONG, faces.OLD_SONG, faces.HEI, faces.KAI, faces.SONG))
    least = 0.0 if file == faces.HEI else 0.012
    return Cut(file, round(rng.uniform(least, 0.032), 3))


def engrave(rng: Random, kind: str) -> Plate:
    """A seal of a kind (one of SHAPES), all else drawn by lot."""
    makers = {
        "round": _round, "oval": _oval, "square": _square, "rectangle": _label, "triangle": _triangle,
        "diamond": _diamond, "chop": _chop,
    }  # fmt: skip
    return makers[kind](rng)


# ------------------------------------------------------------------------------------------------ rings


def _ring(rubber: _Rubber, rng: Random, a: float, b: float, tags: set[str]) -> float:
    """The ring or rings; how deep, mm, the space for text begins."""
    width = rng.uniform(0.9, 1.35)
    if rng.random() < 0.2:
        width = rng.uniform(1.6, 2.4)
        tags.add("thick ring")
    rubber.line(_ellipse(a, b), width)
    depth = width
    if rng.random() < 0.14:
        gap, thin = rng.uniform(0.4, 0.7), rng.uniform(0.2, 0.4)
        rubber.line(_ellipse(a - depth - gap, b - depth - gap), thin)
        depth += gap + thin
        tags.add("double ring")
    return depth


def _along(a: float, b: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Parameter and length along an ellipse from the top, clockwise, from half a turn before to half a turn after."""
    t = np.linspace(-np.pi, np.pi, 1441)
    x, y = a * np.sin(t), -b * np.cos(t)
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    return t, length - length[-1] / 2


def _arc_text(
    rubber: _Rubber, rng: Random, text: str, cut: Cut, axes: tuple[float, float], size: tuple[float, float],
    pitch: float, *, bottom: bool = False, uneven: float = 0.0,
) -> None:  # fmt: skip
    """Letters whose middles are on the ellipse `axes`; along the bottom they stand with their feet outwards."""
    t, length = _along(*axes)
    for index, character in enumerate(text):
        at = (index - (len(text) - 1) / 2 + rng.gauss(0, uneven)) * pitch
        if bottom:
            at = length[-1] - at if at >= 0 else -length[-1] - at
        angle = float(np.interp(at, length, t))
        x, y = axes[0] * math.sin(angle), -axes[1] * math.cos(angle)
        normal = math.degrees(math.atan2(math.sin(angle) / axes[0], math.cos(angle) / axes[1]))
        rubber.letter(character, cut, (x, y), size, normal + (180 if bottom else 0), rng)


def _line(
    rubber: _Rubber, rng: Random, text: str, cut: Cut, y: float, height: float, room: float, widest: float = 0.9
) -> None:
    """A straight line centred at height y; letters are narrowed to the room, and lower where they were too narrow."""
    pitch = min(height * 1.05, room / max(1, len(text)))
    height = min(height, pitch / NARROWEST)
    for index, character in enumerate(text):
        x = (index - (len(text) - 1) / 2) * pitch
        rubber.letter(character, cut, (x, y), (min(height * widest, pitch * 0.92), height), 0, rng)


def _name_arc(
    rubber: _Rubber, rng: Random, text: str, cut: Cut, outer: tuple[float, float], span: float, tall: float,
    tags: set[str],
) -> float:  # fmt: skip
    """The name below the ring within `span` degrees of the arc; how high its letters came out, mm."""
    middle = (outer[0] - tall / 2, outer[1] - tall / 2)
    _, length = _along(*middle)
    around = 2 * length[-1]
    pitch = min(around * span / 360 / max(1, len(text) - 1), tall * rng.uniform(1.1, 2.1))
    if pitch < 0.72 * tall:
        tall = max(0.55 * tall, pitch / 0.72)
        middle = (outer[0] - tall / 2, outer[1] - tall / 2)
    width = min(pitch * 0.9, tall * rng.uniform(0.58, 0.85))
    uneven = 0.0
    if rng.random() < 0.3:
        uneven = rng.uniform(0.03, 0.07)
        tags.add("uneven")
    _arc_text(rubber, rng, text, cut, middle, (width, tall), pitch, uneven=uneven)
    return tall


def _round(rng: Random) -> Plate:
    radius = rng.choice((19.0, 20.0, 21.0, 21.0, 22.5, 22.5, 25.0, 29.0))
    tags: set[str] = set()
    rubber = _Rubber(radius, radius)
    depth = _ring(rubber, rng, radius, radius, tags)
    cut = cut_of(rng)
    text = names.body(rng)
    english = centre = code = ""
    way = rng.random()
    outer = radius - depth - rng.uniform(0.5, 1.2)
    if way < 0.1:
        english = rng.choice(names.ENGLISH)
        tags.add("bilingual")
        letter = rng.uniform(2.1, 2.8)
        latin = Cut(faces.HEI, 0.01)
        pitch = min(letter * 0.9, 2 * math.pi * (outer - letter) * 0.42 / len(english))
        _arc_text(rubber, rng, english, latin, (outer - letter / 2,) * 2, (pitch * 0.85, letter), pitch, bottom=True)
    elif way < 0.45:
        code = names.code(rng)
        tags.add("code")
        letter = rng.uniform(1.7, 2.4)
        _arc_text(
            rubber, rng, code, Cut(rng.choice((faces.HEI, faces.SONG)), 0.02), (outer - letter / 2,) * 2,
            (letter * 0.62, letter), letter * rng.uniform(0.85, 1.25), bottom=True,
        )  # fmt: skip
    tall = radius * rng.uniform(0.27, 0.36)
    if rng.random() < 0.25:
        tall = radius * rng.uniform(0.38, 0.44)
        tags.add("tall")
    span = 205 if english else 232 if code else 285
    tall = _name_arc(rubber, rng, text, cut, (outer, outer), span, tall, tags)
    room = outer - tall
    ringed = rng.random() < 0.12
    if ringed:
        rubber.line(_ellipse(room - 0.4, room - 0.4), 0.35)
        tags.add("inner ring")
        room -= 0.9
    star = min(room * 0.62, radius * rng.uniform(0.28, 0.36))
    if not ringed and rng.random() < 0.45:
        line, y = rng.choice(names.CENTRES), radius * rng.uniform(0.40, 0.50)
        half = math.sqrt(max(0.0, min(room + (0 if code or english else tall * 0.2), outer) ** 2 - y**2))
        if 1.7 * half > LEAST_PITCH * len(line):
            centre = line
            tags.add("centre")
            _line(rubber, rng, centre, cut, y, min(radius * 0.2, 4.6), 1.7 * half)
    if rng.random() < 0.94 or not centre:
        rubber.area(_star(star, 0, -0.04 * radius if centre else 0.0))
    engraved = Engraved(text, centre, code, english)
    return Plate("round", engraved, rubber.relief, _ellipse(radius, radius), 2 * radius, frozenset(tags))


def _oval(rng: Random) -> Plate:
    a, b = rng.choice(((20.0, 15.0), (22.5, 15.0), (20.0, 14.0), (25.0, 17.5), (15.0, 11.0)))
    tags: set[str] = set()
    rubber = _Rubber(a, b)
    depth = _ring(rubber, rng, a, b, tags)
    cut = cut_of(rng)
    text = names.body(rng, 16)
    outer = (a - depth - 0.7, b - depth - 0.7)
    tall = _name_arc(rubber, rng, text, cut, outer, 205, b * rng.uniform(0.29, 0.40), tags)
    centre = number = ""
    way = rng.random()
    if way < 0.5:
        centre = rng.choice(names.OVAL_CENTRES)
        tags |= {"centre", "middle line"}
        _line(rubber, rng, centre, cut, b * rng.uniform(0.08, 0.3), b * 0.22, 1.55 * (outer[0] - tall))
    elif way < 0.8:
        centre, number = rng.choice(names.OVAL_CENTRES), names.number(rng)
        tags |= {"centre", "number"}
        _line(rubber, rng, number, Cut(faces.HEI, 0.01), b * 0.06, b * 0.15, 1.6 * (outer[0] - tall), 0.6)
        _line(rubber, rng, centre, cut, b * 0.52, b * 0.2, 1.15 * outer[0])
    else:
        rubber.area(_star(b * 0.26, 0, b * 0.12))
    engraved = Engraved(text, centre, number=number)
    return Plate("oval", engraved, rubber.relief, _ellipse(a, b), 2 * a, frozenset(tags))


# ------------------------------------------------------------------------------------------------ frames


def _columns(rubber: _Rubber, rng: Random, columns: Sequence[str], cut: Cut, half: tuple[float, float]) -> None:
    """Columns from the right, filling the frame."""
    wide = 2 * half[0] / len(columns)
    for number, column in enumerate(columns):
        high = 2 * half[1] / len(column)
        for row, character in enumerate(column):
            at = (half[0] - wide * (number + 0.5), -half[1] + high * (row + 0.5))
            rubber.letter(character, cut, at, (wide * 0.86, high * 0.88), 0, rng)


def _rows(rubber: _Rubber, rng: Random, rows: Sequence[str], cut: Cut, half: tuple[float, float]) -> None:
    high = 2 * half[1] / len(rows)
    for number, row in enumerate(rows):
        wide = 2 * half[0] / len(row)
        for column, character in enumerate(row):
            at = (-half[0] + wide * (column + 0.5), -half[1] + high * (number + 0.5))
            rubber.letter(character, cut, at, (min(wide * 0.88, high), high * 0.8), 0, rng)


def _folded(text: str, parts: int) -> tuple[str, ...]:
    """Nearly equal parts, the longer ones first."""
    each, more = divmod(len(text), parts)
    cuts = [0]
    for part in range(parts):
        cuts.append(cuts[-1] + each + (part < more))
    return tuple(text[a:b] for a, b in pairwise(cuts))


def _square(rng: Random) -> Plate:
    half = rng.choice((11.0, 14.0, 17.5, 20.0))
    tags: set[str] = set()
    text = names.body(rng, 10) + rng.choice(("", "印", "之印", "之章"))
    text = text if len(text) > 5 else text + "之印"
    rubber = _Rubber(half, half)
    width = rng.uniform(0.8, 2.2)
    edge = rubber.frame(half, half, width, rng.choice((0.0, 0.0, 1.2, 2.5)))
    if rng.random() < 0.2:
        rubber.frame(half - width - 0.6, half - width - 0.6, 0.3, 0.0)
        width += 1.0
        tags.add("double ring")
    parts = 2 if len(text) <= 6 else 3 if len(text) <= 10 else 4
    cut = Cut(rng.choice((faces.SONG, faces.KAI, faces.PEN)), round(rng.uniform(0.01, 0.03), 3))
    inner = (half - width - 0.8,) * 2
    if rng.random() < 0.75:
        _columns(rubber, rng, _folded(text, parts), cut, inner)
    else:
        _rows(rubber, rng, _folded(text, parts), cut, inner)
        tags.add("rows")
    return Plate("square", Engraved(text), rubber.relief, edge, 2 * half, frozenset(tags))


def _label(rng: Random) -> Plate:
    half = rng.choice(((30.0, 12.5), (25.0, 10.0), (22.5, 7.5), (20.0, 6.0), (29.0, 9.0)))
    rubber = _Rubber(*half)
    width = rng.uniform(0.6, 1.3)
    edge = rubber.frame(*half, width, rng.choice((0.0, 0.0, 1.5)))
    cut = cut_of(rng)
    inner = (half[0] - width - 1.2, half[1] - width - 0.9)
    if half[1] < 8:
        rows: tuple[str, ...] = (rng.choice((names.body(rng, 10), rng.choice(names.LABELS) + "章")),)
    else:
        rows = (names.body(rng, 14), rng.choice(names.CENTRES + names.LABELS))
    _rows(rubber, rng, rows, cut, inner)
    engraved = Engraved("".join(rows))
    return Plate("rectangle", engraved, rubber.relief, edge, 2 * half[0], frozenset({"rows"}))


def _triangle(rng: Random) -> Plate:
    side = rng.uniform(32, 50)
    high = side * math.sqrt(3) / 2 * rng.choice((1.0, 1.0, 0.85))
    edge = np.array([[0, -high / 2], [side / 2, high / 2], [-side / 2, high / 2]])
    rubber = _Rubber(side / 2, high / 2)
    rubber.line(edge, rng.uniform(0.8, 1.5))
    cut = cut_of(rng)
    top, bottom = rng.choice(names.LABELS[:4]), names.body(rng, 10)
    size = high * 0.16
    _line(rubber, rng, top, cut, high * 0.02, size, side * 0.34)
    _line(rubber, rng, bottom, cut, high * 0.30, size * 0.85, side * 0.66)
    return Plate("triangle", Engraved(top + bottom), rubber.relief, edge, side, frozenset({"rows"}))


def _diamond(rng: Random) -> Plate:
    w, h = rng.choice(((20.0, 14.0), (17.0, 17.0), (24.0, 15.0)))
    edge = np.array([[0, -h], [w, 0], [0, h], [-w, 0]], float)
    rubber = _Rubber(w, h)
    rubber.line(edge, rng.uniform(0.7, 1.3))
    cut = cut_of(rng)
    text, label = names.body(rng, 9), rng.choice(names.LABELS[:6])
    size = min(4.6, h * 0.26)
    _line(rubber, rng, text, cut, -size * 0.62, size, 2 * w * 0.60)
    _line(rubber, rng, label, cut, size * 0.75, size, 2 * w * 0.46)
    return Plate("diamond", Engraved(text + label), rubber.relief, edge, 2 * max(w, h), frozenset({"rows"}))


def _chop(rng: Random) -> Plate:
    """A person's seal: 朱文 (characters print) or 白文 (they stay bare)."""
    half = rng.uniform(5.0, 10.0)
    text = names.person(rng)
    tags: set[str] = set()
    cut = Cut(rng.choice((faces.KAI, faces.PEN, faces.SONG, faces.HEI)), round(rng.uniform(0.01, 0.035), 3))
    rubber = _Rubber(half, half)
    corner = rng.choice((0.0, 0.4, 1.0))
    edge = _rectangle(half, half, corner)
    white = rng.random() < 0.3
    width = rng.uniform(0.5, 1.1)
    text += {2: rng.choice(("印", "之印")), 3: rng.choice(("印", ""))}[len(text)]
    columns = {4: (text[:2], text[2:]), 3: (text[:1], text[1:])}[len(text)]
    if white:
        tags.add("white")
    else:
        rubber.frame(half, half, width, corner)
    _columns(rubber, rng, columns, cut, (half - width - 0.4,) * 2)
    if white:
        solid = np.zeros_like(rubber.relief)
        cv2.fillPoly(solid, [rubber.points(edge)], 255, cv2.LINE_AA, 4)
        rubber.relief = cv2.subtract(solid, rubber.relief)
    return Plate("chop", Engraved(text), rubber.relief, edge, 2 * half, frozenset(tags))
