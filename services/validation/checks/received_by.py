from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, ValidationInfo

from services.validation.check import Observation, Params, check
from services.validation.model import Call, Outcome, Submission, Text
from services.validation.wording import moment


def _of_the_call(deadline: datetime | None, info: ValidationInfo) -> datetime | None:
    return info.context.deadline if deadline is None and isinstance(info.context, Call) else deadline


class ReceivedBy(Params):
    """The submission arrived in time; the very moment of the deadline is in time.

    deadline: with time zone; the call's own where it is left out. Without a time of receipt this is undetermined, never
    judged by the clock.
    """

    deadline: Annotated[AwareDatetime | None, AfterValidator(_of_the_call)] = Field(default=None, validate_default=True)


@check("received_by", ReceivedBy)
def received_by(submission: Submission, params: ReceivedBy) -> Iterator[Observation]:
    assert params.deadline is not None, "parameters are parsed with the call"
    expected = f"≤ {moment(params.deadline)}"
    if submission.received is None:
        text = Text(
            "没有提供收到时间，无法判断是否逾期，请人工核对。",
            "Nobody said when the submission arrived, so the deadline was not judged.",
        )
        yield Observation(Outcome.UNDETERMINED, text, expected=expected)
        return
    received = submission.received.astimezone(params.deadline.tzinfo)
    late = received > params.deadline
    text = Text(
        f"{moment(received)} 收到，{'晚于' if late else '不晚于'}截止时间 {moment(params.deadline)}。",
        f"Received at {moment(received)}, {'after' if late else 'by'} the deadline {moment(params.deadline)}.",
    )
    yield Observation(Outcome.VIOLATED if late else Outcome.PASSED, text, (), expected, moment(received))
