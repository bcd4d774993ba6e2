"""Which name the readings of one impression agree on.

One ring is cut and read several ways, and each fails elsewhere: a stroke is lost in one signal, print is seen in
another, an arc ends too soon. So every text that any of them found likely is judged by all of them, by the likelihood
that CTC gives it there (Graves 2006, the forward algorithm). How they are cut does not matter then, for columns need
not meet. A reading that has no place for a text counts against it, but only so far: it may have failed altogether.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Odds
from extractors.seals import beam, lexicon
from extractors.seals.prior import of_frames, of_persons
from extractors.seals.text import begins_as_names_do, cleaned, ends_as_names_do

TRAINED, OWN = 1.0, 0.25  # what a reading is worth of the recogniser of seals, and of the one for print
_FAILED = 20.0  # natural logarithm of the odds beyond which a reading is rather taken for failed
_WEIGHTS = {"words": 0.34, "letters": 0.24, "begins": 2.4, "ends": 5.0}
"""Of the natural logarithms, beside 1 of the readings; all by maximum likelihood: 483 rings (see docs/decisions.md)."""
_OF_PERSONS = 0.45  # the same of a person's name
_STEPS = 4  # columns between which sums cannot leave what a float holds: beam.IMPOSSIBLE ** 4 is still far above 0


def agreed(
    texts: Sequence[str], told: NDArray[np.float64], worth: Sequence[float], *, person: bool = False
) -> NDArray[np.float64]:
    """How likely each text is the one that stands there, if one of them is: 0 to 1, their sum 1.

    texts: at least one, none empty, as the readings spell them. told: `likelihoods` of them, of at least one reading.
    worth: of each reading, at least one above 0; 0 for what only proposes texts. person: whether it may be a person's
    seal.
    """
    beside = told - told.max(axis=1, keepdims=True)
    score = np.average(np.logaddexp(beside, -_FAILED), axis=0, weights=worth)
    score += [before(cleaned(text), person=person) for text in texts]
    odds = np.exp(score - score.max())
    return np.asarray(odds / odds.sum(), np.float64)


def before(text: str, *, person: bool = False) -> float:
    """How likely a text is before anything is read, a natural logarithm."""
    usual = _WEIGHTS["words"] * lexicon.of_seals()(text) + _WEIGHTS["letters"] * beam.prior(text, of_frames())
    if person:
        usual = float(np.logaddexp(usual, _OF_PERSONS * beam.prior(text, of_persons())))
    return usual + _WEIGHTS["begins"] * begins_as_names_do(text) + _WEIGHTS["ends"] * ends_as_names_do(text)


def likelihoods(texts: Sequence[str], readings: Sequence[Odds]) -> NDArray[np.float64]:
    """The natural logarithm of the likelihood of each text by each reading, all its alignments together.

    readings × texts. All are computed side by side: a step for each column.
    """
    letters = {letter: number for number, letter in enumerate(sorted({"", *"".join(texts)}))}
    columns = max(map(len, readings))
    likely = np.full((columns, len(readings), len(letters)), beam.IMPOSSIBLE)
    for number, odds in enumerate(readings):
        for column, told in enumerate(odds):
            for letter in told.keys() & letters.keys():
                likely[column, number, letters[letter]] = max(told[letter], beam.IMPOSSIBLE)
        likely[len(odds) :, number] = 0.0
        likely[len(odds) :, number, letters[""]] = 1.0
    # Of each text the states: its letters with blanks around each; and whether the blank before may be left out.
    states = np.zeros((len(texts), 2 * max(map(len, texts)) + 1), np.intp)
    passes = np.zeros(states.shape)
    for number, text in enumerate(texts):
        for place, letter in enumerate(text):
            states[number, 2 * place + 1] = letters[letter]
            passes[number, 2 * place + 1] = place > 0 and text[place - 1] != letter
    reach = np.zeros((len(readings), *states.shape))
    reach[:, :, 0] = 1.0  # before the first column
    logs = np.zeros((len(readings), len(texts)))
    for column in range(columns):
        grown = reach.copy()
        grown[:, :, 1:] += reach[:, :, :-1]
        if column:
            grown[:, :, 2:] += reach[:, :, :-2] * passes[:, 2:]
        reach = grown * likely[column][:, states]
        if column % _STEPS == _STEPS - 1:
            most = np.maximum(reach.max(axis=2), math.ulp(0.0))
            reach /= most[:, :, None]
            logs += np.log(most)
    each, last = np.arange(len(texts)), np.array([2 * len(text) for text in texts])
    ends = reach[:, each, last] + reach[:, each, last - 1]
    return np.asarray(logs + np.log(np.maximum(ends, math.ulp(0.0))), np.float64)
