"""Dates beneath black seals: what is sure of them, by the grammar of dates and two recognisers.

What lies beneath a ring or a star as dark as print is misread, and surely: 2021年8月25日 comes out as 2021年8月2 or as
21年 and a stray mark. So such rows are weighed as dates (date_grammar.py). What the page's recogniser is not sure of
was not read, and the line says so (`UNREAD`): 202�年7月8日. A rule may still tell that no such day lies within its
range. What a second recogniser does not confirm is doubted, as everywhere (twice.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from extractors.document import UNREAD, Box, Line, Seal, SealColour, Word
from extractors.ocr.date_grammar import Weighed, weigh
from extractors.ocr.engine import Raster, Recognisers
from extractors.ocr.twice import DOUBTED
from extractors.ocr.window import window_of

SURE, AGREED = 0.99, 0.9
"""Likelihoods by the page's recogniser from which a part of a date counts as read, and by the second one, a smaller
network, from which it is beyond doubt. On 240 drawn letters with seals of grey, 1-bit and black ink none of 1,371 parts
beyond doubt was wrong."""

_IS_DATE = 1e-8  # of a row, beside that of its likeliest text: with two characters unseen it still is a date
_READ = 3  # parts of the five (century, decade, year, month, day) that are beyond doubt at least
_MOST = 8  # seals of a page
_ROWS = 12  # beneath each
_NEAR = 0.05  # of a seal's size: a row that ends so near may go on beneath it
_TALL = 0.5  # of a seal's height; what is higher is no row
_BESIDE = 0.5  # of a row's height, on either side
_LEAST = 2  # characters of dates that are read in a row at least
_STRAY = 3  # characters behind a date that are the seal's
_DATED = re.compile(r"[年月日]|\d\s?[./-]\s?\d")
_DIGIT = re.compile(r"[0-9〇一二三四五六七八九十年月日]")
_TELLING = re.compile(r"[0-9〇零一二三四五六七八九十廿卅]")

_PARTS = (0, 1, 2, 4, 6)  # the slots that tell; the others are 年 月 日 or what stands for them
_UNREAD = dict.fromkeys(_PARTS, UNREAD) | {0: UNREAD * 2}


def read_dates(lines: Sequence[Line], grey: Raster, seals: Sequence[Seal], recogniser: Recognisers) -> tuple[Line, ...]:
    """The lines, those that black seals reach over with their dates as far as they can be read.

    grey: the page, without what of the seals could be lifted. What is no date stays; of what looks like one and cannot
    be weighed, the numbers lose their confidence. Raises EngineError.
    """
    for seal in [seal for seal in seals if seal.colour is SealColour.BLACK and seal.place.box is not None][:_MOST]:
        rows = list(_rows(lines, _grown(seal.place.box)))[:_ROWS]  # type: ignore[arg-type]
        strips = [_Strip.of(row, grey) for row in rows]
        first, second = (each.weigh([s.raster for s in strips]) for each in (recogniser, recogniser.second))
        for row, strip, one, two in zip(rows, strips, first, second, strict=True):
            date = _sure(weigh(one), weigh(two))
            place = _grown(seal.place.box)  # type: ignore[arg-type]
            lines = _doubted(lines, row, place) if date is None else _dated(lines, row, strip.words(date, grey), place)
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Date:
    """What can be read of a date: its slots as written, `UNREAD` where one cannot. columns: where each begins."""

    slots: tuple[str, ...]
    columns: tuple[float, ...]
    confidences: tuple[float, ...]


def _sure(one: Weighed, two: Weighed) -> _Date | None:
    """What the page's recogniser is sure of, doubted where the second is not; None where it is no date, or where they
    agree on too little of one."""
    if min(one.likelihood, two.likelihood) < _IS_DATE:
        return None
    slots, confidences, agreed = [], [], 0
    for slot, (mine, its) in enumerate(zip(one.values, two.values, strict=True)):
        value = max(mine, key=lambda each: mine[each])
        if slot not in _PARTS:
            slots.append(next(iter(one.notation.texts[slot])))
            confidences.append(1.0)
        elif mine[value] < SURE:
            slots.append(_UNREAD[slot])
            confidences.append(0.0)
        else:
            agrees = its.get(value, 0.0) >= AGREED
            agreed += agrees
            slots.append(one.notation.written(slot, value))
            confidences.append(min(1.0, mine[value]) if agrees else DOUBTED)
    return _Date(tuple(slots), one.columns, tuple(confidences)) if agreed >= _READ else None


# -------------------------------------------------------------------------------------------- rows and lines


def _grown(box: Box) -> Box:
    """A seal's place with what is near it."""
    x, y = _NEAR * box.width, _NEAR * box.height
    return Box(box.left - x, box.top - y, box.right + x, box.bottom + y)


def _rows(lines: Sequence[Line], place: Box) -> Iterator[list[Line]]:
    """The lines that reach into a place, those that are level together, left to right."""
    rows: list[list[Line]] = []
    for line in lines:
        box = line.place.box
        if box is None or not line.words or not box.meets(place) or box.height > _TALL * place.height:
            continue
        for row in rows:
            if all(box.level_with(_box(other)) for other in row):
                row.append(line)
                break
        else:
            rows.append([line])
    for row in rows:
        if sum(len(_DIGIT.findall(line.text)) for line in row) < _LEAST:
            continue
        yield sorted(row, key=lambda line: _box(line).left)


def _box(line: Line) -> Box:
    if line.place.box is None:
        raise ValueError("a line without a place")
    return line.place.box


@dataclass(frozen=True, slots=True)
class _Strip:
    """A row cut out. left: of the page's width. top, bottom: of its height."""

    raster: Raster
    left: float
    top: float
    bottom: float

    @classmethod
    def of(cls, row: Sequence[Line], grey: Raster) -> _Strip:
        boxes = [_box(line) for line in row]
        top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
        beside = _BESIDE * (bottom - top) * grey.shape[0] / grey.shape[1]
        left = max(0.0, min(box.left for box in boxes) - beside)
        right = min(1.0, max(box.right for box in boxes) + beside)
        window = window_of(Box(left, max(0.0, top), right, min(1.0, bottom)), *grey.shape)
        return cls(np.ascontiguousarray(grey[window]), left, top, bottom)

    def words(self, date: _Date, grey: Raster) -> tuple[Word, ...]:
        """The date's slots where they stand on the page."""
        height, width = self.raster.shape
        column = height / 6 / grey.shape[1]  # of the page's width: a recogniser's strip is 48 high, a column 8 wide
        last = date.columns[-1] if date.slots[-1] else date.columns[-2]
        edges = [*date.columns[: len(date.slots) - (not date.slots[-1])], min(last + 5, width * 6 / height)]
        return tuple(
            Word(
                text,
                Box(self.left + start * column, self.top, self.left + max(start, end) * column, self.bottom),
                confidence,
            )
            for text, confidence, (start, end) in zip(date.slots, date.confidences, pairwise(edges), strict=False)
        )


def _dated(lines: Sequence[Line], row: Sequence[Line], words: Sequence[Word], place: Box) -> Sequence[Line]:
    """The lines with a date in the place of what was read there, in the line in which it begins."""
    start, end = words[0].box.left, words[-1].box.right
    parts = [_parted(line, start, end) for line in row]
    cut = [number for number, (before, words_, after) in enumerate(parts) if words_]
    if not cut:
        return lines
    replaced: dict[int, list[Line]] = {}
    for number in cut:
        line, (before, _, after) = row[number], parts[number]
        if number == cut[0]:
            if len(after[0]) <= _STRAY and all(word.box.meets(place) for word in after[1]):
                after = ("", ())
            replaced[id(line)] = [_line_of(line, before, words, after)]
        else:
            rest = ("".join((before[0], after[0])), (*before[1], *after[1]))
            stray = len(rest[0]) <= _STRAY and all(word.box.meets(place) for word in rest[1])
            replaced[id(line)] = [] if stray else [_line_of(line, rest, (), ("", ()))]
    return [each for line in lines for each in replaced.get(id(line), [line])]


_Part = tuple[str, tuple[Word, ...]]


def _parted(line: Line, start: float, end: float) -> tuple[_Part, tuple[Word, ...], _Part]:
    """A line's text and words before a stretch of the page's width, the words in it, and text and words behind it."""
    inside = [n for n, word in enumerate(line.words) if start < (word.box.left + word.box.right) / 2 < end]
    if not inside:
        return (line.text, line.words), (), ("", ())
    spans, first, last = line.spans(), inside[0], inside[-1]
    before = (line.text[: spans[first][0]], line.words[:first])
    return before, line.words[first : last + 1], (line.text[spans[last][1] :], line.words[last + 1 :])


def _line_of(line: Line, before: _Part, date: Sequence[Word], after: _Part) -> Line:
    words = (*before[1], *date, *after[1])
    text = before[0] + "".join(word.text for word in date) + after[0]
    read = [word for word in words if UNREAD not in word.text]
    box = Box.around(word.box for word in words)
    confidence = sum(word.confidence * len(word.text) for word in read) / max(1, sum(len(word.text) for word in read))
    return replace(line, text=text.strip(), place=replace(line.place, box=box), confidence=confidence, words=words)


def _doubted(lines: Sequence[Line], row: Sequence[Line], place: Box) -> Sequence[Line]:
    """The lines, those of a row that looks like a date without confidence in its numbers within a place."""
    if not any(_DATED.search(line.text) for line in row):
        return lines
    own = {id(line) for line in row}
    return [
        replace(line, words=tuple(_doubted_word(word, place) for word in line.words)) if id(line) in own else line
        for line in lines
    ]


def _doubted_word(word: Word, place: Box) -> Word:
    doubtful = _TELLING.search(word.text) is not None and word.box.meets(place)
    return replace(word, confidence=min(word.confidence, DOUBTED)) if doubtful else word
