"""Checks of what was submitted: document_present, fields_present, files_readable, no_macros, received_by."""

from datetime import datetime, timedelta

import pytest

from extractors.document import Defect, Place
from services.validation.check import Observation
from services.validation.model import Evidence, File, Outcome, Text
from tests.services.validation.build import (
    BEIJING,
    BLIND,
    UTC_NOON,
    absent,
    blank,
    field,
    form,
    letter,
    observe,
    outcomes,
    paper,
    puzzle,
    unreadable,
)

LETTER = {"document": "pairing_letter"}
REQUIRED = {
    "fields": [
        "application_form.project_name",
        "application_form.leader_name",
        "application_form.applicant",
        ["application_form.leader_phone", "application_form.contact_phone"],
    ]
}


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ((letter(),), "passed"),
        ((letter(), unreadable()), "passed"),
        ((), "violated"),
        ((form(),), "violated"),
        ((form(), paper("other")), "violated"),
        ((form(), paper("other", scan=True)), "violated"),
        ((form(), unreadable()), "undetermined"),
        ((form(), paper("other", defects=(BLIND,))), "undetermined"),
        ((form(), paper("other", scan=True, text="")), "undetermined"),
        ((form(), paper("other", scan=True, text="函 模糊")), "undetermined"),
    ],
)
def test_a_paper_is_missing_only_where_everything_was_seen(files: tuple[File, ...], outcome: str) -> None:
    assert outcomes(observe("document_present", LETTER, *files)) == [outcome]


def test_a_missing_field_is_told_by_its_label() -> None:
    assert observe("fields_present", REQUIRED, form(blank("leader_name"))) == [
        Observation(
            Outcome.VIOLATED,
            Text("“项目申报书”未填写“项目负责人”。", "“leader name” is not filled in on the application form."),
            (Evidence(0, Place(path="field leader_name"), "leader_name", ""),),
            "已填写",
            "空白",
        )
    ]


def test_each_missing_field_is_a_finding_of_its_own() -> None:
    seen = observe("fields_present", REQUIRED, form(blank("leader_name"), blank("applicant")))
    assert [one.message.zh for one in seen] == ["“项目申报书”未填写“项目负责人”。", "“项目申报书”未填写“申报单位”。"]


@pytest.mark.parametrize(
    ("files", "seen"),
    [
        ((form(),), ["passed"]),
        ((form(absent("leader_phone")),), ["passed"]),  # one of the two is enough
        ((form(puzzle("leader_phone", "138736")),), ["passed"]),  # that it is no number, another rule tells
        ((form(blank("leader_name"), scan=True), form()), ["passed"]),  # the Word form has it
        ((form(absent("leader_name")),), ["violated"]),  # its other labels are there
        ((form(absent("leader_phone"), absent("contact_phone")),), ["violated"]),
        ((form(blank("leader_phone")),), ["violated"]),  # what a form has is filled in
        ((form(absent("leader_name"), scan=True),), ["undetermined"]),
        ((form(absent("leader_name"), defects=(BLIND,)),), ["undetermined"]),
        ((form(puzzle("leader_name", "周?")),), ["undetermined"]),
        ((form(field("leader_name", "周明", 0.4, "rapidocr")),), ["undetermined"]),
        ((paper("application_form", field("applicant", "湖南省林学会")),), ["undetermined"] * 3),  # an unknown layout
        ((letter(),), ["not_applicable"]),
        ((letter(), unreadable()), ["undetermined"]),
    ],
)
def test_required_fields_of_a_form(files: tuple[File, ...], seen: list[str]) -> None:
    assert outcomes(observe("fields_present", REQUIRED, *files)) == seen


def test_an_unreadable_file_is_told_with_its_reason() -> None:
    assert observe("files_readable", {}, form(), unreadable("函件.pdf")) == [
        Observation(
            Outcome.VIOLATED,
            Text(
                "“函件.pdf”无法读取：文件设有打开密码，请取消密码保护后重新提交。",
                "“函件.pdf” could not be read: The file is protected by a password.",
            ),
            (Evidence(1, text="函件.pdf"),),
            "完整读取",
            "无法读取",
        )
    ]


REMARK = Defect("tracked_changes", "含有修订。", "It holds tracked changes.")
MACROS = Defect("has_macros", "含有宏。", "It carries macros.")


@pytest.mark.parametrize(
    ("files", "readable", "macros"),
    [
        ((form(), letter()), ["passed"], ["passed"]),
        ((form(defects=(REMARK,)),), ["passed"], ["passed"]),
        ((form(defects=(MACROS,)),), ["passed"], ["violated"]),
        ((form(defects=(BLIND, BLIND)),), ["undetermined", "undetermined"], ["passed"]),
        ((unreadable(), unreadable()), ["violated", "violated"], ["undetermined"]),
        ((unreadable(), form(defects=(MACROS,))), ["violated"], ["violated"]),
        ((), ["not_applicable"], ["passed"]),
    ],
)
def test_files_are_readable_and_without_macros(files: tuple[File, ...], readable: list[str], macros: list[str]) -> None:
    assert outcomes(observe("files_readable", {}, *files)) == readable
    assert outcomes(observe("no_macros", {}, *files)) == macros


DEADLINE = datetime(2021, 9, 3, 23, 59, 59, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("received", "outcome"),
    [
        (DEADLINE, "passed"),
        (UTC_NOON, "passed"),  # 20:00 in Beijing
        (DEADLINE + timedelta(microseconds=999_999), "passed"),  # still that second, and that day
        (DEADLINE + timedelta(seconds=1), "violated"),
        (UTC_NOON + timedelta(hours=4), "violated"),
        (None, "undetermined"),
    ],
)
def test_the_deadline_is_the_call_s_to_the_second(received: datetime | None, outcome: str) -> None:
    assert outcomes(observe("received_by", {}, received=received)) == [outcome]


def test_a_rule_may_have_a_deadline_of_its_own() -> None:
    earlier = {"deadline": "2021-09-01T00:00:00+08:00"}
    assert outcomes(observe("received_by", earlier, received=DEADLINE)) == ["violated"]


def test_times_are_told_in_the_time_zone_of_the_deadline() -> None:
    (seen,) = observe("received_by", {}, received=UTC_NOON)
    assert (seen.expected, seen.actual) == ("≤ 2021-09-03 23:59:59", "2021-09-03 20:00:00")
