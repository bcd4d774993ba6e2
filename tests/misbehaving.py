"""Jobs for the sandbox that crash, hang and eat memory on purpose. Importable by its workers."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from pathlib import Path

from extractors.document import Document, Line, Page, Place, Source
from extractors.document import Reading as OurReading
from extractors.errors import EngineError
from extractors.pages import bound
from heyan.v1.document_pb2 import Reading
from services.extraction import inside, wire, worker
from services.extraction.inside import tell
from services.extraction.worker import Job, Refind, Telling

_kept: list[bytearray] = []


def start(argument: object) -> None:
    """Nothing to load."""


SLOW = 1.5  # seconds


def slow_start(argument: object) -> None:
    time.sleep(SLOW)


def crash_at_start(argument: object) -> None:
    os._exit(7)


def crash_at_first(note: Path) -> None:
    """The first two workers die; the others start."""
    with note.open("a") as file:
        file.write("x")
    if note.stat().st_size <= 2:
        os._exit(7)


def fail_at_start(argument: object) -> None:
    raise EngineError("no models")


def run(job: tuple[str, str]) -> bytes:
    """job: (what to do, an argument)."""
    what, argument = job
    if what == "answer":
        return argument.encode()
    if what == "pid":
        return str(os.getpid()).encode()
    if what == "engine failed":
        raise EngineError(argument)
    if what == "crash":
        ctypes.string_at(0)
    if what == "exit":
        os._exit(3)
    if what == "hang":
        time.sleep(3600)
    if what == "rest":
        time.sleep(float(argument))
        return Reading(kind="application_form").SerializeToString()
    if what == "spin":
        while True:
            pass
    if what == "eat memory":
        return b"A" * (64 * 1024**3)
    if what == "first environment":
        processes = ("self", str(os.getppid()))  # the parent is the forkserver
        return b"\n".join(Path(f"/proc/{each}/environ").read_bytes() for each in processes)
    if what == "environment":
        return "\n".join(sorted(os.environ)).encode()
    if what in ("grandchild", "grandchild in a group of its own"):
        # a program that outlives its parent, and says its process id in a file
        child = subprocess.Popen(["sleep", "3600"], process_group=0 if "group" in what else None)
        with open(argument, "w") as file:
            file.write(str(child.pid))
        time.sleep(3600)
    if what == "length of":
        return str(len(argument)).encode()
    if what == "echo":
        tell(1, 2, argument[:1000].encode())
        tell(2, 2, b"")
        return argument.encode()
    if what == "fill memory":  # for good, up to so many MiB of address space
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _kept.append(bytearray(int(argument) * 1024 * 1024 - used))
        return str(os.getpid()).encode()
    if what == "use memory":  # for good, so many MiB more
        _kept.append(bytearray(b"1") * (int(argument) * 1024 * 1024))
        return str(os.getpid()).encode()
    if what == "break down":
        raise LookupError("a bug")
    if what in ("babble", "say and die"):  # what no worker says, on the socket of one that was taken over
        assert inside._job is not None
        said = Path(argument).read_bytes() if what == "babble" else bytes.fromhex(argument)
        inside._job[0].sendall(said)
        if what == "say and die":
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(3600)
    if what == "die in the middle of a page":
        threading.Timer(0.1, os._exit, (5,)).start()
        for number in range(1, 10_000):
            tell(number, 10_000, bytes(inside.MOST_PART))
    if what == "tell":  # numbers, each with how long it takes and the bytes that it tells
        for number, told in enumerate(argument.split(), 1):
            seconds, _, size = told.partition(":")
            time.sleep(float(seconds))
            tell(number, len(argument.split()), bytes([number]) * int(size))
        return b""
    raise ValueError(what)


def read(job: Job | Refind) -> bytes:
    """Like services.extraction.worker.run, but does what the file says: "do WHAT ARGUMENT". Other files are read.

    Each reading is noted in the file that a line "note PATH" names. "pages COUNT SECONDS" has pages, of which each is
    noted and takes so long; "pages COUNT SECONDS NUMBER" kills the worker after that one, the first time.
    """
    if isinstance(job, Refind):
        return worker.run(job)
    first, _, rest = job.data.decode().partition("\n")
    if first.startswith("pages "):
        return _read_pages(job, first.split()[1:], rest.removeprefix("note "))
    if rest.startswith("note "):
        with open(rest.removeprefix("note "), "a") as file:
            file.write(f"{os.getpid()}\n")
    if first.startswith("do "):
        what, _, argument = first.removeprefix("do ").partition(": ")
        return run((what, argument))
    reading = Reading(kind=first)
    reading.document.format = "docx"
    reading.document.text = first
    return reading.SerializeToString()


def anything(job: Job | Refind) -> bytes:
    """A reading of whatever bytes come."""
    if isinstance(job, Refind):
        return worker.run(job)
    reading = Reading(kind="application_form")
    reading.document.format = "docx"
    reading.document.text = f"{len(job.data)} bytes"
    return reading.SerializeToString()


def _read_pages(job: Job, told: list[str], note: str) -> bytes:
    count, seconds = int(told[0]), float(told[1])
    pages, leaves = Telling(job), []
    for number in range(1, count + 1):
        leaf = pages.known(number)
        if leaf is None:
            time.sleep(seconds)
            with open(note, "a") as file:
                file.write(f"{number}\n")
            line = Line(f"page {number}", Place(page=number), 1 / 3, source=Source.OCR)
            leaf = Document("pdf", pages=(Page(number, Source.OCR),), blocks=(line,))
        leaves.append(leaf)
        pages.done(number, count, leaf)
        if told[2:] == [str(number)] and not job.known:
            os._exit(9)
    reading = wire.reading_to_proto(OurReading(bound("pdf", leaves), "application_form"))
    return reading.SerializeToString()
