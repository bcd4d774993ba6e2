"""Backup while the service works, and restore. A backup is a data folder: one SQLite file, the attachments, a note.

    BACKUP/heyan.sqlite     the ledger at one moment, whatever database it came from
    BACKUP/attachments/     every attachment that it names, under its SHA-256, each proved when it was copied
    BACKUP/backup.json      when, from which version, how much: written last

A second backup into the same folder copies only what is new, and takes away what was erased meanwhile: personal data
does not outlive its erasure in the newest backup. At every moment the folder holds a whole backup, the old or the new.
Because the ledger is always SQLite in it, one machine's data can be restored into PostgreSQL and S3, and back.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from services import __version__
from services.intake.ledger import migrate, schema
from services.intake.ledger.database import Connection, copying, looking, reason, sqlite_url
from services.intake.opening import CannotOpen, Lock, open_attachments
from services.intake.store import FolderStore, Incoming, MissingBytes, Store
from services.settings import Settings

LEDGER, ATTACHMENTS, NOTE = "heyan.sqlite", "attachments", "backup.json"
_ROUNDS = 5  # copies of the ledger, where something was erased while its bytes were copied
_ROWS = 500


class BackupError(Exception):
    """It cannot be done; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was copied. copied: attachments that were not there before. missing: those that the store has lost."""

    submissions: int
    attachments: int
    bytes: int
    copied: int
    removed: int
    missing: tuple[str, ...]


def ledger_url(settings: Settings) -> str:
    return settings.database or sqlite_url(settings.data / LEDGER)


def is_backup(folder: Path) -> bool:
    return (folder / NOTE).is_file()


# ------------------------------------------------------------------------------------------------- backup


def backup(settings: Settings, folder: Path) -> Done:
    """Copies ledger and attachments into a folder: a new one, or that of an earlier backup of the same ledger.

    Raises BackupError, CannotOpen, StorageDown, StorageFull, SettingError.
    """
    if not settings.database and not (settings.data / LEDGER).is_file():
        raise BackupError(f"there is no ledger in {settings.data} (--data, HEYAN_DATA)")
    with _alone(folder):
        source = open_attachments(settings)
        target = FolderStore(folder / ATTACHMENTS)
        fresh = folder / f"{LEDGER}.new"
        copied = 0
        for _ in range(_ROUNDS):
            _copy_ledger(settings, fresh)
            _require_same(folder / LEDGER, fresh)
            names = dict(_attachments(fresh))
            here = set(target.hashes(-1))
            missing: list[str] = []
            for sha256 in names:
                if sha256 not in here:
                    copied += _copy(source, target, sha256, missing)
            if not _erased(settings, missing):
                break
        else:
            raise BackupError("submissions are being erased faster than they can be copied; try again")
        (folder / NOTE).unlink(missing_ok=True)  # until it is written again this is no complete backup
        _replace(fresh, folder / LEDGER)
        gone = [sha256 for sha256 in here if sha256 not in names]
        for sha256 in gone:
            target.delete(sha256)
        done = Done(
            submissions=_count(folder / LEDGER, schema.submissions),
            attachments=len(names) - len(missing),
            bytes=sum(names.values()),
            copied=copied,
            removed=len(gone),
            missing=tuple(f"attachments/{sha256}" for sha256 in missing),
        )
        _write_note(folder, done)
    return done


def _copy_ledger(settings: Settings, target: Path) -> None:
    """The ledger as it is at one moment, as a SQLite file that is on disk when this returns."""
    _begin(target)
    if settings.database:
        engine = looking(settings.database)
        try:
            # one snapshot for all tables
            with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source:
                _require_head(source)
                _fill(source, target)
        except DBAPIError as error:
            raise BackupError(f"the ledger cannot be read (HEYAN_DATABASE): {reason(error)}") from error
        finally:
            engine.dispose()
    else:
        _copy_sqlite(settings.data / LEDGER, target)
    _prove(target)


def _copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite's own online backup, in one step: writers go on meanwhile, and the copy is of one moment."""
    try:
        with (
            contextlib.closing(sqlite3.connect(source, timeout=30)) as of,
            contextlib.closing(sqlite3.connect(target)) as to,
        ):
            of.backup(to)
            to.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        _forget(target)
        raise BackupError(f"the ledger {source} cannot be copied: {error}. See heyan doctor --data") from error


def _fill(source: Connection, target: Path) -> None:
    """A new SQLite file with every row of another ledger of the same schema."""
    with _written(target) as to:
        migrate.upgrade(to)
        copy_rows(source, to)


@contextlib.contextmanager
def _written(file: Path) -> Iterator[Connection]:
    """A transaction on a SQLite file that is one file again afterwards."""
    engine = copying(sqlite_url(file))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
    with contextlib.closing(sqlite3.connect(file)) as written:
        written.execute("PRAGMA journal_mode=DELETE")


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row of every table, parents before children; the target's tables are empty."""
    for table in schema.METADATA.sorted_tables:
        rows = source.execution_options(yield_per=_ROWS).execute(sa.select(table))
        for some in rows.mappings().partitions(_ROWS):
            target.execute(sa.insert(table), [dict(row) for row in some])


def _prove(file: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(file)) as copy:
            said = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    if said != ["ok"]:
        raise BackupError(f"the ledger is damaged: {'; '.join(said)}. Keep the older backup; see heyan doctor --data")
    _settle(file)


def _copy(source: Store, target: FolderStore, sha256: str, missing: list[str]) -> int:
    """1 where it was copied; else it is added to `missing`. The store proves the bytes by their hash."""
    try:
        data = source.get(sha256)
    except MissingBytes:
        missing.append(sha256)
        return 0
    _put(target, data)
    return 1


def _put(target: Store, data: bytes) -> None:
    with Incoming(target.spool) as incoming:
        incoming.add(data)
        incoming.settle()
        target.put(incoming)


def _erased(settings: Settings, missing: list[str]) -> bool:
    """Whether some of what is missing is missing because it was erased since the ledger was copied."""
    if not missing:
        return False
    engine, table = looking(ledger_url(settings)), schema.attachments
    try:
        with engine.connect() as connection:
            kept = set(connection.scalars(sa.select(table.c.sha256).where(table.c.sha256.in_(missing))))
    finally:
        engine.dispose()
    return len(kept) < len(missing)


def _require_same(old: Path, fresh: Path) -> None:
    """An older backup of another ledger must not be overwritten: numbers of submissions are never used twice."""
    if not old.is_file():
        return
    table = schema.submissions
    last = _one(old, sa.select(table.c.number, table.c.id).order_by(table.c.number.desc()).limit(1))
    if last is None:
        return
    now = _one(fresh, sa.select(table.c.id).where(table.c.number == last[0]))
    if now is None or now[0] != last[1]:
        raise BackupError(f"the folder {old.parent} holds a backup of another ledger: choose another folder")


# ------------------------------------------------------------------------------------------------- restore


def restore(folder: Path, settings: Settings) -> Done:
    """Copies a backup into an empty data folder, or an empty PostgreSQL and store, as the settings say.

    Raises BackupError, CannotOpen (it was made by a newer heyan), StorageDown, StorageFull, SettingError.
    """
    if not is_backup(folder):
        raise BackupError(f"{folder} is no complete backup: it has no {NOTE}")
    lock = Lock(settings.data)
    try:
        _require_empty(settings)
        source, target = FolderStore(folder / ATTACHMENTS), open_attachments(settings)
        fresh = settings.data / f"{LEDGER}.new"
        _begin(fresh)
        _copy_sqlite(folder / LEDGER, fresh)
        try:
            with _written(fresh) as ledger:
                migrate.upgrade(ledger)
        except migrate.SchemaError as error:
            _forget(fresh)
            raise CannotOpen(str(error)) from error
        _prove(fresh)
        names, missing = dict(_attachments(fresh)), list[str]()
        here = set(target.hashes(-1))
        copied = 0
        for sha256 in names:
            if sha256 in here:
                continue
            try:
                _put(target, source.get(sha256))
                copied += 1
            except MissingBytes:
                missing.append(sha256)
        submissions = _count(fresh, schema.submissions)
        if settings.database:
            _into_database(fresh, settings)
            fresh.unlink()
        else:
            _replace(fresh, settings.data / LEDGER)
    finally:
        lock.release()
    lost = tuple(f"attachments/{sha256}" for sha256 in missing)
    return Done(submissions, len(names) - len(missing), sum(names.values()), copied, 0, lost)


def _require_empty(settings: Settings) -> None:
    if not settings.database:
        if (settings.data / LEDGER).exists():
            raise BackupError(f"{settings.data} has a ledger already: restore into a new folder (--data)")
        return
    engine = copying(settings.database)
    try:
        with engine.begin() as connection:
            migrate.upgrade(connection)
            for table in schema.METADATA.sorted_tables:
                if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
                    raise BackupError("the database (HEYAN_DATABASE) is not empty: restore into a new one")
    except DBAPIError as error:
        raise BackupError(f"the database cannot be reached (HEYAN_DATABASE): {reason(error)}") from error
    finally:
        engine.dispose()


def _into_database(file: Path, settings: Settings) -> None:
    """All rows in one transaction; then numbers go on behind the last one."""
    source, target = looking(sqlite_url(file)), copying(settings.database)
    try:
        with source.connect() as of, target.begin() as to:
            copy_rows(of, to)
            for table in schema.METADATA.sorted_tables:
                number = table.autoincrement_column
                if number is not None and number.name == "number":
                    name = f"pg_get_serial_sequence('{table.name}', 'number')"
                    last = to.scalar(sa.select(sa.func.max(number)))
                    to.execute(sa.text(f"SELECT setval({name}, :last, :used)"), {"last": last or 1, "used": bool(last)})
    finally:
        source.dispose()
        target.dispose()


# ------------------------------------------------------------------------------------------------- both


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The folder is this backup's. Raises BackupError where it is another's, or holds something else."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        foreign = [
            path.name for path in folder.iterdir() if not path.name.startswith((LEDGER, ATTACHMENTS, NOTE, "lock"))
        ]
        if foreign:  # nothing is left in it, not even a lock
            raise BackupError(f"the folder {folder} holds something else: choose a new one")
        lock = (folder / "lock").open("a+")
    except OSError as error:
        raise BackupError(f"the folder {folder} cannot be used: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError(f"another process uses the folder {folder}") from error
        yield


def _require_head(connection: Connection) -> None:
    current, head = migrate.revisions(connection)
    if current != head:
        raise BackupError(
            f"the ledger's schema is {current}, this heyan's is {head}: start the server once, or upgrade"
        )


def _attachments(file: Path) -> Iterator[tuple[str, int]]:
    table = schema.attachments
    engine = looking(sqlite_url(file))
    try:
        with engine.connect() as connection:
            for row in connection.execute(sa.select(table.c.sha256, table.c.size_bytes).order_by(table.c.sha256)):
                yield row.sha256, row.size_bytes
    finally:
        engine.dispose()


def _one(file: Path, query: sa.Select[Any]) -> Sequence[Any] | None:
    engine = looking(sqlite_url(file))
    try:
        with engine.connect() as connection:
            return connection.execute(query).first()
    finally:
        engine.dispose()


def _count(file: Path, table: sa.Table) -> int:
    row = _one(file, sa.select(sa.func.count()).select_from(table))
    assert row is not None
    return int(row[0])


def _write_note(folder: Path, done: Done) -> None:
    stated = {"heyan": __version__, "time": datetime.now(UTC).isoformat(timespec="seconds"), **asdict(done)}
    fresh = folder / f"{NOTE}.new"
    fresh.write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")
    _settle(fresh)
    os.replace(fresh, folder / NOTE)
    _settle(folder)


def _begin(file: Path) -> None:
    """An empty SQLite file, for its owner alone."""
    _forget(file)
    file.touch(mode=0o600)


def _forget(file: Path) -> None:
    """A SQLite file and what a killed process left beside it: its log would be applied to the next file of its name."""
    for end in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + end).unlink(missing_ok=True)


def _replace(fresh: Path, file: Path) -> None:
    for end in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    os.replace(fresh, file)
    _settle(file.parent)


def _settle(path: Path) -> None:
    """On disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["BackupError", "CannotOpen", "Done", "backup", "copy_rows", "is_backup", "ledger_url", "restore"]
