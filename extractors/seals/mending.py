"""What a reading may be in which one character of a word was misread or missed: 自冶区 is 自治区, 四省 is 四川省.

Beam search follows what the recogniser finds likely at each place. Here what the lists of words (prior.py) ask for is
proposed where the recogniser gave it any thought; whether it stands there, the vote says (vote.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from extractors.ocr.engine import Odds
from extractors.seals import beam, prior, vote
from extractors.seals.text import cleaned

_SHORTEST = 3  # characters of a word: one of two may be any
_SEEN = 0.002  # likelihood up to which the recogniser gave a character no thought
_MORE_USUAL = 0.5  # natural logarithm of what a text must be more usual than the reading
_MOST = 6  # texts that are proposed, the most usual ones
_ANY = "*"


@dataclass(frozen=True, slots=True)
class _Index:
    """words: of the lists. masked: by what is left where one character is _ANY. shortened: where one is left out; with
    the character.
    """

    words: frozenset[str]
    masked: Mapping[str, list[tuple[str, str]]]
    shortened: Mapping[str, list[tuple[str, str]]]
    longest: int


@cache
def _index() -> _Index:
    words = frozenset(word for words in prior.lists() for word in words if len(word) >= _SHORTEST)
    masked: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    shortened: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for word in sorted(words):
        for place, character in enumerate(word):
            before, behind = word[:place], word[place + 1 :]
            masked[before + _ANY + behind].append((word, character))
            shortened[before + behind].append((word, character))
    return _Index(words, dict(masked), dict(shortened), max(map(len, words)))


def proposed(text: str, odds: Odds) -> Iterator[str]:
    """The most usual texts that have a listed word where this one has one that differs in a character, or lacks one.

    odds: of the strip that reads so; it must have each character of them somewhere, in their order.
    """
    mended = _mended(text)
    sought = {character for _, character in mended}
    seen = {one for column in odds for one in sought & column.keys() if column[one] > _SEEN}
    weighed = sorted(
        ((_usual(one), one) for one in {one for one, character in mended if character in seen}), reverse=True
    )
    least = _usual(text) + _MORE_USUAL
    for usual, one in weighed[:_MOST]:
        if usual > least and beam.aligned(one, odds, _SEEN).text:
            yield one


@lru_cache(maxsize=1024)
def _usual(text: str) -> float:
    return vote.before(cleaned(text))


@lru_cache(maxsize=64)  # readings of one seal that say the same
def _mended(text: str) -> frozenset[tuple[str, str]]:
    """Each text with a listed word, and the character that it has from it."""
    index = _index()
    found: set[tuple[str, str]] = set()
    for begin in range(len(text)):
        for end in range(begin + _SHORTEST - 1, min(len(text), begin + index.longest) + 1):
            part = text[begin:end]
            if part in index.words:
                continue
            words = list(index.shortened.get(part, ()))
            for place in range(len(part)):
                words += index.masked.get(part[:place] + _ANY + part[place + 1 :], ())
            found.update((text[:begin] + word + text[end:], character) for word, character in words)
    return frozenset(found)
