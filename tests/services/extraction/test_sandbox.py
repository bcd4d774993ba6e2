"""A parser that crashes, hangs or eats memory costs its own file, and nobody else anything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.errors import EngineError, ReaderCrashed, TimedOut
from services.callers.caller import Caller, let_in
from services.extraction import process
from services.extraction.inside import HEAD, MOST_PART, Kind
from services.extraction.sandbox import Bounds, Interrupted, Sandbox
from tests import misbehaving
from tests.processes import alive, ended
from tests.reading import opened, reading


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    os.environ["HEYAN_TEST_SECRET"] = "password"
    with opened(Bounds(seconds=20, memory_mb=2048, tasks=100), workers=2) as box:
        del os.environ["HEYAN_TEST_SECRET"]
        yield box


async def test_an_honest_job_is_answered(sandbox: Sandbox) -> None:
    assert await sandbox.run(("answer", "你好")) == "你好".encode()


@pytest.mark.parametrize("what", ["crash", "exit", "eat memory", "break down", "die in the middle of a page"])
async def test_a_parser_that_dies_costs_its_own_file_only(sandbox: Sandbox, what: str) -> None:
    bad = asyncio.create_task(sandbox.run((what, "")))
    good = [asyncio.create_task(sandbox.run(("answer", str(number)))) for number in range(4)]
    with pytest.raises(ReaderCrashed):
        await bad
    assert [await each for each in good] == [b"0", b"1", b"2", b"3"]


@pytest.mark.parametrize("what", ["hang", "spin"])
async def test_a_parser_that_does_not_end_is_killed_in_time(sandbox: Sandbox, what: str) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        await sandbox.run((what, ""), seconds=0.5)
    assert time.monotonic() - began < 10
    assert await sandbox.run(("answer", "still here")) == b"still here"


async def test_a_job_may_take_longer_with_every_page_that_it_tells_but_no_page_may(tmp_path: Path) -> None:
    bounds = Bounds(seconds=1.0, memory_mb=2048, tasks=100, page_seconds=0.5, pages=4)
    with opened(bounds, workers=1) as box:
        await box.run(("answer", "started"))
        told: list[tuple[int, int, bytes]] = []
        assert await box.run(("tell", "0.4:3 0.4:0 0.4:100000 0.4:1"), hear=lambda *part: told.append(part)) == b""
        # the last one is said right before the answer
        assert told == [(1, 4, b"\1\1\1"), (2, 4, b""), (3, 4, b"\3" * 100_000), (4, 4, b"\4")]
        with pytest.raises(TimedOut, match="2 s, 1 pages were"):
            await box.run(("tell", "0.1:0 9:0"))
        began = time.monotonic()
        with pytest.raises(TimedOut, match="3 s, 4 pages were"):  # whatever it tells
            await box.run(("tell", "0.05:0 " * 200))
        assert time.monotonic() - began < 8
        with pytest.raises(TimedOut):  # whoever waits may want to wait less
            await box.run(("tell", "0.2:0 " * 4), seconds=0.3)


async def test_a_failed_engine_is_an_error_not_an_answer(sandbox: Sandbox) -> None:
    with pytest.raises(EngineError, match="no models"):
        await sandbox.run(("engine failed", "no models"))


async def test_workers_see_no_credentials(sandbox: Sandbox) -> None:
    names = (await sandbox.run(("environment", ""))).decode().split()
    assert "HEYAN_TEST_SECRET" not in names
    assert set(names) <= {"PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "LC_CTYPE", "OMP_THREAD_LIMIT"}


_FIRST_ENVIRONMENT = """
import asyncio
from services.extraction.sandbox import Bounds
from tests.reading import opened
with opened(Bounds(seconds=20, memory_mb=2048, tasks=10)) as box:
    print(asyncio.run(box.run(("first environment", ""))))
"""


def test_what_the_server_was_started_with_is_not_in_its_workers_memory() -> None:
    """As root it could be read of any process; that no other of the user reads the server's is in test_settings.py."""
    environment = {**os.environ, "HEYAN_TEST_SECRET": "password", "PYTHONPATH": ".:proto"}
    command = [sys.executable, "-c", _FIRST_ENVIRONMENT]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.startswith(("b'", 'b"'))
    assert "password" not in told.stdout


async def test_cancelling_kills_the_parser_and_its_programs_within_a_second(sandbox: Sandbox, tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    task = asyncio.create_task(sandbox.run(("grandchild", str(note))))
    while not (note.exists() and note.read_text()):
        await asyncio.sleep(0.05)
    process = int(note.read_text())
    worker = os.getsid(process)
    assert alive(process)
    task.cancel()
    cancelled = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    while alive(worker) or alive(process):
        assert time.monotonic() - cancelled < 1.0
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("what", ["grandchild", "grandchild in a group of its own"])
async def test_a_time_limit_kills_the_programs_too(sandbox: Sandbox, tmp_path: Path, what: str) -> None:
    note = tmp_path / "grandchild"
    with pytest.raises(TimedOut):
        await sandbox.run((what, str(note)), seconds=1.0)
    for _ in range(100):
        if not alive(int(note.read_text())):
            break
        await asyncio.sleep(0.1)
    assert not alive(int(note.read_text()))


def test_a_busy_worker_and_its_programs_end_with_a_server_that_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    server = tmp_path / "server.py"
    server.write_text(
        "import asyncio\n"
        "from services.extraction.sandbox import Bounds, Sandbox\n"
        "from tests import misbehaving\n"
        "if __name__ == '__main__':\n"
        "    bounds = Bounds(seconds=100, memory_mb=2048, tasks=100)\n"
        "    box = Sandbox(misbehaving.start, misbehaving.run, argument=None, workers=1, bounds=bounds)\n"
        f"    asyncio.run(box.run(('grandchild', {str(note)!r})))\n"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen([sys.executable, server], env={**os.environ, "PYTHONPATH": paths})
    for _ in range(400):
        if note.exists() and note.read_text():
            break
        time.sleep(0.05)
    program = int(note.read_text())
    worker = os.getsid(program)
    process.kill()
    process.wait()
    assert ended(program)
    assert ended(worker)


@pytest.mark.parametrize(
    "said",
    [
        b"?" * HEAD.size,
        HEAD.pack(Kind.ANSWER, 0, 0, 2**62),  # nothing that large is waited for
        HEAD.pack(Kind.TOLD, 1, 2, MOST_PART + 1) + bytes(MOST_PART + 1),
        HEAD.pack(Kind.TOLD, 2, 2, 0) + HEAD.pack(Kind.TOLD, 1, 2, 0),  # pages come in their order
        HEAD.pack(Kind.TOLD, 2, 1, 0),
        HEAD.pack(Kind.BEGUN, 0, 0, 0),
        HEAD.pack(Kind.READY, 0, 0, 3) + b"yes",
    ],
    ids=["no message", "a huge answer", "a huge page", "an earlier page", "a page too many", "begun", "ready"],
)
async def test_a_worker_that_was_taken_over_cannot_say_what_it_likes(
    sandbox: Sandbox, tmp_path: Path, said: bytes
) -> None:
    (tmp_path / "said").write_bytes(said)
    with pytest.raises(ReaderCrashed):
        await asyncio.wait_for(sandbox.run(("babble", str(tmp_path / "said"))), 10)
    assert await sandbox.run(("answer", "still here")) == b"still here"


async def test_a_job_is_stopped_behind_a_page_for_whoever_waits() -> None:
    with reading(workers=1, how=misbehaving.run) as box:
        told: list[int] = []

        async def flood() -> None:
            let_in(Caller("flood", frozenset()))
            with pytest.raises(Interrupted):
                await box.run(("tell", "0.1:1 " * 100), hear=lambda number, *_: told.append(number), resumable=True)

        async def other() -> bytes:
            let_in(Caller("other", frozenset()))
            return await box.run(("answer", "soon"))

        flooding = asyncio.create_task(flood())
        await asyncio.sleep(0.5)
        assert await asyncio.wait_for(asyncio.create_task(other()), 8) == b"soon"
        await flooding
        assert told == list(range(1, len(told) + 1))
        assert 2 <= len(told) < 60
        assert await box.run(("tell", "0:1 0:1")) == b"", "the one that was asked to stop is not this one"


# ------------------------------------------------------------------------------------------ deaths


async def test_a_worker_that_dies_without_a_job_costs_nothing() -> None:
    with reading(workers=1, how=misbehaving.run) as box:
        for _ in range(2):
            pid = int(await box.run(("pid", "")))
            os.kill(pid, signal.SIGKILL)
            assert await asyncio.wait_for(box.run(("answer", "yes")), 10) == b"yes"
        assert box.crew() == (1, 0, 2)
    with pytest.raises(ReaderCrashed):
        await box.run(("answer", "yes"))


async def test_another_worker_comes_at_once_and_not_with_the_next_job() -> None:
    with reading(workers=2, how=misbehaving.run) as box:
        await box.ready()
        before = box.processes()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(10):
            while len(box.processes() - before) < 2:
                await asyncio.sleep(0.02)


async def test_what_was_told_is_heard_though_its_teller_has_died() -> None:
    said = HEAD.pack(Kind.TOLD, 1, 2, 3) + b"one"
    with reading(workers=1, how=misbehaving.run) as box:
        for _ in range(5):
            told: list[tuple[int, int, bytes]] = []
            with pytest.raises(ReaderCrashed, match="SIGKILL"):
                await box.run(("say and die", said.hex()), hear=lambda *part, told=told: told.append(part))
            assert told == [(1, 2, b"one")]


async def test_a_job_goes_to_another_worker_where_the_first_dies_as_it_receives_it() -> None:
    """What stopped whole servers once: a worker stood still, or died, with half of a large job."""
    with reading(workers=1, how=misbehaving.run) as box:
        pid = int(await box.run(("pid", "")))
        os.kill(pid, signal.SIGSTOP)
        large = asyncio.create_task(box.run(("length of", "x" * 50_000_000)))
        await asyncio.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        assert await asyncio.wait_for(large, 20) == b"50000000"


async def test_a_job_goes_to_another_worker_where_memory_ends_as_it_is_received() -> None:
    with opened(Bounds(seconds=20, memory_mb=2048, tasks=100)) as box:
        full = int(await box.run(("fill memory", "1500")))
        assert await asyncio.wait_for(box.run(("length of", "x" * 300_000_000)), 20) == b"300000000"
        assert full not in box.processes()


async def test_a_job_that_no_worker_has_room_for_is_given_up() -> None:
    with opened(Bounds(seconds=20, memory_mb=1024, tasks=100)) as box:
        with pytest.raises(ReaderCrashed, match="3 workers"):
            await asyncio.wait_for(box.run(("length of", "x" * 400_000_000)), 60)
        assert await asyncio.wait_for(box.run(("answer", "yes")), 20) == b"yes"


async def test_a_worker_is_renewed_before_its_address_space_ends() -> None:
    with opened(Bounds(seconds=20, memory_mb=2048, tasks=100)) as box:
        full = int(await box.run(("fill memory", "1600")))
        async with asyncio.timeout(10):
            while full in box.processes():
                assert await box.run(("answer", "meanwhile")) == b"meanwhile"


async def test_a_worker_that_keeps_much_in_use_is_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_HEAVY", 500 * 2**20)
    with opened(Bounds(seconds=20, memory_mb=4096, tasks=10)) as box:
        light = int(await box.run(("use memory", "50")))
        for _ in range(3):
            assert await box.run(("answer", "meanwhile")) == b"meanwhile"
        assert light in box.processes()
        await box.run(("use memory", "500"))
        async with asyncio.timeout(10):
            while light in box.processes():
                assert await box.run(("answer", "meanwhile")) == b"meanwhile"


async def test_a_worker_that_dies_while_it_answers_costs_its_job() -> None:
    with reading(workers=2, how=misbehaving.run) as box:
        for said in (HEAD.pack(Kind.ANSWER, 0, 0, 1000) + bytes(999), HEAD.pack(Kind.TOLD, 1, 2, 1000) + bytes(9)):
            with pytest.raises(ReaderCrashed, match="SIGKILL"):
                await asyncio.wait_for(box.run(("say and die", said.hex())), 10)
            assert await asyncio.wait_for(box.run(("answer", "yes")), 10) == b"yes"


async def test_killed_at_random_every_job_ends_with_its_own_answer() -> None:
    chance = random.Random(1)
    with reading(workers=3, how=misbehaving.run) as box:
        await box.ready()
        ends: Counter[str] = Counter()

        async def kill() -> None:
            for _ in range(120):
                await asyncio.sleep(chance.random() * 0.08)
                if alive := sorted(box.processes()):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(chance.choice(alive), signal.SIGKILL)

        async def ask(asker: int) -> None:
            while not killing.done():
                ends["asked"] += 1
                text = f"{asker}:{ends['asked']} " * chance.choice((1, 1000, 200_000))
                told: list[int] = []
                try:
                    answer = await box.run(("echo", text), hear=lambda page, *_, told=told: told.append(page))
                except (ReaderCrashed, EngineError):  # the latter: none came to its start three times
                    ends["crashed"] += 1
                else:
                    ends["answered"] += 1
                    assert (answer, told) == (text.encode(), [1, 2])

        killing = asyncio.create_task(kill())
        async with asyncio.timeout(60):
            await asyncio.gather(*map(ask, range(6)))
        assert ends["answered"] + ends["crashed"] == ends["asked"]
        assert ends["answered"] >= 50
        assert await asyncio.wait_for(box.run(("answer", "yes")), 20) == b"yes"


# ------------------------------------------------------------------------------------------ starts


async def test_workers_that_cannot_start_are_the_engines_failure_and_nobody_waits_for_ever() -> None:
    bounds = Bounds(seconds=20, memory_mb=2048, tasks=100)
    with opened(bounds, workers=2, start=misbehaving.crash_at_start) as box:
        waiting = asyncio.create_task(box.run(("answer", "yes")))
        with pytest.raises(EngineError, match="exit code 7"):
            await asyncio.wait_for(box.ready(), 20)
        with pytest.raises(EngineError, match="exit code 7"):
            await asyncio.wait_for(waiting, 20)
        with pytest.raises(EngineError):
            await asyncio.wait_for(box.run(("answer", "yes")), 1)
        started = box.crew()[2]
        await asyncio.sleep(1.0)
        assert box.crew()[2] - started <= 2, "they are started less and less often"


async def test_how_a_worker_ended_is_known_though_it_was_gone_before_it_could_be_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = os.pidfd_open

    def late(pid: int) -> int:
        end = time.monotonic() + 10
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.02)
        return watch(pid)

    monkeypatch.setattr(os, "pidfd_open", late)
    bounds = Bounds(seconds=20, memory_mb=2048, tasks=100)
    dying = opened(bounds, workers=1, start=misbehaving.crash_at_start)
    with dying as box, pytest.raises(EngineError, match="exit code 7"):
        await asyncio.wait_for(box.ready(), 20)


async def test_a_worker_that_dies_at_its_start_is_followed_by_another(tmp_path: Path) -> None:
    bounds = Bounds(seconds=20, memory_mb=2048, tasks=100)
    with opened(bounds, workers=1, start=misbehaving.crash_at_first, argument=tmp_path / "starts") as box:
        assert await asyncio.wait_for(box.run(("answer", "yes")), 20) == b"yes"
        await box.ready()


async def test_jobs_that_need_no_engine_are_done_where_it_cannot_run() -> None:
    bounds = Bounds(seconds=20, memory_mb=2048, tasks=100)
    with opened(bounds, workers=1, start=misbehaving.fail_at_start) as box:
        with pytest.raises(EngineError, match="no models"):
            await box.ready()
        assert await box.run(("answer", "yes")) == b"yes"


async def test_a_worker_is_renewed_behind_its_share_of_files_and_nobody_waits_for_the_next() -> None:
    with opened(Bounds(seconds=20, memory_mb=2048, tasks=5), start=misbehaving.slow_start) as box:
        await box.ready()
        pids, longest = [], 0.0
        async with asyncio.timeout(30):
            while len(set(pids)) < 3:
                began = time.monotonic()
                pids.append(int(await box.run(("pid", ""))))
                longest = max(longest, time.monotonic() - began)
                await asyncio.sleep(0.02)
        assert longest < misbehaving.SLOW
        assert pids == sorted(pids, key=pids.index), "none comes back"
        assert len(pids) > 10, "each goes on until the next is there"
        assert pids[-1] in box.processes()
        assert len(box.processes()) <= 2


async def test_what_is_under_way_ends_with_the_sandbox() -> None:
    with opened(Bounds(20, 2048, 100), start=misbehaving.slow_start) as box:
        under_way = [asyncio.create_task(box.run((what, ""))) for what in ("hang", "answer")]
        getting_ready = asyncio.create_task(box.ready())
        await asyncio.sleep(0.2)
        await asyncio.to_thread(box.close)
        for each in (*under_way, getting_ready):
            with pytest.raises(ReaderCrashed):
                await asyncio.wait_for(each, 5)
        assert box.processes() == frozenset()
        # and is closed again: nothing
