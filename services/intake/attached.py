"""Attachments that are kept, for those who look at them again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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

    async def get(self, caller: str, name: str, hold: Callable[[int], None]) -> Upload:
        """An attachment ("attachments/{sha256}") that this caller uploaded.

        hold: told of its bytes before they are loaded; it raises where there is no room for them (admission.py).
        Raises NotFound, StorageDown, and what hold raises.
        """
        sha256 = attachment_hash(name)
        known = await self.database.read(attachments.known, caller, [sha256])
        if sha256 not in known:
            raise _unknown(name)
        hold(known[sha256].size_bytes)
        try:
            data = await asyncio.to_thread(self.store.get, sha256)
        except MissingBytes as error:
            raise _unknown(name) from error
        return Upload(known[sha256].file_name, len(data), sha256, data)


def _unknown(name: str) -> NotFound:
    return NotFound(
        "没有这个附件，请先上传。", "There is no such attachment; upload it first.", kind="attachment", name=name
    )
