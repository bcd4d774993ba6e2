"""How much may be under way at once: requests, and the bytes that they hold. What is over it is refused at once rather
than left to time out.

No portal takes everything: a known one may have at most three times what it leaves free (dynamic thresholds, Choudhury
and Hahne 1998), so alone three quarters, and however many flood, somebody new gets in. Callers that cannot be told
apart, because nobody asks for tokens, share all of it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from services.callers.caller import Caller
from services.callers.refusals import OverQuota
from services.status import Busy

_SECONDS = 5
_SHARE = 3  # of what is free


class _Room:
    """So much of something, and who has it."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._taken = 0
        self._by: Counter[str] = Counter()

    def of(self, caller: Caller) -> int:
        return self._by[caller.portal]

    def take(self, caller: Caller, amount: int) -> None:
        """Raises Busy."""
        free = self._limit - self._taken
        if amount > free:
            raise Busy(_SECONDS)
        if caller.known and self._by[caller.portal] + amount > max(1, _SHARE * (free - amount)):
            raise Busy(_SECONDS)
        self._taken += amount
        self._by[caller.portal] += amount

    def give_back(self, caller: Caller, amount: int) -> None:
        self._taken -= amount
        self._by[caller.portal] -= amount
        if not self._by[caller.portal]:
            del self._by[caller.portal]


class Place:
    """A request under way, and the bytes that it holds."""

    def __init__(self, caller: Caller, bytes: _Room) -> None:
        self._caller = caller
        self._bytes = bytes
        self._held = 0

    def hold(self, amount: int) -> None:
        """So many bytes more, until the request ends. Raises Busy."""
        self._bytes.take(self._caller, amount)
        self._held += amount

    def let_go(self) -> None:
        self._bytes.give_back(self._caller, self._held)
        self._held = 0


class Admission:
    """requests: those that wait for a worker are counted, too. bytes: of all requests together."""

    def __init__(self, requests: int, bytes: float = math.inf) -> None:
        self._requests = _Room(requests)
        self._bytes = _Room(bytes)

    @contextmanager
    def admit(self, caller: Caller) -> Iterator[Place]:
        """Raises Busy, with the seconds after which to try again, where a limit is reached, or OverQuota."""
        if self._requests.of(caller) >= caller.most_checks:
            raise OverQuota(caller.portal, "checks", caller.most_checks, _SECONDS)
        self._requests.take(caller, 1)
        place = Place(caller, self._bytes)
        try:
            yield place
        finally:
            place.let_go()
            self._requests.give_back(caller, 1)
