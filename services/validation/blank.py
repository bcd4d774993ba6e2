"""A blank paper as a form describes it: its title, its labels with nothing behind them, the header of its table.

Made to try a form out: whether it is recognised does not depend on what people fill in.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.document import Block, Cell, Document, Line, Place, Table
from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec

_LETTER = {
    Finder.DOCUMENT_NUMBER: "甲函〔2021〕1号",
    Finder.ADDRESSEE: "乙单位：",
    Finder.DEADLINE: "请予支持为盼。",
    Finder.SIGNATURE: "甲单位",
    Finder.SIGNATURE_DATE: "2021年1月1日",
}
"""What a letter has instead of labels, in the order in which it stands."""


def blank_paper(form: FormSpec) -> Document:
    """The paper, with each field's first label, as a flowing document."""
    finders = {finder for field in form.fields for finder in field.finders}
    above = [text for finder, text in _LETTER.items() if finder in finders and finder is Finder.DOCUMENT_NUMBER]
    below = [text for finder, text in _LETTER.items() if finder in finders and finder is not Finder.DOCUMENT_NUMBER]
    lines = [*above, form.titles[0], *(label for field in form.fields for label in _labels(field)), *below]
    blocks: list[Block] = [Line(text, Place(path=f"paragraph {n}")) for n, text in enumerate(lines, 1)]
    headers = [tuple(column.labels[0] for column in f.columns if column.labels) for f in form.fields]
    blocks += [_table(header, number) for number, header in enumerate(filter(None, headers), 1)]
    return Document("docx", blocks=tuple(blocks))


def _labels(field: FieldSpec) -> Iterator[str]:
    if field.type is FieldType.ROWS:
        return
    if field.labels and Finder.QUOTED not in field.finders and Finder.DEADLINE not in field.finders:
        options = "".join(f"□{option.labels[0]} " for option in field.options)
        yield f"{field.labels[0]}：{options}"


def _table(header: tuple[str, ...], number: int) -> Table:
    """A header and one empty row."""
    place = Place(path=f"table {number}")
    cells = [
        Cell((Line(text, place),) if text else (), row, column, place)
        for row, texts in enumerate((header, ("",) * len(header)))
        for column, text in enumerate(texts)
    ]
    return Table(tuple(cells), place)
