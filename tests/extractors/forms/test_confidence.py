"""A field of a scan is as sure as the characters of its value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.document import (
    Box,
    Document,
    Field,
    FieldState,
    Line,
    Place,
    Seal,
    SealColour,
    SealShape,
    Source,
    Word,
)  # fmt: skip
from extractors.forms.confidence import calibrated, least_sure, with_confidence
from extractors.forms.spec import FieldSpec, FieldType, FormSpec


def line(text: str, *sure: float, top: float = 0.1, page: int = 1) -> Line:
    """A line with a word for each character; the last confidence goes on to the end."""
    all_sure = [*sure, *[sure[-1]] * (len(text) - len(sure))]
    words = tuple(
        Word(character, Box(0.1 + 0.02 * n, top, 0.12 + 0.02 * n, top + 0.02), each)
        for n, (character, each) in enumerate(zip(text, all_sure, strict=True))
    )
    place = Place(page=page, box=Box(0.1, top, 0.1 + 0.02 * len(text), top + 0.02))
    return Line(text, place, sum(all_sure) / len(all_sure), words, source=Source.OCR)


def field(raw: str, place: Place, **others: object) -> Field:
    return Field("amount", "30000", raw=raw, place=place, confidence=0.97, engine="rapidocr", **others)  # type: ignore[arg-type]


def document(*lines: Line) -> Document:
    return Document("pdf", blocks=lines)


def test_a_doubtful_digit_in_a_long_line_makes_its_field_doubtful() -> None:
    read = line("申请经费30000元整", 0.99, 0.99, 0.99, 0.99, 0.5, 0.99)
    (found,) = with_confidence([field("30000元", read.place)], document(read))
    assert (found.value, found.confidence) == ("30000", 0.85)


def test_a_doubtful_character_beside_the_value_does_not_matter() -> None:
    read = line("申请经费30000元整", 0.3, 0.99)
    assert least_sure(field("30000元", read.place), [read]) == 0.99


def test_a_value_over_two_lines_is_as_sure_as_the_less_sure_one() -> None:
    first, second = line("名称：科学素质", 0.99), line("提升行动", 0.7, 0.99, top=0.14)
    both = Place(page=1, box=Box(0.1, 0.1, 0.3, 0.16))
    assert least_sure(field("科学素质\n提升行动", both), [first, second]) == 0.7


def test_what_is_typed_in_a_file_keeps_its_confidence() -> None:
    read = line("30000", 0.2)
    typed = Field("amount", "30000", raw="30000", place=read.place, confidence=1.0)
    assert with_confidence([typed], document(read)) == (typed,)


def test_rows_are_as_sure_as_their_least_sure_cell() -> None:
    read = line("30000", 0.5)
    cell = field("30000", read.place)
    (found,) = with_confidence([field("", read.place, rows=((cell,),))], document(read))
    assert (found.confidence, found.rows[0][0].confidence) == (0.85, 0.85)


@pytest.mark.parametrize("state", [FieldState.BLANK, FieldState.ABSENT, FieldState.UNCLEAR])
def test_what_was_not_found_is_left_alone(state: FieldState) -> None:
    read = line("30000", 0.2)
    left = field("30000", read.place, state=state)
    assert with_confidence([left], document(read)) == (left,)


def test_the_curve_never_falls_and_what_is_doubted_is_never_certain() -> None:
    figures = [calibrated(n / 100) for n in range(101)]
    assert figures == sorted(figures)
    assert (figures[0], figures[50], figures[100]) == (0.0, pytest.approx(0.85), 1.0)


@pytest.mark.parametrize(
    ("colour", "left", "sure"),
    [
        (SealColour.BLACK, 0.15, 0.85),  # over its end
        (SealColour.BLACK, 0.203, 0.85),  # right behind it: the rest may lie beneath
        (SealColour.BLACK, 0.5, 0.97),
        (SealColour.RED, 0.15, 0.97),  # its ink was told from print
    ],
)
@pytest.mark.parametrize("state", [FieldState.FOUND, FieldState.UNCLEAR])
def test_what_a_black_seal_reaches_over_is_never_certain(
    colour: SealColour, left: float, sure: float, state: FieldState
) -> None:
    read = line("30000", 0.99)
    seal = Seal(SealShape.ROUND, colour, "中国林学会", Place(1, Box(left, 0.05, left + 0.2, 0.19)), confidence=0.9)
    (found,) = with_confidence([field("30000", read.place, state=state)], replace(document(read), seals=(seal,)))
    assert found.confidence == sure


@pytest.mark.parametrize("state", [FieldState.FOUND, FieldState.UNCLEAR])
@pytest.mark.parametrize(("least", "sure"), [(0.5, 0.85), (0.995, 0.97)])
def test_a_date_beneath_a_black_seal_is_as_sure_as_its_characters_that_were_read(
    state: FieldState, least: float, sure: float
) -> None:
    read = line("2021年\ufffd月8日", 1.0, 1.0, least, 1.0, 1.0, 0.0, 1.0)
    seal = Seal(SealShape.ROUND, SealColour.BLACK, "", Place(1, Box(0.05, 0.05, 0.35, 0.19)), confidence=0.9)
    dates = FormSpec("letter", "函", "letter", (), (FieldSpec("amount", FieldType.DATE),))
    (found,) = with_confidence(
        [field(read.text, read.place, state=state)], replace(document(read), seals=(seal,)), dates
    )
    assert found.confidence == pytest.approx(sure)


@pytest.mark.parametrize(
    ("said", "left", "sure"),
    [
        ("安吉县农学会", 0.05, 0.99),
        ("安吉县林学会", 0.05, 0.85),  # another name
        ("安吉县农学会", 0.6, 0.97),  # elsewhere on the page: it neither covers nor confirms
    ],
)
def test_a_name_is_surer_where_the_seal_on_it_says_the_same(said: str, left: float, sure: float) -> None:
    read = line("安吉县农学会", 0.99)
    place = Place(1, Box(left, 0.05, left + 0.3, 0.19))
    seal = Seal(SealShape.ROUND, SealColour.BLACK, said, place, confidence=0.95)
    letter = FormSpec("letter", "函", "letter", (), (FieldSpec("amount", FieldType.ORGANISATION),))
    name = replace(field(read.text, read.place), value=read.text)
    (found,) = with_confidence([name], replace(document(read), seals=(seal,)), letter)
    assert found.confidence == pytest.approx(sure)
