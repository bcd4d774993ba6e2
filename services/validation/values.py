"""The value of a field as a check computes with it. None, never an exception, where it is not what its type says:
portals send values too."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal, InvalidOperation

from extractors.document import Field, FieldState


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
