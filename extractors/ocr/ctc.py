"""From a recogniser's classes to text: Traditional folded into Simplified, CTC decoding, characters with their places.

The recogniser cuts a strip into columns of 8 pixels and says for each how likely every character stands there; one more
class, the blank, separates. A run of equal classes is one character.

PP-OCRv6 likes to rewrite Simplified text as Traditional on noisy pages (学 → 學, at high confidence). The likelihoods
of the Traditional classes are therefore added to their Simplified one before the best is taken, which is better than
converting the text afterwards: 学 at 0.3 and 學 at 0.3 win over 字 at 0.4, with the confidence they deserve.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_BLANK = 0
_LEAST = 1e-4  # likelihood of a character that `odds` tells
_FOLDED = 4  # Traditional characters at most, and their Simplified one, that share it
_DOUBT = 0.002  # likelihood from which the look-alike of a letter or digit is asked what stands beside it
PAGE_NUMBER = re.compile(r"\s*[-—–－一]\s*\d{1,4}\s*[-—–－一]\s*")
"""A line that is a page number between dashes."""

_WIDE = 4  # columns; no letter is wider in a line of text
_LETTER = {"1": "l", "I": "l", "0": "o"}  # what may be meant among small letters
_DIGIT = {"l": "1", "I": "1", "O": "0", "o": "0"}  # and among digits
_LIKE = {text: {table[text] for table in (_LETTER, _DIGIT) if text in table} for text in _LETTER | _DIGIT}


class Glyph(NamedTuple):
    """A decoded character. column: centre, in columns of the recogniser, from 0.5. confidence: 0 to 1."""

    text: str
    column: float
    confidence: float


def simplified() -> dict[str, str]:
    """Which Simplified character each Traditional one is folded into (see traditional.txt)."""
    text = resources.files("extractors.ocr").joinpath("traditional.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {pair[0]: pair[1] for line in lines for pair in line.split()}


class Decoder:
    """Decodes for one list of characters. Class 0 is the blank, class i + 1 is characters[i]."""

    def __init__(self, characters: Sequence[str]) -> None:
        self._characters = ("", *characters)
        index = {character: number for number, character in enumerate(self._characters) if number != _BLANK}
        self._index = index
        folds = [(index[old], index[new]) for old, new in simplified().items() if old in index and new in index]
        # Several Traditional characters fold into one (臺 檯 颱 → 台): sorted by target, so that sums can be taken.
        folds.sort(key=lambda fold: fold[1])
        self._sources = np.array([old for old, _ in folds], np.intp)
        targets = np.array([new for _, new in folds], np.intp)
        self._simplified = np.arange(len(self._characters))
        self._simplified[self._sources] = targets
        self._targets, self._starts = np.unique(targets, return_index=True)

    @property
    def classes(self) -> int:
        return len(self._characters)

    def decode(self, likelihood: NDArray[np.float32], places: NDArray[np.int64] | None = None) -> tuple[Glyph, ...]:
        """The characters of one strip. likelihood: columns × classes, each row sums to 1.

        places: which columns these are, ascending, where blank ones were left out.
        """
        best = likelihood.argmax(axis=1)
        sureness = likelihood[np.arange(len(best)), best]
        # A class with more than half of all wins whatever the others lend one another; only its own name may change.
        plain = self._simplified[best]
        sureness = np.where(
            (sureness > 0.5) & (plain != best), sureness + likelihood[np.arange(len(best)), plain], sureness
        )
        best = plain
        unsure = np.flatnonzero(sureness <= 0.5)
        if unsure.size and self._sources.size:
            rows = likelihood[unsure]
            rows[:, self._targets] += np.add.reduceat(rows[:, self._sources], self._starts, axis=1)
            rows[:, self._sources] = 0.0
            best[unsure] = rows.argmax(axis=1)
            sureness[unsure] = rows[np.arange(len(unsure)), best[unsure]]
        written = np.flatnonzero(best != _BLANK)
        columns = written if places is None else places[written]
        starts = _starts(columns, best[written])
        glyphs = _glyphs_of(self._characters, columns, best[written], sureness[written], starts)
        rivals = self._rivals(glyphs, likelihood, np.append(written[starts], len(likelihood)))
        return tuple(_as_written(_among_their_like(glyphs, rivals)))

    def odds(
        self, likelihood: NDArray[np.float32], places: NDArray[np.int64] | None, columns: int
    ) -> tuple[dict[str, float], ...]:
        """Of each of so many columns the likelihood of every character that is possible there, "" for the blank."""
        told = np.arange(len(likelihood)) if places is None else places
        likelihood = likelihood[told < columns]  # what follows the strip is padding
        odds: list[dict[str, float]] = [{"": 1.0} for _ in range(columns)]
        # In one dimension NumPy finds them several times as fast.
        rows, classes = np.divmod(np.flatnonzero(likelihood > _LEAST / _FOLDED), self.classes)
        keys, inverse = np.unique(rows * self.classes + self._simplified[classes], return_inverse=True)
        sums = np.bincount(inverse, likelihood[rows, classes])
        keys, sums = keys[sums > _LEAST], sums[sums > _LEAST]
        rows, classes = np.divmod(keys, self.classes)
        bounds = np.searchsorted(rows, np.arange(len(likelihood) + 1)).tolist()
        letters, values = [self._characters[index] for index in classes.tolist()], sums.tolist()
        for column, (start, stop) in zip(told.tolist(), pairwise(bounds), strict=False):
            odds[column] = dict(zip(letters[start:stop], values[start:stop], strict=True))
        return tuple(odds)

    def _rivals(
        self, glyphs: Sequence[Glyph], likelihood: NDArray[np.float32], starts: NDArray[np.intp]
    ) -> dict[int, dict[str, float]]:
        """Of each glyph that has look-alikes, the likelihood of those that it may well be. starts: its first row."""
        rivals: dict[int, dict[str, float]] = {}
        for number, glyph in enumerate(glyphs):
            if alike := _LIKE.get(glyph.text):
                own = likelihood[starts[number] : min(starts[number] + _WIDE, starts[number + 1])]
                odds = {other: float(own[:, self._index[other]].max()) for other in alike if other in self._index}
                rivals[number] = {other: sureness for other, sureness in odds.items() if sureness >= _DOUBT}
        return {number: odds for number, odds in rivals.items() if odds}


def _starts(columns: NDArray[np.intp], best: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where each character begins: runs of one class over adjacent columns are one."""
    if not best.size:
        return np.zeros(0, np.intp)
    return np.flatnonzero(np.append(True, (columns[1:] != columns[:-1] + 1) | (best[1:] != best[:-1])))


def _glyphs_of(
    characters: Sequence[str],
    columns: NDArray[np.intp],
    best: NDArray[np.intp],
    sureness: NDArray[np.float32],
    starts: NDArray[np.intp],
) -> list[Glyph]:
    """A glyph for each run, at the mean of its columns by how sure they are."""
    if not starts.size:
        return []
    weights = sureness.astype(np.float64)
    centres = np.add.reduceat((columns + 0.5) * weights, starts) / np.add.reduceat(weights, starts)
    surest = np.minimum(np.maximum.reduceat(sureness, starts), 1.0)
    return [
        Glyph(characters[index], centre, confidence)
        for index, centre, confidence in zip(best[starts].tolist(), centres.tolist(), surest.tolist(), strict=True)
    ]


def _among_their_like(glyphs: list[Glyph], rivals: Mapping[int, Mapping[str, float]]) -> list[Glyph]:
    """l or 1, o or 0, where the strip itself does not tell: a letter among small letters, a digit among digits.

    Words, numbers and addresses (zhaolm18@mail.org) are taken apart into runs of letters and digits; what is sure on
    either side decides. At the end of a run the letters before decide, except before @, where names end in digits; and
    what stands before the digits that a run ends in is one of them.
    """
    mended = list(glyphs)
    for number, odds in rivals.items():
        before, after = _sure_beside(glyphs, rivals, number, -1), _sure_beside(glyphs, rivals, number, 1)
        text = glyphs[number].text
        if (before.isdigit() and (after.isdigit() or not after)) or (
            _small(before) and _ends_in_digits(glyphs, rivals, number)
        ):
            wanted = _DIGIT.get(text, "")
        elif _small(before) and (_small(after) or (not after and _is_word(glyphs, rivals, number))):
            wanted = _LETTER.get(text, "")
        else:
            continue
        if wanted in odds:
            mended[number] = Glyph(wanted, glyphs[number].column, max(odds[wanted], glyphs[number].confidence))
    return mended


def _sure_beside(glyphs: Sequence[Glyph], rivals: Mapping[int, object], number: int, step: int) -> str:
    """The next letter or digit of the run that has no rival; "" where the run ends first."""
    number += step
    while 0 <= number < len(glyphs) and _in_run(glyphs[number].text):
        if number not in rivals:
            return glyphs[number].text
        number += step
    return ""


def _is_word(glyphs: Sequence[Glyph], rivals: Mapping[int, object], number: int) -> bool:
    """A run of which the glyph is among the last: two letters or more that are sure, no sure digit, no @ behind it."""
    start = end = number
    while start > 0 and _in_run(glyphs[start - 1].text):
        start -= 1
    while end + 1 < len(glyphs) and _in_run(glyphs[end + 1].text):
        end += 1
    sure = [glyphs[index].text for index in range(start, end + 1) if index not in rivals]
    behind = glyphs[end + 1].text if end + 1 < len(glyphs) else ""
    return len(sure) >= 2 and all(_small(text) for text in sure[1:]) and behind != "@"


def _ends_in_digits(glyphs: Sequence[Glyph], rivals: Mapping[int, object], number: int) -> bool:
    """Behind the glyph its run has sure digits alone, one at least."""
    end = number + 1
    while end < len(glyphs) and _digit(glyphs[end].text) and end not in rivals:
        end += 1
    return end > number + 1 and not (end < len(glyphs) and _in_run(glyphs[end].text))


def _in_run(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _small(text: str) -> bool:
    return text.isascii() and text.islower()


def _as_written(glyphs: list[Glyph]) -> list[Glyph]:
    """Marks that are taken for others which look like them, but cannot stand there.

    一 between two digits is a dash (2019—2022年), and behind one at a line's end: no number is written half in Hanzi.
    So are those around a page number (— 7 —). ° behind anything but a digit is a full stop (。): only numbers have
    degrees.
    """
    mended, text = list(glyphs), "".join(glyph.text for glyph in glyphs)
    if "一" not in text and "°" not in text:
        return mended
    if PAGE_NUMBER.fullmatch(text):
        return [glyph._replace(text="—") if glyph.text == "一" else glyph for glyph in glyphs]
    for index in range(1, len(glyphs)):
        before, after = glyphs[index - 1].text, glyphs[index + 1].text if index + 1 < len(glyphs) else ""
        if glyphs[index].text == "一" and _digit(before) and (_digit(after) or not after):
            mended[index] = glyphs[index]._replace(text="—")
        elif glyphs[index].text == "°" and not _digit(before):
            mended[index] = glyphs[index]._replace(text="。")
    return mended


def _digit(text: str) -> bool:
    return text.isascii() and text.isdigit()
