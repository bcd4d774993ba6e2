"""Dates beneath black seals: what is sure of them, by the grammar of dates and two recognisers.

What lies beneath a ring or a star as dark as print is misread, and surely: 2021年8月25日 comes out as 2021年8月2 or as
21年 and a stray mark. But there are few ways to write a date. Over all of them the likelihoods that a recogniser gives
for the columns of a row are summed (the forward-backward algorithm on a CTC lattice: Graves et al. 2006), which tells
how likely each digit of the year, each month and each day is. What the page's recogniser is not sure of was not read,
and the line says so (`UNREAD`): 202�年7月8日. A rule may still tell that no such day lies within its range. What a
second recogniser does not confirm is doubted, as everywhere (twice.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extractors.document import UNREAD, Box, Line, Seal, SealColour, Word
from extractors.ocr.engine import Odds, Raster, Recognisers
from extractors.ocr.twice import DOUBTED
from extractors.ocr.window import window_of

SURE, AGREED = 0.99, 0.9
"""Likelihoods by the page's recogniser from which a part of a date counts as read, and by the second one, a smaller
network, from which it is beyond doubt. On 240 drawn letters with seals of grey, 1-bit and black ink none of 1,371 parts
beyond doubt was wrong."""

_FLOOR = 1e-4  # likelihood, beside the likeliest, of a character where it must stand and is not seen
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

_HANZI = "〇一二三四五六七八九"
_ALIKE = {
    "0": "0Oo〇○", "1": "1lI|", "〇": "〇○O0零", "一": "一-—", "日": "日曰", ".": ".．。", "-": "-—–一",
}  # fmt: skip
_NUMERALS = frozenset("0123456789十" + _HANZI)
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


# ---------------------------------------------------------------------------------------------- the grammar


@dataclass(frozen=True, slots=True)
class _Node:
    """A character of a date. slot: which of the eight (century, decade, year, 年, month, 月, day, 日) it begins, and
    with which value; None where it goes on. before: the nodes that it may follow, () where it is the date's first."""

    text: str
    slot: tuple[int, str] | None
    before: tuple[int, ...]


@dataclass(frozen=True)
class _Notation:
    """A way to write dates: every one as a path over nodes. texts: of each slot, how its values are written."""

    texts: tuple[Mapping[str, str], ...]
    nodes: tuple[_Node, ...]
    last: tuple[int, ...]

    @cached_property
    def follows(self) -> NDArray[np.float64]:
        """[n, m]: 1 where n may follow m."""
        follows = np.zeros((len(self.nodes), len(self.nodes)))
        for number, node in enumerate(self.nodes):
            follows[number, list(node.before)] = 1.0
        return follows

    @cached_property
    def follows_at_once(self) -> NDArray[np.float64]:
        """The same where no blank is between: not a character upon its like, which were one character."""
        same = np.array([[one.text == other.text for other in self.nodes] for one in self.nodes])
        return np.where(same, 0.0, self.follows)

    @cached_property
    def starts(self) -> NDArray[np.float64]:
        return np.array([0.0 if node.before else 1.0 for node in self.nodes])

    @cached_property
    def ends(self) -> NDArray[np.float64]:
        return np.isin(np.arange(len(self.nodes)), self.last).astype(np.float64)

    def written(self, slot: int, value: str) -> str:
        return next(text for text, meant in self.texts[slot].items() if meant == value)


def _hanzi(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("", "十", "二十", "三十")[tens] + (_HANZI[ones] if ones else "")


@lru_cache(maxsize=1)
def _notations() -> tuple[_Notation, ...]:
    """2021年8月3日, 二〇二一年八月三日, 2021.8.3, 2021-8-3, 2021/8/3; in digits also 08 and 03."""
    digits = {str(n): str(n) for n in range(10)}
    hanzi = {_HANZI[n]: str(n) for n in range(10)}

    def numbers(most: int) -> dict[str, str]:
        return {str(n): str(n) for n in range(1, most + 1)} | {f"{n:02}": str(n) for n in range(1, 10)}

    def numerals(most: int) -> dict[str, str]:
        return {_hanzi(n): str(n) for n in range(1, most + 1)}

    def marked(*marks: str) -> tuple[Mapping[str, str], ...]:
        year, month, day = ({mark: mark} for mark in marks)
        return ({"19": "19", "20": "20"}, digits, digits, year, numbers(12), month, numbers(31), day)

    written = ({"一九": "19", "二〇": "20"}, hanzi, hanzi, {"年": "年"}, numerals(12), {"月": "月"}, numerals(31))
    all_texts = (
        marked("年", "月", "日"), (*written, {"日": "日"}), *(marked(mark, mark, "") for mark in ".-/"),
    )  # fmt: skip
    return tuple(_notation(texts) for texts in all_texts)


def _notation(texts: tuple[Mapping[str, str], ...]) -> _Notation:
    nodes: list[_Node] = []
    last: tuple[int, ...] = ()
    for slot, values in enumerate(texts):
        ends = []
        for text, value in values.items():
            before = last
            for offset, character in enumerate(text):
                nodes.append(_Node(character, None if offset else (slot, value), before))
                before = (len(nodes) - 1,)
            ends.append(before)
        last = tuple(number for end in ends for number in end)
    return _Notation(texts, tuple(nodes), last)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A strip as a date. likelihood: beside that of the likeliest text, 0 to about 1.

    values: of each slot, how likely each value is. columns: where each slot begins, in the strip's columns.
    """

    likelihood: float
    values: tuple[Mapping[str, float], ...]
    columns: tuple[float, ...]
    notation: _Notation


def weigh(odds: Odds) -> Weighed:
    """How likely the dates are that a strip may hold, whatever stands before and after. In the likeliest notation the
    columns; the values count whatever the notation."""
    weighed = [_weigh(odds, notation) for notation in _notations()]
    best = max(weighed, key=lambda each: each.likelihood)
    total = sum(each.likelihood for each in weighed)
    values: list[dict[str, float]] = [{} for _ in best.values]
    for each in weighed:
        for own, its in zip(values, each.values, strict=True):
            for value, likely in its.items():
                own[value] = own.get(value, 0.0) + likely * each.likelihood / max(total, 1e-300)
    return replace(best, likelihood=total, values=tuple(values))


def _weigh(odds: Odds, notation: _Notation) -> Weighed:
    """The forward-backward algorithm. Each column counts against its likeliest character, so that what stands before
    and behind the date costs nothing, but for numerals: a date does not end within a number."""
    nodes, size = notation.nodes, len(odds)
    seen = {text: np.full(size, _FLOOR) for text in dict.fromkeys(node.text for node in nodes)}
    blank, behind = np.full(size, _FLOOR), np.full(size, _FLOOR)
    for column, likely in enumerate(odds):
        most = max(likely.values(), default=1.0)
        for text, own in seen.items():
            own[column] = max(_FLOOR, sum(likely.get(each, 0.0) for each in _ALIKE.get(text, text)) / most)
        blank[column] = max(_FLOOR, (likely.get("", 0.0) + likely.get(" ", 0.0)) / most)
        others = (each for text, each in likely.items() if text not in _NUMERALS)
        behind[column] = max(_FLOOR, max(others, default=0.0) / most)
    shown = np.array([seen[node.text] for node in nodes]).T.reshape(size, len(nodes))

    # in a character, in the blank behind it, behind the whole date; and how much comes into each character anew
    inside, after, done = np.zeros(len(nodes)), np.zeros(len(nodes)), 0.0
    entered = np.zeros((size, len(nodes)))
    for column in range(size):
        entered[column] = shown[column] * (
            notation.starts + notation.follows @ after + notation.follows_at_once @ inside
        )
        done = behind[column] * (done + float(notation.ends @ (inside + after)))
        after = blank[column] * (inside + after)
        inside = shown[column] * inside + entered[column]
    total = done + float(notation.ends @ (inside + after))
    if total <= 0:
        return Weighed(0.0, tuple({} for _ in notation.texts), (0.0,) * len(notation.texts), notation)

    to_go, to_go_after, to_go_done = notation.ends.copy(), notation.ends.copy(), 1.0
    share = np.zeros((size, len(nodes)))  # of all the likelihood, that comes into a character in a column
    for column in range(size - 1, -1, -1):
        share[column] = entered[column] * to_go / total
        onto, end = shown[column] * to_go, notation.ends * behind[column] * to_go_done
        rest = blank[column] * to_go_after + end
        to_go, to_go_after, to_go_done = (
            shown[column] * to_go + rest + notation.follows_at_once.T @ onto,
            rest + notation.follows.T @ onto,
            behind[column] * to_go_done,
        )
    return _told(float(total), share, notation)


def _told(total: float, share: NDArray[np.float64], notation: _Notation) -> Weighed:
    values: list[dict[str, float]] = [{} for _ in notation.texts]
    columns = np.zeros(len(notation.texts))
    for number, node in enumerate(notation.nodes):
        if node.slot is not None:
            slot, value = node.slot
            values[slot][value] = values[slot].get(value, 0.0) + float(share[:, number].sum())
            columns[slot] += float(np.arange(len(share)) @ share[:, number])
    return Weighed(total, tuple(values), tuple(columns.tolist()), notation)


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


def _meets(box: Box, place: Box) -> bool:
    across = min(box.right, place.right) - max(box.left, place.left)
    return across > 0 and min(box.bottom, place.bottom) > max(box.top, place.top)


def _rows(lines: Sequence[Line], place: Box) -> Iterator[list[Line]]:
    """The lines that reach into a place, those that are level together, left to right."""
    rows: list[list[Line]] = []
    for line in lines:
        box = line.place.box
        if box is None or not line.words or not _meets(box, place) or box.height > _TALL * place.height:
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
            if len(after[0]) <= _STRAY and all(_meets(word.box, place) for word in after[1]):
                after = ("", ())
            replaced[id(line)] = [_line_of(line, before, words, after)]
        else:
            rest = ("".join((before[0], after[0])), (*before[1], *after[1]))
            stray = len(rest[0]) <= _STRAY and all(_meets(word.box, place) for word in rest[1])
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
    doubtful = _TELLING.search(word.text) is not None and _meets(word.box, place)
    return replace(word, confidence=min(word.confidence, DOUBTED)) if doubtful else word
