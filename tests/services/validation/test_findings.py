"""Whatever a rule finds wrong, an applicant can understand and a reviewer can check: over every rule of every call."""

from __future__ import annotations

import re

import pytest

from clients.examples import Example, load_examples
from services.validation.audit import audit
from services.validation.board import Entry
from services.validation.judge import judge
from services.validation.lint import usable_call
from services.validation.model import Finding, Outcome, Severity
from services.validation.wire import file_from_proto
from tests.services.validation.across.build import application, entry, field, form, letter
from tests.services.validation.across.test_same_impression import stamped, texture
from tests.services.validation.build import IN_TIME, ZHIHUI

CALLS = {name: usable_call(ZHIHUI.parent / name) for name in ("zhihui-2021", "example-minimal")}
EXAMPLES = [(name, each) for name in CALLS for each in load_examples(ZHIHUI.parent / name / "examples")]
IDENTIFIER = re.compile(r"[a-z]+_[a-z_]+|\bNone\b|\bTODO\b|[{}]|%[sd]|\bField|\bOutcome")
FILE_NAME = re.compile(r"[\w-]+\.(?:docx?|pdf|jpe?g|png)\b")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def shown(finding: Finding) -> tuple[str, ...]:
    """Every Chinese text of a finding that people are shown."""
    return (
        FILE_NAME.sub("", finding.message.zh),
        finding.title.zh,
        finding.suggestion.zh,
        finding.expected,
        FILE_NAME.sub("", finding.actual),
        finding.clause.quote,
    )


def assert_speaks_to_people(finding: Finding) -> None:
    assert not [text for text in shown(finding) if IDENTIFIER.search(text)]
    assert CHINESE.search(finding.message.zh)
    assert finding.message.en
    assert not CHINESE.search(re.sub("[“《].*?[”》]", "", finding.title.en))
    assert finding.clause.section
    assert (finding.clause.section == "practice") == (finding.clause.quote == "")
    assert isinstance(finding.severity, Severity)


@pytest.mark.parametrize(("call", "example"), EXAMPLES, ids=lambda each: getattr(each, "name", each))
def test_what_is_wrong_is_told_in_full(call: str, example: Example) -> None:
    rules = {rule.id: rule for rule in CALLS[call].rules}
    files = [file_from_proto(reading) for reading in example.readings]
    for finding in judge(CALLS[call], files, example.received).findings:
        if finding.outcome not in (Outcome.VIOLATED, Outcome.UNDETERMINED):
            continue
        assert_speaks_to_people(finding)
        if finding.outcome is Outcome.UNDETERMINED:
            continue  # a person is asked in the message
        assert finding.expected
        assert finding.actual
        # when it arrived stands in no file
        assert all(0 <= each.file < len(files) for each in finding.evidence)
        assert finding.evidence or rules[finding.rule].check == "received_by"
        if finding.severity is rules[finding.rule].severity:
            assert CHINESE.search(finding.suggestion.zh)
            assert finding.suggestion.en


def test_every_rule_of_the_first_call_has_an_id_of_the_promised_list() -> None:
    promised = """missing-application-form missing-pairing-letter wrong-document outdated-template missing-field
        invalid-phone invalid-email amount-over-limit amount-words-differ budget-sum-mismatch unit-slip late
        date-out-of-range applicant-not-eligible applicant-mismatch partner-not-county partner-unknown partner-mismatch
        project-mismatch missing-seal seal-mismatch department-seal seal-without-slot missing-signature
        missing-provincial-consent missing-province-society-plan missing-national-support missing-volunteer-content
        period-out-of-range title-too-long placeholder-left word-scan-mismatch unreadable-attachment
        large-attachment-link macros-present seal-repeated"""
    across = """province-quota society-total-over-limit several-applications county-paired-twice letter-reused
        shared-contact resubmission related-provincial-society near-duplicate-project same-seal-impression"""
    call = CALLS["zhihui-2021"]
    assert set(promised.split()) <= {rule.id for rule in call.rules}
    assert set(across.split()) == {rule.id for rule in call.across}


# ------------------------------------------------------------------------------ one planted case a rule across (X1-X8)

PROSE = "\n".join(
    f"第{number}期培训由本会专家深入第{number}个行政村，讲授第{number}种作物的修剪、施肥与病虫害防治技术，并留下联系卡片。"
    for number in range(1, 30)
)
EARLY, LATER = IN_TIME, IN_TIME.replace(hour=18)
PLANTED: dict[str, tuple[tuple[Entry, ...], tuple[int, ...]]] = {
    "province-quota": (
        (application("甲", "湖南省林学会"), application("乙", "湖北省农学会"), application("丙", "湖南省药学会")),
        (0, 2),
    ),
    "society-total-over-limit": (
        (
            application("甲", "中国林学会", field("requested_amount", "150000"), field("project_name", "一")),
            application("乙", "中国农学会", field("requested_amount", "150000")),
            application("丙", "中国林学会", field("requested_amount", "60000"), field("project_name", "二")),
        ),
        (0, 2),
    ),
    "several-applications": (
        (
            application("甲", "中国林学会", field("project_name", "一")),
            application("乙", "中国林学会", field("project_name", "二")),
        ),
        (0, 1),
    ),
    "county-paired-twice": (
        (
            application("甲", "中国林学会", field("partner", "湖南省桃源县科协")),
            application("乙", "中国农学会", field("partner", "桃源县科学技术协会")),
            application("丙", "中国药学会", field("partner", "浙江省安吉县科协")),
        ),
        (0, 1),
    ),
    "letter-reused": (
        (
            entry("甲", form(field("applicant", "中国林学会")), letter(field("document_number", "中林函〔2021〕8号"))),
            entry("乙", form(field("applicant", "中国农学会")), letter(field("document_number", "中林函〔2021〕8号"))),
        ),
        (0, 1),
    ),
    "shared-contact": (
        (
            application("甲", "中国林学会", field("contact_phone", "13800138000")),
            application("乙", "中国农学会", field("leader_phone", "13800138000")),
        ),
        (0, 1),
    ),
    "resubmission": (
        (
            application("甲", "中国林学会", field("project_name", "油茶"), received=EARLY),
            application("乙", "中国林学会", field("project_name", "油茶"), received=LATER),
        ),
        (1, 0),
    ),
    "related-provincial-society": (
        (
            entry("甲", form(field("applicant", "中国林学会")), texts=("带动湖南省林学会共同开展工作。",)),
            application("乙", "湖南省林学会"),
        ),
        (0, 1),
    ),
    "same-seal-impression": (
        (
            stamped("甲", texture(1), number=1),
            stamped("乙", texture(2), number=2),
            stamped("丙", texture(1, 0.5), number=3),
        ),
        (0, 2),
    ),
    "near-duplicate-project": (
        (
            entry("甲", form(field("applicant", "中国林学会")), texts=(PROSE,)),
            entry("乙", form(field("applicant", "中国农学会")), texts=(PROSE + "\n此外另设咨询台。",)),
        ),
        (0, 1),
    ),
}


def test_every_rule_across_has_a_planted_case() -> None:
    assert set(PLANTED) == {rule.id for rule in CALLS["zhihui-2021"].across}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_planted_case_is_told_with_its_submissions(rule: str) -> None:
    entries, concerned = PLANTED[rule]
    found = [each for each in audit(CALLS["zhihui-2021"], entries) if each.finding.rule == rule]
    violated = [each for each in found if each.finding.outcome is Outcome.VIOLATED]
    assert [sorted(each.entries) for each in violated] == [sorted(concerned)]
    finding = violated[0].finding
    assert_speaks_to_people(finding)
    assert finding.expected
    assert finding.actual
    assert CHINESE.search(finding.suggestion.zh)
    assert {exhibit.entry for exhibit in violated[0].exhibits} == set(concerned)
