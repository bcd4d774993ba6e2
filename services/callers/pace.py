"""Who is worked for next while several portals ask at the same time: one short piece of work of each, in turn.

The server is one interpreter: sixty requests of one portal that are all begun would each slow the one of another. So,
as long as others ask too, a portal has one turn at a time and its further requests wait here, in the order of their
coming. A turn ends with the answer, while the next message of the caller is awaited, and in any case after a moment:
who is still under way then waits for something (a reading, the ledger, another's network), and that costs nobody.

Alone, a portal waits for nothing. Callers that cannot be told apart share one server as ever.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import monotonic

from services.callers.caller import Caller
from services.status import Busy

_PRESENT_SECONDS = 1.0  # so long after its last request a portal counts as asking
_TURN_SECONDS = 0.02
_MOST_WAITING = 1024  # requests of a portal
_BUSY_SECONDS = 1


class Turn:
    """One piece of work of a request. Whoever has none (alone, or not known) has it for nothing."""

    __slots__ = ("_pace", "_portal", "_timer")

    def __init__(self, pace: Pace, portal: str) -> None:
        self._pace = pace
        self._portal = portal
        self._timer: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """Waits for it. Raises Busy where too many wait already."""
        if self._portal and await self._pace.wait(self._portal):
            self._timer = asyncio.get_running_loop().call_later(_TURN_SECONDS, self.end)

    def end(self) -> None:
        """Nothing where it has ended, or has not begun."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._pace.leave(self._portal)


class Pace:
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, float] = {}
        self._at_work: set[str] = set()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def turn(self, caller: Caller) -> Turn:
        return Turn(self, caller.portal if caller.known else "")

    async def wait(self, portal: str) -> bool:
        """Whether there was anybody to wait for: then the turn must be given back by `leave`. Raises Busy."""
        if self._is_alone(portal):
            return False
        if portal not in self._at_work:
            self._at_work.add(portal)
            return True
        waiting = self._waiting.setdefault(portal, deque())
        if len(waiting) >= _MOST_WAITING:
            raise Busy(_BUSY_SECONDS)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given the turn in the same moment
                self.leave(portal)
            raise
        return True

    def leave(self, portal: str) -> None:
        waiting = self._waiting.get(portal, deque())
        while waiting:
            turn = waiting.popleft()
            if not turn.done():  # else given up
                turn.set_result(None)
                return
        self._waiting.pop(portal, None)
        self._at_work.discard(portal)

    def _is_alone(self, portal: str) -> bool:
        at = self._clock()
        self._asked[portal] = at
        if len(self._asked) > 1:
            self._asked = {name: asked for name, asked in self._asked.items() if at - asked < _PRESENT_SECONDS}
        return len(self._asked) == 1
