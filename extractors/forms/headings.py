"""Cells of a page's table that do not agree with the columns of the rows beside them.

A short rule between two headings is overlooked (预算科目 单价（元） in one cell), and a stroke of a character is taken
for one (预 | 算科目). A row whose rules were overlooked, or that has none, is one cell (宣传品  40,000.00). The rows
beside it have the columns as they are; labels and numbers say what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.document import Block, Box, Cell, Line, Source, Table
from extractors.forms.labels import Labels
from extractors.forms.rows import APART, cut_line, wide_gaps
from extractors.forms.statement import source_of
from extractors.values.organisations import is_organisation


def with_headings(blocks: Sequence[Block], labels: Labels) -> tuple[Block, ...]:
    """The blocks, with rows and headings of tables parted and joined as the columns beside them are."""
    return tuple(_mended(block, labels) if isinstance(block, Table) else block for block in blocks)


def _mended(table: Table, labels: Labels) -> Table:
    table = _with_rows(table, labels)
    if not any(source_of(cell.lines) is Source.OCR for cell in table.cells):
        return table
    cells: list[Cell] = []
    for cell in table.cells:
        cells += _parted(cell, table, labels)
    whole: list[Cell] = []
    for cell in cells:
        joined = _joined(whole[-1], cell, table, labels) if whole else None
        whole[-1:] = [joined] if joined is not None else [*whole[-1:], cell]
    return table if whole == list(table.cells) else replace(table, cells=tuple(whole))


def _with_rows(table: Table, labels: Labels) -> Table:
    """The table with those cells parted that hold several columns: a label and what stands beside it, or in a row that
    is one cell words and an amount. Where each piece begins, a column of a row beside it does, as that was parted."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    cells: list[Cell] = []
    for cell in table.cells:
        wide = cell.column_span > 1 and len(cell.lines) == 1 and bool(cell.lines[0].words)
        near = [rows.get(cell.row + step, []) for step in (1, -1, 2, -2)] if wide else []
        alone = len(rows[cell.row]) == 1
        parts = next((parts for row in near if (parts := _columns(cell, row, labels, alone=alone))), [cell])
        cells += parts
        rows[cell.row] = [part for each in rows[cell.row] for part in (parts if each is cell else [each])]
    return table if len(cells) == len(table.cells) else replace(table, cells=tuple(cells))


_STATED = re.compile(r"^\s*[(（].*[@\d]")
_ORDINAL = re.compile(r"\d{1,2}")  # of a row: 3 材料费
_NUMBER = re.compile(r"[¥￥]?\d[\d,，.]*(?:万?元)?")


def _columns(cell: Cell, row: Sequence[Cell], labels: Labels, *, alone: bool) -> list[Cell]:
    """The cell in pieces, cut at wide gaps, each of which begins in a column of its own; [] for none."""
    line, end = cell.lines[0], cell.column + cell.column_span
    columns = [each for each in row if cell.column <= each.column < end]
    starts, held = [], [cell.column]
    for start in wide_gaps(line):
        over = [each.column for each in columns if _begins_in(line.words[start].box, each.place.box)]
        if over and over[-1] > held[-1]:
            starts.append(start)
            held.append(over[-1])
    pieces = list(cut_line(line, starts))
    if len(pieces) < 2 or not (
        any(_is_label(piece.text, labels) for piece in pieces)
        or _ORDINAL.fullmatch(pieces[0].text.strip())
        or (alone and any(_NUMBER.fullmatch(piece.text.strip()) for piece in pieces[1:]))
    ):
        return []
    bounds = zip(held, [*held[1:], end], strict=True)
    return [
        replace(cell, lines=(piece,), column=column, column_span=following - column, place=piece.place)
        for piece, (column, following) in zip(pieces, bounds, strict=True)
    ]


def _begins_in(box: Box, column: Box | None) -> bool:
    """Within the column, or not more than half a line's height before it."""
    return column is not None and column.left - box.height / 2 <= box.left < column.right


def _below(cell: Cell, table: Table, first: int, end: int) -> list[Cell]:
    """The cells right below a cell's row that begin within some columns."""
    row = cell.row + cell.row_span
    return [each for each in table.cells if each.row == row and first <= each.column < end]


def _parted(cell: Cell, table: Table, labels: Labels) -> Iterator[Cell]:
    """The cell as several, where it holds as many labels as there are columns below it."""
    parts = cell.text.split()
    end = cell.column + cell.column_span
    below = _below(cell, table, cell.column, end) if len(parts) > 1 and cell.column_span > 1 else []
    if (
        len(cell.lines) != 1
        or len(below) != len(parts)
        or below[0].column != cell.column
        or not all(_is_label(part, labels) for part in parts)
    ):
        yield cell
        return
    pieces = list(cut_line(cell.lines[0], _starts(cell.lines[0], parts)))
    if len(pieces) != len(parts):
        yield cell
        return
    for piece, column, following in zip(pieces, below, [*below[1:], None], strict=True):
        place = replace(cell.place, box=_beside(cell.place.box, column.place.box))
        span = (end if following is None else following.column) - column.column
        yield replace(cell, lines=(piece,), column=column.column, column_span=span, place=place)


def _is_label(text: str, labels: Labels) -> bool:
    match = labels.match(text, recognised=True)
    return match is not None and match.cost <= 1


def _starts(line: Line, parts: Sequence[str]) -> list[int]:
    """The words of the line, by their number, with which each part but the first begins."""
    begins, position = set(), 0
    for part in parts:
        begins.add(line.text.index(part, position))
        position = line.text.index(part, position) + len(part)
    starts, at = [], 0
    for number, word in enumerate(line.words):
        at = max(at, line.text.find(word.text, at))
        if at in begins and number:
            starts.append(number)
        at += len(word.text)
    return starts


def _beside(whole: Box | None, column: Box | None) -> Box | None:
    """The part of a heading's box that is above a column."""
    if whole is None or column is None:
        return whole
    return replace(whole, left=max(whole.left, column.left), right=min(whole.right, column.right))


def _joined(first: Cell, second: Cell, table: Table, labels: Labels) -> Cell | None:
    """Two cells beside each other as one, where they make up a label and are one column below, or where the one's text
    goes on in the other without the white that stands before and behind a rule, and no other row is ruled there or the
    two are an organisation's name; else None."""
    end = second.column + second.column_span
    if (first.row, first.row_span, first.column + first.column_span) != (second.row, second.row_span, second.column):
        return None
    if len(first.lines) != 1 or len(second.lines) != 1:
        return None
    ruled = any(cell.column == second.column and cell.row != second.row for cell in table.cells)
    name = is_organisation(first.text + second.text) and not is_organisation(first.text)
    cut = name and not _is_label(first.text, labels)  # 大埔县科学技术 | 协会
    if (ruled and not cut) or not _adjoin(first.lines[0], second.lines[0]):
        if _STATED.search(second.text) and _is_label(first.text, labels):
            return None  # 邮箱 | (name@example.org): no note of the label
        match = labels.match(first.text + second.text, recognised=False)
        if match is None or match.cost or (_is_label(first.text, labels) and _is_label(second.text, labels)):
            return None
        below = _below(first, table, first.column, end)
        if len(below) != 1 or (below[0].column, below[0].column_span) != (first.column, end - first.column):
            return None
    line, other = first.lines[0], second.lines[0]
    place = replace(line.place, box=_around(line.place.box, other.place.box))
    confidence = min(line.confidence, other.confidence)
    whole = replace(
        line, text=line.text + other.text, place=place, confidence=confidence, words=line.words + other.words
    )
    place = replace(first.place, box=_around(first.place.box, second.place.box))
    return replace(first, lines=(whole,), column_span=end - first.column, place=place)


def _adjoin(line: Line, other: Line) -> bool:
    """What is read as two lines is one: no more than APART of a character stands between them."""
    if line.source is not Source.OCR or not line.words or not other.words:
        return False
    words = line.words[-1], other.words[0]
    last, first = words[0].box, words[1].box
    width = min(word.box.width / len(word.text) for word in words)
    return abs(first.left - last.right) < APART * width and abs(first.top - last.top) < 0.5 * last.height


def _around(one: Box | None, other: Box | None) -> Box | None:
    if one is None or other is None:
        return one
    return Box(
        min(one.left, other.left), min(one.top, other.top), max(one.right, other.right), max(one.bottom, other.bottom)
    )
