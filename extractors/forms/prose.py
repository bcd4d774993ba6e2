"""Sections of prose: all paragraphs under a heading, or beside a label, till the next one.

    三、立项依据                          a heading among lines, or a row of one cell in a table
        为贯彻落实……                     paragraphs, or a boxed cell
    （二）实施内容：组织专家……            a label with its text behind it
    │ 志愿服务队伍 │ 由20名专家组成…… │   a label cell and all that stands beside or below it

A section ends with the next heading of its own rank or above, or with the next known label; headings of a lower rank
are part of it, and so is what stands between them. Tables of several columns (a list of volunteers) are no prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.document import Document, Line, Place, Source, Story, Table
from extractors.forms.labels import Labels, normal_label
from extractors.forms.pages import marginal
from extractors.forms.rows import rows_of
from extractors.forms.spec import FieldSpec
from extractors.forms.statement import is_heading, least, source_of
from extractors.forms.tables import Grid, grid_of

_LONGEST = 20_000  # characters of a section
_LABEL = 40
_CAPTION = 16  # characters of a table's title at most
_RANKS = (
    re.compile(r"^\s*第?[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3}[、.．部章]"),
    re.compile(r"^\s*[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"^\s*\d{1,2}(?:[、.．]|\s)"),
)
_RANK_OF_LISTS = 2  # 1. 2. 3.: paragraphs are numbered so, too, which begin with a label by chance
_AND = re.compile(r"[、及与和]")
_STORIES = (Story.BODY, Story.TEXT_BOX, Story.PICTURE)
_INNER = 9  # rank of a label without a number: any numbered heading that is a label ends it


@dataclass(frozen=True, slots=True)
class Section:
    """A section as found. label: normal form. text: paragraphs, one a line; "" where nothing is written."""

    label: str
    text: str
    place: Place
    confidence: float
    source: Source


@dataclass(slots=True)
class _Open:
    """A section that is being read."""

    labels: tuple[str, ...]
    rank: int
    head: Line
    lines: list[Line] = field(default_factory=list)

    def closed(self) -> Iterator[Section]:
        written = [line for line in self.lines if line.text.strip()]
        used = written or [self.head]
        text = "\n".join(line.text.strip() for line in written)[:_LONGEST]
        for label in self.labels:
            yield Section(label, text, used[0].place, least(used), source_of(used))


def sections(document: Document, fields: Sequence[FieldSpec], labels: Labels) -> tuple[Section, ...]:
    """Every section of prose that a label of `fields` opens, in reading order. labels: all that the form knows."""
    names = frozenset(normal_label(label) for spec in fields for label in spec.labels)
    found: list[Section] = []
    current: _Open | None = None

    def close() -> None:
        nonlocal current
        if current is not None:
            found.extend(current.closed())
        current = None

    for unit in _units(document, names, labels):
        if isinstance(unit, _Open):
            close()
            found.extend(unit.closed())
            continue
        if unit is None:
            close()
            continue
        opened = _opened(unit, names)
        if opened is not None:
            close()
            current = opened
        elif current is not None:
            if _ends(unit, current, labels):
                close()
            else:
                current.lines.append(unit)
    close()
    return tuple(found)


def _units(document: Document, names: frozenset[str], labels: Labels) -> Iterator[_Open | Line | None]:
    """Lines that may open, carry on or end a section; sections that a table holds whole; None where one must end."""
    pending: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Line):
            if not block.hidden and block.story in _STORIES and not marginal(block):
                if pending and pending[-1].place.page != block.place.page:
                    yield from _in_rows(pending)
                    pending = []
                pending.append(block)
            continue
        rows = list(_in_rows(pending))
        captions = 1 if rows and _is_caption(rows[-1], names) else 0
        yield from rows[: len(rows) - captions]
        pending = []
        if captions:
            yield None
        yield from _of_table(block, names, labels)
    yield from _in_rows(pending)


def _is_caption(line: Line, names: frozenset[str]) -> bool:
    """A line right above a table that is short and no sentence, and opens no section: 志愿者名单."""
    text = line.text.strip()
    return len(text) <= _CAPTION and not re.search(r"[。；;，,、]", text) and _opened(line, names) is None


def _in_rows(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines beside each other on a page as one."""
    yield from (line for line in lines if line.place.box is None)
    for row in rows_of(lines):
        if len(row.lines) == 1:
            yield row.lines[0]
            continue
        text = "  ".join(line.text for line in row.lines)
        place = replace(row.lines[0].place, box=row.box)
        yield replace(
            row.lines[0], text=text, place=place, confidence=least(row.lines), source=source_of(row.lines), words=()
        )


def _of_table(table: Table, names: frozenset[str], labels: Labels) -> Iterator[_Open | Line | None]:
    grid = grid_of(table, labels)
    taken: set[int] = set()  # ids of cells that belong to a section already
    inside = False  # whether a heading of this table is open
    for row in range(grid.rows):
        cells = [cell for cell in grid.row(row) if cell.row == row and id(cell) not in taken]
        if not cells:
            continue
        if len(grid.row(row)) == 1:
            inside = inside or any(_opened(line, names) for line in cells[0].lines)
            yield from cells[0].lines
            continue
        if inside:
            yield None
            inside = False
        for cell in cells:
            known = _names(cell.text, names)
            if not known:
                continue
            # one that begins a row above reaches down beside the label too: a scan's rules cut the label's own cell
            beside = [
                other
                for other in grid.row(row)
                if other.column > cell.column
                and id(other) not in taken
                and grid.label(other) is None
                and not _names(other.text, names)
            ]
            below = grid.at(row + cell.row_span, cell.column) if not _heads_list(grid, row) else None
            values = beside[:1] or ([below] if below is not None and grid.label(below) is None else [])
            taken |= {id(value) for value in values}
            head = cell.lines[0] if cell.lines else Line("", cell.place)
            yield _Open(known, 0, head, [line for value in values for line in value.lines])


def _heads_list(grid: Grid, row: int) -> bool:
    """A row of three headings or more above two rows that are divided as it is: 时间 | 活动内容 | 服务人数."""
    columns = [[cell.column for cell in grid.row(at) if cell.row == at] for at in range(row, min(grid.rows, row + 3))]
    return len(columns) == 3 and len(columns[0]) >= 3 and columns[0] == columns[1] == columns[2]


def _opened(line: Line, names: frozenset[str]) -> _Open | None:
    """The section that a line opens, with the text behind its colon; None where it opens none."""
    if known := _names(line.text, names):
        return _Open(known, _rank(line.text), line)
    head, colon, rest = _at_colon(line.text)
    if colon and (known := _names(head, names)):
        return _Open(known, _rank(line.text), line, [replace(line, text=rest, words=())] if rest.strip() else [])
    return None


def _at_colon(text: str) -> tuple[str, str, str]:
    found = re.search("[:：]", text[: _LABEL + 1])
    return (text, "", "") if found is None else (text[: found.start()], found[0], text[found.end() :])


def _names(text: str, names: frozenset[str]) -> tuple[str, ...]:
    """Which of the labels a text is: one, or several that it joins (立项依据与实施内容); () for none."""
    if not text or len(text) > _LABEL or "。" in text:
        return ()
    label = normal_label(text)
    for known in (label, label.removeprefix("项目"), label.removeprefix("本项目")):
        if known in names:
            return (known,)
    parts = tuple(part.removeprefix("项目") for part in _AND.split(label))
    return parts if len(parts) > 1 and all(part in names for part in parts) else ()


def _rank(text: str) -> int:
    return next((rank for rank, style in enumerate(_RANKS) if style.match(text)), _INNER)


def _ends(line: Line, current: _Open, labels: Labels) -> bool:
    if is_heading(line.text) and _rank(line.text) <= current.rank:
        return True
    head, colon, _ = _at_colon(line.text)
    if len(head) > _LABEL:
        return False
    match = labels.match(head, recognised=False) if colon or len(line.text) <= _LABEL else None
    if match is None or match.cost:
        return False
    return bool(colon) or is_heading(line.text) or _rank(line.text) != _RANK_OF_LISTS or current.rank >= _RANK_OF_LISTS
