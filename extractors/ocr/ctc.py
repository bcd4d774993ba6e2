"""From a recogniser's classes to text: Traditional folded into Simplified, CTC decoding, characters with their places.

The recogniser cuts a strip into columns of 8 pixels and says for each how likely every character stands there; one more
class, the blank, separates. A run of equal classes is one character.

PP-OCRv6 likes to rewrite Simplified text as Traditional on noisy pages (学 → 學, at high confidence). The likelihoods
of the Traditional classes are therefore added to their Simplified one before the best is taken, which is better than
converting the text afterwards: 学 at 0.3 and 學 at 0.3 win over 字 at 0.4, with the confidence they deserve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

_BLANK = 0
_LEAST = 1e-5  # likelihood of a character that `odds` tells


@dataclass(frozen=True, slots=True)
class Glyph:
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
        return tuple(_with_dashes(self._glyphs(columns, best[written], sureness[written])))

    def odds(
        self, likelihood: NDArray[np.float32], places: NDArray[np.int64] | None, columns: int
    ) -> tuple[dict[str, float], ...]:
        """Of each of so many columns the likelihood of every character that is possible there, "" for the blank."""
        rows = likelihood.copy()
        if self._sources.size:
            rows[:, self._targets] += np.add.reduceat(rows[:, self._sources], self._starts, axis=1)
            rows[:, self._sources] = 0.0
        told = np.arange(len(rows)) if places is None else places
        odds: list[dict[str, float]] = [{"": 1.0} for _ in range(columns)]
        for number, column in enumerate(told.tolist()):
            if column >= columns:
                break  # what follows the strip is padding
            row = rows[number]
            odds[column] = {self._characters[k]: float(row[k]) for k in np.flatnonzero(row > _LEAST)}
        return tuple(odds)

    def _glyphs(self, columns: NDArray[np.intp], best: NDArray[np.intp], sureness: NDArray[np.float32]) -> list[Glyph]:
        """Runs of one class over adjacent columns become one character each."""
        ends = np.flatnonzero((np.diff(columns) != 1) | (np.diff(best) != 0)) + 1
        glyphs: list[Glyph] = []
        if not best.size:
            return glyphs
        for start, end in zip((0, *ends), (*ends, len(best)), strict=True):
            weights = sureness[start:end]
            centre = float(np.average(columns[start:end] + 0.5, weights=weights))
            glyphs.append(Glyph(self._characters[best[start]], centre, min(1.0, float(weights.max()))))
        return glyphs


def _with_dashes(glyphs: list[Glyph]) -> list[Glyph]:
    """一 between two digits is a dash (2019—2022年): no number is written half in Hanzi, and the two look alike."""
    mended = list(glyphs)
    for index in range(1, len(glyphs) - 1):
        beside = glyphs[index - 1].text + glyphs[index + 1].text
        if glyphs[index].text == "一" and beside.isascii() and beside.isdigit():
            mended[index] = Glyph("—", glyphs[index].column, glyphs[index].confidence)
    return mended
