"""What portals have is counted as it changes, and was counted when counting began."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from heyan.v1.intake_service_pb2 import PRIORITY_BATCH
from services.intake.ledger import attachments, migrate, portals, submissions
from services.intake.ledger.attachments import Uploaded
from services.intake.ledger.database import Database, sqlite_url
from services.intake.ledger.submissions import New

A, B = "a" * 64, "b" * 64


def new(request_id: str, sha256: str) -> New:
    return New(request_id, "0" * 64, "calls/c", "", PRIORITY_BATCH, None, (sha256,), ())


async def filled(database: Database) -> dict[str, tuple[int, int]]:
    """Two portals share bytes; one has erased a submission. What each has: bytes, submissions."""
    for portal, sha256, size in (("one", A, 10), ("one", B, 5), ("two", A, 10)):
        await database.write(attachments.record, portal, Uploaded(sha256, size, "a.docx"))
    await database.write(submissions.accept, "one", [new("1", A), new("2", A)], 100)
    (gone,) = await database.write(submissions.accept, "one", [new("3", B)], 100)
    await database.write(submissions.accept, "two", [new("1", A)], 100)
    await database.write(submissions.erase, "one", gone.name)
    return {"one": (10, 2), "two": (10, 1)}


async def counted(database: Database) -> dict[str, tuple[int, int]]:
    return {each.name: (each.bytes, each.submissions) for each in await database.read(portals.every)}


async def test_counts_follow_what_happens(tmp_path: Path) -> None:
    database = Database.open(sqlite_url(tmp_path / "ledger"))
    expected = await filled(database)
    assert await counted(database) == expected
    database.close()


async def test_what_was_there_before_counting_is_counted_once(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "ledger")
    database = Database.open(url)
    expected = await filled(database)
    database.close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:  # as the migration before callers left it
        connection.execute(sa.text("DROP TABLE portals"))
        connection.execute(sa.text("DROP TABLE credentials"))
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.stamp(config, "0002_pages")
    engine.dispose()
    database = Database.open(url)
    assert await counted(database) == expected
    database.close()
