"""What of the text people see: fields by their result, symbols as Unicode, nothing that was deleted.

The text of a story is never copied and edited. Instead it gets a list of cuts, each a range of characters and what is
shown in its place; a paragraph's text is what lies between the cuts that touch it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from extractors.errors import Damaged
from extractors.readers import symbols
from extractors.readers.msdoc import fields, formfields
from extractors.readers.msdoc.characters import Characters, Chp
from extractors.readers.msdoc.pieces import joined

PICTURE, SHAPE = "\x01", "\x08"
_PRIVATE = re.compile("[\uf020-\uf0ff]")
# 2.4.1: line break, column break; no-break and optional hyphens; everything else below 0x20 is an anchor of something.
_SIGNS: dict[int, str | None] = {code: None for code in range(0x20) if code not in (0x09, 0x0A)}
_SIGNS |= {0x0B: "\n", 0x0E: "\n", 0x1E: "-", 0xAD: None}


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters start to end (not included) are replaced by `text`; hidden ones are shown apart."""

    start: int
    end: int
    text: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a picture stands in the text: a character's position and its properties."""

    cp: int
    chp: Chp


class Story:
    """A range of characters as it is seen."""

    def __init__(self, characters: str, cuts: list[Cut], anchors: tuple[Anchor, ...]) -> None:
        self._characters = characters
        self._cuts = cuts
        self._starts = [cut.start for cut in cuts]
        self._ends = [cut.end for cut in cuts]
        self.anchors = anchors

    def text(self, start: int, end: int) -> tuple[str, str]:
        """The text of a range that is shown, and that which the author has hidden."""
        index = bisect_right(self._ends, start)
        if index >= len(self._cuts) or self._starts[index] >= end:
            return _clean(self._characters[start:end]), ""
        shown: list[str] = []
        hidden: list[str] = []
        at = start
        while index < len(self._cuts) and self._cuts[index].start < end:
            cut = self._cuts[index]
            shown.append(self._characters[at : cut.start])
            if cut.hidden:
                hidden.append(self._characters[max(cut.start, start) : min(cut.end, end)])
            elif cut.start >= start:
                shown.append(cut.text)
            at = cut.end
            index += 1
        shown.append(self._characters[at:end])
        return _clean("".join(shown)), _clean("".join(hidden))

    def drops(self, cp: int) -> bool:
        """A character is cut away (and not merely hidden), so a paragraph mark there separates nothing."""
        index = bisect_right(self._ends, cp)
        return index < len(self._cuts) and self._starts[index] <= cp and not self._cuts[index].hidden


def _clean(text: str) -> str:
    if text.isprintable():
        return joined(text)
    return joined(text.translate(_SIGNS))


@dataclass(frozen=True, slots=True)
class Sources:
    """What the cuts are worked out from. data: the stream Data; fonts: names by ftc."""

    characters: str
    runs: Characters
    data: bytes
    fonts: tuple[str, ...]


def story(sources: Sources, start: int, end: int) -> Story:
    """The visible form of a range of characters. Fields and deletions do not reach over its ends."""
    field_cuts = _field_cuts(sources, start, end)
    anchors: list[Anchor] = []
    run_cuts = _run_cuts(sources, start, end, anchors)
    instructions = Story(sources.characters, field_cuts, ())
    seen = tuple(anchor for anchor in anchors if not instructions.drops(anchor.cp))
    return Story(sources.characters, _merged(field_cuts, run_cuts), seen)


def _field_cuts(sources: Sources, start: int, end: int) -> list[Cut]:
    """Instructions and field marks, ascending and apart from each other. A field inside a cut is gone with it."""
    cuts: list[Cut] = []
    done = start
    for field in fields.find(sources.characters, start, end):
        if field.begin < done:
            continue
        stop = field.end if field.separator is None else field.separator
        cuts.append(Cut(field.begin, stop + 1, _shown(sources, field)))
        done = stop + 1
        if field.separator is not None:
            cuts.append(Cut(field.end, field.end + 1))
    cuts.sort(key=lambda cut: cut.start)
    return cuts


def _shown(sources: Sources, field: fields.Field) -> str:
    """What stands in the place of a field's instruction; "" for most, whose result follows."""
    text = fields.instruction(sources.characters, field)
    name = text.strip()[:14].upper()
    if name.startswith(("FORMCHECKBOX", "FORMDROPDOWN")):
        for _, _, chp in sources.runs.between(field.begin, field.end):
            if chp.data and chp.picture is not None:
                try:
                    return formfields.shown(sources.data, chp.picture)
                except Damaged:
                    return ""
    if field.separator is None or field.end == field.separator + 1:
        return fields.display(text)
    return ""


def _run_cuts(sources: Sources, start: int, end: int, anchors: list[Anchor]) -> list[Cut]:
    """Deleted, hidden and symbol characters, ascending; anchors of what is not deleted are noted."""
    cuts: list[Cut] = []
    for first, last, chp in sources.runs.between(start, end):
        if chp.deleted:
            cuts.append(Cut(first, last))
        elif chp.symbol is not None:
            ftc, code = chp.symbol
            cuts.append(Cut(first, last, symbols.glyph(_font(sources, ftc), code) * min(last - first, 64)))
        else:
            if chp.spec or chp.picture is not None:
                anchors.extend(
                    Anchor(cp, chp)
                    for cp in range(first, min(last, first + 64))
                    if sources.characters[cp] in (PICTURE, SHAPE)
                )
            if chp.hidden:
                cuts.append(Cut(first, last, hidden=True))
    cuts.extend(_symbol_letters(sources, start, end))
    cuts.sort(key=lambda cut: cut.start)
    return cuts


def _symbol_letters(sources: Sources, start: int, end: int) -> list[Cut]:
    """Characters typed in a symbol font, which Word keeps at U+F020 to U+F0FF."""
    found: list[Cut] = []
    for match in _PRIVATE.finditer(sources.characters, start, end):
        cp = match.start()
        chp = sources.runs.at(cp)
        if not chp.deleted and chp.symbol is None and not chp.hidden:
            font = "" if chp.font is None else _font(sources, chp.font)
            found.append(Cut(cp, cp + 1, symbols.glyph(font, ord(match.group()))))
    return found


def _font(sources: Sources, ftc: int) -> str:
    return sources.fonts[ftc] if ftc < len(sources.fonts) else ""


def _merged(first: list[Cut], second: list[Cut]) -> list[Cut]:
    """Both lists as one; where they overlap, the first list's cuts stay whole and the other's are trimmed."""
    merged: list[Cut] = []
    index = 0
    for cut in second:
        start = cut.start
        while index < len(first) and first[index].end <= start:
            merged.append(first[index])
            index += 1
        ahead = index
        while ahead < len(first) and first[ahead].start < cut.end:
            if start < first[ahead].start:
                merged.append(Cut(start, first[ahead].start, cut.text, cut.hidden))
            start = max(start, first[ahead].end)
            if start >= cut.end:
                break
            merged.append(first[ahead])
            ahead += 1
        index = ahead
        if start < cut.end:
            merged.append(Cut(start, cut.end, cut.text, cut.hidden))
    merged.extend(first[index:])
    return merged
