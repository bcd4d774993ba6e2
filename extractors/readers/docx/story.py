"""A story of a .docx (body, header, note, ...): its paragraphs and tables in order, with what is anchored in them.

Text boxes and pictures stand after the paragraph that they are anchored to, and after the table if that paragraph is in
a cell; a nested table stands after the table around it. Paths tell where each belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from extractors.document import Block, Cell, Defect, Line, Place, Story, Table
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.readers.docx.inline import Inlines, checkbox, is_placeholder
from extractors.readers.docx.numbering import Numbering
from extractors.readers.docx.package import Element, Package
from extractors.readers.docx.pictures import Pictures, Shown, from_drawing, from_vml
from extractors.readers.docx.styles import Styles
from extractors.readers.docx.words import ALTERNATIVE, DGM, A, O, V, alternatives, child, number, r, value, w

_MOST_COLUMNS: Final = 1024
_WRAPPERS: Final = frozenset(w(name) for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent"))
_UNREAD_PARTS: Final = frozenset({w("altChunk"), w("subDoc")})


@dataclass(slots=True)
class Shared:
    """What all stories of a document have in common."""

    package: Package
    styles: Styles
    numbering: Numbering
    pictures: Pictures
    limits: Limits
    defects: list[Defect] = field(default_factory=list)
    blocks: int = 0

    def spend(self) -> None:
        self.blocks += 1
        if self.blocks > self.limits.blocks:
            raise TooLarge("blocks", f"more than {self.limits.blocks}")


@dataclass(slots=True)
class _Counts:
    """How many paragraphs, tables, ... have been met in one container."""

    by_name: dict[str, int] = field(default_factory=dict)

    def next(self, name: str) -> str:
        self.by_name[name] = self.by_name.get(name, 0) + 1
        return f"{name} {self.by_name[name]}"


@dataclass(slots=True)
class _OpenCell:
    """A cell that may still grow downwards."""

    lines: tuple[Line, ...]
    row: int
    column: int
    path: str
    columns: int
    rows: int = 1

    def closed(self) -> Cell:
        return Cell(self.lines, self.row, self.column, Place(path=self.path), self.rows, self.columns)


class StoryReader:
    """Reads containers of one part, one after another."""

    def __init__(self, shared: Shared, part: str, story: Story) -> None:
        self._shared = shared
        self._part = part
        self._story = story
        self._inlines = Inlines(shared.styles)

    def read(self, container: Element, path: str = "") -> list[Block]:
        """The blocks of a body, header, note or comment."""
        found = list(self._blocks(container, path, self._story, 0))
        if self._inlines.unclosed:
            self._shared.defects.append(
                Defect(
                    "unclosed_field",
                    "文档中有未结束的域，其后的文字可能未被读取。",
                    "A field is not ended; text after it may not have been read.",
                    Place(path=path),
                    blind=True,
                )
            )
        return found

    def _blocks(self, container: Element, path: str, story: Story, depth: int) -> Iterator[Block]:
        counts = _Counts()
        carried = ""
        for element in _flow(container):
            if element.tag == w("p"):
                own = _join(path, counts.next("paragraph"))
                carried, blocks = self._paragraph(element, own, story, depth, carried)
                yield from blocks
            elif element.tag == w("tbl"):
                yield from self._table(element, _join(path, counts.next("table")), story, depth + 1)
            elif element.tag == w("sdt"):
                self._shared.spend()
                yield Line(checkbox(element), Place(path=_join(path, counts.next("paragraph"))), story=story)
            else:
                self._shared.defects.append(_part_not_read(Place(path=path)))
        if carried.strip():
            yield Line(carried.strip(), Place(path=path), story=story)

    def _paragraph(
        self, paragraph: Element, path: str, story: Story, depth: int, carried: str
    ) -> tuple[str, list[Block]]:
        """The paragraph's blocks; where its mark is deleted, its text is carried into the next paragraph instead."""
        inline = self._inlines.read(paragraph)
        deleted_mark = child(paragraph, "pPr", "rPr", "del") is not None
        hidden = bool(inline.hidden.strip()) and not inline.text.strip()
        # An empty paragraph is numbered too: a form's column of ordinals is made so.
        prefix = "" if deleted_mark or hidden else self._shared.numbering.next(paragraph)
        text = carried + prefix + inline.text
        blocks: list[Block] = []
        if not deleted_mark:
            own = "" if carried.strip() else prefix.strip()
            blocks.extend(self._lines(text, path, story, hidden=False, number=own, of=paragraph))
        blocks.extend(self._lines(inline.hidden, path, story, hidden=True, of=paragraph))
        counts = _Counts()
        for drawing in inline.drawings:
            blocks.extend(self._drawing(drawing, path, counts, depth))
        return (text if deleted_mark else ""), blocks

    def _lines(
        self, text: str, path: str, story: Story, *, hidden: bool, number: str = "", of: Element | None = None
    ) -> Iterator[Line]:
        """A line for each stretch between line breaks; the first has the number. of: the paragraph, for its style."""
        styles = self._shared.styles
        style = "" if of is None else styles.name(value(child(of, "pPr", "pStyle")))
        level = 0 if of is None else styles.heading(of)
        for part in text.split("\n"):
            if shown := part.strip():
                self._shared.spend()
                yield Line(shown, Place(path=path), story=story, hidden=hidden, number=number, style=style, level=level)
                number = ""

    def _table(self, table: Element, path: str, story: Story, depth: int) -> Iterator[Block]:
        if depth > self._shared.limits.depth:
            self._shared.defects.append(_too_deep(Place(path=path)))
            return
        self._shared.spend()
        cells: list[_OpenCell] = []
        after: list[Block] = []
        above: dict[int, _OpenCell] = {}  # by column: the cell that a vertical merge continues
        for row_index, row in enumerate(_rows(table)):
            column = _columns(child(row, "trPr", "gridBefore"), 0)
            here: dict[int, _OpenCell] = {}
            for index, element in enumerate(_cells(row), 1):
                own = f"{path} / row {row_index + 1} / cell {index}"
                columns = _columns(child(element, "tcPr", "gridSpan"), 1)
                merged = self._merged(element, row_index, column, columns, above, here)
                if merged is None:
                    lines, extra = self._cell(element, own, story, depth)
                    merged = _OpenCell(lines, row_index, column, own, columns)
                    cells.append(merged)
                    after.extend(extra)
                here[column] = merged
                column += columns
                if len(cells) > self._shared.limits.cells or column > self._shared.limits.cells:
                    raise TooLarge("cells", f"{path}: more than {self._shared.limits.cells}")
            above = here
        if cells:
            yield Table(tuple(cell.closed() for cell in cells), Place(path=path))
        yield from after

    def _merged(
        self,
        element: Element,
        row: int,
        column: int,
        columns: int,
        above: dict[int, _OpenCell],
        here: dict[int, _OpenCell],
    ) -> _OpenCell | None:
        """The cell that `element` is merely a continuation of; it grows. None where it begins a cell of its own."""
        down = child(element, "tcPr", "vMerge")
        if down is not None and value(down) != "restart" and (origin := above.get(column)) is not None:
            origin.rows = row - origin.row + 1
            return origin
        across = child(element, "tcPr", "hMerge")
        if across is not None and value(across) != "restart" and here:
            left = here[max(here)]
            left.columns += columns
            return left
        return None

    def _cell(self, element: Element, path: str, story: Story, depth: int) -> tuple[tuple[Line, ...], list[Block]]:
        """The cell's own lines, and what stands in it besides: nested tables, text boxes, pictures."""
        if child(element, "tcPr", "cellDel") is not None:
            return (), []
        lines: list[Line] = []
        after: list[Block] = []
        for block in self._blocks(element, path, story, depth):
            if isinstance(block, Line) and block.story == story and _is_direct(block, path):
                lines.append(block)
            else:
                after.append(block)
        return tuple(lines), after

    def _drawing(self, element: Element, path: str, counts: _Counts, depth: int) -> Iterator[Block]:
        """Text boxes, pictures and other text of a drawing, wherever they are in it."""
        tag = element.tag
        if not isinstance(tag, str):
            return
        if tag == ALTERNATIVE:
            for each in alternatives(element):
                yield from self._drawing(each, path, counts, depth)
            return
        if tag == w("txbxContent"):
            if depth >= self._shared.limits.depth:
                self._shared.defects.append(_too_deep(Place(path=path)))
                return
            yield from self._blocks(element, _join(path, counts.next("text box")), Story.TEXT_BOX, depth + 1)
            return
        if tag == f"{{{A}}}blip":
            yield from self._picture(from_drawing(element), path, counts)
        elif tag == f"{{{V}}}imagedata":
            yield from self._picture(from_vml(element), path, counts)
        elif tag == f"{{{V}}}textpath":
            yield from self._lines(element.get("string") or "", path, Story.TEXT_BOX, hidden=False)
        elif tag == f"{{{DGM}}}relIds":
            yield from self._diagram(element, path)
        elif tag == f"{{{O}}}OLEObject":
            self._shared.defects.append(_embedded(element, Place(path=path)))
        for each in element:
            yield from self._drawing(each, path, counts, depth)

    def _picture(self, shown: Shown | None, path: str, counts: _Counts) -> Iterator[Block]:
        if shown is None:
            return
        for block in self._shared.pictures.read(self._part, shown, _join(path, counts.next("picture"))):
            self._shared.spend()
            yield block

    def _diagram(self, element: Element, path: str) -> Iterator[Block]:
        """SmartArt keeps its text in a part of its own."""
        relationship = self._shared.package.relationships(self._part).get(element.get(r("dm")) or "")
        root = None if relationship is None else self._shared.package.xml(relationship.target)
        for paragraph in () if root is None else root.iter(f"{{{A}}}p"):
            text = "".join(each.text or "" for each in paragraph.iter(f"{{{A}}}t"))
            yield from self._lines(text, path, Story.TEXT_BOX, hidden=False)


def _flow(container: Element) -> Iterator[Element]:
    """Paragraphs, tables, checkbox controls and unread parts of a container, through everything that merely wraps."""
    for element in container:
        tag = element.tag
        if tag in (w("p"), w("tbl")) or tag in _UNREAD_PARTS:
            yield element
        elif tag == w("sdt"):
            content = child(element, "sdtContent")
            if checkbox(element) and content is not None and content.find(w("p")) is None:
                yield element
            elif content is not None and not is_placeholder(element):
                yield from _flow(content)
        elif tag in _WRAPPERS:
            yield from _flow(element)
        elif tag == ALTERNATIVE:
            for each in alternatives(element):
                yield from _flow_one(each)


def _flow_one(element: Element) -> Iterator[Element]:
    if element.tag in (w("p"), w("tbl")):
        yield element
    else:
        yield from _flow(element)


def _rows(table: Element) -> Iterator[Element]:
    for element in _unwrapped(table, w("tr")):
        if child(element, "trPr", "del") is None:
            yield element


def _cells(row: Element) -> Iterator[Element]:
    yield from _unwrapped(row, w("tc"))


def _unwrapped(parent: Element, tag: str) -> Iterator[Element]:
    """Children of one kind, also those inside content controls, custom XML and insertions."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag == w("sdt") or element.tag in _WRAPPERS:
            yield from _unwrapped(element, tag)


def _columns(element: Element | None, otherwise: int) -> int:
    return min(max(number(element, otherwise), otherwise), _MOST_COLUMNS)


def _is_direct(line: Line, path: str) -> bool:
    """Whether a line is a paragraph of the cell at `path` itself."""
    rest = line.place.path.removeprefix(path).removeprefix(" / ")
    return " / " not in rest


def _join(path: str, name: str) -> str:
    return f"{path} / {name}" if path else name


def _too_deep(place: Place) -> Defect:
    return Defect(
        "depth_limit",
        "表格或文本框嵌套过深，其内层未读取。",
        "Tables or text boxes are nested too deeply; the inner ones were not read.",
        place,
        blind=True,
    )


def _part_not_read(place: Place) -> Defect:
    return Defect(
        "included_file_not_read",
        "文档引用了另一份文件的内容，未读取。",
        "The document includes another file, which was not read.",
        place,
        blind=True,
    )


def _embedded(element: Element, place: Place) -> Defect:
    program = element.get("ProgID") or "?"
    return Defect(
        "embedded_object",
        f"文档中嵌有对象（{program}），只查看了其图像。",
        f"The document holds an embedded object ({program}); only its picture was looked at.",
        place,
    )
