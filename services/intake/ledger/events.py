"""What happened to a submission, numbered from 1 without gaps, for those who watch; and the audit lines."""

from __future__ import annotations

import sqlalchemy as sa

from heyan.v1.intake_service_pb2 import WatchSubmissionResponse
from services.intake.ledger.database import Connection, now
from services.intake.ledger.schema import audit, events, submissions

_COUNT = (
    sa.update(submissions)
    .where(submissions.c.number == sa.bindparam("the_number"))
    .values(events=submissions.c.events + sa.bindparam("more", type_=sa.Integer))
    .returning(submissions.c.events)
)
_INSERT = sa.insert(events)
_NOTE = sa.insert(audit)


def tell(connection: Connection, submission: int, *happened: WatchSubmissionResponse) -> None:
    """Number the events and keep them."""
    last = connection.scalar(_COUNT, {"the_number": submission, "more": len(happened)})
    assert last is not None, "no such submission"
    rows = []
    for sequence, event in enumerate(happened, last - len(happened) + 1):
        event.sequence = sequence
        rows.append({"submission": submission, "sequence": sequence, "event": event.SerializeToString()})
    connection.execute(_INSERT, rows)


def since(connection: Connection, submission: int, after: int, limit: int = 500) -> list[WatchSubmissionResponse]:
    """The events behind a sequence number, in their order."""
    found = connection.scalars(
        sa.select(events.c.event)
        .where(events.c.submission == submission, events.c.sequence > after)
        .order_by(events.c.sequence)
        .limit(limit)
    )
    return [WatchSubmissionResponse.FromString(event) for event in found]


def forget(connection: Connection, submission: int) -> None:
    connection.execute(sa.delete(events).where(events.c.submission == submission))


def note(connection: Connection, caller: str, action: str, subject: str) -> None:
    """An audit line. It outlives what it is about: no personal data."""
    connection.execute(_NOTE, {"time": now(connection), "caller": caller, "action": action, "subject": subject})
