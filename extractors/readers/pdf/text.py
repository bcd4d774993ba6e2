"""The text layer of a PDF page: characters with their boxes put together to words, lines and the cells of tables.

PDF knows no lines: it places glyphs. Characters whose middles share a height make a line; gaps make spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.document import Box, Line, Place, Word


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character on the upright page. Points, origin top left of what is shown. turned: not written upright."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    turned: bool = False

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page's number (from 1) and size in points, for turning glyphs into places."""

    number: int
    width: float
    height: float

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        return Box(
            _fraction(left / self.width),
            _fraction(top / self.height),
            _fraction(right / self.width),
            _fraction(bottom / self.height),
        )

    def around(self, glyphs: Sequence[Glyph]) -> Box:
        return self.box(
            min(glyph.left for glyph in glyphs),
            min(glyph.top for glyph in glyphs),
            max(glyph.right for glyph in glyphs),
            max(glyph.bottom for glyph in glyphs),
        )


def lines(glyphs: Sequence[Glyph], sheet: Sheet) -> tuple[Line, ...]:
    """Lines from top to bottom; text that is not upright (a watermark) follows, run by run."""
    upright = [glyph for glyph in glyphs if not glyph.turned]
    rows = [*_rows(upright), *_runs(glyphs)]
    return tuple(line for row in rows if (line := _line(row, sheet)) is not None)


def is_broken(glyphs: Sequence[Glyph]) -> bool:
    """Whether the characters cannot be what is seen: unmapped glyphs, private use, codes of another encoding.

    None at all, although the page has text objects, is broken too; blanks alone are not.
    """
    if not glyphs:
        return True
    shown = [glyph.text for glyph in glyphs if not glyph.text.isspace()]
    unmapped = sum(1 for text in shown if _is_unmapped(text))
    foreign = sum(1 for text in shown if "\x80" <= text[0] <= "\xff" and text[0] not in "·°±×÷§©®«»")
    return unmapped > max(2, 0.05 * len(shown)) or foreign > max(4, 0.25 * len(shown))


def _is_unmapped(text: str) -> bool:
    first = text[0]
    return (
        text.startswith("(cid:")
        or first == "\N{REPLACEMENT CHARACTER}"
        or "\ue000" <= first <= "\uf8ff"
        or first >= "\U000f0000"
        or first < " "
    )


def _fraction(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _rows(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs of one line each. A glyph joins the row in whose height its middle lies (and the row's in its own)."""
    row: list[Glyph] = []
    middle = height = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.middle, glyph.left)):
        if row and abs(glyph.middle - middle) > 0.4 * max(min(height, glyph.height), 1.0):
            yield sorted(row, key=lambda glyph: glyph.left)
            row = []
        if not row or (not glyph.text.isspace() and glyph.height > height):
            middle, height = glyph.middle, glyph.height
        row.append(glyph)
    if row:
        yield sorted(row, key=lambda glyph: glyph.left)


def _runs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Neighbours in the file that are turned."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if glyph.turned:
            run.append(glyph)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _line(row: Sequence[Glyph], sheet: Sheet) -> Line | None:
    text = ""
    words: list[list[Glyph]] = []
    last: Glyph | None = None
    blank = False
    for glyph in row:
        if glyph.text.isspace():
            blank = True
            continue
        if last is not None and _same(last, glyph):
            continue
        gap = _gap(last, glyph) if last else 0.0
        apart = last is not None and (gap > 0.5 or (gap > 0.2 and _is_latin(last.text) and _is_latin(glyph.text)))
        if text and (blank or apart):
            # Two spaces stand for a gap that a reader takes for the end of a phrase.
            text += "  " if gap >= 1.5 else " "
            words.append([glyph])
        elif words and _is_latin(glyph.text) and last is not None and _is_latin(last.text):
            words[-1].append(glyph)
        else:
            words.append([glyph])
        text += glyph.text
        last = glyph
        blank = False
    if last is None:
        return None
    shown = [glyph for word in words for glyph in word]
    return Line(
        text=text,
        place=Place(page=sheet.number, box=sheet.around(shown)),
        words=tuple(Word("".join(glyph.text for glyph in word), sheet.around(word), 1.0) for word in words),
    )


def _same(first: Glyph, second: Glyph) -> bool:
    """Bold faces and shadows are imitated by printing a character twice, a hair apart."""
    return first.text == second.text and abs(first.left - second.left) < 0.25 * max(first.height, 1.0)


def _gap(first: Glyph, second: Glyph) -> float:
    """The gap in ems; upright text only."""
    if first.turned or second.turned:
        return 0.0
    return (second.left - first.right) / max(first.height, second.height, 1.0)


def _is_latin(text: str) -> bool:
    return text[0] < "\u2e80" and not text.isspace()
