"""What happened to a submission, numbered from 1 without gaps, for those who watch; and the audit lines."""

from __future__ import annotations

import sqlalchemy as sa

from heyan.v1.intake_service_pb2 import WatchSubmissionResponse
from services.intake.ledger.database import Connection, now
from services.intake.ledger.schema import audit, events, submissions


def tell(connection: Connection, submission: int, *happened: WatchSubmissionResponse) -> None:
    """Number the events and keep them."""
    last = connection.scalar(
        sa.update(submissions)
        .where(submissions.c.number == submission)
        .values(events=submissions.c.events + len(happened))
        .returning(submissions.c.events)
    )
    assert last is not None, "no such submission"
    rows = []
    for sequence, event in enumerate(happened, last - len(happened) + 1):
        event.sequence = sequence
        rows.append({"submission": submission, "sequence": sequence, "event": event.SerializeToString()})
    connection.execute(sa.insert(events), rows)


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
    connection.execute(sa.insert(audit).values(time=now(connection), caller=caller, action=action, subject=subject))
