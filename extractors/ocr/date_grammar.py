"""The grammar of dates, and how likely each date is that a strip may hold.

There are few ways to write a date. Over all of them the likelihoods that a recogniser gives for the columns of a row
are summed (the forward-backward algorithm on a CTC lattice: Graves et al. 2006), which tells how likely each digit of
the year, each month and each day is, whatever stands before and behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Odds

_FLOOR = 1e-4  # likelihood, beside the likeliest, of a character where it must stand and is not seen
_HANZI = "〇一二三四五六七八九"
_ALIKE = {
    "0": "0Oo〇○", "1": "1lI|", "〇": "〇○O0零", "一": "一-—", "日": "日曰", ".": ".．。", "-": "-—–一",
}  # fmt: skip
_MEANT = {
    each: [text for text, alike in _ALIKE.items() if each in alike] for alike in _ALIKE.values() for each in alike
}
"""Of each character that others look like, which of them it may be: of - 一 and -, of 一 both."""
_NUMERALS = frozenset("0123456789十" + _HANZI)


@dataclass(frozen=True, slots=True)
class Node:
    """A character of a date. slot: which of the eight (century, decade, year, 年, month, 月, day, 日) it begins, and
    with which value; None where it goes on. before: the nodes that it may follow, () where it is the date's first."""

    text: str
    slot: tuple[int, str] | None
    before: tuple[int, ...]


@dataclass(frozen=True)
class Notation:
    """A way to write dates: every one as a path over nodes. texts: of each slot, how its values are written."""

    texts: tuple[Mapping[str, str], ...]
    nodes: tuple[Node, ...]
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
def _notations() -> tuple[Notation, ...]:
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


def _notation(texts: tuple[Mapping[str, str], ...]) -> Notation:
    nodes: list[Node] = []
    last: tuple[int, ...] = ()
    for slot, values in enumerate(texts):
        ends = []
        for text, value in values.items():
            before = last
            for offset, character in enumerate(text):
                nodes.append(Node(character, None if offset else (slot, value), before))
                before = (len(nodes) - 1,)
            ends.append(before)
        last = tuple(number for end in ends for number in end)
    return Notation(texts, tuple(nodes), last)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A strip as a date. likelihood: beside that of the likeliest text, 0 to about 1.

    values: of each slot, how likely each value is. columns: where each slot begins, in the strip's columns.
    """

    likelihood: float
    values: tuple[Mapping[str, float], ...]
    columns: tuple[float, ...]
    notation: Notation


def weigh(odds: Odds) -> Weighed:
    """How likely the dates are that a strip may hold, whatever stands before and after. In the likeliest notation the
    columns; the values count whatever the notation."""
    seen = _seen(odds)
    weighed = [_weigh(seen, notation) for notation in _notations()]
    best = max(weighed, key=lambda each: each.likelihood)
    total = sum(each.likelihood for each in weighed)
    values: list[dict[str, float]] = [{} for _ in best.values]
    for each in weighed:
        for own, its in zip(values, each.values, strict=True):
            for value, likely in its.items():
                own[value] = own.get(value, 0.0) + likely * each.likelihood / max(total, 1e-300)
    return replace(best, likelihood=total, values=tuple(values))


@dataclass(frozen=True, slots=True)
class _Seen:
    """How likely each column of a strip holds what, beside its likeliest character: each character of dates, a blank,
    what may stand before and behind a date. So these cost nothing, but for numerals: no date ends within a number."""

    characters: Mapping[str, NDArray[np.float64]]
    blank: NDArray[np.float64]
    around: NDArray[np.float64]


def _seen(odds: Odds) -> _Seen:
    size, texts = len(odds), {node.text for notation in _notations() for node in notation.nodes}
    characters = {text: np.full(size, _FLOOR) for text in texts}
    blank, around = np.full(size, _FLOOR), np.full(size, _FLOOR)
    for column, likely in enumerate(odds):
        most = max(likely.values(), default=1.0)
        for text in {text for each in likely for text in _MEANT.get(each, each)} & texts:
            own = sum(likely.get(each, 0.0) for each in _ALIKE.get(text, text))
            characters[text][column] = max(_FLOOR, own / most)
        blank[column] = max(_FLOOR, (likely.get("", 0.0) + likely.get(" ", 0.0)) / most)
        others = (each for text, each in likely.items() if text not in _NUMERALS)
        around[column] = max(_FLOOR, max(others, default=0.0) / most)
    return _Seen(characters, blank, around)


def _weigh(seen: _Seen, notation: Notation) -> Weighed:
    """The forward-backward algorithm."""
    nodes, blank, behind = notation.nodes, seen.blank, seen.around
    size = len(blank)
    shown = np.array([seen.characters[node.text] for node in nodes]).T.reshape(size, len(nodes))

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


def _told(total: float, share: NDArray[np.float64], notation: Notation) -> Weighed:
    values: list[dict[str, float]] = [{} for _ in notation.texts]
    columns = np.zeros(len(notation.texts))
    for number, node in enumerate(notation.nodes):
        if node.slot is not None:
            slot, value = node.slot
            values[slot][value] = values[slot].get(value, 0.0) + float(share[:, number].sum())
            columns[slot] += float(np.arange(len(share)) @ share[:, number])
    return Weighed(total, tuple(values), tuple(columns.tolist()), notation)
