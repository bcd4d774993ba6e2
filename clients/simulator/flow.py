"""A document as a person writes it in Word: paragraphs, tables, nested tables. word.py saves it, typeset.py prints it.

So that the same form exists as Word file and as stamped scan, a form is written once, in these blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look. size in points, 0 for the document's own; font: East Asian, "" for the document's own."""

    text: str
    size: float = 0
    bold: bool = False
    underline: bool = False
    font: str = ""


@dataclass(frozen=True, slots=True)
class Checkbox:
    """A box of Word's own (content control) with its label behind it. number: its id in the file."""

    checked: bool
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """mark: "" or what a pen or seal will find here on paper, as "slot/what" (see form/signing.py)."""

    pieces: tuple[Run | Checkbox, ...] = ()
    align: Align = "left"
    indent_mm: float = 0
    mark: str = ""
    picture: PastedPicture | None = None

    @property
    def text(self) -> str:
        return "".join(
            piece.text if isinstance(piece, Run) else box(checked=piece.checked) + piece.label for piece in self.pieces
        )


@dataclass(frozen=True, slots=True)
class PastedPicture:
    """A picture that stands in a Word file: PNG, its width on paper."""

    png: bytes
    width_mm: float


@dataclass(frozen=True, slots=True)
class Cell:
    """Stands at (row, column), from 0, and covers `rows` by `columns`."""

    row: int
    column: int
    blocks: tuple[Paragraph | Table, ...]
    rows: int = 1
    columns: int = 1


@dataclass(slots=True)
class Table:
    """A ruled table. widths: of the columns in mm. height: of a row at least, in mm."""

    widths: list[float]
    height: float = 0
    cells: list[Cell] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    def put(
        self, row: int, column: int, text: str, *, rows: int = 1, columns: int = 1, centred: bool = False,
        bold: bool = False,
    ) -> None:  # fmt: skip
        """Fill a cell with text; every "\\n" begins a new paragraph."""
        align: Align = "centre" if centred else "left"
        paragraphs = tuple(Paragraph((Run(part, bold=bold),) if part else (), align=align) for part in text.split("\n"))
        self.put_blocks(row, column, paragraphs, rows=rows, columns=columns)

    def put_blocks(
        self, row: int, column: int, blocks: tuple[Paragraph | Table, ...], *, rows: int = 1, columns: int = 1
    ) -> None:
        self.cells.append(Cell(row, column, blocks, rows, columns))


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


Block = Paragraph | Table | PageBreak


@dataclass(slots=True)
class Flow:
    """A whole document on A4. font: East Asian. size in points. text_box: floats above the first paragraph, or ""."""

    font: str
    size: float
    blocks: list[Block] = field(default_factory=list)
    header: str = ""
    footer: str = ""
    text_box: str = ""

    def add(
        self, text: str = "", *, align: Align = "left", size: float = 0, bold: bool = False, font: str = "",
        indent_mm: float = 0,
    ) -> None:  # fmt: skip
        """A paragraph of one look; without text an empty line."""
        pieces = (Run(text, size, bold, font=font),) if text else ()
        self.blocks.append(Paragraph(pieces, align, indent_mm))


def box(*, checked: bool) -> str:
    """How Word's own check box is shown."""
    return "☒" if checked else "☐"
