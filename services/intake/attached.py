"""Attachments that are kept, for those who look at them again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from services.examine import Upload
from services.intake.ledger import attachments
from services.intake.ledger.database import Database
from services.intake.store import MissingBytes, Store
from services.intake.wire import attachment_hash
from services.status import NotFound


@dataclass(frozen=True, slots=True)
class Attached:
    """What callers uploaded."""

    database: Database
    store: Store

    async def get(self, caller: str, name: str) -> Upload:
        """An attachment ("attachments/{sha256}") that this caller uploaded. Raises NotFound, StorageDown."""
        sha256 = attachment_hash(name)
        known = await self.database.read(attachments.known, caller, [sha256])
        if sha256 not in known:
            raise _unknown(name)
        try:
            data = await asyncio.to_thread(self.store.get, sha256)
        except MissingBytes as error:
            raise _unknown(name) from error
        return Upload(known[sha256].file_name, len(data), sha256, data)


def _unknown(name: str) -> NotFound:
    return NotFound(
        "没有这个附件，请先上传。", "There is no such attachment; upload it first.", kind="attachment", name=name
    )
