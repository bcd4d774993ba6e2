"""Arcs of a ring's texts, on polar pictures drawn as plain blocks of ink."""

from __future__ import annotations

import numpy as np

from extractors.seals.bands import Arc, Band, halves
from extractors.seals.unroll import COLUMNS, ROWS, Floats

BAND = Band(20, 60)
TOP = COLUMNS // 4  # the column in the middle of an oval's upper text


def inked(*texts: tuple[int, int]) -> Floats:
    """Ink in the band at columns from and to."""
    ring = np.zeros((ROWS, COLUMNS), np.float32)
    for start, stop in texts:
        ring[BAND.top : BAND.bottom, np.arange(start, stop) % COLUMNS] = 1
    return ring


def holds(arc: Arc, columns: tuple[int, int]) -> bool:
    return (columns[0] - arc.start) % COLUMNS + columns[1] - columns[0] <= arc.length


def test_two_texts_of_an_oval_are_parted_at_gaps_that_mirror_each_other() -> None:
    name, below = (TOP - 300, TOP + 300), (3 * TOP - 150, 3 * TOP + 150)
    upper, lower = halves(inked(name, below), BAND)
    assert holds(upper, name)
    assert upper.length < 700
    assert holds(lower, below)
    assert lower.length < 400


def test_one_text_has_no_halves() -> None:
    assert halves(inked((TOP - 300, TOP + 300)), BAND) == ()
