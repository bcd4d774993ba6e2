"""What is told of an outline, by what was read in it and by what it lies on."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from extractors.document import SealColour, SealShape
from extractors.seals.evidence import ILLEGIBLE, told
from extractors.seals.outline import Outline
from extractors.seals.text import Text

MM = 8.0  # pixels
PAPER = np.full((1200, 1000, 3), 250, np.uint8)
RING = Outline(SealShape.ROUND, SealColour.RED, (500, 600), 21 * MM, 21 * MM, 0.0, 1.0, filled=0.2)
NAME = Text("安吉县农学会", confidence=0.9, legibility=1.0)


def framed(wide_mm: float, high_mm: float | None = None) -> Outline:
    """A square, or a rectangle, around the same place as RING."""
    half, shape = wide_mm / 2 * MM, SealShape.SQUARE if high_mm is None else SealShape.RECTANGLE
    low = half if high_mm is None else high_mm / 2 * MM
    corners = tuple((500 + x * half, 600 + y * low) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    return Outline(shape, SealColour.RED, (500, 600), half, low, 0.0, 1.0, corners, filled=0.2)


BOX = framed(40, 14)


def sized(mm: float) -> Outline:
    return replace(RING, half_width=mm / 2 * MM, half_height=mm / 2 * MM)


def test_a_ring_that_reads_is_told_with_its_text() -> None:
    assert told(RING, NAME, 0.0, PAPER, MM) == NAME


@pytest.mark.parametrize(("ground", "on_paper"), [((228, 186, 70), False), (None, True)])
def test_a_disc_of_another_colour_is_no_seal(ground: tuple[int, int, int] | None, on_paper: bool) -> None:
    page = PAPER.copy()
    if ground:
        cv2.circle(page, (500, 600), round(21 * MM), ground, -1)
    assert (told(RING, NAME, 1.0, page, MM) is not None) == on_paper


def test_a_seal_on_the_rim_of_a_dark_picture_is_on_paper() -> None:
    page = PAPER.copy()
    page[:600] = (60, 80, 90)
    assert told(RING, NAME, 1.0, page, MM) == NAME


@pytest.mark.parametrize(("text", "told_as"), [(NAME, NAME), (Text("优质"), None)])
def test_on_a_tight_crop_a_shadow_beside_what_says_a_name_is_no_medals_ground(text: Text, told_as: Text | None) -> None:
    crop = np.full((round(44 * MM), 1000, 3), 170, np.uint8)
    centre = round(21 * MM), round(22 * MM)
    cv2.circle(crop, centre, round(21 * MM), (250, 250, 250), -1)
    assert told(replace(RING, centre=centre), text, 1.0, crop, MM) == told_as


@pytest.mark.parametrize(("sure", "with_text"), [(0.9, True), (0.4, False)])
def test_long_doubtful_words_in_a_box_are_print(sure: float, with_text: bool) -> None:
    text = Text("安吉县科学技术协会青少年科技活动中心审核专用章", confidence=sure, legibility=1.0)
    assert told(BOX, text, 0.0, PAPER, MM) == (text if with_text else ILLEGIBLE)


@pytest.mark.parametrize(("visible", "as_seal"), [(0.4, True), (0.12, False)])
def test_a_sliver_of_a_ring_in_which_nothing_is_read_is_a_scans_edge(visible: float, as_seal: bool) -> None:
    cut, page = replace(RING, centre=(-60, 600), visible=visible), PAPER.copy()
    for radius in (20, 15):
        cv2.circle(page, (-60, 600), round(radius * MM), (220, 60, 60), round(MM))
    assert told(cut, ILLEGIBLE, 0.0, page, MM) == (ILLEGIBLE if as_seal else None)
    assert told(cut, NAME, 0.9, page, MM) == NAME


@pytest.mark.parametrize(
    ("mm", "star", "centre", "with_text"),
    [(30, 0.0, "", False), (30, 0.9, "", True), (30, 0.0, "收件章", True), (42, 0.0, "", True)],
)
def test_a_small_ring_without_a_star_may_be_a_logo(mm: float, star: float, centre: str, with_text: bool) -> None:
    text = replace(NAME, centre=centre)
    assert told(sized(mm), text, star, PAPER, MM) == (text if with_text else ILLEGIBLE)


def test_lines_of_print_in_a_doubtful_ring_are_no_name() -> None:
    doubtful = replace(RING, coverage=0.76, colour=SealColour.BLACK)
    print_ = Text("海南省", "海南省化子云", confidence=0.75, legibility=1.0)
    assert told(doubtful, print_, 0.0, PAPER, MM) is None
    assert told(doubtful, NAME, 0.0, PAPER, MM) == NAME


def test_a_ring_that_says_what_it_is_for_is_a_seal_though_its_name_cannot_be_read() -> None:
    oval = replace(RING, shape=SealShape.OVAL, coverage=0.85, half_height=0.7 * RING.half_height)
    said = Text("一", "业务专用章", legibility=0.0, confidence=0.1, centre_confidence=0.99)
    seal = told(oval, said, 0.0, PAPER, MM)
    assert seal is not None
    assert (seal.text, seal.confidence, seal.centre) == ("", 0.0, "业务专用章")
    assert told(oval, replace(said, centre_confidence=0.3), 0.0, PAPER, MM) is None
    assert told(oval, replace(said, centre="业务指导"), 0.0, PAPER, MM) is None


def test_a_ring_of_foreign_letters_has_no_name() -> None:
    assert told(RING, replace(NAME, text="生9公"), 1.0, PAPER, MM) == ILLEGIBLE
    assert told(RING, replace(NAME, text="农学会"), 1.0, PAPER, MM) is not None
    assert told(RING, replace(NAME, text="安吉县A4纸业协会"), 1.0, PAPER, MM) is not None


def test_a_heading_in_a_box_is_nobodys_name() -> None:
    assert told(BOX, replace(NAME, text="温馨提示"), 0.0, PAPER, MM) == ILLEGIBLE
    assert told(BOX, replace(NAME, text="安吉县农学会财务专用章"), 0.0, PAPER, MM) is not None
    assert told(replace(BOX, coverage=0.76), replace(NAME, text="经费预算经费"), 0.0, PAPER, MM) is None


@pytest.mark.parametrize(
    ("star", "text"), [(0.5, ILLEGIBLE), (0.0, Text("县农学会业", legibility=0.9, confidence=0.1))]
)
def test_a_broken_ring_with_a_star_or_characters_is_told(star: float, text: Text) -> None:
    broken = replace(RING, coverage=0.78)
    assert told(broken, text, star, PAPER, MM) == ILLEGIBLE
    assert told(broken, ILLEGIBLE, 0.0, PAPER, MM) is None


@pytest.mark.parametrize(
    ("thick_mm", "characters", "as_seal"), [(1.0, True, True), (1.0, False, False), (6.0, True, False)]
)
def test_a_ring_that_cannot_be_read_is_a_line_around_something_written(
    thick_mm: float, characters: bool, as_seal: bool
) -> None:
    page = PAPER.copy()
    cv2.circle(page, (500, 600), round((21 - thick_mm / 2) * MM), (210, 30, 40), round(thick_mm * MM))
    for angle in np.radians(np.arange(140, 401, 26)) if characters else ():
        x, y = 500 + 13.5 * MM * np.cos(angle), 600 + 13.5 * MM * np.sin(angle)
        cv2.rectangle(page, (round(x - 13), round(y - 13)), (round(x + 13), round(y + 13)), (210, 30, 40), 6)
    cv2.putText(page, "60", (430, 640), cv2.FONT_HERSHEY_DUPLEX, 3, (20, 20, 20), 9)
    assert told(RING, ILLEGIBLE, 0.0, page, MM) == (ILLEGIBLE if as_seal else None)


def test_print_on_a_box_of_a_colour_is_no_seal() -> None:
    page = PAPER.copy()
    cv2.rectangle(page, (340, 544), (660, 656), (210, 30, 40), -1)
    cv2.putText(page, "HHHHHH", (360, 620), cv2.FONT_HERSHEY_DUPLEX, 2, (20, 20, 20), 6)
    name = replace(NAME, text="安吉县农学会财务专用章")
    assert told(replace(BOX, filled=0.52), name, 0.0, page, MM) is None
    assert told(replace(BOX, filled=0.6), name, 0.0, page, MM) is None
    assert told(BOX, name, 0.0, PAPER, MM) == name


def test_what_asks_for_a_seal_is_none() -> None:
    cell = replace(BOX, filled=0.08)
    assert told(cell, replace(NAME, text="申报单位（盖章）联系电话"), 0.0, PAPER, MM) is None
    assert told(cell, NAME, 0.0, PAPER, MM) == NAME


def test_a_doubtful_ring_is_no_larger_than_seals_are() -> None:
    assert told(replace(sized(64), coverage=0.61), NAME, 0.9, PAPER, MM) is None
    assert told(sized(64), NAME, 0.9, PAPER, MM) == NAME


def test_a_narrow_frame_is_told_only_where_it_reads() -> None:
    narrow = replace(BOX, half_width=6 * MM, half_height=2.7 * MM)
    assert told(narrow, ILLEGIBLE, 0.0, PAPER, MM) is None
    assert told(narrow, replace(NAME, text="张伟"), 0.0, PAPER, MM) is not None
    assert told(replace(narrow, half_height=4 * MM), ILLEGIBLE, 0.0, PAPER, MM) == ILLEGIBLE


@pytest.mark.parametrize(
    ("says", "sure", "with_text"),
    [("作废章", 0.95, True), ("复印件专用章", 0.95, True), ("请盖章", 0.95, False), ("作废章", 0.5, False)],
)
@pytest.mark.parametrize("colour", [SealColour.RED, SealColour.BLACK])
def test_a_label_says_what_it_is_stamped_for_and_a_forms_box_does_not(
    colour: SealColour, says: str, sure: float, with_text: bool
) -> None:
    text = Text(says, confidence=sure, legibility=1.0)
    box = replace(BOX, colour=colour, filled=0.3)
    assert told(box, text, 0.0, PAPER, MM) == (text if with_text else ILLEGIBLE)


@pytest.mark.parametrize(
    ("says", "sure", "mm", "colour", "seal"),
    [
        ("张伟平", 0.9, 16, SealColour.RED, True),
        ("张伟平", 0.5, 16, SealColour.RED, False),
        ("张伟平", 0.9, 40, SealColour.RED, False),
        ("张伟平", 0.9, 16, SealColour.BLACK, False),  # in the cell of a form
        ("印平张", 0.9, 16, SealColour.RED, False),
    ],
)
def test_a_worn_frame_that_says_a_persons_name_is_his_seal(
    says: str, sure: float, mm: float, colour: SealColour, seal: bool
) -> None:
    worn = replace(framed(mm), colour=colour, coverage=0.72)
    text = Text(says, confidence=sure, legibility=1.0)
    assert told(worn, text, 0.0, PAPER, MM) == (text if seal else None)


def test_a_persons_seal_may_be_a_field_of_ink_that_lines_cross() -> None:
    field, page = replace(framed(16), filled=0.45), PAPER.copy()
    page[536:664, 436:564] = (210, 60, 60)
    named = Text("张伟之印", confidence=0.95, legibility=1.0)
    assert told(field, named, 0.0, page, MM) == named
    assert told(field, replace(named, text="优质之选"), 0.0, page, MM) is None


@pytest.mark.parametrize(
    ("shape", "says", "per_mm", "seal"),
    [
        (SealShape.RECTANGLE, "经研", MM, False),
        (SealShape.RECTANGLE, "收件章", MM, True),
        (SealShape.RECTANGLE, "张伟平", MM, True),
        (SealShape.SQUARE, "", MM, True),  # 10 mm and more are no character's
        (SealShape.SQUARE, "", None, False),  # on a crop it may be any size
        (SealShape.SQUARE, "张伟平", None, True),
    ],
)
def test_a_small_black_frame_may_be_a_character_of_print(
    shape: SealShape, says: str, per_mm: float | None, seal: bool
) -> None:
    outline = framed(12) if shape is SealShape.SQUARE else framed(12, 8)
    frame = replace(outline, colour=SealColour.BLACK, filled=0.3)
    page = PAPER if per_mm else np.full((1200, 2000, 3), 250, np.uint8)
    assert (told(frame, Text(says, confidence=0.9, legibility=1.0), 0.0, page, per_mm) is not None) == seal


def test_what_is_of_one_colour_without_paper_in_it_is_no_persons_seal() -> None:
    field, page = replace(framed(16), filled=0.8), PAPER.copy()
    page[536:664, 436:564] = (210, 60, 60)
    page[610:660, 440:540] = (60, 40, 40)
    assert told(field, ILLEGIBLE, 0.0, page, MM) is None
    page[545:655:8, 445:555] = 250  # bare characters
    assert told(field, ILLEGIBLE, 0.0, page, MM) == ILLEGIBLE


def test_one_character_is_nobodys_name() -> None:
    assert told(RING, replace(NAME, text="特"), 0.9, PAPER, MM) == ILLEGIBLE


@pytest.mark.parametrize(
    ("colour", "coverage", "star", "told_as"),
    [
        (SealColour.BLACK, 0.55, 0.4, None),
        (SealColour.BLACK, 0.55, 0.9, ILLEGIBLE),
        (SealColour.BLACK, 0.85, 0.4, ILLEGIBLE),
        (SealColour.RED, 0.55, 0.4, ILLEGIBLE),
    ],
)
def test_lines_of_print_make_a_doubtful_black_ring_with_a_star_by_chance(
    colour: SealColour, coverage: float, star: float, told_as: Text | None
) -> None:
    page = cv2.circle(PAPER.copy(), (500, 600), round(21 * MM), (40, 40, 40), 8)
    cv2.putText(page, "HHHH", (440, 520), cv2.FONT_HERSHEY_DUPLEX, 2, (40, 40, 40), 6)
    outline = replace(RING, colour=colour, coverage=coverage)
    assert told(outline, Text(), star, page, MM) == told_as


def test_a_banks_branch_is_a_body() -> None:
    branch = Text("禾川银行江苏分行", confidence=0.89, legibility=1.0)
    assert told(replace(framed(32), coverage=0.87), branch, 0.0, PAPER, MM) == branch
