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


def read(text: str, **doubtful: float) -> str:
    """What is decoded of a text whose 1, l, I, 0, o and O are as likely their look-alikes as told, by look-alike."""
    alphabet = sorted(set(text) | set(doubtful))
    decoder = Decoder(alphabet)
    index = {character: number for number, character in enumerate(alphabet, 1)}
    rows: list[dict[int, float]] = []
    for character in text:
        row = {index[character]: 0.9}
        for rival, odds in doubtful.items():
            if rival != character and character in "1lI0oO":
                row[index[rival]] = odds
        rows += [row, {0: 1.0}]
    return "".join(glyph.text for glyph in decoder.decode(columns(decoder, *rows)))


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("wi11be", "willbe"),
        ("detai1s。", "details。"),
        ("office1@mai1.org", "office1@mail.org"),
        ("2O24年", "2O24年"),
        ("kepul8@mail", "kepul8@mail"),
        ("A1B", "A1B"),
        ("第1条", "第1条"),
        ("21st", "21st"),
    ],
)
def test_one_among_small_letters_is_l_where_the_strip_does_not_tell(seen: str, meant: str) -> None:
    assert read(seen, l=0.08) == meant


def test_letters_among_digits_are_digits_where_the_strip_does_not_tell() -> None:
    assert read("2O2l年1O月", **{"0": 0.05, "1": 0.05}) == "2021年10月"
    assert read("kepul8@", **{"1": 0.05}) == "kepu18@"


def test_what_the_strip_tells_is_not_changed_by_what_stands_beside() -> None:
    assert read("wi11be", l=0.001) == "wi11be"


@pytest.mark.parametrize(
    ("seen", "meant"),
    [("会°", "会。"), ("25°C", "25°C"), ("2019一2022", "2019—2022"), ("2021一", "2021—"), ("第一条", "第一条")],
)
def test_marks_that_cannot_stand_there_are_their_look_alikes(seen: str, meant: str) -> None:
    decoder = Decoder(sorted({*seen, *meant}))
    index = {character: number for number, character in enumerate(sorted({*seen, *meant}), 1)}
    rows = [row for character in seen for row in ({index[character]: 0.9}, {0: 1.0})]
    assert "".join(glyph.text for glyph in decoder.decode(columns(decoder, *rows))) == meant
