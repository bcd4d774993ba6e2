"""Ruled tables on a picture: which rules there are, which cells they make, which words stand in which cell.

1. Long thin horizontal and vertical strokes of the page are its rules; rules that touch belong to one table.
2. The distinct heights of the horizontal rules and the distinct positions of the vertical ones make a grid.
3. Where a rule is missing between two squares of the grid, they are one merged cell; cells are rectangles.
4. Every word goes into the cell in which its centre lies, for a recognised line may run across a rule.

Boxes with fewer than two cells (frames, underlined blanks) are not tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Block, Box, Cell, Line, Place, Table, Word
from extractors.limits import Limits
from extractors.ocr.engine import Raster

_LONGEST = 1400  # pixels of the longer side, more or less, while rules are looked for: 120 dpi on A4
_RULE = 30  # pixels of that; a rule is longer, the strokes of text of 18 points are shorter
_SHORTEST = 10  # pixels between two rules: a lower row holds no text
_JOINED = 0.92  # share of the way from one rule to the next that a short vertical rule covers
_THICK = 8  # pixels; a thicker stroke is a bar or a picture, not a rule
_CLOSE = 6  # pixels within which two rules are one grid line
_DARK = 190  # grey below which a pixel may be part of a rule: a hairline is pale after shrinking
_DRAWN = 0.6  # share of a square's side that must be drawn for the side to divide
_FULL = 0.4  # share of a table's area that is ink; more is a texture
_NARROWEST = 0.15  # of the page's width; a glyph of a big title (国) has rules too
_FRAME = 0.7  # share of a table's outline that is drawn
_MOST_LINES = 300  # grid lines each way; a picture with more is a texture


@dataclass(frozen=True, slots=True)
class _Span:
    """A cell of a grid: rows and columns from 0, the last ones exclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. rows, columns: positions of the grid lines, ascending fractions of the page.

    cells: (row, column, row_span, column_span) in reading order; they tile the grid.
    """

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    cells: tuple[tuple[int, int, int, int], ...]

    @property
    def box(self) -> Box:
        return Box(self.columns[0], self.rows[0], self.columns[-1], self.rows[-1])

    def cell_box(self, cell: tuple[int, int, int, int]) -> Box:
        row, column, tall, wide = cell
        return Box(self.columns[column], self.rows[row], self.columns[column + wide], self.rows[row + tall])


def arrange(grey: Raster, lines: Sequence[Line], limits: Limits) -> tuple[Block, ...]:
    """The lines of an upright page, those in ruled tables gathered into Tables, all in reading order.

    grey: the page, paper 255. A table of more than `limits.cells` cells is left as lines.
    """
    if not lines:
        return ()
    grids = [grid for grid in grids_of(grey) if len(grid.cells) <= limits.cells]
    # The smallest first: what stands in a nested table belongs to it, not to the cell around it.
    grids.sort(key=lambda grid: grid.box.width * grid.box.height)
    outside: list[Line] = []
    held: list[list[tuple[int, Line]]] = [[] for _ in grids]  # for each grid: (cell, piece of a line)
    for line in lines:
        outside.extend(_dealt(line, grids, held))
    filled = [(grid, pieces) for grid, pieces in zip(grids, held, strict=True) if pieces]
    tables = sorted((_table(grid, pieces) for grid, pieces in filled), key=lambda table: _box(table).top)
    return _merged(outside, tables)


def grids_of(grey: Raster) -> tuple[Grid, ...]:
    """The ruled tables of an upright page, from top to bottom."""
    ink = _ink(grey)
    across = _across(ink)
    if not across.any():
        return ()  # most letters end here
    down = _across(np.ascontiguousarray(ink.T)).T
    if not down.any():
        return ()
    rules = cv2.dilate(cv2.max(across, down), np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rules)
    found: list[Grid] = []
    for index in range(1, min(count, 500)):
        left, top, wide, high, _ = (int(value) for value in stats[index])
        if wide < _NARROWEST * ink.shape[1] or wide < 2 * _RULE or high < _RULE // 2:
            continue
        window = np.s_[top : top + high, left : left + wide]
        if cv2.countNonZero(ink[window]) > _FULL * wide * high:
            continue
        own = (labels[window] == index).astype(np.uint8)
        grid = _grid(cv2.bitwise_and(across[window], own * 255), cv2.bitwise_and(down[window], own * 255), ink[window])
        if grid is not None:
            found.append(_on_page(*grid, left, top, rules.shape))
    return tuple(sorted(found, key=lambda grid: grid.rows[0]))


def _ink(grey: Raster) -> Raster:
    """What is dark (255) on a page shrunk to about `_LONGEST`."""
    height, width = grey.shape
    # Whole blocks are averaged: much faster than any other scale.
    step = max(1, round(max(height, width) / _LONGEST))
    tall, wide = height // step, width // step
    if step == 1 or not tall or not wide:
        small = grey
    else:
        small = cv2.resize(grey[: tall * step, : wide * step], (wide, tall), interpolation=cv2.INTER_AREA)
    return (small < _DARK).astype(np.uint8) * np.uint8(255)


def _across(ink: Raster) -> Raster:
    """The horizontal rules (255): long, but not also thick as bars and dark pictures are."""
    # A slant of a third of a degree moves a rule by a pixel every 170: such steps are bridged first.
    long = _opened(cv2.dilate(ink, np.ones((3, 1), np.uint8)), 1, _RULE)
    if not long.any():
        return long
    solid = cv2.dilate(_opened(long, _THICK + 3, 1), np.ones((3, 3), np.uint8))
    return cast(Raster, cv2.subtract(long, solid))


def _opened(mask: Raster, high: int, wide: int) -> Raster:
    return cast(Raster, cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((high, wide), np.uint8)))


def _grid(across: Raster, down: Raster, ink: Raster) -> tuple[list[int], list[int], list[_Span]] | None:
    """Grid lines (pixels) and cells of one connected set of rules; None where they make no table."""
    rows = _positions(across, 1)
    if 2 <= len(rows) <= _MOST_LINES:
        down = cv2.max(down, _stubs(ink, across, rows))
    columns = _positions(down, 0)
    if not (2 <= len(rows) <= _MOST_LINES and 2 <= len(columns) <= _MOST_LINES):
        return None
    along, beside = _sides(across, rows, columns), _sides(down.T, columns, rows).transpose(1, 0)
    if not _framed(along, beside, rows, columns):
        return None
    cells = _cells(along, beside)
    return (rows, columns, cells) if len(cells) >= 2 else None


def _stubs(ink: Raster, across: Raster, rows: Sequence[int]) -> Raster:
    """The vertical rules (255) of single rows, which are shorter than `_RULE`: they join two rules drawn there."""
    found = np.zeros_like(ink)
    beside = np.ones((1, 3), np.uint8)
    for top, bottom in pairwise(rows):
        if not _SHORTEST <= bottom - top <= 2 * _RULE:
            continue
        ends = [across[max(0, row - _CLOSE) : row + _CLOSE + 1].max(axis=0) > 0 for row in (top, bottom)]
        strip = cv2.dilate(ink[top + 2 : bottom - 1], beside)
        joins = (strip > 0).mean(axis=0) >= _JOINED
        joins &= cv2.dilate((ends[0] & ends[1]).astype(np.uint8)[None], np.ones((1, 9), np.uint8))[0] > 0
        edges = np.flatnonzero(np.diff(np.concatenate(([False], joins, [False])).astype(np.int8)))
        for left, right in zip(edges[::2], edges[1::2], strict=True):
            if right - left <= _THICK:
                found[top : bottom + 1, (left + right) // 2] = 255
    return found


def _framed(along: NDArray[np.bool_], beside: NDArray[np.bool_], rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Most of the outline is drawn: the strokes of a large title cross like rules, but frame nothing."""
    wide, high = np.diff(columns), np.diff(rows)
    drawn = wide[along[0]].sum() + wide[along[-1]].sum() + high[beside[:, 0]].sum() + high[beside[:, -1]].sum()
    return bool(drawn >= _FRAME * 2 * (wide.sum() + high.sum()))


def _positions(mask: Raster, axis: int) -> list[int]:
    """Where rules run: centres of the runs of rows (axis 1) or columns (axis 0) that hold a rule's length of ink."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask)
    marks: list[tuple[float, int]] = []
    for index in range(1, min(count, 20_000)):
        length = int(stats[index, cv2.CC_STAT_WIDTH if axis == 1 else cv2.CC_STAT_HEIGHT])
        marks.append((float(centres[index, 1 if axis == 1 else 0]), length))
    marks.sort()
    positions: list[int] = []
    group: list[tuple[float, int]] = []
    for mark in [*marks, (float("inf"), 0)]:
        if group and mark[0] - group[-1][0] > _CLOSE:
            positions.append(round(sum(at * length for at, length in group) / sum(length for _, length in group)))
            group = []
        group.append(mark)
    return positions


def _sides(mask: Raster, lines: Sequence[int], crossing: Sequence[int]) -> NDArray[np.bool_]:
    """Which stretches of each line, between each two crossing lines, are drawn: lines × (crossing - 1)."""
    drawn = np.zeros((len(lines), len(crossing) - 1), np.bool_)
    for number, line in enumerate(lines):
        band = mask[max(0, line - _CLOSE) : line + _CLOSE + 1].max(axis=0) > 0
        for stretch, (start, end) in enumerate(pairwise(crossing)):
            drawn[number, stretch] = band[start:end].mean() >= _DRAWN
    return drawn


def _cells(across: NDArray[np.bool_], down: NDArray[np.bool_]) -> list[_Span]:
    """The cells, in reading order. across: rows + 1 × columns sides drawn; down: rows × columns + 1.

    Squares without a side between them are joined; a joined shape that is no rectangle grows to its bounding box.
    """
    height, width = down.shape[0], across.shape[1]
    owner = np.full((height, width), -1, np.int32)
    spans: list[_Span] = []
    for row in range(height):
        for column in range(width):
            if owner[row, column] >= 0:
                continue
            span = _grown(_Span(row, column, row + 1, column + 1), across, down, owner)
            owner[span.top : span.bottom, span.left : span.right] = len(spans)
            spans.append(span)
    return spans


def _grown(span: _Span, across: NDArray[np.bool_], down: NDArray[np.bool_], owner: NDArray[np.int32]) -> _Span:
    """The span widened to the right and downwards while a side is open and what lies beyond is free."""
    height, width = owner.shape
    top, left, bottom, right = span.top, span.left, span.bottom, span.right
    changed = True
    while changed:
        changed = False
        if right < width and not down[top:bottom, right].any() and (owner[top:bottom, right] < 0).all():
            right, changed = right + 1, True
        if bottom < height and not across[bottom, left:right].any() and (owner[bottom, left:right] < 0).all():
            bottom, changed = bottom + 1, True
    return _Span(top, left, bottom, right)


def _on_page(
    rows: list[int],
    columns: list[int],
    cells: list[_Span],
    left: int,
    top: int,
    small: tuple[int, ...],
) -> Grid:
    height, width = small[:2]
    return Grid(
        rows=tuple(min(1.0, (top + row + 0.5) / height) for row in rows),
        columns=tuple(min(1.0, (left + column + 0.5) / width) for column in columns),
        cells=tuple((span.top, span.left, span.bottom - span.top, span.right - span.left) for span in cells),
    )


def _dealt(line: Line, grids: Sequence[Grid], held: list[list[tuple[int, Line]]]) -> list[Line]:
    """Put the line's pieces into `held`; answer those that stand in no table."""
    box = line.place.box
    if box is None or not grids:
        return [line]
    words = line.words or (Word(line.text, box, line.confidence),)
    homes = [_home(word.box, grids) for word in words]
    if len(set(homes)) == 1:
        return _put(homes[0], line, held)
    outside: list[Line] = []
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or homes[end] != homes[start]:
            outside.extend(_put(homes[start], _piece(line, words[start:end]), held))
            start = end
    return outside


def _put(home: tuple[int, int] | None, line: Line, held: list[list[tuple[int, Line]]]) -> list[Line]:
    if home is None:
        return [line]
    grid, cell = home
    held[grid].append((cell, line))
    return []


def _home(box: Box, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """Which grid's which cell the box's centre is in."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    for number, grid in enumerate(grids):
        if not (grid.columns[0] <= x <= grid.columns[-1] and grid.rows[0] <= y <= grid.rows[-1]):
            continue
        for index, cell in enumerate(grid.cells):
            area = grid.cell_box(cell)
            if area.left <= x <= area.right and area.top <= y <= area.bottom:
                return number, index
    return None


def _piece(line: Line, words: Sequence[Word]) -> Line:
    """The part of a line that these words make. Spaces stand where the line has them."""
    text, position = "", 0
    for word in words:
        start = line.text.find(word.text, position)
        gap = text and start > position and line.text[position:start].isspace()
        text += (" " if gap else "") + word.text
        position = start + len(word.text) if start >= 0 else position
    return replace(
        line,
        text=text,
        place=replace(line.place, box=_around(word.box for word in words)),
        confidence=sum(word.confidence for word in words) / len(words),
        words=tuple(words),
    )


def _around(boxes: Iterable[Box]) -> Box:
    every = list(boxes)
    return Box(
        min(box.left for box in every),
        min(box.top for box in every),
        max(box.right for box in every),
        max(box.bottom for box in every),
    )


def _table(grid: Grid, pieces: Sequence[tuple[int, Line]]) -> Table:
    inside: dict[int, list[Line]] = {}
    for index, line in pieces:
        inside.setdefault(index, []).append(line)
    cells = tuple(
        Cell(
            lines=_joined(inside.get(index, [])),
            row=cell[0],
            column=cell[1],
            row_span=cell[2],
            column_span=cell[3],
            place=Place(box=grid.cell_box(cell)),
        )
        for index, cell in enumerate(grid.cells)
    )
    return Table(cells, Place(box=grid.box))


def _joined(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of one cell: pieces of one row are one line, and so is a column of single characters."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _centre(_box(line))):
        if rows and _level(_box(rows[-1][-1]), _box(line)):
            rows[-1].append(line)
        else:
            rows.append([line])
    joined = [_one(sorted(row, key=lambda line: _box(line).left), spaced=True) for row in rows]
    if len(joined) > 1 and all(len(line.text) == 1 for line in joined):
        joined = [_one(joined, spaced=False)]
    return tuple(joined)


def _one(lines: Sequence[Line], *, spaced: bool) -> Line:
    if len(lines) == 1:
        return lines[0]
    text = (" " if spaced else "").join(line.text for line in lines)
    length = sum(len(line.text) for line in lines)
    return replace(
        lines[0],
        text=text,
        place=replace(lines[0].place, box=_around(_box(line) for line in lines)),
        confidence=sum(line.confidence * len(line.text) for line in lines) / max(1, length),
        words=tuple(word for line in lines for word in line.words),
    )


def _level(first: Box, second: Box) -> bool:
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap > 0.5 * min(first.height, second.height)


def _centre(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _box(block: Block) -> Box:
    """The box of a block on a page; lines without one, which no engine makes, count as standing at its top."""
    return block.place.box or Box(0.0, 0.0, 0.0, 0.0)


def _merged(lines: Sequence[Line], tables: Sequence[Table]) -> tuple[Block, ...]:
    """Lines in their order, each table before the first line that starts below the table's top."""
    blocks: list[Block] = []
    waiting = list(tables)
    for line in lines:
        while waiting and _box(waiting[0]).top < _centre(_box(line)):
            blocks.append(waiting.pop(0))
        blocks.append(line)
    return (*blocks, *waiting)
