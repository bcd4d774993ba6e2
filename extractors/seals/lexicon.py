"""How usual a text is, by the words that it can be made of: all ways to divide it, each word by itself.

The words: what names of bodies are made of (prior.py), and a file of general words, trades, places, and, for what has
a name of its own as companies have, such names (words.npz, made by scripts/seal_words.py).
"""

from __future__ import annotations

import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.seals import prior

WORDS = Path(__file__).with_name("words.npz")
LONGEST = 4  # characters of a word in the file, so that it is one number
_BITS = 16  # of a character in that number
_LISTED = 0.42  # share of the lists
_OWN = 0.15  # share of own names, of what has one
_UNKNOWN = 1e-7  # likelihood of a character that the file has not: a digit, a bracket, a rare Hanzi
_TEXTS = 4096  # whose likelihood is kept: all readings of a seal ask for the same ones
_USUAL = math.exp(6.0)  # what a character costs in names, given back for each: texts of any length compare
_HAS_OWN = re.compile("公司|合作社|集团|事务所|中心|商行|厂|店|农场|学校|幼儿园|医院")


@dataclass(frozen=True, slots=True)
class Words:
    """What the file has. numbers: of words, ascending. logs: the natural logarithm of how likely each is. own: the
    numbers of own names, ascending, one as likely as another.
    """

    numbers: NDArray[np.uint64]
    logs: NDArray[np.float16]
    own: NDArray[np.uint64]

    @staticmethod
    def of(likely: Mapping[str, float], own: Iterable[str] = ()) -> Words:
        """Of up to LONGEST characters, and how likely each is; single ones are for what is part of no word."""
        numbered = {_number(word): share for word, share in likely.items()}
        numbers = sorted(numbered)
        logs = np.log([numbered[number] for number in numbers])
        return Words(
            np.array(numbers, np.uint64),
            logs.astype(np.float16),
            np.array(sorted(set(map(_number, own))), np.uint64),
        )

    @staticmethod
    def load(path: Path) -> Words:
        with np.load(path) as arrays:
            return Words(arrays["numbers"], arrays["logs"], arrays["own"])

    def save(self, path: Path) -> None:
        np.savez_compressed(path, numbers=self.numbers, logs=self.logs, own=self.own)

    def likely(self, text: str, length: int, *, own: bool) -> NDArray[np.float64]:
        """Of each part of the text of that many characters, by where it begins; 0 where it is no word."""
        parts = _numbers(text, length)
        at, known = _places(self.numbers, parts)
        words = np.where(known, np.exp(self.logs[at].astype(np.float64)), 0.0)
        if not own:
            return words
        return np.asarray((1 - _OWN) * words + _OWN * _places(self.own, parts)[1] / max(1, len(self.own)))


def _places(numbers: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where each wanted one may stand among the ascending ones, and whether it does."""
    at = np.minimum(np.searchsorted(numbers, wanted), max(0, len(numbers) - 1))
    return at, numbers[at] == wanted if len(numbers) else np.zeros(len(wanted), np.bool_)


def _number(word: str) -> int:
    if not 1 <= len(word) <= LONGEST:
        raise ValueError(f"words of 1 to {LONGEST} characters are kept: {word}")
    return int(_numbers(word, len(word))[0])


def _numbers(text: str, length: int) -> NDArray[np.uint64]:
    """Of each part of the text of that many characters: the number that its characters make."""
    codes = np.array([min(ord(one), (1 << _BITS) - 1) for one in text], np.uint64)
    numbers = np.zeros(max(0, len(text) - length + 1), np.uint64)
    for place in range(length):
        numbers = numbers << np.uint64(_BITS) | codes[place : place + len(numbers)]
    return numbers


class Lexicon:
    """lists: of words of any length, which the file need not have; each list is as likely as another, and each word of
    one list.
    """

    def __init__(self, words: Words, *lists: Iterable[str]) -> None:
        self._words = words
        self._listed: defaultdict[str, float] = defaultdict(float)
        for listed in map(dict.fromkeys, lists):
            for word in listed:
                self._listed[word] += _LISTED / len(lists) / len(listed)
        self._longest = max(LONGEST, *map(len, self._listed))
        self._known: dict[str, float] = {}

    def __call__(self, text: str) -> float:
        """A natural logarithm: above 0 where the text is made of words that are known, whatever its length."""
        if text not in self._known:
            if len(self._known) >= _TEXTS:
                self._known.clear()
            self._known[text] = self._usual(text)
        return self._known[text]

    def _usual(self, text: str) -> float:
        own = bool(_HAS_OWN.search(text))
        filed = [self._words.likely(text, length, own=own).tolist() for length in range(1, LONGEST + 1)]
        # How likely the first characters are, for each number of them. What a character costs is given back at once,
        # so that long texts stay what a float holds.
        reach = [1.0]
        for end in range(1, len(text) + 1):
            total = 0.0
            for length in range(1, min(end, self._longest) + 1):
                begin = end - length
                word = self._listed.get(text[begin:end], 0.0)
                if length <= LONGEST:
                    word += (1 - _LISTED) * (filed[length - 1][begin] or (_UNKNOWN if length == 1 else 0.0))
                total += reach[begin] * word * _USUAL**length
            reach.append(min(total, sys.float_info.max))
        return math.log(max(reach[-1], sys.float_info.min))


@cache
def of_seals() -> Lexicon:
    """Of what seals say: bodies' names and labels."""
    return Lexicon(Words.load(WORDS), *prior.lists(), prior.LABELS)
