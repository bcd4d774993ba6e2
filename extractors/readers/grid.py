"""Tables of Word's kind (.doc, RTF): how they come about from paragraphs, and their grid.

Every row has its own cell edges, and spans follow from all rows: a cell spans as many columns as there are edges of any
row within it. Rows drawn by hand have edges that differ by a hair; such edges are one column line.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from operator import itemgetter

from extractors.document import Cell, Line, Place, Table
from extractors.errors import TooLarge
from extractors.limits import Limits

_HAIR = 5  # twips: a quarter of a point
_MM_PER_TWIP = 25.4 / 1440


@dataclass(frozen=True, slots=True)
class Shape:
    """A cell of a row as defined: its left and right edge in twips (1/1440 inch) from the margin.

    merged: belongs to the cell before it in the row. continues: belongs to the cell above. restarts: first of those.
    first: first of horizontally merged cells.
    """

    left: int
    right: int
    first: bool = False
    merged: bool = False
    restarts: bool = False
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read: the lines of each cell (its first line's place is the cell's), and the cells' definitions.

    places: of the cells. shapes: () where the file defines none; then all cells are equally wide.
    """

    cells: tuple[tuple[Line, ...], ...]
    places: tuple[Place, ...]
    shapes: tuple[Shape, ...]


@dataclass(slots=True)
class _OpenTable:
    """A table under way, the `number`th to begin, at `at`.

    inner: tables nested in the cell under way; count: its cells so far.
    """

    path: str
    number: int
    at: int
    rows: list[Row] = field(default_factory=list)
    cells: list[tuple[Line, ...]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    inner: int = 0
    count: int = 0

    @property
    def cell_path(self) -> str:
        return f"{self.path} / row {len(self.rows) + 1} / cell {len(self.cells) + 1}"


class OpenTables:
    """The tables of a story that are under way, nested in one another: paragraphs only say how deep they stand.

    prefix: begins every place's path. A row, or a cell, that was never ended is kept.
    """

    def __init__(self, prefix: str, limits: Limits) -> None:
        self._prefix = prefix
        self._limits = limits
        self._open: list[_OpenTable] = []
        self._done: list[tuple[int, int, Table]] = []  # inside a table that is still open
        self._begun = 0
        self._outermost = 0

    @property
    def depth(self) -> int:
        """How many are open."""
        return len(self._open)

    @property
    def place(self) -> Place:
        """Of the cell under way. Where none is open, an IndexError."""
        return Place(path=self._open[-1].cell_path)

    def put(self, line: Line) -> None:
        """Into the cell under way."""
        self._open[-1].lines.append(line)

    def end_cell(self) -> None:
        """The end of the innermost table's cell. Raises TooLarge beyond the limit of cells."""
        table = self._open[-1]
        table.places.append(Place(path=table.cell_path))
        table.cells.append(tuple(table.lines))
        table.lines.clear()
        table.inner = 0
        table.count += 1
        if table.count > self._limits.cells:
            raise TooLarge("cells", f"a table of more than {self._limits.cells} cells")

    def end_row(self, shapes: tuple[Shape, ...]) -> None:
        """The end of the innermost table's row; () where its cells are not defined."""
        table = self._open[-1]
        if table.lines:  # text after the last cell's end: only in a damaged file
            self.end_cell()
        if table.cells:
            table.rows.append(Row(tuple(table.cells), tuple(table.places), shapes))
        table.cells.clear()
        table.places.clear()

    def fit(self, depth: int, at: int = 0) -> list[tuple[int, Table]]:
        """Opens and closes tables until `depth` are open. at: where in the text one that opens begins.

        Gives tables when the outermost is closed: it and those within, each with where it began, in that order.
        """
        while len(self._open) > depth:
            self._close()
        done = [] if self._open else [(began, table) for _, began, table in sorted(self._done, key=itemgetter(0))]
        if done:
            self._done.clear()
        while len(self._open) < depth:
            if self._open:
                outer = self._open[-1]
                outer.inner += 1
                path = f"{outer.cell_path} / table {outer.inner}"
            else:
                self._outermost += 1
                path = f"{self._prefix}table {self._outermost}"
            self._open.append(_OpenTable(path, self._begun, at))
            self._begun += 1
        return done

    def _close(self) -> None:
        self.end_row(())
        table = self._open.pop()
        if table.rows:
            self._done.append((table.number, table.at, Table(cells(tuple(table.rows)), Place(path=table.path))))


@dataclass(slots=True)
class _Slot:
    """A cell under way: grid columns from `first` to `last` (not included), and rows that continue it."""

    lines: list[Line]
    place: Place
    row: int
    first: int
    last: int
    shape: Shape
    rows: int = 1


def cells(rows: tuple[Row, ...]) -> tuple[Cell, ...]:
    """The cells of a table with their spans, in reading order; a merged cell stands once, at its top left.

    Text in a cell that is merged away is not shown by Word; it is kept in the cell that covers it, as hidden lines.
    """
    merged_rows = [_joined(row, index) for index, row in enumerate(rows)]
    lines = _column_lines([slot.shape for slots in merged_rows for slot in slots])
    found: list[_Slot] = []
    above: list[_Slot] = []
    for slots in merged_rows:
        current: list[_Slot] = []
        column = 0
        for slot in slots:
            slot.first = max(column, _column(lines, slot.shape.left))
            slot.last = max(slot.first + 1, _column(lines, slot.shape.right))
            column = slot.last
            origin = _origin(above, slot) if slot.shape.continues else None
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
    width = (slot.shape.right - slot.shape.left) * _MM_PER_TWIP
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
        mergeable = candidate.shape.restarts or candidate.shape.continues
        if mergeable and candidate.first == slot.first and candidate.last == slot.last:
            return candidate
    return None


def _joined(row: Row, number: int) -> list[_Slot]:
    """The cells of a row, horizontally merged ones as one."""
    slots: list[_Slot] = []
    for lines, place, shape in zip(row.cells, row.places, _definitions(row), strict=True):
        if shape.merged and slots:
            before = slots[-1]
            before.shape = Shape(
                before.shape.left,
                shape.right,
                first=True,
                restarts=before.shape.restarts,
                continues=before.shape.continues,
            )
            before.lines.extend(_hidden(line) for line in lines)
        else:
            slots.append(_Slot(list(lines), place, number, 0, 0, shape))
    return slots


def _definitions(row: Row) -> list[Shape]:
    """A definition for every cell: those of the file, then cells of one hair's width for any that it leaves out."""
    count = len(row.cells)
    shapes = list(row.shapes[:count])
    right = shapes[-1].right if shapes else 0
    step = 2 * _HAIR if shapes else 1440
    shapes.extend(Shape(right + i * step, right + (i + 1) * step) for i in range(count - len(shapes)))
    return shapes


def _hidden(line: Line) -> Line:
    return Line(
        line.text, line.place, story=line.story, hidden=True, number=line.number, style=line.style, level=line.level
    )


def _column_lines(shapes: list[Shape]) -> list[int]:
    """The edges of all cells, ascending; of edges that are a hair apart the first stands for all."""
    lines: list[int] = []
    for edge in sorted({shape.left for shape in shapes} | {shape.right for shape in shapes}):
        if not lines or edge - lines[-1] > _HAIR:
            lines.append(edge)
    return lines


def _column(lines: list[int], edge: int) -> int:
    """The index of the column line that an edge belongs to."""
    index = bisect_left(lines, edge)
    if index < len(lines) and lines[index] == edge:
        return index
    return max(0, index - 1)
