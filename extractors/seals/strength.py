"""How strong an impression is over its area: a seal that was pressed on one side, or was dry there, is pale there.

A ring's line tells it, for all of the line took as much ink where it was pressed alike; what is within is as strong as
the line around.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.seals.outline import Outline
from extractors.seals.unroll import COLUMNS, Floats, smooth_course

AROUND = 360  # places of the edge that are asked for its ink
LEAST = 0.02  # of a signal that is ink on a ring's line
_ABOUT = (-0.04, 0.09)  # parts of the way from edge to centre between which a line is that an outline may miss a little
_SEEN = 0.4  # part of the way around on which the line must be seen
_NEAR = (2.0, 0.6, 0.4)  # logarithms of its strength, from its course about within which it counts
_WAVES, _GRID = 3, 64  # around the ring, of its strength; points across on which it is made out


def along_edge(density: Floats, outline: Outline, origin: tuple[int, int], line: tuple[float, float]) -> Floats:
    """Depths × AROUND, × channels where the density has them: what is seen of the ring's or the frame's line."""
    edge, centre = outline.edge(AROUND), np.asarray(outline.centre)
    depths = np.linspace(*line, 2 + round(100 * (line[1] - line[0])))[:, None, None]
    points = (centre + (edge - centre) * (1 - depths) - origin).astype(np.float32)
    return np.asarray(cv2.remap(density, points[..., 0], points[..., 1], cv2.INTER_LINEAR), np.float32)


def strength(signal: Floats, outline: Outline, origin: tuple[int, int]) -> Floats | None:
    """How strong a ring's impression is at each pixel: as strong as its line around, and smooth within it.

    All of the line took as much ink; a seal that was pressed on one side has less on the other. None for frames, and
    where the line is not seen or varies otherwise than smoothly.
    """
    if not outline.shape.is_ring:
        return None
    seen = along_edge(signal, outline, origin, _ABOUT).max(axis=0)
    seen = np.interp(np.arange(COLUMNS) * (AROUND / COLUMNS), np.arange(AROUND), seen, period=AROUND)
    inked = seen > LEAST
    if inked.mean() < _SEEN:
        return None
    logs = np.log(np.maximum(seen, LEAST))
    course = smooth_course(logs, inked, float(np.median(logs[inked])), _NEAR)
    if course is None:
        return None
    # Where another ink or a shadow hides the line, the course is no stronger nor weaker than where it is seen.
    followed = logs[inked & (np.abs(logs - course) < _NEAR[-1])]
    course = np.clip(course, followed.min(), followed.max())
    # The harmonic function with these values around: the smoothest.
    waves = np.fft.rfft(course)[: _WAVES + 1] * (2 / COLUMNS)
    waves[0] /= 2
    height, width = signal.shape
    along = (np.arange(_GRID) + 0.5) / _GRID
    dx = along * width - 0.5 + origin[0] - outline.centre[0]
    dy = (along * height - 0.5 + origin[1] - outline.centre[1])[:, None]
    cos, sin = np.cos(np.radians(outline.turn)), np.sin(np.radians(outline.turn))
    place = (dx * cos + dy * sin) / outline.half_width + 1j * (dy * cos - dx * sin) / outline.half_height
    field = np.polynomial.polynomial.polyval(place / np.maximum(1.0, np.abs(place)), waves).real
    return np.asarray(cv2.resize(np.exp(field).astype(np.float32), (width, height)), np.float32)
