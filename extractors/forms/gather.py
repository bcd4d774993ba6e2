"""What a document states: each label with its value, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.document import Document, Line, Place, Story, Table
from extractors.forms.budget import Budget
from extractors.forms.labels import Labels, named_together, normal_label, unit_note
from extractors.forms.lines import flowing_statements, page_statements
from extractors.forms.listing import Listing
from extractors.forms.statement import Scope, Statement, Whereabouts, is_person
from extractors.forms.tables import table_statements

_STORIES = (Story.BODY, Story.TEXT_BOX, Story.HEADER, Story.PICTURE)
_NAMES = ("名称", "全称", "单位名称", "单位全称")
_LEFT_HINT = re.compile(
    r"^\s*[(（](?:请|须|应|限|填|不超过|不多于|[^()（）]{0,12}(?:全称|填写|字以?内))[^()（）]{0,30}[)）]\s*(?=\S)"
)
_PERSON_NOTE = re.compile(r"[(（]([^()（）]{2,10})[)）]")
_BETWEEN = re.compile(r"\s*[/／、,，;；\n]\s*|\s{2,}")


def gather(document: Document, labels: Labels, found: Sequence[Budget | Listing] = ()) -> tuple[Statement, ...]:
    """Every statement of a document in reading order, but for the rows that budgets and lists take up."""
    taken: dict[int, set[int]] = {}
    for each in found:
        taken.setdefault(id(each.table), set()).update(each.lines)
    whereabouts = Whereabouts(labels)
    statements: list[Statement] = []
    pending: list[Line] = []
    titles: dict[str, str] = {}

    def flush() -> None:
        boxed = [line for line in pending if line.place.box is not None]
        flowing = [line for line in pending if line.place.box is None]
        statements.extend(flowing_statements(flowing, labels, whereabouts))
        # a label that fell out of its table's cells says nothing of whether something stands beside it
        among = page_statements(boxed, labels, whereabouts)
        statements.extend(each for each in among if each.value or not _in_table(each.place, document.tables))
        pending.clear()

    for block in document.blocks:
        if isinstance(block, Table):
            caption = unit_note(pending[-1].text) if pending and len(pending[-1].text) <= 30 else ""
            flush()
            whereabouts.unit = caption or whereabouts.unit
            titles |= _titles(block)
            if title := titles.get(block.place.path.rpartition(" / table ")[0]):
                whereabouts.pass_heading(title)  # a table in a cell is what the cell beside it says
            statements.extend(table_statements(block, labels, whereabouts, taken.get(id(block), set())))
        elif block.story in _STORIES and not block.hidden:
            if pending and pending[-1].place.page != block.place.page:
                flush()
            pending.append(block)
    flush()
    return tuple(_bare(each) for statement in statements for each in _apart(statement, labels))


def _in_table(place: Place, tables: Sequence[Table]) -> bool:
    """Whether a place on a page lies within a table's outline."""
    box = place.box
    if box is None:
        return False
    outlines = (table.place.box for table in tables if table.place.page == place.page)
    return any(outline is not None and outline.holds_middle_of(box) for outline in outlines)


def _titles(table: Table) -> dict[str, str]:
    """What stands to the left of each empty cell of a table of flowing text, by the cell's path."""
    rows: dict[int, str] = {}
    titles: dict[str, str] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows[cell.row] = cell.text
        elif cell.row in rows and cell.place.path:
            titles[cell.place.path] = rows[cell.row]
    return titles


def _bare(statement: Statement) -> Statement:
    """The statement, its label once more in front of its value dropped (项目名称 | 项目名称：科技助农行动), and so the
    hint of the form that was left there (申报单位 | （请填写全称）中国草学会)."""
    label, *value = re.split("[:：]", statement.value, maxsplit=1)
    again = normal_label(label) in (statement.label, *_NAMES)
    own = value[0] if again and value and value[0].strip() else statement.value
    return replace(statement, value=_LEFT_HINT.sub("", own).strip())


def _apart(statement: Statement, labels: Labels) -> Iterator[Statement]:
    """A statement of two labels as two (项目负责人/联系人: 甲/乙).

    A note in brackets that names a person says whose the statement is: 手机（负责人）.
    """
    note = _PERSON_NOTE.search(statement.written)
    if note is not None and is_person(normal_label(note[1])) and not is_person(statement.label):
        statement = replace(statement, person=Scope(normal_label(note[1]), True), body=Scope())
    names = named_together(statement.written, labels)
    if not statement.cost and len({is_person(name) for name in names}) < 2:
        names = ()  # 职务/职称 is a label of its own; 负责人/职务 are a person and something of theirs
    values = [part for part in _BETWEEN.split(statement.value) if part] if names else []
    if not names or len(values) != len(names):
        yield statement
        return
    whose = Scope(names[0], True) if is_person(names[0]) else None  # 项目负责人/联系电话: that person's
    for name, value in zip(names, values, strict=True):
        apart = replace(statement, label=name, written=name, value=value, cost=1)
        yield apart if whose is None or is_person(name) else replace(apart, person=whose, body=Scope())
