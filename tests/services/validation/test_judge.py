from datetime import datetime

import pytest

from extractors.document import Place
from services.validation.call import load_call
from services.validation.judge import BrokenRules, Problem, judge, validate_rules
from services.validation.model import (
    Clause,
    Evidence,
    File,
    Finding,
    Outcome,
    Rule,
    Severity,
    Text,
    Verdict,
)
from tests.services.validation.build import (
    BEIJING,
    BLIND,
    IN_TIME,
    ZHIHUI,
    blank,
    budget,
    call,
    field,
    form,
    letter,
    paper,
    puzzle,
    real_rules,
    seal,
    unreadable,
)

TITLE, SUGGESTION = Text("题", "title"), Text("改", "change it")


def rule(check: str = "at_most", **params: object) -> Rule:
    return Rule("a-rule", check, params, Severity.ERROR, Clause("三", "不超过20万元"), TITLE, SUGGESTION)


LIMIT = rule(field="application_form.requested_amount", limit=200000)


def test_a_finding_joins_what_the_check_saw_with_what_the_rule_says() -> None:
    report = judge(call((LIMIT,)), [form(field("requested_amount", "205000"))], IN_TIME)
    assert report.findings == (
        Finding(
            rule="a-rule",
            outcome=Outcome.VIOLATED,
            severity=Severity.ERROR,
            message=Text(
                "申请金额205,000元，超过上限200,000元。",
                "Requested amount: 205,000 yuan, over the limit of 200,000.",
            ),
            clause=Clause("三", "不超过20万元"),
            title=TITLE,
            evidence=(Evidence(0, Place(path="field requested_amount"), "requested_amount", "205000"),),
            expected="≤ 200,000元",
            actual="205,000元",
            suggestion=SUGGESTION,
        ),
    )


def test_a_passed_finding_suggests_nothing() -> None:
    (finding,) = judge(call((LIMIT,)), [form()], IN_TIME).findings
    assert (finding.outcome, finding.suggestion, finding.actual) == (Outcome.PASSED, Text("", ""), "200,000元")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (rule("at_least"), "rules[0].check"),
        (rule(field="application_form.requested_amount"), "rules[0].params.limit"),
        (rule(field="application_form.requested_amount", limit="viel"), "rules[0].params.limit"),
        (rule(field="application_form.requested_amount", limit=1, currency="EUR"), "rules[0].params.currency"),
        (rule(field="application_form.amount", limit=1), "rules[0].params.field"),
        (rule(field="form.requested_amount", limit=1), "rules[0].params.field"),
        (rule(field="requested_amount", limit=1), "rules[0].params.field"),
        (rule(field=["application_form"], limit=1), "rules[0].params.field"),
        (rule(field="application_form.applicant", limit=1), "rules[0].params.field"),
        (rule("document_present", document="poster"), "rules[0].params.document"),
        (rule("document_present", document={}), "rules[0].params.document"),
        (rule("received_by", deadline="2021-09-03T00:00:00"), "rules[0].params.deadline"),
        (
            rule("date_within", field="pairing_letter.issued_on", earliest="2021-09-03", latest="2021-09-01"),
            "rules[0].params",
        ),
        (
            rule("sum_equals", rows="application_form.total_budget", total="application_form.total_budget"),
            "rules[0].params.rows",
        ),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_its_place(wrong: Rule, where: str) -> None:
    problems = validate_rules(call((wrong,)))
    assert [(problem.rule, problem.where) for problem in problems] == [("a-rule", where)]
    with pytest.raises(BrokenRules):
        judge(call((wrong,)), [form()], IN_TIME)


def test_an_unknown_field_is_answered_with_those_that_exist() -> None:
    (problem,) = validate_rules(call((rule(field="pairing_letter.amount", limit=1),)))
    message = Text(
        "pairing_letter 中没有名为 amount 的栏目。可用的有：addressee、sender、issued_on、contact_phone。",
        "no field amount in pairing_letter; there are: addressee, sender, issued_on, contact_phone",
    )
    assert problem == Problem("a-rule", "rules[0].params.field", message, "amount")


def test_a_rule_id_is_used_once() -> None:
    (problem,) = validate_rules(call((LIMIT, LIMIT)))
    assert (problem.where, problem.message.en) == ("rules[1].id", "The rule a-rule stands there twice.")


# ------------------------------------------------------------------------------------------- the call zhihui-2021

RULES = real_rules()


def test_the_rules_of_the_call_can_be_run() -> None:
    assert validate_rules(load_call(ZHIHUI)) == ()


def test_every_quote_of_the_call_is_a_clause_of_the_notice() -> None:
    for rule in RULES:
        assert (rule.clause.section == "practice") == (rule.clause.quote == "")


def outcomes(*files: File, received: datetime | None = IN_TIME) -> dict[str, str]:
    """Rules with their outcomes, without those that passed or do not apply."""
    report = judge(call(RULES), files, received)
    assert {finding.rule for finding in report.findings} == {rule.id for rule in RULES}
    quiet = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    return {finding.rule: finding.outcome.value for finding in report.findings if finding.outcome not in quiet}


def test_a_good_submission_passes_every_rule_but_those_that_have_nothing_to_look_at() -> None:
    report = judge(call(RULES), [form(), letter()], IN_TIME)
    assert [finding for finding in report.findings if finding.outcome is not Outcome.PASSED] == []
    assert report.verdict is Verdict.ACCEPTABLE


LATE = datetime(2021, 9, 4, 0, 0, 0, tzinfo=BEIJING)
RETURN, REVIEW = Verdict.RETURN, Verdict.REVIEW
CASES: list[tuple[tuple[File, ...], datetime | None, dict[str, str], Verdict]] = [
    ((letter(),), IN_TIME, {"missing-application-form": "violated"}, RETURN),
    ((form(),), IN_TIME, {"missing-pairing-letter": "violated"}, RETURN),
    ((form(), letter(seals=())), IN_TIME, {"missing-seal": "violated"}, RETURN),
    ((form(), letter(seals=(seal("湖北省林学会"),))), IN_TIME, {"seal-mismatch": "violated"}, RETURN),
    ((form(), letter(seals=(seal(""),))), IN_TIME,
     {"missing-seal": "undetermined", "seal-mismatch": "undetermined"}, REVIEW),
    ((form(blank("leader_name")), letter()), IN_TIME, {"missing-field": "violated"}, RETURN),
    ((form(puzzle("requested_amount", "二十左右")), letter()), IN_TIME,
     {"missing-field": "undetermined", "amount-over-limit": "undetermined"}, REVIEW),
    ((form(field("requested_amount", "200000.01")), letter()), IN_TIME, {"amount-over-limit": "violated"}, RETURN),
    ((form(budget("120000", "70000")), letter()), IN_TIME, {"budget-sum-mismatch": "violated"}, RETURN),
    ((form(field("applicant", "湖南省农学会")), letter()), IN_TIME, {"applicant-mismatch": "violated"}, RETURN),
    ((form(field("partner", "石门县科协")), letter()), IN_TIME, {"partner-mismatch": "violated"}, RETURN),
    ((form(field("partner", "桃源县农业农村局")), letter()), IN_TIME, {"partner-not-county": "violated"}, RETURN),
    ((form(field("contact_phone", "1387361234")), letter()), IN_TIME, {"invalid-phone": "violated"}, REVIEW),
    ((form(field("contact_email", "lifang#hnlx")), letter()), IN_TIME, {"invalid-email": "violated"}, REVIEW),
    ((form(field("period_end", "2022-12")), letter()), IN_TIME, {"period-out-of-range": "violated"}, REVIEW),
    ((form(field("project_name", "油" * 31)), letter()), IN_TIME, {"title-too-long": "violated"}, REVIEW),
    ((form(), letter(field("issued_on", "2021-08-20"))), IN_TIME, {"date-out-of-range": "violated"}, REVIEW),
    ((form(), letter()), LATE, {"late": "violated"}, RETURN),
    ((form(), letter()), None, {"late": "undetermined"}, REVIEW),
    ((form(), letter(), unreadable("附图.pdf")), IN_TIME,
     {"unreadable-attachment": "violated", "macros-present": "undetermined"}, REVIEW),
    ((form(), letter(defects=(BLIND,))), IN_TIME, {"unreadable-attachment": "undetermined"}, REVIEW),
]  # fmt: skip


@pytest.mark.parametrize(("files", "received", "told", "verdict"), CASES)
def test_a_fault_is_told_by_its_own_rule_alone(
    files: tuple[File, ...], received: datetime | None, told: dict[str, str], verdict: Verdict
) -> None:
    assert outcomes(*files, received=received) == told
    assert judge(call(RULES), files, received).verdict is verdict


def test_a_file_that_cannot_be_read_may_be_the_missing_letter() -> None:
    told = outcomes(form(), unreadable())
    assert told["missing-pairing-letter"] == told["missing-seal"] == told["seal-mismatch"] == "undetermined"
    assert judge(call(RULES), [form(), unreadable()], IN_TIME).verdict is Verdict.REVIEW


def test_no_files_at_all_are_told_as_missing_papers() -> None:
    assert outcomes() == {"missing-application-form": "violated", "missing-pairing-letter": "violated"}


def test_papers_of_other_kinds_change_nothing() -> None:
    assert outcomes(form(), letter(), paper("other", name="照片.jpg", scan=True, text="")) == {}
