"""The stories of a document: the body, and beside it headers, notes, comments and text boxes.

All of them stand one after the other in one text (2.4.1): body, footnotes, headers, comments, endnotes, text boxes of
the body, text boxes of headers. The FIB has the length of each; a PLC divides each into its pieces, and another says
where in the body a note, comment or shape is anchored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extractors.document import Story
from extractors.readers.msdoc.binary import Plc, plc, u16, u32
from extractors.readers.msdoc.fib import Fc, Fib
from extractors.readers.msdoc.sections import Sections

_MOST_PARTS = 20_000
_MOST_NAME = 54  # characters of an author's name (2.5.6)

# 2.8.9 PlcfHdd: six separators of notes, then six for each section, of these kinds.
_SEPARATORS = 6
_HEADERS = (
    (Story.HEADER, "even header"),
    (Story.HEADER, "header"),
    (Story.FOOTER, "even footer"),
    (Story.FOOTER, "footer"),
    (Story.HEADER, "first header"),
    (Story.FOOTER, "first footer"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A range of the text that is read on its own.

    name: "" for the body, else e.g. "footnote 2" or "section 1 / first header". anchor: the character position (in
    the body) where it is referred to, None where it stands for itself or belongs to a header.
    """

    kind: Story
    name: str
    start: int
    end: int
    anchor: int | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Where each story begins in the text, cut to the text that there is."""

    body: tuple[int, int]
    footnotes: tuple[int, int]
    headers: tuple[int, int]
    macros: tuple[int, int]
    comments: tuple[int, int]
    endnotes: tuple[int, int]
    text_boxes: tuple[int, int]
    header_text_boxes: tuple[int, int]


def ranges(fib: Fib, length: int) -> Ranges:
    """The stories as ranges of a text of `length` characters."""
    ccp = fib.ccp
    found: list[tuple[int, int]] = []
    at = 0
    for size in (
        ccp.text,
        ccp.footnotes,
        ccp.headers,
        ccp.macros,
        ccp.comments,
        ccp.endnotes,
        ccp.text_boxes,
        ccp.header_text_boxes,
    ):
        end = min(at + size, length)
        found.append((at, end))
        at = end
    return Ranges(*found)


def iter_parts(fib: Fib, part: Callable[[Fc], bytes], length: int, sections: Sections) -> Iterator[Part]:
    """All parts but the body, in the order of the text. part: gives the bytes of a structure, b"" for none."""
    where = ranges(fib, length)
    if fib.word6:
        yield from _word6_parts(where, part)
        return
    yield from _notes("footnote", where.footnotes, part(Fc.PLCFFND_REF), part(Fc.PLCFFND_TXT))
    yield from _headers(where.headers, part(Fc.PLCF_HDD), sections)
    yield from _comments(where.comments, part(Fc.PLCFAND_REF), part(Fc.PLCFAND_TXT), part(Fc.GRP_XST_ATN_OWNERS))
    yield from _notes("endnote", where.endnotes, part(Fc.PLCFEND_REF), part(Fc.PLCFEND_TXT))
    anchors = _shape_anchors(part(Fc.PLC_SPA_MOM))
    yield from _text_boxes("text box", where.text_boxes, part(Fc.PLCFTXBX_TXT), anchors)
    yield from _text_boxes("header text box", where.header_text_boxes, part(Fc.PLCF_HDRTXBX_TXT), {})


def _word6_parts(where: Ranges, part: Callable[[Fc], bytes]) -> Iterator[Part]:
    """In Word 6 the headers of a section are those that its properties name, so their kind is left open."""
    yield from _notes("footnote", where.footnotes, part(Fc.PLCFFND_REF), part(Fc.PLCFFND_TXT))
    for index, start, end in _pieces(plc(part(Fc.PLCF_HDD), 0, "PlcfHdd").positions, where.headers):
        yield Part(Story.HEADER, f"header {index + 1}", start, end)
    for kind, name, (start, end) in (
        (Story.COMMENT, "comments", where.comments),
        (Story.NOTE, "endnotes", where.endnotes),
        (Story.TEXT_BOX, "text boxes", where.text_boxes),
        (Story.TEXT_BOX, "header text boxes", where.header_text_boxes),
    ):
        if start < end:
            yield Part(kind, name, start, end)


def _pieces(positions: tuple[int, ...], where: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    """Number and range of each piece of a story; where nothing divides it, the whole is one piece."""
    start, end = where
    if len(positions) < 2:
        if start < end:
            yield 0, start, end
        return
    for index in range(min(len(positions) - 1, _MOST_PARTS)):
        first, last = min(start + positions[index], end), min(start + positions[index + 1], end)
        if first < last:
            yield index, first, last


def _notes(name: str, where: tuple[int, int], ref: bytes, txt: bytes) -> Iterator[Part]:
    """2.8.19 PlcffndRef has the anchors, 2.8.20 PlcffndTxt the texts; the last text is only the story's end mark."""
    anchors = plc(ref, 2, "PlcffndRef")
    for index, start, end in _pieces(plc(txt, 0, "PlcffndTxt").positions, where):
        anchor = anchors.positions[index] if index < len(anchors.items) else None
        yield Part(Story.NOTE, f"{name} {index + 1}", start, end, anchor)


def _headers(where: tuple[int, int], hdd: bytes, sections: Sections) -> Iterator[Part]:
    """The headers and footers that are shown on some page."""
    for index, start, end in _pieces(plc(hdd, 0, "PlcfHdd").positions, where):
        section, kind = divmod(index - _SEPARATORS, len(_HEADERS))
        if section < 0:
            continue
        story, name = _HEADERS[kind]
        even, first = name.startswith("even"), name.startswith("first")
        if not (even and not sections.facing_pages) and not (first and not sections.has_title_page(section)):
            yield Part(story, f"section {section + 1} / {name}", start, end)


def _comments(where: tuple[int, int], ref: bytes, txt: bytes, owners: bytes) -> Iterator[Part]:
    """2.8.7 PlcfandRef has the anchors and, in an ATRDPre10 (2.9.8), the author as an index into the owners."""
    anchors = plc(ref, 30, "PlcfandRef")
    names = _owners(owners)
    for index, start, end in _pieces(plc(txt, 0, "PlcfandTxt").positions, where):
        anchor, author = None, ""
        if index < len(anchors.items):
            anchor = anchors.positions[index]
            owner = u16(anchors.items[index], 20, "ATRDPre10.ibst")
            author = names[owner] if owner < len(names) else ""
        yield Part(Story.COMMENT, f"comment {index + 1}", start, end, anchor, author)


def _owners(data: bytes) -> list[str]:
    """2.5.6 grpXstAtnOwners: one Xst after the other."""
    names: list[str] = []
    at = 0
    while at + 2 <= len(data) and len(names) < _MOST_PARTS:
        count = u16(data, at, "GrpXstAtnOwners")
        names.append(data[at + 2 : at + 2 + 2 * min(count, _MOST_NAME)].decode("utf-16-le", "replace"))
        at += 2 + 2 * count
    return names


def _shape_anchors(spa: bytes) -> dict[int, int]:
    """Position in the body by shape."""
    table: Plc = plc(spa, 26, "PlcfSpa")
    return {u32(item, 0, "Spa.lid"): cp for cp, item in zip(table.positions, table.items, strict=False)}


def _text_boxes(name: str, where: tuple[int, int], txt: bytes, anchors: dict[int, int]) -> Iterator[Part]:
    """2.8.32 PlcftxbxTxt: each text with an FTXBXS (2.9.103), which names its shape. The last is the end mark."""
    table = plc(txt, 22, "PlcftxbxTxt")
    for index, start, end in _pieces(table.positions, where):
        lid = u32(table.items[index], 14, "FTXBXS.lid") if index < len(table.items) else 0
        yield Part(Story.TEXT_BOX, f"{name} {index + 1}", start, end, anchors.get(lid))
