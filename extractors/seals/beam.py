"""What a strip says, by its odds and by what names are made of: prefix beam search over CTC columns (Hannun 2014).

The recogniser decides wherever it is sure: where one character is CLEAR times likelier than another in the same column,
the other is not considered, whatever the prior says of it.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import itemgetter

from extractors.ocr.engine import Odds, Strip

CLEAR = 20.0
_WIDTH = 16  # texts that are followed from column to column
_CHOICE = 24  # characters of a column that are considered: where there are more, no text stands there
_LEAST = 1e-4  # likelihood below which a character is not considered
IMPOSSIBLE = 1e-6  # likelihood of what is not told of a column
_SURE_BLANK = 0.9995
_WEIGHT = 0.5  # of the prior: its logarithm counts by half
_USUAL = 4.7  # what a character costs by the prior, given back for each: else short texts would win
_FLOOR = -9.0  # a prior knows no better what is impossible

Follows = Callable[[str, str], float]


def read(odds: Odds, follows: Follows) -> Strip:
    """The likeliest text, and how likely the recogniser alone finds each of its characters."""
    return aligned(search(odds, follows)[0], odds)


def together(several: Sequence[Odds]) -> Odds:
    """The mean of what several readings of one place say; they are as long as the shortest."""
    if len(several) == 1:
        return several[0]
    mean: list[dict[str, float]] = []
    for columns in zip(*several, strict=False):
        sums: dict[str, float] = {}
        for column in columns:
            for character, value in column.items():
                sums[character] = sums.get(character, 0.0) + value
        mean.append({character: value / len(columns) for character, value in sums.items()})
    return tuple(mean)


def search(odds: Odds, follows: Follows, count: int = 1) -> tuple[str, ...]:
    """The likeliest texts, that many at most and one at least, likeliest first.

    follows: the natural logarithm of a character's likelihood after another, "" at the start.
    """
    beams: dict[str, tuple[float, float, float]] = {"": (1.0, 0.0, 1.0)}
    factors: dict[tuple[str, str], float] = {}
    for column in odds:
        blank = column.get("", 0.0)
        if blank > _SURE_BLANK:
            beams = {text: ((b + n) * blank, 0.0, p) for text, (b, n, p) in beams.items()}
            continue
        least = max(_LEAST, max(column.values(), default=0.0) / CLEAR)
        chosen = [(c, v) for c, v in column.items() if c and v > least]
        if len(chosen) > _CHOICE:
            chosen = heapq.nlargest(_CHOICE, chosen, key=itemgetter(1))
        blank = blank if blank > least else 0.0
        grown: dict[str, tuple[float, float, float]] = {}
        for text, (b, n, p) in beams.items():
            last = text[-1:]
            ob, on, _ = grown.get(text, (0.0, 0.0, p))
            grown[text] = (ob + (b + n) * blank, on + n * (column.get(last, 0.0) if last else 0.0), p)
            for character, value in chosen:
                before = b if character == last else b + n
                if before <= 0:
                    continue
                longer = text + character
                known = grown.get(longer)
                if known is None:
                    factor = factors.get((last, character))
                    if factor is None:
                        factor = math.exp(_WEIGHT * _usual(follows(last, character)))
                        factors[last, character] = factor
                    known = (0.0, 0.0, p * factor)
                ob, on, q = known
                grown[longer] = (ob, on + before * value, q)
        best = sorted(grown.items(), key=lambda x: -(x[1][0] + x[1][1]) * x[1][2])[:_WIDTH]
        # Only ratios count: without this, long texts would leave what a float holds.
        total = sum(b + n for _, (b, n, _) in best) or 1.0
        most = max(p for _, (_, _, p) in best)
        beams = {text: (b / total, n / total, p / most) for text, (b, n, p) in best}
    found = sorted(beams, key=lambda text: -(beams[text][0] + beams[text][1]) * beams[text][2])
    return tuple(found[:count])


def prior(text: str, follows: Follows) -> float:
    """How usual a text is, as a natural logarithm: above 0 where it is made of known words, whatever its length."""
    return sum(_usual(follows(before, character)) for before, character in pairwise(("", *text)))


def _usual(follows: float) -> float:
    return max(_FLOOR, follows) + _USUAL


def aligned(text: str, odds: Odds, least: float = 0.0) -> Strip:
    """Where each character of the text stands, and how likely the recogniser alone finds it there.

    The likeliest alignment (Viterbi over the text's characters with blanks between). An empty Strip where none is, and
    where a character is nowhere likelier than `least`.
    """
    likely = {state: [column.get(state, 0.0) for column in odds] for state in ("", *text)}
    if not text or any(max(likely[character], default=0.0) <= least for character in text):
        return Strip("", 0.0)
    states = [""] + [part for character in text for part in (character, "")]
    logs = {state: [math.log(max(one, IMPOSSIBLE)) for one in told] for state, told in likely.items()}
    never = -math.inf
    reach = [0.0, *([never] * (len(states) - 1))]
    steps: list[list[int]] = []
    for column in zip(*(logs[state] for state in states), strict=True):
        came = list(range(len(states)))
        grown = list(reach)
        for k in range(1, len(states)):
            if reach[k - 1] > grown[k]:
                grown[k], came[k] = reach[k - 1], k - 1
            if k > 1 and states[k] and states[k] != states[k - 2] and reach[k - 2] > grown[k]:
                grown[k], came[k] = reach[k - 2], k - 2
        reach = [a + b for a, b in zip(grown, column, strict=True)]
        steps.append(came)
    if max(reach[-2:]) == never:
        return Strip("", 0.0)
    state = len(states) - 1 if reach[-1] >= reach[-2] else len(states) - 2
    stands: dict[int, list[tuple[float, float]]] = {}
    for number in range(len(odds) - 1, -1, -1):
        if states[state]:
            stands.setdefault(state, []).append((number + 0.5, likely[states[state]][number]))
        state = steps[number][state]
    characters = []
    for k in range(1, len(states), 2):
        columns = stands.get(k, [(0.0, 0.0)])
        weight = sum(value for _, value in columns)
        centre = sum(at * value for at, value in columns) / weight if weight else columns[0][0]
        characters.append((states[k], centre / len(odds), min(1.0, max(value for _, value in columns))))
    return Strip.of(characters)
