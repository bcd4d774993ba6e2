"""A flow as .docx: pieces that python-docx leaves to its users, and files that are equal byte for byte on every run."""

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

from clients.simulator.flow import Checkbox, Flow, PageBreak, Paragraph, Run, Table, box

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_V = "urn:schemas-microsoft-com:vml"
_ALIGN = {"left": None, "centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_PLAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_WITH_MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
_VBA = "application/vnd.ms-office.vbaProject"
_VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_CELL_MARGIN = 2.0  # mm on either side of a cell's text


def save(flow: Flow, author: str, moment: datetime, *, macros: bytes = b"") -> bytes:
    """The file. Every time in it is `moment`. macros: the VBA project of a .docm, b"" for a .docx."""
    document = _new_document(flow)
    _write_edges(document, flow)
    for index, block in enumerate(flow.blocks):
        if isinstance(block, PageBreak):
            document.add_page_break()
        elif isinstance(block, Table):
            _write_table(document, block)
        else:
            paragraph = document.add_paragraph()
            if index == 0 and flow.text_box:
                _add_text_box(paragraph, flow.text_box)
            _write_paragraph(paragraph, block)
    return _to_bytes(document, author, moment, macros)


def _new_document(flow: Flow) -> Any:
    """An empty A4 document whose text is set in an East Asian font (of the reader's machine; none is embedded)."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    style = document.styles["Normal"]
    style.font.name = "Times New Roman"
    style.font.size = Pt(flow.size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), flow.font)
    return document


def _write_edges(document: Any, flow: Flow) -> None:
    section = document.sections[0]
    for text, edge in ((flow.header, section.header), (flow.footer, section.footer)):
        if text:
            _write_paragraph(edge.paragraphs[0], Paragraph((Run(text, size=9),), "centre"))


def _write_paragraph(paragraph: Any, block: Paragraph) -> None:
    if block.align != "left":
        paragraph.alignment = _ALIGN[block.align]
    if block.indent_mm:
        paragraph.paragraph_format.left_indent = Mm(block.indent_mm)
    for piece in block.pieces:
        if isinstance(piece, Checkbox):
            _add_checkbox(paragraph, piece)
        else:
            _write_run(paragraph, piece)
    if block.picture is not None:
        paragraph.add_run().add_picture(io.BytesIO(block.picture.png), width=Mm(block.picture.width_mm))


def _write_run(paragraph: Any, piece: Run) -> None:
    run = paragraph.add_run(piece.text)
    run.bold = piece.bold or None
    run.underline = piece.underline or None
    if piece.size:
        run.font.size = Pt(piece.size)
    if piece.font:
        run.font.name = piece.font
        run._element.rPr.rFonts.set(qn("w:eastAsia"), piece.font)


def _write_table(parent: Any, block: Table, room: float = 0.0) -> None:
    """parent: the document, or the cell that holds the table; of that the room in mm, which the table then takes."""
    rows, columns = block.row_count, len(block.widths)
    scale = room / sum(block.widths) if room else 1.0
    widths = [width * scale for width in block.widths]
    table = parent.add_table(rows, columns)
    table.style = parent.part.document.styles["Table Grid"]
    table.autofit = False
    grid = list(table._cells)  # asked for once: python-docx builds it anew each time
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for index, cell in enumerate(grid):
        cell.width = Mm(widths[index % columns])
    for entry in block.cells:
        cell = grid[entry.row * columns + entry.column]
        if entry.rows > 1 or entry.columns > 1:
            last = (entry.row + entry.rows - 1) * columns + entry.column + entry.columns - 1
            cell = cell.merge(grid[last])
        _write_cell(cell, entry.blocks, sum(widths[entry.column : entry.column + entry.columns]))
    if block.height:
        for row in table.rows:
            row.height = Mm(block.height)


def _write_cell(cell: Any, blocks: tuple[Paragraph | Table, ...], width: float) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    first = cell.paragraphs[0]
    for paragraph in cell.paragraphs[1:]:  # what a merge has left
        paragraph._p.getparent().remove(paragraph._p)
    fresh = True
    for block in blocks:
        if isinstance(block, Table):
            _write_table(cell, block, width - 2 * _CELL_MARGIN)
            cell.add_paragraph()  # Word wants one behind a nested table
        else:
            _write_paragraph(first if fresh else cell.add_paragraph(), block)
        fresh = False


def _add_checkbox(paragraph: Any, piece: Checkbox) -> None:
    """w14:checkbox, its label behind it."""
    paragraph._p.append(
        parse_xml(
            f'<w:sdt xmlns:w="{_W}" xmlns:w14="{_W14}"><w:sdtPr><w:id w:val="{piece.number}"/><w14:checkbox>'
            f'<w14:checked w14:val="{int(piece.checked)}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            f'<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r>'
            f'<w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/></w:rPr>'
            f"<w:t>{box(checked=piece.checked)}</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )
    _write_run(paragraph, Run(piece.label + "  "))


def _add_text_box(paragraph: Any, text: str) -> None:
    """A floating text box (VML, as older Word writes it) at the top left."""
    style = (
        "position:absolute;margin-left:0mm;margin-top:-8mm;width:30mm;height:9mm;z-index:1;"
        "mso-position-horizontal-relative:margin;mso-position-vertical-relative:text"
    )
    paragraph._p.append(
        parse_xml(
            f'<w:r xmlns:w="{_W}" xmlns:v="{_V}"><w:pict><v:shape id="box1" style="{style}" stroked="f" filled="f">'
            f"<v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox>"
            "</v:shape></w:pict></w:r>"
        )
    )


def _to_bytes(document: Any, author: str, moment: datetime, macros: bytes) -> bytes:
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
        entries = [(entry.filename, source.read(entry)) for entry in source.infolist()]
        for name, data in _with_macros(entries, macros) if macros else entries:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, data)
    return fixed.getvalue()


def _with_macros(entries: list[tuple[str, bytes]], project: bytes) -> list[tuple[str, bytes]]:
    """The parts of a .docm: another type of the main part, and the VBA project that it refers to."""
    result = []
    for name, data in entries:
        changed = data
        if name == "[Content_Types].xml":
            override = f'<Override PartName="/word/vbaProject.bin" ContentType="{_VBA}"/></Types>'
            changed = data.replace(_PLAIN, _WITH_MACROS).replace(b"</Types>", override.encode())
        elif name == "word/_rels/document.xml.rels":
            relation = f'<Relationship Id="rIdVba" Type="{_VBA_RELATION}" Target="vbaProject.bin"/></Relationships>'
            changed = data.replace(b"</Relationships>", relation.encode())
        result.append((name, changed))
    return [*result, ("word/vbaProject.bin", project)]
