"""Boxes to be ticked (□ ☑ ■ ○ ●) beside a line's words, told by their pixels.

The recogniser loses most of them: to it a small square is a stroke of the next character, a circle is nothing at all.
So the places of a line that it read nothing in are looked at again: before its words, between them, and behind them.
What stands there and fills a square or a circle of about a character's size is a box. Its frame apart, it is empty or
it bears ink; where neither is plain, that is said, too. What was read there already is let alone, but for an empty box
(口) that bears ink.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from extractors.document import Box, Line, Word
from extractors.hanzi import is_hanzi
from extractors.ocr.engine import Raster

UNSURE = "⍰"
"""A box of which nobody can tell whether it is ticked."""

_EMPTY = {"square": "□", "circle": "○"}
_INKED = {"square": "☑", "circle": "◉"}
_SOLID = {"square": "■", "circle": "●"}
_READ_AS_EMPTY = "口囗ロ□☐○◯〇O0oD"
_READ_EMPTY = "□☐○◯"
_READ_AS_CIRCLE = "O0oD"

_DIGITS = tuple("〇零一二三四五六七八九")

_MOST_LINES = 600  # of a page
_MOST_GAPS = 40  # of a line
_REACH = 1.7  # em before and behind a line within which a box belongs to it
_ROOM = 1.4  # em between the middles of two Hanzi that have a box between them
_AROUND = 0.4  # em beside a gap that are looked at, too: a box may reach there
_IN_GAP = 0.2  # em from the side of what is looked at, from which the middle of a box is its own
_LEAST_EM = 7  # pixels; smaller print shows no inside
_SMALLEST, _LARGEST = 0.42, 1.25  # of the em: a box's side
_NARROWEST = 0.6  # width over height of a box
_OF_WORD = 0.3  # of a round within a word's box from which it is the word's own
_ALIGNED = 0.6  # em by which a tick may stand beside the column of boxes
_NEXT = 2.6  # em from an option to the next one below
_TICK = 0.65  # of its box that a tick is ink at most
_CONTRAST = 50  # grey levels between paper and ink


@dataclass(frozen=True, slots=True)
class _Mark:
    """A box as found: pixels of the page. sign: what it is written as."""

    sign: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def with_marks(lines: Sequence[Line], grey: Raster, seals: Sequence[Box] = ()) -> tuple[Line, ...]:
    """The lines with the boxes that stand beside their words.

    grey: the page, without seals. seals: where they stand; what is left of a ring there is no circle to be ticked.
    """
    found: list[tuple[int, float, _Mark]] = []  # line, how far from its words, mark
    for number, line in enumerate(lines[:_MOST_LINES]):
        for mark, distance in _beside(line, grey):
            if any(_within(seal, mark, grey) for seal in seals):
                continue
            if not any(other is not line and _holds(other, mark, grey) for other in lines):
                found.append((number, distance, mark))
    kept: dict[int, list[_Mark]] = {}
    claimed: list[_Mark] = []
    for number, _, mark in sorted(found, key=lambda each: each[1]):
        if not any(_same(mark, other) for other in claimed):  # it stands between two lines, and is the nearer one's
            claimed.append(mark)
            kept.setdefault(number, []).append(mark)
    for number, mark in _ticks(lines, kept, grey):
        kept.setdefault(number, []).append(mark)
    return tuple(_written(line, kept[number], grey) if number in kept else line for number, line in enumerate(lines))


def _ticks(lines: Sequence[Line], kept: Mapping[int, Sequence[_Mark]], grey: Raster) -> Iterator[tuple[int, _Mark]]:
    """Ticks that stand where the next option has an empty box (✔ 全国学会 □ 省级学会): by their lines' numbers.

    Such a tick has no frame that could be told; that it stands as the box does is what tells it.
    """
    height, width = grey.shape
    boxes = [(number, mark) for number, marks in kept.items() for mark in marks]
    boxes += [(number, box) for number, line in enumerate(lines[:_MOST_LINES]) for box in _read_boxes(line, grey)]
    empty = [
        (number, box, edge - box.middle)
        for number, box in boxes
        if box.sign in _READ_EMPTY and (edge := _behind(lines[number], box, width)) is not None
    ]
    for number, line in enumerate(lines[:_MOST_LINES] if empty else ()):
        em = _em(line, width, height) if line.place.box is not None and line.words else 0.0
        if em < _LEAST_EM:
            continue
        middle = _middle(line.words[0].box) * height
        for edge in _beginnings(line, em, width):
            for other, box, offset in empty:
                x, apart = edge - offset, abs((box.top + box.bottom) / 2 - middle)
                aligned = other == number or (abs(x - box.middle) < _ALIGNED * em and apart < _NEXT * em)
                if not aligned or offset > _REACH * em or any(_covers(mark, x) for mark in kept.get(number, ())):
                    continue
                tick = _tick(grey, x, middle, em)
                if tick is not None and not any(_holds(each, tick, grey) for each in lines if each is not line):
                    yield number, tick
                    break


def _read_boxes(line: Line, grey: Raster) -> Iterator[_Mark]:
    """The empty boxes that the recogniser read itself."""
    height, width = grey.shape
    for word in line.words:
        if word.text in _READ_EMPTY:
            box = word.box
            places = (
                round(box.left * width),
                round(box.top * height),
                round(box.right * width),
                round(box.bottom * height),
            )
            yield _Mark(word.text, *places)


def _covers(mark: _Mark, x: float) -> bool:
    return mark.left <= x <= mark.right


def _behind(line: Line, mark: _Mark, width: int) -> float | None:
    """Where the word behind a mark begins, in pixels; None where there is none."""
    return min((w.box.left * width for w in line.words if w.box.left * width > mark.middle), default=None)


def _beginnings(line: Line, em: float, width: int) -> Iterator[float]:
    """Where words begin that have room for a box before them, in pixels."""
    words = sorted(line.words, key=lambda word: word.box.left)[: _MOST_GAPS + 1]
    yield words[0].box.left * width
    for before, word in pairwise(words):
        if (word.box.left - before.box.right) * width > em:
            yield word.box.left * width


def _tick(grey: Raster, x: float, y: float, em: float) -> _Mark | None:
    """What stands around a place by itself, as large as a tick, or a box that is black all over."""
    left, top = max(0, round(x - em)), max(0, round(y - em))
    part = grey[top : max(0, round(y + em)), left : max(0, round(x + em))]
    if part.size == 0:
        return None
    paper, dark = (float(value) for value in np.percentile(part, (90, 1)))
    if paper - dark < _CONTRAST:
        return None
    ink = (part < (paper + dark) / 2).astype(np.uint8)
    _, _, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    for wide, high, area, (across, down), (first, above) in zip(
        stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA], centres[1:],
        stats[1:, :2], strict=True,
    ):  # fmt: skip
        near = abs(left + across - x) < em / 2 and abs(top + down - y) < em / 2
        inside = first > 0 and above > 0 and first + wide < part.shape[1] and above + high < part.shape[0]
        size = _SMALLEST * em <= min(wide, high) and max(wide, high) <= 1.5 * em
        if near and inside and size:
            sign = "✔" if area <= _TICK * wide * high else _SOLID["square"]
            return _Mark(sign, left + int(first), top + int(above), left + int(first + wide), top + int(above + high))
    return None


def _holds(line: Line, mark: _Mark, grey: Raster) -> bool:
    """Whether the mark stands where another line was read."""
    return line.place.box is not None and _within(line.place.box, mark, grey)


def _within(box: Box, mark: _Mark, grey: Raster) -> bool:
    height, width = grey.shape
    x, y = mark.middle / width, (mark.top + mark.bottom) / 2 / height
    return bool(box.left < x < box.right and box.top < y < box.bottom)


def _same(mark: _Mark, other: _Mark) -> bool:
    return (
        min(mark.right, other.right) > max(mark.left, other.left)
        and min(mark.bottom, other.bottom) > max(mark.top, other.top)
    )  # fmt: skip


# ------------------------------------------------------------------------------------------ where to look


def _beside(line: Line, grey: Raster) -> Iterator[tuple[_Mark, float]]:
    """Boxes at places where nothing was read, or an empty box; each with its distance from the words, in pixels."""
    height, width = grey.shape
    box = line.place.box
    if box is None or not line.words or box.height * height > 0.5 * height:
        return
    em = _em(line, width, height)
    if em < _LEAST_EM or box.width * width < 0.5 * em:
        return
    top, bottom = _middle(box) * height - 0.75 * em, _middle(box) * height + 0.75 * em
    ats = [_centre(w.box) * width for w in line.words if "@" in w.text and w.box.width * width < 2 * em]
    for left, right in _gaps(line, em, width):
        mark = _mark(grey, (left, top, right, bottom), em)
        if mark is not None and any(abs(mark.middle - at) < em for at in ats):
            continue  # the round of an @ that stands by itself
        if mark is not None and any(_is_of(word, mark, width) for word in line.words):
            continue
        if mark is not None and left + _IN_GAP * em <= mark.middle <= right - _IN_GAP * em:  # else a character's (0, 8)
            centre = min(abs(mark.middle - edge * width) for w in line.words for edge in (w.box.left, w.box.right))
            yield mark, centre
    for word in line.words:
        if word.text in _READ_AS_EMPTY:
            left, right = word.box.left * width - 0.4 * em, word.box.right * width + 0.4 * em
            mark = _mark(grey, (left, top, right, bottom), em)
            if mark is not None and (mark.sign not in _EMPTY.values() or _is_circle(mark, word)):
                yield mark, 0.0


def _is_of(word: Word, mark: _Mark, width: int) -> bool:
    """The round at the edge of a Latin word (9, d, the o of a mail address), which reaches a little beyond its box."""
    plain = word.text.isascii() and any(map(str.isalnum, word.text)) and word.text not in _READ_AS_EMPTY
    shared = min(mark.right, word.box.right * width) - max(mark.left, word.box.left * width)
    return plain and shared > _OF_WORD * (mark.right - mark.left)


def _is_circle(mark: _Mark, word: Word) -> bool:
    return mark.sign == _EMPTY["circle"] and word.text in _READ_AS_CIRCLE


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _centre(box: Box) -> float:
    return (box.left + box.right) / 2


def _em(line: Line, width: int, height: int) -> float:
    """The size of the line's print in pixels: the pitch of its characters, within what its box allows."""
    box = line.place.box
    assert box is not None
    high = box.height * height
    centres = [_centre(word.box) * width for word in line.words if _is_wide(word.text)]
    pitches = [b - a for a, b in pairwise(centres) if 0.5 * high < b - a < 1.15 * high]
    return median(pitches) if len(pitches) >= 2 else 0.78 * high


def _is_wide(text: str) -> bool:
    return is_hanzi(text)


def _gaps(line: Line, em: float, width: int) -> Iterator[tuple[float, float]]:
    """Where nothing was read and a box has room, in pixels of the page; what is read at either side is left out."""
    box = line.place.box
    assert box is not None
    words = sorted(line.words, key=lambda word: word.box.left)
    edges = [(word.box.left * width, word.box.right * width) for word in words]
    start = min(edges[0][0], box.left * width) - _REACH * em
    end = max(edges[-1][1], box.right * width) + _REACH * em
    between = [
        (a.box.right * width, b.box.left * width)
        for a, b in pairwise(words)
        if not (_is_wide(a.text) and _is_wide(b.text) and _centre(b.box) - _centre(a.box) < _ROOM * em / width)
    ]
    spaces = [(start, edges[0][0]), *between, (edges[-1][1], end)]
    for left, right in spaces[:_MOST_GAPS]:
        if right - left > 0.35 * em:
            yield max(0.0, left - _AROUND * em), min(float(width), right + _AROUND * em)


# ------------------------------------------------------------------------------------------- what stands there


def _mark(grey: Raster, window: tuple[float, float, float, float], em: float) -> _Mark | None:
    """The box that stands in a window (left, top, right, bottom in pixels), nearest to its middle; None for none."""
    left, top = max(0, round(window[0])), max(0, round(window[1]))
    part = grey[top : max(0, round(window[3])), left : max(0, round(window[2]))]
    if part.size == 0 or min(part.shape) < 0.5 * em:
        return None
    counts = np.cumsum(cv2.calcHist([part], [0], None, [256], [0, 256]))
    paper, dark = (float(np.searchsorted(counts, round(share * (part.size - 1)), "right")) for share in (0.9, 0.01))
    if paper - dark < _CONTRAST:
        return None
    ink = (part < paper - 0.35 * (paper - dark)).astype(np.uint8)
    marks = []
    for shape, sign in _shapes(part, ink, paper, dark, em):
        x, y, wide, high = shape
        marks.append(_Mark(sign, left + x, top + y, left + x + wide, top + y + high))
    centre = left + part.shape[1] / 2
    return min(marks, key=lambda mark: abs(mark.middle - centre), default=None)


def _shapes(
    part: Raster, ink: Raster, paper: float, dark: float, em: float
) -> Iterator[tuple[tuple[int, int, int, int], str]]:
    """Squares and circles among the ink, each (left, top, width, height) with its sign."""
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    side = max(3, round(0.3 * em)) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    for contour in contours:
        x, y, wide, high = cv2.boundingRect(contour)
        if x == 0 or y == 0 or x + wide == ink.shape[1] or y + high == ink.shape[0]:
            continue  # what reaches over the window is another character's, or a rule
        if not (_SMALLEST * em <= min(wide, high) and max(wide, high) <= 1.9 * em):
            continue
        filled = np.zeros_like(ink)
        cv2.drawContours(filled, [contour], -1, 1, cv2.FILLED)
        core = cv2.morphologyEx(filled, cv2.MORPH_OPEN, brush)  # without the ends of a tick that reach out of it
        x, y, wide, high = cv2.boundingRect(core)
        if not (_SMALLEST * em <= min(wide, high) and max(wide, high) <= _LARGEST * em):
            continue
        if not _NARROWEST <= wide / high <= 1.3:
            continue
        fill = float(core.sum()) / (wide * high)
        if fill < 0.7:
            continue
        shape = "square" if fill > 0.87 else "circle"
        if shape == "circle" and not 0.8 <= wide / high <= 1.25:
            continue  # 0, 6, 8
        sign = _sign(part[y : y + high, x : x + wide], shape, paper, dark)
        if sign:
            yield (x, y, wide, high), sign


def _sign(part: Raster, shape: str, paper: float, dark: float) -> str:
    """What a box is written as, by the ink within its frame; "" where it has none, for then it is no box."""
    high, wide = part.shape
    darkness = np.clip((paper - part.astype(np.float32)) / (paper - dark), 0, 1)
    rows, columns = np.mgrid[0:high, 0:wide]
    across = np.abs((columns + 0.5) / wide - 0.5)
    down = np.abs((rows + 0.5) / high - 0.5)
    out = np.maximum(across, down) if shape == "square" else np.hypot(across, down)
    inner = darkness[out < 0.29]
    frame = darkness[(out > 0.36) & (out < 0.5)]
    if inner.size < 4 or frame.size < 4:
        return ""
    share = float(inner.mean())
    if share > 0.75:
        return _SOLID[shape]
    if share < 0.05:
        return _EMPTY[shape]
    return _INKED[shape] if share > 0.1 else UNSURE


# --------------------------------------------------------------------------------------------- written down


def _written(line: Line, marks: Sequence[_Mark], grey: Raster) -> Line:
    """The line with its boxes written where they stand."""
    height, width = grey.shape
    text, words, box = line.text, list(line.words), line.place.box
    assert box is not None
    for mark in sorted(marks, key=lambda each: each.left):
        where = Box(mark.left / width, mark.top / height, mark.right / width, mark.bottom / height)
        middle = (where.left + where.right) / 2
        position, index, over, before = 0, 0, None, 0.0
        for number, word in enumerate(words):
            at = text.find(word.text, position)
            if at < 0:
                continue
            if word.box.left <= middle <= word.box.right and word.text in _READ_AS_EMPTY:
                position, index, over = at, number, word
                break
            if (word.box.left + word.box.right) / 2 > middle:
                if word.box.left - middle < middle - before:  # behind a blank, should there be one
                    position = at
                break
            position, index, before = at + len(word.text), number + 1, word.box.right
        sign = mark.sign
        rest = text[position + (len(over.text) if over is not None else 0) :]
        if sign == _EMPTY["circle"] and text[:position].endswith(("一", "二")) and rest.startswith(_DIGITS):
            sign = "〇"  # 二〇二一年: no box but a digit
        written = Word(sign, where, line.confidence)
        text = text[:position] + sign + rest
        words[index : index + (over is not None)] = [written]
        box = Box(min(box.left, where.left), box.top, max(box.right, where.right), box.bottom)
    return replace(line, text=text, words=tuple(words), place=replace(line.place, box=box))
