"""What the files of a submission state about one field, sorted by how far it can be judged.

A submission may hold several papers of a kind (the Word form and its stamped scan): a field then has several
statements. Every one of them counts, but not what OCR lost or was not sure of where a Word file states the field:
whether the scan agrees with it is a check of its own (scan_agrees).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extractors.document import UNREAD, Field, FieldState, Place, Reading, Source
from services.validation.check import FieldRef, Observation
from services.validation.model import Evidence, File, Outcome, Submission, Text

SURE = 0.9
"""A scan's value of a lower confidence does not count where a Word file states the field."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A field as one file states it. file: index into the submission's files."""

    ref: FieldRef
    file: int
    field: Field

    @property
    def evidence(self) -> Evidence:
        written = self.field.raw or ("" if self.field.rows else self.field.value)
        return Evidence(self.file, self.field.place or Place(), self.field.id, written)

    @property
    def recognised(self) -> bool:
        """It was read from a picture."""
        return self.field.engine != "text"

    def certain(self, confidence: float) -> bool:
        """It was typed, or read from a picture with at least this confidence: a slip in it is its author's."""
        return not self.recognised or self.field.confidence >= confidence


@dataclass(frozen=True, slots=True)
class Statements:
    """Everything stated about `ref`. found: sure enough to judge. unclear: something is written, but not understood
    or not surely. blank: the label stands there without a value. absent: papers in which not even the label is.
    papers: how many files of the form's kind count (a scan on which OCR lost what a Word file states does not)."""

    ref: FieldRef
    found: tuple[Statement, ...]
    unclear: tuple[Statement, ...]
    blank: tuple[Statement, ...]
    absent: tuple[Statement, ...]

    @property
    def papers(self) -> int:
        return len(self.found) + len(self.unclear) + len(self.blank) + len(self.absent)


def iter_kind(submission: Submission, kind: str) -> Iterator[tuple[int, File, Reading]]:
    """The papers of a kind, each with its file's index, its file and its reading."""
    for index, file in enumerate(submission.files):
        for reading in file.readings:
            if reading.kind == kind:
                yield index, file, reading


def recognised(reading: Reading) -> bool:
    """At least one page was read from a picture, so that a label may have been missed."""
    return any(page.source is Source.OCR for page in reading.document.pages)


def statements(submission: Submission, ref: FieldRef, trust: float) -> Statements:
    """What is stated about a field (not a column). A value of a confidence below `trust` is unclear."""
    every = _every(submission, ref, trust)
    scans = {index for index, _, reading in iter_kind(submission, ref.form.kind) if recognised(reading)}
    if all(statement.file in scans for statement in every.found):
        return every
    kept = tuple(each for each in every.found if each.file not in scans or each.field.confidence >= SURE)
    return Statements(ref, kept, *(_outside(scans, part) for part in (every.unclear, every.blank, every.absent)))


def _outside(files: set[int], stated: tuple[Statement, ...]) -> tuple[Statement, ...]:
    return tuple(statement for statement in stated if statement.file not in files)


def _every(submission: Submission, ref: FieldRef, trust: float) -> Statements:
    found, unclear, blank, absent = [], [], [], []
    for index, _, reading in iter_kind(submission, ref.form.kind):
        missing = Field(ref.field.id, "", state=FieldState.ABSENT)
        field = next((field for field in reading.fields if field.id == ref.field.id), missing)
        statement = Statement(ref, index, field)
        if field.state is FieldState.FOUND and field.confidence >= trust:
            found.append(statement)
        elif field.state in (FieldState.FOUND, FieldState.UNCLEAR):
            unclear.append(statement)
        elif field.state is FieldState.BLANK:
            blank.append(statement)
        else:
            absent.append(statement)
    return Statements(ref, tuple(found), tuple(unclear), tuple(blank), tuple(absent))


def unclear(statement: Statement, expected: str = "") -> Observation:
    """Something is written that cannot be judged."""
    label, written = statement.ref.label, statement.field.raw or statement.field.value
    shown = written.replace(UNREAD, "□")  # as print shows a character that cannot be made out
    some = shown != written
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"“{label.zh}”一栏识别为“{shown}”{'（□处未能识读）' if some else ''}，不足以可靠判断，请人工核对。",
            f"The field “{label.en}” reads “{shown}”{' (□: not read)' if some else ''}, which is too uncertain to "
            "judge; a person must look.",
        ),
        (statement.evidence,),
        expected,
        written,
    )


def unstated(submission: Submission, stated: Statements, expected: str = "") -> Observation:
    """No file states the field: not applicable (another rule tells of missing papers and fields), unless part of the
    submission could not be seen."""
    label, form = stated.ref.label, stated.ref.form
    if submission.blind:
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"部分文件无法读取，未能查看“{form.zh}”的“{label.zh}”。",
                f"Part of the files could not be read, so “{label.en}” of the {form.en} was not seen.",
            ),
            expected=expected,
        )
    if not stated.papers:
        return missing_paper(submission, form.zh, form.en, expected)
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(f"“{form.zh}”未填写“{label.zh}”，本项不适用。", f"The {form.en} does not state “{label.en}”."),
        tuple(statement.evidence for statement in stated.blank),
        expected,
    )


def observed(
    submission: Submission, stated: Sequence[Statements], seen: Sequence[Observation], expected: str = ""
) -> Iterator[Observation]:
    """What was seen of several fields; and where a form that states some of them may be among what was not read, that
    these were not seen. Where nothing at all was seen, why."""
    yield from seen
    missing = {each.ref.form.kind: each for each in reversed(stated) if not each.papers}
    if submission.blind and seen:
        yield from (unstated(submission, each, expected) for each in missing.values())
    elif not seen:
        yield unstated(submission, stated[0], expected)


def missing_paper(submission: Submission, zh: str, en: str, expected: str = "") -> Observation:
    """There is no paper to look at: not applicable, unless it may be among what could not be seen."""
    if submission.blind:
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"部分文件无法读取，“{zh}”可能在其中，本项未能检查。",
                f"Part of the files could not be read; the {en} may be among them, so this was not checked.",
            ),
            expected=expected,
        )
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(f"未提交“{zh}”，本项不适用。", f"There is no {en} to check."),
        expected=expected,
    )


def distinct(
    found: Sequence[Statement], normal: Callable[[str], str]
) -> Iterator[tuple[Statement, tuple[Evidence, ...]]]:
    """Statements of different values: of those that say the same, the surest, with the evidence of all.

    normal: what a value comes down to. The Word form and its scan say the same, and are told once.
    """
    groups: dict[str, list[Statement]] = {}
    for statement in found:
        groups.setdefault(normal(statement.field.value), []).append(statement)
    for group in groups.values():
        surest = min(group, key=lambda one: (one.recognised, -one.field.confidence))
        yield surest, tuple(one.evidence for one in group)
