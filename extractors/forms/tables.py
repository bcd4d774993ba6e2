"""Statements in tables: a label cell and the cell beside or below it, or both in one cell.

1. The cells are laid out on a grid, so that merged cells are found from every place they cover.
2. A row of labels alone is a header: its values stand below, and the first cell of each row says whose they are.
3. In any other row a label's value is the next cell to the right, unless that is a label too: then the first names a
   group (项目负责人 | 姓名 | 张三).
4. A cell that holds “label: value” speaks for itself.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.document import Cell, Line, Place, Source, Table
from extractors.forms.cuts import split_line
from extractors.forms.labels import Labels, Match, normal_label, unit_note
from extractors.forms.lines import with_below
from extractors.forms.statement import (
    Scope,
    Statement,
    Whereabouts,
    is_heading,
    is_person,
    joined,
    source_of,
)
from extractors.forms.understand import refers
from extractors.values.characters import squeeze

_SECTION = re.compile("(?:基本)?(?:情况|信息|概况)$")
_ROWS_BELOW = 30
"""No header is taken to speak for more rows."""
_WRAPPED = 6  # lines on which a value in a cell goes on
_ROOM = 2  # characters: less than that is left of a line that goes on below


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a table by every (row, column) that they cover, and which of them are labels."""

    cells: dict[tuple[int, int], Cell]
    labels: dict[tuple[int, int], Match]  # by the top left place of the cell
    rows: int
    columns: int

    def at(self, row: int, column: int) -> Cell | None:
        return self.cells.get((row, column))

    def label(self, cell: Cell | None) -> Match | None:
        return self.labels.get((cell.row, cell.column)) if cell is not None else None

    def row(self, row: int) -> list[Cell]:
        """The cells that cover a row, left to right, each once."""
        found: list[Cell] = []
        for column in range(self.columns):
            cell = self.at(row, column)
            if cell is not None and (not found or found[-1] is not cell):
                found.append(cell)
        return found


def grid_of(table: Table, labels: Labels, most: int = 200_000) -> Grid:
    """Lay a table out. most: places that are filled at most; cells beyond are left out."""
    places: dict[tuple[int, int], Cell] = {}
    known: dict[tuple[int, int], Match] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + min(cell.row_span, 2000)):
            for column in range(cell.column, cell.column + min(cell.column_span, 500)):
                if len(places) < most:
                    places.setdefault((row, column), cell)
        match = labels.match(cell.text, recognised=source_of(cell.lines) is Source.OCR)
        if match is not None:
            known[cell.row, cell.column] = match
    rows = max((row for row, _ in places), default=-1) + 1
    columns = max((column for _, column in places), default=-1) + 1
    return Grid(places, known, rows, columns)


def table_statements(
    table: Table, labels: Labels, whereabouts: Whereabouts, taken: Container[int]
) -> Iterator[Statement]:
    """Every statement of a table in reading order but for the rows `taken`; moves `whereabouts` on."""
    grid = grid_of(table, labels)
    below: set[int] = set()  # rows that a header above speaks for
    said: set[int] = set()  # rows that are the value of the label above
    for row in range(grid.rows):
        cells = [cell for cell in grid.row(row) if squeeze(cell.text) != ":"]  # 项目名称 | ： | 科技助农行动
        if row in taken or row in said or (row in below and not _is_pairs(grid, cells)):
            continue
        header = _header(grid, row, cells)
        if header:
            last = row
            for statement_row, statement in _below(grid, row, header):
                last = max(last, statement_row)
                yield whereabouts.of(statement)
            below.update(range(row + 1, last + 1))
            continue
        persons = _persons(grid, row, cells, labels)
        if persons:
            for statement_row, statement in _columns_of_persons(grid, row, persons):
                below.add(statement_row)
                yield whereabouts.of(statement)
            continue
        under = _under(grid, row, cells, taken)
        if under is not None:
            statement = whereabouts.of(_statement(grid, cells[0], under))
            yield statement
            whereabouts.pass_label(statement.label)
            if not any(split_line(line, labels) for line in under.lines):
                said.add(row + 1)
            continue
        if _heads(grid, cells):
            whereabouts.pass_heading(cells[0].text)
            yield from _inside(cells[0], labels, whereabouts, Scope(), Scope())
            continue
        yield from _across(grid, row, cells, labels, whereabouts)


def _under(grid: Grid, row: int, cells: list[Cell], taken: Container[int]) -> Cell | None:
    """The value of a label that has a row for itself: the next row, where that is one cell, too, and no label."""
    if len(cells) != 1 or cells[0].row != row or grid.label(cells[0]) is None or row + 1 in taken:
        return None
    following = grid.row(row + 1) if row + 1 < grid.rows else []
    value = following[0] if len(following) == 1 else None
    if value is None or value is cells[0] or grid.label(value) is not None or is_heading(value.text):
        return None
    return value


def _heads(grid: Grid, cells: list[Cell]) -> bool:
    """A row of one cell that is short or numbered: a heading."""
    if len(cells) != 1 or not cells[0].text.strip():
        return False
    text = cells[0].text.strip()
    return is_heading(text) or (len(text) <= 20 and not re.search(r"[:：。]", text) and grid.columns > 1)


def _is_pairs(grid: Grid, cells: list[Cell]) -> bool:
    """A row that begins with a label followed by something else: label beside value."""
    if len(cells) < 2:
        return len(cells) == 1
    return grid.label(cells[0]) is not None and not is_person(grid.labels[cells[0].row, cells[0].column].label)


def _header(grid: Grid, row: int, cells: list[Cell]) -> list[Cell]:
    """The label cells of a header row; [] where the row is none."""
    known = [cell for cell in cells if grid.label(cell) is not None]
    # A group label at the left that spans rows does not belong to the header.
    group = cells[0] if cells and cells[0].row_span > 1 else None
    rest = [cell for cell in cells if cell is not group]
    others = [cell for cell in rest if grid.label(cell) is None and cell.text.strip()]
    empty = [cell for cell in rest if not cell.text.strip()]
    inner = [cell for cell in known if cell is not group]
    if len(inner) < 2 or (empty and not (len(empty) == 1 and empty[0] is rest[0])):
        return []
    if others and not (len(others) <= len(inner) and _table_like(grid, row, rest)):
        return []
    following = [cell for cell in grid.row(row + 1) if cell is not group] if row + 1 < grid.rows else []
    if not following or any(grid.label(cell) is not None for cell in following[1:]):
        return []  # labels stand beside their values below, so they do here
    first = grid.label(following[0])
    if len(inner) > 2 and inner[0] is rest[0] and first is not None and is_person(first.label):
        return inner[1:]  # 类别 | 姓名 | 手机 above 负责人 | 文丽萍 | …: the first column says whose a row is
    return inner


def _table_like(grid: Grid, row: int, cells: list[Cell]) -> bool:
    """Neighbouring labels, or one at the row's end with no value beside it, and the same division of columns in the
    next row: headings over columns."""
    adjacent = any(grid.label(a) and grid.label(b) for a, b in pairwise(cells)) or grid.label(cells[-1]) is not None
    following = [cell for cell in grid.row(row + 1) if cell.row == row + 1] if row + 1 < grid.rows else []
    return adjacent and [c.column for c in following] == [c.column for c in cells]


def _persons(grid: Grid, row: int, cells: list[Cell], labels: Labels) -> dict[int, str]:
    """Columns that each belong to a person, as a row of their titles alone says: column → label; {} for none."""
    titles = {cell.column: match.label for cell in cells if (match := grid.label(cell)) is not None}
    if len(titles) < 2 or any(cell.text.strip() for cell in cells if cell.column not in titles and cell.column):
        return {}
    if len(set(titles.values())) < len(titles) or min(titles) == 0:
        return {}
    following = grid.row(row + 1) if row + 1 < grid.rows else []
    if not following or grid.label(following[0]) is None or is_person(grid.labels[_top_left(following[0])].label):
        return {}
    return titles if all(is_person(label) and labels.anchor(label) for label in titles.values()) else {}


def _columns_of_persons(grid: Grid, row: int, persons: dict[int, str]) -> Iterator[tuple[int, Statement]]:
    """The rows below a row of persons: a label at the left, and each person's value in their column."""
    for below in range(row + 1, min(grid.rows, row + 1 + _ROWS_BELOW)):
        cells = grid.row(below)
        label = cells[0] if cells else None
        if label is None or grid.label(label) is None or not set(persons) <= {cell.column for cell in cells[1:]}:
            return
        for column, person in persons.items():
            yield below, replace(_statement(grid, label, grid.at(below, column)), person=Scope(person, True))


def _top_left(cell: Cell) -> tuple[int, int]:
    return cell.row, cell.column


def _below(grid: Grid, row: int, header: list[Cell]) -> Iterator[tuple[int, Statement]]:
    """The values below a header row, row by row, while the columns stay the same and no new labels begin."""
    group = grid.at(row, 0)
    for below in range(row + 1, min(grid.rows, row + 1 + _ROWS_BELOW)):
        cells = grid.row(below)
        if len(cells) > len(header) and cells[0] is group:
            cells = cells[1:]  # what spans the header too is no row's own
        first = cells[0] if cells else None
        if first is None or len(cells) < len(header):
            return
        known = [cell for cell in cells if grid.label(cell) is not None]
        if len(known) > 1 or (known and known[0] is not first):
            return
        title = normal_label(first.text) if first not in header and first.column < header[0].column else ""
        if not title and group is not None and group not in header and below < group.row + group.row_span:
            title = normal_label(group.text)  # 负责人 beside the header and its values
        unit = unit_note(group.text) if group is not None and group not in header else ""
        person = Scope(title, True) if title and is_person(title) else Scope()
        body = Scope(title, True) if title and not is_person(title) else Scope()
        if known and not title:
            return
        for label in header:
            cell = grid.at(below, label.column)
            if not title and is_person(name := grid.labels[_top_left(label)].label):
                person = Scope(name, True)  # 联系人 | 联系电话: the telephone is that person's
            if cell is not None and cell.row == below:
                yield below, replace(_statement(grid, label, cell), person=person, body=body, unit=unit)


def _across(grid: Grid, row: int, cells: list[Cell], labels: Labels, whereabouts: Whereabouts) -> Iterator[Statement]:
    person, body = Scope(), Scope()
    for index, cell in enumerate(cells):
        match = grid.label(cell)
        following = cells[index + 1] if index + 1 < len(cells) else None
        if match is None:
            if _names_group(grid, cell, following, labels):
                title = normal_label(cell.text)
                person, body = (Scope(title, True), body) if is_person(title) else (Scope(), Scope(title, True))
            elif cell.row == row:
                unit = _unit_left(grid, cells[:index])
                if index and grid.label(cells[index - 1]) is not None:  # 经费（万元） | 申请经费：9.6 自筹：2.4
                    unit = unit_note(cells[index - 1].text) or unit
                whose = person if person.text else _above_in_cells(grid, cell, body, labels)
                for statement in _inside(cell, labels, whereabouts, whose, body):
                    told = replace(statement, unit=unit or statement.unit)
                    yield _with_title(told, cells, labels) if index else told
            continue
        names_group = following is not None and grid.label(following) is not None
        # 负责人 | 姓名：王铁虎 电话：…: what stands there has labels of its own
        names_group = names_group or (is_person(match.label) and _speaks(following, labels))
        if cell.row == row and not names_group:
            own = _above(grid, cell, following, labels) if not person.text else person
            rest = _until_label(grid, cells[index + 1 :], labels)
            statement = _statement(grid, cell, following, rest)
            statement = _with_title(statement, cells, labels)
            yield whereabouts.of(replace(statement, person=own, body=body, unit=_unit_left(grid, cells[:index])))
        if labels.anchor(match.label):
            if is_person(match.label):
                person = Scope(match.label, True)
            else:  # beside several rows: whoever was named in one of them is still meant in the next
                person = Scope() if cell.row == row else whereabouts.person
                body = Scope(match.label, True)
            if cell.row == row:
                whereabouts.pass_label(match.label)


def _with_title(statement: Statement, cells: list[Cell], labels: Labels) -> Statement:
    """The statement under the label that the row's first cell and its own make up: 项目 | 名称, 项目情况 | 名称 are
    项目名称."""
    title = _SECTION.sub("", normal_label(cells[0].text))
    whole = f"{title}{statement.label}"
    own = statement.written == cells[0].text
    return statement if own or len(title) > 4 or whole not in labels.known else replace(statement, label=whole)


def _speaks(cell: Cell | None, labels: Labels) -> bool:
    """A cell begins with a label of its own."""
    first = cell.lines[0] if cell is not None and cell.lines else None
    found = split_line(first, labels) if first is not None else []
    return bool(found) and first is not None and first.text.lstrip().startswith(found[0].written.strip())


def _names_group(grid: Grid, cell: Cell, following: Cell | None, labels: Labels) -> bool:
    """A cell that is no label of its own but says whose the labels beside it are: 结对县情况 | 所在省份 | …"""
    title = cell.text.strip()
    if not 0 < len(title) <= 30 or not labels.anchor(title) or refers(title):
        return False
    if grid.label(following) is not None:
        return True
    holds = following is not None and any(split_line(line, labels) for line in following.lines)
    own = any(split_line(line, labels) for line in cell.lines)
    return holds and (not own or _SECTION.search(squeeze(title)) is not None)


def _unit_left(grid: Grid, cells: list[Cell]) -> str:
    """The unit that a group's label at the left states: 经费（万元） | 申请经费 | 20."""
    groups = [cell for i, cell in enumerate(cells) if not i or cell.row_span > 1 or grid.label(cell) is None]
    return next((note for cell in reversed(groups) if len(cell.text) <= 30 and (note := unit_note(cell.text))), "")


def _above(grid: Grid, cell: Cell, value: Cell | None, labels: Labels) -> Scope:
    """The person named above in the column of a label or its value, where the row above names several side by side."""
    columns = {cell.column} | ({value.column} if value is not None else set())
    for row in range(cell.row - 1, max(-1, cell.row - 6), -1):
        persons = []
        for other in grid.row(row):
            match = grid.label(other)
            if match is not None and is_person(match.label) and labels.anchor(match.label):
                persons.append((range(other.column, other.column + other.column_span), match.label))
        if len(persons) > 1:
            return next((Scope(label, True) for over, label in persons if columns & set(over)), Scope())
        if persons:
            return Scope()
    return Scope()


def _above_in_cells(grid: Grid, cell: Cell, body: Scope, labels: Labels) -> Scope:
    """As `_above`, where labels and values share cells: 项目负责人：甲 | 联系人：乙 above 手机：… | 手机：…

    It looks no higher than the title beside the row reaches.
    """
    if not any(split_line(line, labels) for line in cell.lines):
        return Scope()
    for row in range(cell.row - 1, max(-1, cell.row - 6), -1):
        if body.text and grid.at(row, 0) is not grid.at(cell.row, 0):
            return Scope()
        named = {other.column: label for other in grid.row(row) if (label := _opened_person(other, labels))}
        if len(named) > 1:
            return Scope(named[cell.column], True) if cell.column in named else Scope()
        if named:
            return Scope()
    return Scope()


def _opened_person(cell: Cell, labels: Labels) -> str:
    """The label of a person with which a cell begins; "" for none."""
    found = split_line(cell.lines[0], labels) if cell.lines else []
    label = found[0].label if found else ""
    return label if is_person(label) and labels.anchor(label) else ""


def _until_label(grid: Grid, cells: list[Cell], labels: Labels) -> list[Cell]:
    found: list[Cell] = []
    for cell in cells:
        if grid.label(cell) is not None or (found and any(split_line(line, labels) for line in cell.lines)):
            break
        found.append(cell)
    return found


def _inside(cell: Cell, labels: Labels, whereabouts: Whereabouts, person: Scope, body: Scope) -> Iterator[Statement]:
    """“label: value” inside one cell, perhaps several, perhaps over several lines."""
    written = [line for line in cell.lines if line.text.strip()]
    for number, line in enumerate(written):
        below = written[number + 1 :]
        found = split_line(line, labels)
        for last, statement in zip((each is found[-1] for each in found), found, strict=True):
            statement = with_below(statement, line, below[0] if below else None, labels, held=True)
            if last and statement.value and statement.place == line.place:
                statement = _wrapped(statement, line, below, cell, labels)
            placed = replace(statement, place=_place(cell, line.place), person=person, body=body)
            yield whereabouts.of(placed)
            whereabouts.pass_label(statement.label)


def _wrapped(statement: Statement, line: Line, below: Sequence[Line], cell: Cell, labels: Labels) -> Statement:
    """The last statement of a line in a cell on a page, with the lines below that go on where the cell had no more
    room (职务：副秘 / 书长)."""
    outer, value, confidence = cell.place.box, [statement.value], statement.confidence
    for following in below[:_WRAPPED]:
        box = line.place.box
        if outer is None or box is None or outer.right - box.right > _ROOM * box.width / len(line.text):
            break
        if line.place.page != following.place.page or is_heading(following.text) or split_line(following, labels):
            break
        value.append(following.text.strip())
        confidence, line = min(confidence, following.confidence), following
    return statement if len(value) == 1 else replace(statement, value="\n".join(value), confidence=confidence)


def _place(cell: Cell, place: Place) -> Place:
    return place if place.box is not None or place.path else cell.place


def _statement(grid: Grid, label: Cell, value: Cell | None, rest: list[Cell] | None = None) -> Statement:
    match = grid.labels[label.row, label.column]
    cells = rest or []
    more = "  ".join(joined(cell.lines) for cell in cells if cell is not value)
    used = value.lines if value is not None and value.lines else label.lines
    return Statement(
        label=match.label,
        written=label.text,
        value=joined(value.lines) if value is not None else "",
        place=value.place if value is not None else label.place,
        more=more,
        confidence=min((line.confidence for line in used), default=1.0),
        source=source_of(used),
        cost=match.cost,
    )
