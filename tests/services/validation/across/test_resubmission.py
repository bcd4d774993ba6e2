"""Which version of an application counts, and that the others take no part in anything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from services.validation.audit import audit
from services.validation.board import OPERATORS, Board, Entry
from services.validation.call import load_call
from services.validation.check import parse_params
from services.validation.model import Verdict
from tests.services.validation.across.build import FORMS, application, entry, field, see, told
from tests.services.validation.build import BEIJING, IN_TIME, ZHIHUI, call, unreadable

PARAMS: dict[str, object] = {
    "organisation": "application_form.applicant",
    "project": "application_form.project_name",
    "before": datetime(2021, 9, 3, 23, 59, 59, tzinfo=BEIJING),
}
DAY = timedelta(days=1)


def version(name: str, days: int = 0, sender: str = "", verdict: Verdict | None = None, project: str = "油茶") -> Entry:
    made = application(name, "湖南省林学会", field("project_name", project), received=IN_TIME + days * DAY)
    return replace(made, sender=sender, verdict=verdict)


def superseded(*entries: Entry) -> set[int]:
    operator = OPERATORS["resubmission"]
    assert operator.supersedes is not None
    return set(operator.supersedes(Board(entries), parse_params(operator.params, PARAMS, call(forms=FORMS))).entries)


def test_two_projects_or_two_senders_are_no_versions() -> None:
    assert told(see("resubmission", PARAMS, version("甲"), version("乙", project="茶叶"))) == [("passed", ())]
    assert superseded(version("甲", sender="a@x.cn"), version("乙", sender="b@x.cn")) == set()


def test_the_newest_counts_whatever_the_order() -> None:
    assert superseded(version("旧"), version("新", 1)) == {0}
    assert superseded(version("新", 1), version("旧"), version("更旧", -1)) == {1, 2}
    seen = see("resubmission", PARAMS, version("旧", project="“油茶”"), version("新", 1))
    assert told(seen) == [("violated", (0, 1))]
    assert seen[0].actual == "新"
    assert "以“新”为准" in seen[0].message.zh


def test_a_version_that_is_late_or_to_be_returned_never_replaces_a_valid_one() -> None:
    assert superseded(version("旧"), version("逾期", 4)) == {1}
    assert superseded(version("旧"), version("退回", 1, verdict=Verdict.RETURN)) == {1}
    assert superseded(version("复核", verdict=Verdict.REVIEW), version("符合", 1, verdict=Verdict.ACCEPTABLE)) == {0}
    # nothing valid: the newest
    assert superseded(version("旧", verdict=Verdict.RETURN), version("新", 1, verdict=Verdict.RETURN)) == {0}


def test_the_last_second_is_in_time() -> None:
    received = PARAMS["before"].replace(microsecond=999_999)
    last = replace(version("新"), submission=replace(version("新").submission, received=received))
    assert superseded(version("旧"), last) == {0}


def test_an_unknown_sender_belongs_to_the_only_known_one() -> None:
    assert superseded(version("旧", sender="a@x.cn"), version("新", 1)) == {0}
    both = version("旧", sender="a@x.cn"), version("新", 1), version("别人", sender="b@x.cn")
    assert superseded(*both) == set()


def test_without_an_arrival_none_is_superseded_and_a_person_is_asked() -> None:
    unknown = application("无时间", "湖南省林学会", field("project_name", "油茶"))
    assert superseded(version("旧"), unknown) == set()
    assert told(see("resubmission", PARAMS, version("旧"), unknown)) == [("undetermined", (0, 1))]


def test_what_concerns_versions_alone_is_undetermined_where_it_is_not_known_which_counts() -> None:
    def made(name: str, project: str = "油茶") -> Entry:
        amount = field("requested_amount", "150000")
        return application(name, "湖南省林学会", field("project_name", project), amount)

    def outcomes(*entries: Entry) -> dict[str, str]:
        return {found.finding.rule: found.finding.outcome.value for found in audit(load_call(ZHIHUI), entries)}

    versions = outcomes(made("一"), made("二"))
    assert versions["several-applications"] == versions["society-total-over-limit"] == "undetermined"
    three = outcomes(made("一"), made("二"), made("三", "茶叶"))
    assert three["several-applications"] == three["society-total-over-limit"] == "violated"


def test_superseded_versions_take_no_part_in_the_other_rules() -> None:
    findings = list(audit(load_call(ZHIHUI), [version("旧"), version("新", 1), entry("别", unreadable())]))
    outcomes = {found.finding.rule: found.finding.outcome.value for found in findings}
    assert outcomes["resubmission"] == "violated"
    assert outcomes["several-applications"] == "undetermined"  # for the unreadable one alone
    told_of = {index for found in findings if found.finding.rule != "resubmission" for index in found.entries}
    assert told_of == {1, 2}  # the older one is in none of them
    assert {found.finding.rule for found in findings} == {rule.id for rule in load_call(ZHIHUI).across}
