"""Strangers' bytes are parsed in here: killable processes with limits, and without credentials.

A pebble pool of forkserver processes. Each has an address space limit, a limit of CPU time a file, its own session, and
an emptied environment. It answers with protobuf bytes, never with pickled objects of ours. A file that makes its parser
crash, hang or eat memory costs that file its reading, and nobody else anything.

    sandbox = Sandbox(start, run, ...)   start(settings) loads the models in a new worker; run(job) answers with bytes
    await sandbox.ready()                every worker has loaded its models
    await sandbox.run(job, seconds)      the worker's answer; cancelling it kills the worker
    tell(number, total, part)            in a worker: a page is done, before the answer (services/extraction/post.py)

A job has some seconds, and some more for every page that it tells: a long file may take long, a page may not.

Traps: the programs that a worker starts (Tesseract) outlive its kill; they share its session, so `_sweep` kills what is
left of a session whose leader is gone. A worker that is busy does not see that the server was killed: `_end_with` does.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import resource
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from extractors.errors import EngineError, ReaderCrashed, TimedOut
from services.callers.caller import whose
from services.extraction.post import Hear, Post, say
from services.extraction.turns import Turns
from services.settings import withhold_environment

log = logging.getLogger(__name__)

ENGINE_FAILED = b"E"  # followed by UTF-8: the engine's own words
ANSWER = b"A"  # followed by the answer
INTERRUPTED = b"I"  # alone: it stopped behind a page, because it was asked to

_POOLS = 3  # that may break under a job
_GRACE_SECONDS = 10.0
_LOOK_SECONDS = 1.0  # how often it is seen whether a pool still works
_SWEEP_SECONDS = (0.4, 0.8, 2.0)  # after a kill
_BEGINS = 0  # the number under which a worker says that it begins with a job

_NOTE = struct.Struct("<q")  # a worker's process id when it starts, the same negative when it is ready


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker may take: seconds and CPU seconds a file, address space in MiB, files until it is replaced.

    page_seconds: more for each page that is done; pages: that count for it.
    """

    seconds: float
    memory_mb: int
    tasks: int
    page_seconds: float = 0.0
    pages: int = 0

    @property
    def most_seconds(self) -> float:
        """For a file, whatever it tells."""
        return self.seconds + self.page_seconds * self.pages


class Interrupted(Exception):
    """A resumable job stopped behind a page, for others wait: ask again, it goes on in its next turn."""


class _Stop(BaseException):
    """In a worker: no reader's `except Exception` takes it for the file's fault."""


class Sandbox:
    """A pool of workers. start and run must be importable functions; `argument` is pickled to each new worker.

    run's answer begins with ANSWER or ENGINE_FAILED.
    """

    def __init__(
        self,
        start: Callable[[Any], None],
        run: Callable[[Any], bytes],
        *,
        argument: object,
        workers: int,
        bounds: Bounds,
        preload: tuple[str, ...] = (),
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["services.extraction.sandbox", *preload])
        self._run = run
        self._workers = workers
        self._turns = Turns(workers)
        # a byte for each job that can be under way: 1 asks it to stop at its next page
        self._stops = context.RawArray("B", workers)
        self._free_stops = list(range(workers))
        self._bounds = bounds
        self._notes, self._for_notes = context.Pipe(duplex=False)
        self._post = Post()
        os.set_blocking(self._notes.fileno(), False)
        self._sessions: set[int] = set()
        self._ready = 0
        self._started = 0
        self._asked = 0
        self._closed = False
        self._new_pool: Callable[[], ProcessPool] = partial(
            ProcessPool,
            max_workers=workers,
            max_tasks=bounds.tasks,
            initializer=_start_worker,
            initargs=(start, argument, bounds, os.getpid(), self._for_notes, self._post.slot, self._stops),
            context=context,
        )
        self._pool = self._new_pool()

    async def ready(self, warm: Callable[[object], bytes]) -> None:
        """Every worker has loaded its models, and `warm` was run as often as there are workers. Raises EngineError."""
        await asyncio.gather(*(self._ask(warm, None) for _ in range(self._workers)))
        while self._count_ready() < self._workers:
            await asyncio.sleep(0.05)  # the pool restarts a worker that dies while it starts

    async def run(
        self, job: object, seconds: float | None = None, hear: Hear | None = None, *, resumable: bool = False
    ) -> bytes:
        """A worker's answer to a job, in its caller's turn.

        It is waited for at most `seconds` of its running, or what Bounds allow. hear: is called, in the event loop,
        with what the job tells. Raises TimedOut, ReaderCrashed (it died, or ran out of memory) or EngineError.
        Cancelling kills the worker. resumable: Interrupted may be raised behind a page that was told, where others
        have waited for too long: ask again, with the pages that are known, and it goes on in its next turn.
        """
        stop = -1

        def interrupt() -> None:
            if stop >= 0:
                self._stops[stop] = 1

        async with self._turns.turn(whose(), interrupt if resumable else None):
            stop = self._free_stops.pop()
            try:
                answer = await self._ask(self._run, job, seconds, hear, stop)
            finally:
                self._stops[stop] = 0
                self._free_stops.append(stop)
                stop = -1
        if answer == INTERRUPTED:
            raise Interrupted
        return answer

    async def _ask(
        self,
        function: Callable[[Any], bytes],
        job: object,
        seconds: float | None = None,
        hear: Hear | None = None,
        stop: int = -1,
    ) -> bytes:
        """The answer, from a new pool where the old one broke: the job is not to blame for that."""
        self._asked += 1
        try:
            return await self._ask_pools(function, job, seconds, hear, stop)
        finally:
            self._asked -= 1

    async def _ask_pools(
        self, function: Callable[[Any], bytes], job: object, seconds: float | None, hear: Hear | None, stop: int
    ) -> bytes:
        for _ in range(_POOLS):
            pool, clock = self._pool, _Clock(self._bounds, seconds, hear)
            token = self._post.expect(clock.hear)
            try:
                return await self._ask_pool(pool, function, job, token, clock, stop)
            except BrokenProcessPool:
                self._replace(pool)
            finally:
                clock.end()
                self._post.forget(token)
        raise ReaderCrashed(f"the pool of workers broke {_POOLS} times")

    def _replace(self, broken: ProcessPool) -> None:
        """A pool breaks for good when a worker dies that has nothing to do (out of memory, killed by hand)."""
        if self._pool is not broken or self._closed:
            return
        log.warning("a worker died without a task; the pool of workers is made anew")
        self._pool = self._new_pool()
        broken.stop()

    async def _ask_pool(
        self, pool: ProcessPool, function: Callable[[Any], bytes], job: object, token: bytes, clock: _Clock, stop: int
    ) -> bytes:
        try:
            # the pool's own limit is the last resort, should a worker not even say that it begins
            most = self._bounds.most_seconds + _GRACE_SECONDS
            future = pool.schedule(_run_bounded, args=(function, job, self._bounds, token, stop), timeout=most)
        except RuntimeError as error:  # the pool's way to say that it is broken, or closed
            raise BrokenProcessPool(str(error)) from error
        clock.kill = future.cancel
        try:
            answer: bytes = await _answer(pool, future)
        except TimeoutError as error:
            self._sweep()
            raise TimedOut(clock.told) from error
        except ProcessExpired as error:
            self._sweep()
            raise ReaderCrashed(f"the worker died with exit code {error.exitcode}") from error
        except MemoryError as error:
            raise ReaderCrashed(f"more than {self._bounds.memory_mb} MiB needed") from error
        except asyncio.CancelledError:
            future.cancel()  # the pool kills the worker in its own time: sweep after it
            for seconds in _SWEEP_SECONDS:
                asyncio.get_running_loop().call_later(seconds, self._sweep)
            task = asyncio.current_task()
            if clock.expired and (task is None or not task.cancelling()):
                raise TimedOut(clock.told) from None
            raise
        if answer.startswith(ENGINE_FAILED):
            raise EngineError(answer[1:].decode("utf-8", "replace"))
        if answer == INTERRUPTED:
            return answer
        if not answer.startswith(ANSWER):
            raise ReaderCrashed("the worker's answer is not one")
        return answer[1:]

    def crew(self) -> tuple[int, int, int]:
        """How many workers are alive, how many have a job, how many were started in place of another."""
        if not self._notes.closed:
            self._read_notes()
        alive = sum(Path(f"/proc/{session}").exists() for session in tuple(self._sessions))
        return alive, min(self._asked, self._workers), max(0, self._started - self._workers)

    def close(self) -> None:
        """Kills the workers at once. What is under way ends in ReaderCrashed."""
        self._closed = True
        self._pool.stop()
        self._pool.join()
        self._sweep()
        self._notes.close()
        self._for_notes.close()
        self._post.close()

    def _count_ready(self) -> int:
        """How many workers have become ready, those included that ended since."""
        self._read_notes()
        return self._ready

    def _read_notes(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                (note,) = _NOTE.unpack(os.read(self._notes.fileno(), _NOTE.size))
                if note > 0:
                    self._sessions.add(note)
                    self._started += 1
                else:
                    self._ready += 1

    def _sweep(self) -> None:
        """Kills what is left of sessions whose leading worker is gone."""
        if self._notes.closed:
            return
        self._read_notes()
        for session in tuple(self._sessions):
            if Path(f"/proc/{session}").exists():
                continue
            _kill_followers(session)
            self._sessions.discard(session)


class _Clock:
    """How long a job may run: from when its worker says that it begins, and longer with every page that it tells."""

    def __init__(self, bounds: Bounds, seconds: float | None, hear: Hear | None) -> None:
        self._bounds = bounds
        self._seconds = seconds
        self._hear = hear
        self._began = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._over = False
        self.kill: Callable[[], object] = lambda: None
        self.expired = False
        self.pages = 0

    def hear(self, number: int, total: int, part: bytes) -> None:
        if self._over:
            return
        if number == _BEGINS:
            self._began = time.monotonic()
        else:
            self.pages = min(number, self._bounds.pages)
            if self._hear is not None:
                self._hear(number, total, part)
        if self._timer is not None:
            self._timer.cancel()
        left = self._began + self._allowed - time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._expire)

    def end(self) -> None:
        """Whatever is heard from now on does not count."""
        self._over = True
        if self._timer is not None:
            self._timer.cancel()

    @property
    def told(self) -> str:
        return f"not read within {self._allowed:.0f} s" + (f", {self.pages} pages were" if self.pages else "")

    @property
    def _allowed(self) -> float:
        allowed = self._bounds.seconds + self._bounds.page_seconds * self.pages
        return allowed if self._seconds is None else min(allowed, self._seconds)

    def _expire(self) -> None:
        self.expired = self._over = True
        self.kill()


async def _answer(pool: ProcessPool, future: Future[bytes]) -> bytes:
    """What the job answers. Raises what it raises, BrokenProcessPool.

    A pool that breaks while it hands a job to a worker that is dead leaves the job under way for ever.
    """
    wrapped = asyncio.wrap_future(future)
    while True:
        done, _ = await asyncio.wait({wrapped}, timeout=_LOOK_SECONDS)
        if done:
            return await wrapped
        if not pool.active:
            await asyncio.wait({wrapped}, timeout=_LOOK_SECONDS)  # the others end with the reason
            if not wrapped.done():
                wrapped.cancel()
                raise BrokenProcessPool("the pool broke with this job")


def _start_worker(
    start: Callable[[Any], None],
    argument: object,
    bounds: Bounds,
    server: int,
    notes: Connection,
    slot: socket.socket,
    stops: Any,
) -> None:
    global _slot, _stops
    _slot, _stops = slot, stops
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal is for the server, which drains
    os.setsid()
    os.write(notes.fileno(), _NOTE.pack(os.getpid()))
    threading.Thread(target=_end_with, args=(server,), name="server watch", daemon=True).start()
    withhold_environment()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    start(argument)
    memory = bounds.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.write(notes.fileno(), _NOTE.pack(-os.getpid()))


def _end_with(server: int) -> None:
    """Waits for the server's end, however it comes, and then kills this worker and the programs that it started."""
    try:
        gone = select.poll()
        gone.register(os.pidfd_open(server), select.POLLIN)
        gone.poll()
    except ProcessLookupError:
        pass  # gone already
    _kill_followers(os.getpid())
    os.killpg(0, signal.SIGKILL)


def _kill_followers(session: int) -> None:
    """Kills every process of a session but its leader, whatever group it is in."""
    for process in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # proc(5): pid (comm) state ppid pgrp session ...; comm may hold blanks and brackets
            of = int(process.read_text().rpartition(")")[2].split()[3])
            if of == session and (pid := int(process.parent.name)) != session:
                os.kill(pid, signal.SIGKILL)


_slot: socket.socket | None = None  # of this worker: where it tells what is done
_stops: Any = None  # of all workers, and of this one's job its place in it
_stop = -1
_under_way: tuple[bytes, Bounds] | None = None  # the job of this worker: its token, and what it may take


def _run_bounded(run: Callable[[Any], bytes], job: object, bounds: Bounds, token: bytes, stop: int) -> bytes:
    global _under_way, _stop
    _under_way, _stop = (token, bounds), stop
    try:
        tell(_BEGINS, 0, b"")
        return run(job)
    except _Stop:
        return INTERRUPTED
    finally:
        _under_way, _stop = None, -1


def tell(number: int, total: int, part: bytes) -> None:
    """In a worker: page `number` of `total` is done. part: what it states, for whoever keeps it; b"" for nothing.

    Numbers begin with 1 and grow. Nothing outside a job.
    """
    if _under_way is None or _slot is None:
        return
    token, bounds = _under_way
    _limit_cpu(bounds)
    say(_slot, token, number, total, part)
    # what was not told with its part would have to be read again
    if part and number < total and _stops is not None and _stop >= 0 and _stops[_stop]:
        raise _Stop


def _limit_cpu(bounds: Bounds) -> None:
    # RLIMIT_CPU counts from the start of the process, over all threads: set it anew for each file, and each page. Its
    # hard limit stays open so that it can be raised again. The limit on the wall clock comes first as a rule.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + bounds.seconds * (os.cpu_count() or 1)) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
