"""The work: what goes wrong is tried again and then given up with a reason; what a dead worker held goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from heyan.v1 import intake_service_pb2 as pb
from services.extraction.sandbox import Sandbox
from services.intake.changes import Changes
from services.intake.ledger import queue, submissions
from services.intake.work import Pace, Work
from services.settings import Settings
from tests.services.intake.house import House, open_house, request, sha, until

FORM = b"application_form"
QUICK = Pace(hold=0.6, beat=0.1, poll=0.05, pause=0.05)


def notes(note: Path) -> int:
    return len(note.read_text().split()) if note.exists() else 0


async def test_a_failing_engine_is_tried_again_and_then_given_up_with_a_reason(
    readers: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    async with open_house(readers, replace(settings, attempts=3), pace=QUICK) as house:
        submission = await house.create(f"do engine failed: no models\nnote {note}".encode())
        events = await house.watch(submission.name)
        ended = await house.get(submission.name)
    assert notes(note) == 3
    assert [event.stage for event in events] == [
        "queued",
        "reading",
        "retrying",
        "reading",
        "retrying",
        "reading",
        "failed",
    ]
    assert ended.state == pb.SUBMISSION_STATE_FAILED
    assert ended.failure == "engine_unavailable"
    assert ended.failure_message.zh
    assert ended.failure_message.en
    assert not ended.HasField("report")


async def test_bytes_that_the_store_has_lost_are_a_reason(readers: Sandbox, settings: Settings) -> None:
    async with open_house(readers, replace(settings, attempts=1), working=False, pace=QUICK) as house:
        submission = await house.create(FORM)
        house.store.delete(sha(FORM))
        at_work = asyncio.create_task(house.work.run())
        await house.watch(submission.name)
        assert (await house.get(submission.name)).failure == "attachment_missing"
        at_work.cancel()


async def test_one_that_goes_wrong_does_not_hold_up_the_others(readers: Sandbox, settings: Settings) -> None:
    async with open_house(readers, settings, pace=replace(QUICK, pause=60), slots=1) as house:
        bad = await house.create(b"do engine failed: no models")
        assert (await house.done(FORM)).state == pb.SUBMISSION_STATE_DONE
        assert (await house.get(bad.name)).state == pb.SUBMISSION_STATE_QUEUED


async def test_what_a_silent_worker_held_is_done_by_another_and_read_files_stay_read(
    readers: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    data = f"application_form\nnote {note}".encode()
    async with open_house(readers, settings, working=False, pace=QUICK) as house:
        submission = await house.create(data, b"pairing_letter")
        # one that took it, read the first file, and was killed
        assert await house.database.write(submissions.begin, "dead", 0.3) is not None
        await house.check(data)
        at_work = asyncio.create_task(house.work.run())
        events = await house.watch(submission.name)
        at_work.cancel()
    assert events[-1].stage == "done"
    assert notes(note) == 1
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert sum(event.stage == "done" for event in events) == 1


async def test_a_worker_that_is_stopped_gives_back_what_it_had(idle_house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    submission = await idle_house.create(f"do hang\nnote {note}".encode())
    at_work = asyncio.create_task(idle_house.work.run())
    await until(lambda: notes(note) == 1)
    at_work.cancel()
    await asyncio.wait({at_work})
    assert (await idle_house.get(submission.name)).state == pb.SUBMISSION_STATE_QUEUED
    job = await idle_house.database.write(queue.take, "next", 60)
    assert job is not None
    assert (job.failures, job.losses) == (0, 0), "nobody's fault"


async def test_what_is_taken_away_from_a_worker_is_dropped_at_its_next_beat(
    readers: Sandbox, settings: Settings, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    async with open_house(readers, settings, pace=QUICK) as house:
        submission = await house.create(f"do hang\nnote {note}".encode())
        await until(lambda: notes(note) == 1)
        # as a server on another machine cancels: this process is not told
        await house.database.write(submissions.cancel, "local", submission.name)
        assert (await house.done(FORM, b"other", b"pairing_letter")).state == pb.SUBMISSION_STATE_DONE
        await until(lambda: not house.work._under_way)
        assert (await house.get(submission.name)).state == pb.SUBMISSION_STATE_CANCELLED


async def test_what_makes_every_worker_vanish_is_given_up(readers: Sandbox, settings: Settings) -> None:
    async with open_house(readers, settings, working=False, pace=QUICK) as house:
        submission = await house.create(FORM)
        for number in range(21):
            assert await house.database.write(queue.take, f"dead {number}", 0) is not None
            await asyncio.sleep(0.001)
        at_work = asyncio.create_task(house.work.run())
        await house.watch(submission.name)
        assert (await house.get(submission.name)).failure == "abandoned"
        at_work.cancel()


async def test_several_workers_on_one_ledger_do_each_submission_once(
    readers: Sandbox, postgres_url: str, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    settings = Settings(data=tmp_path, database=postgres_url)
    async with open_house(readers, settings, working=False, pace=QUICK) as house:
        workers = [Work(house.desk, Changes(), 2, QUICK) for _ in range(3)]
        tasks = [asyncio.create_task(worker.run()) for worker in workers]
        files = [f"other {number}\nnote {note}".encode() for number in range(30)]
        for data in files:
            await house.upload(data)
        batch = pb.BatchCreateSubmissionsRequest(requests=[request(data) for data in files])
        created = (await house.intake.BatchCreateSubmissions(batch)).submissions
        for each in created:
            events = await house.watch(each.name)
            assert [event.stage for event in events if not event.HasField("finding")].count("done") == 1
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    assert notes(note) == 30


@pytest.mark.parametrize("slots", [1, 2])
async def test_persons_wait_for_the_file_that_is_being_read_not_for_the_batch(
    readers: Sandbox, settings: Settings, slots: int
) -> None:
    async with open_house(readers, settings, working=False, slots=slots) as house:
        batch = [await house.create(f"other {n}".encode(), priority=pb.PRIORITY_BATCH) for n in range(6)]
        person = await house.create(FORM, priority=pb.PRIORITY_INTERACTIVE)
        at_work = asyncio.create_task(house.work.run())
        for each in (*batch, person):
            await house.watch(each.name)
        finished = sorted(
            [await house.get(each.name) for each in (*batch, person)], key=lambda s: s.finish_time.ToNanoseconds()
        )
        assert person.name in [submission.name for submission in finished[:slots]]
        at_work.cancel()
