"""The words of validation: call, rule, submission, finding, report.

The verdict is derived from the findings and never stored beside them, so "accepted" beside a violation cannot exist.
Checks, rules and this module know no gRPC, OCR, reader, clock or network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from extractors.document import Place, Reading
from extractors.forms.spec import FormSpec


class Outcome(StrEnum):
    PASSED = "passed"
    VIOLATED = "violated"
    UNDETERMINED = "undetermined"  # could not look, or too unsure
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """What a violation of a rule leads to."""

    ERROR = "error"  # the application is returned
    WARNING = "warning"  # a reviewer looks
    INFO = "info"  # told, without consequence


class Verdict(StrEnum):
    RETURN = "return"
    REVIEW = "review"
    ACCEPTABLE = "acceptable"


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Clause:
    """What a rule rests on: section of the notice and its words, or section "practice" with quote ""."""

    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its parameters, as a call states it. id is for ever: portals match on it.

    unless: ids of rules; where one of them is violated, this rule is not judged, because what it would tell is a
    consequence (an amount with the wrong unit is no amount over the limit).
    """

    id: str
    check: str
    params: Mapping[str, object]
    severity: Severity
    clause: Clause
    title: Text
    suggestion: Text
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call for applications, made from call.yaml.

    id: the folder's name, e.g. "zhihui-2021". number: 文号 of the notice. deadline: with time zone, inclusive.
    across: rules across submissions; their `check` is an operator (board.py). gazetteer: the ISO date whose counties
    count; "" for that of `issued_on`. roster: the fields that are the columns of the roster, "form.field"; () for those
    that seem fit. Equal to itself only, so that what is derived from it can be kept.
    """

    id: str
    title: Text
    number: str
    issuer: str
    issued_on: str
    deadline: datetime
    forms: tuple[FormSpec, ...]
    rules: tuple[Rule, ...]
    across: tuple[Rule, ...] = ()
    gazetteer: str = ""
    roster: tuple[str, ...] = ()

    @property
    def gazetteer_date(self) -> date:
        return date.fromisoformat(self.gazetteer or self.issued_on)

    def form(self, kind: str) -> FormSpec | None:
        return next((form for form in self.forms if form.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file could not be read: an errors.ReadError's code and its two sentences."""

    code: str
    message: Text


@dataclass(frozen=True, slots=True)
class File:
    """One file of a submission as it was understood: either `reading` or `unreadable` is there, never both.

    name: as the sender called it, for people only; never a path. sha256: lower-case hex. size: bytes.
    papers: where several papers are bound in it (a form and its letter in one scan), the reading of each. page_of:
    where it is a further page of another file's paper, that file's index in the submission.
    """

    name: str
    sha256: str
    size: int
    reading: Reading | None
    unreadable: Unreadable | None = None
    papers: tuple[Reading, ...] = ()
    page_of: int | None = None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Of its papers: of several, or of the one that the file is; () where it could not be read, or where it is a
        page of another file's."""
        if self.page_of is not None:
            return ()
        return self.papers or (() if self.reading is None else (self.reading,))


@dataclass(frozen=True, slots=True)
class Submission:
    """What checks look at. received: when it arrived, with time zone; None where nobody said (never the clock)."""

    files: tuple[File, ...]
    received: datetime | None = None

    @property
    def blind(self) -> bool:
        """Some file, or part of one, was not seen: absence must not be concluded."""
        return any(file.reading is None or file.reading.document.blind for file in self.files)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding points at. file: index into the submission's files. text: the words there."""

    file: int
    place: Place = Place()
    field: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule came to. severity is the rule's, or less where the check says so; it counts only where the outcome is
    VIOLATED or UNDETERMINED."""

    rule: str
    outcome: Outcome
    severity: Severity
    message: Text
    clause: Clause
    title: Text
    evidence: tuple[Evidence, ...] = ()
    expected: str = ""
    actual: str = ""
    suggestion: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one submission: every rule of the call is in `findings`, passed ones too."""

    call: str
    submission: Submission
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """RETURN: an error is violated. REVIEW: a warning is violated, or anything that counts could not be seen."""
        if any(f.outcome is Outcome.VIOLATED and f.severity is Severity.ERROR for f in self.findings):
            return Verdict.RETURN
        counted = [f for f in self.findings if f.severity is not Severity.INFO]
        if any(f.outcome in (Outcome.VIOLATED, Outcome.UNDETERMINED) for f in counted):
            return Verdict.REVIEW
        if self.submission.blind or not self.findings or not self.submission.files:
            return Verdict.REVIEW
        return Verdict.ACCEPTABLE
