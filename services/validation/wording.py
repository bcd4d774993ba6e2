"""How amounts, dates and lists are written in messages for people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal


def yuan(amount: Decimal) -> str:
    """205,000元; without trailing zeros after the point."""
    return f"{number(amount)}元"


def number(amount: Decimal) -> str:
    """205,000 or 198,500.5."""
    text = f"{amount:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(time: datetime) -> str:
    """2021-09-03 23:59:59, in the time zone that it carries."""
    return time.strftime("%Y-%m-%d %H:%M:%S")


def joined(parts: tuple[str, ...]) -> str:
    """“甲”、“乙”."""
    return "、".join(f"“{part}”" for part in parts)
