"""Calls and reports on the wire, and the portal's own readings back from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp

from extractors.forms.spec import FieldSpec, FormSpec
from heyan.v1 import call_pb2, document_pb2, report_pb2
from heyan.v1 import validation_service_pb2 as pb
from services.extraction import wire as reading_wire
from services.moments import moment
from services.validation.audit import AuditFinding
from services.validation.board import Entry, Prose
from services.validation.folder import Problem
from services.validation.labels import label_of
from services.validation.model import (
    Call,
    Clause,
    Evidence,
    File,
    Finding,
    Outcome,
    Report,
    Rule,
    Severity,
    Submission,
    Text,
    Unreadable,
    Verdict,
)  # fmt: skip
from services.validation.pages import marked, retold

PROSE_CHARACTERS = 60_000
"""Of one file that are compared with other submissions': thirty pages."""

VERDICTS = {
    Verdict.RETURN: report_pb2.VERDICT_RETURN,
    Verdict.REVIEW: report_pb2.VERDICT_REVIEW,
    Verdict.ACCEPTABLE: report_pb2.VERDICT_ACCEPTABLE,
}
# In this order findings are listed.
OUTCOMES = {
    Outcome.VIOLATED: report_pb2.OUTCOME_VIOLATED,
    Outcome.UNDETERMINED: report_pb2.OUTCOME_UNDETERMINED,
    Outcome.PASSED: report_pb2.OUTCOME_PASSED,
    Outcome.NOT_APPLICABLE: report_pb2.OUTCOME_NOT_APPLICABLE,
}
SEVERITIES = {
    Severity.ERROR: report_pb2.SEVERITY_ERROR,
    Severity.WARNING: report_pb2.SEVERITY_WARNING,
    Severity.INFO: report_pb2.SEVERITY_INFO,
}


def call_name(call: str) -> str:
    """The resource name of a call's id."""
    return f"calls/{call}"


def file_from_proto(message: document_pb2.Reading, *, summary: bool = False) -> File:
    """A file as checks see it. summary: without its lines and tables, which the message then loses."""
    unreadable = None
    if message.HasField("unreadable"):
        unreadable = Unreadable(
            message.unreadable.code, Text(message.unreadable.message.zh, message.unreadable.message.en)
        )
    convert = reading_wire.summary_from_proto if summary else reading_wire.reading_from_proto
    return File(
        name=message.file_name,
        sha256=message.sha256,
        size=message.size_bytes,
        reading=None if unreadable else convert(message),
        unreadable=unreadable,
    )


def files_from_proto(messages: Iterable[document_pb2.Reading]) -> tuple[File, ...]:
    """The files of a submission."""
    return marked(file_from_proto(message) for message in messages)


def documents_of(report: Report, readings: Sequence[document_pb2.Reading]) -> list[document_pb2.Reading]:
    """The readings as the report tells them: of a paper that came as several files, that of the whole paper with its
    first page, and with the other files what they show by themselves."""
    return [
        _retold(file, reading) if retold(file) else reading
        for file, reading in zip(report.submission.files, readings, strict=True)
    ]


def _retold(file: File, message: document_pb2.Reading) -> document_pb2.Reading:
    assert file.reading is not None, "only what was read is put together"
    told = reading_wire.reading_to_proto(file.reading)
    told.file_name, told.sha256, told.size_bytes = message.file_name, message.sha256, message.size_bytes
    return told


def entry_from_proto(message: pb.AuditSubmission, received: datetime | None) -> Entry:
    """A submission for the board. Of its documents only what the operators look at is kept: the message is emptied."""
    prose: list[Prose] = []
    files: list[File] = []
    for reading in message.documents:
        lines = reading_wire.lines_from_proto(reading.document)
        prose.append(Prose() if reading.HasField("unreadable") else Prose.of(lines, PROSE_CHARACTERS))
        for page in reading.document.pages:
            page.ClearField("preview")
        files.append(file_from_proto(reading, summary=True))
    verdict = next((ours for ours, wire in VERDICTS.items() if wire == message.verdict), None)
    return Entry(message.name, Submission(marked(files), received), tuple(prose), message.sender, verdict)


def audit_finding_to_proto(found: AuditFinding, board: Sequence[Entry]) -> pb.AuditCallResponse:
    """A finding across submissions, which are named."""
    return pb.AuditCallResponse(
        finding=_finding(found.finding),
        submissions=[board[index].name for index in found.entries],
        evidence=[
            pb.AuditEvidence(submission=board[each.entry].name, evidence=_evidence(each.evidence), picture=each.picture)
            for each in found.exhibits
        ],
    )


def report_to_proto(
    report: Report, readings: Sequence[document_pb2.Reading], *, label: str, version: str
) -> report_pb2.Report:
    """The report, with the readings as they came over the wire (they need no second conversion)."""
    order = list(OUTCOMES)
    return report_pb2.Report(
        call=call_name(report.call),
        label=label,
        verdict=VERDICTS[report.verdict],
        receive_time=_timestamp(report.submission.received),
        documents=readings,
        findings=[
            _finding(finding) for finding in sorted(report.findings, key=lambda finding: order.index(finding.outcome))
        ],
        version=version,
    )


def report_from_proto(message: report_pb2.Report) -> Report:
    """A report as it was answered: judged by nobody anew. What is unspecified counts as what asks for most care.

    Raises BadRequest where it states an impossible moment.
    """
    documents = files_from_proto(message.documents)
    received = moment(message.receive_time) if message.HasField("receive_time") else None
    findings = tuple(_finding_from(finding) for finding in message.findings)
    return Report(message.call.removeprefix("calls/"), Submission(documents, received), findings)


def _finding_from(message: report_pb2.Finding) -> Finding:
    return Finding(
        rule=message.rule,
        outcome=reading_wire.ours(OUTCOMES, message.outcome, Outcome.UNDETERMINED),
        severity=reading_wire.ours(SEVERITIES, message.severity, Severity.ERROR),
        message=_text_from(message.message),
        clause=Clause(message.clause.section, message.clause.quote),
        title=_text_from(message.title),
        evidence=tuple(
            Evidence(each.document, reading_wire.place_from_proto(each.place), each.field, each.text)
            for each in message.evidence
        ),
        expected=message.expected,
        actual=message.actual,
        suggestion=_text_from(message.suggestion),
    )


def _text_from(message: document_pb2.LocalizedText) -> Text:
    return Text(message.zh, message.en)


def call_to_proto(call: Call, *, whole: bool) -> call_pb2.Call:
    """A call; with its forms and rules where `whole`."""
    message = call_pb2.Call(
        name=call_name(call.id),
        title=_text(call.title),
        number=call.number,
        issuer=call.issuer,
        issue_date=call.issued_on,
        deadline=_timestamp(call.deadline),
    )
    if whole:
        message.forms.extend(_form(form) for form in call.forms)
        message.rules.extend(_rule(rule) for rule in call.rules)
        message.across.extend(_rule(rule) for rule in call.across)
    return message


def _rule(rule: Rule) -> call_pb2.RuleDescription:
    return call_pb2.RuleDescription(
        id=rule.id,
        severity=SEVERITIES[rule.severity],
        title=_text(rule.title),
        clause=_clause(rule.clause),
        suggestion=_text(rule.suggestion),
        check=rule.check,
    )


def problem_to_proto(problem: Problem) -> pb.LintProblem:
    return pb.LintProblem(
        line=problem.mark.line,
        column=problem.mark.column,
        message=_text(problem.message),
        path=problem.path,
        severity=SEVERITIES[problem.severity],
    )


def _text(text: Text) -> document_pb2.LocalizedText:
    return document_pb2.LocalizedText(zh=text.zh, en=text.en)


def _clause(clause: Clause) -> report_pb2.Clause:
    return report_pb2.Clause(section=clause.section, quote=clause.quote)


def _timestamp(moment: datetime | None) -> Timestamp | None:
    if moment is None:
        return None
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def _finding(finding: Finding) -> report_pb2.Finding:
    return report_pb2.Finding(
        rule=finding.rule,
        outcome=OUTCOMES[finding.outcome],
        severity=SEVERITIES[finding.severity],
        title=_text(finding.title),
        message=_text(finding.message),
        clause=_clause(finding.clause),
        evidence=[_evidence(each) for each in finding.evidence],
        expected=finding.expected,
        actual=finding.actual,
        suggestion=_text(finding.suggestion),
    )


def _evidence(evidence: Evidence) -> report_pb2.Evidence:
    place = reading_wire.place_to_proto(evidence.place)
    return report_pb2.Evidence(document=evidence.file, place=place, field=evidence.field, text=evidence.text)


def _form(form: FormSpec) -> call_pb2.FormDescription:
    return call_pb2.FormDescription(
        kind=form.kind,
        title=document_pb2.LocalizedText(zh=form.zh, en=form.en),
        fields=[_field(field, form) for field in form.fields],
        slots=[
            call_pb2.SlotDescription(
                id=slot.id, title=document_pb2.LocalizedText(zh=slot.zh, en=slot.en), signature=slot.signature
            )
            for slot in form.slots
        ],
    )


def _field(field: FieldSpec, form: FormSpec | None = None) -> call_pb2.FieldDescription:
    return call_pb2.FieldDescription(
        id=field.id,
        type=field.type,
        labels=field.labels,
        title=_text(label_of(field, form)),
        options=[option.value for option in field.options],
        columns=[_field(column) for column in field.columns],
    )
