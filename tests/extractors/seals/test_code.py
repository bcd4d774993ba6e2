"""The code along a ring's bottom: where it is cut, which of its readings are believed, and how far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from extractors.limits import Limits
from extractors.ocr.engine import Odds, Raster, Strip
from extractors.ocr.inks import separate
from extractors.seals import bands, code, unroll
from extractors.seals.find import find
from extractors.seals.signals import cut_out
from extractors.seals.strips import STRIP
from tests.extractors.seals.drawing import Paper, ring

WHOLE, OTHER, SHORT = "3301020034567", "3301020034561", "301020034567"


def odds(*columns: dict[str, float]) -> Odds:
    return tuple(part for column in columns for part in (column, {"": 1.0}))


def test_only_digits_are_weighed_and_letters_like_them_count_for_them() -> None:
    text, sure = code.digits(odds({"1": 0.9}, {"口": 0.6, "0": 0.3}, {"O": 0.5, "0": 0.4}, {"S": 0.8}))
    assert text == "1005"
    assert sure == pytest.approx((np.mean([0.9, 0.3, 0.9, 0.8]) + 0.3) / 2)


def test_a_digit_over_several_columns_is_one_and_two_with_a_blank_between_are_two() -> None:
    assert code.digits(({"7": 0.9}, {"7": 0.8}, {"": 1.0}, {"7": 0.9}))[0] == "77"


def test_no_digits_are_no_code() -> None:
    assert code.digits(()) == ("", 0.0)
    assert code.digits(odds({"印": 0.9})) == ("", 0.0)
    assert code.said([]) == ("", 0.0)


def test_thirteen_digits_are_found_among_slices_of_others_and_told_less_surely() -> None:
    told = [{one: 0.98, "": 0.02} for one in WHOLE]
    row = code.thirteen(odds(*told))
    assert row is not None
    assert (row.text, row.sure) == (WHOLE, pytest.approx(0.98))
    slice_ = {"8": 0.6, "": 0.4}
    among = code.thirteen(odds(slice_, *told, slice_))
    assert among is not None
    assert among.text == WHOLE
    assert among.sure < 0.98


def test_a_stroke_beside_the_cells_is_none_of_their_digits() -> None:
    told = [{one: 0.98, "": 0.02} for one in WHOLE[:12]]
    seen = odds({"7": 0.95, "": 0.05}, *told, {WHOLE[12]: 0.05, "": 0.95})
    anywhere = code.thirteen(seen)
    assert anywhere is not None
    assert anywhere.text == "7" + WHOLE[:12]
    middles = [(2 * cell + 2.5) / len(seen) for cell in range(code.DIGITS)]
    row = code.thirteen(seen, middles)
    assert row is not None
    assert row.text == WHOLE
    assert row.sure < anywhere.sure


def test_cells_that_were_fitted_to_other_ink_do_not_take_what_reads_as_thirteen_digits() -> None:
    told = [{one: 0.98, "": 0.02} for one in WHOLE]
    blank: tuple[dict[str, float], ...] = ({"": 1.0},) * 20
    seen = (*odds(*told), *blank)
    wide = [(3.5 * cell + 1.5) / len(seen) for cell in range(code.DIGITS)]
    astray = code.thirteen(seen, wide)
    assert astray is not None
    assert astray.text != WHOLE
    one = code.Reading.of(seen, wide)
    assert one.row is not None
    assert (one.row.text, one.row.sure) == (WHOLE, pytest.approx(0.98))


def test_a_stroke_one_cell_before_the_cells_does_not_move_them() -> None:
    told = [{one: 1.0} for one in WHOLE[:12]]
    seen = odds({"7": 1.0}, *told, {"": 1.0})
    middles = [(2 * cell + 2.5) / len(seen) for cell in range(code.DIGITS)]
    one = code.Reading.of(seen, middles)
    assert one.text == "7" + WHOLE[:12]
    assert one.row is not None
    assert one.row.text[:12] == WHOLE[:12]


def test_digits_that_run_together_are_parted() -> None:
    told = [{one: 0.9, "": 0.1} for one in WHOLE]
    apart = odds(*told)
    joined = (*apart[:5], {"": 0.3, "2": 0.7}, *apart[6:])  # 0 and 2 and what is between them
    row = code.thirteen(joined)
    assert row is not None
    assert row.text == WHOLE


def test_equal_digits_need_a_blank_between_them() -> None:
    blank, told = {"": 1.0}, [{one: 0.9, "": 0.1} for one in "1234567890123"]
    row = code.thirteen((*told[:12], {"2": 0.9}, {"2": 0.9}, *(blank,) * 12))
    assert row is not None
    assert row.text[:12] == "123456789012"
    assert row.sure < 0.5  # 2 over several columns is one digit: the thirteenth is nowhere


def test_where_thirteen_digits_have_no_room_there_is_no_code() -> None:
    assert code.thirteen(odds({"1": 0.9}, {"2": 0.9})) is None
    assert code.voted([]) == ("", 0.0)


def row(text: str, sure: float = 0.9, doubtful: tuple[int, ...] = ()) -> code.Row:
    """As a recogniser tells it; at the doubtful places it is as sure of 8 as of nothing."""
    likelihoods = np.zeros((code.DIGITS, 10))
    for at, one in enumerate(text):
        likelihoods[at, 8 if at in doubtful else int(one)] = 0.3 if at in doubtful else sure
    return code.Row(likelihoods, 1.0)


def reading(text: str, sure: float, whole: code.Row | None = None) -> code.Reading:
    return code.Reading(text, sure, whole)


def test_what_is_hidden_in_one_cut_others_tell_digit_by_digit() -> None:
    text, sure = code.voted([row(WHOLE, doubtful=(0, 1)), row(WHOLE, doubtful=(5,)), row(WHOLE, doubtful=(9,))])
    assert text == WHOLE  # as none of them says
    assert sure < code.voted([row(WHOLE)] * 3)[1]


def test_a_digit_on_which_cuts_differ_is_told_less_surely() -> None:
    text, sure = code.voted([row(WHOLE), row(WHOLE), row(OTHER)])
    assert text == WHOLE
    assert sure < 0.8
    assert code.voted([row(WHOLE)] * 2)[1] == pytest.approx(0.9)
    assert code.voted([row(WHOLE)])[1] < 0.8  # one cut alone says so


def test_what_is_open_at_the_beginning_the_named_division_decides_and_nothing_that_is_sure() -> None:
    def seen(sixth: float, third: float) -> list[code.Row]:
        likelihoods = np.full((code.DIGITS, 10), 0.001)
        for place, digit in enumerate("3305281234567"):
            likelihoods[place, int(digit)] = 0.95
        likelihoods[5, 3], likelihoods[5, 8] = sixth, 0.9 - sixth
        likelihoods[2, 6] = third
        return [code.Row(likelihoods, 1.0)] * 2

    anji = ("330523", "3305")
    assert code.voted(seen(0.2, 0.0), anji)[0] == "3305231234567"
    assert code.voted(seen(0.2, 0.0), ())[0] == "3305281234567"
    assert code.voted(seen(0.01, 0.0), anji)[0] == "3305281234567"
    assert code.voted(seen(0.2, 0.5), ("336523", "3365"))[0] == "3365231234567"
    assert code.voted(seen(0.01, 0.5), ("336523", "3365"))[0] == "3365281234567"  # the city's, not the county's


def test_what_prints_recogniser_reads_otherwise_is_doubted_and_what_is_open_it_may_decide() -> None:
    sure = code.voted([row(WHOLE)] * 2)[1]
    assert code.voted([row(WHOLE)] * 2, own=[row(WHOLE)]) == (WHOLE, pytest.approx(sure))
    text, doubted = code.voted([row(WHOLE)] * 2, own=[row(OTHER)])
    assert text == WHOLE
    assert doubted < 0.7 * sure
    divided = [row(WHOLE, 0.9), row(OTHER, 0.92)]
    assert code.voted(divided)[0] == OTHER
    assert code.voted(divided, own=[row(WHOLE, 0.9)])[0] == WHOLE
    assert code.said([code.Reading(WHOLE, 0.9, row(WHOLE), own=True)] * 2) == ("", 0.0)  # it only joins a vote


def test_a_strip_that_is_read_again_may_decide_and_agrees_with_nothing() -> None:
    divided = [row(WHOLE, 0.9), row(OTHER, 0.92)]
    assert code.voted(divided, again=[row(WHOLE, 0.9)])[0] == WHOLE
    assert code.voted([row(WHOLE)], again=[row(WHOLE)])[1] < 0.8  # one cut alone says so
    assert code.said([code.Reading(WHOLE, 0.9, row(WHOLE), again=True)] * 2) == ("", 0.0)


def test_a_digit_that_no_cut_shows_leaves_no_sure_code() -> None:
    assert code.voted([row(WHOLE, doubtful=(4,))] * 3)[1] <= 0.6
    assert code.said([reading("", 0.0, row(WHOLE, sure=0.2))] * 3) == ("", 0.0)


def test_thirteen_digits_go_before_more_votes_for_fewer() -> None:
    assert code.said([reading(SHORT, 1.0), reading(SHORT, 1.0), reading(SHORT, 1.0, row(WHOLE, 0.8))])[0] == WHOLE


def test_fewer_digits_are_told_where_two_cuts_agree_and_never_surely() -> None:
    assert code.said([reading(SHORT, 1.0)]) == ("", 0.0)
    text, sure = code.said([reading(SHORT, 1.0), reading(SHORT, 1.0)])
    assert text == SHORT
    assert sure <= 0.4
    assert code.said([reading("1", 1.0), reading("1", 1.0)]) == ("", 0.0)


@pytest.mark.parametrize("turned", [0, 130])
def test_the_code_is_cut_where_only_its_zone_is_inked(turned: int) -> None:
    inks = separate(Paper().stamp(ring("中国植物保护学会", code="1101020034567"), turned=turned).raster())
    (outline,) = find(inks, Limits()).outlines
    impression = cut_out(inks, outline)
    drawn = unroll.ring_of(impression, impression.signals[0])
    end = bands.ring_end(drawn)
    flat = code.below(bands.evened(drawn, end), end)
    bottom = (turned / 360 + 0.75) * unroll.COLUMNS % unroll.COLUMNS
    windows = list(code._between(flat, bottom))
    assert windows
    for start, length in windows:
        middle = (start + length / 2 - bottom + unroll.COLUMNS / 2) % unroll.COLUMNS - unroll.COLUMNS / 2
        assert abs(middle) * 360 / unroll.COLUMNS < 5
        assert length * 360 / unroll.COLUMNS == pytest.approx(85, abs=10)
        (strip,) = code.strips([flat], start, length)
        assert strip.shape[0] == STRIP
        assert (strip < 128).any(axis=0).sum() > 2 * STRIP


class Seer:
    """Sees WHOLE in a strip with ink."""

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        raise NotImplementedError

    def weigh(self, strips: Sequence[Raster]) -> tuple[Odds, ...]:
        return tuple(self._seen(strip) for strip in strips)

    def weigh_twice(self, strips: Sequence[Raster]) -> tuple[tuple[Odds, Odds], ...]:
        return tuple((self._seen(strip), self._seen(strip)) for strip in strips)

    def _seen(self, strip: Raster) -> Odds:
        if (strip < 128).mean() < 0.02:
            return ({"": 1.0},) * 30
        # A column of odds stands where a thirteenth of the strip's ink does.
        inked = np.flatnonzero((strip < 128).any(axis=0)) / strip.shape[1]
        columns: list[dict[str, float]] = [{"": 1.0} for _ in range(120)]
        for digit, at in zip(WHOLE, np.linspace(inked[0], inked[-1], 27)[1::2], strict=True):
            columns[int(at * 120)] = {digit: 0.95}
        return tuple(columns)


def test_a_code_that_compression_took_out_of_the_colours_is_read_in_the_density() -> None:
    inks = separate(Paper().stamp(ring("中国植物保护学会", code=WHOLE)).raster())
    (outline,) = find(inks, Limits()).outlines
    impression = cut_out(inks, outline)
    whole = unroll.ring_of(impression, impression.signals[0])
    end = bands.ring_end(whole)
    coloured = whole.copy()
    bottom = unroll.COLUMNS * 3 // 4
    coloured[end + 1 : unroll.row_at(0.34), bottom - 160 : bottom + 160] = 0
    assert code.read([coloured, coloured], end, bottom, Seer()) == ("", 0.0)
    text, sure = code.read([coloured, whole], end, bottom, Seer())
    assert text == WHOLE
    assert 0 < sure < 0.7  # one signal says so


def test_a_second_ring_between_the_ring_and_the_digits_is_not_taken_for_them() -> None:
    sector = np.zeros((unroll.row_at(0.34) - unroll.row_at(0), 300), np.float32)
    digits = np.tile(np.repeat([1, 0, 1, 0, 0], 3), 20).astype(np.float32)
    sector[14:26] = digits
    (alone,) = code.strips([sector], 0, 300)
    sector[5:9] = 1
    (beside,) = code.strips([sector], 0, 300)
    assert np.array_equal(beside, alone)


def test_nor_is_one_that_is_worn_to_strokes_in_the_purest_signal() -> None:
    sector = np.zeros((unroll.row_at(0.34) - unroll.row_at(0), 300), np.float32)
    sector[14:26] = np.tile(np.repeat([1, 0, 1, 0, 0], 3), 20)
    alone = code.strips([sector, sector], 0, 300)
    worn, whole = sector.copy(), sector.copy()
    worn[3:9] = np.tile(np.repeat([1, 0], 2), 75)  # more strokes than digits have
    whole[3:9] = 1
    assert np.array_equal(code.strips([worn, whole], 0, 300), alone)


def test_a_ring_without_ink_below_has_nothing_to_cut() -> None:
    flat = np.zeros((unroll.row_at(0.34) - unroll.row_at(0), unroll.COLUMNS), np.float32)
    assert list(code._between(flat, 768.0)) == []
    assert code.strips([flat], 600, 300) == []
