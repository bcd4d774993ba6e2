"""Which bytes are kept, and who uploaded them. The bytes themselves are in the store (services/intake/store.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.callers.refusals import OverQuota
from services.intake.ledger import portals
from services.intake.ledger.database import Connection, exclusive, now, upsert
from services.intake.ledger.portals import Quotas
from services.intake.ledger.schema import (
    attachments,
    discarded,
    pages,
    readings,
    submission_files,
    submissions,
    uploads,
)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """An attachment as one caller knows it. file_name: of his last upload."""

    sha256: str
    size_bytes: int
    file_name: str


# Made once: making a statement anew costs as much as running it.
_HAD = sa.select(uploads.c.sha256).where(
    uploads.c.caller == sa.bindparam("the_caller"), uploads.c.sha256 == sa.bindparam("the_sha256")
)
_KNOWN = (
    sa.select(uploads.c.sha256, attachments.c.size_bytes, uploads.c.file_name)
    .join(attachments, attachments.c.sha256 == uploads.c.sha256)
    .where(uploads.c.caller == sa.bindparam("the_caller"), uploads.c.sha256.in_(sa.bindparam("hashes", expanding=True)))
)
_KEPT_AFTER_ALL = sa.delete(discarded).where(discarded.c.sha256 == sa.bindparam("the_sha256"))


@cache
def _keep(dialect: str) -> Any:
    return upsert(dialect, attachments).on_conflict_do_nothing()


@cache
def _upload(dialect: str) -> Any:
    made = upsert(dialect, uploads)
    new = {"file_name": made.excluded.file_name, "upload_time": made.excluded.upload_time}
    return made.on_conflict_do_update(index_elements=["caller", "sha256"], set_=new)


@cache
def _discard(dialect: str) -> Any:
    return upsert(dialect, discarded).on_conflict_do_nothing()


def exclusive_bytes(connection: Connection, sha256: str) -> None:
    """Until the end of the transaction nobody else takes in, gives up or discards these bytes."""
    exclusive(connection, f"bytes {sha256}")


def record(connection: Connection, caller: str, uploaded: Uploaded, usual: Quotas = Quotas()) -> None:
    """The bytes are in the store, and the caller has them. usual: quotas of a portal without its own.

    Raises OverQuota.
    """
    moment = now(connection)
    sha256, dialect = uploaded.sha256, connection.dialect.name
    if connection.scalar(_HAD, {"the_caller": caller, "the_sha256": sha256}) is None:
        portals.add(connection, caller, uploaded.size_bytes, 0, usual)
    discarded_for_good(connection, sha256)
    kept = {"sha256": sha256, "size_bytes": uploaded.size_bytes, "create_time": moment}
    connection.execute(_keep(dialect), kept)
    his = {"caller": caller, "sha256": sha256, "file_name": uploaded.file_name, "upload_time": moment}
    connection.execute(_upload(dialect), his)


def require_room(connection: Connection, caller: str, sha256: str, size: int, usual: Quotas) -> None:
    """Before the bytes are let in; those that the caller has already need no more room. Raises OverQuota."""
    has, most = portals.bytes_of(connection, caller, usual)
    if has + size > most and sha256 not in known(connection, caller, [sha256]):
        raise OverQuota(caller, "bytes", most)


def known(connection: Connection, caller: str, hashes: Iterable[str]) -> dict[str, Uploaded]:
    """Those of the hashes whose bytes the caller has uploaded."""
    found = connection.execute(_KNOWN, {"the_caller": caller, "hashes": list(hashes)})
    return {row.sha256: Uploaded(row.sha256, row.size_bytes, row.file_name) for row in found}


def forget(connection: Connection, caller: str, hashes: Sequence[str]) -> None:
    """The caller gives up what none of his submissions uses; bytes and readings that are nobody's then go."""
    for sha256 in sorted(hashes):
        exclusive_bytes(connection, sha256)
    his = (
        sa.select(submission_files.c.sha256)
        .join(submissions, submissions.c.number == submission_files.c.submission)
        .where(submissions.c.caller == caller, submission_files.c.sha256.in_(hashes))
    )
    given_up = list(
        connection.scalars(
            sa.delete(uploads)
            .where(uploads.c.caller == caller, uploads.c.sha256.in_(hashes), uploads.c.sha256.not_in(his))
            .returning(uploads.c.sha256)
        )
    )
    size = connection.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(attachments.c.size_bytes), 0)).where(attachments.c.sha256.in_(given_up))
    )
    anybodys = sa.select(uploads.c.sha256).where(uploads.c.sha256.in_(hashes))
    gone = list(
        connection.scalars(
            sa.select(attachments.c.sha256).where(
                attachments.c.sha256.in_(hashes), attachments.c.sha256.not_in(anybodys)
            )
        )
    )
    connection.execute(sa.delete(readings).where(readings.c.sha256.in_(gone)))
    connection.execute(sa.delete(pages).where(pages.c.sha256.in_(gone)))
    connection.execute(sa.delete(attachments).where(attachments.c.sha256.in_(gone)))
    for sha256 in gone:
        connection.execute(_discard(connection.dialect.name), {"sha256": sha256})
    if given_up:
        portals.add(connection, caller, -int(size or 0), 0)


def unsubmitted(connection: Connection, before: int, limit: int) -> list[tuple[str, str]]:
    """Uploads from before a moment that no submission of their caller uses: (caller, sha256)."""
    used = (
        sa.select(sa.literal(1))
        .select_from(submission_files.join(submissions, submissions.c.number == submission_files.c.submission))
        .where(submission_files.c.sha256 == uploads.c.sha256, submissions.c.caller == uploads.c.caller)
    )
    found = connection.execute(
        sa.select(uploads.c.caller, uploads.c.sha256).where(uploads.c.upload_time < before, ~used.exists()).limit(limit)
    )
    return [(row.caller, row.sha256) for row in found]


def to_discard(connection: Connection) -> list[str]:
    """Bytes that the store has to forget."""
    return list(connection.scalars(sa.select(discarded.c.sha256)))


def is_kept(connection: Connection, sha256: str) -> bool:
    return connection.scalar(sa.select(attachments.c.sha256).where(attachments.c.sha256 == sha256)) is not None


def discarded_for_good(connection: Connection, sha256: str) -> None:
    """The store has forgotten them, or has them again."""
    connection.execute(_KEPT_AFTER_ALL, {"the_sha256": sha256})
