"""Ink behind the words that ask for a signature."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.document import UNREAD, Box, Line, Place, Seal, SealColour, SealShape, Source, Word
from extractors.ocr.engine import Raster
from extractors.ocr.handwriting import find_handwriting, with_unread
from extractors.ocr.inks import separate

WIDTH, HEIGHT = 1000, 1400
TEXT = "负责人（签字）："
EM = 30
LEFT, TOP = 200, 700
BEHIND = LEFT + EM * len(TEXT)
BLACK, BLUE, RED = (20, 20, 20), (25, 40, 140), (205, 40, 45)


def page() -> Raster:
    picture = np.full((HEIGHT, WIDTH, 3), 245, np.uint8)
    for index in range(len(TEXT)):  # print: a box a character
        left = LEFT + index * EM
        cv2.rectangle(picture, (left + 4, TOP + 4), (left + EM - 6, TOP + EM - 4), BLACK, 2)
    return picture


def sign(picture: Raster, colour: tuple[int, int, int], thickness: int = 3) -> None:
    points = np.array([(20, 5), (50, 40), (60, -10), (80, 35), (100, 0), (120, 30), (150, 5)]) + np.array((BEHIND, TOP))
    cv2.polylines(picture, [points.astype(np.int32)], False, colour, thickness, cv2.LINE_AA)
    cv2.polylines(picture, [points[::2].astype(np.int32) + 6], False, colour, thickness, cv2.LINE_AA)


def stamp(picture: Raster, colour: tuple[int, int, int], kind: SealColour) -> Seal:
    centre, radius = (BEHIND + 90, TOP + 20), 150
    cv2.circle(picture, centre, radius, colour, 8, cv2.LINE_AA)
    cv2.putText(picture, "*", (centre[0] - 40, centre[1] + 50), cv2.FONT_HERSHEY_SIMPLEX, 4, colour, 10, cv2.LINE_AA)
    return Seal(
        SealShape.ROUND, kind, "", Place(1, box(centre[0] - 155, centre[1] - 155, centre[0] + 155, centre[1] + 155))
    )


def box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)


def line(text: str = TEXT, left: float = LEFT, top: float = TOP, confidence: float = 0.98) -> Line:
    words = tuple(
        Word(character, box(left + i * EM, top, left + (i + 1) * EM, top + EM), confidence)
        for i, character in enumerate(text)
    )
    place = Place(1, box(left, top, left + EM * len(text), top + EM))
    return Line(text, place, confidence, words, source=Source.OCR)


def found(picture: Raster, *seals: Seal, lines: tuple[Line, ...] = (line(),)) -> tuple[Box, ...]:
    return find_handwriting(separate(picture), lines, seals)


def test_a_signature_in_the_box_of_the_dates_line_is_seen() -> None:
    picture = page()
    sign(picture, BLACK)
    date = line("2021年8月31日", BEHIND + 170)
    box_of_both = box(BEHIND, TOP - EM / 2, BEHIND + 170 + EM * len(date.text), TOP + 1.5 * EM)
    assert found(picture, lines=(line(), replace(date, place=Place(1, box_of_both))))


@pytest.mark.parametrize("text", ["负责人签字で", "负责人签字从"])
def test_a_signature_read_as_a_sign_behind_the_words_is_seen(text: str) -> None:
    picture = page()
    sign(picture, BLACK)
    assert found(picture, lines=(line(text),))


def test_nothing_is_written() -> None:
    assert found(page()) == ()


def test_an_underline_and_the_rules_of_a_table_are_no_signature() -> None:
    picture = page()
    cv2.line(picture, (BEHIND + 5, TOP + EM), (BEHIND + 200, TOP + EM), BLACK, 2)
    cv2.line(picture, (BEHIND + 220, TOP - 200), (BEHIND + 222, TOP + 200), BLACK, 2)
    assert found(picture) == ()


def test_an_upright_stroke_is_no_rule_within_a_tables_cell() -> None:
    picture = page()
    cv2.line(picture, (BEHIND + 30, TOP - 60), (BEHIND + 32, TOP + 90), BLACK, 4, cv2.LINE_AA)
    sign(picture, BLACK)
    cell = box(LEFT - 100, TOP - 200, BEHIND + 200, TOP + 200)
    (place,) = find_handwriting(separate(picture), (line(),), (), (cell,))
    assert place.right * WIDTH == pytest.approx(BEHIND + 153, abs=12)


def test_what_is_written_in_the_next_cell_is_no_signature() -> None:
    picture = page()
    sign(picture, BLACK)
    cell = box(LEFT - 100, TOP - 200, BEHIND + 10, TOP + 200)
    assert find_handwriting(separate(picture), (line(),), (), (cell,)) == ()


def test_what_is_printed_behind_is_no_signature() -> None:
    picture = page()
    for index in range(4):
        left = BEHIND + 60 + index * EM
        cv2.rectangle(picture, (left + 4, TOP + 4), (left + EM - 6, TOP + EM - 4), BLACK, 2)
    assert found(picture, lines=(line(), line("单位公章", BEHIND + 60))) == ()
    assert found(picture, lines=(line(TEXT + "  （公章）"),)) == ()


@pytest.mark.parametrize("colour", [BLACK, BLUE])
def test_a_signature_is_seen(colour: tuple[int, int, int]) -> None:
    picture = page()
    sign(picture, colour)
    (place,) = found(picture)
    assert place.left * WIDTH == pytest.approx(BEHIND + 20, abs=12)
    assert place.right * WIDTH == pytest.approx(BEHIND + 153, abs=12)


@pytest.mark.parametrize(("pale", "sealed"), [(140, False), (115, True)])
def test_a_thin_and_pale_pen_is_seen(pale: int, sealed: bool) -> None:
    picture = page()
    sign(picture, (pale, pale, pale), 2)
    seals = [stamp(picture, RED, SealColour.RED)] if sealed else []
    assert len(found(picture, *seals)) == 1


def test_a_red_seal_alone_is_no_signature() -> None:
    picture = page()
    assert found(picture, stamp(picture, RED, SealColour.RED)) == ()


@pytest.mark.parametrize("colour", [BLACK, BLUE])
def test_a_signature_under_a_red_seal_is_seen(colour: tuple[int, int, int]) -> None:
    picture = page()
    sign(picture, colour)
    assert len(found(picture, stamp(picture, RED, SealColour.RED))) == 1


def test_under_a_black_seal_nothing_is_told() -> None:
    picture = page()
    sign(picture, BLACK)
    assert found(picture, stamp(picture, BLACK, SealColour.BLACK)) == ()


def test_only_words_that_ask_for_a_signature_count() -> None:
    picture = page()
    sign(picture, BLACK)
    assert found(picture, lines=(line("负责人姓名栏：三"),)) == ()
    assert found(picture, lines=()) == ()
    assert found(picture, lines=(Line("签字：", Place(1)),)) == ()


def test_a_signature_in_blue_is_seen_where_it_looks_like_a_stamp() -> None:
    picture = page()
    centre = (BEHIND + 60, TOP + 15)
    cv2.ellipse(picture, centre, (55, 32), 0, 0, 360, BLUE, 4, cv2.LINE_AA)  # one stroke that goes round
    cv2.line(picture, (centre[0] - 50, centre[1]), (centre[0] + 50, centre[1]), BLUE, 4, cv2.LINE_AA)
    assert found(picture)


def test_a_colon_that_was_read_as_a_semicolon_asks_as_well() -> None:
    picture = page()
    sign(picture, BLACK)
    assert found(picture, lines=(line("项目负责人签字；"),))


def test_a_signature_read_as_letters_right_behind_the_words_without_a_colon() -> None:
    picture = page()
    sign(picture, BLACK)
    assert found(picture, lines=(line("负责人（签字A2"),))


DATE = "2021年月日"


def date_line(*gaps: int) -> Line:
    """The form of a date whose characters stand `gaps` pixels behind each other, after 年 and after 月."""
    words, left = [], LEFT
    for text, wide in (("2021", 2 * EM), ("年", EM + gaps[0]), ("月", EM + gaps[1]), ("日", EM)):
        end = left + (wide if text == "2021" else EM)
        words.append(Word(text, box(left, TOP, end, TOP + EM), 0.99))
        left += wide
    return Line(DATE, Place(1, box(LEFT, TOP, left, TOP + EM)), 0.99, tuple(words), source=Source.OCR)


def dated(picture: Raster, *seals: Seal, of: Line | None = None) -> str:
    return with_unread((of or date_line(40, 40),), separate(picture), seals)[0].text


@pytest.fixture
def form() -> Raster:
    """A page with the form of a date and nothing in it: 年 ends at 290, 月 begins at 330 and ends at 360."""
    picture = np.full((HEIGHT, WIDTH, 3), 245, np.uint8)
    for left in (200, 230, 260, 330, 400):
        cv2.rectangle(picture, (left + 4, TOP + 4), (left + EM - 6, TOP + EM - 4), BLACK, 2)
    return picture


@pytest.mark.parametrize("colour", [BLACK, BLUE, (120, 120, 130)])
def test_a_thin_stroke_in_a_dates_form_is_something_unread(form: Raster, colour: tuple[int, int, int]) -> None:
    cv2.line(form, (310, TOP + 2), (308, TOP + 26), colour, 1, cv2.LINE_AA)
    assert dated(form) == f"2021年{UNREAD}月日"
    cv2.line(form, (380, TOP + 14), (392, TOP + 13), colour, 2)  # 一
    line = with_unread((date_line(40, 40),), separate(form), ())[0]
    assert line.text == f"2021年{UNREAD}月{UNREAD}日"
    assert [(word.text, word.confidence) for word in line.words if word.text == UNREAD] == [(UNREAD, 0.0)] * 2


def test_a_blank_form_stays_blank_above_an_underline_with_specks_and_below_a_red_seal(form: Raster) -> None:
    assert dated(form) == DATE
    cv2.line(form, (290, TOP + EM + 2), (330, TOP + EM + 2), BLACK, 2)
    cv2.circle(form, (310, TOP + 15), 1, BLACK, -1)
    seal = stamp(form, RED, SealColour.RED)
    assert dated(form, seal) == DATE


def test_nobody_can_tell_what_a_black_seal_leaves_in_a_dates_form(form: Raster) -> None:
    cv2.line(form, (310, TOP - 60), (312, TOP + 25), BLACK, 4)
    seal = Seal(SealShape.ROUND, SealColour.BLACK, "", Place(1, box(150, TOP - 150, 450, TOP + 150)))
    assert dated(form, seal) == f"2021年{UNREAD}月日"


def test_a_stroke_read_as_a_slash_is_unread_too(form: Raster) -> None:
    cv2.line(form, (312, TOP + 2), (306, TOP + 26), BLACK, 2)
    plain = date_line(40, 40)
    slash = Word("/", box(304, TOP, 314, TOP + EM), 0.9)
    line = replace(plain, text="2021年/月日", words=(*plain.words[:2], slash, *plain.words[2:]))
    assert dated(form, of=line) == f"2021年{UNREAD}月日"


@pytest.mark.parametrize(("text", "looked"), [("单位负责人：", True), ("法定代表人:", True), ("负责人姓名：", False)])
def test_who_signs_asks_for_a_signature_where_nothing_was_read_behind(text: str, looked: bool) -> None:
    picture = page()
    sign(picture, BLUE)
    left = BEHIND - EM * len(text)
    assert bool(found(picture, lines=(line(text, left),))) is looked
