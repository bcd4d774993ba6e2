"""The value of a field as a check computes with it. None, never an exception, where it is not what its type says:
portals send values too."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from extractors.document import Field, FieldState

WAN = 10_000
"""Yuan in 万元."""

_WRITTEN = re.compile(r"\d{1,12}(?:\.(\d{1,6}))?")


def amount_of(field: Field) -> Decimal | None:
    """Yuan, not negative."""
    if field.state is not FieldState.FOUND:
        return None
    try:
        amount = Decimal(field.value)
    except InvalidOperation:
        return None
    # an absurd exponent would make a message of a million digits
    return amount if amount.is_finite() and 0 <= amount < Decimal("1e15") else None


def days_of(field: Field) -> tuple[date, date] | None:
    """First and last day that an ISO date can mean: both the same, or those of the month for YYYY-MM."""
    if field.state is not FieldState.FOUND:
        return None
    try:
        if len(field.value) == len("YYYY-MM"):
            first = date.fromisoformat(f"{field.value}-01")
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
        day = date.fromisoformat(field.value)
    except ValueError:
        return None
    return day, day


def is_late(received: datetime, deadline: datetime) -> bool:
    """Whether it came after the second of the deadline, both with time zone: a day ends with the end of 23:59:59."""
    return received.replace(microsecond=0) > deadline


def rounding_of(field: Field) -> Decimal:
    """Half of the last place in which an amount is written, in yuan: 50 for 0.33 under 万元; 0 for whole yuan."""
    amount, match = amount_of(field), _WRITTEN.search(field.raw)
    if amount is None or match is None or amount != Decimal(match[0]) * 10_000:
        return Decimal()
    return Decimal(5_000).scaleb(-len(match[1] or ""))
