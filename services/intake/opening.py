"""Opens what intake needs, in order: the data folder's lock, the ledger, the store."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from services.intake.ledger import queue
from services.intake.ledger.database import Database, Unusable, sqlite_url
from services.intake.ledger.migrate import SchemaError
from services.intake.refusals import StorageDown, StorageFull
from services.intake.store import Store, open_store
from services.settings import Settings


class CannotOpen(Exception):
    """What is kept cannot be opened; the message says why and what to do."""


class Lock:
    """The data folder is this server's, until `release` or its end, however that comes. Raises CannotOpen."""

    def __init__(self, data: Path) -> None:
        try:
            data.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = (data / "lock").open("a+")
        except OSError as error:
            raise CannotOpen(f"the data folder {data} cannot be used: {error.strerror} (HEYAN_DATA)") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read(20).strip()
            self._file.close()
            raise CannotOpen(
                f"another server (pid {holder or '?'}) uses the data folder {data}: stop it, or give this one a folder "
                "of its own (--data, HEYAN_DATA)"
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        self._file.close()


def open_ledger(settings: Settings, at_once: int = 4) -> Database:
    """at_once: as for Database.open. Raises CannotOpen."""
    file = settings.data / "heyan.sqlite"
    try:
        if not settings.database:
            file.touch(mode=0o600)  # for its owner alone, also in a folder that others may enter; its log is alike
        return Database.open(settings.database or sqlite_url(file), at_once=at_once)
    except SchemaError as error:
        raise CannotOpen(str(error)) from error
    except (Unusable, OSError) as error:
        named = "HEYAN_DATABASE" if settings.database else file
        raise CannotOpen(f"the ledger cannot be opened ({named}): {error}") from error


def open_attachments(settings: Settings) -> Store:
    """Raises CannotOpen, SettingError."""
    try:
        return open_store(settings.store, settings.store_secrets(), settings.data)
    except (OSError, StorageDown, StorageFull) as error:
        raise CannotOpen(f"the attachment store cannot be opened (HEYAN_STORE): {error}") from error


async def take_over(database: Database) -> int:
    """At the start of a server: where it is the only process, whoever held a job before is dead. How many jobs."""
    return await database.write(queue.take_back_all) if database.one_process else 0
