"""Lines in the order in which a person reads them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from extractors.document import Box, Line, Place, Word
from extractors.ocr.order import in_reading_order

PROSE = "这一行文字填满了它的一栏"


def line(text: str, left: float, top: float, right: float) -> Line:
    return Line(text, Place(box=Box(left, top, right, top + 0.015)))


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [each.text for each in lines]


def columns(lefts: tuple[float, ...], width: float, rows: int, top: float = 0.2) -> list[Line]:
    """Row by row, as an engine gives them."""
    return [
        line(f"{PROSE}{column}{row}", left, top + row * 0.02, left + width)
        for row in range(rows)
        for column, left in enumerate(lefts)
    ]


def test_two_columns_are_read_one_after_the_other_between_title_and_footer() -> None:
    title, footer = line("题目横跨两栏题目横跨两栏", 0.2, 0.1, 0.8), line("第三页", 0.46, 0.95, 0.54)
    read = texts(in_reading_order([title, *columns((0.1, 0.52), 0.38, 8), footer]))
    assert read == [
        title.text,
        *(f"{PROSE}0{row}" for row in range(8)),
        *(f"{PROSE}1{row}" for row in range(8)),
        footer.text,
    ]


EM = 0.02


def worded(text: str, left: float, top: float) -> Line:
    """A line whose characters have boxes."""
    words = tuple(
        Word(character, Box(left + at * EM, top, left + at * EM + 0.9 * EM, top + 0.015), 1.0)
        for at, character in enumerate(text)
    )
    return Line(text, Place(box=Box(left, top, left + len(text) * EM, top + 0.015)), words=words)


def test_lines_that_punctuation_in_the_gutter_has_joined_are_two() -> None:
    left, right = "这一行文字填满了左边的一栏共十九个字。", "这一行文字填满了右边的一栏共十八个字"
    plain = [worded(text, x, 0.2 + row * 0.02) for row in range(12) for text, x in ((left[:-1], 0.1), (right, 0.48))]
    joined = worded(left + right, 0.1, 0.2 + 5 * 0.02)  # the right column begins where the full stop ends
    lines = [line for line in plain if line.place.box is not None and abs(line.place.box.top - 0.3) > 0.001]
    lines.insert(10, joined)
    read = in_reading_order(lines)
    assert texts(read) == [left[:-1]] * 5 + [left] + [left[:-1]] * 6 + [right] * 12
    assert "".join(word.text for word in read[5].words) == left
    assert read[5].place.box is not None
    assert read[5].place.box.right < 0.481


def test_a_line_across_both_columns_stays_one() -> None:
    text = "这一行文字填满了它的一栏共计十八个字"
    plain = [worded(text, x, 0.2 + row * 0.02) for row in range(12) for x in (0.1, 0.48)]
    heading = worded("第二部分：下列各项经费由承担单位自行筹措", 0.25, 0.31)
    lines = [*plain[:12], heading, *plain[12:]]
    assert heading.text in texts(in_reading_order(lines))


def test_three_columns_are_read_from_left_to_right() -> None:
    read = texts(in_reading_order(columns((0.08, 0.38, 0.68), 0.27, 7)))
    assert read == [f"{PROSE}{column}{row}" for column in range(3) for row in range(7)]


def test_labels_and_values_stay_row_by_row() -> None:
    rng = Random(4)
    lines = [
        line(text, left, 0.1 + row * 0.03, left + rng.uniform(0.05, 0.3))
        for row in range(10)
        for text, left in (("单位名称及其地址：", 0.1), (PROSE, 0.55))
    ]
    assert in_reading_order(lines) == tuple(lines)


def test_a_letter_and_a_list_of_short_items_stay_as_they_are() -> None:
    letter = [line(PROSE, 0.1, 0.1 + row * 0.02, 0.9) for row in range(20)]
    items = [line("短项", left, 0.6 + row * 0.02, left + 0.05) for row in range(8) for left in (0.1, 0.5)]
    assert in_reading_order([*letter, *items]) == (*letter, *items)


def test_lines_without_a_box_stay_last() -> None:
    loose = Line("无框", Place())
    assert in_reading_order([loose, line(PROSE, 0.1, 0.1, 0.9)]) == (line(PROSE, 0.1, 0.1, 0.9), loose)


def test_columns_of_figures_are_read_row_by_row() -> None:
    rows = [
        line(f"{100 + row},{column}83,204.50", 0.1 + 0.3 * column, 0.2 + 0.02 * row, 0.36 + 0.3 * column)
        for row in range(8)
        for column in range(3)
    ]
    assert texts(in_reading_order(rows)) == [each.text for each in rows]


def test_a_title_over_the_middle_column_and_a_page_number_below_the_first_are_no_part_of_them() -> None:
    title, number = line("地质简报", 0.42, 0.1, 0.58), line("4", 0.1, 0.95, 0.12)
    read = texts(in_reading_order([title, *columns((0.08, 0.38, 0.68), 0.26, 8), number]))
    assert (read[0], read[-1]) == (title.text, number.text)
    assert read[1:-1] == [f"{PROSE}{column}{row}" for column in range(3) for row in range(8)]


def test_boxes_that_reach_past_the_gutter_cross_it_no_more_than_their_words_do() -> None:
    """Beside a mark that hangs into the gutter (标点悬挂) the detector's boxes overlap."""
    rows = [worded(f"{PROSE}{column}{row}", left, 0.2 + row * 0.02)
            for row in range(9) for column, left in enumerate((0.1, 0.4))]  # fmt: skip
    wide = [
        replace(each, place=Place(box=replace(box, left=box.left - 0.011, right=box.right + 0.02)))
        if index in (14, 15) and (box := each.place.box) is not None
        else each
        for index, each in enumerate(rows)
    ]
    assert texts(in_reading_order(wide)) == [f"{PROSE}{column}{row}" for column in range(2) for row in range(9)]
