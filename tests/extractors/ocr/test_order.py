"""Lines in the order in which a person reads them."""

from __future__ import annotations

from random import Random

from extractors.document import Box, Line, Place
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
