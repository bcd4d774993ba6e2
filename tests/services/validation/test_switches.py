"""What the notice leaves open is a switch in call.yaml (A1-A4): each default, and the other position."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from clients.examples import load_examples
from extractors.document import Seal
from services.validation.audit import audit
from services.validation.judge import judge
from services.validation.lint import usable_call
from services.validation.model import Call, File, Outcome, Report, Severity, Verdict
from services.validation.wire import file_from_proto
from tests.services.validation.across.build import application, field
from tests.services.validation.build import BEIJING, IN_TIME, ZHIHUI

CLEAN = next(each for each in load_examples(ZHIHUI / "examples") if each.name == "clean")
FORM, LETTER = (file_from_proto(reading) for reading in CLEAN.readings)
OURS, THEIRS = "湖南省林学会", "桃源县科学技术协会"

Edited = Callable[..., Call]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """The call with some words of its call.yaml put differently, as a clerk would."""

    def edit(*changes: tuple[str, str]) -> Call:
        folder = tmp_path / ZHIHUI.name
        shutil.copytree(ZHIHUI, folder)
        text = (folder / "call.yaml").read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (folder / "call.yaml").write_text(text, "utf-8")
        return usable_call(folder)

    return edit


def with_seals(file: File, keep: Sequence[str]) -> File:
    assert file.reading is not None
    document = file.reading.document
    seals = tuple(seal for seal in document.seals if seal.text in keep)
    slots = tuple(
        replace(
            slot,
            seals=tuple(
                seals.index(document.seals[index]) for index in slot.seals if _kept(document.seals[index], keep)
            ),
        )
        for slot in file.reading.slots
    )
    return replace(file, reading=replace(file.reading, document=replace(document, seals=seals), slots=slots))


def _kept(seal: Seal, keep: Sequence[str]) -> bool:
    return seal.text in keep


def told(report: Report, rule: str) -> list[tuple[Outcome, Severity]]:
    return [
        (finding.outcome, finding.severity)
        for finding in report.findings
        if finding.rule == rule and finding.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    ]


ERROR, WARNING = (Outcome.VIOLATED, Severity.ERROR), (Outcome.VIOLATED, Severity.WARNING)
SOCIETY_WARNS = """          slots: [sender_signature]
          severity: warning
    severity: error
    clause: { section: "四.1", quote: "须提供与县级科协“结对”的证明(见附件3)" }"""


def test_a1_the_countys_seal_is_required_and_the_societys_is_looked_at(edited: Edited) -> None:
    call = usable_call(ZHIHUI)
    without_county = judge(call, [FORM, with_seals(LETTER, [OURS])], IN_TIME)
    assert told(without_county, "missing-seal") == [ERROR]
    assert without_county.verdict is Verdict.RETURN
    without_society = judge(call, [FORM, with_seals(LETTER, [THEIRS])], IN_TIME)
    assert told(without_society, "missing-seal") == [WARNING]
    assert without_society.verdict is Verdict.REVIEW
    strict = edited((SOCIETY_WARNS, SOCIETY_WARNS.replace("          severity: warning\n", "")))
    assert told(judge(strict, [FORM, with_seals(LETTER, [THEIRS])], IN_TIME), "missing-seal") == [ERROR]


@pytest.mark.parametrize(
    ("position", "expected", "verdict"),
    [
        ("warn", [WARNING], Verdict.REVIEW),  # the default
        ("accept", [], Verdict.ACCEPTABLE),
        ("late", [ERROR], Verdict.RETURN),
    ],
)
def test_a2_the_last_day(
    edited: Edited, position: str, expected: list[tuple[Outcome, Severity]], verdict: Verdict
) -> None:
    call = edited(("last_day: warn", f"last_day: {position}"))
    last_second = datetime(2021, 9, 3, 23, 59, 59, tzinfo=BEIJING)
    report = judge(call, [FORM, LETTER], last_second)
    assert told(report, "late") == expected
    assert report.verdict is verdict
    after = judge(call, [FORM, LETTER], datetime(2021, 9, 4, 0, 0, 0, tzinfo=BEIJING))
    assert told(after, "late") == [ERROR]


def test_a3_the_corps_is_a_province(edited: Edited) -> None:
    kind = field("applicant_type", "provincial")
    board = [
        application("甲", "新疆生产建设兵团农学会", kind, field("recommender", "新疆生产建设兵团科协")),
        application("乙", "新疆维吾尔自治区林学会", kind),
    ]

    def quota(call: Call) -> list[tuple[Outcome, tuple[int, ...]]]:
        return [
            (each.finding.outcome, each.entries) for each in audit(call, board) if each.finding.rule == "province-quota"
        ]

    def eligible(call: Call) -> list[tuple[Outcome, Severity]]:
        return told(judge(call, board[0].submission.files, IN_TIME), "applicant-not-eligible")

    call = usable_call(ZHIHUI)
    assert (quota(call), eligible(call)) == ([(Outcome.PASSED, ())], [])
    other = edited(("corps: true", "corps: false"))
    assert quota(other) == [(Outcome.VIOLATED, (0, 1))]
    assert eligible(other) == [(Outcome.UNDETERMINED, Severity.ERROR)]


def test_a4_a_departments_seal_is_right_for_the_consent_and_nowhere_else(edited: Edited) -> None:
    clean = judge(usable_call(ZHIHUI), [FORM, LETTER], IN_TIME)
    assert clean.verdict is Verdict.ACCEPTABLE
    strict = judge(edited(("departments: [科普部, 科学技术普及部]", "departments: []")), [FORM, LETTER], IN_TIME)
    assert told(strict, "department-seal") == [WARNING]
    of_a_department = _renamed(LETTER, THEIRS, "桃源县科学技术协会科普部")
    report = judge(usable_call(ZHIHUI), [FORM, of_a_department], IN_TIME)
    assert told(report, "department-seal") == [ERROR]


def _renamed(file: File, old: str, new: str) -> File:
    assert file.reading is not None
    document = file.reading.document
    seals = tuple(replace(seal, text=new) if seal.text == old else seal for seal in document.seals)
    return replace(file, reading=replace(file.reading, document=replace(document, seals=seals)))
