"""What a document states, in the form every reader makes and everything after a reader uses.

Whatever the format, a reader makes one `Document`. After it, nobody asks what the file was: fields come from its
lines and tables, seals from its pictures. Coordinates are fractions of the upright page (see `Box`), so they stay true
whatever resolution a page was looked at.

This module imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

UNREAD = "\ufffd"
"""Stands in a line's text for something that is written there and was not read."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the upright page: fractions of its width and height (0 to 1), origin top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Of the page's."""
        return self.width * self.height

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box around others. Raises ValueError where there are none."""
        every = tuple(boxes)
        return cls(
            min(box.left for box in every),
            min(box.top for box in every),
            max(box.right for box in every),
            max(box.bottom for box in every),
        )

    def level_with(self, other: Box) -> bool:
        """Whether one of the two is as high as the other's middle."""
        own, its = (self.top + self.bottom) / 2, (other.top + other.bottom) / 2
        return self.top < its < self.bottom or other.top < own < other.bottom

    def meets(self, other: Box) -> bool:
        """Whether the two have some of the page in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def shared(self, other: Box) -> float:
        """The area that the two have in common, of the page's."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)

    def holds_middle_of(self, other: Box) -> bool:
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands.

    page: counted from 1; None where the format has no pages (flowing text such as .docx).
    box:  None where the format does not tell.
    path: for flowing formats, e.g. "paragraph 3" or "table 2 / row 3 / cell 1" (all counted from 1); "" otherwise.
    """

    page: int | None = None
    box: Box | None = None
    path: str = ""


class Story(StrEnum):
    """Which stream of text a line belongs to (the term is Word's)."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"
    NOTE = "note"  # footnotes and endnotes
    COMMENT = "comment"
    TEXT_BOX = "text_box"
    PICTURE = "picture"  # read by OCR from a picture inside a document


class Source(StrEnum):
    """How a text came about: written in the file, or recognised from a picture."""

    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a line with its own box: a character of Chinese text, a word or number of Latin text."""

    text: str
    box: Box
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or a paragraph of a flowing format.

    confidence: 0 to 1; 1.0 for text that is written in the file.
    words: () where the format tells no boxes.
    hidden: the author marked it as not shown (Word's "hidden text").
    number: the automatic number with which `text` begins ("一、", "1."), "" where there is none or it is typed.
    style: the paragraph style's name as the file has it; "" where the format has none.
    level: 1 to 9 for a heading, 0 for other text.
    engine: name of the OCR engine that recognised it; "" for text that is written in the file.
    under_seal: a seal lies over part of it: it was read through the seal's ink.
    """

    text: str
    place: Place
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    story: Story = Story.BODY
    source: Source = Source.TEXT
    hidden: bool = False
    number: str = ""
    style: str = ""
    level: int = 0
    engine: str = ""
    under_seal: bool = False

    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each of `words` stands in `text`: start, end. Empty, behind the one before, where it is not found."""
        spans, position = [], 0
        for word in self.words:
            start = self.text.find(word.text, position)
            start, position = (position, position) if start < 0 else (start, start + len(word.text))
            spans.append((start, position))
        return tuple(spans)

    def part(self, start: int, end: int) -> Box | None:
        """The box of some characters of `text`, by its words, else by characters of even width; None without a box."""
        box = self.place.box
        found = [word.box for word, (at, to) in zip(self.words, self.spans(), strict=True) if at < end and to > start]
        if found:
            return Box.around(found)
        if box is None or end <= start:
            return None
        size = max(1, len(self.text))
        left, right = box.left + box.width * start / size, box.left + box.width * min(end, size) / size
        return Box(left, box.top, right, box.bottom)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. row and column count from 0; spans are at least 1; a merged cell stands once, top left.

    width_mm: None where the format does not tell.
    """

    lines: tuple[Line, ...]
    row: int
    column: int
    place: Place
    row_span: int = 1
    column_span: int = 1
    width_mm: float | None = None

    @property
    def text(self) -> str:
        """The cell's paragraphs, one a line."""
        return "\n".join(line.text for line in self.lines)

    @property
    def confidence(self) -> float:
        """The least sure line's confidence; 1.0 for an empty cell."""
        return min((line.confidence for line in self.lines), default=1.0)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its cells in reading order. A nested table is a Table of its own; its path tells where it stands."""

    cells: tuple[Cell, ...]
    place: Place

    @property
    def rows(self) -> int:
        return max((cell.row + cell.row_span for cell in self.cells), default=0)

    @property
    def columns(self) -> int:
        return max((cell.column + cell.column_span for cell in self.cells), default=0)


Block = Line | Table


class Half(StrEnum):
    """Which part of a sheet a page is: a spread shows two."""

    WHOLE = "whole"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is looked at: upright. number counts from 1, over all pages of the document.

    width_mm, height_mm: the paper's size; None where the file does not tell (a photo without resolution).
    dpi: resolution of the picture that was looked at; None for a page read from its text layer.
    rotation: degrees clockwise (0, 90, 180, 270) by which the file's page was turned to stand upright.
    preview: the upright page as JPEG for people, or b"" when nobody asked for it.
    sheet: which page of the file it stands on, from 1; 0 where that is `number` (no spread and no attachment before).
    half: of that sheet. attachment: which file within the file has the sheet, from 1; 0 for the file itself.
    file: of a paper that came as several files (forms/apart.py), which file of the submission has the sheet, from 1; 0
    for the document's own.
    """

    number: int
    source: Source
    width_mm: float | None = None
    height_mm: float | None = None
    dpi: float | None = None
    rotation: int = 0
    preview: bytes = b""
    sheet: int = 0
    half: Half = Half.WHOLE
    attachment: int = 0
    file: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A scanned page, or a picture inside a document, that was looked at. Sizes in pixels."""

    place: Place
    width: int
    height: int
    media_type: str = ""  # of the bytes in the file, e.g. "image/jpeg"; "" for a rendered page


@dataclass(frozen=True, slots=True)
class Defect:
    """A tolerable fault of the file, or something in it that a reader could not look at.

    code: stable, snake_case, e.g. "page_limit", "has_macros", "broken_text_layer".
    blind: True where part of what the file states was therefore not seen, so "not found" must not be concluded.
    """

    code: str
    zh: str
    en: str
    place: Place = Place()
    blind: bool = False


class SealShape(StrEnum):
    ROUND = "round"
    OVAL = "oval"
    SQUARE = "square"
    RECTANGLE = "rectangle"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    OTHER = "other"

    @property
    def is_ring(self) -> bool:
        return self in (SealShape.ROUND, SealShape.OVAL)


class SealColour(StrEnum):
    RED = "red"
    PURPLE = "purple"
    BLUE = "blue"
    BLACK = "black"  # black or grey ink, or a grey copy of any ink


@dataclass(frozen=True, slots=True)
class Seal:
    """The impression of a seal (印章). heyan never says whether a seal is genuine.

    text: the name along the arc (or the whole text of a square seal); "" where it could not be read.
    centre_text: the straight line(s) in the middle or below the star; "" where there is none.
    code: the 13 digits along the bottom; "" where there is none.
    angle: degrees clockwise by which the seal is turned against the page, -180 to 180; None where unknown.
    diameter_mm: greatest outer diameter; None where the page's scale is unknown.
    legibility: 0 to 1, how much of the name's arc could be read.
    confidence, centre_confidence, code_confidence: 0 to 1, that `text`, `centre_text` and `code` are right; 0.0 where
    nothing was read.
    alternatives: what else the name may read, likeliest first: what its readings found nearly as likely as `text`.
    picture: the crop as PNG, for people; b"" when nobody asked for it.
    polygon: its edge, clockwise, as x, y in fractions of the page, clipped to 0 to 1; () where unknown.
    visible: 0 to 1, the part of its area that lies on the page.
    across: parts of one impression over the rims of several pages (骑缝章) have the same number, from 1; 0 for others.
    impression: the texture of its ink (extractors/seals/impression.py), by which one impression on two papers is known;
    b"" where it cannot be told.
    """

    shape: SealShape
    colour: SealColour
    text: str
    place: Place
    centre_text: str = ""
    code: str = ""
    angle: float | None = None
    diameter_mm: float | None = None
    legibility: float = 0.0
    confidence: float = 0.0
    picture: bytes = b""
    impression: bytes = b""
    polygon: tuple[tuple[float, float], ...] = ()
    visible: float = 1.0
    across: int = 0
    centre_confidence: float = 0.0
    code_confidence: float = 0.0
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What one file states before anybody asks what it means.

    format: short lower-case name: "docx", "doc", "pdf", "jpeg", "png", "tiff", "bmp", "webp", "heif", ...
    blocks: lines and tables in reading order (headers and footers marked by their story).
    handwriting: where ink stands that is neither printed nor a seal, beside words that ask for a signature; looked for
    on pages and pictures that were recognised, and only there.
    """

    format: str
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    pictures: tuple[Picture, ...] = ()
    seals: tuple[Seal, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    defects: tuple[Defect, ...] = ()
    handwriting: tuple[Place, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in reading order, those in cells too."""
        return tuple(self.iter_lines())

    def iter_lines(self) -> Iterator[Line]:
        for block in self.blocks:
            if isinstance(block, Line):
                yield block
            else:
                for cell in block.cells:
                    yield from cell.lines

    @property
    def text(self) -> str:
        """All text in reading order; the cells of a table's row are separated by tabs."""
        parts: list[str] = []
        for block in self.blocks:
            if isinstance(block, Line):
                parts.append(block.text)
                continue
            row: int | None = None
            for cell in block.cells:
                text = cell.text
                if cell.row == row:
                    parts[-1] += "\t" + text
                else:
                    parts.append(text)
                row = cell.row
        return "\n".join(parts)

    @property
    def blind(self) -> bool:
        """Part of the file was not seen: absence of something must not be concluded from it."""
        return any(defect.blind for defect in self.defects)


class FieldState(StrEnum):
    """What looking for a field came to. "Nothing found" and "could not look" never look alike."""

    FOUND = "found"  # `value` is what is stated
    BLANK = "blank"  # the label is there, nothing is filled in
    ABSENT = "absent"  # neither label nor value is there
    UNCLEAR = "unclear"  # something is filled in (`raw`) but could not be understood; `value` is ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form as one file states it.

    value: as understood: amounts in yuan as decimal text, dates ISO (YYYY-MM where no day is given); "" unless FOUND.
    raw: as written; "" where nothing is written.
    confidence: 0 to 1, that `value` is right. place: None unless there is something to point at.
    engine: "text" where it was written in the file, else the OCR engine's name.
    rows: for repeated fields such as budget_items, the fields of each row; () otherwise.
    unit: of an amount, what is written beside it, in its label or above its column: "yuan" or "wan" (万元); "" where
        nothing is.
    """

    id: str
    value: str
    raw: str = ""
    state: FieldState = FieldState.FOUND
    place: Place | None = None
    confidence: float = 1.0
    engine: str = "text"
    rows: tuple[tuple[Field, ...], ...] = ()
    unit: str = ""

    @property
    def amount(self) -> Decimal:
        """`value` as yuan. Raises decimal.InvalidOperation where the field is not a found amount."""
        return Decimal(self.value)


class Presence(StrEnum):
    """Whether something is there. UNSURE: it could not be looked at, or what was seen is not clear."""

    PRESENT = "present"
    ABSENT = "absent"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a paper that asks for an opinion, a signature, a date and a seal (意见栏, 署名, 回执).

    id: as the call names it ("applicant_opinion"). place: of the whole slot.
    opinion: what is written there, without labels and dates; "" for nothing.
    signature: of a person, by hand or typed; UNSURE also where the slot does not ask for one.
    signature_place: of the signature, or of the words that ask for it; None where nothing does.
    date: ISO; "" where none is stated. date_raw: as written, also the blank form of a date.
    seals: indices into Document.seals. confidence: 0 to 1, of the words the slot was found by.
    """

    id: str
    place: Place
    opinion: str = ""
    signature: Presence = Presence.UNSURE
    signature_place: Place | None = None
    date: str = ""
    date_raw: str = ""
    seals: tuple[int, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file states: the document, which kind of paper it is, its fields, its slots.

    kind: a form's kind of the call ("application_form", "pairing_letter") or "other".
    slots: those that were found; a seal stands in one of them at most.
    """

    document: Document
    kind: str = "other"
    kind_confidence: float = 0.0
    fields: tuple[Field, ...] = ()
    slots: tuple[Slot, ...] = ()

    @property
    def seals(self) -> tuple[Seal, ...]:
        return self.document.seals
