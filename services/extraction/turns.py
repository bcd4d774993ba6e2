"""Whose file is read next. As many are read at once as there are workers; the others wait here, and not in the pool,
which would serve them in the order of their coming: one caller's flood would stand before everybody's next file.

The one who was served least of late is next (least attained service): the seconds that were spent on a portal's files,
halved every minute. So who comes with one file waits for at most the file that is being read, and of two who flood each
gets half. Work that the server does by itself, on submissions that are kept, is one of those who wait.

A file of two hundred pages would hold its slot for minutes. Where somebody waits who was served much less, the reading
of who was served most is asked to stop at its next page, and goes on behind it when its turn comes again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

_HALF_LIFE = 60.0
_FORGOTTEN = 0.001  # seconds
_LOOK_SECONDS = 0.25  # how often it is seen whether somebody waits for too long
_LEAST_SECONDS = 1.0  # so long each turn lasts at least
_LEAD = 2.0  # seconds and times that the one must have been served more than the other: no see-saw


@dataclass(eq=False, slots=True)
class _Running:
    """stop: asks it to end at its next page; None where it cannot. asked: that was done."""

    whose: str
    began: float
    stop: Callable[[], None] | None
    asked: bool = False


class Turns:
    """slots: files that are read at once."""

    def __init__(self, slots: int, clock: Callable[[], float] = monotonic) -> None:
        self._free = slots
        self._clock = clock
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._served: dict[str, float] = {}
        self._served_at = clock()
        self._running: set[_Running] = set()
        self._looking: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, whose: str, stop: Callable[[], None] | None = None) -> AsyncIterator[None]:
        """Waits until it is the caller's turn; the slot is his until the end of the block.

        stop: is called at most once, in the block, where others have waited for too long; None for what cannot stop.
        """
        await self._wait(whose)
        running = _Running(whose, self._clock(), stop)
        self._running.add(running)
        try:
            yield
        finally:
            self._decay()
            self._running.discard(running)
            self._served[whose] = self._served.get(whose, 0.0) + self._clock() - running.began
            self._free += 1
            self._next()

    async def _wait(self, whose: str) -> None:
        if self._free:  # then nobody waits
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(whose, deque()).append(turn)
        self._look_soon()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given the slot in the same moment
                self._free += 1
                self._next()
            else:
                self._leave(whose, turn)
            raise

    def _leave(self, whose: str, turn: asyncio.Future[None]) -> None:
        waiting = self._waiting.get(whose, deque())
        if turn in waiting:  # else it was passed over already, given up
            waiting.remove(turn)
        if not waiting:
            self._waiting.pop(whose, None)
        if not self._waiting and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _next(self) -> None:
        while self._free and self._waiting:
            self._decay()
            whose = min(self._waiting, key=self._service)
            turn = self._waiting[whose][0]
            self._leave(whose, turn)
            if not turn.done():
                self._free -= 1
                # his until he runs: two of his in one moment must not both count as his first
                self._served[whose] = self._served.get(whose, 0.0) + _FORGOTTEN
                turn.set_result(None)

    def _look_soon(self) -> None:
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._looking = None
        if not self._waiting:
            return
        self._decay()
        self._make_room()
        self._look_soon()

    def _make_room(self) -> None:
        """One reading is asked to stop for each that waits, as long as its caller was served much more."""
        leaving = sum(running.asked for running in self._running)
        at = self._clock()
        for whose in sorted(self._waiting, key=self._service):
            for _ in self._waiting[whose]:
                if leaving:
                    leaving -= 1
                    continue
                able = [
                    running
                    for running in self._running
                    if running.stop and not running.asked and at - running.began >= _LEAST_SECONDS
                ]
                longest = max(able, key=lambda running: self._service(running.whose), default=None)
                if longest is None or self._service(longest.whose) < _LEAD * (1 + self._service(whose)):
                    return
                longest.asked = True
                assert longest.stop is not None
                longest.stop()

    def _service(self, whose: str) -> float:
        at = self._clock()
        return self._served.get(whose, 0.0) + sum(at - each.began for each in self._running if each.whose == whose)

    def _decay(self) -> None:
        at = self._clock()
        kept = 0.5 ** ((at - self._served_at) / _HALF_LIFE)
        self._served = {whose: left for whose, had in self._served.items() if (left := had * kept) > _FORGOTTEN / 10}
        self._served_at = at
