"""WordprocessingML of Word 2003 (.xml, often under the name .doc): one XML file, before there was .docx.

The elements are nearly those of .docx, in another namespace. Word writes the text of an automatic number beside its
paragraph (wx:t in w:listPr), so nothing needs to be counted. Pictures lie in the file as base64 (w:binData).
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extractors.document import Block, Cell, Defect, Document, Line, Place, Story, Table
from extractors.errors import Damaged, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers import symbols
from extractors.readers.looking import Image, Viewer

_W = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_WX = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_O = "{urn:schemas-microsoft-com:office:office}"
_MARK = b"http://schemas.microsoft.com/office/word/2003/wordml"
_DEPTH = 100  # elements around a paragraph; Word's own files stay below 30
_MM_PER_TWIP = 25.4 / 1440
_STORIES = {f"{_W}hdr": Story.HEADER, f"{_W}ftr": Story.FOOTER, f"{_W}footnote": Story.NOTE, f"{_W}endnote": Story.NOTE}
_PROPERTIES = {
    "Title": "title", "Author": "creator", "LastAuthor": "last_modified_by", "Created": "created",
    "LastSaved": "modified", "Company": "company",
}  # fmt: skip
_MEDIA = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "emf": "image/x-emf",
    "emz": "image/x-emf", "wmf": "image/x-wmf", "wmz": "image/x-wmf", "bmp": "image/bmp", "tif": "image/tiff",
}  # fmt: skip


def recognises(data: bytes) -> bool:
    """XML whose head names the namespace of Word 2003."""
    head = data[:65536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") and _MARK in head and b"wordDocument" in head


def read(data: bytes, look: Look, limits: Limits) -> Document:
    """What the document states, changes accepted. Raises Damaged where it is no XML, TooLarge beyond `limits`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        raise Damaged(f"wordml: {e}") from e
    body = None if root is None else root.find(f".//{_W}body")
    if root is None or body is None:
        raise Damaged("wordml: no w:body")
    reader = _Reader(limits)
    blocks = reader.story(body, Story.BODY, "")
    apart: dict[Story, list[Block]] = {}
    for number, element in enumerate(root.iter(*_STORIES), 1):
        story = _STORIES[str(element.tag)]
        name = str(element.tag).removeprefix(_W)
        apart.setdefault(story, []).extend(reader.story(element, story, f"{name} {number} / "))
    seen = Viewer(look, limits)
    on_pictures = [block for image in reader.images for block in seen.look_at(image)]
    return Document(
        format="wordml",
        blocks=(
            *apart.get(Story.HEADER, ()),
            *blocks,
            *on_pictures,
            *apart.get(Story.NOTE, ()),
            *apart.get(Story.FOOTER, ()),
        ),
        pictures=tuple(seen.pictures),
        seals=tuple(seen.seals),
        handwriting=tuple(seen.handwriting),
        properties=tuple(_properties(root)),
        defects=(*reader.defects, *seen.defects),
    )


def _properties(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in root.iterfind(f"{_O}DocumentProperties/*"):
        name = _PROPERTIES.get(str(element.tag).removeprefix(_O))
        if name and element.text and element.text.strip():
            yield name, element.text.strip()


@dataclass(slots=True)
class _Counts:
    paragraphs: int = 0
    tables: int = 0


@dataclass(slots=True)
class _Inline:
    """A paragraph under way. fields: for each open field, whether its result has begun."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    fields: list[bool] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self._fields: list[bool] = []  # fields run over paragraphs
        self.images: list[Image] = []
        self.defects: list[Defect] = []

    def story(self, container: etree._Element, story: Story, prefix: str) -> list[Block]:
        return list(self._blocks(container, story, prefix, _Counts(), 0))

    def _blocks(
        self, container: etree._Element, story: Story, prefix: str, counts: _Counts, depth: int
    ) -> Iterator[Block]:
        """The blocks of an element; those that only group others (wx:sect, wx:sub-section, w:cfChunk) are entered."""
        if depth > _DEPTH:
            raise TooLarge("depth", f"elements nested more than {_DEPTH} deep")
        for element in container:
            tag = element.tag
            if tag == f"{_W}p":
                counts.paragraphs += 1
                yield from self._paragraph(element, story, f"{prefix}paragraph {counts.paragraphs}", depth)
            elif tag == f"{_W}tbl":
                counts.tables += 1
                yield from self._table(element, story, f"{prefix}table {counts.tables}", depth + 1)
            elif isinstance(tag, str) and tag not in _UNSHOWN and not _is_deleted(element):
                yield from self._blocks(element, story, prefix, counts, depth + 1)

    def _spend(self) -> None:
        self._count += 1
        if self._count > self._limits.blocks:
            raise TooLarge("blocks", f"more than {self._limits.blocks} paragraphs and tables")

    def _paragraph(self, element: etree._Element, story: Story, path: str, depth: int) -> Iterator[Block]:
        inline = _Inline(fields=self._fields)
        self._inlines(element, inline, path, depth, hidden=False)
        label = element.find(f"{_W}pPr/{_W}listPr/{_WX}t")
        number = "" if label is None else _number(label.get(f"{_WX}val") or "")
        outline = element.find(f"{_W}pPr/{_W}outlineLvl")
        level = _number_of(outline, 9) + 1
        for text, is_hidden in ((number + "".join(inline.shown), False), ("".join(inline.hidden), True)):
            for part in text.split("\n"):
                shown = part.strip()
                if shown:
                    self._spend()
                    own = "" if is_hidden else number.strip()
                    level = level if level <= 9 else 0
                    yield Line(shown, Place(path=path), story=story, hidden=is_hidden, number=own, level=level)
                    number = ""
        for box in inline.boxes:
            yield from self._blocks(box, Story.TEXT_BOX, f"{path} / text box / ", _Counts(), depth + 1)

    def _inlines(self, parent: etree._Element, inline: _Inline, path: str, depth: int, *, hidden: bool) -> None:
        if depth > _DEPTH:
            raise TooLarge("depth", f"elements nested more than {_DEPTH} deep")
        for element in parent:
            tag = element.tag
            if not isinstance(tag, str) or tag in _UNSHOWN or tag in _STORIES or _is_deleted(element):
                continue
            if tag == f"{_W}r":
                vanish = element.find(f"{_W}rPr/{_W}vanish")
                own = vanish is not None and vanish.get(f"{_W}val") != "off"
                self._inlines(element, inline, path, depth + 1, hidden=hidden or own)
            elif tag == f"{_W}fldChar":
                _field_mark(inline.fields, element.get(f"{_W}fldCharType") or "")
            elif tag == f"{_W}txbxContent":
                inline.boxes.append(element)
            elif tag == f"{_W}binData":
                self._picture(element, path)
            elif tag in _TEXTS or tag == f"{_W}t" or tag == f"{_W}sym":
                if all(inline.fields):
                    text = _text(element)
                    (inline.hidden if hidden else inline.shown).append(text)
            else:
                self._inlines(element, inline, path, depth + 1, hidden=hidden)

    def _picture(self, element: etree._Element, path: str) -> None:
        name = element.get(f"{_W}name") or ""
        try:
            data = binascii.a2b_base64(element.text or "")
        except (binascii.Error, ValueError):
            data = b""
        self.images.append(Image(data, _MEDIA.get(name.rpartition(".")[2].lower(), ""), Place(path=path)))

    def _table(self, table: etree._Element, story: Story, path: str, depth: int) -> Iterator[Block]:
        self._spend()
        cells: list[_Slot] = []
        inner: list[Block] = []
        above: dict[int, _Slot] = {}
        for row_number, row in enumerate(_children(table, "tr", 0)):
            column = _number_of(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
            here: dict[int, _Slot] = {}
            for number, element in enumerate(_children(row, "tc", 0), 1):
                place = Place(path=f"{path} / row {row_number + 1} / cell {number}")
                span = max(1, _number_of(element.find(f"{_W}tcPr/{_W}gridSpan"), 1))
                width = _number_of(element.find(f"{_W}tcPr/{_W}tcW"), 0, "w")
                blocks = list(self._blocks(element, story, f"{place.path} / ", _Counts(), depth + 1))
                lines = [block for block in blocks if isinstance(block, Line)]
                inner.extend(block for block in blocks if isinstance(block, Table))
                merge = element.find(f"{_W}tcPr/{_W}vmerge")
                origin = above.get(column)
                if merge is not None and merge.get(f"{_W}val") != "restart" and origin is not None:
                    origin.rows += 1
                    slot = origin
                else:
                    slot = _Slot(lines, row_number, column, span, place, width)
                    cells.append(slot)
                if merge is not None:
                    here[column] = slot
                column += span
            above = here
            if len(cells) > self._limits.cells:
                raise TooLarge("cells", f"a table of more than {self._limits.cells} cells")
        if cells:
            yield Table(tuple(_cell(slot) for slot in cells), Place(path=path))
        yield from inner


@dataclass(slots=True)
class _Slot:
    lines: list[Line]
    row: int
    column: int
    span: int
    place: Place
    width: int
    rows: int = 1


def _cell(slot: _Slot) -> Cell:
    width = round(slot.width * _MM_PER_TWIP, 1) if slot.width > 0 else None
    return Cell(tuple(slot.lines), slot.row, slot.column, slot.place, slot.rows, slot.span, width)


# Elements that state nothing people see, and those that have a story of their own.
_UNSHOWN = frozenset(
    {f"{_W}{name}" for name in ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "instrText", "fldData",
                                "docSuppData", "docOleData", "delText", "delInstrText")}
)  # fmt: skip
_TEXTS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": ""}


def _text(element: etree._Element) -> str:
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag == f"{_W}sym":
        code = element.get(f"{_W}char") or ""
        font = element.get(f"{_W}font") or ""
        return symbols.glyph(font, int(code, 16)) if code and len(code) <= 4 and _is_hexadecimal(code) else ""
    return _TEXTS[str(element.tag)]


def _is_hexadecimal(text: str) -> bool:
    return all(character in "0123456789abcdefABCDEF" for character in text)


def _is_deleted(element: etree._Element) -> bool:
    """aml:annotation around what was deleted under tracked changes, or a comment's text."""
    kind = element.get(f"{_W}type") or ""
    return element.tag == f"{_AML}annotation" and kind in ("Word.Deletion", "Word.Comment")


def _field_mark(fields: list[bool], kind: str) -> None:
    if kind == "begin":
        fields.append(False)
    elif kind == "separate" and fields:
        fields[-1] = True
    elif kind == "end" and fields:
        fields.pop()


def _children(element: etree._Element, name: str, depth: int) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also those in elements that only group them; deleted ones are left out."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif depth < 8 and isinstance(child.tag, str) and child.tag not in _UNSHOWN and not _is_deleted(child):
            yield from _children(child, name, depth + 1)


def _number_of(element: etree._Element | None, otherwise: int, name: str = "val") -> int:
    value = "" if element is None else (element.get(f"{_W}{name}") or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else otherwise


def _number(text: str) -> str:
    """The automatic number as shown, with a space where one belongs; bullets say nothing."""
    shown = text.strip()
    if len(shown) == 1 and not shown.isalnum() and shown not in symbols.BOXES and not "①" <= shown <= "⓿":
        return ""
    return shown + " " if shown and (shown in symbols.BOXES or (shown[-1].isascii() and shown[-1] != ")")) else shown
