"""The ledger's database: one engine, transactions off the event loop, one schema version.

    database = Database.open(url)          upgrades the schema; refuses a newer one
    await database.write(function, ...)    function(connection, ...) in a transaction, committed when this returns
    await database.read(function, ...)

SQLite has one writer at a time: its writes take turns in one thread, so that none ever waits for a lock, unless an
operator's command writes at that moment; then it waits, for it asks for the lock at its beginning (IMMEDIATE).
Traps: the sqlite3 module begins transactions late and by itself, so `_begin` does it at once; WAL with synchronous FULL
puts every commit on disk; secure_delete overwrites what is erased.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from services.intake.ledger import migrate
from services.intake.refusals import StorageDown, StorageFull
from services.log import where

log = logging.getLogger(__name__)

# Of libpq, in seconds (tcp_user_timeout in ms): a database that falls silent is given up before TCP would.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}

P = ParamSpec("P")
T = TypeVar("T")
Connection = sa.Connection


class Unusable(Exception):
    """The ledger cannot be opened: there is no such database, it lets nobody in, its file is none."""


class Database:
    """Made by `open`. one_process: whether no other process may use it at the same time (SQLite)."""

    def __init__(self, engine: sa.Engine, at_once: int) -> None:
        self._engine = engine
        self._writing = engine.execution_options(heyan_writes=True)
        self.one_process = engine.dialect.name == "sqlite"
        self._readers = ThreadPoolExecutor(at_once, "ledger-read")
        self._writers = ThreadPoolExecutor(1 if self.one_process else at_once, "ledger-write")

    @classmethod
    def open(cls, url: str, busy_seconds: float = 30.0, at_once: int = 4) -> Database:
        """The database at a URL of SQLAlchemy, its schema brought up to date.

        at_once: transactions that read, and as many that write; each is a connection that PostgreSQL has to hold.
        busy_seconds: how long SQLite waits for another process (a backup, somebody who looks).
        Raises Unusable (the message says why), migrate.SchemaError (made by a newer heyan).
        """
        database = cls(_engine(url, busy_seconds, at_once), at_once)
        try:
            with database._engine.begin() as connection:
                migrate.upgrade(connection)
        except DBAPIError as error:
            database.close()
            raise Unusable(reason(error)) from error
        except BaseException:
            database.close()
            raise
        return database

    async def write(
        self, function: Callable[Concatenate[Connection, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T:
        """What the function answers, once its transaction is committed: on disk.

        Raises what it raises (nothing is written then), StorageDown, StorageFull.
        """
        return await self._in(
            self._writers, lambda: self._transact(self._writing, lambda c: function(c, *arguments, **named))
        )

    async def read(self, function: Callable[Concatenate[Connection, P], T], *arguments: P.args, **named: P.kwargs) -> T:
        """What the function answers. Raises what it raises, StorageDown."""
        return await self._in(
            self._readers, lambda: self._transact(self._engine, lambda c: function(c, *arguments, **named))
        )

    def forget_traces(self) -> None:
        """SQLite: rewrite the log of what was erased. Nothing elsewhere; there VACUUM is the operator's."""
        if self.one_process:
            with self._engine.connect() as connection:
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def forget_traces_soon(self) -> None:
        """The same after the writes that are under way."""
        await self._in(self._writers, self.forget_traces)

    def close(self) -> None:
        """Finishes what is under way."""
        self._writers.shutdown()
        self._readers.shutdown()
        self._engine.dispose()

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        future = asyncio.get_running_loop().run_in_executor(threads, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # a thread cannot be stopped, and what it works on must not be taken away from under it
            await asyncio.wait({future})
            if not future.cancelled():
                future.exception()
            raise

    def _transact(self, engine: sa.Engine, work: Callable[[Connection], T]) -> T:
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            raise _refusal(error) from error


def looking(url: str) -> sa.Engine:
    """An engine for those who only look: nothing is upgraded or written, not even SQLite's journal mode.

    Raises nothing itself; connecting raises DBAPIError.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _engine(url, 0, at_once=1)
    file = f"file:{quote(str(parsed.database))}?mode=ro"
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(file, uri=True, timeout=30.0, isolation_level=None, check_same_thread=False),
        poolclass=sa.NullPool,
    )
    event.listen(engine, "begin", _begin)
    return engine


def copying(url: str) -> sa.Engine:
    """An engine for those who write a ledger that nobody else has open yet; nothing is upgraded."""
    return _engine(url, 30.0, at_once=1)


def now(connection: Connection) -> int:
    """µs since 1970 by the database's clock: workers on many machines agree on it."""
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp()) * 1000000")) or 0)
    return time.time_ns() // 1000


def upsert(dialect: str, table: sa.Table) -> Any:
    """An INSERT that knows ON CONFLICT, in a dialect: the name of the connection's."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def exclusive(connection: Connection, name: str) -> None:
    """Until the end of the transaction nobody else is inside with this name. SQLite writes alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


def _engine(url: str, busy_seconds: float, at_once: int = 1) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return sa.create_engine(parsed, pool_pre_ping=True, pool_size=2 * at_once, connect_args=_PATIENCE)
    engine = sa.create_engine(
        parsed, connect_args={"timeout": busy_seconds}, pool_size=at_once + 1, poolclass=sa.QueuePool
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("heyan_writes") else "BEGIN")


def sqlite_url(file: Path) -> str:
    return sa.URL.create("sqlite", database=str(file)).render_as_string()


def reason(error: DBAPIError) -> str:
    """Why, in the driver's own words where no statement was under way; of one they may quote what is stored."""
    if error.statement is None:
        return f"{type(error.orig).__name__}: {' '.join(str(error.orig).split())}"
    return where(error)


def _refusal(error: DBAPIError) -> Exception:
    """What a caller is told where the database fails: it is full, or gone for now. A bug of ours stays itself."""
    said = str(error.orig).lower()
    if "disk is full" in said or "no space left" in said or "disk full" in said:
        log.error("the ledger's disk is full")
        return StorageFull()
    if error.connection_invalidated or isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        log.error("the ledger cannot be reached: %s", reason(error))
        return StorageDown()
    return error
