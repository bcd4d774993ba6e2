"""A flow printed on sheets of A4, as Word's printer does it: lines broken, tables ruled, rows kept on one page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby

from clients.simulator import fonts
from clients.simulator.flow import Checkbox, Flow, PageBreak, Paragraph, Run, Table, box
from clients.simulator.fonts import Face
from clients.simulator.linebreak import breaks
from clients.simulator.page import HEIGHT_MM, WIDTH_MM, Rule, Sheet, Text, width_of

_LEFT, _TOP, _BOTTOM = 26.0, 27.0, HEIGHT_MM - 24
_ROOM = WIDTH_MM - 2 * _LEFT
_POINT = 25.4 / 72
_PADDING = 1.6  # mm between a cell's rule and its text
_PARAGRAPH, _IN_CELL = 1.62, 1.42  # distance of lines in ems
_HEI = ("黑体", "SimHei")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a marked line was printed. text: the line, set from (x, y) at a size. page counts from 0."""

    page: int
    x: float
    y: float
    text: str
    size: float
    face: Face

    def after(self, part: str) -> float:
        """x behind the first occurrence of a part, or behind the line."""
        end = self.text.find(part) + len(part) if part and part in self.text else len(self.text)
        return self.x + width_of(self.text[:end], self.size, self.face)


@dataclass(slots=True)
class _Piece:
    """Print that stays together. All y are relative to its top, all x absolute."""

    height: float = 0.0
    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    marks: list[tuple[str, Spot]] = field(default_factory=list)

    def take(self, other: _Piece, y: float) -> None:
        """Put another piece into this one, its top at y."""
        self.texts += [replace(text, y=text.y + y) for text in other.texts]
        self.rules += [replace(rule, y=rule.y + y, y2=rule.y2 + y) for rule in other.rules]
        self.marks += [(name, replace(spot, y=spot.y + y)) for name, spot in other.marks]


@dataclass(frozen=True, slots=True)
class _Glyph:
    """One character as it is set. run: which run of the paragraph it belongs to."""

    character: str
    run: int
    size: float
    face: Face
    underline: bool

    @property
    def width(self) -> float:
        return width_of(self.character, self.size, self.face)


@dataclass(slots=True)
class Printed:
    """The sheets, and the spots of marked paragraphs by mark."""

    sheets: list[Sheet]
    spots: dict[str, Spot]


def typeset(flow: Flow) -> Printed:
    """Print a document. Raises ValueError for a table row that no page can hold."""
    setter = _Setter(flow)
    for index, block in enumerate(flow.blocks):
        if isinstance(block, PageBreak):
            setter.turn_page()
        elif isinstance(block, Table):
            for piece in _table_pieces(block, flow, _LEFT, _ROOM):
                setter.put(piece)
        else:
            if index == 0 and flow.text_box:
                setter.label(flow.text_box)
            for piece in _lines(block, flow, _LEFT, _ROOM, _PARAGRAPH):
                setter.put(piece)
    return Printed(setter.sheets, setter.spots)


class _Setter:
    """Puts pieces on sheets from top to bottom."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self.sheets: list[Sheet] = []
        self.spots: dict[str, Spot] = {}
        self._y = _TOP
        self.turn_page()

    def turn_page(self) -> None:
        sheet = Sheet()
        face = _face(self._flow.font, bold=False)
        for text, y in ((self._flow.header, 16.0), (self._flow.footer, HEIGHT_MM - 17)):
            if text:
                size = 9 * _POINT
                sheet.texts.append(Text(text, (WIDTH_MM - width_of(text, size, face)) / 2, y, size, face))
        self.sheets.append(sheet)
        self._y = _TOP

    def label(self, text: str) -> None:
        """The floating text box."""
        face = _face(self._flow.font, bold=False)
        self.sheets[-1].texts.append(Text(text, _LEFT + 2, _TOP - 7, self._flow.size * _POINT, face))

    def put(self, piece: _Piece) -> None:
        if piece.height > _BOTTOM - _TOP:
            raise ValueError("a row is higher than a page")
        if self._y + piece.height > _BOTTOM:
            self.turn_page()
        whole = _Piece()
        whole.take(piece, self._y)
        sheet = self.sheets[-1]
        sheet.texts += whole.texts
        sheet.rules += whole.rules
        self.spots |= {name: replace(spot, page=len(self.sheets) - 1) for name, spot in whole.marks}
        self._y += piece.height


# ------------------------------------------------------------------------------------------ lines


def _face(font: str, *, bold: bool) -> Face:
    return Face(fonts.HEI if font in _HEI else fonts.SONG, 0.022 if bold else 0.0)


def _glyphs(block: Paragraph, flow: Flow) -> list[_Glyph]:
    glyphs = []
    for index, piece in enumerate(block.pieces):
        run = Run(box(checked=piece.checked) + piece.label + "  ") if isinstance(piece, Checkbox) else piece
        face = _face(run.font or flow.font, bold=run.bold)
        size = (run.size or flow.size) * _POINT
        glyphs += [_Glyph(character, index, size, face, run.underline) for character in _printable(run.text)]
    return glyphs


def _printable(text: str) -> str:
    """The check marks of Word's controls as the faces at hand have them."""
    return text.replace("☒", "☑").replace("☐", "□")


def _lines(block: Paragraph, flow: Flow, left: float, room: float, leading: float) -> list[_Piece]:
    """One piece a line."""
    glyphs = _glyphs(block, flow)
    if not glyphs:
        return [_Piece(flow.size * _POINT * leading)]
    room -= block.indent_mm
    left += block.indent_mm
    text = "".join(glyph.character for glyph in glyphs)
    pieces = []
    for start, end in breaks(text, [glyph.width for glyph in glyphs], room, room):
        line = glyphs[start:end]
        while end < len(glyphs) and len(line) > 1 and line[-1].character in " 　":
            line = line[:-1]
        width = sum(glyph.width for glyph in line)
        x = {"left": left, "centre": left + (room - width) / 2, "right": left + room - width}[block.align]
        pieces.append(_line(line, x, leading, block.mark))
    return pieces


def _line(line: list[_Glyph], x: float, leading: float, mark: str) -> _Piece:
    size = max(glyph.size for glyph in line)
    piece = _Piece(size * leading)
    y = size * (leading - 1.3) / 2
    if mark:
        text = "".join(glyph.character for glyph in line)
        piece.marks.append((mark, Spot(0, x, y, text, size, line[0].face)))
    for _, group in groupby(line, key=lambda glyph: glyph.run):
        run = list(group)
        first = run[0]
        text, width = "".join(glyph.character for glyph in run), sum(glyph.width for glyph in run)
        if text.strip():
            piece.texts.append(Text(text, x, y + size - first.size, first.size, first.face))
        if first.underline:
            piece.rules.append(Rule(x, y + size * 1.25, x + width, y + size * 1.25, 0.2))
        x += width
    return piece


# ----------------------------------------------------------------------------------------- tables


def _table_pieces(table: Table, flow: Flow, left: float, room: float) -> list[_Piece]:
    """One piece for each run of rows that no cell ties together."""
    scale = room / sum(table.widths)
    edges = [left]
    for width in table.widths:
        edges.append(edges[-1] + width * scale)
    bodies = [
        _cell_body(cell.blocks, flow, edges[cell.column], edges[cell.column + cell.columns]) for cell in table.cells
    ]
    heights = _row_heights(table, bodies)
    tied = {row for cell in table.cells for row in range(cell.row + 1, cell.row + cell.rows)}
    starts = [row for row in range(table.row_count) if row not in tied]
    pieces = []
    for start, end in zip(starts, [*starts[1:], table.row_count], strict=True):
        piece = _Piece(sum(heights[start:end]))
        for cell, body in zip(table.cells, bodies, strict=True):
            if start <= cell.row < end:
                top = sum(heights[start : cell.row])
                height = sum(heights[cell.row : cell.row + cell.rows])
                piece.take(body, top + (height - body.height) / 2)
                piece.rules += _frame(edges[cell.column], top, edges[cell.column + cell.columns], top + height)
        pieces.append(piece)
    return pieces


def _cell_body(blocks: tuple[Paragraph | Table, ...], flow: Flow, left: float, right: float) -> _Piece:
    body = _Piece()
    room = right - left - 2 * _PADDING
    for block in blocks:
        parts = (
            _table_pieces(block, flow, left + _PADDING, room)
            if isinstance(block, Table)
            else _lines(block, flow, left + _PADDING, room, _IN_CELL)
        )
        for part in parts:
            body.take(part, body.height)
            body.height += part.height
    return body


def _row_heights(table: Table, bodies: list[_Piece]) -> list[float]:
    """High enough for every cell; what a cell over several rows needs more goes to its last row."""
    heights = [max(table.height, 5.0)] * table.row_count
    paired = sorted(zip(table.cells, bodies, strict=True), key=lambda pair: pair[0].rows)
    for cell, body in paired:
        rows = range(cell.row, cell.row + cell.rows)
        missing = body.height + 2.0 - sum(heights[row] for row in rows)
        if missing > 0:
            heights[rows[-1]] += missing
    return heights


def _frame(left: float, top: float, right: float, bottom: float) -> list[Rule]:
    return [
        Rule(left, top, right, top),
        Rule(left, bottom, right, bottom),
        Rule(left, top, left, bottom),
        Rule(right, top, right, bottom),
    ]
