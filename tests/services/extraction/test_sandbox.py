"""A parser that crashes, hangs or eats memory costs its own file, and nobody else anything."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.errors import EngineError, ReaderCrashed, TimedOut
from services.extraction.sandbox import Bounds, Sandbox
from tests import misbehaving
from tests.processes import ended


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    os.environ["HEYAN_TEST_SECRET"] = "password"
    box = Sandbox(
        misbehaving.start,
        misbehaving.run,
        argument=None,
        workers=2,
        bounds=Bounds(seconds=20, memory_mb=2048, tasks=100),
    )
    del os.environ["HEYAN_TEST_SECRET"]
    yield box
    box.close()


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


async def test_an_honest_job_is_answered(sandbox: Sandbox) -> None:
    assert await sandbox.run(("answer", "你好")) == "你好".encode()


@pytest.mark.parametrize("what", ["crash", "exit", "eat memory", "garbage"])
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
    box = Sandbox(misbehaving.start, misbehaving.run, argument=None, workers=1, bounds=bounds)
    try:
        await box.run(("answer", "started"))
        told: list[tuple[int, int, bytes]] = []
        assert await box.run(("tell", "0.4:3 0.4:0 0.4:100000 0.4:1"), hear=lambda *part: told.append(part)) == b""
        # what is said right before the answer may come behind it, and nobody waits for it then
        assert told[:3] == [(1, 4, b"\1\1\1"), (2, 4, b""), (3, 4, b"\3" * 100_000)]
        assert told[3:] in ([], [(4, 4, b"\4")])
        with pytest.raises(TimedOut, match="2 s, 1 pages were"):
            await box.run(("tell", "0.1:0 9:0"))
        began = time.monotonic()
        with pytest.raises(TimedOut, match="3 s, 4 pages were"):  # whatever it tells
            await box.run(("tell", "0.05:0 " * 200))
        assert time.monotonic() - began < 8
        with pytest.raises(TimedOut):  # whoever waits may want to wait less
            await box.run(("tell", "0.2:0 " * 4), seconds=0.3)
    finally:
        box.close()


async def test_a_failed_engine_is_an_error_not_an_answer(sandbox: Sandbox) -> None:
    with pytest.raises(EngineError, match="no models"):
        await sandbox.run(("engine failed", "no models"))


async def test_workers_see_no_credentials(sandbox: Sandbox) -> None:
    names = (await sandbox.run(("environment", ""))).decode().split()
    assert "HEYAN_TEST_SECRET" not in names
    assert set(names) <= {"PATH", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "LC_CTYPE", "OMP_THREAD_LIMIT"}


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
    for _ in range(100):
        if not alive(program) and not alive(worker):
            break
        time.sleep(0.05)
    assert not alive(program)
    assert not alive(worker)


async def test_a_worker_that_dies_without_a_task_costs_nothing(tmp_path: Path) -> None:
    """Killed by hand, or by the kernel for memory: pebble's pool is broken for good then."""
    sandbox = Sandbox(
        misbehaving.start,
        misbehaving.run,
        argument=None,
        workers=1,
        bounds=Bounds(seconds=20, memory_mb=2048, tasks=100),
    )
    for _ in range(2):
        pid = int(await sandbox.run(("pid", "")))
        os.kill(pid, signal.SIGKILL)
        assert await asyncio.to_thread(ended, pid)
        await asyncio.sleep(0.5)  # the pool finds out in its own time
        assert await sandbox.run(("answer", "yes")) == b"yes"
    answers = await asyncio.gather(*(sandbox.run(("answer", str(number))) for number in range(5)))
    assert answers == [b"0", b"1", b"2", b"3", b"4"]
    sandbox.close()
    with pytest.raises(ReaderCrashed):
        await sandbox.run(("answer", "yes"))
