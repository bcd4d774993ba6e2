"""A Word 97 document from its streams: the way from bytes to blocks.

The text and where its pieces lie must be there, or there is nothing to read. Everything else may be missing or damaged:
then it is left out, with a defect that says what was not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from extractors.document import Block, Defect, Document, Line, Place
from extractors.document import Story as Kind
from extractors.errors import Damaged, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers.looking import Image, Viewer
from extractors.readers.msdoc import (
    characters,
    fkp,
    fonts,
    lists,
    officeart,
    pictures,
    pieces,
    properties,
    sections,
    stories,
    stsh,
    visible,
    word6,
)
from extractors.readers.msdoc.blocks import Builder, Placed
from extractors.readers.msdoc.fib import Fc, Fib
from extractors.readers.msdoc.ole import Compound
from extractors.readers.msdoc.paragraphs import Paragraph, Paragraphs
from extractors.readers.msdoc.stories import Part

T = TypeVar("T")

_PARTS = {
    "CLX": ("文本分段表", "the piece table"),
    "STSHF": ("样式", "styles"),
    "PLCF_BTE_CHPX": ("字符属性", "character properties"),
    "PLCF_BTE_PAPX": ("段落属性", "paragraph properties"),
    "PLF_LST": ("自动编号", "automatic numbers"),
    "DGG_INFO": ("图形", "drawings"),
    "DATA": ("图片数据", "picture data"),
}
_BLIND = frozenset({"CLX", "PLCF_BTE_PAPX", "PLCF_BTE_CHPX", "DGG_INFO", "DATA", "picture"})


@dataclass(slots=True)
class Streams:
    """The streams of a document (deciphered where it was encrypted) and the faults met so far."""

    word: bytes
    table: bytes
    data: bytes
    fib: Fib
    defects: list[Defect] = field(default_factory=list)

    def part(self, which: Fc) -> bytes:
        """A structure of the table stream; b"" where there is none, or only part of one (with a defect)."""
        return self.tolerant(lambda: self.fib.part(which, self.table), which.name, b"")

    def tolerant(self, read: Callable[[], T], name: str, otherwise: T) -> T:
        """What `read` answers; where the file is damaged there, a defect and `otherwise`."""
        try:
            return read()
        except Damaged as e:
            self.note(name, e.detail)
            return otherwise

    def note(self, name: str, detail: str, place: Place = Place()) -> None:
        zh, en = _PARTS.get(name, (name, name))
        self.defects.append(
            Defect(
                "damaged_part",
                f"文件的一部分已损坏，未能读取：{zh}。",
                f"A part of the file is damaged and was not read: {en} ({detail}).",
                place,
                blind=name in _BLIND,
            )
        )


def assemble(streams: Streams, compound: Compound, look: Look, limits: Limits) -> Document:
    """The document in the streams. Raises Damaged where there is no text to be found, TooLarge beyond `limits`."""
    structures = _structures(streams)
    for name, runs in (("PLCF_BTE_CHPX", structures.chpx), ("PLCF_BTE_PAPX", structures.papx)):
        if runs.lost:
            streams.note(name, f"{len(runs.lost)} pages, the first at {runs.lost[0] * fkp.PAGE}")
    text = structures.text
    reading = _Reading(streams, structures, compound, limits)
    body = reading.body()
    shown = sections.read(streams.part(Fc.PLCF_SED), streams.part(Fc.DOP), streams.word)
    parts = list(stories.iter_parts(streams.fib, streams.part, len(text.characters), shown))
    others = [(part, reading.part(part)) for part in parts]
    others.extend(reading.word_art)
    seen = Viewer(look, limits)
    on_pictures = [seen.look_at(image) for image in reading.images]
    blocks = _ordered(body, others, zip(reading.image_anchors, on_pictures, strict=True))
    if len(blocks) > limits.blocks:
        raise TooLarge("blocks", f"{len(blocks)} paragraphs and tables")
    return Document(
        format="doc",
        blocks=tuple(blocks),
        pictures=tuple(seen.pictures),
        seals=tuple(seen.seals),
        handwriting=tuple(seen.handwriting),
        properties=tuple(_properties(streams, compound)),
        defects=(*streams.defects, *seen.defects, *reading.defects(), *_contents(compound)),
    )


def _text(streams: Streams) -> pieces.Text:
    """The text by its pieces; where their table is lost, as it lies in the file."""
    try:
        return pieces.read(streams.fib.part(Fc.CLX, streams.table), streams.word)
    except Damaged as e:
        text = pieces.unpieced(*streams.fib.text, streams.fib.ccp.total, streams.word)
        streams.note("CLX", e.detail)
        return text


@dataclass(frozen=True, slots=True)
class _Structures:
    """What is stored in another way by Word 6, in the form of Word 97."""

    text: pieces.Text
    styles: stsh.Styles
    fonts: tuple[str, ...]
    chpx: fkp.Runs
    papx: fkp.Runs


def _structures(streams: Streams) -> _Structures:
    """Raises Damaged where there is no text."""
    part, word = streams.part, streams.word
    if streams.fib.word6:
        old_fonts = streams.tolerant(lambda: word6.read_fonts(part(Fc.STTBF_FFN)), "STTBF_FFN", word6.Fonts())
        chpx = word6.read_chpx(part(Fc.PLCF_BTE_CHPX), word)
        return _Structures(
            word6.read_text(streams.fib, part(Fc.CLX), word, chpx, old_fonts.charsets),
            stsh.Styles(),
            old_fonts.names,
            chpx,
            word6.read_papx(part(Fc.PLCF_BTE_PAPX), word),
        )
    none: tuple[str, ...] = ()
    return _Structures(
        _text(streams),
        streams.tolerant(lambda: stsh.read(part(Fc.STSHF)), "STSHF", stsh.Styles()),
        streams.tolerant(lambda: fonts.read(part(Fc.STTBF_FFN)), "STTBF_FFN", none),
        fkp.read_chpx(part(Fc.PLCF_BTE_CHPX), word),
        fkp.read_papx(part(Fc.PLCF_BTE_PAPX), word),
    )


class _Reading:
    """The structures that all stories share, and the stories as they are read one after the other."""

    def __init__(self, streams: Streams, structures: _Structures, compound: Compound, limits: Limits) -> None:
        self._streams = streams
        self._compound = compound
        self._limits = limits
        part = streams.part
        text = self._text = structures.text
        styles = self._styles = structures.styles
        self._runs = characters.read(text, structures.chpx, styles)
        self._paragraphs = Paragraphs(text, structures.papx, styles, streams.data)
        self._sources = visible.Sources(text.characters, self._runs, streams.data, structures.fonts)
        self._counters = lists.Counters(_lists(streams), structures.fonts)
        drawing = streams.tolerant(lambda: officeart.read_drawing(part(Fc.DGG_INFO)), "DGG_INFO", officeart.Drawing())
        self._album = pictures.Album(streams.word, streams.data, drawing)
        self._spas = {
            "body": pictures.read_spas(part(Fc.PLC_SPA_MOM)),
            "headers": pictures.read_spas(part(Fc.PLC_SPA_HDR)),
        }
        self._ranges = stories.ranges(streams.fib, len(text.characters))
        self._body: Builder | None = None
        self.images: list[Image] = []
        self.image_anchors: list[int | None] = []
        self.word_art: list[tuple[Part, list[Placed]]] = []

    def body(self) -> list[Placed]:
        start, end = self._ranges.body
        return self._story(Part(Kind.BODY, "", start, end))

    def part(self, part: Part) -> list[Placed]:
        return self._story(part)

    def defects(self) -> list[Defect]:
        """Changes that are tracked but not yet accepted: the text is read as if they were."""
        if any(chp.deleted or chp.inserted for chp in self._runs.chps):
            return [
                Defect(
                    "tracked_changes",
                    "文件含有未接受的修订；按接受全部修订后的内容读取。",
                    "The file has tracked changes; it was read as if all of them were accepted.",
                )
            ]
        return []

    def _story(self, part: Part) -> list[Placed]:
        story = visible.story(self._sources, part.start, part.end)
        builder = Builder(story, part.kind, self._prefix(part), self._limits, self._label, self._styles.name)
        if part.kind is Kind.BODY:
            self._body = builder
        for paragraph in self._paragraphs.between(part.start, part.end):
            builder.add(paragraph)
        placed = builder.finish()
        self._note_pictures(part, story.anchors, builder)
        return placed

    def _prefix(self, part: Part) -> str:
        """ "footnote 2 (paragraph 14) / ": the part and, where it is anchored in the body, the place there."""
        if not part.name:
            return ""
        where = ""
        if part.anchor is not None and self._body is not None:
            where = f" ({self._body.place_at(part.anchor).path})"
        author = f" by {part.author}" if part.author else ""
        return f"{part.name}{author}{where} / "

    def _label(self, paragraph: Paragraph) -> str:
        return self._counters.label(paragraph.pap.ilfo, paragraph.pap.ilvl)

    def _note_pictures(self, part: Part, anchors: Sequence[visible.Anchor], builder: Builder) -> None:
        """Pictures and WordArt of a story, each with the position in the body after which it is read (None: apart)."""
        for anchor in anchors:
            place = builder.place_at(anchor.cp)
            in_body = anchor.cp if part.kind is Kind.BODY else part.anchor
            if self._text.characters[anchor.cp] == visible.SHAPE:
                found, texts = self._shape_at(anchor.cp, part, place)
            else:
                found, texts = self._inline_at(anchor.chp, place)
            self.images.extend(found)
            self.image_anchors.extend(in_body for _ in found)
            for text in texts:
                line = Line(text, Place(path=f"{place.path} / WordArt"), story=Kind.TEXT_BOX)
                art = Part(Kind.TEXT_BOX, "WordArt", anchor.cp, anchor.cp, in_body)
                self.word_art.append((art, [Placed(anchor.cp, line)]))

    def _shape_at(self, cp: int, part: Part, place: Place) -> tuple[list[Image], list[str]]:
        """What the shape anchored at a character shows."""
        spa = self._spa(cp, part.kind)
        none: tuple[list[Image], list[str]] = ([], [])
        if spa is None:
            return none
        try:
            return self._album.floating(spa, place)
        except Damaged as e:
            self._streams.note("picture", e.detail, place)
            return none

    def _inline_at(self, chp: characters.Chp, place: Place) -> tuple[list[Image], list[str]]:
        """What the picture or object at a character shows."""
        if chp.picture is None or chp.data:
            return [], []
        try:
            if chp.obj:
                return list(pictures.embedded(self._compound, chp.picture, place)), []
            images, text = self._album.inline(chp.picture, place)
        except Damaged as e:
            self._streams.note("picture", e.detail, place)
            return [], []
        return images, [text] if text.strip() else []

    def _spa(self, cp: int, kind: Kind) -> pictures.Spa | None:
        if kind is Kind.BODY:
            return self._spas["body"].get(cp)
        return self._spas["headers"].get(cp - self._ranges.headers[0])


def _lists(streams: Streams) -> lists.Lists:
    """The LVLs follow PlfLst in the table stream, outside of the size that the FIB gives."""
    fc_lcb = streams.fib.fc_lcb
    if len(fc_lcb) <= Fc.PLF_LST:
        return lists.Lists()
    offset, size = fc_lcb[Fc.PLF_LST]
    levels = streams.table[offset + size :]
    return lists.read(streams.part(Fc.PLF_LST), levels, streams.part(Fc.PLF_LFO))


def _ordered(
    body: list[Placed],
    others: list[tuple[Part, list[Placed]]],
    looked: zip[tuple[int | None, tuple[Block, ...]]],
) -> list[Block]:
    """Headers, the body with text boxes and pictures after the block they are anchored in, footers, notes, comments."""
    anchored = [(placed.cp, 0, placed.block) for placed in body]
    apart: dict[Kind, list[Block]] = {}
    for part, blocks in others:
        for placed in blocks:
            if part.kind is Kind.TEXT_BOX and part.anchor is not None:
                anchored.append((part.anchor, 1, placed.block))
            else:
                apart.setdefault(part.kind, []).append(placed.block)
    for cp, blocks_read in looked:
        for block in blocks_read:
            if cp is None:
                apart.setdefault(Kind.PICTURE, []).append(block)
            else:
                anchored.append((cp, 2, block))
    anchored.sort(key=lambda item: (item[0], item[1]))
    rest = (Kind.TEXT_BOX, Kind.PICTURE, Kind.FOOTER, Kind.NOTE, Kind.COMMENT)
    return [
        *apart.get(Kind.HEADER, ()),
        *(block for _, _, block in anchored),
        *(block for kind in rest for block in apart.get(kind, ())),
    ]


def _properties(streams: Streams, compound: Compound) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in (properties.SUMMARY, properties.DOCUMENT_SUMMARY):
        try:
            found.extend(properties.read(compound.stream(name), name))
        except Damaged:  # what is lost is about the file, not in it
            continue
    return found


def _contents(compound: Compound) -> list[Defect]:
    """What lies in the file besides the document: macros, embedded objects."""
    defects: list[Defect] = []
    if compound.has("\tDRMContent"):
        defects.append(
            Defect(
                "rights_managed",
                "文件受权限管理（IRM）保护，正文未能读取。",
                "The file is under rights management; its real text was not read.",
                blind=True,
            )
        )
    if compound.has("Macros") or compound.has("_VBA_PROJECT_CUR"):
        defects.append(Defect("has_macros", "文件含有宏；宏未运行。", "The file has macros; they were not run."))
    objects = sorted(name for name in compound.names if name.startswith("ObjectPool/") and name.count("/") == 1)
    for name in objects[:100]:
        kind = _kind_of(compound, name)
        defects.append(
            Defect(
                "embedded_object",
                f"文件内嵌有对象（{kind}），其内容未读取。",
                f"The file embeds an object ({kind}) whose content was not read.",
                blind="Equation" not in kind and "MathType" not in kind,  # a formula states no field
            )
        )
    return defects


def _kind_of(compound: Compound, storage: str) -> str:
    """The program's name for an embedded object (ProgID or user type), from its stream CompObj."""
    try:
        raw = compound.stream(f"{storage}/\x01CompObj")
    except Damaged:
        return "?"
    texts: list[str] = []
    at = 28  # [MS-OLEDS] 2.3.8: after the header three length-prefixed ANSI texts; the third is the ProgID
    while at + 4 <= len(raw) and len(texts) < 3:
        size = int.from_bytes(raw[at : at + 4], "little")
        if size > 512:
            break
        texts.append(raw[at + 4 : at + 4 + size].rstrip(b"\0").decode("ascii", "replace"))
        at += 4 + size
    known = [text for text in texts if text]
    return known[-1] if known else "?"
