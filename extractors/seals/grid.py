"""What stands in a frame (a square seal, a label, a chop), laid side by side: its rows, or its columns' characters.

How many columns there are, and how many characters each has, is told by straight lines between them: an engraver
divides the room evenly, and where lines that divide it evenly meet little ink, they are likely his. Where two ways to
divide are about as likely, both are told; what reads better is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster
from extractors.ocr.pieces import pieces
from extractors.seals.bands import runs
from extractors.seals.strips import STRIP, squeezed
from extractors.seals.unroll import FAINT, Floats

_MOST = 6  # columns, rows, characters of a column
_SLACK = 0.18  # of a part's length: how far a dividing line may stand from its even place
_INKED = 0.3  # of the usual ink: a line that meets more divides nothing
_EACH = 0.06  # what a further dividing line is worth
_SHAPE = 0.12  # what it costs that a character is twice as high as wide, or as wide as high
_NEAR = 0.2  # of two ways that cost this little apart both are told
_TALLEST = 2.4  # a character's height to its width, or its width to its height
_LABEL = 1.8  # a frame this much wider than high has rows
_MARGIN = 3  # pixels around a character in the strip
_NARROWEST, _BROADEST = 0.6, 1.5  # width to height of a character in the strip


def by_rows(picture: Floats) -> tuple[Raster, ...]:
    """Its rows, the upper first. picture: ink 1, the frame gone."""
    strips = (_side_by_side([picture[a:b]], cells=False) for a, b in _rows_of(picture))
    return tuple(strip for strip in strips if strip is not None)


def by_columns(picture: Floats) -> Iterator[tuple[int, Raster]]:
    """Its characters side by side, down each column, the right one first; at most three ways to divide it.

    Each with how many characters that way makes.
    """
    inside = _bare(picture)
    if inside is None or inside.shape[1] > _LABEL * inside.shape[0]:
        return
    told = 0
    for cuts in _ways((inside > FAINT).mean(axis=0), 1, _MOST, None)[:2]:
        columns = [column for a, b in reversed(cuts) if (column := _bare(inside[:, a:b])) is not None]
        for cells in _divided(columns)[: 3 - told]:
            strip = _side_by_side(cells, cells=True)
            if len(cells) > 1 and strip is not None:
                told += 1
                yield len(cells), strip


def _divided(columns: Sequence[Floats]) -> list[list[Floats]]:
    """The characters of all columns; and once more with the one column that is least sure divided otherwise."""
    ways = []
    for column in columns:
        high, wide = column.shape
        few, many = max(1, round(high / wide / _TALLEST)), min(_MOST, max(1, int(high / wide * _TALLEST)))
        ways.append(_ways((column > FAINT).mean(axis=1), few, many, high / wide) or [[(0, high)]])
    first = [column[a:b] for column, way in zip(columns, ways, strict=True) for a, b in way[0]]
    made = [first]
    for doubtful, way in enumerate(ways):
        if len(way) > 1:
            made.append(
                [
                    column[a:b]
                    for number, column in enumerate(columns)
                    for a, b in ways[number][1 if number == doubtful else 0]
                ]
            )
    return made


def _ways(profile: NDArray[np.float64], few: int, many: int, tall: float | None) -> list[list[tuple[int, int]]]:
    """The likeliest ways to divide the profile evenly, at most two; each as its parts.

    tall: what one part that takes all of it would be high, to its width; None where a part's shape tells nothing.
    """
    usual = float(profile.mean())
    smooth = np.convolve(profile, np.ones(3) / 3, mode="same")
    rated: list[tuple[float, list[tuple[int, int]]]] = []
    for count in range(few, many + 1):
        pitch = len(profile) / count
        if pitch < 6:
            break
        places, worst = [0], 0.0
        for line in range(1, count):
            low = max(places[-1] + 1, round((line - _SLACK) * pitch))
            high = max(low + 1, round((line + _SLACK) * pitch) + 1)
            least = float(smooth[low:high].min())
            places.append(low + int(np.flatnonzero(smooth[low:high] <= least + 1e-6).mean()))
            worst = max(worst, least / max(usual, 1e-6))
        if worst > _INKED:
            continue
        shape = 0.0 if tall is None else _SHAPE * abs(float(np.log2(tall / count)))
        places.append(len(profile))
        rated.append((worst - _EACH * (count - 1) + shape, list(pairwise(places))))
    rated.sort(key=lambda one: one[0])
    return [cuts for cost, cuts in rated if cost < rated[0][0] + _NEAR][:2]


def _rows_of(picture: Floats) -> list[tuple[int, int]]:
    """Runs of inked rows; thin ones (parts of 三, 二 ...) join their neighbour. At most eight."""
    profile = np.convolve((picture > FAINT).mean(axis=1), np.ones(3) / 3, mode="same")
    inked = [(a, b) for a, b in runs(profile > 0.02) if b - a > 2]
    tall = max((b - a for a, b in inked), default=0)
    joined: list[tuple[int, int]] = []
    for a, b in inked:
        if joined and b - joined[-1][0] <= 1.12 * tall:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return [(a, b) for a, b in joined if b - a > 0.3 * tall][:8]


def without_frame(picture: Floats) -> Floats:
    """The inside of the frame: from each side, past its lines and what hangs on them."""
    rows, columns = picture.shape
    ink = picture > FAINT
    reach = max(3, round(0.16 * rows))

    def past(cover: NDArray[np.float64]) -> int:
        part = cover[: max(2, len(cover) // 2)]
        lines = np.flatnonzero(part > 0.55)
        if not len(lines):
            return 2
        # A second line may follow the first.
        end = int(np.flatnonzero(part > 0.8)[-1]) if (part > 0.8).any() else int(lines[0])
        while end < len(cover) and cover[end] > 0.4:
            end += 1
        return end + 1

    top, bottom = past(ink[:reach].mean(axis=1)), past(ink[::-1][:reach].mean(axis=1))
    left, right = past(ink[:, :reach].mean(axis=0)), past(ink[:, ::-1][:, :reach].mean(axis=0))
    inside = picture[top : rows - bottom, left : columns - right].copy()
    labels, stats = pieces((inside > FAINT).astype(np.uint8))
    high, wide = inside.shape
    for index in range(1, len(stats)):
        x, y, w, h, _ = stats[index].tolist()
        at_edge = x == 0 or y == 0 or x + w == wide or y + h == high
        if at_edge and (min(w, h) < 0.05 * rows or max(w / wide, h / high) > 0.9):
            inside[labels == index] = 0
    return inside


def _bare(picture: Floats) -> Floats | None:
    """The part that has ink, None where there is none."""
    ink = picture > FAINT
    rows, columns = np.flatnonzero(ink.sum(axis=1) > 1), np.flatnonzero(ink.sum(axis=0) > 1)
    if not len(rows) or not len(columns):
        return None
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _side_by_side(parts: Sequence[Floats], *, cells: bool) -> Raster | None:
    """Parts of a strip, each as high as the strip. cells: each is one character, cut to its ink, of usual shape."""
    flat: list[Floats] = []
    high = STRIP - 2 * _MARGIN
    for part in parts:
        bare = _bare(part)
        if bare is None or min(bare.shape) < 2:
            continue
        if cells:
            # 一 stays flat.
            wide = round(high * float(np.clip(bare.shape[1] / bare.shape[0], _NARROWEST, _BROADEST)))
            if bare.shape[0] < 0.4 * bare.shape[1]:
                bare = part[:, np.flatnonzero((part > FAINT).any(axis=0))]
        else:
            bare = part[:, np.flatnonzero((part > FAINT).any(axis=0))[0] :]
            bare = bare[:, : np.flatnonzero((bare > FAINT).any(axis=0))[-1] + 1]
            wide = int(np.clip(bare.shape[1] * high / bare.shape[0], 8, 1500))
        drawn = cv2.resize(bare, (wide, high), interpolation=cv2.INTER_CUBIC)
        drawn = drawn if cells else squeezed(drawn)
        flat.append(np.pad(drawn, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN))))
    if not flat:
        return None
    picture = np.pad(np.hstack(flat), ((0, 0), (8, 8)))[:, :2400]
    return np.asarray(255 * (1 - np.clip(picture, 0, 1)), np.uint8)
