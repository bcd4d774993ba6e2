"""A report on the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from clients.cli.show_report import show_report
from clients.cli.words import Names
from heyan.v1.document_pb2 import Reading
from heyan.v1.report_pb2 import OUTCOME_PASSED, OUTCOME_UNDETERMINED, OUTCOME_VIOLATED, Finding, Report

TITLE, DO = "结对函与申报书一致", "请核对后重新提交。"


def finding(message: str, rule: str = "one", outcome: int = OUTCOME_VIOLATED, do: str = DO) -> Finding:
    told = Finding(rule=rule, outcome=outcome)  # type: ignore[arg-type]
    told.title.zh, told.message.zh, told.suggestion.zh = TITLE, message, do
    return told


def shown(*findings: Finding) -> str:
    out = Console(file=io.StringIO(), width=100)
    show_report(Report(findings=findings), Names(), "zh", show_all=True, to=out)
    return out.file.getvalue()  # type: ignore[attr-defined]


def test_a_rule_that_is_broken_in_several_places_is_named_once_and_says_once_what_to_do() -> None:
    text = shown(finding("县名不同"), finding("电话不同"), finding("日期不同"))
    assert [text.count(each) for each in ("县名不同", "电话不同", "日期不同", TITLE, "同上", DO)] == [1, 1, 1, 1, 2, 1]
    assert text.index(DO) > text.index("日期不同")


@pytest.mark.parametrize(
    "other",
    [
        finding("电话不同", rule="two"),
        finding("电话不清", outcome=OUTCOME_UNDETERMINED),
        finding("电话一致", outcome=OUTCOME_PASSED),
    ],
)
def test_what_another_rule_or_outcome_says_stands_by_itself(other: Finding) -> None:
    assert shown(finding("县名不同"), other).count(TITLE) == 2


def test_what_to_do_is_said_of_each_where_it_differs() -> None:
    text = shown(finding("县名不同", do="改县名"), finding("电话不同", do="改电话"))
    assert "改县名" in text
    assert "改电话" in text


def test_a_file_that_is_a_page_of_another_ones_paper_is_told_as_such() -> None:
    whole, part = Reading(file_name="IMG_1.jpg", kind="application_form"), Reading(file_name="IMG_2.jpg", kind="other")
    whole.document.pages.add(number=1)
    whole.document.pages.add(number=2, file=2, sheet=1)
    whole.seals.add(text="湖南省林学会")
    part.seals.add(text="湖南省林学会")
    out = Console(file=io.StringIO(), width=100)
    show_report(Report(documents=[whole, part]), Names(), "zh", show_all=True, to=out)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert "文件 1 的第 2 页" in text
    assert text.count("湖南省林学会") == 1


def test_the_parts_of_a_seal_over_the_rims_of_pages_are_one_seal() -> None:
    whole = Reading(file_name="申报书.pdf", kind="application_form")
    whole.seals.add(text="湖南省林学会")
    for page, text in ((1, "湖南"), (2, "林学")):
        whole.seals.add(text=text, across=1).place.page = page
    out = Console(file=io.StringIO(), width=100)
    show_report(Report(documents=[whole]), Names(), "zh", show_all=True, to=out)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert "◉ 骑缝章（第 1、2 页）" in text
    assert text.count("◉") == 2


def test_what_three_rules_could_not_look_at_is_told_once_with_their_names() -> None:
    def unseen(title: str, message: str = "结对函可能在其中，未能检查。") -> Finding:
        told = finding(message, rule=title, outcome=OUTCOME_UNDETERMINED, do="")
        told.title.zh = title
        return told

    text = shown_briefly(unseen("县"), unseen("印章"), unseen("印章"), unseen("日期"), unseen("电话", "别的"))
    assert text.count("结对函可能在其中") == 1
    assert "另有 3 项待定" in text
    assert "县、印章、日期" in text
    assert shown(unseen("县"), unseen("印章"), unseen("日期")).count("结对函可能在其中") == 3, "--all"


def shown_briefly(*findings: Finding) -> str:
    out = Console(file=io.StringIO(), width=100)
    show_report(Report(findings=findings), Names(), "zh", to=out)
    return out.file.getvalue()  # type: ignore[attr-defined]
