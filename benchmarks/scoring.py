"""What the scores of several benchmarks share."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein


def ned(read: str, truth: str) -> float:
    """1 for the same text, 0 for nothing in common (1-NED)."""
    return Levenshtein.normalized_similarity(read, truth)


def rate(part: float, whole: float) -> str:
    """A column of a table; a dash where there is nothing."""
    return f"{part / whole:6.3f}" if whole else "     -"


def share(part: float, whole: float) -> float | None:
    """For a line of JSON; None where there is nothing."""
    return round(part / whole, 4) if whole else None


def paired(overlaps: Iterable[tuple[float, int, int]], least: float) -> dict[int, int]:
    """Of each truth's number its find's, best overlaps first, none twice. overlaps: of both, with their numbers."""
    taken: dict[int, int] = {}
    for overlap, truth, find in sorted(overlaps, reverse=True):
        if overlap >= least and truth not in taken and find not in taken.values():
            taken[truth] = find
    return taken
