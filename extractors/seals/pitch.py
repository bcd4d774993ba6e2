"""Where a row of equal cells stands along a profile of ink: the pitch and the place that fit best together.

Engravers set a code's digits at equal distances. So all of them tell where one stands that is worn, hidden or tied to
its neighbour, and what beside the row is none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

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
    edge = int(broadest) + 2
    pitches, begins, at = _rows(length, count, narrowest, broadest, edge)
    if not len(pitches):
        return None
    strong = float(np.percentile(profile, 75)) + 1e-6
    profile = np.minimum(profile, 1.2 * np.percentile(profile, 90))
    wide = np.pad(profile, edge)
    smooth = np.convolve(wide, np.ones(3) / 3, mode="same")
    sums = np.concatenate([[0], np.cumsum(wide)])
    cells = np.diff(sums[at], axis=1) / pitches[:, None]
    usual = np.partition(cells, count // 2, axis=1)[:, count // 2] + 1e-6
    cell = np.maximum(2, np.rint(pitches).astype(np.intp))
    before = sums[at[:, 0]] - sums[at[:, 0] - cell]
    behind = sums[at[:, -1] + cell] - sums[at[:, -1]]
    beside = np.minimum(1, before / cell / usual) + np.minimum(1, behind / cell / usual)
    filled = np.sqrt(np.clip(cells / usual[:, None], 0, 1)).mean(axis=1)
    between = np.minimum(smooth[at] / usual[:, None], 1.5).mean(axis=1)
    aside = np.minimum(1, ((begins + count * pitches / 2 - length / 2) / pitches) ** 2)
    scores = (filled - _BETWEEN * between - _BESIDE * beside) * np.minimum(1, usual / strong) - _ASIDE * aside
    place = int(scores.argmax())
    return Cells(float(scores[place]), float(begins[place]), float(pitches[place]))


@lru_cache(maxsize=1)  # a ring's rows are as long as another's
def _rows(
    length: int, count: int, narrowest: float, broadest: float, edge: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.intp]]:
    """Of each row that there is room for the pitch, where it begins, and its cells' ends in a profile with an edge."""
    most = min(broadest, (length + 2) / count)
    steps = int(np.log(max(1.0, most / narrowest)) / np.log(_STEP)) + 1
    each = [pitch for pitch in (narrowest * _STEP ** np.arange(steps)).tolist() if pitch <= most]
    starts = [np.arange(-1, length - count * pitch + 1.01, max(1.0, pitch / _SHIFT)) for pitch in each]
    pitches = np.repeat(each, [len(one) for one in starts])
    begins = np.concatenate([np.zeros(0), *starts])
    at = np.rint(begins[:, None] + pitches[:, None] * np.arange(count + 1) + edge).astype(np.intp)
    return pitches, begins, at
