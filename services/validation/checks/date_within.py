from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from pydantic import model_validator

from extractors.document import UNREAD, FieldState
from extractors.values.dates import impossible_date, possible_days
from services.validation.check import CertainParams, DateRef, Observation, Params, check
from services.validation.model import Outcome, Submission, Text
from services.validation.statements import Statement, observed, recognised, statements, unclear
from services.validation.values import days_of


class DateRange(Params):
    """A date lies between earliest and latest, both included; either may be left out.

    by_receipt: nor is it later than the day on which the submission was received.
    """

    field: DateRef
    earliest: date = date.min
    latest: date = date.max
    by_receipt: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.earliest > self.latest:
            raise ValueError("earliest is after latest")
        return self


class DateWithin(DateRange, CertainParams):
    """A date lies between two days, both included; either may be left out.

    A scan on which a date that no label names, but its place alone (a letter's), is not read or blank is undetermined.
    A month without a day is out of range only where no day of it lies within. A date that the calendar does not have
    (2021年2月30日) is wrong whatever the range. Where a part of it could not be read (202□年7月8日), the range decides
    for every day that it may be, or it is undetermined.
    by_receipt: nor is it later than the day on which the submission was received.
    also: further dates, each with a range of its own.
    in_order: in one paper, none of these dates is earlier than one named before it (start, then end).
    """

    also: tuple[DateRange, ...] = ()
    in_order: bool = False

    @property
    def dates(self) -> tuple[DateRange, ...]:
        return (self, *self.also)


@dataclass(frozen=True, slots=True)
class _Span:
    """The days a date may lie on."""

    first: date
    last: date

    def __str__(self) -> str:
        first = "" if self.first == date.min else str(self.first)
        last = "" if self.last == date.max else str(self.last)
        return f"{first} – {last}" if first and last else f"≥ {first}" if first else f"≤ {last}" if last else ""


@check("date_within", DateWithin)
def date_within(submission: Submission, params: DateWithin) -> Iterator[Observation]:
    stated = tuple(statements(submission, each.field, params.trust) for each in params.dates)
    seen: list[Observation] = []
    for each, found in zip(params.dates, stated, strict=True):
        span = _span(each, submission)
        seen += [_judged(statement, params, span) for statement in found.found]
        seen += [_not_understood(statement, params, span) for statement in found.unclear]
    # a reply that comes as a file of its own bears its own date, and the letter's stands in another
    dated = {each.file for found in stated[1:] for each in found.found} if stated[0].found else set()
    without = (*stated[0].absent, *stated[0].blank)
    overlooked = [each for each in without if each.file not in dated and _by_place(each, submission)]
    seen += [_overlooked(statement, _span(params, submission)) for statement in overlooked]
    if params.in_order:
        seen += _disordered([statement for found in stated for statement in found.found])
    expected = "" if params.also else str(_span(params, submission))
    yield from observed(submission, stated, seen, expected)


def _span(each: DateRange, submission: Submission) -> _Span:
    received = submission.received.date() if each.by_receipt and submission.received else date.max
    return _Span(each.earliest, min(each.latest, received))


def _judged(statement: Statement, params: DateWithin, span: _Span) -> Observation:
    days = days_of(statement.field)
    if days is None:
        return unclear(statement, str(span))
    within = days[1] >= span.first and days[0] <= span.last
    if not within and not statement.certain(params.certain):
        return unclear(statement, str(span))
    label, written = statement.ref.label, statement.field.value
    text = Text(
        f"{label.zh}为 {written}，{'在' if within else '不在'}规定范围（{span}）内。",
        f"{label.en.capitalize()}: {written}, {'within' if within else 'outside'} {span}.",
    )
    outcome = Outcome.PASSED if within else Outcome.VIOLATED
    return Observation(outcome, text, (statement.evidence,), str(span), written)


def _not_understood(statement: Statement, params: DateWithin, span: _Span) -> Observation:
    field, label = statement.field, statement.ref.label
    if statement.certain(params.certain) and (days := possible_days(field.raw)):
        within = {span.first <= day <= span.last for day in days}
        return _all_alike(statement, span, within=within.pop()) if len(within) == 1 else unclear(statement, str(span))
    words = impossible_date(field.raw) if field.state is FieldState.UNCLEAR else ""
    if not words or not statement.certain(params.certain):
        return unclear(statement, str(span))
    text = Text(f"{label.zh}“{words}”在日历上不存在。", f"{label.en.capitalize()}: the calendar has no day “{words}”.")
    return Observation(Outcome.VIOLATED, text, (statement.evidence,), str(span), words)


def _all_alike(statement: Statement, span: _Span, *, within: bool) -> Observation:
    """Of every day that a partly read date may be the same is true."""
    label, written = statement.ref.label, statement.field.raw.replace(UNREAD, "□")
    text = Text(
        f"{label.zh}“{written}”有未能辨认的字，但无论何字，均{'在' if within else '不在'}规定范围（{span}）内。",
        f"{label.en.capitalize()} “{written}”: whatever stands where nothing could be read, it lies "
        f"{'within' if within else 'outside'} {span}.",
    )
    outcome = Outcome.PASSED if within else Outcome.VIOLATED
    return Observation(outcome, text, (statement.evidence,), str(span), written)


def _by_place(statement: Statement, submission: Submission) -> bool:
    """The field has no label and is found by where it stands, and the paper was read from a picture: a seal may hide
    it."""
    reading = submission.files[statement.file].reading
    return not statement.ref.spec.labels and reading is not None and recognised(reading)


def _overlooked(statement: Statement, span: _Span) -> Observation:
    label, form = statement.ref.label, statement.ref.form
    text = Text(
        f"没有在“{form.zh}”的扫描件上读到{label.zh}，请人工查看。",
        f"On the scan of the {form.en} no date “{label.en}” could be read; a person must look.",
    )
    return Observation(Outcome.UNDETERMINED, text, (statement.evidence,), str(span))


def _disordered(found: list[Statement]) -> Iterator[Observation]:
    """Pairs of one paper of which the later listed lies before the earlier listed."""
    for index, first in enumerate(found):
        for second in found[index + 1 :]:
            before, after = days_of(first.field), days_of(second.field)
            if first.file != second.file or before is None or after is None or after[1] >= before[0]:
                continue
            a, b = first.ref.label, second.ref.label
            yield Observation(
                Outcome.VIOLATED,
                Text(
                    f"{b.zh}（{second.field.value}）早于{a.zh}（{first.field.value}）。",
                    f"{b.en.capitalize()} ({second.field.value}) lies before {a.en} ({first.field.value}).",
                ),
                (first.evidence, second.evidence),
                f"≥ {first.field.value}",
                second.field.value,
            )
