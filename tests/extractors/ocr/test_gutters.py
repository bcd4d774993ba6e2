"""Tables with horizontal rules only: columns by the white between words; what is ruled like them and is none."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from extractors.document import Block, Box, Line, Place, Source, Table, Word
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.ocr.tables import arrange, grids_of

WIDTH, HEIGHT, SIZE = 1000, 1400, 20


def ruled(*heights: int, left: int = 100, right: int = 900, drop: int = 0) -> Raster:
    """A page with horizontal rules, each `drop` pixels lower at its right end."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for y in heights:
        cv2.line(page, (left, y), (right, y + drop), 40, 2)
    return page


def line(text: str, left: int, top: int) -> Line:
    """A line of square characters, its box as much higher as the detector's are."""

    def box(start: int, end: int) -> Box:
        return Box(
            (left + start * SIZE) / WIDTH,
            (top - 0.4 * SIZE) / HEIGHT,
            (left + end * SIZE) / WIDTH,
            (top + 1.4 * SIZE) / HEIGHT,
        )

    words = tuple(Word(character, box(i, i + 1), 0.9) for i, character in enumerate(text) if character != " ")
    return Line(text, Place(box=box(0, len(text))), 0.9, words, source=Source.OCR)


def rows(top: int, *texts: Sequence[str], lefts: Sequence[int] = (120, 350, 650), drop: int = 0) -> list[Line]:
    """Lines at columns, 30 pixels from row to row."""
    return [
        line(text, left, top + 30 * number + round(drop * (left - 100) / 800))
        for number, row in enumerate(texts)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]


HEAD = ("姓名", "单位", "电话")
ROSTER = (("李伟", "科技馆", "一三五"), ("王小芳", "县医院", "一三六"), ("张强", "江南大学", ""))


def arranged(page: Raster, lines: Sequence[Line]) -> tuple[Block, ...]:
    return arrange(grids_of(page, lines, Limits()), lines)


def tables(page: Raster, lines: Sequence[Line]) -> list[list[list[str]]]:
    """The texts of each table's rows."""
    found = []
    for block in arranged(page, lines):
        if isinstance(block, Table):
            last = max(cell.row for cell in block.cells)
            found.append([[cell.text for cell in block.cells if cell.row == row] for row in range(last + 1)])
    return found


def as_rows(*texts: Sequence[str]) -> list[list[str]]:
    return [list(row) for row in texts]


def test_three_rules_make_a_table_whose_columns_the_white_parts() -> None:
    lines = [line("项目组成员", 400, 100), *rows(210, HEAD), *rows(250, *ROSTER), line("注：以上均为骨干", 100, 400)]
    page = ruled(200, 240, 345)
    assert tables(page, lines) == [as_rows(HEAD, *ROSTER)]
    assert [type(block) for block in arranged(page, lines)] == [Line, Table, Line]


def test_a_slanted_page_moves_no_cell() -> None:
    lines = [*rows(210, HEAD, drop=8), *rows(250, *ROSTER, drop=8)]
    assert tables(ruled(200, 240, 345, drop=8), lines) == [as_rows(HEAD, *ROSTER)]


def test_a_rule_below_each_row_and_cells_of_two_lines() -> None:
    lines = [*rows(210, HEAD), *rows(250, ("李伟", "", "一三五")), line("科学技", 350, 237), line("术馆", 350, 263)]
    lines += rows(300, ROSTER[1])
    expected = as_rows(HEAD, ("李伟", "科学技\n术馆", "一三五"), ROSTER[1])
    assert tables(ruled(200, 235, 290, 330), lines) == [expected]


def test_a_line_in_one_column_goes_on_with_the_row_that_is_nearer() -> None:
    lines = [*rows(210, HEAD), *rows(250, ROSTER[0]), line("培训部", 350, 274), *rows(310, *ROSTER[1:])]
    assert tables(ruled(200, 240, 405), lines) == [as_rows(HEAD, ("李伟", "科技馆\n培训部", "一三五"), *ROSTER[1:])]


def test_a_head_centred_over_cells_at_the_left_is_theirs() -> None:
    lines = [*rows(210, HEAD, lefts=(120, 500, 800)), *rows(250, *ROSTER[:2], lefts=(120, 300, 800))]
    assert tables(ruled(200, 240, 315), lines) == [as_rows(HEAD, *ROSTER[:2])]


def test_tables_below_each_other_are_two_with_their_titles_between() -> None:
    lines = [*rows(210, HEAD), *rows(250, *ROSTER), line("表二  人员", 420, 380)]
    lines += [*rows(430, HEAD), *rows(470, *ROSTER[:2])]
    found = tables(ruled(200, 240, 345, 420, 460, 535), lines)
    assert found == [as_rows(HEAD, *ROSTER), as_rows(HEAD, *ROSTER[:2])]


def test_strokes_of_a_heads_print_that_enclose_rooms_do_not_hide_the_table() -> None:
    page, lines = ruled(200, 240, 345), [*rows(210, HEAD), *rows(250, *ROSTER)]
    for left, right in ((340, 420), (420, 500)):
        cv2.rectangle(page, (left, 206), (right, 234), 40, 2)
    assert len(grids_of(page, [], Limits())) == 1
    assert tables(page, lines) == [as_rows(HEAD, *ROSTER)]


def test_prose_between_rules_is_no_table() -> None:
    prose = "为保证质量每场义诊均须签到并拍照存档结束后提交总结材料"
    assert tables(ruled(200, 260, 320, 380), [line(prose, 110, y) for y in (220, 280, 340)]) == []


def test_a_line_with_gaps_above_another_is_no_table() -> None:
    lines = [line("志愿服务  于  会议室  举行", 110, 220), line("参见  网页", 110, 280)]
    assert tables(ruled(200, 260, 320), lines) == []


def test_columns_of_prose_are_no_table() -> None:
    prose = [line("为保证质量每场义诊均须签到并拍照", left, y) for left in (110, 550) for y in range(250, 500, 30)]
    heads = [line("中文摘要", 150, 210), line("研究方法", 600, 210)]
    assert tables(ruled(200, 240, 530), [*heads, *prose]) == []


def test_who_prints_a_letter_and_gets_a_copy_is_no_table() -> None:
    lines = [line("抄送：省财政厅", 110, 1210), line("省科协办公室", 110, 1250), line("五月一日印发", 750, 1250)]
    assert tables(ruled(1200, 1240, 1280), lines) == []


def test_labels_with_colons_are_no_table() -> None:
    lines = [line("申报书", 110, 210), line("第三页", 800, 210)]
    lines += [line(text, left, y) for y in (260, 290) for left, text in ((110, "姓名：李伟"), (500, "性别：男"))]
    assert tables(ruled(200, 240, 330), lines) == []


def test_blanks_with_labels_beside_them_are_no_table() -> None:
    labels = [line("姓名", 120, 180 + 60 * n) for n in range(4)]
    values = [line("李伟  高工", 320, 180 + 60 * n) for n in range(4)]
    assert tables(ruled(210, 270, 330, 390, left=300), [*labels, *values]) == []


def test_sections_between_rules_are_no_table() -> None:
    years = [line("二零一零年", 110, y) for y in (210, 240, 310, 340)]
    posts = [line("县医院", 500, y) for y in (210, 240, 310, 340)]
    assert tables(ruled(200, 300, 400), [*years, *posts]) == []


def test_rules_that_end_unlike_are_no_table() -> None:
    page = cv2.min(ruled(200, 240), ruled(345, right=500))
    assert tables(np.asarray(page, np.uint8), [*rows(210, HEAD), *rows(250, *ROSTER)]) == []
