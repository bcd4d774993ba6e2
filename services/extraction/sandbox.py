"""Strangers' bytes are parsed in here: killable processes with limits, and without credentials.

Each worker is a forkserver process with a limit of its address space, one of CPU time a file, its own session, and an
emptied environment. It answers with protobuf bytes, never with pickled objects of ours. A file that makes its parser
crash, hang or eat memory costs that file its reading, and nobody else anything.

    sandbox = Sandbox(start, run, ...)   start(settings) loads the models in a new worker; run(job) answers with bytes
    await sandbox.ready()                every worker has loaded its models
    await sandbox.run(job, seconds)      the worker's answer; cancelling it kills the worker

A job has some seconds, and some more for every page that it tells: a long file may take long, a page may not.

    here: whose turn it is → crew.py: which worker does it → process.py: its process ⇄ inside.py: the same from within

The crew has an event loop of its own, in a thread: starting a process waits for the forkserver, and time runs out for a
file whatever else the server has to do.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import pickle
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from extractors.errors import ReaderCrashed
from services.callers.caller import whose
from services.extraction.crew import Crew
from services.extraction.inside import Bounds
from services.extraction.process import Errand, Interrupted, Worker
from services.extraction.turns import Turns

__all__ = ["Bounds", "Interrupted", "Sandbox"]

Hear = Callable[[int, int, bytes], None]
T = TypeVar("T")


class Sandbox:
    """Workers that are started at once. To be used from any event loop and thread.

    start, run: importable functions. `start` is called with `argument` in each new worker, and raises EngineError where
    the engine cannot run; jobs come all the same. `run` answers a job, and raises EngineError where that needs it.
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
        context.set_forkserver_preload(["services.extraction.bare", "services.extraction.inside", *preload])
        self._turns = Turns(workers)
        self._size = workers
        self._crew = Crew(lambda: Worker(context, (start, run, argument), bounds), workers)
        self._loop = asyncio.SelectorEventLoop()
        self._open = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._supervise, name="crew", daemon=True)
        self._thread.start()

    async def ready(self) -> None:
        """Every worker has loaded its models. Raises EngineError."""
        await self._in_crew(self._crew.ready())

    async def run(
        self, job: object, seconds: float | None = None, hear: Hear | None = None, *, resumable: bool = False
    ) -> bytes:
        """A worker's answer to a job, in its caller's turn.

        It is waited for at most `seconds` of its running, or what Bounds allow. hear: is called, in this event loop,
        with (number, total, part) of each page that the job tells; the answer comes behind the last. Raises TimedOut,
        ReaderCrashed (it died, or ran out of memory) or EngineError. Cancelling kills the worker. resumable:
        Interrupted may be raised behind a page that was told, where others have waited for too long: ask again, with
        the pages that are known, and it goes on in its next turn.
        """
        here = asyncio.get_running_loop()

        async def heard(number: int, total: int, part: bytes) -> None:
            async def call() -> None:
                if hear is not None:
                    hear(number, total, part)

            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call(), here))

        stop = threading.Event()
        async with self._turns.turn(whose(), stop.set if resumable else None):
            errand = Errand(pickle.dumps(job), seconds, stop.is_set, heard)  # a copy: not while it waits
            return await self._in_crew(self._crew.do(errand))

    def crew(self) -> tuple[int, int, int]:
        """How many workers are alive, how many have a job, how many were started in place of another."""
        return len(self._crew.workers), self._crew.busy, max(0, self._crew.started - self._size)

    def processes(self) -> frozenset[int]:
        """Process ids of the workers that are alive, for whoever measures them."""
        return frozenset(worker.pid for worker in tuple(self._crew.workers))

    def close(self) -> None:
        """Kills the workers at once. What is under way ends in ReaderCrashed, as does what comes later."""
        with self._open:
            if not self._closed:
                self._closed = True
                self._loop.call_soon_threadsafe(self._crew.leave)
        self._thread.join()

    async def _in_crew(self, what: Coroutine[Any, Any, T]) -> T:
        with self._open:
            if self._closed:
                what.close()
                raise ReaderCrashed("the workers were ended")
            future = asyncio.run_coroutine_threadsafe(what, self._loop)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise ReaderCrashed("the workers were ended") from None  # it is not this task that was cancelled

    def _supervise(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:  # cancels what is left
                runner.run(self._crew.work())
        finally:
            with self._open:
                self._closed = True
