"""Pieces of .docx that python-docx leaves to its users, and files that are equal byte for byte on every run."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_V = "urn:schemas-microsoft-com:vml"
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def new_document(font: str, size: float) -> Any:
    """An empty A4 document whose text is set in an East Asian font (of the reader's machine; none is embedded)."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    style = document.styles["Normal"]
    style.font.name = "Times New Roman"
    style.font.size = Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return document


def write(
    paragraph: Any, text: str, *, size: float = 0, bold: bool = False, underline: bool = False, font: str = ""
) -> None:
    """Add text to a paragraph. size in points, 0 for the style's own; font: East Asian, "" for the style's own."""
    run = paragraph.add_run(text)
    run.bold = bold or None
    run.underline = underline or None
    if size:
        run.font.size = Pt(size)
    if font:
        run.font.name = font
        run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def ruled_table(document: Any, rows: int, columns: int, widths_mm: list[float]) -> Any:
    table = document.add_table(rows, columns)
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table


def set_heights(table: Any, height_mm: float) -> None:
    """Give every row at least this height."""
    for row in table.rows:
        row.height = Mm(height_mm)


def fill(cell: Any, text: str, *, centred: bool = False, bold: bool = False, size: float = 0) -> None:
    """Put text into a cell; every "\\n" begins a new paragraph."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for index, part in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        if centred:
            paragraph.alignment = CENTRE
        if part:
            write(paragraph, part, bold=bold, size=size)


def add_checkbox(paragraph: Any, *, checked: bool, label: str, number: int) -> None:
    """A check box as Word's content control (w14:checkbox), its label behind it."""
    glyph = "☒" if checked else "☐"
    paragraph._p.append(
        parse_xml(
            f'<w:sdt xmlns:w="{_W}" xmlns:w14="{_W14}"><w:sdtPr><w:id w:val="{number}"/><w14:checkbox>'
            f'<w14:checked w14:val="{int(checked)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            f'<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r>'
            f'<w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/></w:rPr>'
            f"<w:t>{glyph}</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )
    write(paragraph, label + "  ")


def add_text_box(paragraph: Any, text: str, *, left_mm: float, top_mm: float, width_mm: float) -> None:
    """A floating text box (VML, as older Word writes it)."""
    style = (
        f"position:absolute;margin-left:{left_mm}mm;margin-top:{top_mm}mm;width:{width_mm}mm;height:9mm;z-index:1;"
        "mso-position-horizontal-relative:margin;mso-position-vertical-relative:text"
    )
    paragraph._p.append(
        parse_xml(
            f'<w:r xmlns:w="{_W}" xmlns:v="{_V}"><w:pict><v:shape id="box1" style="{style}" stroked="f" filled="f">'
            f"<v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox>"
            "</v:shape></w:pict></w:r>"
        )
    )


def to_bytes(document: Any, author: str, moment: datetime) -> bytes:
    """The file, with every time in it (core properties, zip entries) set to a given moment."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = author
    properties.created = properties.modified = moment.replace(tzinfo=None, microsecond=0)
    properties.revision = 3
    raw = io.BytesIO()
    document.save(raw)
    fixed = io.BytesIO()
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second // 2 * 2)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, source.read(entry))
    return fixed.getvalue()
