"""Budgets that no rules divide: columns set by tabs or by their place on the page, and lists of “item: amount”.

Both are laid out as tables, so that a budget means the same however it was drawn.

1. Columns: a line that names an item column and an amount column apart from each other heads them; its rows follow
   while they fill two columns or more.
2. Lists: two lines or more, one after another, that each say what costs how much, where money is spoken of above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from extractors.document import Block, Box, Cell, Line, Place, Table
from extractors.forms.labels import Labels, normal_label
from extractors.forms.rows import APART, character_width, cut_line, rows_of, wide_gaps
from extractors.forms.spec import FieldSpec
from extractors.forms.statement import is_heading

_MOST_ROWS = 100
_GAP = re.compile(r"\t|\s{2,}")
_LISTED = re.compile(
    r"^\s*(?P<number>[(（]?\d{1,2}[)）.、．]|[①-⑳]|[一二三四五六七八九十]{1,3}、|[-•·●])?\s*"
    r"(?P<item>[^\d\s:：，。；;][^\d:：，。；;]{1,24}?)\s*(?P<colon>[:：])?\s*(?:约|共|计)?"
    r"(?P<amount>[¥￥]?\d[\d,，.]*\s*万?元)\s*(?:[（(][^()（）]{0,60}[)）])?\s*[；;。，,]?\s*$"
)
_TOPIC = re.compile(r"经费|预算|支出|费用|测算|资金")
_ABOVE = 3  # lines above a list within which money is spoken of


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a line that stands apart. column: counted from 0 where a line is only characters, else None."""

    line: Line
    column: int | None


def unruled(blocks: Sequence[Block], field: FieldSpec, labels: Labels) -> Iterator[tuple[Table, str]]:
    """What may be a budget among the lines and in the cells, each as a table with the text above it.

    field: of type ROWS, its first column the item's, and one of money.
    """
    above = ""
    for ruled, run in groupby(blocks, key=lambda block: isinstance(block, Table)):
        if ruled:
            for block in run:
                for cell in block.cells if isinstance(block, Table) else ():
                    yield from _lists(cell.lines, field, labels, above)
            continue
        lines = [block for block in run if isinstance(block, Line) and not block.hidden and block.text.strip()]
        yield from _columns(lines, field)
        yield from _lists(lines, field, labels, above)
        above = lines[-1].text if lines else ""


def in_columns(blocks: Sequence[Block], field: FieldSpec) -> Iterator[Table]:
    """What may be rows of a field among the lines, set in columns, each as a table. field: of type ROWS."""
    for ruled, run in groupby(blocks, key=lambda block: isinstance(block, Table)):
        if not ruled:
            lines = [block for block in run if isinstance(block, Line) and not block.hidden and block.text.strip()]
            for table, _ in _columns(lines, field):
                yield table


# ---------------------------------------------------------------------------------------------- columns


def _rows(lines: Sequence[Line]) -> list[tuple[_Part, ...]]:
    """Lines as rows of parts: by their boxes where they have them, by tabs and wide gaps where not."""
    rows: list[tuple[_Part, ...]] = []
    for page, run in groupby(lines, key=lambda line: line.place.page if line.place.box else None):
        if page is None:
            rows += [tuple(_split(line)) for line in run]
        else:
            rows += [tuple(_Part(piece, None) for line in row.lines for piece in _pieces(line))
                     for row in rows_of(list(run))]  # fmt: skip
    return rows


def _split(line: Line) -> Iterator[_Part]:
    for column, text in enumerate(_GAP.split(line.text)):
        if text.strip():
            yield _Part(replace(line, text=text.strip(), words=()), column)


def _pieces(line: Line) -> Iterator[Line]:
    """The parts of a boxed line between wide gaps, each with its share of the box."""
    box, length = line.place.box, max(1, len(line.text))
    if apart := [
        start for start in wide_gaps(line) if not line.words[start].text.startswith(("(", "（"))
    ]:  # 金额 （元）
        yield from cut_line(line, apart)
        return
    if box is None or not _GAP.search(line.text):
        yield line
        return
    start = 0
    for text in re.split(r"(\t+|\s{2,})", line.text):
        if text.strip():
            left = box.left + box.width * start / length
            part = Box(left, box.top, left + box.width * len(text) / length, box.bottom)
            yield replace(line, text=text.strip(), place=replace(line.place, box=part), words=())
        start += len(text)


def _under(header: Sequence[_Part], row: Sequence[_Part]) -> tuple[_Part, ...]:
    """A row whose parts are cut where a column of the header begins and nothing parts them (讲课费8)."""
    lefts = [part.line.place.box.left for part in header[1:] if part.line.place.box is not None]
    parts: list[_Part] = []
    for part in row:
        words, near = part.line.words, APART * character_width(part.line)
        starts = [i for i, word in enumerate(words) if i and any(abs(word.box.left - left) <= near for left in lefts)]
        pieces = cut_line(part.line, starts) if starts and part.column is None else (part.line,)
        parts += [replace(part, line=piece) for piece in pieces]
    if len(parts) < len(header) and all(part.column is None for part in parts):
        at_digits = [replace(part, line=piece) for part in parts for piece in _before_digits(part.line)]
        if len(at_digits) == len(header):
            return tuple(at_digits)
    return tuple(parts)


def _before_digits(line: Line) -> Iterator[Line]:
    """The line in two where it is Hanzi and then a number."""
    start = next((i for i, word in enumerate(line.words) if word.text[:1].isdigit()), 0)
    numbers = line.words[start:]
    alike = start and all(re.fullmatch(r"[\d.,，]+", word.text) for word in numbers)
    yield from cut_line(line, [start]) if alike else (line,)


def _columns(lines: Sequence[Line], field: FieldSpec) -> Iterator[tuple[Table, str]]:
    rows = _rows(lines)
    items = {normal_label(label) for label in field.columns[0].labels}
    amounts = {normal_label(label) for column in field.columns[1:] for label in column.labels}
    index = 0
    while index < len(rows):
        names = [normal_label(part.line.text) for part in rows[index]]
        if not (2 <= len(names) <= 12 and items & set(names) and amounts & set(names)):
            index += 1
            continue
        header, end = rows[index], index + 1
        while end < min(len(rows), index + _MOST_ROWS) and not is_heading(rows[end][0].line.text):
            rows[end] = _under(header, rows[end])
            if len(rows[end]) < 2:
                break
            end += 1
        above = rows[index - 1][0].line.text if index and rows[index - 1] else ""
        if end > index + 1:
            yield _laid_out(header, rows[index:end]), above
        index = end


def _laid_out(header: Sequence[_Part], rows: Sequence[Sequence[_Part]]) -> Table:
    cells: list[Cell] = []
    for number, row in enumerate(rows):
        filled: dict[int, list[Line]] = {index: [] for index in range(len(header))}
        in_order = len(row) == len(header) and all(part.column is None for part in row)
        for index, part in enumerate(row):
            filled[index if in_order else _column(part, header)].append(part.line)
        cells += [_cell(filled[index], number, index) for index in filled]
    return Table(tuple(cells), header[0].line.place)


def _column(part: _Part, header: Sequence[_Part]) -> int:
    """The header that a part stands under: the nearest one."""
    box = part.line.place.box
    if box is None:
        return min(range(len(header)), key=lambda i: abs((header[i].column or 0) - (part.column or 0)))

    def distance(index: int) -> float:
        other = header[index].line.place.box
        if other is None:
            return 1.0
        apart = max(other.left - box.right, box.left - other.right)  # below 0 where they overlap
        return apart if apart > 0 else min(apart, -1e-6) + 1e-3 * abs(other.left + other.right - box.left - box.right)

    return min(range(len(header)), key=distance)


def _cell(lines: Sequence[Line], row: int, column: int) -> Cell:
    return Cell(tuple(lines), row, column, lines[0].place if lines else Place())


# ------------------------------------------------------------------------------------------------ lists


def _lists(lines: Sequence[Line], field: FieldSpec, labels: Labels, above: str) -> Iterator[tuple[Table, str]]:
    run: list[tuple[Line, re.Match[str]]] = []
    for index, line in enumerate((*lines, None)):
        match = _LISTED.match(line.text[:120]) if line is not None else None
        known = match is not None and normal_label(match["item"]) in _known(field, labels)
        if line is not None and match is not None and (match["number"] or match["colon"]) and not known:
            run.append((line, match))
            continue
        start = index - len(run)
        before = (above, *(other.text for other in lines[max(0, start - _ABOVE) : start]))
        if 2 <= len(run) <= _MOST_ROWS and any(_TOPIC.search(text) for text in before):
            yield _listed(run, field), ""
        run = []


def _known(field: FieldSpec, labels: Labels) -> frozenset[str]:
    """Labels of other fields: 申请经费：10万元 is no item. Names of the total close a list and stay."""
    return labels.known - {normal_label(label) for column in field.columns for label in column.labels}


def _listed(run: Sequence[tuple[Line, re.Match[str]]], field: FieldSpec) -> Table:
    amount = field.columns[1]
    place = run[0][0].place
    cells = [
        Cell((Line(field.columns[0].labels[0], place),), 0, 0, place),
        Cell((Line(amount.labels[0], place),), 0, 1, place),
    ]
    for row, (line, match) in enumerate(run, 1):
        for column, name in enumerate(("item", "amount")):
            cells.append(Cell((replace(line, text=match[name].strip(), words=()),), row, column, line.place))
    return Table(tuple(cells), place)
