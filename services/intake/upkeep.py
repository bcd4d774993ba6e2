"""What is done from time to time: bytes that are nobody's go, and what is older than it may be."""

from __future__ import annotations

import asyncio
import logging
import math

from services.intake.ledger import attachments, events, pages, readings, submissions
from services.intake.ledger.database import Connection, Database, now
from services.intake.refusals import StorageDown, StorageFull
from services.intake.store import Store

log = logging.getLogger(__name__)

_EVERY_SECONDS = 600.0
_AT_ONCE = 20  # rows of one transaction: others want to write, too
_ORPHAN_SECONDS = 3600.0  # an upload that is under way is younger


async def keep_up(database: Database, store: Store, *, retention_days: float, unsubmitted_hours: float) -> None:
    """Until it is cancelled."""
    while True:
        try:
            await tidy(database, store, retention_days=retention_days, unsubmitted_hours=unsubmitted_hours)
        except (StorageDown, StorageFull):
            log.warning("storage failed during the upkeep; again later")
        await asyncio.sleep(_EVERY_SECONDS)


async def tidy(database: Database, store: Store, *, retention_days: float, unsubmitted_hours: float) -> None:
    """Once. Raises StorageDown, StorageFull.

    retention_days: age, since their end, of submissions that are erased; infinite for never. unsubmitted_hours: age
    of uploads and readings that no submission uses.
    """
    while await database.write(_erase_old, retention_days * 86400):
        pass
    while await database.write(_forget_unsubmitted, unsubmitted_hours * 3600):
        pass
    for sha256 in await asyncio.to_thread(lambda: list(store.hashes(_ORPHAN_SECONDS))):
        if not await database.read(attachments.is_kept, sha256):
            await database.write(discard, store, sha256)
    await discard_all(database, store)


async def discard_all(database: Database, store: Store) -> None:
    """The store forgets the bytes that erasing has left, and the database what it still has of the rest."""
    for sha256 in await database.read(attachments.to_discard):
        await database.write(discard, store, sha256)
    await database.forget_traces_soon()


def discard(connection: Connection, store: Store, sha256: str) -> None:
    """Within one transaction, so that nobody uploads the same bytes meanwhile."""
    attachments.exclusive_bytes(connection, sha256)
    if not attachments.is_kept(connection, sha256):
        store.delete(sha256)
    attachments.discarded_for_good(connection, sha256)


def _erase_old(connection: Connection, seconds: float) -> int:
    if math.isinf(seconds):
        return 0
    old = submissions.ended_before(connection, now(connection) - int(seconds * 1_000_000), _AT_ONCE)
    for submission in old:
        submissions.erase(connection, submission.caller, submission.name, "erased by age")
    return len(old)


def _forget_unsubmitted(connection: Connection, seconds: float) -> int:
    before = now(connection) - int(seconds * 1_000_000)
    forgotten = readings.forget_unsubmitted(connection, before) + pages.forget_unsubmitted(connection, before)
    uploads = attachments.unsubmitted(connection, before, _AT_ONCE)
    for caller, sha256 in uploads:
        attachments.forget(connection, caller, [sha256])
        events.note(connection, caller, "upload expired", f"attachments/{sha256[:8]}…")
    return forgotten + len(uploads)
