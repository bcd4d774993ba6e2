from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self

from pydantic import model_validator

from services.validation.check import DateRef, Observation, TrustParams, check
from services.validation.model import Outcome, Submission, Text
from services.validation.statements import statements, unclear, unstated
from services.validation.values import days_of


class DateWithin(TrustParams):
    """A date lies between two days, both included; either may be left out.

    A month without a day is out of range only where no day of it lies within.
    """

    field: DateRef
    earliest: date = date.min
    latest: date = date.max

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.earliest > self.latest:
            raise ValueError("earliest is after latest")
        return self

    @property
    def range(self) -> str:
        first = "" if self.earliest == date.min else str(self.earliest)
        last = "" if self.latest == date.max else str(self.latest)
        return f"{first} – {last}" if first and last else f"≥ {first}" if first else f"≤ {last}"


@check("date_within", DateWithin)
def date_within(submission: Submission, params: DateWithin) -> Iterator[Observation]:
    stated = statements(submission, params.field, params.trust)
    label, value_range = params.field.label, params.range
    for statement in stated.found:
        days = days_of(statement.field)
        if days is None:
            yield unclear(statement, value_range)
            continue
        within = days[1] >= params.earliest and days[0] <= params.latest
        written = statement.field.value
        text = Text(
            f"{label.zh}为 {written}，{'在' if within else '不在'}规定范围（{value_range}）内。",
            f"{label.en.capitalize()}: {written}, {'within' if within else 'outside'} {value_range}.",
        )
        outcome = Outcome.PASSED if within else Outcome.VIOLATED
        yield Observation(outcome, text, (statement.evidence,), value_range, written)
    for statement in stated.unclear:
        yield unclear(statement, value_range)
    if not stated.found and not stated.unclear:
        yield unstated(submission, stated, value_range)
