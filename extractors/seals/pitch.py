"""Where a row of equal cells stands along a profile of ink: the pitch and the place that fit best together.

Engravers set a code's digits at equal distances. So all of them tell where one stands that is worn, hidden or tied to
its neighbour, and what beside the row is none of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STEP = 1.03  # from one pitch to the next
_SHIFT = 8  # places to a cell at which a row may begin
_BETWEEN = 0.8  # what ink between two cells costs, to that in a cell
_BESIDE = 0.15  # what a cell before or behind the row costs that is as full as one of its own
_ASIDE = 0.2  # what it costs that the row's middle is one cell or more beside that of the profile


@dataclass(frozen=True, slots=True)
class Cells:
    """score: up to 1, of cells as full as each other with bare paper between. begin, pitch: columns of the profile."""

    score: float
    begin: float
    pitch: float


def fitted(profile: NDArray[np.floating], count: int, narrowest: float, broadest: float) -> Cells | None:
    """The best row of `count` cells within the profile; None where there is no room for one. pitches: columns."""
    length = len(profile)
    strong = float(np.percentile(profile, 75)) + 1e-6
    profile = np.minimum(profile, 1.2 * np.percentile(profile, 90))
    edge = int(broadest) + 2
    wide = np.pad(profile, edge)
    smooth = np.convolve(wide, np.ones(3) / 3, mode="same")
    sums = np.concatenate([[0], np.cumsum(wide)])
    lines = np.arange(count + 1)
    best: Cells | None = None
    pitch = narrowest
    while pitch <= min(broadest, (length + 2) / count):
        begins = np.arange(-1, length - count * pitch + 1.01, max(1.0, pitch / _SHIFT))
        at = np.rint(begins[:, None] + pitch * lines + edge).astype(np.intp)
        cells = np.diff(sums[at], axis=1) / pitch
        usual = np.median(cells, axis=1)[:, None] + 1e-6
        cell = max(2, round(pitch))
        before = sums[at[:, 0]] - sums[at[:, 0] - cell]
        behind = sums[at[:, -1] + cell] - sums[at[:, -1]]
        beside = np.minimum(1, np.stack([before, behind], axis=1) / cell / usual).sum(axis=1)
        filled = np.sqrt(np.clip(cells / usual, 0, 1)).mean(axis=1)
        between = np.minimum(smooth[at] / usual, 1.5).mean(axis=1)
        aside = np.minimum(1, ((begins + count * pitch / 2 - length / 2) / pitch) ** 2)
        scores = (filled - _BETWEEN * between - _BESIDE * beside) * np.minimum(1, usual[:, 0] / strong) - _ASIDE * aside
        place = int(scores.argmax())
        if best is None or scores[place] > best.score:
            best = Cells(float(scores[place]), float(begins[place]), pitch)
        pitch *= _STEP
    return best
