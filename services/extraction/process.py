"""A worker's process as its server sees it: started, given a job, heard until it answers, killed.

    worker = Worker(context, arguments)    the process is there, and loads its models
    await worker.ready()                   they are loaded
    await worker.do(errand)                its answer; a worker that does not come to a job's end is killed
    await worker.ended                     how the process ended; whatever it started is gone, too

What a worker says is bounded in all: bytes, pages, seconds (services/extraction/inside.py is the other end).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from extractors.errors import EngineError, ReaderCrashed, TimedOut
from services.extraction import inside
from services.extraction.inside import HEAD, Bounds, Kind

_START_SECONDS = 180.0  # to load the models, on a machine that has much else to do
_TAKE_SECONDS = 30.0  # to receive a job
_END_SECONDS = 5.0  # until a process that was killed is gone
_MOST_BYTES = 512 * 1024 * 1024  # that a worker may say of one job; 300 scanned pages have 65 MB, told and answered
_FULL = 0.75  # of its address space, from which a worker is renewed: a file takes up to 2 GB for itself
_HEAVY = 1000 * 1024 * 1024  # bytes in use between files, from which it is renewed: a page takes up to 250 MB besides
_LEAST_SHARE = 0.1  # of its files, before which it is not renewed all the same
_MOST_WORDS = 200  # characters of a reason


class Interrupted(Exception):
    """A resumable job stopped behind a page, for others wait: ask again, it goes on in its next turn."""


class NotTaken(Exception):
    """The worker ended, or hung, before it had the job whole: another may do it."""


class _Babble(Exception):
    """It says what no worker says, or too much."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A job, pickled. seconds: that it may run, None as Bounds say. stop: whether it is to, asked behind every page.

    hear: is awaited for each page that is told.
    """

    job: bytes
    seconds: float | None
    stop: Callable[[], bool]
    hear: Callable[[int, int, bytes], Awaitable[None]]


class Worker:
    """To be made and used in one event loop, in one thread. arguments: of inside.work, behind its socket.

    ended: how the process ended, in words. worn: has a result once another is to follow. killed: by us.
    usable: ready for jobs. pid: the process's, and its session's.
    Raises OSError, EOFError where no process can be started, ReaderCrashed where it ends at once.
    """

    def __init__(self, context: ForkServerContext, arguments: tuple[Any, ...], bounds: Bounds) -> None:
        self._loop = asyncio.get_running_loop()
        self._bounds = bounds
        self.ended: asyncio.Future[str] = self._loop.create_future()
        self.worn: asyncio.Future[str] = self._loop.create_future()
        self.killed = False
        self.usable = False
        self._busy = False
        self._files = 0
        self._left = _MOST_BYTES
        self._line, theirs = socket.socketpair()
        self._line.setblocking(False)
        with theirs:
            try:
                self._process = context.Process(target=inside.work, args=(theirs, *arguments, bounds), daemon=True)
                self._process.start()
            except (OSError, EOFError):
                self._line.close()
                raise
        self.pid = self._process.pid or 0
        try:
            self._end = os.pidfd_open(self.pid)
        except ProcessLookupError:  # it ended before it could be watched
            self._line.close()
            raise ReaderCrashed(f"the worker died: {self._buried()}") from None
        except OSError:
            self._line.close()
            raise
        self._loop.add_reader(self._end, self._bury)

    async def ready(self) -> str:
        """Why its engine cannot run, "" where it can. Raises ReaderCrashed where the process does not come so far."""
        try:
            async with self._at_work(), asyncio.timeout(_START_SECONDS):
                engine = _words(await self._expect(Kind.READY))
        except TimeoutError:
            raise ReaderCrashed(f"not ready within {_START_SECONDS:.0f} s") from None
        except (EOFError, OSError, _Babble) as error:
            raise ReaderCrashed(await self._how(error)) from error
        self.usable = not self.ended.done()
        return engine

    async def do(self, errand: Errand) -> bytes:
        """Raises NotTaken, TimedOut, ReaderCrashed, EngineError, Interrupted. Cancelling kills the process."""
        async with self._at_work():
            self._left = _MOST_BYTES
            await self._give(errand.job)
            kind, body = await self._outcome(errand)
        if self._is_worn() and not self.worn.done():
            self.worn.set_result("")
        if kind == Kind.ANSWER:
            return body
        if kind == Kind.STOPPED:
            raise Interrupted
        if kind == Kind.ENGINE_FAILED:
            raise EngineError(_words(body))
        self.kill()  # whatever state it is in
        raise ReaderCrashed(_words(body))

    def kill(self) -> None:
        self.killed, self.usable = True, False
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._end, signal.SIGKILL)

    def retire(self) -> None:
        """It ends with what it does."""
        self.usable = False
        if not self._busy:
            self.kill()

    @contextlib.asynccontextmanager
    async def _at_work(self) -> AsyncIterator[None]:
        self._busy = True
        try:
            yield
        except BaseException:
            self.kill()
            raise
        finally:
            self._busy = False
            if self.ended.done():
                self._line.close()

    async def _give(self, job: bytes) -> None:
        try:
            async with asyncio.timeout(_TAKE_SECONDS):
                await self._say(Kind.JOB, job)
                await self._expect(Kind.BEGUN)
        except (EOFError, OSError, TimeoutError, _Babble) as error:
            raise NotTaken(await self._how(error)) from error
        self._files += 1

    async def _outcome(self, errand: Errand) -> tuple[int, bytes]:
        """What the job comes to, within its time: that grows with every page that is told."""
        began, last, pages = self._loop.time(), 0, 0
        allowed = self._allowed(errand, 0)
        try:
            async with asyncio.timeout_at(began + allowed) as limit:
                while True:
                    kind, number, total, body = await self._hear()
                    if kind in (Kind.ANSWER, Kind.STOPPED, Kind.ENGINE_FAILED, Kind.CRASHED):
                        return kind, body
                    if kind != Kind.TOLD or not last < number <= total or len(body) > inside.MOST_PART:
                        raise _Babble("it says what no worker says")
                    last, pages = number, min(number, self._bounds.pages)
                    allowed = self._allowed(errand, pages)
                    limit.reschedule(began + allowed)
                    with contextlib.suppress(OSError):  # it died since: what it told counts, and its end comes next
                        await self._say(Kind.STOP if errand.stop() else Kind.GO)
                    await errand.hear(number, total, body)
        except TimeoutError:
            told = f", {pages} pages were" if pages else ""
            raise TimedOut(f"not read within {allowed:.0f} s{told}") from None
        except (EOFError, OSError, _Babble) as error:
            raise ReaderCrashed(await self._how(error)) from error

    def _allowed(self, errand: Errand, pages: int) -> float:
        allowed = self._bounds.seconds + self._bounds.page_seconds * pages
        return allowed if errand.seconds is None else min(allowed, errand.seconds)

    def _is_worn(self) -> bool:
        """It has read its share of files, or what is kept from file to file is much: in use, or of its address space.

        The runtime keeps something for each new shape of a picture, without end.
        """
        if self._files < _LEAST_SHARE * self._bounds.tasks:  # with a limit that the models alone come to
            return False
        if self._files >= self._bounds.tasks:
            return True
        with contextlib.suppress(OSError):  # it is gone
            taken, used, *_ = map(int, Path(f"/proc/{self.pid}/statm").read_text().split())
            most = _FULL * self._bounds.memory_mb * 1024 * 1024
            return taken * resource.getpagesize() > most or used * resource.getpagesize() > _HEAVY
        return False

    async def _say(self, kind: Kind, body: bytes = b"") -> None:
        await self._loop.sock_sendall(self._line, HEAD.pack(kind, 0, 0, len(body)))
        await self._loop.sock_sendall(self._line, body)

    async def _expect(self, wanted: Kind) -> bytes:
        kind, _, _, body = await self._hear()
        if kind != wanted:
            raise _Babble("it says what no worker says")
        return body

    async def _hear(self) -> tuple[int, int, int, bytes]:
        kind, number, total, size = HEAD.unpack(await self._receive(HEAD.size))
        self._left -= HEAD.size + size
        if self._left < 0:
            raise _Babble(f"it says more than {_MOST_BYTES} bytes")
        return kind, number, total, await self._receive(size)

    async def _receive(self, size: int) -> bytes:
        body = bytearray(size)  # what was claimed and does not come takes no memory
        left = memoryview(body)
        while left:
            came = await self._loop.sock_recv_into(self._line, left)
            if not came:
                raise EOFError
            left = left[came:]
        return bytes(body)

    async def _how(self, error: Exception) -> str:
        """Kills it, and says how it ended: of itself, or for what it said."""
        self.kill()
        await asyncio.wait({self.ended}, timeout=_END_SECONDS)
        if isinstance(error, _Babble):
            return str(error)
        return f"the worker died: {self.ended.result() if self.ended.done() else 'and cannot be killed'}"

    def _bury(self) -> None:
        """The process is gone."""
        self._loop.remove_reader(self._end)
        os.close(self._end)
        how = self._buried()
        if self._busy:
            self._line.shutdown(socket.SHUT_RDWR)  # should another process hold its end
        else:
            self._line.close()
        self.usable = False
        self.ended.set_result(how)

    def _buried(self) -> str:
        """How it ended. Kills the programs that it started, which share its session and would outlive it."""
        inside.kill_followers(self.pid)
        self._process.join(1.0)  # the forkserver tells how it ended
        code = self._process.exitcode
        return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"


def _words(said: bytes) -> str:
    text = said[: 4 * _MOST_WORDS].decode("utf-8", "replace")[:_MOST_WORDS]
    return "".join(character if character.isprintable() else " " for character in text)
