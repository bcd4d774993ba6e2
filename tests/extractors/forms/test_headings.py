"""Headings and rows of a page's tables against the columns beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from extractors.document import Box, Cell, Document, Line, Place, Source, Table, Word
from extractors.forms.find import find
from tests.extractors.forms.build import FORM

_WIDTH, _HEIGHT = 0.1, 0.03


def cell(row: int, column: int, text: str, span: int = 1, page: int = 1, scale: float = 1.0) -> Cell:
    """A cell of a recognised table whose columns are even."""
    left, top = 0.1 + scale * _WIDTH * column, (0.8 if page == 1 else 0.1) + _HEIGHT * row
    box = Box(left, top, left + scale * _WIDTH * span, top + _HEIGHT)
    step = box.width / (len(text) + 1)
    words = tuple(
        Word(sign, Box(left + step * at, top, left + step * (at + 0.9), top + _HEIGHT), 0.98)
        for at, sign in enumerate(text)
        if sign.strip()
    )
    line = Line(text, Place(page, box), 0.98, words, source=Source.OCR)
    return Cell((line,) if text else (), row, column, Place(page, box), column_span=span)


def budget(*tables: Sequence[Cell]) -> list[list[str]]:
    blocks = []
    for cells in tables:
        boxes = [each.place.box for each in cells if each.place.box is not None]
        around = Box(boxes[0].left, boxes[0].top, max(b.right for b in boxes), max(b.bottom for b in boxes))
        blocks.append(Table(tuple(cells), Place(cells[0].place.page, around)))
    fields = {field.id: field for field in find(Document("pdf", blocks=tuple(blocks)), FORM)}
    return [[part.value for part in row[:2]] for row in fields["budget_items"].rows]


ROWS = [["1", "专家劳务费", "5000", "10", "50000"], ["2", "资料印刷费", "185", "100", "18500"]]
BELOW = [cell(row, column, text) for row, texts in enumerate(ROWS, 1) for column, text in enumerate(texts)]


@pytest.mark.parametrize(
    "heading",
    [
        [
            cell(0, 0, "序号"),
            cell(0, 1, "预算科目"),
            cell(0, 2, "单价（元）"),
            cell(0, 3, "数量"),
            cell(0, 4, "金额（元）"),
        ],
        [cell(0, 0, "序号"), cell(0, 1, "预算科目 单价（元）", 2), cell(0, 3, "数量"), cell(0, 4, "金额（元）")],
    ],
)
def test_two_headings_in_one_cell_are_parted_as_the_columns_below(heading: list[Cell]) -> None:
    assert budget([*heading, *BELOW]) == [["专家劳务费", "50000"], ["资料印刷费", "18500"]]


def test_a_heading_that_a_stroke_parted_is_one_where_one_column_is_below() -> None:
    heading = [cell(0, 0, "序号"), cell(0, 1, "预"), cell(0, 2, "算科目"), cell(0, 3, "备注"), cell(0, 4, "金额/元")]
    below = [cell(1, 0, "1"), cell(1, 1, "资料印刷费", 2), cell(1, 3, "2100册"), cell(1, 4, "47500")]
    assert budget([*heading, *below]) == [["资料印刷费", "47500"]]


def test_a_table_goes_on_on_a_page_of_another_scale() -> None:
    heading = [cell(0, at, text) for at, text in enumerate(("序号", "预算科目", "单价", "数量", "金额（元）"))]
    further = [cell(0, at, text, page=2, scale=1.3) for at, text in enumerate(("3", "食宿费", "270", "100", "27000"))]
    assert budget([*heading, *BELOW], further)[-1] == ["食宿费", "27000"]


def test_a_row_without_rules_is_parted_as_the_columns_beside_it() -> None:
    heading = [cell(0, at, text) for at, text in enumerate(("序号", "预算科目", "单价", "数量", "金额（元）"))]
    torn = cell(3, 0, "3        宣传品                            40,000.00", 5)
    below = [cell(4, at, text) for at, text in enumerate(("4", "食宿费", "270", "100", "27000"))]
    assert budget([*heading, *BELOW, torn, *below])[2:] == [["宣传品", "40000"], ["食宿费", "27000"]]


def test_a_label_and_its_value_in_one_cell_are_parted_as_the_columns_beside_it() -> None:
    cells = [
        cell(0, 0, "申报单位               中国林学会", 4),
        cell(1, 0, "项目负责人", 2),
        cell(1, 2, "王伟", 2),
        cell(2, 0, "单位地址：北京市海淀区      邮编：100091", 4),
    ]
    fields = {field.id: field.value for field in find(Document("pdf", blocks=(Table(tuple(cells), Place(1)),)), FORM)}
    assert (fields["applicant"], fields["leader_name"]) == ("中国林学会", "王伟")


def test_a_budget_whose_rows_go_on_torn_is_less_sure() -> None:
    heading = [cell(0, at, text) for at, text in enumerate(("序号", "预算科目", "单价", "数量", "金额（元）"))]
    torn = [cell(3, 2, "270"), cell(3, 3, "100"), cell(3, 4, "27000")]
    blocks = (Table((*heading, *BELOW, *torn), Place(1, Box(0.1, 0.8, 0.6, 0.92))),)
    rows = next(field for field in find(Document("pdf", blocks=blocks), FORM) if field.id == "budget_items")
    assert len(rows.rows) == 2
    assert rows.confidence <= 0.5


def _signs(at: Cell, left: float, text: str) -> Cell:
    """The cell with characters that stand 0.02 from each other, from `left` on."""
    (line,) = at.lines
    words = tuple(
        Word(sign, replace(line.words[0].box, left=left + 0.02 * number, right=left + 0.02 * (number + 1)), 0.98)
        for number, sign in enumerate(text)
    )
    return replace(at, lines=(replace(line, words=words),))


def test_an_organisation_s_name_is_one_however_the_table_is_ruled() -> None:
    parted = [_signs(cell(0, 1, "大埔县科学技术"), 0.16, "大埔县科学技术"), _signs(cell(0, 2, "协会"), 0.3, "协会")]
    below = [cell(1, 0, "序号"), cell(1, 1, "甲"), cell(1, 2, "乙")]
    blocks = (Table((cell(0, 0, "结对单位"), *parted, *below), Place(1)),)
    fields = {field.id: field.value for field in find(Document("pdf", blocks=blocks), FORM)}
    assert fields["partner"] == "大埔县科学技术协会"


@pytest.mark.parametrize(
    ("below", "name"),
    [
        ([cell(1, 0, "项目负责人"), cell(1, 1, "王伟", 2)], "中药适宜技术"),
        ([cell(1, 0, "序号"), cell(1, 1, "甲"), cell(1, 2, "乙")], "中"),  # ruled there in another row, too
    ],
)
def test_a_name_that_a_stroke_parted_is_one_where_no_other_row_is_ruled_there(below: list[Cell], name: str) -> None:
    parted = [_signs(cell(0, 1, "中"), 0.28, "中"), _signs(cell(0, 2, "药适宜技术"), 0.3, "药适宜技术")]
    blocks = (Table((cell(0, 0, "项目名称"), *parted, *below), Place(1)),)
    fields = {field.id: field.value for field in find(Document("pdf", blocks=blocks), FORM)}
    assert fields["project_name"] == name


def test_a_label_beside_an_organisation_is_no_part_of_its_name() -> None:
    parted = [_signs(cell(0, 1, "名称"), 0.16, "名称"), _signs(cell(0, 2, "广东省食品学会"), 0.2, "广东省食品学会")]
    blocks = (Table((cell(0, 0, "申报单位"), *parted, cell(1, 1, "甲"), cell(1, 2, "乙")), Place(1)),)
    fields = {field.id: field.value for field in find(Document("pdf", blocks=blocks), FORM)}
    assert fields["applicant"] == "广东省食品学会"


def test_a_row_s_number_in_one_cell_with_its_item_is_parted_from_it() -> None:
    heading = [cell(0, 0, "序号"), cell(0, 1, "支出内容"), cell(0, 2, "金额")]
    torn = _signs(cell(2, 0, "2材料费", 2), 0.12, "2材料费")
    (line,) = torn.lines
    words = tuple(replace(each, box=replace(each.box, left=each.box.left + 0.07, right=each.box.right + 0.07))
                  for each in line.words[1:])  # fmt: skip
    torn = replace(torn, lines=(replace(line, text="2 材料费", words=(line.words[0], *words)),))
    rows = [cell(1, 0, "1"), cell(1, 1, "培训费"), cell(1, 2, "100"), torn, cell(2, 2, "200")]
    assert [row[0] for row in budget([*heading, *rows])] == ["培训费", "材料费"]


def test_a_row_of_which_no_rule_was_seen_is_divided_as_the_one_above_that_was_divided_itself() -> None:
    heading = [cell(0, 0, "序号"), cell(0, 1, "资金用途"), cell(0, 2, "金额")]
    texts = [("1  劳务费", "3500"), ("2  材料费", "54500"), ("3  宣传费", "129000"), ("4  交通费", "11000")]
    below = [each for row, (item, sum_) in enumerate(texts, 1) for each in (cell(row, 0, item, 2), cell(row, 2, sum_))]
    assert budget([*heading, *below]) == [[item[3:], amount] for item, amount in texts]
