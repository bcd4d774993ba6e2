from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field as Parameter

from services.validation.check import FieldRef, Observation, TrustParams, check
from services.validation.model import Outcome, Submission, Text
from services.validation.statements import statements, unclear, unstated


class LengthAtMost(TrustParams):
    """A text has no more characters than allowed. Blanks are not counted; punctuation is."""

    field: FieldRef
    limit: int = Parameter(gt=0)


@check("length_at_most", LengthAtMost)
def length_at_most(submission: Submission, params: LengthAtMost) -> Iterator[Observation]:
    expected = f"≤ {params.limit} 字"
    stated = statements(submission, params.field, params.trust)
    label = params.field.label
    for statement in stated.found:
        length = len("".join(statement.field.value.split()))
        over = length > params.limit
        text = Text(
            f"{label.zh}共 {length} 字，{'超过' if over else '不超过'} {params.limit} 字。",
            f"{label.en.capitalize()}: {length} characters; {params.limit} are allowed.",
        )
        outcome = Outcome.VIOLATED if over else Outcome.PASSED
        yield Observation(outcome, text, (statement.evidence,), expected, f"{length} 字")
    for statement in stated.unclear:
        yield unclear(statement, expected)
    if not stated.found and not stated.unclear:
        yield unstated(submission, stated, expected)
