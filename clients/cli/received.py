"""What `--received` means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

# Asia/Shanghai, as it has been since 1991; fixed, because a machine may lack the time zone database.
SHANGHAI = timezone(timedelta(hours=8), "UTC+8")


def parse_received(text: str) -> tuple[datetime, bool]:
    """The moment that `--received` names, and whether a bare date stood for the end of its day.

    ISO 8601: a date, or a time with or without zone; without, it is that of Asia/Shanghai. Raises ValueError.
    """
    text = text.strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        return _representable(moment), False
    return _representable(datetime.combine(day, time(23, 59, 59), SHANGHAI)), True


def _representable(moment: datetime) -> datetime:
    """protobuf's Timestamp ends with the years 1 and 9999 in UTC."""
    try:
        moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("out of range") from error
    return moment
