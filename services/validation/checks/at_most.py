from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from services.validation.check import MoneyRef, Observation, TrustParams, check
from services.validation.model import Outcome, Submission, Text
from services.validation.statements import statements, unclear, unstated
from services.validation.values import amount_of
from services.validation.wording import number, yuan


class AtMost(TrustParams):
    """The amount of a field does not exceed a limit. Equal is allowed.

    limit: in yuan. Where several papers state the amount, each of them is looked at.
    """

    field: MoneyRef
    limit: Decimal


@check("at_most", AtMost)
def at_most(submission: Submission, params: AtMost) -> Iterator[Observation]:
    expected = f"≤ {yuan(params.limit)}"
    stated = statements(submission, params.field, params.trust)
    for statement in stated.found:
        amount = amount_of(statement.field)
        if amount is None:
            yield unclear(statement, expected)
            continue
        label, over = params.field.label, amount > params.limit
        yield Observation(
            Outcome.VIOLATED if over else Outcome.PASSED,
            Text(
                f"{label.zh}{yuan(amount)}，{'超过' if over else '不超过'}上限{yuan(params.limit)}。",
                f"{label.en.capitalize()}: {number(amount)} yuan, {'over' if over else 'within'} the limit of "
                f"{number(params.limit)}.",
            ),
            (statement.evidence,),
            expected,
            yuan(amount),
        )
    for statement in stated.unclear:
        yield unclear(statement, expected)
    if not stated.found and not stated.unclear:
        yield unstated(submission, stated, expected)
