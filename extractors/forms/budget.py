"""Rows below a header: the budget's items and their amounts.

A table is a budget where one row names an item column and an amount column. 合计, 总计 and 小计 rows are no items; the
total is a statement of its own. The unit stands in the header (金额（万元）), in a line above (单位：万元), or nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.document import Cell, Field, FieldState, Place, Source, Table
from extractors.forms.labels import Labels, normal_label, unit_note
from extractors.forms.spec import FieldSpec, FieldType
from extractors.forms.statement import Statement, joined, source_of
from extractors.forms.tables import Grid, grid_of
from extractors.forms.understand import clean_text, is_blank, understand
from extractors.values.money import unit_of, unit_stated

TOTAL = re.compile(r"^(?:合计|总计|共计|总额|合计金额|经费合计|预算合计|总计金额)")
_SUBTOTAL = re.compile(r"^(?:小计|其中)")
_OF_WHICH = re.compile(r"^其中[:：,，]?\s*(?=.)")
_OPINION = ("意见", "承诺", "承诺书", "声明")  # who signs below the budget
_ROWS = 500
_AMOUNT = FieldSpec("amount", FieldType.MONEY)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a budget stand: the header's first and last row, and (item column, amount column) pairs."""

    first: int
    row: int
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget table as found: its rows of fields, and the statement of its total (None where it has none).

    totals: what the row of totals states in the other labelled columns (申请经费, 自筹经费).
    lines: the rows of `table`, counted from 0, that the budget takes up. torn: behind them amounts go on in its column
    without a total, so that rows may be lost.
    """

    rows: tuple[tuple[Field, ...], ...]
    total: Statement | None
    totals: tuple[Statement, ...]
    place: Place
    table: Table
    lines: range
    confidence: float
    source: Source
    torn: bool = False


def is_budget(field: FieldSpec) -> bool:
    """Whether the rows of a field have an amount; other rows are lists (listing.py)."""
    return field.type is FieldType.ROWS and any(column.type is FieldType.MONEY for column in field.columns)


def budgets(tables: Sequence[tuple[Table, str]], field: FieldSpec, labels: Labels) -> Iterator[Budget]:
    """Every budget table, in order. tables: each with the text right above and below it, which may state the unit."""
    item, amount = field.columns[0], next(c for c in field.columns if c.type is FieldType.MONEY)
    for table, around in tables:
        grid = grid_of(table, labels)
        for row in range(grid.rows):
            columns = _columns(grid, row, item, amount)
            if columns is not None:
                yield _budget(grid, columns, field, table, around)
                break


def _rank(cell: Cell, field: FieldSpec) -> int | None:
    label = normal_label(cell.text)
    ranks = [rank for rank, known in enumerate(field.labels) if normal_label(known) == label]
    return ranks[0] if ranks else None


def _columns(grid: Grid, row: int, item: FieldSpec, amount: FieldSpec) -> Columns | None:
    cells = [cell for cell in grid.row(row) if cell.row == row or cell.row + cell.row_span - 1 == row]
    named = [(cell, rank) for cell in cells if (rank := _rank(cell, item)) is not None]
    if len({cell.row_span for cell, _ in named}) > 1:  # 支出明细 beside all of its rows is a group's label
        named = [(cell, rank) for cell, rank in named if cell.row_span == min(each.row_span for each, _ in named)]
    items = [(_named_below(grid, cell), rank) for cell, rank in named]
    amounts = [(cell.column, rank) for cell in cells if (rank := _rank(cell, amount)) is not None]
    if not items or not amounts:
        return None
    # headers of two rows: the columns' own names stand in the last one
    last = max(cell.row + cell.row_span - 1 for cell, _ in named)
    last = min(last, row + 3)
    if len(items) == len(amounts) > 1 and len({rank for _, rank in items}) == 1:
        return Columns(row, last, tuple((i, a) for (i, _), (a, _) in zip(items, amounts, strict=True)))  # side by side
    best_item = min(items, key=lambda found: (found[1], found[0]))[0]
    best_amount = min(amounts, key=lambda found: (found[1], found[0]))[0]
    return Columns(row, last, ((best_item, best_amount),)) if best_item != best_amount else None


def _named_below(grid: Grid, header: Cell) -> int:
    """The column of a header in which its items stand: where it spans several, the first cell below may be a group's,
    beside all of the group's rows."""
    row, end = header.row + header.row_span, header.column + header.column_span
    for column in range(header.column, end):
        cell = grid.at(row, column)
        if cell is not None and (cell.row_span == 1 or cell.column + cell.column_span >= end):
            return cell.column
    return header.column


def _budget(grid: Grid, columns: Columns, field: FieldSpec, table: Table, around: str) -> Budget:
    rows: list[tuple[Field, ...]] = []
    total: Statement | None = None
    totals: list[Statement] = []
    unit = _unit_around(grid, columns.first, around)
    used: list[float] = []
    source = Source.TEXT
    end = columns.row + 1
    for row in range(columns.row + 1, min(grid.rows, columns.row + 1 + _ROWS)):
        if _ends(grid, columns, row, closed=total is not None and bool(rows)):
            break
        end = row + 1
        for item_column, amount_column in columns.pairs:
            item, amount = grid.at(row, item_column), grid.at(row, amount_column)
            if amount is None or amount.row != row:
                continue
            written = _written(grid, columns, amount_column, unit)
            titles = [normal_label(cell.text) for cell in grid.row(row) if cell is not amount]
            if any(TOTAL.match(title) for title in titles):
                if total is None:
                    total = _total(amount, written)
                    totals = _totals(grid, columns, row, unit)
                continue
            if item is None or item is amount or any(_SUBTOTAL.match(title) for title in titles):
                on_top = total is not None and not rows  # 合计 stands above what it is the sum of: 其中：劳务费
                if not on_top or item is None or not _OF_WHICH.match(item.text):
                    continue
            if is_blank(item.text) and is_blank(amount.text):
                continue
            rows.append(_fields(grid, row, item_column, item, amount, written, unit, field))
            used += [item.confidence, amount.confidence]
            if Source.OCR in (source_of(item.lines), source_of(amount.lines)):
                source = Source.OCR
    lines = range(columns.first, end)
    torn = total is None and any(_has_amount(grid, row, columns) for row in range(end, min(grid.rows, end + _ROWS)))
    return Budget(tuple(rows), total, tuple(totals), table.place, table, lines, min(used, default=1.0), source, torn)


def _has_amount(grid: Grid, row: int, columns: Columns) -> bool:
    cells = (grid.at(row, amount) for _, amount in columns.pairs)
    return any(
        cell is not None and cell.row == row and understand(cell.text, _AMOUNT).state is FieldState.FOUND
        for cell in cells
    )


def _unit_around(grid: Grid, first: int, around: str) -> str:
    """What states the unit of the whole table, as a note: a row of one cell right above the header, or the text
    around the table; "" where nothing does."""
    cells = grid.row(first - 1) if first else []
    own = unit_note(cells[0].text) if len(cells) == 1 else ""
    return own or unit_note(around)


def _written(grid: Grid, columns: Columns, column: int, unit: str) -> str:
    """The header of a column with its unit: its own, else that of the header above it, else the table's."""
    names = [cell.text for row in range(columns.row, columns.first - 1, -1) if (cell := grid.at(row, column))]
    own = next((name for name in names if unit_of(name)), "")
    name = names[0] if names else ""
    return own or f"{name}{unit}"


def _totals(grid: Grid, columns: Columns, row: int, unit: str) -> list[Statement]:
    """What the row of totals states in each column that bears a label."""
    amounts = {amount for _, amount in columns.pairs}
    found = []
    for cell in grid.row(row):
        match = grid.label(grid.at(columns.row, cell.column))
        if match is not None and cell.row == row and cell.column not in amounts and cell.text.strip():
            written = _written(grid, columns, cell.column, unit)
            found.append(replace(_total(cell, written), label=match.label, cost=match.cost + 1))
    return found


def _ends(grid: Grid, columns: Columns, row: int, *, closed: bool) -> bool:
    """A row that spans the table or is divided otherwise than the header ends the budget; and, where a total has closed
    it, one without an amount or with a label of the form's."""
    cells = grid.row(row)
    if len(cells) == 1:
        return bool(cells[0].text.strip()) and grid.columns > 1
    first = normal_label(cells[0].text)
    if TOTAL.match(first) or _SUBTOTAL.match(first):
        return False
    if first.endswith(_OPINION):
        return True
    amount = grid.at(row, columns.pairs[0][1])
    item = grid.at(row, columns.pairs[0][0])
    if amount is None or item is None or item is amount:
        return True
    # 申报单位意见 | (公章): the form goes on below the budget; so it does below 合计 with 申请支持经费 | 90500元
    labelled = grid.label(item) is not None
    unstated = understand(amount.text, _AMOUNT).state is not FieldState.FOUND
    return (closed and (labelled or unstated)) or (labelled and unstated)


def _total(amount: Cell, written: str) -> Statement:
    return Statement(
        label="合计",
        written=written,
        value=joined(amount.lines),
        place=amount.place,
        confidence=amount.confidence,
        source=source_of(amount.lines),
    )


def _fields(
    grid: Grid, row: int, item_column: int, item: Cell, amount: Cell, written: str, unit: str, field: FieldSpec
) -> tuple[Field, ...]:
    fields = []
    main = next(column for column in field.columns if column.type is FieldType.MONEY)
    for column in field.columns:
        if column is main:
            fields.append(_field(column, amount, written))
        elif column == field.columns[0]:
            named = _field(column, item, "")
            fields.append(replace(named, value=_OF_WHICH.sub("", named.value)))
        else:
            cell, header = _other(grid, row, column)
            if cell is not None:
                fields.append(_field(column, cell, header if unit_of(header) else header + unit))
    return tuple(fields)


def _other(grid: Grid, row: int, column: FieldSpec) -> tuple[Cell | None, str]:
    """The cell of a further column, and its header as written, which may state a unit."""
    for above in range(row - 1, -1, -1):
        for cell in grid.row(above):
            if _rank(cell, column) is not None:
                return grid.at(row, cell.column), cell.text
    return None, ""


def _field(column: FieldSpec, cell: Cell, written: str) -> Field:
    raw = joined(cell.lines)
    understood = understand(raw, column, written=written, recognised=source_of(cell.lines) is Source.OCR)
    value = clean_text(understood.value) if column.type is FieldType.TEXT else understood.value
    return Field(
        id=column.id,
        value=value if understood.state is FieldState.FOUND else "",
        raw=raw,
        state=understood.state,
        place=cell.place,
        confidence=cell.confidence * understood.share,
        engine="text" if source_of(cell.lines) is Source.TEXT else "ocr",
        unit=unit_stated(raw, written) if column.type is FieldType.MONEY else "",
    )


def merged(found: Sequence[Budget]) -> Budget | None:
    """The budget a form states: its first table, carried on by the next ones while no total has closed it."""
    filled = [budget for budget in found if budget.rows] or list(found)
    if not filled:
        return None
    whole = filled[0]
    for following in filled[1:]:
        if whole.total is not None:
            break
        whole = replace(
            whole,
            rows=whole.rows + following.rows,
            total=following.total,
            totals=following.totals,
            torn=whole.torn or following.torn,
        )
    return whole
