"""Strangers' bytes are parsed in here: killable processes with limits, and without credentials.

A pebble pool of forkserver processes. Each has an address space limit, a limit of CPU time a file, its own session, and
an emptied environment. It answers with protobuf bytes, never with pickled objects of ours. A file that makes its parser
crash, hang or eat memory costs that file its reading, and nobody else anything.

    sandbox = Sandbox(start, run, ...)   start(settings) loads the models in a new worker; run(job) answers with bytes
    await sandbox.ready()                every worker has loaded its models
    await sandbox.run(job, seconds)      the worker's answer; cancelling it kills the worker

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
import struct
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from extractors.errors import EngineError, ReaderCrashed, TimedOut
from services.callers.caller import whose
from services.extraction.turns import Turns
from services.settings import withhold_environment

log = logging.getLogger(__name__)

ENGINE_FAILED = b"E"  # followed by UTF-8: the engine's own words
ANSWER = b"A"  # followed by the answer

_POOLS = 3  # that may break under a job

_NOTE = struct.Struct("<q")  # a worker's process id when it starts, the same negative when it is ready


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker may take: seconds and CPU seconds a file, address space in MiB, files until it is replaced."""

    seconds: float
    memory_mb: int
    tasks: int


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
        self._bounds = bounds
        self._notes, self._for_notes = context.Pipe(duplex=False)
        os.set_blocking(self._notes.fileno(), False)
        self._sessions: set[int] = set()
        self._ready = 0
        self._closed = False
        self._new_pool: Callable[[], ProcessPool] = partial(
            ProcessPool,
            max_workers=workers,
            max_tasks=bounds.tasks,
            initializer=_start_worker,
            initargs=(start, argument, bounds, os.getpid(), self._for_notes),
            context=context,
        )
        self._pool = self._new_pool()

    async def ready(self, warm: Callable[[object], bytes]) -> None:
        """Every worker has loaded its models, and `warm` was run as often as there are workers. Raises EngineError."""
        await asyncio.gather(*(self._ask(warm, None, self._bounds.seconds) for _ in range(self._workers)))
        while self._count_ready() < self._workers:
            await asyncio.sleep(0.05)  # the pool restarts a worker that dies while it starts

    async def run(self, job: object, seconds: float | None = None) -> bytes:
        """A worker's answer to a job, in its caller's turn; waited for at most `seconds` of its running.

        Raises TimedOut, ReaderCrashed (it died, or ran out of memory) or EngineError. Cancelling kills the worker.
        """
        async with self._turns.turn(whose()):
            return await self._ask(self._run, job, min(seconds or self._bounds.seconds, self._bounds.seconds))

    async def _ask(self, function: Callable[[Any], bytes], job: object, seconds: float) -> bytes:
        """The answer, from a new pool where the old one broke: the job is not to blame for that."""
        for _ in range(_POOLS):
            pool = self._pool
            try:
                return await self._ask_pool(pool, function, job, seconds)
            except BrokenProcessPool:
                self._replace(pool)
        raise ReaderCrashed(f"the pool of workers broke {_POOLS} times")

    def _replace(self, broken: ProcessPool) -> None:
        """A pool breaks for good when a worker dies that has nothing to do (out of memory, killed by hand)."""
        if self._pool is not broken or self._closed:
            return
        log.warning("a worker died without a task; the pool of workers is made anew")
        self._pool = self._new_pool()
        broken.stop()

    async def _ask_pool(
        self, pool: ProcessPool, function: Callable[[Any], bytes], job: object, seconds: float
    ) -> bytes:
        try:
            future = pool.schedule(_run_bounded, args=(function, job, self._bounds), timeout=seconds)
        except RuntimeError as error:  # the pool's way to say that it is broken, or closed
            raise BrokenProcessPool(str(error)) from error
        try:
            answer: bytes = await asyncio.wrap_future(future)
        except TimeoutError as error:
            self._sweep()
            raise TimedOut(f"not read within {seconds:.0f} s") from error
        except ProcessExpired as error:
            self._sweep()
            raise ReaderCrashed(f"the worker died with exit code {error.exitcode}") from error
        except MemoryError as error:
            raise ReaderCrashed(f"more than {self._bounds.memory_mb} MiB needed") from error
        except asyncio.CancelledError:
            future.cancel()  # the pool kills the worker in its own time: sweep after it
            asyncio.get_running_loop().call_later(2.0, self._sweep)
            raise
        if answer.startswith(ENGINE_FAILED):
            raise EngineError(answer[1:].decode("utf-8", "replace"))
        if not answer.startswith(ANSWER):
            raise ReaderCrashed("the worker's answer is not one")
        return answer[1:]

    def close(self) -> None:
        """Kills the workers at once. What is under way ends in ReaderCrashed."""
        self._closed = True
        self._pool.stop()
        self._pool.join()
        self._sweep()
        self._notes.close()
        self._for_notes.close()

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


def _start_worker(
    start: Callable[[Any], None], argument: object, bounds: Bounds, server: int, notes: Connection
) -> None:
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


def _run_bounded(run: Callable[[Any], bytes], job: object, bounds: Bounds) -> bytes:
    # RLIMIT_CPU counts from the start of the process, over all threads: set it anew for each file. Its hard limit stays
    # open so that it can be raised again. The pool's own time limit is on the wall clock and comes first as a rule.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + bounds.seconds * (os.cpu_count() or 1)) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    return run(job)
