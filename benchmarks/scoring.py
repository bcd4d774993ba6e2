"""What the scores of several benchmarks share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
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


def note(
    folder: Path, name: str, wrong: Iterable[str], crops: Iterable[tuple[Collection[str], NDArray[np.uint8]]]
) -> None:
    """Add what went wrong on the picture of this name to the folder's differences.txt, and write its seals beside it.

    crops: of each seal its conditions and its picture, RGB.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "differences.txt").open("a", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in wrong)
    for number, (tags, crop) in enumerate(crops):
        stem = f"{name}-{number}-{'-'.join(sorted(tags))}"[:120].replace(" ", "_")
        cv2.imwrite(str(folder / f"{stem}.png"), crop[:, :, ::-1])
