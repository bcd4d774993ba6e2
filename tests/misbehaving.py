"""Jobs for the sandbox that crash, hang and eat memory on purpose. Importable by its workers."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time

from heyan.v1.document_pb2 import Reading
from services.extraction import worker
from services.extraction.sandbox import ANSWER, ENGINE_FAILED
from services.extraction.worker import Job, Refind


def start(argument: object) -> None:
    """Nothing to load."""


def run(job: tuple[str, str]) -> bytes:
    """job: (what to do, an argument)."""
    what, argument = job
    if what == "answer":
        return ANSWER + argument.encode()
    if what == "pid":
        return ANSWER + str(os.getpid()).encode()
    if what == "engine failed":
        return ENGINE_FAILED + argument.encode()
    if what == "crash":
        ctypes.string_at(0)
    if what == "exit":
        os._exit(3)
    if what == "hang":
        time.sleep(3600)
    if what == "rest":
        time.sleep(float(argument))
        return ANSWER + Reading(kind="application_form").SerializeToString()
    if what == "spin":
        while True:
            pass
    if what == "eat memory":
        return b"A" * (64 * 1024**3)
    if what == "environment":
        return ANSWER + "\n".join(sorted(os.environ)).encode()
    if what in ("grandchild", "grandchild in a group of its own"):
        # a program that outlives its parent, and says its process id in a file
        child = subprocess.Popen(["sleep", "3600"], process_group=0 if "group" in what else None)
        with open(argument, "w") as file:
            file.write(str(child.pid))
        time.sleep(3600)
    if what == "garbage":
        return b"?"
    raise ValueError(what)


def read(job: Job | Refind) -> bytes:
    """Like services.extraction.worker.run, but does what the file says: "do WHAT ARGUMENT". Other files are read.

    Each reading is noted in the file that a line "note PATH" names.
    """
    if isinstance(job, Refind):
        return worker.run(job)
    first, _, rest = job.data.decode().partition("\n")
    if rest.startswith("note "):
        with open(rest.removeprefix("note "), "a") as file:
            file.write(f"{os.getpid()}\n")
    if first.startswith("do "):
        what, _, argument = first.removeprefix("do ").partition(": ")
        return run((what, argument))
    reading = Reading(kind=first)
    reading.document.format = "docx"
    reading.document.text = first
    return ANSWER + reading.SerializeToString()


def anything(job: Job | Refind) -> bytes:
    """A reading of whatever bytes come."""
    if isinstance(job, Refind):
        return worker.run(job)
    reading = Reading(kind="application_form")
    reading.document.format = "docx"
    reading.document.text = f"{len(job.data)} bytes"
    return ANSWER + reading.SerializeToString()
