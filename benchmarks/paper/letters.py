"""How an engraver, or a seal's software, makes letters of a face, and sets them on a plate."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np

from benchmarks.paper.faces import EM, MARGIN, glyph, has
from benchmarks.paper.fields import Floats, clouds, grid, rise

_STYLES = {
    "song": (58, ("uming", "gbsn", "cns sung")),
    "hei": (14, ("zenhei", "microhei")),
    "kai": (10, ("gkai", "cns kai")),
    "wenkai": (6, ("wenkai bold", "wenkai")),
    "fang": (12, ("uming", "gbsn", "wenkai light", "cns kai")),
}  # style → weight, faces; 仿宋 is slanted from a thin face
_FALLBACK = "zenhei"
_BOLD = ("zenhei", "wenkai bold")
_NARROW = "一二三小工上下十"  # keep room of their em box
_FLAT = "一二"


@dataclass(frozen=True, slots=True)
class Hand:
    """across, down: pixels of the em by which strokes grow (or shrink) in width and height. soft: of corners, pixels.

    tight: 0 where a letter fills its place with its ink, 1 with its em box. slant, climb: shear of uprights, of level
    strokes. bent: whether letters are wedges of the ring. shaky: pixels of the em. uneven: part of a letter's size.
    """

    face: str
    across: float
    down: float
    soft: float
    tight: float
    slant: float
    climb: float
    bent: bool
    shaky: float
    uneven: float

    @classmethod
    def drawn(cls, rng: Random, text: str) -> Hand:
        """A hand whose face has the text."""
        style = rng.choices(list(_STYLES), [weight for weight, _ in _STYLES.values()])[0]
        faces = [face for face in _STYLES[style][1] if has(face, text)] or [_FALLBACK]
        face = rng.choice(faces)
        if style == "song":
            across, down = rng.uniform(0, 9), rng.uniform(1, 7)
        elif style == "hei":
            across, down = rng.uniform(-5, 4), rng.uniform(-5, 2)
        elif style == "fang":
            across, down = rng.uniform(0, 5), rng.uniform(0, 5)
        else:
            across, down = rng.uniform(-2, 6), rng.uniform(-2, 5)
        if face in _BOLD:
            across = min(across, 3)
        soft = rng.uniform(0.5, 3.5)
        tight = 0.5 if style == "fang" else rng.choice([0, 0.3, 0.6, 0.85])
        slant = rng.gauss(0, 0.03) if rng.random() < 0.3 else 0
        climb = 0.0
        if style == "fang":
            climb = rng.uniform(0.03, 0.1)
        elif rng.random() < 0.3:
            climb = rng.gauss(0, 0.02)
        bent = rng.random() < 0.35
        shaky = rng.choice([0, 0, 0.6, 1.2, 2.2])
        return cls(face, across, down, soft, tight, slant, climb, bent, shaky, rng.choice([0, 0.01, 0.025, 0.05]))

    def upright(self, face: str, across: float, down: float, tight: float) -> Hand:
        """The hand with another face for digits, without slant and even."""
        return replace(self, face=face, across=across, down=down, tight=tight, slant=0, climb=0, uneven=0)

    def letter(self, noise: np.random.Generator, character: str) -> Floats:
        """The character's ink, 0 to 1, as large as the place it is to fill."""
        ink, (left, top, right, bottom) = glyph(self.face, character)
        tight = 0.88 if character.isascii() else self.tight
        wide = tight * (0.5 if character in _NARROW else 1.0)
        high = wide * (0.3 if character in _FLAT else 1)
        begin, end = MARGIN, MARGIN + EM
        x0, x1 = begin + (left - begin) * wide, end + (right - end) * wide
        y0, y1 = begin + (top - begin) * high, end + (bottom - end) * high
        field: Floats = np.asarray(ink, np.float32) / np.float32(255)
        if self.shaky:
            rows, columns = field.shape
            shift_x = clouds(noise, rows, columns, 40) * self.shaky
            shift_y = clouds(noise, rows, columns, 40) * self.shaky
            x, y = grid(rows, columns)
            field = cv2.remap(field, x + shift_x, y + shift_y, cv2.INTER_LINEAR)
        for growth, level in ((self.across, True), (self.down, False)):
            by = round(abs(growth))
            if by >= 1:
                kernel = np.ones((1, by + 1) if level else (by + 1, 1), np.uint8)
                field = cv2.dilate(field, kernel) if growth > 0 else cv2.erode(field, kernel)
        if self.soft > 0.8:
            field = rise(cv2.GaussianBlur(field, (0, 0), self.soft), 0.3, 0.7)
        rim = 3
        shift = np.array([[1, 0, -x0 + rim], [0, 1, -y0 + rim]], np.float32)
        size = (int(x1 - x0 + 2 * rim), int(y1 - y0 + 2 * rim))
        return np.asarray(cv2.warpAffine(field, shift, size), np.float32)


def put(
    relief: Floats,
    letter: Floats,
    centre: tuple[float, float],
    turn: float,
    size: tuple[float, float],
    hand: Hand,
    radius: float = 0.0,
) -> None:
    """Set a letter on the relief. centre, size (width, height), radius: pixels; turn: radians clockwise.

    radius: of the ring through the letter's middle, for letters that are wedges; 0 for stiff ones.
    """
    wide, high = size
    reach = math.hypot(wide, high) / 2 + 3
    x0, y0 = max(0, int(centre[0] - reach)), max(0, int(centre[1] - reach))
    x1 = min(relief.shape[1], int(centre[0] + reach) + 2)
    y1 = min(relief.shape[0], int(centre[1] + reach) + 2)
    if x1 <= x0 or y1 <= y0:
        return
    x, y = np.meshgrid(np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32))
    x, y = x - centre[0], y - centre[1]
    cosine, sine = math.cos(turn), math.sin(turn)
    u, v = x * cosine + y * sine, -x * sine + y * cosine
    if radius > 0:
        distance = np.hypot(u, radius - v)
        u, v = np.arctan2(u, np.maximum(radius - v, 1e-3)) * radius, radius - distance
    if hand.slant:
        u = u + v * hand.slant
    if hand.climb:
        v = v + u * hand.climb
    rows, columns = letter.shape
    shrunk = columns / wide
    if shrunk > 1.6:
        letter = cv2.GaussianBlur(letter, (0, 0), 0.35 * shrunk)
    at_x, at_y = (u / wide + 0.5) * columns - 0.5, (v / high + 0.5) * rows - 0.5
    seen = cv2.remap(letter, at_x.astype(np.float32), at_y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    np.maximum(relief[y0:y1, x0:x1], seen, out=relief[y0:y1, x0:x1])


def width_of(text: str) -> float:
    """Ems of a line in which ASCII is narrow."""
    return sum(0.55 if character.isascii() else 1.0 for character in text)


def line(
    relief: Floats,
    rng: Random,
    noise: np.random.Generator,
    text: str,
    centre: tuple[float, float],
    size: tuple[float, float],
    hand: Hand,
    gap: float = 0.08,
) -> None:
    """A straight line of text. centre, size: pixels; gap: between letters, part of their widths."""
    wide, high = size
    total = width_of(text)
    x = centre[0] - wide / 2
    for character in text:
        room = wide * width_of(character) / total
        letter = hand.letter(noise, character)
        y = centre[1] + rng.gauss(0, hand.uneven) * high
        put(relief, letter, (x + room / 2, y), rng.gauss(0, hand.uneven * 0.5), (room * (1 - gap), high), hand)
        x += room
