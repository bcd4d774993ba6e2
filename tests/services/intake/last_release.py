"""The ledger of the last release, with data: `python -m tests.services.intake.last_release` writes last_release.sql.

It is written once, at a release (make release-ledger), and never again for that schema: it stands for what users have.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from heyan.v1 import intake_service_pb2 as pb
from services.extraction.sandbox import Bounds, Sandbox
from services.intake.ledger import migrate, submissions
from services.intake.ledger.database import copying, sqlite_url
from services.settings import Settings
from tests import misbehaving
from tests.services.intake.house import House, open_house

FILE = Path(__file__).parent / "last_release.sql"
REVISION = "0001"
FORM, LETTER = b"application_form", b"pairing_letter"


def at_revision(url: str, revision: str) -> sa.Engine:
    """An empty ledger as the migrations up to this one make it."""
    engine = copying(url)
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), revision)
    return engine


def copy_tables(source: sa.Connection, target: sa.Connection) -> None:
    """The rows of every table that the target has, by the columns that it has."""
    wanted = sa.MetaData()
    wanted.reflect(target)
    for table in wanted.sorted_tables:
        if table.name != "alembic_version":
            rows = [dict(row) for row in source.execute(sa.select(table)).mappings()]
            if rows:
                target.execute(sa.insert(table), rows)


async def fill(house: House) -> None:
    """A submission in every state, by two callers' worth of files."""
    await house.done(FORM, LETTER, label="退回")
    await house.done(FORM, label="缺函")
    erased = await house.done(FORM + b"\nerased", label="已删")
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=erased.name), timeout=20)


async def fill_idle(house: House) -> None:
    cancelled = await house.create(FORM + b"\ncancelled", label="取消")
    await house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=cancelled.name), timeout=20)
    failed = await house.create(FORM + b"\nfailed", label="失败")

    def fail(connection: sa.Connection) -> None:
        from services.intake.ledger import queue

        job = queue.take(connection, "w", 60)
        assert job is not None
        submission = submissions.by_number(connection, job.submission)
        assert submission.name == failed.name
        submissions.fail(connection, "w", submission, "internal")

    await house.database.write(fail)
    await house.create(FORM + b"\nwaits", LETTER, label="等待")


async def write(folder: Path) -> None:
    bounds = Bounds(seconds=20, memory_mb=2048, tasks=1000)
    sandbox = Sandbox(misbehaving.start, misbehaving.read, argument=None, workers=1, bounds=bounds)
    settings = Settings(data=folder / "now")
    settings.data.mkdir()
    try:
        async with open_house(sandbox, settings) as house:
            await fill(house)
        async with open_house(sandbox, settings, working=False) as house:
            await fill_idle(house)
    finally:
        sandbox.close()
    now, then = copying(sqlite_url(settings.data / "heyan.sqlite")), at_revision(sqlite_url(folder / "then"), REVISION)
    with now.connect() as source, then.begin() as target:
        copy_tables(source, target)
    now.dispose()
    then.dispose()
    with contextlib.closing(sqlite3.connect(folder / "then")) as ledger:
        FILE.write_text("\n".join(ledger.iterdump()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(write(Path(name)))
