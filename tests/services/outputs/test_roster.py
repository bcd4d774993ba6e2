import io
import zipfile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.outputs.roster import Roster, Row, columns
from services.validation.call import load_call
from services.validation.judge import judge
from services.validation.model import Call, File, Outcome, Report
from tests.services.validation.build import (
    BLIND,
    IN_TIME,
    ZHIHUI,
    blank,
    call,
    field,
    form,
    letter,
    puzzle,
    rules_on_values,
    unreadable,
)

CALL = call(rules_on_values())


def report(*files: File) -> Report:
    return judge(CALL, files, IN_TIME)


def sheets(*rows: Row, call: Call = CALL) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in load_workbook(io.BytesIO(written(*rows, call=call)))}


def written(*rows: Row, call: Call = CALL) -> bytes:
    roster = Roster(call)
    for row in rows:
        roster.add(row)
    return roster.finish()


def table(sheet: Worksheet) -> list[dict[str, object]]:
    """The rows below the title, by their heads."""
    heads, *rows = sheet.iter_rows(min_row=2, values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_a_submission_is_a_row_with_its_fields_its_verdict_and_what_is_wrong() -> None:
    bad = report(form(field("requested_amount", "205000"), blank("leader_name")), letter())
    (row,) = table(sheets(Row(bad, id="a1", label="甲学会"))["汇总表"])
    assert row["序号"] == 1
    assert row["申请金额（元）"] == 205000
    assert row["项目负责人"] == "未填写"
    assert row["审核结论"] == "退回"
    assert "205,000元" in str(row["须退回的问题"])
    assert row["须复核或未能判断的问题"] is None
    assert (row["编号"], row["标签"], row["收到时间"]) == ("a1", "甲学会", "2021-09-01 10:00:00")
    assert row["附件"] == "\n".join(file.name for file in bad.submission.files)


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        ((form(field("project_name", "油茶")), letter()), "油茶"),
        ((form(field("project_name", "油茶")), form(field("project_name", "茶油"))), "油茶；茶油（各文件不一致）"),
        ((form(puzzle("project_name", "由荼?")), letter()), "由荼?（待核对）"),
        ((form(field("project_name", "油茶", confidence=0.3)), letter()), "油茶（待核对）"),
        ((form(blank("project_name")), letter(), unreadable()), "未填写"),
        ((letter(), unreadable()), "未能查看"),
        ((letter(defects=(BLIND,)),), "未能查看"),
        ((letter(),), "无此材料"),
    ],
)
def test_a_cell_tells_what_was_stated_from_what_was_not_and_what_could_not_be_seen(
    files: tuple[File, ...], shown: str
) -> None:
    (row,) = table(sheets(Row(report(*files)))["汇总表"])
    assert row["项目名称"] == shown


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "\t="])
def test_words_of_strangers_never_become_formulas(start: str) -> None:
    attack = start + 'HYPERLINK("http://x","y")'
    book = written(Row(report(form(field("project_name", attack), field("applicant", attack)), letter()), label=attack))
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                content = parts.read(name).decode()
                assert "<f>" not in content
                assert "<hyperlink" not in content
    main = load_workbook(io.BytesIO(book))["汇总表"]
    assert all(cell.data_type == "s" for cell in main[3] if "HYPERLINK" in str(cell.value))
    attacked = [cell for cell in main[3] if str(cell.value).startswith(start.strip() + "HYPER")]
    assert len(attacked) == 3
    assert all(cell.quotePrefix for cell in attacked), "or a click into the cell would make a formula of it"


def test_what_is_not_done_yet_is_a_row_too_and_says_so() -> None:
    rows = table(sheets(Row(None, "排队中", "b2", "乙"), Row(report(form(), letter()), id="a1"))["汇总表"])
    assert [rows[0][head] for head in ("审核结论", "编号", "项目名称")] == ["排队中", "b2", None]
    assert rows[1]["审核结论"] == "可受理"


def test_every_problem_is_a_row_with_clause_and_advice_and_everything_is_counted() -> None:
    bad = report(form(field("requested_amount", "205000")), letter())
    made = sheets(Row(bad, id="a1"), Row(bad, id="a2"), Row(report(form(), letter()), id="a3"))
    problems = table(made["问题清单"])
    told = [finding for finding in bad.findings if finding.outcome is Outcome.VIOLATED]
    assert len(told) > 1
    assert [row["申报编号"] for row in problems] == ["a1"] * len(told) + ["a2"] * len(told)
    assert [row["问题"] for row in problems] == [finding.message.zh for finding in told] * 2
    assert [row["处理办法"] for row in problems] == [finding.suggestion.zh for finding in told] * 2
    assert all(finding.clause.quote in str(row["依据"]) for finding, row in zip(told, problems, strict=False))
    counted = {row["项目"]: row["份数"] for row in table(made["统计"])}
    assert counted == {"申报合计": 3, "退回": 2, "可受理": 1, **{finding.title.zh: 2 for finding in told}}


def test_what_a_form_and_its_scan_say_alike_is_one_problem_of_one_submission() -> None:
    over = field("requested_amount", "205000")
    twice = report(form(over, name="申报书.docx"), form(over, name="扫描件.pdf"), letter())
    (said, again) = (found.message.zh for found in twice.findings if "超过上限" in found.message.zh)
    assert said == again
    made = sheets(Row(twice))
    (row,) = table(made["汇总表"])
    assert str(row["须退回的问题"]).count(said) == 1
    (problem,) = (each for each in table(made["问题清单"]) if each["问题"] == said)
    counted = {row["项目"]: row["份数"] for row in table(made["统计"])}
    assert counted[str(problem["规则"])] == 1


def test_an_empty_roster_and_a_row_of_the_longest_texts_are_workbooks_too() -> None:
    assert table(sheets()["汇总表"]) == []
    long = "甲" * 40_000 + "\x00\ud83d"
    (row,) = table(sheets(Row(report(form(field("project_name", long)), letter()), label=long))["汇总表"])
    assert str(row["项目名称"]).endswith("…")
    assert len(str(row["项目名称"])) <= 2100


def test_the_columns_are_those_of_the_call_or_what_seems_fit() -> None:
    zhihui = load_call(ZHIHUI)
    assert [str(ref) for ref in columns(zhihui)] == list(zhihui.roster)
    assert "application_form.requested_amount" in zhihui.roster
    fit = columns(load_call(ZHIHUI.parent / "example-minimal"))
    assert [ref.field.id for ref in fit] == [
        "title", "school", "fee", "contact_name", "contact_phone", "contact_email",
    ]  # fmt: skip
