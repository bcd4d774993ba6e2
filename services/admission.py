"""How much may be under way at once. What is over it is refused at once rather than left to time out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from services.status import Busy


class Admission:
    """Counts requests under way. The limit covers those that wait for a worker too."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._under_way = 0

    @contextmanager
    def admit(self) -> Iterator[None]:
        """Raises Busy, with the seconds after which to try again, where the limit is reached."""
        if self._under_way >= self._limit:
            raise Busy(seconds=5)
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
