"""Judging kept submissions again: by the call as it is now, from the readings that are kept. No file is read again."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.document_pb2 import Reading
from heyan.v1.report_pb2 import (
    OUTCOME_NOT_APPLICABLE,
    OUTCOME_PASSED,
    OUTCOME_UNDETERMINED,
    OUTCOME_UNSPECIFIED,
    OUTCOME_VIOLATED,
    Finding,
    Outcome,
    Report,
)
from services.examine import beside, refound
from services.extraction.version import forms_version
from services.intake.changes import Changes
from services.intake.ledger import readings, submissions
from services.intake.ledger.readings import Key
from services.intake.ledger.submissions import Submission
from services.intake.work import Desk, report_on
from services.validation import wire
from services.validation.model import Call

log = logging.getLogger(__name__)

_AT_ONCE = 50
_WORST_FIRST = (OUTCOME_VIOLATED, OUTCOME_UNDETERMINED, OUTCOME_PASSED, OUTCOME_NOT_APPLICABLE)


class _Unread(Exception):
    """No reading of a file is kept."""


async def rejudge(
    desk: Desk, changes: Changes, caller: str | None, call: Call, *, dry_run: bool
) -> AsyncIterator[pb.RejudgeCallResponse]:
    """Each finished submission of the call, the caller's or everybody's (None), oldest first, and what changed.

    It is kept unless `dry_run`.
    """
    after = 0
    while some := await desk.database.read(submissions.done_of_call, caller, wire.call_name(call.id), after, _AT_ONCE):
        for submission in some:
            yield await _one(desk, changes, submission, call, dry_run=dry_run)
        after = some[-1].number


async def _one(
    desk: Desk, changes: Changes, submission: Submission, call: Call, *, dry_run: bool
) -> pb.RejudgeCallResponse:
    before = Report.FromString(submission.report)
    answer = pb.RejudgeCallResponse(
        submission=submission.name,
        label=submission.label,
        verdict_before=before.verdict,
        verdict_after=before.verdict,
    )
    try:
        read = {sha256: await _reading(desk, sha256, call) for sha256, _ in submission.files}
    except _Unread:
        answer.problem = "reading_missing"
        return answer
    after = await beside(read.values(), report_on, submission, read, call)
    answer.verdict_after = after.verdict
    answer.changes.extend(_changes(before, after))
    if not dry_run and after != before and await desk.database.write(submissions.rejudge, submission, after):
        changes.tell(submission.number)
    return answer


async def _reading(desk: Desk, sha256: str, call: Call) -> Reading:
    """What is kept of a file, with the fields of the call's forms as they are now. Raises _Unread."""
    key = Key(sha256, desk.reader, forms_version(call.forms))
    kept = await desk.database.read(readings.find_by_any_reader, key)
    if kept is None:
        raise _Unread
    if kept.fits or kept.reading.HasField("unreadable"):
        return kept.reading
    found = await refound(desk.examiner.sandbox, kept.reading, call.forms)
    if found is None:
        raise _Unread
    return found


def _changes(before: Report, after: Report) -> list[pb.RuleChange]:
    """The rules that came to something else, in the order of the call as it is now, then those that are gone."""
    was, now = _outcomes(before.findings), _outcomes(after.findings)
    return [
        pb.RuleChange(rule=rule, before=was.get(rule, OUTCOME_UNSPECIFIED), after=now.get(rule, OUTCOME_UNSPECIFIED))
        for rule in dict.fromkeys([*now, *was])
        if was.get(rule) != now.get(rule)
    ]


def _outcomes(findings: Iterable[Finding]) -> dict[str, Outcome.ValueType]:
    """What each rule came to: the worst of its findings."""
    worst: dict[str, Outcome.ValueType] = {}
    for finding in findings:
        if finding.rule not in worst or _rank(finding.outcome) < _rank(worst[finding.rule]):
            worst[finding.rule] = finding.outcome
    return worst


def _rank(outcome: Outcome.ValueType) -> int:
    return _WORST_FIRST.index(outcome) if outcome in _WORST_FIRST else len(_WORST_FIRST)
