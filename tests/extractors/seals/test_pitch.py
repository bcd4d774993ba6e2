from __future__ import annotations

import numpy as np
import pytest

from extractors.seals import pitch


def profile(begin: float, width: float, without: tuple[int, ...] = (), length: int = 400) -> np.ndarray:
    """Thirteen marks, each over the middle seven tenths of its cell."""
    at = (np.arange(length) + 0.5 - begin) / width
    inked = (at >= 0) & (at < 13) & (np.abs(at % 1 - 0.5) < 0.35) & ~np.isin(np.floor(at), without)
    return np.where(inked, 0.5, 0.0)


@pytest.mark.parametrize(("begin", "width"), [(60.0, 21.3), (120.0, 12.0), (30.0, 26.0)])
def test_equal_cells_are_found_with_their_pitch(begin: float, width: float) -> None:
    cells = pitch.fitted(profile(begin, width), 13, 6, 31)
    assert cells is not None
    assert cells.pitch == pytest.approx(width, rel=0.03)
    assert cells.begin == pytest.approx(begin, abs=0.35 * width)
    assert cells.score > 0.55


def test_cells_that_are_worn_away_keep_their_place() -> None:
    cells = pitch.fitted(profile(60, 21.3, without=(3, 4, 9)), 13, 6, 31)
    assert cells is not None
    assert cells.begin == pytest.approx(60, abs=8)
    assert cells.begin + 13 * cells.pitch == pytest.approx(60 + 13 * 21.3, abs=8)


def test_what_stands_beside_the_row_is_none_of_it() -> None:
    ink = profile(60, 21.3)
    ink[:40] = ink[370:] = 0.5  # strokes of the name
    cells = pitch.fitted(ink, 13, 6, 31)
    assert cells is not None
    assert cells.begin == pytest.approx(60, abs=8)


def test_no_room_is_no_row() -> None:
    assert pitch.fitted(np.ones(40), 13, 6, 31) is None
    blank = pitch.fitted(np.zeros(400), 13, 6, 31)
    assert blank is not None
    assert blank.score <= 0.1
