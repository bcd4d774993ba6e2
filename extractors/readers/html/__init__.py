"""Web pages (.html, .mht), which Word and web portals save under the name .doc.

The tree is walked from start to end, without recursion: block elements end a line, table elements build tables with
their column and row spans. What the page hides (display:none, mso-hide) is marked hidden; deleted text (<del>) is gone.
Nothing is fetched: pictures count only where they lie in the file.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from lxml import etree

from extractors.document import Block, Cell, Defect, Document, Line, Place, Table
from extractors.errors import Damaged, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers.encodings import decoded
from extractors.readers.html import mht
from extractors.readers.looking import Image, Viewer

_BLOCKS = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "hr",
    "address", "section", "article", "center", "form", "fieldset", "body", "caption",
})  # fmt: skip
_UNSHOWN = frozenset({"script", "style", "head", "del", "noscript", "template", "iframe", "object", "select", "xml"})
_BLANK = re.compile(r"[ \t\r\n\f]+")
_HIDES = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)
_MOST_SPAN = 1000


def recognises(data: bytes) -> bool:
    """An <html> or a doctype for it near the beginning, or a web page archived as MHT."""
    if mht.recognises(data):
        return True
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8")
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return head.startswith(b"<") and (head.startswith(b"<!doctype html") or re.search(rb"<html[\s>]", head) is not None)


def read(data: bytes, look: Look, limits: Limits) -> Document:
    """What the page states. Raises Damaged where nothing of it can be parsed, TooLarge beyond `limits`."""
    format, page, charset, resources = "html", data, "", {}
    if mht.recognises(data):
        archive = mht.read(data)
        format, page, charset, resources = "mht", archive.page.content, archive.page.charset, archive.resources
    named = _CHARSET.search(page[:4096])
    text = decoded(page, charset or (named.group(1).decode("ascii") if named else ""))
    walker = _Walker(limits, resources)
    walker.walk(_tree(text))
    seen = Viewer(look, limits)
    on_pictures = [block for image in walker.images for block in seen.look_at(image)]
    return Document(
        format=format,
        blocks=(*walker.blocks, *on_pictures),
        pictures=tuple(seen.pictures),
        seals=tuple(seen.seals),
        handwriting=tuple(seen.handwriting),
        properties=(("title", walker.title),) if walker.title else (),
        defects=(*walker.defects, *seen.defects),
    )


def _tree(text: str) -> etree._Element:
    parser = etree.HTMLParser(recover=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as e:
        raise Damaged(f"html: {e}") from e
    if root is None:
        raise Damaged("html: no element")
    return root


@dataclass(slots=True)
class _OpenTable:
    path: str
    cells: list[Cell] = field(default_factory=list)
    row: int = -1
    column: int = 0
    taken: dict[tuple[int, int], bool] = field(default_factory=dict)
    open: bool = False  # a cell is under way, with these:
    lines: list[Line] = field(default_factory=list)
    rows: int = 1
    columns: int = 1
    inner: int = 0


class _Walker:
    """Makes blocks of a tree."""

    def __init__(self, limits: Limits, resources: dict[str, mht.Part]) -> None:
        self._limits = limits
        self._resources = resources
        self._tables: list[_OpenTable] = []
        self._inner: list[Table] = []
        self._text: list[str] = []
        self._unshown = 0
        self._hidden = 0
        self._level = 0
        self._in_title = False
        self._paragraphs = 0
        self._outermost = 0
        self._count = 0
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.defects: list[Defect] = []
        self.title = ""

    def walk(self, root: etree._Element) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            tag = element.tag.lower().rpartition(":")[2] if isinstance(element.tag, str) else ""
            if event == "start":
                self._start(tag, element)
                self._add(element.text)
            else:
                self._end(tag, element)
                self._add(element.tail)
        self._break()
        while self._tables:
            self._end_table()

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._in_title:
            self.title = (self.title + _BLANK.sub(" ", text)).strip()[:500]
        elif not self._unshown:
            self._text.append(_BLANK.sub(" ", text))

    def _start(self, tag: str, element: etree._Element) -> None:
        if tag == "title":
            self._in_title = True
        if tag in _UNSHOWN:
            self._unshown += 1
        if _HIDES.search(element.get("style") or ""):
            self._break()
            self._hidden += 1
        if self._unshown:
            return
        if tag in _BLOCKS or tag in ("table", "tr", "td", "th"):
            self._break()
        if tag == "br":
            self._text.append("\n")
        elif tag == "table":
            self._start_table()
        elif tag == "tr" and self._tables:
            self._end_cell()
            self._tables[-1].row += 1
            self._tables[-1].column = 0
        elif tag in ("td", "th") and self._tables:
            self._start_cell(element)
        elif tag == "input":
            self._input(element)
        elif tag == "img":
            self._image(element)
        elif tag[:1] == "h" and tag[1:] in "123456" and len(tag) == 2:
            self._level = int(tag[1])

    def _end(self, tag: str, element: etree._Element) -> None:
        if tag == "title":
            self._in_title = False
        if tag in _UNSHOWN:
            self._unshown -= 1
        elif not self._unshown:
            if tag in _BLOCKS or tag in ("table", "tr", "td", "th"):
                self._break()
            if tag in ("td", "th") and self._tables:
                self._end_cell()
            elif tag == "table" and self._tables:
                self._end_table()
            if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
                self._level = 0
        if _HIDES.search(element.get("style") or ""):
            self._break()
            self._hidden -= 1

    def _break(self) -> None:
        """The end of a line."""
        text = "".join(self._text)
        self._text.clear()
        for part in text.split("\n"):
            shown = part.strip()
            if not shown:
                continue
            table = self._tables[-1] if self._tables else None
            if table is not None:
                place = Place(path=self._cell_path(table))
                table.lines.append(Line(shown, place, hidden=self._hidden > 0, level=self._level))
                continue
            self._paragraphs += 1
            place = Place(path=f"paragraph {self._paragraphs}")
            self._put(Line(shown, place, hidden=self._hidden > 0, level=self._level))

    def _put(self, block: Block) -> None:
        self._count += 1
        if self._count > self._limits.blocks:
            raise TooLarge("blocks", f"more than {self._limits.blocks} lines and tables")
        self.blocks.append(block)

    def _cell_path(self, table: _OpenTable) -> str:
        return f"{table.path} / row {max(table.row, 0) + 1} / cell {table.column + 1}"

    def _start_table(self) -> None:
        if len(self._tables) >= self._limits.depth:
            raise TooLarge("depth", f"tables nested more than {self._limits.depth} deep")
        if self._tables:
            outer = self._tables[-1]
            outer.inner += 1
            self._tables.append(_OpenTable(f"{self._cell_path(outer)} / table {outer.inner}"))
        else:
            self._outermost += 1
            self._tables.append(_OpenTable(f"table {self._outermost}"))

    def _start_cell(self, element: etree._Element) -> None:
        self._end_cell()
        table = self._tables[-1]
        table.row = max(table.row, 0)
        while (table.row, table.column) in table.taken:
            table.column += 1
        table.open = True
        table.rows, table.columns = _span(element, "rowspan"), _span(element, "colspan")
        table.inner = 0

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if not table.open:
            return
        if len(table.taken) + table.rows * table.columns > 4 * self._limits.cells:
            raise TooLarge("cells", f"a table of more than {self._limits.cells} cells")
        place = Place(path=self._cell_path(table))
        table.cells.append(Cell(tuple(table.lines), table.row, table.column, place, table.rows, table.columns))
        for row in range(table.row, table.row + table.rows):
            for column in range(table.column, table.column + table.columns):
                table.taken[row, column] = True
        table.column += table.columns
        table.lines.clear()
        table.open = False

    def _end_table(self) -> None:
        self._break()
        self._end_cell()
        table = self._tables.pop()
        lost = tuple(table.lines)  # text between the cells, which browsers show before the table
        if table.cells:
            self._inner.append(Table(tuple(table.cells), Place(path=table.path)))
        if self._tables:
            self._tables[-1].lines.extend(lost)
            return
        for line in lost:
            self._put(line)
        for made in reversed(self._inner):
            self._put(made)
        self._inner.clear()

    def _input(self, element: etree._Element) -> None:
        kind = (element.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            self._text.append("☑" if element.get("checked") is not None else "☐")
        elif kind == "text":
            self._text.append(element.get("value") or "")

    def _image(self, element: etree._Element) -> None:
        source = element.get("src") or ""
        table = self._tables[-1] if self._tables else None
        place = Place(path=self._cell_path(table) if table else f"paragraph {self._paragraphs + 1}")
        found = self._resource(source)
        if found is None:
            self.defects.append(
                Defect(
                    "linked_picture",
                    "文件中的图片是外部链接，未内嵌，无法查看。",
                    "A picture is linked from outside the file and was not looked at.",
                    place,
                    blind=True,
                )
            )
            return
        width, height = (_pixels(element.get(name)) / 96 for name in ("width", "height"))
        self.images.append(Image(found[1], found[0], place, width, height))

    def _resource(self, source: str) -> tuple[str, bytes] | None:
        """Media type and bytes of a picture that lies in the file; None for one that does not."""
        if source.startswith("data:"):
            head, _, body = source[5:].partition(",")
            try:
                content = binascii.a2b_base64(body) if head.endswith(";base64") else b""
            except (binascii.Error, ValueError):
                content = b""
            return head.partition(";")[0], content
        wanted = source.removeprefix("cid:").lower()
        for location, part in self._resources.items():
            if location == wanted or location.endswith("/" + wanted.rpartition("/")[2]):
                return part.media_type, part.content
        return None


def _span(element: etree._Element, name: str) -> int:
    value = (element.get(name) or "1").strip()
    return max(1, min(int(value), _MOST_SPAN)) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _pixels(value: str | None) -> int:
    digits = re.match(r"\d{1,5}", value or "")
    return int(digits.group()) if digits else 0
