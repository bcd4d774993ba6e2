"""Moments on the wire and in the ledger, where they are µs since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from google.protobuf.timestamp_pb2 import Timestamp

from services.status import BadRequest

A_MOMENT = "2021-09-01T10:00:00+08:00"  # as JSON and forms have it: RFC 3339
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EAST, _WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


def moment(timestamp: Timestamp) -> datetime:
    """With time zone. Raises BadRequest where the timestamp is out of range."""
    try:
        at = timestamp.ToDatetime(tzinfo=UTC)
        for zone in (_EAST, _WEST):  # wherever it is told
            at.astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise BadRequest("接收时间无效。", "receive_time is not a moment.", ("receive_time", "out of range")) from error
    return at


def require_past(timestamp: Timestamp, field: str, skew_seconds: float) -> None:
    """Nothing has arrived in the future: raises BadRequest where it lies ahead of this clock by more than the skew."""
    ahead = (moment(timestamp) - datetime.now(UTC)).total_seconds()
    if ahead > skew_seconds:
        raise BadRequest(
            f"{field} 比本服务器的时钟超前 {ahead:.0f} 秒，请核对平台与服务器的时间（NTP）。",
            f"{field} is {ahead:.0f} s ahead of this server's clock: set the portal's clock or the server's (NTP).",
            (field, f"{ahead:.0f} s in the future, at most {skew_seconds:.0f} are borne"),
        )


def micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_micros(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)


def timestamp(at: int | None) -> Timestamp | None:
    """The wire's form of a moment in µs; None for None."""
    if at is None:
        return None
    message = Timestamp()
    message.FromDatetime(from_micros(at))
    return message
