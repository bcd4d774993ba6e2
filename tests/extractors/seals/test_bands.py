"""Arcs of a ring's texts, on polar pictures drawn as plain blocks of ink."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from extractors.seals.bands import Arc, Band, arcs, halves, lettered, parts, text_band, without_inner_ring
from extractors.seals.unroll import COLUMNS, ROWS, Floats

BAND = Band(20, 60)
TOP = COLUMNS // 4  # the column in the middle of an oval's upper text


def inked(*texts: tuple[int, int]) -> Floats:
    """Ink in the band at columns from and to."""
    ring = np.zeros((ROWS, COLUMNS), np.float32)
    for start, stop in texts:
        ring[BAND.top : BAND.bottom, np.arange(start, stop) % COLUMNS] = 1
    return ring


def holds(arc: Arc, columns: tuple[int, int], below: int) -> bool:
    """Whether the columns lie on an arc that is shorter than `below`."""
    return (columns[0] - arc.start) % COLUMNS + columns[1] - columns[0] <= arc.length < below


def test_two_texts_of_an_oval_are_parted_at_gaps_that_mirror_each_other() -> None:
    name, below = (TOP - 300, TOP + 300), (3 * TOP - 150, 3 * TOP + 150)
    upper, lower = halves(inked(name, below), BAND)
    assert holds(upper, name, 700)
    assert holds(lower, below, 400)


def test_one_text_has_no_halves() -> None:
    assert halves(inked((TOP - 300, TOP + 300)), BAND) == ()


@pytest.mark.parametrize("aside", [0, 150, 700])
def test_two_texts_are_parted_at_the_two_largest_gaps(aside: int) -> None:
    name, other = (aside, aside + 400), (aside + 500, aside + 800)
    longer, shorter = parts(inked(name, other), BAND)
    assert holds(longer, name, 500)
    assert holds(shorter, other, 400)


def test_one_text_has_no_parts() -> None:
    assert parts(inked((100, 700)), BAND) == ()
    assert parts(np.zeros((ROWS, COLUMNS), np.float32), BAND) == ()


def test_other_text_along_the_edge_is_told_from_a_code_and_a_straight_line() -> None:
    name, below = (TOP - 250, TOP + 250), (3 * TOP - 150, 3 * TOP + 150)
    assert lettered(inked(name, below), BAND, name)
    assert not lettered(inked(name), BAND, name)
    assert not lettered(inked((0, COLUMNS)), BAND, (0, COLUMNS))
    code = inked(name, below)
    code[(BAND.top + BAND.bottom) // 2 :, slice(*below)] = 0
    assert not lettered(code, BAND, name)
    straight = inked(name, below)
    straight[BAND.bottom : BAND.bottom + 20, slice(*below)] = 1
    assert not lettered(straight, BAND, name)
    assert not lettered(inked(name, below), Band(20, 110), name)


def line(course: NDArray[np.float64]) -> Floats:
    """A line of three rows along a course, and blocks of ink below it over half of the way around."""
    rows = np.arange(ROWS)[:, None]
    ring = (np.abs(rows - course[None]) <= 1).astype(np.float32)
    for start in range(0, COLUMNS // 2, 64):
        ring[60:100, start : start + 40] = 1
    return ring


def test_an_inner_ellipse_is_taken_out_wherever_it_runs() -> None:
    t = np.arange(COLUMNS) * 2 * np.pi / COLUMNS
    ring = line(40 + 7 * np.cos(2 * t))
    (left, other) = without_inner_ring([ring, ring], 25)
    assert left[26:58].max() == 0
    assert np.array_equal(left, other)
    assert np.array_equal(left[60:], ring[60:])


@pytest.mark.parametrize(("row", "strength"), [(75, 1.0), (95, 1.0), (95, 0.3)])
def test_an_inner_ring_may_be_thin_and_far_in(row: int, strength: float) -> None:
    ring = np.zeros((ROWS, COLUMNS), np.float32)
    ring[row - 1 : row + 2] = strength
    ring[row - 50 : row - 12, : COLUMNS // 3] = 0.8 * strength  # a name as thin
    (left,) = without_inner_ring([ring], 25)
    assert left[row - 2 : row + 3].max() == 0


def test_what_does_not_run_all_around_is_no_ring() -> None:
    ring = line(np.full(COLUMNS, 40.0))
    ring[:55, : COLUMNS // 4] = 0
    (left,) = without_inner_ring([ring], 25)
    assert np.array_equal(left, ring)


def test_characters_without_a_blank_row_below_them_go_on_to_the_last_row() -> None:
    ring = inked((100, 600))
    ring[BAND.bottom :, 100:600] = 1
    assert text_band(ring, 15).bottom == ROWS
    assert text_band(inked((100, 600)), 15).bottom < BAND.bottom + 5


def test_small_letters_beside_widely_spaced_characters_leave_the_characters_feet() -> None:
    name, letters = [(start, start + 30) for start in range(100, 500, 90)], (530, 1000)
    ring = inked(*name)
    ring[BAND.top : 44, slice(*letters)] = 1
    assert any(holds(arc, (100, 490), 500) for arc in arcs(ring, BAND))
