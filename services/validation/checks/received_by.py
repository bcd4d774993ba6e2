from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, ValidationInfo

from services.validation.check import Observation, Params, check
from services.validation.model import Call, Outcome, Severity, Submission, Text
from services.validation.values import is_late
from services.validation.wording import moment


class LastDay(StrEnum):
    """What becomes of a submission on the very day of the deadline: “9月3日前” may or may not include the third."""

    ACCEPT = "accept"
    WARN = "warn"
    LATE = "late"


def _of_the_call(deadline: datetime | None, info: ValidationInfo) -> datetime | None:
    return info.context.deadline if deadline is None and isinstance(info.context, Call) else deadline


class ReceivedBy(Params):
    """The submission arrived in time; the very second of the deadline is in time.

    deadline: with time zone; the call's own where it is left out. last_day: what becomes of a submission that arrives
    on the day of the deadline, before its moment: accept; warn (a reviewer decides, whatever the rule's severity);
    late. Without a time of receipt this is undetermined, never judged by the clock.
    """

    deadline: Annotated[AwareDatetime | None, AfterValidator(_of_the_call)] = Field(default=None, validate_default=True)
    last_day: LastDay = LastDay.ACCEPT


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
    late = is_late(received, params.deadline)
    on_the_day = not late and received.date() == params.deadline.date()
    if on_the_day and params.last_day is not LastDay.ACCEPT:
        yield _on_the_last_day(received, params.deadline, params.last_day, expected)
        return
    text = Text(
        f"{moment(received)} 收到，{'晚于' if late else '不晚于'}截止时间 {moment(params.deadline)}。",
        f"Received at {moment(received)}, {'after' if late else 'by'} the deadline {moment(params.deadline)}.",
    )
    yield Observation(Outcome.VIOLATED if late else Outcome.PASSED, text, (), expected, moment(received))


def _on_the_last_day(received: datetime, deadline: datetime, last_day: LastDay, expected: str) -> Observation:
    if last_day is LastDay.LATE:
        text = Text(
            f"{moment(received)} 收到，截止日（{deadline:%Y-%m-%d}）当天不计在内，已逾期。",
            f"Received at {moment(received)}; the day of the deadline ({deadline:%Y-%m-%d}) does not count: late.",
        )
        return Observation(Outcome.VIOLATED, text, (), f"< {deadline:%Y-%m-%d}", moment(received))
    text = Text(
        f"{moment(received)} 收到，正值截止日（{deadline:%Y-%m-%d}）当天；该日是否计入，请审核人员确认（默认计入）。",
        f"Received at {moment(received)}, on the very day of the deadline: whether that day counts is for a reviewer "
        "to settle (by default it does).",
    )
    return Observation(Outcome.VIOLATED, text, (), expected, moment(received), Severity.WARNING, asks=False)
