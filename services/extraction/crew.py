"""Keeps so many workers at work: each that ends is followed by another, and a job goes to whoever is free.

    crew.work()            supervises until crew.leave()
    await crew.ready()     every place has had a worker whose models are loaded
    await crew.do(errand)  the answer of a worker

A worker's death costs the job that it had begun, no other: what it had not yet taken goes to another worker. One that
has done its share of files goes on until the next one is warm. Workers that die while they start are started less and
less often; jobs wait for none of them for ever.

All in one event loop, in one thread: multiprocessing is not made for several.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial

from extractors.errors import EngineError, ReaderCrashed
from services.extraction.process import Errand, NotTaken, Worker

log = logging.getLogger(__name__)

_TRIES = 3  # workers that may end before they have taken a job
_STARTS = 3  # that fail one after another until nobody waits for the place
_PAUSE, _LONGEST_PAUSE = 0.25, 30.0  # seconds before the next start, doubled with each that fails
_LOOK_SECONDS = 0.1  # how often who waits for a worker looks whether none will come
_END_SECONDS = 5.0


class Crew:
    """start: a new worker, as Worker's constructor. size: places.

    workers: that there are; started: that there were in all; busy: how many have a job.
    """

    def __init__(self, start: Callable[[], Worker], size: int) -> None:
        self._start = start
        self._size = size
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._failing: dict[int, str] = {}  # places whose starts fail, and why
        self._engine: dict[int, str] = {}  # places that have had a worker; why its engine cannot run, "" where it can
        self._renewing = asyncio.Lock()
        self._leaving = asyncio.Event()
        self.workers: set[Worker] = set()
        self.started = self.busy = 0

    async def work(self) -> None:
        """Until `leave`; no process is left then."""
        try:
            async with asyncio.TaskGroup() as group:
                places = [group.create_task(self._keep(number)) for number in range(self._size)]
                await self._leaving.wait()
                for place in places:
                    place.cancel()
        finally:
            ends = {worker.ended for worker in self.workers}
            for worker in self.workers:
                worker.kill()
            if ends:
                await asyncio.wait(ends, timeout=_END_SECONDS)

    def leave(self) -> None:
        self._leaving.set()

    async def ready(self) -> None:
        """Raises EngineError where an engine cannot run, or no worker comes so far."""
        while len(self._engine.keys() | self._failing.keys()) < self._size:
            await asyncio.sleep(_LOOK_SECONDS)
        for reason in (*self._failing.values(), *self._engine.values()):
            if reason:
                raise EngineError(reason)

    async def do(self, errand: Errand) -> bytes:
        """As Worker.do, without NotTaken. Raises EngineError, too, where no worker can be started."""
        for _ in range(_TRIES):
            worker = await self._take()
            self.busy += 1
            try:
                return await worker.do(errand)
            except NotTaken as error:
                log.warning("a worker had not taken its job: %s", error)
            finally:
                self.busy -= 1
                self._offer(worker)
        raise ReaderCrashed(f"{_TRIES} workers ended before they had taken it")

    async def _keep(self, place: int) -> None:
        """One worker after another."""
        last: Worker | None = None
        while True:
            if last is None:
                worker = await self._begin(place)
            else:
                async with self._renewing:  # one more than there are places, not twice as many
                    worker = await self._begin(place)
                last.retire()
            self._offer(worker)
            await asyncio.wait((worker.ended, worker.worn), return_when=asyncio.FIRST_COMPLETED)
            last = None if worker.ended.done() else worker

    async def _begin(self, place: int) -> Worker:
        """A worker that is ready."""
        failures = 0
        while True:
            try:
                worker = self._start()
                self.workers.add(worker)
                self.started += 1
                worker.ended.add_done_callback(partial(self._gone, worker))
                self._engine[place] = await worker.ready()
            except (OSError, EOFError, ReaderCrashed) as error:
                failures += 1
                log.error("a worker could not start: %s", error)
                if failures >= _STARTS:
                    self._failing[place] = f"a worker cannot start: {error}"
                await asyncio.sleep(min(_LONGEST_PAUSE, _PAUSE * 2**failures))
                continue
            self._failing.pop(place, None)
            return worker

    def _gone(self, worker: Worker, how: asyncio.Future[str]) -> None:
        self.workers.discard(worker)
        if not worker.killed:
            log.warning("a worker ended of itself: %s", how.result())

    async def _take(self) -> Worker:
        """A worker that has nothing to do. Raises EngineError where none will come."""
        while True:
            hopeless = len(self._failing) == self._size and not any(worker.usable for worker in self.workers)
            if hopeless:
                raise EngineError(next(iter(self._failing.values())))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    if (worker := await self._idle.get()).usable:
                        return worker

    def _offer(self, worker: Worker) -> None:
        if worker.usable:
            self._idle.put_nowait(worker)
        else:
            worker.kill()
