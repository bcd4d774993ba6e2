"""Sections of prose, and lists that are no budget."""

from __future__ import annotations

import pytest

from extractors.document import Document, FieldState
from extractors.forms.classify import classify
from tests.extractors.forms.build import CALL, FORM, field, found, scan, table, word

TWO = "第一段。\n第二段。"


@pytest.mark.parametrize(
    "document",
    [
        word("三、立项依据", "第一段。", "第二段。", "四、实施内容", "别的。"),
        word("（一）立项依据", "第一段。", "第二段。", "（二）别的"),
        word("立项依据：第一段。", "第二段。", "四、经费预算"),
        word("三、项目立项依据", table(["第一段。\n第二段。"]), "四、别的"),
        word(table(["立 项\n依 据", TWO], ["实施内容", "别的。"])),
        word(table(["", (TWO, 1, 2)], ["立项依据"], ["实施内容", "别的。"])),
        word(table([("三、立项依据", 2, 1)], [("第一段。\n第二段。", 2, 1)], ["实施内容", "别的。"])),
        scan(
            (0.1, 0.1, "三、立项依据"), (0.1, 0.13, "第一段。"), (0.1, 0.16, "第二段。"), (0.1, 0.2, "四、实施内容"),
            (0.1, 0.23, "别的。"),
        ),
    ],
)  # fmt: skip
def test_a_section_goes_on_till_the_next_one(document: Document) -> None:
    assert found(document)["rationale"] == TWO


def test_a_numbered_label_ends_a_section_that_a_number_opened_and_a_numbered_paragraph_does_not() -> None:
    document = word(
        "10. 立项依据", "第一段。", "第二段。", "11. 经费预算（元）", table(["支出内容", "金额"], ["培训费", "1"])
    )
    assert found(document)["rationale"] == TWO
    listed = word("三、立项依据", "第一段。", "1. 项目名称", "四、别的")
    assert found(listed)["rationale"] == "第一段。\n1. 项目名称"


def test_two_sections_under_one_heading_are_both_stated() -> None:
    values = found(word("三、立项依据与实施内容", "全文。", "四、别的"))
    assert (values["rationale"], values["content"]) == ("全文。", "全文。")


def test_inner_headings_are_part_of_a_section() -> None:
    document = word("三、实施内容", "（一）培训", "下乡培训。", "（二）宣传", "入户宣传。", "四、别的")
    assert found(document)["content"].split("\n") == ["（一）培训", "下乡培训。", "（二）宣传", "入户宣传。"]


@pytest.mark.parametrize("text", ["", "　　", "（说明项目的必要性）"])
def test_a_section_of_which_only_the_blank_form_is_there_is_blank(text: str) -> None:
    assert field(word("三、立项依据", text, "四、别的"), "rationale").state is FieldState.BLANK


def test_a_section_that_is_not_there_is_absent() -> None:
    assert field(word("三、经费预算"), "rationale").state is FieldState.ABSENT


def test_a_list_of_volunteers() -> None:
    document = word(
        "五、志愿服务队伍",
        table(
            ["序号", "姓名", "工作单位", "职务/职称", "联系电话"],
            ["1", "王伟", "中国林科院", "研究员", "13800138000"],
            ["2", "李娜", "北京林业大学", "教授", ""],
            ["3", "", "", "", ""],
        ),
    )
    rows = field(document, "volunteers").rows
    assert [[each.value for each in row] for row in rows] == [
        ["王伟", "中国林科院", "研究员", "13800138000"],
        ["李娜", "北京林业大学", "教授", ""],
    ]
    assert field(document, "leader_name").state is FieldState.ABSENT


def test_labels_beside_their_values_are_no_list() -> None:
    document = word(table(["姓名", "王伟", "职务", "处长"], ["电话", "13800138000", "单位", "中国林学会"]))
    assert field(document, "volunteers").state is FieldState.ABSENT


def test_a_credit_code_is_read_without_blanks() -> None:
    assert found(word("统一社会信用代码：5110 0000 5000 0123 4x"))["credit_code"] == "51100000500001234X"


def test_a_hint_of_the_blank_form_is_no_value() -> None:
    assert field(word(table(["项目名称", "（不超过30字）"])), "project_name").state is FieldState.BLANK


def test_labels_that_ocr_glued_to_the_value_before() -> None:
    values = found(
        scan((0.1, 0.1, "负责人：李晓立职称/职务：副研究员"), (0.1, 0.2, "联系人：薛晓联系人手机：13829796252"))
    )
    assert (values["leader_name"], values["contact_name"]) == ("李晓立", "薛晓")
    assert (values["leader_title"], values["contact_phone"]) == ("副研究员", "13829796252")


def test_another_calls_form_is_none_of_ours() -> None:
    rows = table(
        ["项目名称", "农技推广"],
        ["申报单位", "中国林学会"],
        ["项目负责人", "王伟"],
        ["联系人", "李娜"],
        ["申请经费", "20万元"],
    )
    assert classify(word("2021年基层科普行动计划项目申报书", rows), CALL.forms).kind == "other"
    assert classify(word("2021年智惠行动计划项目申报书", rows), CALL.forms).kind == "application_form"
    assert classify(word("中国林学会项目申报书", rows), CALL.forms).kind == FORM.kind
