"""The ledger as the shelf of readings (services/examine.py)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.errors import ReaderCrashed, TimedOut
from extractors.forms.spec import FormSpec
from heyan.v1.document_pb2 import Reading
from services.examine import Edition, Recalled, beside
from services.extraction.version import forms_version
from services.intake.ledger import pages, queue, readings
from services.intake.ledger.database import Connection, Database
from services.intake.ledger.readings import Key
from services.intake.refusals import StorageDown, StorageFull

log = logging.getLogger(__name__)

# What another attempt may read: it is kept for its submission, and never used for another.
_UNCERTAIN = (TimedOut.code, ReaderCrashed.code)


@dataclass(frozen=True, slots=True)
class Held:
    """The job in whose name a worker keeps readings: they are kept only as long as the job is his."""

    worker: str
    submission: int


@dataclass(frozen=True, slots=True)
class LedgerShelf:
    """reader: of services.extraction.version. held: None for a Check, which belongs to no submission."""

    database: Database
    reader: str
    held: Held | None = None

    async def find(self, sha256: str, forms: tuple[FormSpec, ...]) -> Recalled | None:
        try:
            kept = await self.database.read(readings.find, self._key(sha256, forms))
        except StorageDown:
            log.warning("the shelf cannot be reached; sha256=%.12s is read anew", sha256)
            return None
        return Recalled(kept.reading, kept.fits) if kept else None

    async def editions(self, hashes: Sequence[str], forms: tuple[FormSpec, ...]) -> Mapping[str, Edition]:
        try:
            return await self.database.read(readings.editions, hashes, self.reader, forms_version(forms))
        except StorageDown:
            return {}

    async def keep(self, sha256: str, forms: tuple[FormSpec, ...], reading: Reading) -> None:
        certain = reading.unreadable.code not in _UNCERTAIN
        try:
            packed = await beside([reading], readings.packed, reading)
            await self.database.write(_keep, self._key(sha256, forms), packed, certain, self.held)
        except (StorageDown, StorageFull):
            log.warning("the reading of sha256=%.12s could not be kept", sha256)

    async def find_pages(self, sha256: str) -> Mapping[int, bytes]:
        try:
            return await self.database.read(pages.find, sha256, self.reader)
        except StorageDown:
            return {}

    async def keep_pages(self, sha256: str, read: Mapping[int, bytes]) -> None:
        try:
            await self.database.write(_keep_pages, sha256, self.reader, read, self.held)
        except (StorageDown, StorageFull):
            log.warning("%d pages of sha256=%.12s could not be kept", len(read), sha256)

    def _key(self, sha256: str, forms: tuple[FormSpec, ...]) -> Key:
        return Key(sha256, self.reader, forms_version(forms))


def _keep(connection: Connection, key: Key, packed: bytes, certain: bool, held: Held | None) -> None:
    # Erasing takes the job away first: without this, a worker would put back what has just been erased.
    if held is None or queue.is_held(connection, held.worker, held.submission):
        readings.keep(connection, key, packed, certain=certain)
        if certain:
            pages.forget(connection, key.sha256)


def _keep_pages(connection: Connection, sha256: str, reader: str, read: Mapping[int, bytes], held: Held | None) -> None:
    if held is None or queue.is_held(connection, held.worker, held.submission):
        pages.keep(connection, sha256, reader, read)
