"""What stands in a frame (a square seal, a label, a chop), laid side by side: its rows, or its columns' characters.

How many columns there are, and how many characters each has, is told by straight lines between them: an engraver
divides the room evenly, and where lines that divide it evenly meet little ink, they are likely his. Where two ways to
divide are about as likely, both are told; what reads better is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster
from extractors.ocr.pieces import pieces
from extractors.seals.bands import runs
from extractors.seals.strips import STRIP, squeezed
from extractors.seals.unroll import FAINT, Floats

_MOST = 6  # columns, rows, characters of a column
_WAYS = 3  # to divide it that are told
_SLACK = 0.18  # of a part's length: how far a dividing line may stand from its even place
_COMMON = 0.7  # of the least ink that is anywhere inside: what lies everywhere
_INKED = 0.5  # of the usual ink: a line that meets more divides nothing
_EACH, _EACH_LINE = 0.06, 0.12  # what a further character of a column is worth, and a further column or row
_SHAPE, _LINES_SHAPE = 0.12, 0.2  # what it costs that a character is twice as high as wide, or as wide as high
_NEAR = 0.2  # of two ways that cost this little apart both are told
_TALLEST = 2.4  # a character's height to its width, or its width to its height
_LABEL = 1.8  # a frame this much wider than high has rows
_SOFT = 0.004  # of the width: how far strokes are blurred to tell them from speckles
_PALE = 0.2  # of the full ink: strokes of a row that is paler than the others
_FRAME, _RIM = 0.16, 0.05  # of its height: how far in a frame's lines are, and a rim of paper around a field of ink
_INNER, _TIED = 0.08, 0.5  # a rim in which a frame's line lies; the part of a piece within it from which it is more
_LONG, _STRAY = 0.5, 0.1  # of a side: what a second line has at least; and the part of it that may be further in
_MARGIN = 3  # pixels around a character in the strip
_NARROWEST, _BROADEST = 0.6, 1.5  # width to height of a character in the strip


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of what stands in a frame. ink: where its strokes are, of the same shape."""

    picture: Floats
    ink: NDArray[np.bool_]

    @classmethod
    def of(cls, picture: Floats) -> _Part:
        """What is paler than strokes is none: worn ink between bare characters, a soft rim, a faint second touch."""
        soft = cv2.GaussianBlur(picture, (0, 0), _SOFT * picture.shape[1])
        level, _ = cv2.threshold(np.round(255 * soft).astype(np.uint8), 0, 1, cv2.THRESH_OTSU)
        return cls(picture, (picture > FAINT) & (soft > level / 255))

    def __getitem__(self, window: slice | tuple[slice, slice]) -> _Part:
        return _Part(self.picture[window], self.ink[window])

    def bare(self) -> _Part | None:
        """The part that has ink, None where there is none."""
        rows, columns = np.flatnonzero(self.ink.sum(axis=1) > 1), np.flatnonzero(self.ink.sum(axis=0) > 1)
        if not len(rows) or not len(columns):
            return None
        return self[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def by_rows(picture: Floats) -> tuple[Raster, ...]:
    """Its rows, the upper first. picture: ink 1, the frame gone."""
    whole = _Part.of(picture)
    rows = _rows_of(whole.ink)
    parts = (
        whole[a:b] if (a, b) == row else _Part.of(picture[a:b])  # paler than the others, by its own strength
        for row, (a, b) in zip(rows, _grown(rows, picture > _PALE), strict=True)
    )
    strips = (_side_by_side([part], cells=False) for part in parts)
    return tuple(strip for strip in strips if strip is not None)


def by_columns(picture: Floats) -> Iterator[tuple[int, Raster]]:
    """Its characters side by side, down each column, the right one first; at most _WAYS to divide it.

    Each with how many characters that way makes.
    """
    inside = _Part.of(picture).bare()
    if inside is None:
        return
    high, wide = inside.ink.shape
    if wide > _LABEL * high:
        return
    profile = inside.ink.mean(axis=0)
    common = _common(profile)
    ways: list[list[list[_Part]]] = []
    for cuts in _ways(profile, 1, _MOST, partial(_lines_cost, wide / high), common):
        columns = [column for a, b in reversed(cuts) if (column := inside[:, a:b].bare()) is not None]
        ways.append(_divided(columns, common if len(cuts) > 1 else 0.0))
    # The likeliest of each number of columns first.
    ordered = [way[0] for way in ways] + [cells for way in ways for cells in way[1:]]
    strips = ((len(cells), _side_by_side(cells, cells=True)) for cells in ordered if len(cells) > 1)
    yield from islice(((count, strip) for count, strip in strips if strip is not None), _WAYS)


def _divided(columns: Sequence[_Part], common: float) -> list[list[_Part]]:
    """The characters of all columns; and once more with the one column that is least sure divided otherwise."""
    ways = []
    for column in columns:
        high, wide = column.ink.shape
        few, many = max(1, round(high / wide / _TALLEST)), min(_MOST, max(1, int(high / wide * _TALLEST)))
        ways.append(
            _ways(column.ink.mean(axis=1), few, many, partial(_cells_cost, high / wide), common) or [[(0, high)]]
        )
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


def _ways(
    profile: NDArray[np.float64], few: int, many: int, cost: Callable[[int], float], common: float
) -> list[list[tuple[int, int]]]:
    """The likeliest ways to divide the profile evenly, at most two; each as its parts.

    cost: of so many parts, by the shape that characters would have. common: the inked part of what
    lies on dividing lines as well.
    """
    smooth = np.maximum(np.convolve(profile, np.ones(3) / 3, mode="same") - common, 0)
    usual = float(smooth.mean())
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
        places.append(len(profile))
        rated.append((worst + cost(count), list(pairwise(places))))
    rated.sort(key=lambda one: one[0])
    return [cuts for cost, cuts in rated if cost < rated[0][0] + _NEAR][:2]


def _common(profile: NDArray[np.float64]) -> float:
    """The inked part of what lies everywhere: worn ink between bare characters, other marks."""
    rim = len(profile) // 10
    return _COMMON * float(np.percentile(profile[rim : len(profile) - rim], 3))


def _cells_cost(tall: float, count: int) -> float:
    """Of so many characters in a column. tall: its height to its width."""
    return _SHAPE * abs(float(np.log2(tall / count))) - _EACH * (count - 1)


def _lines_cost(across: float, count: int) -> float:
    """Of so many lines, of as many characters as suit, two at least in a single one.

    across: how far the lines go one beside another, to their length.
    """
    characters = max(2 if count == 1 else 1, round(count / across))
    return _LINES_SHAPE * abs(float(np.log2(count / across / characters))) - _EACH_LINE * (count - 1)


def _rows_of(ink: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of inked rows; thin ones (parts of 三, 二 ...) join their neighbour. At most eight."""
    profile = np.convolve(ink.mean(axis=1), np.ones(3) / 3, mode="same")
    inked = [(a, b) for a, b in runs(profile > 0.02) if b - a > 2]
    tall = max((b - a for a, b in inked), default=0)
    joined: list[tuple[int, int]] = []
    for a, b in inked:
        if joined and b - joined[-1][0] <= 1.12 * tall:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    found = [(a, b) for a, b in joined if b - a > 0.3 * tall][:8]
    if not found:
        return []
    # Rows that touch have no blank row between, but an even one with little ink.
    first, last = found[0][0], found[-1][1]
    part = profile[first:last]
    even = _ways(part, 1, _MOST, partial(_lines_cost, (last - first) / ink.shape[1]), _common(part))
    if even and len(even[0]) > len(found):
        return [(first + a, first + b) for a, b in even[0]]
    return found


def _grown(rows: Sequence[tuple[int, int]], ink: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The rows, and what is lower than the highest as far up and down as there is `ink`, up to that height."""
    inked = np.convolve(ink.mean(axis=1), np.ones(3) / 3, mode="same") > 0.02
    tall = max((b - a for a, b in rows), default=0)
    made: list[tuple[int, int]] = []
    for number, (a, b) in enumerate(rows):
        least = made[-1][1] if made else 0
        most = rows[number + 1][0] if number + 1 < len(rows) else len(inked)
        while b - a < tall:
            up, down = a > least and bool(inked[a - 1]), b < most and bool(inked[b])
            if not (up or down):
                break
            a, b = a - up, b + down
        made.append((a, b))
    return made


def without_frame(picture: Floats, *, bare: bool = False) -> Floats:
    """The inside of the frame: from each side, past its lines and what hangs on them.

    bare: it is a field of ink, which has no lines; what is taken for one is a rim of paper around it.
    """
    rows, columns = picture.shape
    ink = picture > FAINT
    reach = max(3, round((_RIM if bare else _FRAME) * rows))

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
        spans = not bare and max(w / wide, h / high) > 0.9
        if at_edge and (min(w, h) < 0.05 * rows or spans):
            piece = labels == index
            # A line that crosses the frame ties characters to it: they stay.
            tied = spans and piece[_within(piece.shape, _INNER)].sum() > _TIED * piece.sum()
            if tied:
                piece[_within(piece.shape, _RIM)] = False
            inside[piece] = 0
        elif not bare and max(w / wide, h / high) > _LONG:  # of a second line, with paper before it
            piece = labels == index
            if piece[_within(piece.shape, _INNER)].sum() < _STRAY * piece.sum():
                inside[piece] = 0
    return inside


def _within(shape: tuple[int, ...], rim: float) -> tuple[slice, slice]:
    """The window of a picture without its rim. rim: of the height and the width."""
    down, across = (round(rim * size) for size in shape)
    return np.s_[down : shape[0] - down, across : shape[1] - across]


def _side_by_side(parts: Sequence[_Part], *, cells: bool) -> Raster | None:
    """Parts of a strip, each as high as the strip. cells: each is one character, cut to its ink, of usual shape."""
    flat: list[Floats] = []
    high = STRIP - 2 * _MARGIN
    for part in parts:
        bare = part.bare()
        if bare is None or min(bare.ink.shape) < 2:
            continue
        inked = np.flatnonzero(part.ink.any(axis=0))
        across = part[:, inked[0] : inked[-1] + 1]
        if cells:
            rows, columns = bare.ink.shape
            wide = round(high * float(np.clip(columns / rows, _NARROWEST, _BROADEST)))
            bare = across if rows < 0.4 * columns else bare  # 一 stays flat
        else:
            bare = across
            wide = int(np.clip(bare.ink.shape[1] * high / len(bare.ink), 8, 1500))
        drawn = cv2.resize(bare.picture, (wide, high), interpolation=cv2.INTER_CUBIC)
        drawn = drawn if cells else squeezed(drawn)
        flat.append(np.pad(drawn, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN))))
    if not flat:
        return None
    picture = np.pad(np.hstack(flat), ((0, 0), (8, 8)))[:, :2400]
    return np.asarray(255 * (1 - np.clip(picture, 0, 1)), np.uint8)
