"""A draft is in order but for the TODOs that it names, whatever the notice says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from services.validation.draft import draft
from services.validation.lint import lint
from services.validation.model import Severity
from services.validation.notice import read_notice

NOTICES = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parent / "notices").glob("*.txt")}
HOSTILE = (
    "",
    '关于“{a: b}”: # *x &y 项目申报的通知\n请填写《申\t报"\\表》（附件1）。\n2024年1月1日',
    "关于\u2028申报\x85的通知\n附件1：TODO: 表\n附件2：'{}[]&*!|>%@`函'",
    "\x00\x07\n关于申报的通知",
    "附件1：" + "表" * 100 + "\n" + "\n".join(f"附件{n}：第{n}号申报表" for n in range(2, 60)),
)


def unfinished(text: str, notice: str) -> tuple[list[str], int]:
    """Problems that no TODO names, and how many it names."""
    drafted = draft(notice, "trial-1")
    lines = drafted.yaml.splitlines()
    todos = {todo.mark.line for todo in drafted.todos}
    assert [todo.mark.line for todo in drafted.todos] == sorted(todo.mark.line for todo in drafted.todos)
    assert all("TODO" in lines[line - 1] for line in todos)
    assert sum("TODO" in line for line in lines) >= len(todos)
    problems = lint(drafted.yaml, notice, "trial-1").problems
    return [str(problem) for problem in problems if problem.mark.line not in todos], len(todos)


@pytest.mark.parametrize("name", NOTICES)
def test_a_draft_passes_lint_apart_from_its_todos(name: str) -> None:
    others, todos = unfinished(name, NOTICES[name])
    assert others == []
    assert todos > 0


@pytest.mark.parametrize("notice", HOSTILE)
def test_whatever_a_notice_says_the_draft_is_yaml(notice: str) -> None:
    others, _ = unfinished("", notice)
    assert others == []


@pytest.mark.parametrize("name", NOTICES)
def test_a_finished_draft_is_a_call(name: str) -> None:
    """What a person fills in at the TODOs is all that is missing."""
    text = draft(NOTICES[name], "trial-1").yaml
    for key, value in (
        ("issued_on", "2024-01-01"),
        ("deadline", "2030-01-01T00:00:00+08:00"),
        ("titles", "[项目申报书]"),
        ("", "无"),
    ):
        text = text.replace(f"{key}: TODO", f"{key}: {value}") if key else text.replace(": TODO", f": {value}")
    linted = lint(text, NOTICES[name], "trial-1")
    assert linted.call is not None
    assert [problem for problem in linted.problems if problem.severity is Severity.ERROR] == []
    assert {"missing-field", "late", "unreadable-attachment"} <= {rule.id for rule in linted.call.rules}


def test_the_notice_stands_in_the_draft() -> None:
    content = yaml.safe_load(draft(NOTICES["museum"]).yaml)
    assert content["id"] == "draft-2023"
    assert content["number"] == "海科协发〔2023〕41号"
    assert content["title"]["zh"] == "2023年度全省科普教育基地提升项目"
    assert [form["kind"] for form in content["forms"]] == ["application_form"], "汇总表 and 办法 are not sent"
    rules = {rule["id"]: rule for rule in content["rules"]}
    assert rules["amount-over-limit"]["params"]["limit"] == 150000
    assert rules["amount-over-limit"]["clause"]["section"] == "二"
    assert rules["late"]["clause"]["quote"].startswith("推荐单位请于2023年6月16日")
    assert rules["missing-seal"]["params"] == {
        "seals": [{"document": "application_form", "of": ["application_form.applicant"]}]
    }


def test_letters_and_promises_are_papers_of_their_own() -> None:
    kinds = [form["kind"] for form in yaml.safe_load(draft(NOTICES["bidding"]).yaml)["forms"]]
    assert kinds == ["application_form", "letter"]
    kinds = [form["kind"] for form in yaml.safe_load(draft(NOTICES["camp"]).yaml)["forms"]]
    assert kinds == ["application_form", "commitment"]


def test_what_is_asked_for_and_no_rule_quotes_is_left_to_do() -> None:
    todos = [todo.message.zh for todo in draft(NOTICES["museum"], "trial-1").todos]
    asked = [todo for todo in todos if "还没有规则" in todo]
    assert [todo.partition(" ")[0] for todo in asked] == ["一（一）", "一（二）"]
    assert "近三年内承担过同类项目尚未验收的，不得申报" in asked[1]


def test_a_quote_is_not_cut_off_within_brackets() -> None:
    asked = "请申请人于2023年5月20日17:00前将申请材料扫描件（PDF格式，单个文件不超过20MB）及申请表发送至学会邮箱"
    sentence = f"{asked}，邮件主题注明姓名和单位"
    (deadline,) = read_notice(f"关于项目申报的通知\n三、申请方式\n{sentence}。\n2023年4月10日").deadlines
    assert deadline.clause.quote == asked
