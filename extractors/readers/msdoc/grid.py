"""The grid of a table: every row of a Word table has its own cell edges, and spans follow from all rows together.

A cell spans as many columns as there are edges of any row within it. Rows drawn by hand have edges that differ by a
hair; such edges are one column line.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from extractors.document import Cell, Line, Place
from extractors.readers.msdoc.tap import Tc

_HAIR = 5  # twips: a quarter of a point
_MM_PER_TWIP = 25.4 / 1440


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read: the lines of each cell (its first line's place is the cell's), and the cells' definitions.

    places: of the cells. tcs: () where the file defines none; then all cells are equally wide.
    """

    cells: tuple[tuple[Line, ...], ...]
    places: tuple[Place, ...]
    tcs: tuple[Tc, ...]


@dataclass(slots=True)
class _Slot:
    """A cell under way: grid columns from `first` to `last` (not included), and rows that continue it."""

    lines: list[Line]
    place: Place
    row: int
    first: int
    last: int
    tc: Tc
    rows: int = 1


def cells(rows: tuple[Row, ...]) -> tuple[Cell, ...]:
    """The cells of a table with their spans, in reading order; a merged cell stands once, at its top left.

    Text in a cell that is merged away is not shown by Word; it is kept in the cell that covers it, as hidden lines.
    """
    merged_rows = [_joined(row, index) for index, row in enumerate(rows)]
    lines = _column_lines([slot.tc for slots in merged_rows for slot in slots])
    found: list[_Slot] = []
    above: list[_Slot] = []
    for slots in merged_rows:
        current: list[_Slot] = []
        column = 0
        for slot in slots:
            slot.first = max(column, _column(lines, slot.tc.left))
            slot.last = max(slot.first + 1, _column(lines, slot.tc.right))
            column = slot.last
            origin = _origin(above, slot) if slot.tc.continues else None
            if origin is None:
                found.append(slot)
                current.append(slot)
            else:
                origin.rows += 1
                origin.lines.extend(_hidden(line) for line in slot.lines)
                current.append(origin)
        above = current
    return tuple(_cell(slot) for slot in found)


def _cell(slot: _Slot) -> Cell:
    width = (slot.tc.right - slot.tc.left) * _MM_PER_TWIP
    return Cell(
        lines=tuple(slot.lines),
        row=slot.row,
        column=slot.first,
        place=slot.place,
        row_span=slot.rows,
        column_span=slot.last - slot.first,
        width_mm=round(width, 1) if width > 0 else None,
    )


def _origin(above: list[_Slot], slot: _Slot) -> _Slot | None:
    """The cell that a continuing cell belongs to: the one in the row above with the same columns."""
    for candidate in above:
        mergeable = candidate.tc.restarts or candidate.tc.continues
        if mergeable and candidate.first == slot.first and candidate.last == slot.last:
            return candidate
    return None


def _joined(row: Row, number: int) -> list[_Slot]:
    """The cells of a row, horizontally merged ones as one."""
    slots: list[_Slot] = []
    for lines, place, tc in zip(row.cells, row.places, _definitions(row), strict=True):
        if tc.merged and slots:
            before = slots[-1]
            before.tc = Tc(
                before.tc.left, tc.right, first=True, restarts=before.tc.restarts, continues=before.tc.continues
            )
            before.lines.extend(_hidden(line) for line in lines)
        else:
            slots.append(_Slot(list(lines), place, number, 0, 0, tc))
    return slots


def _definitions(row: Row) -> list[Tc]:
    """A definition for every cell: those of the file, then cells of one hair's width for any that it leaves out."""
    count = len(row.cells)
    tcs = list(row.tcs[:count])
    right = tcs[-1].right if tcs else 0
    step = 2 * _HAIR if tcs else 1440
    tcs.extend(Tc(right + i * step, right + (i + 1) * step) for i in range(count - len(tcs)))
    return tcs


def _hidden(line: Line) -> Line:
    return Line(
        line.text, line.place, story=line.story, hidden=True, number=line.number, style=line.style, level=line.level
    )


def _column_lines(tcs: list[Tc]) -> list[int]:
    """The edges of all cells, ascending; of edges that are a hair apart the first stands for all."""
    lines: list[int] = []
    for edge in sorted({tc.left for tc in tcs} | {tc.right for tc in tcs}):
        if not lines or edge - lines[-1] > _HAIR:
            lines.append(edge)
    return lines


def _column(lines: list[int], edge: int) -> int:
    """The index of the column line that an edge belongs to."""
    index = bisect_left(lines, edge)
    if index < len(lines) and lines[index] == edge:
        return index
    return max(0, index - 1)
