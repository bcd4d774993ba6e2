"""What is nobody's, or too old, goes; what is somebody's stays."""

from __future__ import annotations

import math
import os
import time

import sqlalchemy as sa

from heyan.v1 import intake_service_pb2 as pb
from services.intake.ledger.schema import readings, submissions, uploads
from services.intake.store import FolderStore
from services.intake.upkeep import tidy
from tests.services.intake.house import House, name, sha

FORM, LETTER = b"application_form", b"pairing_letter"
HOUR = 3_600_000_000


async def age(house: House, table: sa.Table, column: str, hours: float) -> None:
    await house.database.write(
        lambda c: c.execute(sa.update(table).values({column: table.c[column] - int(hours * HOUR)})).rowcount
    )


async def tidied(house: House, retention_days: float = math.inf, unsubmitted_hours: float = 24) -> None:
    await tidy(house.database, house.store, retention_days=retention_days, unsubmitted_hours=unsubmitted_hours)


async def test_uploads_and_readings_that_nobody_submits_go_after_their_time(house: House) -> None:
    await house.upload(LETTER)
    await house.check(b"other")
    done = await house.done(FORM)
    await tidied(house)
    assert set(house.store.hashes(-1)) == {sha(FORM), sha(LETTER)}
    await age(house, uploads, "upload_time", 25)
    await age(house, readings, "use_time", 25)
    await tidied(house)
    assert set(house.store.hashes(-1)) == {sha(FORM)}
    missing = pb.MissingAttachmentsRequest(attachments=[name(LETTER), name(FORM)])
    assert list((await house.intake.MissingAttachments(missing)).attachments) == [name(LETTER)]
    left = await house.database.read(lambda c: list(c.scalars(sa.select(readings.c.sha256))))
    assert left == [sha(FORM)]
    assert await house.get(done.name) == done


async def test_old_submissions_are_erased_where_the_settings_say_so(house: House) -> None:
    old = await house.done(FORM)
    await age(house, submissions, "finish_time", 48)
    young = await house.done(LETTER)
    await tidied(house)
    assert (await house.get(old.name)).state == pb.SUBMISSION_STATE_DONE
    await tidied(house, retention_days=1)
    assert (await house.get(old.name)).state == pb.SUBMISSION_STATE_ERASED
    assert await house.get(young.name) == young
    assert set(house.store.hashes(-1)) == {sha(LETTER)}


async def test_bytes_of_which_the_ledger_knows_nothing_go_when_no_upload_can_be_under_way(house: House) -> None:
    await house.upload(FORM)
    assert isinstance(house.store, FolderStore)
    orphan = sha(b"orphan")
    path = house.settings.data / "attachments" / orphan[:2] / orphan
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"orphan")
    await tidied(house)
    assert path.exists()
    os.utime(path, (time.time() - 7200,) * 2)
    await tidied(house)
    assert not path.exists()
    assert set(house.store.hashes(-1)) == {sha(FORM)}


async def test_what_a_crash_left_to_discard_is_discarded(house: House) -> None:
    await house.upload(FORM)
    await house.database.write(lambda c: c.exec_driver_sql("DELETE FROM uploads").rowcount)
    await house.database.write(lambda c: c.exec_driver_sql("DELETE FROM attachments").rowcount)
    await house.database.write(
        lambda c: c.exec_driver_sql(f"INSERT INTO discarded (sha256) VALUES ('{sha(FORM)}')").rowcount
    )
    await tidied(house)
    assert list(house.store.hashes(-1)) == []
