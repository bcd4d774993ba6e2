"""The text of a paper as one string of the characters that mean something, each with where it stands.

Two files of one paper differ in blanks, punctuation, widths and line breaks without stating anything else. So what is
compared is letters, digits and Chinese characters in reading order, and of marks only those inside a number or an
address (19.85, kepu@example.org).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from extractors.document import Box, Cell, Document, Line, Place, SealColour, Source, Story, Table
from extractors.forms.confidence import COVERED

BOUND = 40_000
"""Characters of a paper that are compared; a form has a few thousand."""

_MARGINAL = frozenset((Story.HEADER, Story.FOOTER))
_UNPRINTED = frozenset((Story.COMMENT, Story.PICTURE))
_OUTER = 4  # lines from a page's edge among which its header or footer is
_PAGE_NUMBER = re.compile(r"^第?\d{1,3}页?(?:共?\d{1,3}页?)?$")
_GROUPING = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))|(?<=\d)\.(?=\d{3}(?:[,，.]\d|(?!\d)))")
_INNER = re.compile(r"(?<=[0-9a-z])[.@_](?=[0-9a-z])|(?<=\d)%|@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of one of the files. file: its index among those given. end: of its characters in the stream."""

    file: int
    line: Line
    start: int
    end: int


@dataclass(slots=True)
class Stream:
    """text: one character for each index. pieces: the lines it is made of, in reading order, none of them empty.

    piece, offset: of each character, its piece and its index in that line's text. sure: its confidence, 0 to 1.
    cut: there was more text than is compared.
    """

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    piece: list[int] = field(default_factory=list)
    offset: list[int] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)
    cut: bool = False

    def place(self, start: int, end: int) -> Place:
        """Where the characters stand: their box on the page of the first, or the path of the first line."""
        first = self.pieces[self.piece[start]]
        page = first.line.place.page
        boxes = []
        for number in range(self.piece[start], self.piece[end - 1] + 1):
            piece = self.pieces[number]
            if piece.file == first.file and piece.line.place.page == page:
                inside = range(max(start, piece.start), min(end, piece.end))
                box = _box(piece.line, self.offset[inside[0]], self.offset[inside[-1]] + 1)
                boxes += [box] if box else []
        return Place(page, Box.around(boxes) if boxes else first.line.place.box, first.line.place.path)

    def quote(self, start: int, end: int) -> str:
        """The words as written, lines joined by a blank; "" for none."""
        if start >= end:
            return ""
        return self._written(start, self.offset[start], end - 1, self.offset[end - 1] + 1)

    def before(self, start: int, count: int) -> str:
        """Some characters before one, with the marks between."""
        first = max(0, start - count)
        if first == start:
            return ""
        same = start < len(self.text) and self.piece[start] == self.piece[start - 1]
        return self._written(first, self.offset[first], start - 1, self.offset[start] if same else None)

    def after(self, end: int, count: int) -> str:
        """Some characters from one on, with the marks before them."""
        last = min(len(self.text), end + count) - 1
        if last < end:
            return ""
        same = end > 0 and self.piece[end] == self.piece[end - 1]
        return self._written(end, self.offset[end - 1] + 1 if same else 0, last, self.offset[last] + 1)

    def _written(self, first: int, since: int, last: int, until: int | None) -> str:
        """The lines from that of one character, from an offset, to that of another, up to an offset."""
        numbers = range(self.piece[first], self.piece[last] + 1)
        texts = [self.pieces[number].line.text for number in numbers]
        texts[-1] = texts[-1][:until]
        texts[0] = texts[0][since:]
        return " ".join(texts)


def stream(documents: Sequence[Document], margins: Iterable[str] = ()) -> Stream:
    """What the documents state, one after the other.

    margins: what the other file prints on each page's margin: where these print it too, it is left out, as are page
    numbers (see `margins_of`).
    """
    left_out = _marginal(documents, tuple(margins))
    result = Stream()
    parts: list[str] = []
    length = 0
    for number, document in enumerate(documents):
        black = [seal.place for seal in document.seals if seal.colour is SealColour.BLACK]
        for line in _in_place(document):
            if not _is_printed(line) or id(line) in left_out:
                continue
            kept = _meant(line.text)
            if not kept:
                continue
            if length + len(kept) > BOUND:
                result.cut = True
                result.text = "".join(parts)
                return result
            result.pieces.append(Piece(number, line, length, length + len(kept)))
            sure = _sure(line, black) if line.under_seal else _sure(line)
            parts.extend(character for _, character in kept)
            result.piece.extend([len(result.pieces) - 1] * len(kept))
            result.offset.extend(offset for offset, _ in kept)
            result.sure.extend(sure[offset] for offset, _ in kept)
            length += len(kept)
    result.text = "".join(parts)
    return result


def margins_of(document: Document) -> tuple[str, ...]:
    """The document's headers and footers as they are printed on each of its pages."""
    texts = (meant(line.text) for line in document.iter_lines() if line.story in _MARGINAL)
    return tuple(dict.fromkeys(text for text in texts if text))


def meant(text: str) -> str:
    """The characters of a text that are compared."""
    return "".join(character for _, character in _meant(text))


def _meant(text: str) -> list[tuple[int, str]]:
    """Offset and normal form of each character that means something."""
    folded = [_normal(character) for character in text]
    whole = "".join(normal for normal, _ in folded)
    inner = {match.start() for match in _INNER.finditer(whole)}
    if inner:
        inner -= {match.start() for match in _GROUPING.finditer(whole)}
    return [(offset, normal) for offset, (normal, counts) in enumerate(folded) if counts or offset in inner]


@lru_cache(maxsize=1 << 14)
def _normal(character: str) -> tuple[str, bool]:
    """The character in lower case without its width, one for one so that offsets stay; and whether it is a letter, a
    digit or a Chinese character (① and ² are ornaments)."""
    normal = unicodedata.normalize("NFKC", character).lower()
    if len(normal) != 1:
        normal = character
    return normal, normal.isalnum() and unicodedata.category(character) not in ("No", "Lm")


def _is_printed(line: Line) -> bool:
    return not line.hidden and line.story not in _UNPRINTED and line.story not in _MARGINAL


def _in_place(document: Document) -> Iterator[Line]:
    """Every line, those of a table within a cell behind the cell's own: on paper they stand there, too."""
    inner: dict[int, list[Table]] = {}
    outer: list[Line | Table] = []
    cells: dict[str, Cell] = {}
    last: Table | None = None
    for block in document.blocks:
        holder = None
        if isinstance(block, Table):
            holder = _holder(block, cells, last)
            cells |= {cell.place.path: cell for cell in block.cells if cell.place.path}
            last = block if holder is None else last
        if holder is not None and isinstance(block, Table):
            inner.setdefault(id(holder), []).append(block)
        else:
            outer.append(block)
    for block in outer:
        yield from [block] if isinstance(block, Line) else _lines_of(block, inner)


def _holder(table: Table, cells: Mapping[str, Cell], last: Table | None) -> Cell | None:
    """The cell in which a table stands: by its path, or on a page within the last table that stands in none."""
    path, nested, _ = table.place.path.rpartition(" / table ")
    if nested:
        return cells.get(path)
    if last is None or table.place.box is None or table.place.page != last.place.page:
        return None
    box = table.place.box
    return next((cell for cell in last.cells if cell.place.box and cell.place.box.holds_middle_of(box)), None)


def _lines_of(table: Table, inner: Mapping[int, Sequence[Table]]) -> Iterator[Line]:
    for cell in table.cells:
        yield from cell.lines
        for nested in inner.get(id(cell), ()):
            yield from _lines_of(nested, inner)


def _marginal(documents: Sequence[Document], margins: tuple[str, ...]) -> frozenset[int]:
    """The first and last lines of pages, by their id, that are a margin's text or a page number."""
    found: set[int] = set()
    for document in documents:
        pages: dict[int | None, list[Line]] = {}
        for block in document.blocks:
            if isinstance(block, Line) and block.place.page is not None:
                pages.setdefault(block.place.page, []).append(block)
        for lines in pages.values():
            for outer in (lines[:_OUTER], lines[: -_OUTER - 1 : -1]):
                found.update(_outermost(outer, margins))
    return frozenset(found)


def _outermost(lines: Sequence[Line], margins: tuple[str, ...]) -> Iterator[int]:
    """Lines from the page's edge inwards, each text of a margin once: a title may say the same below the header."""
    left = list(margins)
    for line in lines:
        box, text = line.place.box, meant(line.text)
        if _PAGE_NUMBER.match(text) and (box is None or not 0.1 < (box.top + box.bottom) / 2 < 0.9):
            yield id(line)
        printed = next((margin for margin in left if fuzz.ratio(text, margin) >= 85), None)
        if printed is not None:
            left.remove(printed)
            yield id(line)


def _sure(line: Line, black: Sequence[Place] = ()) -> list[float]:
    """The confidence of each character of the line's text. black: of seals whose ink hides or becomes characters."""
    if line.source is Source.TEXT:
        return [1.0] * len(line.text)
    sure = [line.confidence] * len(line.text)
    for word, (start, end) in zip(line.words, line.spans(), strict=True):
        covered = any(place.page == line.place.page and place.box and word.box.meets(place.box) for place in black)
        sure[start:end] = [min(word.confidence, COVERED) if covered else word.confidence] * (end - start)
    return sure


def _box(line: Line, start: int, end: int) -> Box | None:
    """Where some characters of a line stand; the line's box where its words do not tell."""
    boxes = [word.box for word, (at, to) in zip(line.words, line.spans(), strict=True) if at < end and to > start]
    return Box.around(boxes) if boxes else line.place.box
