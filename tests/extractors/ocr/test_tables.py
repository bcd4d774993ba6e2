"""Ruled tables: rules to grid, words to cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.document import Block, Box, Line, Place, Source, Table, Word
from extractors.limits import Limits
from extractors.ocr.engine import Raster
from extractors.ocr.tables import arrange, grids_of

WIDTH, HEIGHT = 1000, 1400
_LIMITS = Limits()


def ruled(*strokes: tuple[int, int, int, int]) -> Raster:
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for left, top, right, bottom in strokes:
        cv2.line(page, (left, top), (right, bottom), 40, 2)
    return page


def form() -> Raster:
    """Three rows of 100 px, four columns of 200 px; merged are the last row's last three and the first column's two.

    ┌────┬────┬────┬────┐
    │    ├────┼────┼────┤
    ├────┼────┴────┴────┤
    └────┴──────────────┘
    """
    return ruled(
        (100, 200, 900, 200),
        (300, 300, 900, 300),
        (100, 400, 900, 400),
        (100, 500, 900, 500),
        (100, 200, 100, 500),
        (300, 200, 300, 500),
        (500, 200, 500, 400),
        (700, 200, 700, 400),
        (900, 200, 900, 500),
    )


def arranged(page: Raster, lines: Sequence[Line], limits: Limits = _LIMITS) -> tuple[Block, ...]:
    return arrange(grids_of(page, lines, limits), lines)


def line(text: str, left: int, top: int, size: int = 30) -> Line:
    """A line whose characters are squares."""

    def box(start: int, end: int) -> Box:
        return Box((left + start * size) / WIDTH, top / HEIGHT, (left + end * size) / WIDTH, (top + size) / HEIGHT)

    words = tuple(Word(character, box(i, i + 1), 0.9) for i, character in enumerate(text) if character != " ")
    return Line(text, Place(box=box(0, len(text))), 0.9, words, source=Source.OCR)


def test_pages_without_tables_have_none() -> None:
    frame = ruled((50, 50, 950, 50), (50, 1350, 950, 1350), (50, 50, 50, 1350), (950, 50, 950, 1350))
    rules = ruled((100, 200, 900, 200), (100, 210, 900, 210), (300, 600, 600, 600))
    noise = np.random.default_rng(0).integers(0, 255, (300, 300)).astype(np.uint8)
    solid = np.full((400, 400), 0, np.uint8)
    assert [grids_of(page, (), _LIMITS) for page in (frame, rules, noise, solid, frame[:1, :1])] == [()] * 5


def test_the_cells_of_a_form_with_merged_cells() -> None:
    (grid,) = grids_of(form(), (), _LIMITS)
    assert grid.cells == (
        (0, 0, 2, 1),
        (0, 1, 1, 1),
        (0, 2, 1, 1),
        (0, 3, 1, 1),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
        (1, 3, 1, 1),
        (2, 0, 1, 1),
        (2, 1, 1, 3),
    )
    assert [_rounded(box) for box in grid.boxes] == [
        (100, 200, 300, 400),
        (300, 200, 500, 300),
        (500, 200, 700, 300),
        (700, 200, 900, 300),
        (300, 300, 500, 400),
        (500, 300, 700, 400),
        (700, 300, 900, 400),
        (100, 400, 300, 500),
        (300, 400, 900, 500),
    ]


def _rounded(box: Box) -> tuple[float, float, float, float]:
    return (
        round(box.left * WIDTH, -1),
        round(box.top * HEIGHT, -1),
        round(box.right * WIDTH, -1),
        round(box.bottom * HEIGHT, -1),
    )


def test_a_form_slanted_by_what_straightening_leaves_is_still_a_form() -> None:
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 0.3, 1.0)
    page = np.asarray(cv2.warpAffine(form(), turn, (WIDTH, HEIGHT), borderValue=255), np.uint8)
    (grid,) = grids_of(page, (), _LIMITS)
    assert len(grid.cells) == 9


def test_words_go_to_their_cells_and_a_line_across_a_rule_is_divided() -> None:
    blocks = arranged(
        form(),
        [
            line("申请表", 450, 100),
            line("姓名 李伟", 320, 230),
            line("电话", 520, 330),
            line("意见", 120, 430),
            line("同意申报", 320, 410),
            line("请审核", 320, 450),
            line("此致", 100, 600),
        ],
    )
    title, table, end = blocks
    assert isinstance(title, Line)
    assert isinstance(end, Line)
    assert (title.text, end.text) == ("申请表", "此致")
    assert isinstance(table, Table)
    assert (table.rows, table.columns) == (3, 4)
    assert {(cell.row, cell.column): cell.text for cell in table.cells if cell.text} == {
        (0, 1): "姓名 李伟",
        (1, 2): "电话",
        (2, 0): "意见",
        (2, 1): "同意申报\n请审核",
    }


def test_a_line_over_two_cells_is_divided_between_its_words() -> None:
    (table,) = arranged(form(), [line("姓名李伟电话", 410, 230)])
    assert isinstance(table, Table)
    cells = {(cell.row, cell.column): cell for cell in table.cells if cell.lines}
    assert {place: cell.text for place, cell in cells.items()} == {(0, 1): "姓名李", (0, 2): "伟电话"}
    box = cells[0, 2].lines[0].place.box
    assert box is not None
    assert round(box.left * WIDTH) == 500


def test_a_word_that_runs_out_over_the_tables_side_stands_in_the_cell_where_it_begins() -> None:
    number = line("13812345678", 860, 230)
    whole = replace(number, words=(Word(number.text, number.place.box or Box(0, 0, 0, 0), 0.9),))
    for phone in (number, whole):
        (table,) = arranged(form(), [phone])
        assert isinstance(table, Table)
        assert [(cell.row, cell.column, cell.text) for cell in table.cells if cell.lines] == [(0, 3, "13812345678")]


def test_what_stands_beside_a_table_is_none_of_its_cells() -> None:
    beside, apart = line("备注", 905, 230), line("电话   备注", 830, 330, size=28)
    blocks = arranged(form(), [beside, apart])
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [block.text for block in blocks if isinstance(block, Line)] == ["备注", "备注"]
    assert [cell.text for cell in tables[0].cells if cell.lines] == ["电话"]


def test_pieces_of_one_row_and_a_column_of_characters_become_one_line() -> None:
    column = [line(character, 180, 210 + 45 * i) for i, character in enumerate("申报单位")]
    (table,) = arranged(form(), [line("姓", 310, 235), line("名", 440, 238), *column])
    assert isinstance(table, Table)
    assert {(cell.row, cell.column): cell.text for cell in table.cells if cell.lines} == {
        (0, 0): "申报单位",
        (0, 1): "姓 名",
    }


def test_a_table_over_the_limit_stays_lines() -> None:
    lines = [line("姓名", 320, 230)]
    assert arranged(form(), lines, Limits(cells=8)) == tuple(lines)


def test_a_vertical_rule_of_a_single_low_row_divides_it() -> None:
    page = ruled(
        (100, 200, 900, 200), (100, 224, 900, 224), (100, 248, 900, 248),
        (100, 200, 100, 248), (900, 200, 900, 248), (500, 224, 500, 248),
    )  # fmt: skip
    (grid,) = grids_of(page, (), _LIMITS)
    assert grid.cells == ((0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1))


def test_a_table_within_a_cell_is_a_table_of_its_own() -> None:
    page = ruled(
        (100, 200, 900, 200), (100, 500, 900, 500), (100, 200, 100, 500), (900, 200, 900, 500), (300, 200, 300, 500),
        (330, 260, 870, 260), (330, 320, 870, 320), (330, 380, 870, 380),
        (330, 260, 330, 380), (600, 260, 600, 380), (870, 260, 870, 380),
    )  # fmt: skip
    outer, inner = arranged(page, [line("人员", 150, 330), line("姓名", 400, 275), line("附注", 400, 430)])
    assert isinstance(outer, Table)
    assert isinstance(inner, Table)
    assert [(cell.row, cell.column, cell.text) for cell in outer.cells] == [(0, 0, "人员"), (0, 1, "附注")]
    assert [(cell.row, cell.column, cell.text) for cell in inner.cells] == [
        (0, 0, "姓名"), (0, 1, ""), (1, 0, ""), (1, 1, ""),
    ]  # fmt: skip


def test_a_double_rule_is_one_and_the_table_that_fills_a_cell_divides_it() -> None:
    page = ruled(
        (100, 200, 900, 200), (100, 400, 900, 400), (100, 200, 100, 400), (900, 200, 900, 400), (300, 200, 300, 400),
        (306, 205, 895, 205), (306, 300, 895, 300), (306, 395, 895, 395),
        (306, 205, 306, 395), (600, 205, 600, 395), (895, 205, 895, 395),
    )  # fmt: skip
    (grid,) = grids_of(page, (), _LIMITS)
    assert grid.cells == ((0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1))


def test_dashed_rules_divide_as_drawn_ones_do() -> None:
    page = ruled((100, 200, 900, 200), (100, 400, 900, 400), (100, 200, 100, 400), (900, 200, 900, 400))
    for left in range(104, 896, 14):
        cv2.line(page, (left, 300), (left + 7, 300), 40, 2)
    (grid,) = grids_of(page, (), _LIMITS)
    assert grid.cells == ((0, 0, 1, 1), (1, 0, 1, 1))


def test_a_rule_with_a_gap_and_one_that_ends_short_still_divide() -> None:
    page = form()
    page[290:310, 560:600] = 255  # a scratch through a rule
    page[395:410, 894:899] = 255
    (grid,) = grids_of(page, (), _LIMITS)
    assert len(grid.cells) == 9


def test_a_table_without_sides_is_one_where_its_rules_end_together() -> None:
    page = ruled((100, 200, 900, 200), (100, 300, 900, 300), (100, 400, 900, 400), (500, 200, 500, 400))
    (grid,) = grids_of(page, (), _LIMITS)
    assert grid.cells == ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1))


def test_a_table_without_a_frame_is_one_where_its_rules_end_together() -> None:
    columns = ((300, 200, 300, 500), (500, 200, 500, 400), (700, 200, 700, 400))
    (grid,) = grids_of(ruled((100, 300, 900, 300), (100, 400, 900, 400), *columns), (), _LIMITS)
    rows = [(row, column, 1, 1) for row in (0, 1) for column in range(4)]
    assert grid.cells == (*rows, (2, 0, 1, 1), (2, 1, 1, 3))


def test_a_corner_short_of_which_both_rules_end_is_one() -> None:
    page = form()
    for left, top in ((95, 195), (892, 195), (892, 492)):
        page[top : top + 13, left : left + 13] = 255
    (grid,) = grids_of(page, (), _LIMITS)
    assert len(grid.cells) == 9


def spans(page: Raster) -> list[tuple[int, int, int, int]]:
    (grid,) = grids_of(page, (), _LIMITS)
    return list(grid.cells)


def test_short_dashed_rules_between_others_divide_cells() -> None:
    page = ruled((100, 200, 900, 200), (100, 400, 900, 400), (100, 200, 100, 400), (900, 200, 900, 400))
    for x in range(300, 900, 8):
        cv2.line(page, (x, 300), (x + 3, 300), 40, 1)
    for y in range(200, 400, 8):
        cv2.line(page, (300, y), (300, y + 3), 40, 1)
    for x in range(204, 300, 8):
        cv2.line(page, (x - 100, 340), (x - 97, 340), 40, 1)  # ends amid the cell: nothing is divided
    assert spans(page) == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]


def test_a_strip_of_a_few_pixels_has_no_tables() -> None:
    for shape in ((3000, 5), (2, 2), (4, 3500)):
        assert grids_of(np.full(shape, 40, np.uint8), (), _LIMITS) == ()


def low_rows(*strokes: int) -> Raster:
    """Two rows as low as their print, of two columns; the first is merged. strokes: of its characters, by column."""
    page = ruled((100, 200, 900, 200), (100, 230, 900, 230), (100, 260, 900, 260), (100, 200, 100, 260),
                 (900, 200, 900, 260), (500, 230, 500, 260))  # fmt: skip
    for x in strokes:
        cv2.line(page, (x, 200), (x, 230), 40, 2)
    return page


def test_strokes_of_characters_from_rule_to_rule_divide_no_cell() -> None:
    title = line("中国养蜂学会申报", 106, 201, 28)
    strokes = [120, 143, 153, 180, 316]  # in the middle of characters or near it
    page = low_rows(*strokes)
    assert len(grids_of(page, (), _LIMITS)[0].cells) > 3, "the strokes are seen as rules"
    left, right = line("申报单位", 106, 231, 28), line("林学会", 506, 231, 28)
    (table,) = arranged(page, (title, left, right))
    assert isinstance(table, Table)
    assert [(cell.text, cell.column_span) for cell in table.cells] == [
        ("中国养蜂学会申报", 2),
        ("申报单位", 1),
        ("林学会", 1),
    ]


def test_a_rule_close_to_a_character_is_one() -> None:
    page = ruled((100, 200, 900, 200), (100, 230, 900, 230), (100, 260, 900, 260), (100, 200, 100, 260),
                 (900, 200, 900, 260), (500, 200, 500, 260))  # fmt: skip
    close = line("林学会", 500 - 3, 201, 28)  # its middle is 0.4 em from the rule
    (table,) = arranged(page, (close,))
    assert isinstance(table, Table)
    assert len(table.cells) == 4


def test_a_rule_that_was_read_as_a_character_divides_all_the_same() -> None:
    page = low_rows(500)
    blocks = arranged(page, (line("|", 486, 201, 28), line("申报", 106, 201, 28)))
    assert [len(block.cells) for block in blocks if isinstance(block, Table)] == [4]


def test_a_word_whose_strokes_were_taken_for_a_rule_stays_in_its_table() -> None:
    page = form()
    cv2.line(page, (100, 246), (300, 246), 40, 2)  # through the middle of the word
    (table,) = arranged(page, [line("序号", 160, 230), line("1", 160, 440)])
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells if cell.text] == ["序号", "1"]


def test_a_line_above_a_table_is_not_cut_by_rooms_within_its_characters() -> None:
    page = form()
    for stroke in ((150, 170, 230, 170), (150, 170, 150, 200), (230, 170, 230, 200)):
        cv2.line(page, stroke[:2], stroke[2:], 40, 2)
    above = line("申请经费：20万元", 120, 150, 56)
    assert above in arranged(page, [above, line("1", 160, 440)])


def test_a_word_nearly_as_high_as_its_cell_stands_in_it() -> None:
    page = ruled((100, 200, 500, 200), (100, 235, 500, 235), (100, 270, 500, 270), (100, 200, 100, 270),
                 (300, 200, 300, 270), (500, 200, 500, 270))  # fmt: skip
    (table,) = arranged(page, [line("姓名", 150, 202), line("王伟", 350, 202)])
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells if cell.text] == ["姓名", "王伟"]


def test_strokes_that_end_short_of_the_rules_are_no_rules() -> None:
    page = low_rows()
    for x in (120, 143, 180, 316):
        cv2.line(page, (x, 206), (x, 224), 40, 2)
    assert spans(page) == spans(low_rows())


def test_a_hairline_with_worn_places_is_a_rule() -> None:
    page = ruled((100, 200, 900, 200), (100, 400, 900, 400), (100, 200, 100, 400), (900, 200, 900, 400))
    cv2.line(page, (100, 300), (900, 300), 205, 1)
    for x in range(160, 900, 90):
        page[300, x : x + 2] = 255
    assert spans(page) == [(0, 0, 1, 1), (1, 0, 1, 1)]


def test_strokes_of_two_characters_at_one_height_do_not_part_a_narrow_cell() -> None:
    page = form()
    cv2.line(page, (106, 452), (294, 452), 40, 2)  # what the strokes of 类别 come to, led on to both rules
    assert len(grids_of(page, (), _LIMITS)[0].cells) == 10
    label = line("类别", 125, 420, 65)
    (table,) = arranged(page, [label, line("全国学会", 320, 430)])
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells if cell.row == 2] == ["类别", "全国学会"]


def test_rooms_between_two_merged_cells_of_a_narrow_column_are_no_strokes() -> None:
    page = ruled(
        *((100, y, 900, y) for y in (200, 260, 380, 440)), (100, 200, 100, 440), (168, 200, 168, 440),
        (900, 200, 900, 440), (118, 260, 118, 380), (118, 320, 900, 320),
    )  # fmt: skip
    labels = (line(text, 121, top, 22) for text, top in (("项目", 215), ("名称", 275), ("类别", 335), ("时间", 395)))
    assert len(grids_of(page, tuple(labels), _LIMITS)[0].cells) == len(grids_of(page, (), _LIMITS)[0].cells) == 9


def test_strokes_of_print_that_run_together_are_no_rule() -> None:
    page = ruled((100, 200, 900, 200), (100, 240, 900, 240), (100, 280, 900, 280), (100, 200, 100, 280),
                 (900, 200, 900, 280), (500, 240, 500, 280))  # fmt: skip
    cv2.line(page, (110, 220), (250, 220), 40, 3)  # the lower strokes of bold characters
    for x in (130, 190):
        cv2.line(page, (x, 200), (x, 220), 40, 3)
    title = line("项目实施内容", 106, 206, 26)
    assert len(grids_of(page, (), _LIMITS)[0].cells) > 3, "the strokes are seen as rules"
    (table,) = arranged(page, (title, line("申报单位", 106, 246, 26), line("林学会", 506, 246, 26)))
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == ["项目实施内容", "申报单位", "林学会"]


def test_a_stroke_through_each_line_of_a_row_parts_no_cell() -> None:
    page = ruled((100, 200, 900, 200), (100, 260, 900, 260), (100, 200, 100, 260), (900, 200, 900, 260),
                 (500, 200, 500, 260), (163, 200, 163, 260))  # fmt: skip
    label = (line("申请中国科协", 120, 202, 28), line("支持经费", 120, 231, 28))
    (table,) = arranged(page, (*label, line("8万元", 520, 220, 28)))
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == ["申请中国科协\n支持经费", "8万元"]


def test_what_runs_off_the_paper_is_no_rule() -> None:
    folded, streaked, twice = form(), form(), form()
    cv2.line(folded, (0, 350), (WIDTH - 1, 351), 60, 2)
    cv2.line(streaked, (620, 0), (620, HEIGHT - 1), 0, 1)
    cv2.line(twice, (615, 0), (628, HEIGHT - 1), 110, 2)  # aslant, and paler than print
    cv2.line(twice, (405, 0), (400, HEIGHT - 1), 110, 2)
    cells = [[grid.cells for grid in grids_of(page, (), _LIMITS)] for page in (form(), folded, streaked, twice)]
    assert all(each == cells[0] for each in cells)


def test_a_rule_that_lies_on_a_fold_or_beside_it_is_one() -> None:
    page = form()
    cells = [grid.cells for grid in grids_of(page, (), _LIMITS)]
    folds = (((0, 398), (WIDTH - 1, 402)), ((0, 304), (WIDTH - 1, 303)), ((301, 0), (299, HEIGHT - 1)))
    for ends, grey in ((ends, grey) for ends in folds for grey in (150, 100)):  # a dark one is darker where the rule is
        folded = cv2.min(page, cv2.line(page.copy(), *ends, grey, 2))
        assert [grid.cells for grid in grids_of(np.asarray(folded, np.uint8), (), _LIMITS)] == cells


def test_a_letter_that_was_folded_both_ways_is_no_table() -> None:
    letter = ruled((0, 466, WIDTH - 1, 466), (0, 933, WIDTH - 1, 939), (500, 0, 498, HEIGHT - 1), (130, 170, 870, 170))
    assert grids_of(letter, (), _LIMITS) == ()
    cut_at_the_sides = cv2.line(letter.copy(), (250, 466), (250, 936), 40, 2)
    for y in (560, 650, 740, 840):
        cv2.line(cut_at_the_sides, (0, y), (WIDTH - 1, y), 40, 2)
    assert grids_of(cut_at_the_sides, (), _LIMITS), "rules that meet others are a table's"


def test_a_stroke_through_each_line_of_a_row_with_room_above_and_below_parts_no_cell() -> None:
    page = ruled((100, 200, 900, 200), (100, 286, 900, 286), (100, 200, 100, 286), (900, 200, 900, 286),
                 (500, 200, 500, 286), (663, 208, 663, 278))  # fmt: skip
    assert len(grids_of(page, (), _LIMITS)[0].cells) == 3, "the strokes are seen as a rule"
    value = (line("申请中国科协", 620, 208, 28), line("支持的经费", 620, 250, 28))
    (table,) = arranged(page, (line("立项依据", 120, 230, 28), *value))
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == ["立项依据", "申请中国科协\n支持的经费"]


def test_pale_rules_divide_as_dark_ones_do_close_to_print_too() -> None:
    page = cv2.dilate(cv2.resize(form(), None, fx=1.6, fy=1.6), np.ones((4, 4), np.uint8))  # hairlines
    pale = (255 - 0.12 * (255 - page.astype(np.float64))).astype(np.uint8)
    cv2.putText(pale, "230104", (830, 468), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 4)
    assert spans(pale) == spans(form())


def test_a_stroke_of_pale_print_in_a_low_row_is_no_rule() -> None:
    page = np.full((HEIGHT * 3 // 2, WIDTH * 3 // 2), 255, np.uint8)
    for y in (300, 346, 392):
        cv2.line(page, (150, y), (1350, y), 40, 3)
    for x in (150, 750, 1350):
        cv2.line(page, (x, 300), (x, 392), 40, 3)
    cv2.line(page, (928, 310), (928, 335), 195, 3)  # the right one of 刘
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.9), np.uint8)
    assert len(grids_of(page, (), _LIMITS)[0].cells) == 5, "the stroke is seen as a rule"
    assert len(grids_of(page, (line("刘志春", 596, 200, 28),), _LIMITS)[0].cells) == 4


def test_a_rule_is_none_of_characters_whose_box_is_too_high() -> None:
    page = ruled((100, 200, 300, 200), (100, 260, 300, 260), (100, 320, 300, 320), (100, 200, 100, 320),
                 (200, 200, 200, 320), (300, 200, 300, 320))  # fmt: skip
    value = line("高级农艺", 102, 262, 24)
    assert value.place.box is not None
    high = Box(value.place.box.left, 252 / HEIGHT, value.place.box.right, 296 / HEIGHT)
    value = replace(
        value,
        place=Place(box=high),
        words=tuple(replace(w, box=replace(w.box, top=high.top, bottom=high.bottom)) for w in value.words),
    )
    (table,) = arranged(page, (line("职称", 102, 210, 24), value, line("师", 140, 290, 24)))
    assert isinstance(table, Table)
    assert [cell.text for cell in table.cells] == ["职称", "", "高级农艺\n师", ""]


def test_dark_cells_are_cells_whether_darker_or_lighter_rules_part_them() -> None:
    for rule in (20, 255):
        page = form()
        cv2.rectangle(page, (100, 400), (900, 500), 90, cv2.FILLED)
        cv2.line(page, (300, 400), (300, 500), rule, 3)
        cv2.putText(page, "TOTAL", (120, 470), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 255, 4)
        assert spans(page) == spans(form())


def test_a_picture_in_a_cell_has_no_cells() -> None:
    page = form()
    texture = np.random.default_rng(2).integers(0, 150, (20, 40)).astype(np.uint8)
    page[410:490, 400:560] = cv2.resize(texture, (160, 80))
    assert spans(page) == spans(form())
