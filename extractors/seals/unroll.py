"""An impression laid flat: the polar picture of its ring, its middle upright.

`Ring`, a polar picture: columns go clockwise once around from the page's left (9 o'clock), rows go from just outside
the ring towards the centre. For an oval the columns are equal lengths of its edge and the rows run along its normals,
because that is how the engraver placed the characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealShape
from extractors.seals.outline import Outline

Floats = NDArray[np.float32]

COLUMNS = 1024  # of the polar picture: once around
ROWS = 128
OUTSIDE = 0.05  # depth above the edge at which the first row lies, in units of the shorter semi-axis
INSIDE = 0.60  # depth of the last row
FAINT = 0.35  # of the full ink: below this a pixel counts as paper


@dataclass(frozen=True, slots=True)
class Impression:
    """The signals of one impression, cut out of the page, each 0 to 1.

    origin: x, y of the cutting's first pixel on the page. crossed: another seal lies across it. bold: of black ink
    among print that has thinner strokes than the seal, the first signal without what is as thin as print.
    """

    outline: Outline
    origin: tuple[int, int]
    signals: tuple[Floats, ...]
    crossed: bool = False
    bold: Floats | None = None


def row_at(depth: float) -> int:
    return round((depth + OUTSIDE) / (INSIDE + OUTSIDE) * (ROWS - 1))


def edge_offset(ring: Floats) -> Floats:
    """How far the ring's outer edge lies inside of the outline at each column, as a depth.

    An outline is an ellipse; a bent sheet, a lens or a wrong fit leaves a smooth error, so only the lowest harmonics
    of the edge are believed.
    """
    top = np.asarray(ring[: row_at(0.12)] > 0.5)
    seen = np.asarray(top.any(axis=0))
    if seen.mean() < 0.4:
        return np.zeros(COLUMNS, np.float32)
    rows = top.argmax(axis=0).astype(np.float64)
    fit = smooth_course(rows, seen, float(np.median(rows[seen])), (8.0, 2.5, 2.5))
    if fit is None:
        return np.zeros(COLUMNS, np.float32)
    limit = row_at(0.06) - row_at(0)
    fit = np.clip(fit - row_at(0), -limit, limit)
    return np.asarray(fit * ((INSIDE + OUTSIDE) / (ROWS - 1)), np.float32)


def smooth_course(
    rows: NDArray[np.float64], seen: NDArray[np.bool_], start: float, near: Sequence[float]
) -> NDArray[np.float64] | None:
    """The row at each column of a line around, of its lowest harmonics; None where fewer than a quarter lie on it.

    rows: of the columns where it was `seen`. start: its row about. near: how far from the course before a row may be
    to count, for each fit.
    """
    t = np.arange(COLUMNS) * (2 * np.pi / COLUMNS)
    waves = np.column_stack([np.ones(COLUMNS), *(wave(k * t) for k in (1, 2, 3) for wave in (np.cos, np.sin))])
    fit = np.full(COLUMNS, start)
    for reach in near:
        used = seen & (np.abs(rows - fit) < reach)
        if used.sum() < COLUMNS // 4:
            return None
        weights, *_ = np.linalg.lstsq(waves[used], rows[used], rcond=None)
        fit = waves @ weights
    return np.asarray(fit)


def ring_of(impression: Impression, signal: Floats, offset: Floats | None = None) -> Floats:
    """The polar picture of one signal: ROWS × COLUMNS, 0 to 1. offset: from `edge_offset`."""
    outline = impression.outline
    x, y = _edge(outline)
    a, b = outline.half_width, outline.half_height
    depth = np.linspace(-OUTSIDE, INSIDE, ROWS, dtype=np.float32)[:, None]
    if offset is not None:
        depth = depth + offset[None]
    if outline.shape is SealShape.OVAL:
        nx, ny = x / a**2, y / b**2
        norm = np.hypot(nx, ny)
        u = x[None] - depth * b * (nx / norm)[None]
        v = y[None] - depth * b * (ny / norm)[None]
    else:
        u, v = x[None] * (1 - depth), y[None] * (1 - depth)
    return sampled(impression, signal, u, v)


def _edge(outline: Outline) -> tuple[Floats, Floats]:
    """Points of the edge, one for each column: in the outline's own axes, relative to its centre."""
    a, b = outline.half_width, outline.half_height
    turn = np.radians(outline.turn)
    if outline.shape is SealShape.OVAL:
        t = np.linspace(0, 2 * np.pi, 2049)
        lengths = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(a * np.cos(t)), np.diff(b * np.sin(t))))])
        t = np.interp(np.linspace(0, lengths[-1], COLUMNS, endpoint=False), lengths, t) + np.pi
    else:
        # A circle seen askew is stretched back without turning it: equal angles on the upright circle.
        t = np.linspace(0, 2 * np.pi, COLUMNS, endpoint=False) + np.pi - turn
    return (a * np.cos(t)).astype(np.float32), (b * np.sin(t)).astype(np.float32)


def sampled(impression: Impression, signal: Floats, u: Floats, v: Floats) -> Floats:
    """The signal at points given in the outline's own axes relative to its centre."""
    outline = impression.outline
    turn = np.radians(outline.turn)
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    x = outline.centre[0] + u * cos - v * sin - impression.origin[0]
    y = outline.centre[1] + u * sin + v * cos - impression.origin[1]
    return cv2.remap(signal, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)  # type: ignore[no-any-return]


def upright(impression: Impression, signal: Floats, angle: float, side: int) -> Floats:
    """The impression turned back by `angle` (degrees clockwise): side × side for round ones, else side wide.

    The outline just fills the picture. For ovals `angle` is that of the half_width axis, or its reverse.
    """
    outline = impression.outline
    if outline.shape is SealShape.ROUND:
        ys, xs = np.mgrid[0:side, 0:side].astype(np.float32)
        xs, ys = (xs + 0.5) * (2 / side) - 1, (ys + 0.5) * (2 / side) - 1
        back = np.radians(angle)
        cos, sin = np.float32(np.cos(back)), np.float32(np.sin(back))
        px, py = xs * cos - ys * sin, xs * sin + ys * cos
        # page direction on the unit circle → the outline's own axes
        turn = np.radians(outline.turn)
        cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        u, v = (px * cos + py * sin) * outline.half_width, (-px * sin + py * cos) * outline.half_height
        return sampled(impression, signal, u, v)
    if outline.corners:
        return _levelled_frame(impression, signal, angle, side)
    flip = -1.0 if abs((angle - outline.turn + 180) % 360 - 180) > 90 else 1.0
    rows = max(8, round(side * outline.half_height / outline.half_width))
    ys, xs = np.mgrid[0:rows, 0:side].astype(np.float32)
    u = ((xs + 0.5) * (2 / side) - 1) * np.float32(flip * outline.half_width)
    v = ((ys + 0.5) * (2 / rows) - 1) * np.float32(flip * outline.half_height)
    return sampled(impression, signal, u, v)


def _levelled_frame(impression: Impression, signal: Floats, angle: float, side: int) -> Floats:
    back = np.radians(angle)
    turned = np.array([[np.cos(back), np.sin(back)], [-np.sin(back), np.cos(back)]])
    corners = (np.array(impression.outline.corners) - impression.origin) @ turned.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide, tall = np.maximum(high - low, 1)
    rows = int(np.clip(round(side * tall / wide), 8, 4 * side))
    # From a pixel of the picture to one of the signal.
    matrix = np.column_stack([turned.T * ((wide / side), (tall / rows)), turned.T @ low])
    return np.asarray(
        cv2.warpAffine(signal, matrix, (side, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=0),
        np.float32,
    )
