"""Tells those who watch, within this process, that something happened. What happened is in the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """Events by the submission's number."""

    def __init__(self) -> None:
        self._watched: dict[int, set[asyncio.Event]] = {}
        self.closed = False

    @contextmanager
    def watching(self, submission: int) -> Iterator[asyncio.Event]:
        """An event that is set at each change: clear it, look into the ledger, then wait for it."""
        event = asyncio.Event()
        watchers = self._watched.setdefault(submission, set())
        watchers.add(event)
        try:
            yield event
        finally:
            watchers.discard(event)
            if not watchers:
                self._watched.pop(submission, None)

    def tell(self, submission: int) -> None:
        for event in self._watched.get(submission, ()):
            event.set()

    def close(self) -> None:
        """The server leaves: everybody who waits is woken, and finds `closed`."""
        self.closed = True
        for submission in self._watched:
            self.tell(submission)
