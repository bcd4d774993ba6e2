"""Everything that is wrong with a call.yaml, at once, with its place, in two languages; and what is only advice."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from services.validation.folder import CallError, Problem
from services.validation.lint import lint, usable_call
from services.validation.model import Severity

CALLS = Path(__file__).parents[3] / "services" / "calls"
HEAD = """\
id: trial
title: {zh: 试点, en: Trial}
number: 科协〔2021〕1号
issuer: 科协
issued_on: 2021-08-23
deadline: 2021-09-03T23:59:59+08:00
"""
FORM = """\
forms:
  - kind: application_form
    zh: 申报书
    en: form
    titles: [项目申报书]
    fields:
      - {id: applicant, type: organisation, labels: [申报单位]}
      - {id: amount, type: money, labels: [申请金额]}
      - {id: contact_phone, type: phone, labels: [联系电话]}
"""
RULE = """\
  - id: amount-limit
    check: at_most
    params: {field: application_form.amount, limit: 200000}
    severity: error
    clause: {section: 三, quote: 每家学会支持金额不超过20万元}
    title: {zh: 金额, en: Amount}
    suggestion: {zh: 请改, en: Change it}
"""
GOOD = HEAD + FORM + "rules:\n" + RULE


def told(text: str, notice: str = "") -> list[tuple[int, int, str, str]]:
    """(line, column, path, severity) of every problem."""
    found = lint(text, notice).problems
    for problem in found:
        assert problem.message.zh
        assert problem.message.en
        assert problem.message.zh != problem.message.en
    return [(p.mark.line, p.mark.column, p.path, p.severity.value) for p in found]


def sentence(text: str, notice: str = "") -> Problem:
    (problem,) = lint(text, notice).problems
    return problem


def test_a_good_call_has_no_problems() -> None:
    linted = lint(GOOD, "通知：每家学会支持金额不超过20万元。")
    assert linted.problems == ()
    assert linted.call is not None
    assert linted.call.id == "trial"


@pytest.mark.parametrize("name", sorted(path.parent.name for path in CALLS.glob("*/call.yaml")))
def test_the_calls_that_come_with_the_service_are_in_order(name: str) -> None:
    folder = CALLS / name
    notice = (folder / "notice.txt").read_text("utf-8") if (folder / "notice.txt").exists() else ""
    assert lint((folder / "call.yaml").read_text("utf-8"), notice, name).problems == ()
    assert usable_call(folder).id == name


def test_all_problems_are_told_at_once_in_the_order_of_the_text() -> None:
    text = GOOD.replace("issuer: 科协", "isuer: 科协").replace("type: money", "type: mony")
    text = text.replace("limit: 200000", "limit: viel") + RULE.replace("at_most", "at_least")
    assert told(text) == [
        (4, 1, "isuer", "error"),
        (14, 22, "forms[0].fields[1].type", "error"),
        (19, 46, "rules[0].params.limit", "error"),
        (24, 5, "rules[1].id", "error"),
        (25, 5, "rules[1].check", "error"),
    ]


def test_near_names_are_suggested() -> None:
    for old, new, meant in (
        ("issuer:", "isuer:", "issuer"),
        ("severity: error", "severity: eror", "error"),
        ("check: at_most", "check: atmost", "at_most"),
        ("limit: 200000", "limt: 200000", "limit"),
        ("form.amount", "form.ammount", "amount"),
        ("field: application_form", "field: aplication_form", "application_form"),
        ("type: money", "type: moneys", "money"),
    ):
        problem = sentence(GOOD.replace(old, new))
        assert f"did you mean {meant}?" in problem.message.en
        assert f"是否想写 {meant}？" in problem.message.zh


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("params: {field: application_form.amount, ", "params: {field: amount, ", (19, 14, "rules[0].params.field")),
        ("limit: 200000", "limit: [1]", (19, 46, "rules[0].params.limit")),
        ("limit: 200000", "limit: 1, trust: 2", (19, 56, "rules[0].params.trust")),
        (", limit: 200000", "", (19, 5, "rules[0].params.limit")),
        ("application_form.amount", "application_form.applicant", (19, 14, "rules[0].params.field")),
        ("deadline: 2021-09-03", "deadline: 2021-08-01", (6, 1, "deadline")),
        ("deadline: 2021", "deadline: 9999", (6, 1, "deadline")),
        ("issued_on: 2021-08-23", "issued_on: 2021-08-33", (5, 1, "issued_on")),
        ("zh: 试点", "zh: 12", (2, 9, "title.zh")),
        ("zh: 试点", "zh: TODO", (2, 9, "title.zh")),
        ("number: 科协〔2021〕1号", "number: [科协]", (3, 1, "number")),
    ],
)
def test_a_mistake_is_told_once_at_its_place(old: str, new: str, place: tuple[int, int, str]) -> None:
    assert GOOD.count(old) == 1
    line, column, path = place
    assert told(GOOD.replace(old, new)) == [(line, column, path, "error")]


def test_a_list_of_names_is_told_item_by_item() -> None:
    rule = RULE.replace("at_most", "fields_present").replace(
        "{field: application_form.amount, limit: 200000}",
        "{fields: [application_form.applicant, application_form.nobody, [application_form.amount, form.x], 5]}",
    )
    assert [path for _, _, path, _ in told(HEAD + FORM + "rules:\n" + rule)] == [
        "rules[0].params.fields[1]",
        "rules[0].params.fields[2][1]",
        "rules[0].params.fields[3]",
    ]


def test_ids_are_given_once() -> None:
    assert told(GOOD + RULE) == [(24, 5, "rules[1].id", "error")]
    twice = GOOD.replace("id: contact_phone, type: phone", "id: amount, type: phone")
    assert told(twice) == [(15, 10, "forms[0].fields[2].id", "error")]
    assert told(HEAD + FORM + FORM.removeprefix("forms:\n") + "rules: []\n") == [(16, 5, "forms[1].kind", "error")]


def test_a_name_that_has_a_mistake_of_its_own_is_not_told_to_be_unknown() -> None:
    """The rule about a field whose type is wrong is not wrong."""
    assert told(GOOD.replace("type: money", "type: mony")) == [(14, 22, "forms[0].fields[1].type", "error")]


def test_rules_keep_their_places_where_others_are_wrong() -> None:
    wrong = RULE.replace("severity: error", "severity: fatal")
    later = RULE.replace("amount-limit", "other").replace("at_most", "nothing")
    assert [path for *_, path, _ in told(GOOD.replace(RULE, wrong) + later)] == ["rules[0].severity", "rules[1].check"]


# ------------------------------------------------------------------------------------------------- advice


def advised(text: str, notice: str = "") -> list[tuple[str, str]]:
    """(path, English sentence) of every warning; the call can be used nevertheless."""
    linted = lint(text, notice)
    assert linted.call is not None
    assert all(problem.severity is Severity.WARNING for problem in linted.problems)
    return [(problem.path, problem.message.en) for problem in linted.problems]


def test_a_quote_must_stand_in_the_notice() -> None:
    notice = "三、经费\n中国科协支持部分学会，每家学会支持\n金额不超过20万元。" + "其他。" * 3000 + "末尾的话。"
    assert advised(GOOD, notice) == []
    assert advised(GOOD, "每家学会支持金额不超过5万元。") == [("rules[0].clause.quote", "the notice does not say this")]
    for quote, stands in (("中国科协……不超过20万元", True), ("不超过20万元……中国科协", False), ("末尾的话", True)):
        text = GOOD.replace("每家学会支持金额不超过20万元", quote)
        assert bool(advised(text, notice)) is not stands
    assert advised(GOOD) == [], "nobody has the notice"


def test_a_section_without_words_is_told() -> None:
    text = GOOD.replace("quote: 每家学会支持金额不超过20万元", 'quote: ""')
    assert [path for path, _ in advised(text)] == ["rules[0].clause"]
    assert advised(text.replace("section: 三", "section: practice")) == []


def test_a_field_that_has_no_label_and_no_words_is_told_though_its_title_makes_the_paper_known() -> None:
    fields = "    fields:\n      - {id: amount, type: money, finders: [sentence]}\n"
    text = HEAD + FORM.partition("    fields:")[0] + fields + "rules:\n" + RULE
    assert [path for path, _ in advised(text)] == ["forms[0].fields[0].id", "rules[0].params"]


def test_two_papers_that_are_taken_for_each_other_are_told() -> None:
    other = FORM.removeprefix("forms:\n").replace("kind: application_form", "kind: other_form")
    ((path, said),) = advised(HEAD + FORM + other + "rules:\n" + RULE)
    assert path == "forms[1].titles"
    assert "recognised as application_form" in said


def test_a_field_whose_labels_are_all_anothers_is_told() -> None:
    shared = GOOD.replace("labels: [申请金额]", "labels: [申请金额, 经费]")
    shared = shared.replace("type: phone, labels: [联系电话]", "type: money, labels: [经费（万元）]")
    ((path, said),) = advised(shared)
    assert path == "forms[0].fields[2].labels"
    assert "labels of amount" in said
    assert advised(shared.replace("（万元）]", "（万元）, 自筹]")) == []
    assert advised(shared.replace("（万元）]", "（万元）], barred: [申报单位]")) == []
    assert advised(shared.replace("type: money, labels: [经费（", "type: text, labels: [经费（")) == []


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ("labels: [申请金额]", "labels: [申请金额, （万元）：]", ["forms[0].fields[1].labels[1]"]),
        (
            "labels: [申请金额]",
            "labels: [申请金额], barred: [金额]",
            ["forms[0].fields[1].id", "forms[0].fields[1].labels[0]", "rules[0].params"],
        ),
        (
            "labels: [申请金额]",
            "labels: [申请金额], finders: [table]",
            ["forms[0].fields[1].id", "forms[0].fields[1].labels", "rules[0].params"],
        ),
        (
            "labels: [申请金额]",
            "finders: [sentence]",
            ["forms[0].fields[1].id", "rules[0].params"],
        ),
        (
            "type: phone, labels: [联系电话]",
            "type: county, finders: [part], of: contact_phone",
            ["forms[0].fields[2].id"],
        ),
        (
            "type: phone, labels: [联系电话]",
            "type: choice, labels: [类别], options: [{value: a, labels: [甲]}, {value: b, labels: [甲]}]",
            ["forms[0].fields[2].options[1]"],
        ),
    ],
)
def test_what_can_never_be_found_or_chosen_is_told_and_so_are_its_rules(old: str, new: str, paths: list[str]) -> None:
    assert GOOD.count(old) == 1
    assert [path for path, _ in advised(GOOD.replace(old, new))] == paths


@pytest.mark.parametrize(
    ("added", "keys"),
    [
        ("unit: wan", ["unit"]),
        ("options: [{value: a, labels: [甲]}]", ["options"]),
        ("columns: [{id: a, type: text, labels: [甲]}]", ["columns"]),
        ("of: amount", ["of"]),
        ("finders: [title], barred: [结对]", ["labels", "barred"]),
    ],
)
def test_what_has_no_effect_is_told(added: str, keys: list[str]) -> None:
    text = GOOD.replace("labels: [联系电话]", f"labels: [联系电话], {added}")
    assert [path for path, _ in advised(text)] == [f"forms[0].fields[2].{key}" for key in keys]


def test_the_same_rule_twice_is_told() -> None:
    ((path, said),) = advised(GOOD + RULE.replace("amount-limit", "another"))
    assert (path, said) == ("rules[1].id", "it is the same as amount-limit")


# ------------------------------------------------------------------------------------------------ damage


def test_whatever_is_done_to_a_call_lint_answers() -> None:
    """Lines dropped, doubled, swapped and bent at random: never an exception, always a call or an error."""
    text = (CALLS / "example-minimal" / "call.yaml").read_text("utf-8")
    rng = Random(1007)
    bent = (
        "[]",
        "{}",
        "null",
        "''",
        "-1",
        "1e9",
        "[[]]",
        "{a: b}",
        "true",
        "2021-01-01",
        "x" * 3000,
        "|",
        "*a",
        "TODO",
    )
    for _ in range(250):
        lines = text.splitlines()
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(lines))
            match rng.randrange(4):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(at, lines[at])
                case 2:
                    other = rng.randrange(len(lines))
                    lines[at], lines[other] = lines[other], lines[at]
                case 3 if ":" in lines[at]:
                    lines[at] = lines[at].split(":")[0] + ": " + rng.choice(bent)
        linted = lint("\n".join(lines), text)
        errors = [problem for problem in linted.problems if problem.severity is Severity.ERROR]
        assert (linted.call is None) == bool(errors)


def test_a_folder_is_refused_with_every_error(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "call.yaml").write_text(GOOD.replace("at_most", "atmost"), "utf-8")
    with pytest.raises(CallError) as error:
        usable_call(folder)
    assert [problem.path for problem in error.value.problems] == ["id", "rules[0].check"]
    (folder / "call.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(CallError, match="UTF-8"):
        usable_call(folder)
    (folder / "call.yaml").unlink()
    with pytest.raises(CallError, match="no such file"):
        usable_call(folder)


def test_a_column_of_the_roster_is_a_field_of_a_form() -> None:
    assert (
        lint(GOOD + "roster: [application_form.applicant, application_form.amount]\n", "").problems
        == lint(GOOD).problems
    )
    problem = sentence(GOOD + "roster: [application_form.applicnat]\n", "每家学会支持金额不超过20万元")
    assert problem.path == "roster[0]"
    assert "application_form.applicant" in problem.message.en


def test_a_rule_without_its_clause_and_with_a_wrong_severity_is_proved_nevertheless() -> None:
    text = GOOD.replace("severity: error", "severity: fatal", 1)
    rule = text.index("severity: fatal")
    params = text.rindex("params:", 0, rule)
    text = text[:params] + "params: {nonsense: 1}\n" + text[text.index("\n", params) + 1 :]
    paths = [problem.path for problem in lint(text).problems if problem.severity is Severity.ERROR]
    assert any(path.endswith("severity") for path in paths)
    assert any(".params." in path for path in paths)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: a\nrules:\n  - id: b\n   - id: c\n", "缩进"),
        ("id: a\n\ttitle: b\n", "Tab"),
        ("title: a: b\n", "引号"),
        ("titles: [a, b\nid: c\n", "括号"),
        ('title: "a\nid: c\n', "引号"),
    ],
)
def test_syntax_is_told_in_words_that_an_administrator_knows(text: str, said: str) -> None:
    (problem,) = lint(text).problems
    assert said in problem.message.zh
    assert problem.mark.line
