from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extractors.document import Place
from extractors.extract import find_again
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
from tests.extractors.forms.build import CALL
from tests.extractors.forms.test_bound import FORM as APPLICATION
from tests.extractors.forms.test_bound import LETTER as PAIRING
from tests.extractors.forms.test_bound import pages
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
    rules_on_values,
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
    known = ["addressee", "sender", "issued_on", "activity_name", "contact_phone", "replied_on"]
    message = Text(
        f"pairing_letter 中没有名为 amount 的栏目。可用的有：{'、'.join(known)}。",
        f"no field amount in pairing_letter; there are: {', '.join(known)}",
    )
    assert problem == Problem("a-rule", "rules[0].params.field", message, "amount")


def test_a_rule_id_is_used_once() -> None:
    (problem,) = validate_rules(call((LIMIT, LIMIT)))
    assert (problem.where, problem.message.en) == ("rules[1].id", "The rule a-rule stands there twice.")


# ------------------------------------------------------------------------------- rules that follow from others


def consequence(severity: Severity, of: str) -> Rule:
    return replace(LIMIT, id="consequence", severity=severity, unless=(of,))


CAUSE = replace(rule("length_at_most", field="application_form.project_name", limit=3), id="cause")


def test_what_follows_from_a_violated_rule_is_not_told_twice() -> None:
    wrong = form(field("requested_amount", "300000"))
    for rules in ((CAUSE, consequence(Severity.ERROR, "cause")), (consequence(Severity.ERROR, "cause"), CAUSE)):
        report = judge(call(rules), [wrong], IN_TIME)
        told = {finding.rule: finding.outcome.value for finding in report.findings}
        assert told == {"cause": "violated", "consequence": "not_applicable"}
        assert [finding.rule for finding in report.findings] == [rule.id for rule in rules]
        assert report.verdict is Verdict.RETURN


def test_a_rule_is_judged_where_the_other_is_not_violated_and_keeps_what_passed() -> None:
    rules = (CAUSE, consequence(Severity.ERROR, "cause"))
    short = field("project_name", "油茶")
    told = judge(call(rules), [form(short, field("requested_amount", "300000"))], IN_TIME).findings
    assert [finding.outcome.value for finding in told] == ["passed", "violated"]
    assert [finding.outcome.value for finding in judge(call(rules), [form()], IN_TIME).findings] == [
        "violated",
        "passed",
    ]


@pytest.mark.parametrize(
    "rules",
    [
        (consequence(Severity.ERROR, "nobody"),),
        (consequence(Severity.ERROR, "consequence"),),
        (replace(CAUSE, unless=("b",)), replace(CAUSE, id="b"), consequence(Severity.ERROR, "cause")),
        (replace(CAUSE, severity=Severity.WARNING), consequence(Severity.ERROR, "cause")),
    ],
)
def test_a_rule_waits_only_for_one_that_waits_for_nobody_and_weighs_no_less(rules: tuple[Rule, ...]) -> None:
    assert [problem.where for problem in validate_rules(call(rules))] == [f"rules[{len(rules) - 1}].unless[0]"]


@pytest.mark.parametrize(("severity", "weighs"), [(Severity.ERROR, Severity.WARNING), (Severity.INFO, Severity.INFO)])
def test_a_check_may_make_a_violation_milder_never_graver(severity: Severity, weighs: Severity) -> None:
    late = replace(rule("received_by", last_day="warn"), severity=severity)
    (finding,) = judge(call((late,)), [form()], datetime(2021, 9, 3, 12, 0, tzinfo=BEIJING)).findings
    assert (finding.outcome, finding.severity, finding.suggestion) == (Outcome.VIOLATED, weighs, Text("", ""))


def test_days_are_those_of_the_call() -> None:
    """17:00 in London is the next day in Beijing."""
    dated = rule("date_within", field="pairing_letter.issued_on", by_receipt=True)
    received = datetime(2021, 8, 25, 17, 0, tzinfo=UTC)
    (finding,) = judge(call((dated,)), [letter(field("issued_on", "2021-08-26"))], received).findings
    assert finding.outcome is Outcome.PASSED


# ------------------------------------------------------------------------------------------- the call zhihui-2021

RULES = rules_on_values()


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
    others = {finding.rule: finding.outcome for finding in report.findings if finding.outcome is not Outcome.PASSED}
    alone = ("amount-words-differ", "word-scan-mismatch", "word-scan-text-differs", "seal-repeated")
    assert others == dict.fromkeys(alone, Outcome.NOT_APPLICABLE)
    assert report.verdict is Verdict.ACCEPTABLE


OURS, THEIRS = seal("湖南省林学会"), seal("桃源县科学技术协会")
LATE = datetime(2021, 9, 4, 0, 0, 0, tzinfo=BEIJING)
LAST_DAY = datetime(2021, 9, 3, 8, 0, 0, tzinfo=BEIJING)
RETURN, REVIEW = Verdict.RETURN, Verdict.REVIEW
CASES: list[tuple[tuple[File, ...], datetime | None, dict[str, str], Verdict]] = [
    ((letter(),), IN_TIME, {"missing-application-form": "violated"}, RETURN),
    ((form(),), IN_TIME, {"missing-pairing-letter": "violated"}, RETURN),
    ((form(), letter(seals=())), IN_TIME, {"missing-seal": "violated"}, RETURN),
    ((form(), letter(seals=(OURS,))), IN_TIME, {"missing-seal": "violated"}, RETURN),  # the county's seal is wanting
    ((form(), letter(seals=(THEIRS,))), IN_TIME, {"missing-seal": "violated"}, REVIEW),  # the society's is
    ((form(), letter(seals=(OURS, seal("桃源县农业农村局")))), IN_TIME, {"seal-mismatch": "violated"}, RETURN),
    ((form(), letter(seals=(THEIRS, seal("湖北省林学会")))), IN_TIME, {"seal-mismatch": "violated"}, REVIEW),
    ((form(), letter(seals=(THEIRS, seal("湖南省林学会财务专用章")))), IN_TIME,
     {"department-seal": "violated"}, REVIEW),
    ((form(), letter(seals=(OURS, seal("桃源县科协办公室")))), IN_TIME, {"department-seal": "violated"}, RETURN),
    ((form(), letter(seals=(seal(""),))), IN_TIME,
     {"missing-seal": "undetermined", "seal-mismatch": "undetermined", "department-seal": "undetermined"}, REVIEW),
    ((form(blank("leader_name")), letter()), IN_TIME, {"missing-field": "violated"}, RETURN),
    ((form(puzzle("requested_amount", "二十左右")), letter()), IN_TIME,
     {"missing-field": "undetermined", "amount-over-limit": "undetermined"}, REVIEW),
    ((form(field("requested_amount", "200000.01")), letter()), IN_TIME, {"amount-over-limit": "violated"}, RETURN),
    ((form(budget("120000", "70000")), letter()), IN_TIME, {"budget-sum-mismatch": "violated"}, RETURN),
    ((form(field("applicant", "湖南省农学会")), letter()), IN_TIME, {"applicant-mismatch": "violated"}, RETURN),
    ((form(field("applicant", "长沙市林学会")),
      letter(field("sender", "长沙市林学会"), seals=(seal("长沙市林学会"), THEIRS))), IN_TIME,
      {"applicant-not-eligible": "violated"}, RETURN),
    ((form(field("partner", "石门县科协")), letter()), IN_TIME, {"partner-mismatch": "violated"}, RETURN),
    ((form(field("partner", "桃源县农业农村局")), letter()), IN_TIME, {"partner-not-county": "violated"}, RETURN),
    ((form(field("partner", "浙江省桃源县科协")), letter(field("addressee", "浙江省桃源县科协"))), IN_TIME,
     {"partner-unknown": "violated"}, REVIEW),
    ((form(field("contact_phone", "1387361234")), letter()), IN_TIME, {"invalid-phone": "violated"}, REVIEW),
    ((form(field("contact_email", "lifang#hnlx")), letter()), IN_TIME, {"invalid-email": "violated"}, REVIEW),
    ((form(field("period_end", "2022-12")), letter()), IN_TIME, {"period-out-of-range": "violated"}, REVIEW),
    ((form(field("project_name", "油" * 31)), letter(field("activity_name", "油" * 31))), IN_TIME,
     {"title-too-long": "violated"}, REVIEW),
    ((form(), letter(field("issued_on", "2021-08-20"))), IN_TIME, {"date-out-of-range": "violated"}, REVIEW),
    ((form(), letter()), LATE, {"late": "violated"}, RETURN),
    ((form(), letter()), LAST_DAY, {"late": "violated"}, REVIEW),
    ((form(field("requested_amount", "2000000000")), letter()), IN_TIME, {"unit-slip": "violated"}, RETURN),
    ((form(), letter(field("activity_name", "柑橘病虫害防治"))), IN_TIME, {"project-mismatch": "violated"}, REVIEW),
    ((form(), letter(), paper("other", text="从QQ邮箱发来的超大附件")), IN_TIME,
     {"large-attachment-link": "violated"}, REVIEW),
    ((form(), letter()), None, {"late": "undetermined"}, REVIEW),
    ((form(), letter(), unreadable("附图.pdf")), IN_TIME,
     {"unreadable-attachment": "violated", "macros-present": "undetermined", "large-attachment-link": "undetermined"},
     REVIEW),
    ((form(), letter(defects=(BLIND,))), IN_TIME,
     {"unreadable-attachment": "undetermined", "large-attachment-link": "undetermined"}, REVIEW),
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


def test_a_letter_that_is_bound_with_the_form_is_there() -> None:
    reading = find_again(pages(APPLICATION, PAIRING), CALL.forms)
    file = File("申报材料.pdf", "0" * 64, 1, reading)
    rules = tuple(each for each in load_call(ZHIHUI).rules if each.check in ("document_present", "organisations_equal"))
    report = judge(call(rules), [file], IN_TIME)
    assert [finding.outcome for finding in report.findings] == [Outcome.PASSED] * 3
    alone = replace(file, reading=find_again(pages(APPLICATION), CALL.forms))
    outcomes = [finding.outcome for finding in judge(call(rules), [alone], IN_TIME).findings]
    assert outcomes == [Outcome.PASSED, Outcome.VIOLATED, Outcome.NOT_APPLICABLE]
