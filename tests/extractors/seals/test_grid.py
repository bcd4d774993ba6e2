"""A frame's characters side by side."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from extractors.seals import grid
from extractors.seals.strips import STRIP
from tests.extractors.seals.drawing import SIDE, frame

Floats = NDArray[np.float32]


def _inside(columns: tuple[str, ...]) -> Floats:
    return grid.without_frame(np.asarray(cv2.resize(frame(columns), (320, 320), interpolation=cv2.INTER_AREA)))


def _shares(strip: NDArray[np.uint8]) -> list[float]:
    """The strip's characters from left to right, each by its part of the strip's ink."""
    empty = np.concatenate([[True], (strip > 200).all(axis=0), [True]])
    change = np.diff(empty.astype(np.int8))
    ink = 255.0 - strip
    runs = zip(np.flatnonzero(change == -1), np.flatnonzero(change == 1), strict=True)
    return [float(ink[:, a:b].sum() / ink.sum()) for a, b in runs]


def test_columns_are_read_from_the_right_and_downwards() -> None:
    _, strip = next(iter(grid.by_columns(_inside(("口一", "田曰")))))
    assert strip.shape[0] == STRIP
    one, two, three, four = _shares(strip)
    assert two == min(one, two, three, four)
    assert three == max(one, two, three, four)


@pytest.mark.parametrize("columns", [("中", "申由"), ("中田由", "申甲", "由中"), ("由甲", "申中")])
def test_every_column_is_divided_by_its_own_count(columns: tuple[str, ...]) -> None:
    ways = list(grid.by_columns(_inside(columns)))
    counts = [count for count, _ in ways]
    assert len(_shares(ways[0][1])) == counts[0]
    assert counts[0] == len("".join(columns))
    assert len(counts) <= 3


def test_a_wide_label_has_no_columns() -> None:
    row = _inside(("中", "田", "由", "申"))[100:200]
    assert list(grid.by_columns(np.asarray(row, np.float32))) == []
    assert len(grid.by_rows(np.asarray(row, np.float32))) == 1


def test_where_no_ink_is_there_is_no_strip() -> None:
    empty = np.zeros((SIDE, SIDE), np.float32)
    assert grid.by_rows(empty) == ()
    assert list(grid.by_columns(empty)) == []


def _drawn(columns: tuple[str, ...]) -> Floats:
    return np.asarray(cv2.resize(frame(columns), (320, 320), interpolation=cv2.INTER_AREA), np.float32)


def test_bare_characters_in_worn_ink_are_divided() -> None:
    field = 1 - np.clip(grid.without_frame(_drawn(("中田由", "申甲由"))), 0, 1)
    worn = np.random.default_rng(3).random(field.shape) < 0.2
    bare = np.where(worn, 0.5, 1 - field).astype(np.float32)
    ways = dict(grid.by_columns(grid.without_frame(bare, bare=True)))
    assert 6 in ways


def test_rows_without_a_blank_one_between_them_are_divided_evenly() -> None:
    inside = grid.without_frame(_drawn(("田田", "田田", "田田")))
    assert len(grid.by_rows(inside)) == 2
    tied = inside.copy()
    tied[:, 90:130] = np.maximum(tied[:, 90:130], 0.6)  # a second touch's line across both
    assert len(grid.by_rows(tied)) == 2


def test_characters_stay_that_a_line_across_the_frame_ties_to_it() -> None:
    drawn = _drawn(("中申", "由甲"))
    crossed = drawn.copy()
    cv2.line(crossed, (20, 90), (319, 80), 1.0, 9)
    (strip,) = (strip for count, strip in grid.by_columns(grid.without_frame(crossed)) if count == 4)
    whole = _shares(next(iter(grid.by_columns(grid.without_frame(drawn))))[1])
    assert _shares(strip) == pytest.approx(whole, abs=0.12)


def test_a_row_paler_than_others_is_as_high_as_it_is() -> None:
    rows = _inside(("田甲", "由申", "中田"))
    worn = rows.copy()
    half = len(worn) // 2
    worn[half:] *= 0.3
    worn[half + half // 3 : -half // 3] = rows[half + half // 3 : -half // 3]  # its middle is left
    widths = [strip.shape[1] for strip in grid.by_rows(rows)]
    assert [strip.shape[1] for strip in grid.by_rows(worn)] == pytest.approx(widths, abs=3)


def test_a_second_line_with_paper_before_it_is_no_part_of_what_stands_there() -> None:
    drawn = _drawn(("中田", "申由"))
    inside = grid.without_frame(drawn)
    high, wide = inside.shape
    lined = np.zeros((high + 60, wide + 60), np.float32)
    lined[30:-30, 30:-30] = inside
    right, bottom = wide + 51, high + 51
    # A little askew, and its fourth side is worn away.
    for one, other in (((4, 15), (right - 11, 4)), ((4, 15), (15, bottom)), ((right - 11, 4), (right, bottom - 11))):
        cv2.line(lined, one, other, 1.0, 3)
    framed = np.pad(np.pad(lined, 8), 12, constant_values=1.0)
    assert _ink(grid.without_frame(framed)) == pytest.approx(_ink(inside), rel=0.02)


def _ink(picture: Floats) -> float:
    return float((picture > 0.5).sum())


def test_of_each_likely_number_of_columns_one_way_is_told_before_a_second_of_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = grid._Part.of(_inside(("中田", "申由"))).bare()
    assert bare is not None
    wide = bare.ink.shape[1]
    twice, thrice = [(0, wide // 2), (wide // 2, wide)], [(0, wide // 3), (wide // 3, wide)]
    seen: list[int] = []

    def ways(profile: NDArray[np.float64], few: int, *_: object) -> list[list[tuple[int, int]]]:
        if len(seen) == 0:
            seen.append(1)
            return [twice, thrice]
        size = len(profile)
        return [[(0, size // 2), (size // 2, size)], [(0, size)]]

    monkeypatch.setattr(grid, "_ways", ways)
    assert [count for count, _ in grid.by_columns(_inside(("中田", "申由")))] == [4, 4, 3]
