"""Decoding: Traditional folded into Simplified before the best class is taken."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.ocr.ctc import Decoder, Glyph, simplified


def columns(decoder: Decoder, *rows: dict[int, float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    likelihood = np.zeros((len(rows), decoder.classes), np.float32)
    for number, row in enumerate(rows):
        for index, value in row.items():
            likelihood[number, index] = value
    return likelihood


@pytest.mark.parametrize("character", "乾甯麴镕彝昇堃喆科学技术协会")
def test_characters_that_simplified_text_writes_are_kept(character: str) -> None:
    assert character not in simplified()


def test_the_table_is_closed() -> None:
    table = simplified()
    assert {old for old, new in table.items() if new in table} == set()
    assert [table[old] for old in "國學術協會於後彞臺"] == list("国学术协会于后彝台")


def test_nothing_but_blanks_is_no_text() -> None:
    decoder = Decoder("学")
    assert decoder.decode(columns(decoder, {0: 1.0}, {0: 0.9, 1: 0.1})) == ()


def test_a_run_is_one_character_and_a_blank_separates() -> None:
    decoder = Decoder("12")
    likelihood = columns(decoder, {1: 1.0}, {1: 0.5, 0: 0.2}, {0: 1.0}, {1: 0.9}, {2: 0.8})
    assert [glyph.text for glyph in decoder.decode(likelihood)] == ["1", "1", "2"]
    assert [glyph.column for glyph in decoder.decode(likelihood)] == pytest.approx([5 / 6, 3.5, 4.5])


def test_a_traditional_class_lends_its_likelihood_to_the_simplified_one() -> None:
    decoder = Decoder("学學字")
    (glyph,) = decoder.decode(columns(decoder, {1: 0.3, 2: 0.3, 3: 0.4}))
    assert glyph == Glyph("学", 0.5, glyph.confidence)
    assert glyph.confidence == pytest.approx(0.6)


def test_several_traditional_classes_lend_to_one() -> None:
    decoder = Decoder("台臺檯颱吉")
    (glyph,) = decoder.decode(columns(decoder, {1: 0.1, 2: 0.2, 3: 0.1, 4: 0.2, 5: 0.4}))
    assert glyph.text == "台"
    assert glyph.confidence == pytest.approx(0.6)


def test_a_traditional_character_without_its_simplified_one_in_the_list_is_kept() -> None:
    decoder = Decoder("學")
    assert [glyph.text for glyph in decoder.decode(columns(decoder, {1: 1.0}))] == ["學"]


def test_a_dash_between_digits_is_not_the_numeral_one() -> None:
    decoder = Decoder("2一第条")
    assert "".join(glyph.text for glyph in decoder.decode(columns(decoder, {1: 1.0}, {2: 1.0}, {1: 1.0}))) == "2—2"
    assert "".join(glyph.text for glyph in decoder.decode(columns(decoder, {3: 1.0}, {2: 1.0}, {4: 1.0}))) == "第一条"
    assert "".join(glyph.text for glyph in decoder.decode(columns(decoder, {1: 1.0}, {2: 1.0}, {4: 1.0}))) == "2一条"


def test_the_odds_tell_what_is_possible_folded_and_blank_where_a_column_was_left_out() -> None:
    decoder = Decoder(["学", "學", "字"])
    told = decoder.odds(columns(decoder, {0: 0.25, 1: 0.25, 2: 0.5}, {3: 1.0}), np.array([1, 5]), 3)
    assert told == ({"": 1.0}, {"": 0.25, "学": 0.75}, {"": 1.0})
    assert decoder.odds(columns(decoder, {3: 1.0}, {0: 1.0}), None, 2) == ({"字": 1.0}, {"": 1.0})
