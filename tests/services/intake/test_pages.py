"""A long file is read page by page: told as it goes, not read twice after a crash, and stopped at once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from clients.sdk import Client, Upload
from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import validation_service_pb2 as validation_pb
from services.extraction.sandbox import Sandbox
from services.intake.ledger import pages, queue, schema, submissions
from services.settings import Settings
from tests.services.intake.house import CALL, House, open_house, sha, until
from tests.services.intake.test_work import QUICK

LETTER = b"pairing_letter"


def numbers(note: Path) -> list[int]:
    return [int(line) for line in note.read_text().split()] if note.exists() else []


def kept(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(schema.pages)) or 0


async def test_each_event_says_how_far_which_file_is(house: House, tmp_path: Path) -> None:
    scan = f"pages 12 0.1\nnote {tmp_path / 'note'}".encode()
    submission = await house.create(LETTER, scan, LETTER)
    told = [
        (event.file, event.files, event.file_pages_done, event.file_pages_total, event.pages_done, event.pages_total)
        for event in await house.watch(submission.name)
        if event.stage in ("reading", "judging") and not event.HasField("finding")
    ]
    assert told[:2] == [(0, 0, 0, 0, 0, 0), (1, 2, 0, 0, 0, 0)]
    assert told[-2:] == [(2, 2, 12, 12, 12, 12)] * 2
    under_way = told[2:-2]
    assert 1 <= len(under_way) < 12, "one about every half second, not one a page"
    assert under_way == [(2, 2, done, 12, done, 12) for _, _, done, *_ in under_way]
    assert await house.database.read(kept) == 0


async def test_a_check_that_is_watched_tells_the_pages_and_then_the_answer(house: House, tmp_path: Path) -> None:
    scan = f"pages 8 0.15\nnote {tmp_path / 'note'}".encode()

    def requests() -> list[validation_pb.WatchCheckRequest]:
        parts = [validation_pb.CheckRequest(header=validation_pb.CheckHeader(call=CALL))]
        for name, data in (("函.txt", LETTER), ("扫描.pdf", scan)):
            parts += [validation_pb.CheckRequest(file=validation_pb.FileHeader(name=name))]
            parts += [validation_pb.CheckRequest(chunk=data)]
        return [validation_pb.WatchCheckRequest(request=part) for part in parts]

    stream = house.validation.WatchCheck(iter(requests()), timeout=20)
    *progress, last = [message async for message in stream]
    assert [reading.file_name for reading in last.answer.report.documents] == ["函.txt", "扫描.pdf"]
    told = [each.progress for each in progress]
    assert [(each.file_name, each.pages_total, each.files_done, each.files_total) for each in told[-1:]] == [
        ("扫描.pdf", 8, 2, 2)
    ]
    assert ("函.txt", 0, 1) in [(each.file_name, each.pages_done, each.files_done) for each in told]
    assert any(each.file == 1 and 0 < each.pages_done < 8 for each in told)


async def test_the_client_tells_the_pages_of_a_check(house: House, tmp_path: Path) -> None:
    scan = f"pages 6 0.2\nnote {tmp_path / 'note'}".encode()
    told: list[validation_pb.CheckProgress] = []
    with Client(f"unix:{house.settings.data}/s") as client:
        files = [Upload("扫描.pdf", scan)]
        answer = await asyncio.to_thread(client.check, files, CALL, progress=told.append)
        again = await asyncio.to_thread(client.check, files, CALL)
    assert answer == again
    assert (told[-1].pages_done, told[-1].pages_total, told[-1].files_done) == (6, 6, 1)
    assert 0 < told[0].pages_done < 6


async def test_after_a_dead_reader_the_next_goes_on_at_the_page_where_it_stopped(house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    submission = await house.done(f"pages 20 0.01 13\nnote {note}".encode(), LETTER)
    assert submission.state == pb.SUBMISSION_STATE_DONE
    assert numbers(note) == list(range(1, 21)), "no page is read twice, none is left out"
    reading = submission.report.documents[0]
    assert [page.number for page in reading.document.pages] == list(range(1, 21))
    assert not reading.HasField("unreadable")
    assert await house.database.read(kept) == 0, "they went with the reading that holds them"


async def test_after_a_dead_worker_another_goes_on_at_the_page_where_it_stopped(
    readers: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    data = f"pages 16 0.1\nnote {note}".encode()
    async with open_house(readers, settings, pace=replace(QUICK, hold=1.0), slots=1) as house:
        submission = await house.create(data)
        await until(lambda: len(numbers(note)) >= 10)
        # the worker is gone without a word, and its reader with it
        lost = next(iter(house.work._under_way))
        await house.database.write(lambda c: c.execute(sa.update(schema.jobs).values(worker="gone", held_until=0)))
        await until(lambda: lost not in house.work._under_way)
        events = await house.watch(submission.name)
    assert events[-1].stage == "done"
    assert sorted(set(numbers(note))) == list(range(1, 17))
    assert len(numbers(note)) <= 16 + 8, "only what was read in the last half second or so is read again"
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))


async def test_cancelling_a_long_file_stops_its_reader_within_a_second(house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    data = f"pages 400 0.05\nnote {note}".encode()
    submission = await house.create(data)
    await until(lambda: len(numbers(note)) > 2)
    began = time.monotonic()
    await house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=submission.name))
    last = len(numbers(note))
    while True:
        await asyncio.sleep(0.15)
        if len(numbers(note)) == last:
            break
        last = len(numbers(note))
    assert time.monotonic() - began < 1.0
    assert (await house.get(submission.name)).state == pb.SUBMISSION_STATE_CANCELLED


async def test_cancelling_at_another_server_stops_it_within_a_second(
    readers: Sandbox, postgres_url: str, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    settings = Settings(data=tmp_path, database=postgres_url)
    async with open_house(readers, settings) as house:  # at its usual pace
        submission = await house.create(f"pages 400 0.05\nnote {note}".encode())
        await until(lambda: len(numbers(note)) > 2)
        await house.database.write(submissions.cancel, "local", submission.name)
        began = time.monotonic()
        await until(lambda: not house.work._under_way, 2.0)
        assert time.monotonic() - began < 1.0


async def test_pages_of_an_interrupted_check_serve_the_next_and_go_when_nobody_comes(
    house: House, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    data = f"pages 30 0.1\nnote {note}".encode()
    checking = asyncio.create_task(house.check(data))
    await until(lambda: len(numbers(note)) >= 15)
    checking.cancel()
    await asyncio.wait({checking})
    found = await house.database.read(pages.find, sha(data), house.desk.reader)
    assert sorted(found) == list(range(1, len(found) + 1))
    assert len(found) >= 5
    await house.database.write(pages.forget_unsubmitted, 2**62)
    assert await house.database.read(kept) == 0


async def test_erasing_takes_the_pages_too(house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    data = f"pages 400 0.05\nnote {note}".encode()
    submission = await house.create(data)
    while await house.database.read(kept) == 0:
        await asyncio.sleep(0.05)
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=submission.name))
    await asyncio.sleep(0.7)
    assert await house.database.read(kept) == 0
    assert await house.database.write(queue.take, "next", 60) is None


@pytest.mark.parametrize("limit", [2, 3])
async def test_pages_of_one_reader_are_not_anothers(idle_house: House, limit: int) -> None:
    await idle_house.database.write(pages.keep, "a" * 64, "reader", {n: bytes([n]) for n in range(limit)})
    await idle_house.database.write(pages.keep, "a" * 64, "reader", {0: b"another", 9: b"9"})
    assert await idle_house.database.read(pages.find, "a" * 64, "newer") == {}
    expected = {n: bytes([n]) for n in range(limit)} | {9: b"9"}
    assert await idle_house.database.read(pages.find, "a" * 64, "reader") == expected
