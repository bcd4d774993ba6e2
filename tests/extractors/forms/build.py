"""Small documents for the tests of forms, written down as their cells and lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractors.document import Box, Cell, Document, Field, FieldState, Line, Place, Source, Table
from extractors.forms.find import find
from extractors.forms.spec import FormSpec
from services.validation.call import load_call

CALL = load_call(Path(__file__).parents[3] / "services" / "calls" / "zhihui-2021")
FORM, LETTER = CALL.forms

Value = str | tuple[str, int, int]  # text, or (text, column span, row span)


def table(*rows: Sequence[Value]) -> Table:
    """A table as Word has it; a cell that a span of an earlier row covers is left out."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row, values in enumerate(rows):
        column = 0
        for value in values:
            text, across, down = value if isinstance(value, tuple) else (value, 1, 1)
            while (row, column) in taken:
                column += 1
            place = Place(path=f"table 1 / row {row + 1} / cell {column + 1}")
            lines = tuple(Line(part, place) for part in text.split("\n"))
            cells.append(Cell(lines, row, column, place, down, across))
            taken |= {(row + i, column + j) for i in range(down) for j in range(across)}
            column += across
    return Table(tuple(cells), Place(path="table 1"))


def word(*blocks: str | Table) -> Document:
    """A flowing document."""
    return Document(
        "docx",
        blocks=tuple(
            Line(block, Place(path=f"paragraph {number}")) if isinstance(block, str) else block
            for number, block in enumerate(blocks, 1)
        ),
    )


def scan(*lines: tuple[float, float, str] | tuple[float, float, str, float]) -> Document:
    """One recognised page. lines: left and top as fractions, text, confidence; a character is 0.02 wide and high."""
    placed = []
    for left, top, text, *confidence in lines:
        box = Box(left, top, left + 0.02 * len(text), top + 0.02)
        sure = confidence[0] if confidence else 0.98
        placed.append(Line(text, Place(1, box), sure, source=Source.OCR))
    return Document("png", blocks=tuple(placed))


def found(document: Document, form: FormSpec = FORM) -> dict[str, str]:
    """The values of the fields that are found."""
    return {field.id: field.value for field in find(document, form) if field.state is FieldState.FOUND}


def field(document: Document, id: str, form: FormSpec = FORM) -> Field:
    return next(field for field in find(document, form) if field.id == id)
