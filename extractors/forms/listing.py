"""Repeated rows that are no budget: a list of volunteers, one a row below a header of known columns.

    序号 │ 姓名 │ 工作单位 │ 职称 │ 联系电话

A header names the first column of the field and at least one other. Its rows follow while they are divided as it is;
a row whose first column is blank is left out, and where all are, the list is blank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.document import Cell, Field, FieldState, Place, Source, Table
from extractors.forms.labels import Labels, normal_label
from extractors.forms.spec import FieldSpec
from extractors.forms.statement import is_person, joined, source_of
from extractors.forms.tables import Grid, grid_of
from extractors.forms.understand import is_blank, understand

_ROWS = 500


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as found. lines: the rows of `table`, counted from 0, that it takes up, with its header."""

    rows: tuple[tuple[Field, ...], ...]
    table: Table
    lines: range
    place: Place
    confidence: float
    source: Source


def listings(tables: Sequence[Table], field: FieldSpec, labels: Labels) -> Iterator[Listing]:
    """Every table that lists the field's rows, in order."""
    for table in tables:
        grid = grid_of(table, labels)
        for row in range(grid.rows):
            header = _header(grid, row, field)
            if header and not _titled(grid, row, min(header)):
                yield _listing(grid, table, row, header, field)
                break


def _header(grid: Grid, row: int, field: FieldSpec) -> dict[int, FieldSpec]:
    """Column → what stands in it; {} for a row that is no header."""
    found: dict[int, FieldSpec] = {}
    for cell in grid.row(row):
        label = normal_label(cell.text)
        spec = next((c for c in field.columns if any(normal_label(known) == label for known in c.labels)), None)
        if spec is not None and spec not in found.values():
            found[cell.column] = spec
        elif spec is None and len(cell.text.strip()) > 12:
            return {}  # a value: this is a row of labels and values
    # 姓名 | 张三 | 单位 | 中国林学会: labels beside their values do not stand side by side
    columns = sorted(found)
    adjacent = any(b == a + (_span(grid, row, a)) for a, b in pairwise(columns))
    return found if field.columns[0] in found.values() and len(found) >= 2 and adjacent else {}


def _titled(grid: Grid, header: int, first: int) -> bool:
    """The rows below each begin with whose they are (项目负责人, 联系人): values below labels, no list."""
    return any(
        is_person(normal_label(cell.text))
        for row in range(header + 1, min(grid.rows, header + 4))
        for cell in grid.row(row)
        if cell.column < first
    )


def _span(grid: Grid, row: int, column: int) -> int:
    cell = grid.at(row, column)
    return cell.column_span if cell is not None else 1


def _listing(grid: Grid, table: Table, head: int, header: dict[int, FieldSpec], field: FieldSpec) -> Listing:
    first = next(column for column, spec in header.items() if spec == field.columns[0])
    rows: list[tuple[Field, ...]] = []
    used: list[Cell] = []
    end = head + 1
    for row in range(head + 1, min(grid.rows, head + 1 + _ROWS)):
        cells = {
            column: cell for column in header if (cell := grid.at(row, column)) is not None and cell.column == column
        }
        if len(cells) < len(header) or grid.label(cells[first]) is not None:
            break
        end = row + 1
        if not is_blank(cells[first].text):
            rows.append(tuple(_field(spec, cells[column]) for column, spec in header.items()))
            used += cells.values()
    source = Source.OCR if any(source_of(cell.lines) is Source.OCR for cell in used) else Source.TEXT
    confidence = min((cell.confidence for cell in used), default=1.0)
    return Listing(tuple(rows), table, range(head, end), table.place, confidence, source)


def _field(spec: FieldSpec, cell: Cell) -> Field:
    recognised = source_of(cell.lines) is Source.OCR
    raw = joined(cell.lines)
    understood = understand(raw, spec, recognised=recognised)
    return Field(
        id=spec.id,
        value=understood.value if understood.state is FieldState.FOUND else "",
        raw=raw,
        state=understood.state,
        place=cell.place,
        confidence=cell.confidence * understood.share,
        engine="ocr" if recognised else "text",
    )
