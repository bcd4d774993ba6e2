"""Whose file is read next. As many are read at once as there are workers; the others wait here, and not in the pool,
which would serve them in the order of their coming: one caller's flood would stand before everybody's next file.

The one who was served least of late is next (least attained service): the seconds that were spent on a portal's files,
halved every minute. So who comes with one file waits for at most the file that is being read, and of two who flood each
gets half. Work that the server does by itself, on submissions that are kept, is one of those who wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

_HALF_LIFE = 60.0
_FORGOTTEN = 0.001  # seconds


class Turns:
    """slots: files that are read at once."""

    def __init__(self, slots: int, clock: Callable[[], float] = monotonic) -> None:
        self._free = slots
        self._clock = clock
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._served: dict[str, float] = {}
        self._served_at = clock()
        self._running: dict[str, list[float]] = {}

    @asynccontextmanager
    async def turn(self, whose: str) -> AsyncIterator[None]:
        """Waits until it is the caller's turn; the slot is his until the end of the block."""
        await self._wait(whose)
        began = self._clock()
        self._running.setdefault(whose, []).append(began)
        try:
            yield
        finally:
            self._decay()
            self._running[whose].remove(began)
            if not self._running[whose]:
                del self._running[whose]
            self._served[whose] = self._served.get(whose, 0.0) + self._clock() - began
            self._free += 1
            self._next()

    async def _wait(self, whose: str) -> None:
        if self._free:  # then nobody waits
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(whose, deque()).append(turn)
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
        waiting = self._waiting[whose]
        waiting.remove(turn)
        if not waiting:
            del self._waiting[whose]

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

    def _service(self, whose: str) -> float:
        at = self._clock()
        return self._served.get(whose, 0.0) + sum(at - began for began in self._running.get(whose, ()))

    def _decay(self) -> None:
        at = self._clock()
        kept = 0.5 ** ((at - self._served_at) / _HALF_LIFE)
        self._served = {whose: left for whose, had in self._served.items() if (left := had * kept) > _FORGOTTEN / 10}
        self._served_at = at
