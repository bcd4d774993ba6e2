"""Frames as engravers cut them: squares and labels, persons' seals, triangles and diamonds; rows, or columns."""

from __future__ import annotations

import math
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.seal_text.faces import Cut, glyph
from scripts.seal_text.plate import AXIS, SIDE, Plate, Points, Relief, put
from scripts.seal_text.words import Words

_HALF = 0.9 * AXIS  # pixels: half of a frame's longer side


def frame_plate(lot: Random, texts: Words, cut: Cut) -> Plate:
    """A square, a label or a person's seal of rows or columns of characters, or rows in a triangle or a diamond."""
    way = lot.random()
    if way < 0.14:
        return _pointed(lot, texts, cut)
    if way < 0.36:
        return _label(lot, texts, cut)
    text = texts.square(lot)
    parts = _folded(lot, text, max(1, round(math.sqrt(len(text)) + lot.uniform(-0.45, 0.45))))
    half = (_HALF, _HALF * lot.uniform(0.85, 1.0))
    return _grid(lot, parts, cut, half, down=lot.random() < 0.72, bare=lot.random() < 0.2)


def _label(lot: Random, texts: Words, cut: Cut) -> Plate:
    """Rows that are wider than high, or one column that is higher than wide."""
    text = texts.square(lot)
    if len(text) < 5 and lot.random() < 0.3:
        return _grid(lot, [text], cut, (_HALF * lot.uniform(0.3, 0.5), _HALF), down=True, bare=False)
    rows = 1 if len(text) <= 8 else lot.choice((2, 2, 3))
    high = _HALF * lot.uniform(0.2, 0.32) * (1.0 if rows == 1 else 1.5)
    return _grid(lot, _folded(lot, text, rows), cut, (_HALF, high), down=False, bare=False)


def _folded(lot: Random, text: str, parts: int) -> list[str]:
    """The text in parts of nearly the same length, the first ones or the last ones longer."""
    each, more = divmod(len(text), min(parts, len(text)))
    counts = [each + (place < more) for place in range(min(parts, len(text)))]
    if lot.random() < 0.5:
        counts.reverse()
    ends = np.cumsum(counts).tolist()
    return [text[end - count : end] for end, count in zip(ends, counts, strict=True)]


def _grid(lot: Random, parts: list[str], cut: Cut, half: tuple[float, float], *, down: bool, bare: bool) -> Plate:
    """Parts as columns from the right (down), or as rows. half: of the frame's sides, pixels. bare: 白文."""
    relief = np.zeros((SIDE, SIDE), np.uint8)
    shorter = min(half)
    width = shorter * lot.choice((lot.uniform(0.03, 0.06), lot.uniform(0.06, 0.13)))
    corners = _rectangle(*half)
    if not bare:
        _line(relief, corners, width)
        if lot.random() < 0.12:
            _line(relief, _rectangle(*(side - 1.8 * width for side in half)), 0.3 * width)
            width *= 2.1
    edge = width + shorter * lot.uniform(0.02, 0.1)
    across, along = (2 * (side - edge) for side in (half if down else half[::-1]))
    room = across / len(parts)
    fills = lot.uniform(0.8, 0.98)
    pitch = float(AXIS)
    for number, part in enumerate(parts):
        off = (number + 0.5) * room - across / 2
        step = min(along / len(part), lot.choice((1.6, 2.4)) * room)
        pitch = min(pitch, room, step)
        for place, character in enumerate(part):
            at = (place + 0.5 - len(part) / 2) * step
            x, y = (-off, at) if down else (at, off)
            wide, high = (room, step) if down else (step, room)
            fill = fills + lot.gauss(0, 0.02)
            put(relief, glyph(character, cut), SIDE / 2 + x, SIDE / 2 + y, wide * fill, high * fill, lot.gauss(0, 1.0))
    if bare:
        field = np.zeros_like(relief)
        cv2.fillPoly(field, [_on(corners)], 255, cv2.LINE_AA, 4)
        relief = cv2.subtract(field, relief)
    even = len({len(part) for part in parts}) == 1
    other = ["".join(letters) for letters in zip(*(parts[::-1] if down else parts), strict=True)] if even else []
    rows, columns = (other, parts) if down else (parts, other[::-1])
    return Plate(relief, *half, pitch=pitch, corners=corners, rows=tuple(rows), columns=tuple(columns), bare=bare)


def _pointed(lot: Random, texts: Words, cut: Cut) -> Plate:
    """Two or three rows in a triangle, or across the middle of a diamond."""
    relief = np.zeros((SIDE, SIDE), np.uint8)
    text = texts.square(lot)
    rows = _folded(lot, text, 2 if len(text) < 9 else lot.choice((2, 3)))
    if lot.random() < 0.5:
        high = _HALF * lot.uniform(0.75, 0.9)
        corners: Points = ((0.0, -high), (_HALF, high), (-_HALF, high))
        top, bottom = high * lot.uniform(-0.25, 0.0), high * lot.uniform(0.7, 0.9)
    else:
        high = _HALF * lot.uniform(0.6, 1.0)
        corners = ((0.0, -high), (_HALF, 0.0), (0.0, high), (-_HALF, 0.0))
        bottom = high * lot.uniform(0.3, 0.5)
        top = -bottom
    _line(relief, corners, _HALF * lot.uniform(0.03, 0.07))
    pitch, tall = float(AXIS), (bottom - top) / len(rows)
    for number, row in enumerate(rows):
        y = top + (number + 0.5) * tall
        reach = abs(y) + tall / 2
        # Half of what is free at the row's nearer end to the tip.
        free = _HALF * (1 - reach / high) if len(corners) == 4 else _HALF * (y - tall / 2 + high) / (2 * high)
        step = min(1.7 * free / len(row), 1.2 * tall)
        pitch = min(pitch, step)
        for place, character in enumerate(row):
            x = (place + 0.5 - len(row) / 2) * step
            put(relief, glyph(character, cut), SIDE / 2 + x, SIDE / 2 + y, step * 0.9, tall * 0.85, lot.gauss(0, 0.8))
    return Plate(relief, _HALF, high, pitch=pitch, corners=corners, rows=tuple(rows))


def _rectangle(wide: float, high: float) -> Points:
    return ((-wide, -high), (wide, -high), (wide, high), (-wide, high))


def _on(corners: Points) -> NDArray[np.int32]:
    return np.round((np.array(corners) + SIDE / 2) * 16).astype(np.int32)


def _line(relief: Relief, corners: Points, width: float) -> None:
    """Along the inside of the corners."""
    inside = np.zeros_like(relief)
    cv2.fillPoly(inside, [_on(corners)], 255, cv2.LINE_AA, 4)
    deep = cv2.distanceTransform((inside > 127).astype(np.uint8), cv2.DIST_L2, 3)
    np.maximum(relief, np.where(deep <= width, inside, 0), out=relief)
