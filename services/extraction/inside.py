"""A worker's process from within: it loads the models, then does one job after another until its server leaves.

    server → worker   JOB pickled · GO, or STOP, to each page that is told
    worker → server   READY and why the engine cannot run, b"" where it can
                      BEGUN: the job has arrived · TOLD: a page of it is done
                      ANSWER · ENGINE_FAILED and why · CRASHED and why · STOPPED: the job's end

All of it goes in order over the worker's own socket, as a HEAD and so many bytes. What a worker says is never
unpickled: the file that it reads may have taken it over (services/extraction/process.py hears it).
"""

from __future__ import annotations

import contextlib
import enum
import logging
import os
import pickle
import resource
import select
import signal
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from extractors.errors import EngineError
from services.log import where
from services.settings import withhold_environment

log = logging.getLogger(__name__)

HEAD = struct.Struct("<BIIQ")  # Kind, number and total of pages, bytes of the body behind it
_PASSES = 10  # what is killed may have started more in the same moment
MOST_PART = 8 * 1024 * 1024  # bytes of a page as it is told; one of dense text with its preview has 300 KB


class Kind(enum.IntEnum):
    """Of a message."""

    JOB, GO, STOP, READY, BEGUN, TOLD, ANSWER, ENGINE_FAILED, CRASHED, STOPPED = range(10)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker may take: seconds and CPU seconds a file, address space in MiB, files until it is replaced.

    page_seconds: more for each page that is done; pages: that count for it.
    """

    seconds: float
    memory_mb: int
    tasks: int
    page_seconds: float = 0.0
    pages: int = 0


class _Stop(BaseException):
    """No reader's `except Exception` takes it for the file's fault."""


_job: tuple[socket.socket, Bounds] | None = None  # while there is one


def work(
    line: socket.socket,
    start: Callable[[Any], None],
    run: Callable[[Any], bytes],
    argument: object,
    bounds: Bounds,
) -> None:
    """The whole life of a worker's process. start, run: as services.extraction.sandbox.Sandbox has them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at a terminal is for the server, which drains
    os.setsid()
    line.set_inheritable(False)
    threading.Thread(target=_end_with_server, args=(line,), name="server watch", daemon=True).start()
    withhold_environment()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    failed = ""
    try:
        start(argument)
    except EngineError as error:
        failed = str(error)
    memory = bounds.memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _say(line, Kind.READY, failed.encode())
    while _do_next(line, run, bounds):
        pass


def _do_next(line: socket.socket, run: Callable[[Any], bytes], bounds: Bounds) -> bool:
    """Whether this process is fit for another job."""
    global _job
    # where memory ends here, so does the process, and the job goes to another
    job = pickle.loads(_receive(line)[1])  # noqa: S301  # of the server, which trusts itself
    _limit_cpu(bounds)
    _say(line, Kind.BEGUN)
    _job = line, bounds
    try:
        _say(line, Kind.ANSWER, run(job))
    except _Stop:
        _say(line, Kind.STOPPED)
    except EngineError as error:
        _say(line, Kind.ENGINE_FAILED, str(error).encode())
    except MemoryError:
        _say(line, Kind.CRASHED, f"more than {bounds.memory_mb} MiB needed".encode())
        return False
    except Exception as error:  # noqa: BLE001  # a bug costs its own job, and this process
        log.error("a job broke down: %s", where(error))
        _say(line, Kind.CRASHED, type(error).__name__.encode())
        return False
    finally:
        _job = None
    return True


def tell(number: int, total: int, part: bytes) -> None:
    """Page `number` of `total` is done. part: what it states, for whoever keeps it; b"" for nothing.

    Numbers begin with 1 and grow. A part larger than MOST_PART is left out. Nothing outside a job.
    """
    if _job is None:
        return
    line, bounds = _job
    _limit_cpu(bounds)
    part = part if len(part) <= MOST_PART else b""
    _say(line, Kind.TOLD, part, number, total)
    if _receive(line)[0] == Kind.STOP and part and number < total:  # else the page would have to be read again
        raise _Stop


def _say(line: socket.socket, kind: Kind, body: bytes = b"", number: int = 0, total: int = 0) -> None:
    try:
        line.sendall(HEAD.pack(kind, number, total, len(body)))
        line.sendall(body)
    except OSError:
        _end()


def _receive(line: socket.socket) -> tuple[int, bytearray]:
    """The kind and body of the next message. Where the server has gone, so does this process."""
    kind, _, _, size = HEAD.unpack(_receive_bytes(line, HEAD.size))
    return kind, _receive_bytes(line, size)


def _receive_bytes(line: socket.socket, size: int) -> bytearray:
    body = bytearray(size)
    left = memoryview(body)
    while left:
        try:
            came = line.recv_into(left)
        except OSError:
            came = 0
        if not came:
            _end()
        left = left[came:]
    return body


def _end_with_server(line: socket.socket) -> None:
    """A worker that is busy does not see that its server is gone, however that came about; this thread does."""
    gone = select.poll()
    gone.register(line, select.POLLRDHUP)
    gone.poll()
    _end()


def _end() -> NoReturn:
    """The server has gone: so do this process, and the programs that it started."""
    kill_followers(os.getpid())
    os.killpg(0, signal.SIGKILL)
    raise AssertionError  # unreachable: the signal was its own, too


def kill_followers(session: int) -> None:
    """Kills every process of a session but its leader, whatever group it is in; the leader is gone, or asks itself."""
    killed = {session}
    for _ in range(_PASSES):
        new = _members(session) - killed
        if not new:
            return
        for pid in new:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        killed |= new


def _members(session: int) -> set[int]:
    members = set()
    for process in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # proc(5): pid (comm) state ppid pgrp session ...; comm may hold blanks and brackets
            if int(process.read_text().rpartition(")")[2].split()[3]) == session:
                members.add(int(process.parent.name))
    return members


def _limit_cpu(bounds: Bounds) -> None:
    # RLIMIT_CPU counts from the start of the process, over all threads: set it anew for each file, and each page. Its
    # hard limit stays open so that it can be raised again. The limit on the wall clock comes first as a rule.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + bounds.seconds * (os.cpu_count() or 1)) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
