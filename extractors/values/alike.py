"""Characters that a print makes look alike, and what a slip of OCR between two texts costs.

same character 0 · look-alikes (未 末) 0.25 · any other, one too many, one lost 1
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LOOK_ALIKE = 0.25
BOUND = 64
"""Names of organisations are shorter; the cost of comparing is quadratic, so no more characters are looked at."""


@cache
def _table() -> dict[str, frozenset[str]]:
    text = files("extractors.values").joinpath("data/look-alikes.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {line[0]: frozenset(line[1:]) for line in lines}


@cache
def _look_alikes() -> frozenset[tuple[str, str]]:
    return frozenset((character, other) for character, others in _table().items() for other in others)


def look_alikes(character: str) -> frozenset[str]:
    """The characters that are easily read for this one."""
    return _table().get(character, frozenset())


def alike(a: str, b: str) -> bool:
    """Whether two different characters are easily read for each other."""
    return (a, b) in _look_alikes()


def slip(a: str, b: str) -> float:
    """What reading the character a for b costs: 0.0 to 1.0."""
    return 0.0 if a == b else LOOK_ALIKE if (a, b) in _look_alikes() else 1.0


def distance(a: str, b: str) -> float:
    """The cost of the slips that make b of a: weighted Levenshtein distance of what stands between their common
    beginning and their common end, over the first BOUND characters."""
    a, b, _ = _trimmed(a[:BOUND], b[:BOUND])
    return _rows(a, b)[-1][-1]


def similarity(a: str, b: str) -> float:
    """1 less the distance over the longer length; 1.0 for two ""."""
    longest = max(len(a[:BOUND]), len(b[:BOUND]))
    return 1 - distance(a, b) / longest if longest else 1.0


def slips(read: str, name: str) -> list[float]:
    """The cost at each character of `name`, where `read` is an attempt to read it; their sum is the distance.

    What `read` has too much counts at the character before it, at the first where there is none; [] for name "".
    """
    read, name = read[:BOUND], name[:BOUND]
    costs = [0.0] * len(name)
    if not name:
        return costs
    a, b, start = _trimmed(read, name)
    rows = _rows(a, b)
    i, j = len(a), len(b)
    while i or j:
        here = rows[i][j]
        if i and j and here == rows[i - 1][j - 1] + (cost := slip(a[i - 1], b[j - 1])):
            costs[start + j - 1] += cost
            i, j = i - 1, j - 1
        elif j and here == rows[i][j - 1] + 1:
            costs[start + j - 1] += 1
            j -= 1
        else:
            costs[max(start + j - 1, 0)] += 1
            i -= 1
    return costs


def _trimmed(a: str, b: str) -> tuple[str, str, int]:
    """Both without their common beginning and end, and the length of the beginning."""
    shortest = min(len(a), len(b))
    start = 0
    while start < shortest and a[start] == b[start]:
        start += 1
    end = 0
    while end < shortest - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end], start


def _rows(a: str, b: str) -> list[list[float]]:
    """The table of distances of every beginning of a from every beginning of b."""
    pairs = _look_alikes()
    rows = [[float(column) for column in range(len(b) + 1)]]
    for i, left in enumerate(a, 1):
        above, row = rows[-1], [float(i)]
        for j, right in enumerate(b, 1):
            cost = 0.0 if left == right else LOOK_ALIKE if (left, right) in pairs else 1.0
            row.append(min(above[j - 1] + cost, above[j] + 1, row[j - 1] + 1))
        rows.append(row)
    return rows
