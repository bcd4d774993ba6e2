"""What waits to be worked on, in the ledger itself: what is accepted is queued by the same commit.

A worker takes a job for some seconds and holds it by saying so again and again; whoever falls silent loses it to the
next. Who has lost a job can no longer write its outcome: `end` answers False.

Order: persons before batches; among equals the callers in turn. A new job's turn is one behind its caller's last one,
but never before those that are being served now: so one caller's thousand jobs do not stand before another's first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from services.intake.ledger.database import Connection, now
from services.intake.ledger.schema import jobs


@dataclass(frozen=True, slots=True)
class Job:
    """A submission that a worker holds. failures: times that it went wrong; losses: workers that vanished with it."""

    submission: int
    failures: int
    losses: int


# Made once: making a statement anew costs as much as running it.
_HELD = sa.and_(jobs.c.submission == sa.bindparam("the_submission"), jobs.c.worker == sa.bindparam("the_worker"))
_IS_HELD = sa.select(jobs.c.submission).where(_HELD).with_for_update()
_END = sa.delete(jobs).where(_HELD)
_UPDATE = sa.update(jobs).where(jobs.c.submission == sa.bindparam("the_submission"))
_ENQUEUE = sa.insert(jobs)
_COUNT = sa.select(sa.func.count()).select_from(jobs)
_EQUAL = jobs.c.priority == sa.bindparam("the_priority")
_LAST_TURN = sa.select(sa.func.max(jobs.c.turn)).where(_EQUAL, jobs.c.caller == sa.bindparam("the_caller"))
_FIRST_TURN = sa.select(sa.func.min(jobs.c.turn)).where(_EQUAL)
_NEXT = (
    sa.select(jobs.c.submission, jobs.c.worker, jobs.c.failures, jobs.c.losses)
    .where(
        jobs.c.not_before <= sa.bindparam("moment"),
        sa.or_(jobs.c.worker.is_(None), jobs.c.held_until < sa.bindparam("moment")),
    )
    .order_by(jobs.c.priority, jobs.c.turn, jobs.c.submission)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def waiting(connection: Connection) -> int:
    """Jobs in all, those that are worked on included."""
    return connection.scalar(_COUNT) or 0


def enqueue(connection: Connection, submission: int, caller: str, priority: int) -> None:
    last = connection.scalar(_LAST_TURN, {"the_priority": priority, "the_caller": caller})
    served = connection.scalar(_FIRST_TURN, {"the_priority": priority})
    turn = max(-1 if last is None else last, -1 if served is None else served - 1) + 1
    values = {"submission": submission, "caller": caller, "priority": priority, "turn": turn}
    connection.execute(_ENQUEUE, {**values, "not_before": 0, "failures": 0, "losses": 0})


def take(connection: Connection, worker: str, seconds: float) -> Job | None:
    """The next job, held for so many seconds; None where there is none."""
    moment = now(connection)
    row = connection.execute(_NEXT, {"moment": moment}).first()
    if row is None:
        return None
    losses = row.losses + (row.worker is not None)
    held = {"worker": worker, "held_until": moment + _micros(seconds), "losses": losses}
    connection.execute(_UPDATE, {"the_submission": row.submission, **held})
    return Job(row.submission, row.failures, losses)


def hold(connection: Connection, worker: str, submissions: Sequence[int], seconds: float) -> set[int]:
    """Hold them for so many seconds more. Those that are still the worker's; the others are to be dropped at once."""
    mine = sa.and_(jobs.c.worker == worker, jobs.c.submission.in_(submissions))
    connection.execute(sa.update(jobs).where(mine).values(held_until=now(connection) + _micros(seconds)))
    return held(connection, worker, submissions)


def held(connection: Connection, worker: str, submissions: Sequence[int]) -> set[int]:
    """Those that are the worker's."""
    mine = sa.and_(jobs.c.worker == worker, jobs.c.submission.in_(submissions))
    return set(connection.scalars(sa.select(jobs.c.submission).where(mine)))


def is_held(connection: Connection, worker: str, submission: int) -> bool:
    """Whether it is still the worker's; nobody else can take it before the end of the transaction."""
    return connection.scalar(_IS_HELD, _his(worker, submission)) is not None


def give_back(connection: Connection, worker: str, submission: int) -> None:
    """Not done, and nobody's fault: the next may take it now."""
    connection.execute(sa.update(jobs).where(_HELD).values(worker=None, held_until=None), _his(worker, submission))


def postpone(connection: Connection, worker: str, submission: int, seconds: float) -> None:
    """It went wrong: again after so many seconds."""
    connection.execute(
        sa.update(jobs)
        .where(_HELD)
        .values(
            worker=None,
            held_until=None,
            not_before=now(connection) + _micros(seconds),
            failures=jobs.c.failures + 1,
        ),
        _his(worker, submission),
    )


def end(connection: Connection, worker: str, submission: int) -> bool:
    """The work is over. False where it was not the worker's any more: its outcome must not be written."""
    return connection.execute(_END, _his(worker, submission)).rowcount == 1


def remove(connection: Connection, submission: int) -> None:
    """Whoever holds it loses it."""
    connection.execute(sa.delete(jobs).where(jobs.c.submission == submission))


def take_back_all(connection: Connection) -> int:
    """At the start of the only process: whoever held a job is dead. How many were held."""
    held = jobs.c.worker.is_not(None)
    return connection.execute(
        sa.update(jobs).where(held).values(worker=None, held_until=None, losses=jobs.c.losses + 1)
    ).rowcount


def _his(worker: str, submission: int) -> dict[str, object]:
    """What _HELD asks for."""
    return {"the_submission": submission, "the_worker": worker}


def _micros(seconds: float) -> int:
    return int(seconds * 1_000_000)
