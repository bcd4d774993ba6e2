"""What workers say while they are at a job: how far it is, and what is done of it already.

    post = Post()
    token = post.expect(hear)     hear(number, total, part) in the event loop, for each `say` of the job with this token
    post.forget(token)
    say(post.slot, token, ...)    in a worker; waits while nobody reads

One pair of Unix sockets serves all workers, for a message (SOCK_SEQPACKET) arrives whole or not at all. Only the worker
that was given a job knows its token, so none can speak for another's. A worker may be killed at any byte, or be taken
over by the file that it reads: what does not fit is dropped, and every length is bounded.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Hear = Callable[[int, int, bytes], None]

MOST_BYTES = 8 * 1024 * 1024  # of a part; a page of dense text with its preview has 300 KB

_HEAD = struct.Struct("<16sIII")  # token, number, total, bytes of the whole part; then the next piece of it
_PIECE = 48 * 1024  # the kernel's default for a socket's buffer is 208 KiB


@dataclass(slots=True)
class _Job:
    """Who hears of a job, and what has arrived of the part that is under way."""

    hear: Hear
    loop: asyncio.AbstractEventLoop
    number: int = 0
    arrived: bytearray = field(default_factory=bytearray)


class Post:
    """The server's end. slot: the workers' end."""

    def __init__(self) -> None:
        self._inbox, self.slot = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._jobs: dict[bytes, _Job] = {}
        self._reading = threading.Thread(target=self._read, name="post", daemon=True)
        self._reading.start()

    def expect(self, hear: Hear) -> bytes:
        """A new token. To be called in the event loop in which `hear` is to be called."""
        token = secrets.token_bytes(16)
        self._jobs[token] = _Job(hear, asyncio.get_running_loop())
        return token

    def forget(self, token: bytes) -> None:
        """Nothing is heard under this token any more."""
        self._jobs.pop(token, None)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._inbox.shutdown(socket.SHUT_RDWR)
        self._reading.join()
        self._inbox.close()
        self.slot.close()

    def _read(self) -> None:
        while message := self._inbox.recv(_HEAD.size + _PIECE):
            if len(message) < _HEAD.size:
                continue
            token, number, total, size = _HEAD.unpack_from(message)
            job = self._jobs.get(token)
            if job is None or size > MOST_BYTES:
                continue
            if number != job.number:
                job.number, job.arrived = number, bytearray()
            job.arrived += message[_HEAD.size :]
            if len(job.arrived) == size:
                with contextlib.suppress(RuntimeError):  # its loop has ended
                    job.loop.call_soon_threadsafe(job.hear, number, total, bytes(job.arrived))
            if len(job.arrived) >= size:
                job.number, job.arrived = 0, bytearray()


def say(slot: socket.socket, token: bytes, number: int, total: int, part: bytes) -> None:
    """part: b"" for none; one that is larger than MOST_BYTES is left out. Numbers of one job differ."""
    part = part if len(part) <= MOST_BYTES else b""
    head = _HEAD.pack(token, number, total, len(part))
    for start in range(0, max(1, len(part)), _PIECE):
        slot.send(head + part[start : start + _PIECE])
