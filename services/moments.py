"""Moments on the wire and in the ledger, where they are µs since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from google.protobuf.timestamp_pb2 import Timestamp

from services.status import BadRequest

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
