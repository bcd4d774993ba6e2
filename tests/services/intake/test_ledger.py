"""The ledger's statements, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from heyan.v1.document_pb2 import Reading
from heyan.v1.intake_service_pb2 import PRIORITY_BATCH, PRIORITY_INTERACTIVE
from heyan.v1.report_pb2 import VERDICT_ACCEPTABLE, Report
from services.intake.ledger import attachments, queue, readings, submissions
from services.intake.ledger.attachments import Uploaded
from services.intake.ledger.database import Database, sqlite_url
from services.intake.ledger.readings import Key
from services.intake.ledger.schema import METADATA, jobs
from services.intake.ledger.submissions import At, New, Submission
from services.intake.opening import CannotOpen, open_ledger
from services.intake.refusals import StorageDown
from services.settings import Settings

SHA = "a" * 64


@pytest.fixture
async def ledger(settings: Settings) -> AsyncIterator[Database]:
    database = open_ledger(settings)
    yield database
    database.close()


async def accepted(ledger: Database, caller: str, count: int = 1, priority: int = PRIORITY_BATCH) -> list[Submission]:
    await ledger.write(attachments.record, caller, Uploaded(SHA, 1, "a.docx"))
    have = len(await ledger.read(submissions.page, caller, submissions.Filter(), 10_000))
    new = [
        New(f"{caller}-{have + number}", "0" * 64, "calls/c", "", priority, None, (SHA,), ()) for number in range(count)
    ]
    return await ledger.write(submissions.accept, caller, new, 100_000)


async def take(ledger: Database, worker: str = "w", seconds: float = 60) -> queue.Job | None:
    return await ledger.write(queue.take, worker, seconds)


async def taken_callers(ledger: Database, count: int) -> str:
    """The callers of the next jobs, each of which is done before the next is taken."""
    served = ""
    for _ in range(count):
        job = await take(ledger)
        assert job is not None
        submission = await ledger.read(submissions.by_number, job.submission)
        served += submission.caller
        assert await ledger.write(queue.end, "w", job.submission)
    return served


async def test_the_migrations_make_what_the_schema_says(ledger: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    assert await ledger.read(differences) == []


async def test_what_a_newer_heyan_made_is_refused_and_left_alone(settings: Settings) -> None:
    database = open_ledger(settings)
    await database.write(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = 'f000'").rowcount)
    database.close()
    with pytest.raises(CannotOpen, match="newer heyan"):
        open_ledger(settings)


async def test_sqlite_keeps_every_commit_on_disk_and_overwrites_what_is_erased(tmp_path: Path) -> None:
    database = open_ledger(Settings(data=tmp_path))
    for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}.items():
        assert await database.write(lambda c, p=pragma: c.exec_driver_sql(f"PRAGMA {p}").scalar()) == value
    database.close()


async def test_a_failed_transaction_leaves_nothing(ledger: Database) -> None:
    def half(connection: sa.Connection) -> None:
        attachments.record(connection, "A", Uploaded(SHA, 1, "a.docx"))
        raise KeyError

    with pytest.raises(KeyError):
        await ledger.write(half)
    assert await ledger.read(attachments.known, "A", [SHA]) == {}


async def test_a_caller_who_hangs_up_leaves_a_whole_transaction(ledger: Database) -> None:
    writing = asyncio.create_task(ledger.write(attachments.record, "A", Uploaded(SHA, 1, "a.docx")))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    for _ in range(100):
        if SHA in await ledger.read(attachments.known, "A", [SHA]):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("half a transaction")


def test_a_ledger_that_is_none_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "heyan.sqlite").write_bytes(b"not a database, " * 1000)
    with pytest.raises(CannotOpen, match=r"heyan\.sqlite.*: file is not a database"):
        open_ledger(Settings(data=tmp_path))
    with pytest.raises(CannotOpen, match=r"HEYAN_DATABASE.*No such file or directory"):
        open_ledger(Settings(data=tmp_path, database=f"postgresql://heyan@/none?host={tmp_path}"))
    with pytest.raises(CannotOpen, match="no/heyan"):
        open_ledger(Settings(data=tmp_path / "no"))


def test_the_ledger_is_for_its_owner_alone_in_a_folder_that_others_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    database = open_ledger(Settings(data=tmp_path))
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("heyan.sqlite*")} == {0o600}
    database.close()


async def test_a_locked_database_is_told_as_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "heyan.sqlite"
    Database.open(sqlite_url(file)).close()
    database = Database.open(sqlite_url(file), busy_seconds=0.05)
    with sqlite3.connect(file) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM audit")
        with pytest.raises(StorageDown):
            await database.write(attachments.record, "A", Uploaded(SHA, 1, "a.docx"))
    other.close()
    database.close()


# --------------------------------------------------------------------------------------------------- callers


async def test_nobody_has_what_he_has_not_uploaded_nor_sees_what_is_not_his(ledger: Database) -> None:
    (his,) = await accepted(ledger, "A")
    assert await ledger.read(attachments.known, "B", [SHA]) == {}
    new = New("r", "0" * 64, "calls/c", "", 1, None, (SHA,), ())
    with pytest.raises(submissions.MissingAttachments):
        await ledger.write(submissions.accept, "B", [new], 10)
    for action in (submissions.get, submissions.cancel, submissions.erase):
        with pytest.raises(submissions.NotFound):
            await ledger.write(action, "B", his.name)
    assert await ledger.read(submissions.page, "B", submissions.Filter(), 10) == []


async def test_the_same_request_id_of_two_callers_is_two_requests(ledger: Database) -> None:
    await ledger.write(attachments.record, "A", Uploaded(SHA, 1, "a"))
    await ledger.write(attachments.record, "B", Uploaded(SHA, 1, "b"))
    new = New("r", "0" * 64, "calls/c", "", 1, None, (SHA,), ())
    (one,) = await ledger.write(submissions.accept, "A", [new], 10)
    (two,) = await ledger.write(submissions.accept, "B", [new], 10)
    assert one.name != two.name
    assert (one.files, two.files) == (((SHA, "a"),), ((SHA, "b"),))


async def test_erasing_one_callers_submission_leaves_the_others_bytes(ledger: Database) -> None:
    (his,) = await accepted(ledger, "A")
    await ledger.write(attachments.record, "B", Uploaded(SHA, 1, "b"))  # uploaded, and not submitted yet
    await ledger.write(submissions.erase, "A", his.name)
    assert await ledger.read(attachments.to_discard) == []
    assert await ledger.read(attachments.known, "A", [SHA]) == {}
    (hers,) = await accepted(ledger, "B")
    await ledger.write(submissions.erase, "B", hers.name)
    assert await ledger.read(attachments.to_discard) == [SHA]


async def test_bytes_that_are_uploaded_again_are_not_discarded(ledger: Database) -> None:
    (his,) = await accepted(ledger, "A")
    await ledger.write(submissions.erase, "A", his.name)
    await ledger.write(attachments.record, "A", Uploaded(SHA, 1, "a"))
    assert await ledger.read(attachments.to_discard) == []


# ----------------------------------------------------------------------------------------------------- queue


async def test_persons_come_before_batches(ledger: Database) -> None:
    await accepted(ledger, "A", 3, PRIORITY_BATCH)
    await accepted(ledger, "B", 1, PRIORITY_INTERACTIVE)
    assert await taken_callers(ledger, 4) == "BAAA"


async def test_callers_are_served_in_turn_however_many_jobs_one_has(ledger: Database) -> None:
    await accepted(ledger, "A", 6)
    assert await taken_callers(ledger, 2) == "AA"
    await accepted(ledger, "B", 3)
    await accepted(ledger, "C", 1)
    assert sorted(await taken_callers(ledger, 3)) == ["A", "B", "C"]
    assert sorted(await taken_callers(ledger, 2)) == ["A", "B"]
    assert sorted(await taken_callers(ledger, 3)) == ["A", "A", "B"]
    assert await take(ledger) is None


async def test_a_caller_who_was_away_does_not_come_before_all_others_for_long(ledger: Database) -> None:
    await accepted(ledger, "A", 10)
    assert await taken_callers(ledger, 5) == "AAAAA"
    await accepted(ledger, "B", 5)
    assert (await taken_callers(ledger, 10)).count("A") == 5
    assert await take(ledger) is None


async def time_passes(ledger: Database) -> None:
    """Whatever is held, or waits for its time, has waited long enough: no test hangs on a machine's speed."""
    await ledger.write(
        lambda c: (
            c.execute(sa.update(jobs).values(held_until=sa.case((jobs.c.worker.is_(None), None), else_=0))).rowcount
        )
    )
    await ledger.write(lambda c: c.execute(sa.update(jobs).values(not_before=0)).rowcount)


async def test_a_job_is_one_workers_until_it_falls_silent(ledger: Database) -> None:
    await accepted(ledger, "A")
    job = await take(ledger, "one")
    assert job is not None
    assert job.losses == 0
    await time_passes(ledger)
    assert await ledger.write(queue.hold, "one", [job.submission], 60) == {job.submission}
    assert await take(ledger, "two") is None, "it was held on"
    await time_passes(ledger)
    taken = await take(ledger, "two")
    assert taken is not None
    assert (taken.submission, taken.losses) == (job.submission, 1)
    assert await ledger.write(queue.hold, "one", [job.submission], 60) == set()


async def test_who_has_lost_a_job_cannot_write_its_outcome(ledger: Database) -> None:
    (submission,) = await accepted(ledger, "A")
    await take(ledger, "one", 0)
    await asyncio.sleep(0.01)
    await take(ledger, "two")
    report = Report(verdict=VERDICT_ACCEPTABLE)
    assert not await ledger.write(submissions.finish, "one", submission, report)
    assert not await ledger.write(submissions.progress, "one", At(submission.number, files=1))
    await ledger.write(submissions.fail, "one", submission, "internal")
    await ledger.write(submissions.retry, "one", submission, 0)
    await ledger.write(submissions.give_back, "one", submission.number)
    assert await ledger.write(submissions.finish, "two", submission, report)
    assert not await ledger.write(submissions.finish, "two", submission, report), "once"
    after = await ledger.read(submissions.by_number, submission.number)
    assert after.verdict == VERDICT_ACCEPTABLE
    assert after.failure == ""


async def test_many_workers_take_each_job_once(ledger: Database) -> None:
    numbers = {submission.number for submission in await accepted(ledger, "A", 40)}
    jobs = await asyncio.gather(*(take(ledger, f"w{number}") for number in range(40)))
    assert {job.submission for job in jobs if job} == numbers


async def test_what_went_wrong_waits(ledger: Database) -> None:
    (submission,) = await accepted(ledger, "A")
    await take(ledger)
    await ledger.write(submissions.retry, "w", submission, 60)
    assert await take(ledger) is None
    await time_passes(ledger)
    job = await take(ledger)
    assert job is not None
    assert (job.failures, job.losses) == (1, 0)


# -------------------------------------------------------------------------------------------------- readings


async def kept(ledger: Database, reader: str, forms: str, kind: str, *, certain: bool = True) -> None:
    packed = readings.packed(Reading(kind=kind, file_name="王.docx"))
    await ledger.write(readings.keep, Key(SHA, reader, forms), packed, certain=certain)


async def test_readings_are_found_by_reader_and_those_of_the_same_forms_first(ledger: Database) -> None:
    key = Key(SHA, "r2", "f2")
    assert await ledger.read(readings.find, key) is None
    await kept(ledger, "r1", "f2", "old reader")
    assert await ledger.read(readings.find, key) is None
    found = await ledger.read(readings.find_by_any_reader, key)
    assert found is not None
    assert found.reading.kind == "old reader"
    await kept(ledger, "r2", "f1", "other forms")
    found = await ledger.read(readings.find, key)
    assert found is not None
    assert (found.reading.kind, found.fits) == ("other forms", False)
    await kept(ledger, "r2", "f2", "fits")
    await kept(ledger, "r2", "f3", "newer, other forms")
    for find in (readings.find, readings.find_by_any_reader):
        found = await ledger.read(find, key)
        assert found is not None
        assert (found.reading.kind, found.fits, found.reading.file_name) == ("fits", True, "")


async def test_an_uncertain_reading_is_for_its_own_submission_only(ledger: Database) -> None:
    await kept(ledger, "r", "f", "crashed", certain=False)
    assert await ledger.read(readings.find, Key(SHA, "r", "f")) is None
    assert await ledger.read(readings.find_by_any_reader, Key(SHA, "r", "f")) is not None
    await kept(ledger, "r", "f", "read")
    found = await ledger.read(readings.find, Key(SHA, "r", "f"))
    assert found is not None
    assert found.reading.kind == "read"
