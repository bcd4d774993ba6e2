"""The pages of a file that is being read: kept and told in bunches, as they come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Protocol

_EVERY_SECONDS = 0.5  # a file that is read within it has nothing kept or told: its reading follows at once
_MOST_BYTES = 32 * 1024 * 1024  # that wait to be kept; what comes while there are more is not kept


class KeepsPages(Protocol):
    """Of services.examine.Shelf."""

    async def keep_pages(self, sha256: str, read: Mapping[int, bytes]) -> None: ...


class Leaves:
    """Hears what the sandbox tells of a file. shelf: None to keep nothing; progress: None to tell nobody.

    async with Leaves(...) as leaves: await sandbox.run(job, seconds, leaves.hear)

    Where the reading fails, what came last is kept before the block ends: the next attempt goes on behind it.
    """

    def __init__(
        self,
        sha256: str,
        shelf: KeepsPages | None,
        progress: Callable[[int, int], Awaitable[None]] | None,
    ) -> None:
        self._sha256 = sha256
        self._shelf = shelf
        self._progress = progress
        self._read: dict[int, bytes] = {}
        self._bytes = 0
        self._done = self._told = self._total = 0
        self._news = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def hear(self, number: int, total: int, leaf: bytes) -> None:
        self._done, self._total = number, total
        if leaf and self._shelf is not None and self._bytes + len(leaf) <= _MOST_BYTES:
            self._read[number] = leaf
            self._bytes += len(leaf)
        self._news.set()

    async def __aenter__(self) -> Leaves:
        self._writing = asyncio.create_task(self._write())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._writing is not None
        self._writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writing
        if isinstance(error, Exception):  # not a cancellation: whoever cancels does not go on
            await self._write_bunch()

    async def _write(self) -> None:
        while True:
            await self._news.wait()
            await asyncio.sleep(_EVERY_SECONDS)
            self._news.clear()
            await self._write_bunch()

    async def _write_bunch(self) -> None:
        read, self._read, self._bytes = self._read, {}, 0
        if read and self._shelf is not None:
            await self._shelf.keep_pages(self._sha256, read)
        if self._progress is not None and self._done != self._told:
            self._told = self._done
            await self._progress(self._done, self._total)
