"""The work on submissions: take one from the queue, read its files one after another, judge, write the report.

A file that was read stays read: its reading is in the ledger before the next one begins, and so are the pages of a long
one while it is read: whoever goes on after a crash reads only what is missing. Only the worker that holds the job can
write its outcome, in one transaction.

    worker dies            nobody says any more that the job is held: the next takes it within `Pace.hold` seconds
    cancelled, erased      the job is gone: the task is cancelled, and that kills the parser
    something goes wrong   again after a while, a few times; then FAILED with a reason
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from extractors.errors import EngineError, ReaderCrashed
from extractors.forms.spec import FormSpec
from heyan.v1.document_pb2 import Reading
from heyan.v1.report_pb2 import Report
from services import __version__
from services.examine import Examiner, Progress, Upload, beside, judged, under_names
from services.extraction import wire as reading_wire
from services.intake.changes import Changes
from services.intake.ledger import queue, submissions
from services.intake.ledger.database import Database
from services.intake.ledger.queue import Job
from services.intake.ledger.submissions import At, Submission
from services.intake.refusals import StorageDown, StorageFull
from services.intake.shelf import Held, LedgerShelf
from services.intake.store import MissingBytes, Store
from services.log import where
from services.moments import from_micros
from services.operation.traces import span
from services.status import BrokenCall, NotFound
from services.validation import wire
from services.validation.model import Call
from services.validation.registry import Registry

log = logging.getLogger(__name__)

_MOST_LOSSES = 20  # workers that may vanish with a job, until it counts as what makes them vanish
_READS = 3  # of a file on which the reader dies: a killed process is not always the file's fault


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to work. reader: of services.extraction.version. attempts: until a submission is given up."""

    database: Database
    store: Store
    examiner: Examiner
    calls: Registry
    reader: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds. hold: after which silence a job is lost; beat: how often it is said that it is held.

    look: how often one looks whether another process has taken something away, by cancelling or erasing it.
    poll: how often one looks for work that another process accepted. pause: before the second attempt; each later one
    waits four times as long, at most longest_pause.
    """

    hold: float = 15.0
    beat: float = 3.0
    look: float = 0.5
    poll: float = 1.0
    pause: float = 5.0
    longest_pause: float = 1800.0


class _StoreDown(Exception):
    """The attachment store cannot be reached, while the ledger can: that is an attempt that went wrong."""


class Work:
    """As many submissions at once as there are slots; more would only wait for the sandbox, before a person's check."""

    def __init__(self, desk: Desk, changes: Changes, slots: int, pace: Pace = Pace()) -> None:
        self._desk = desk
        self._changes = changes
        self._slots = slots
        self._pace = pace
        # new with every start: two processes never share one, nor does a dead one come back
        self.worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._accepted = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Something was accepted."""
        self._accepted.set()

    def drop(self, submission: int) -> None:
        """Its job is gone: whatever is being read for it is killed."""
        if task := self._under_way.get(submission):
            task.cancel()

    async def run(self) -> None:
        """Works until it is cancelled; what is under way then is given back."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            if not self._desk.database.one_process:
                group.create_task(self._look())
            for _ in range(self._slots):
                group.create_task(self._slot())

    async def _slot(self) -> None:
        while True:
            self._accepted.clear()
            try:
                begun = await self._desk.database.write(submissions.begin, self.worker, self._pace.hold)
                if begun is not None:
                    await self._hold(*begun)
                    continue
            except (StorageDown, StorageFull):
                pass
            except Exception as error:  # noqa: BLE001  # the slot must go on working
                log.error("a bug: %s", where(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pace.poll):
                    await self._accepted.wait()

    async def _beat(self) -> None:
        """Says again and again what is held here, and drops what is not any more."""
        while True:
            await asyncio.sleep(self._pace.beat)
            mine = list(self._under_way)
            if not mine:
                continue
            try:
                held = await self._desk.database.write(queue.hold, self.worker, mine, self._pace.hold)
            except (StorageDown, StorageFull):
                continue  # another may take it; what we come to then is not written
            except Exception as error:  # noqa: BLE001  # the others' jobs must go on being held
                log.error("a bug: %s", where(error))
                continue
            for submission in set(mine) - held:
                self.drop(submission)

    async def _look(self) -> None:
        """Drops what another process has taken away; here `drop` is told at once."""
        while True:
            await asyncio.sleep(self._pace.look)
            mine = list(self._under_way)
            if not mine:
                continue
            try:
                held = await self._desk.database.read(queue.held, self.worker, mine)
            except StorageDown:
                continue
            except Exception as error:  # noqa: BLE001  # the slots must go on working
                log.error("a bug: %s", where(error))
                continue
            for submission in set(mine) - held:
                self.drop(submission)

    async def _hold(self, job: Job, submission: Submission) -> None:
        task = asyncio.create_task(self._process(job, submission))
        self._under_way[job.submission] = task
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.wait({task})
            with contextlib.suppress(StorageDown, StorageFull):
                await self._desk.database.write(submissions.give_back, self.worker, job.submission)
            raise
        finally:
            del self._under_way[job.submission]

    async def _process(self, job: Job, submission: Submission) -> None:
        """One attempt. Raises nothing but CancelledError."""
        database = self._desk.database
        try:
            self._changes.tell(submission.number)
            code = await self._attempt(submission) if job.losses < _MOST_LOSSES else "abandoned"
            if code == "":
                pass
            elif code == "abandoned" or job.failures + 1 >= self._desk.attempts:
                log.error("given up %s: %s", submission.name, code)
                await database.write(submissions.fail, self.worker, submission, code)
            else:
                pause = min(self._pace.pause * 4**job.failures, self._pace.longest_pause)
                log.warning("again in %.0f s %s: %s", pause, submission.name, code)
                await database.write(submissions.retry, self.worker, submission, pause)
            self._changes.tell(submission.number)
        except (StorageDown, StorageFull):
            log.warning("the ledger failed during the work on number %d; it is taken up again", job.submission)

    async def _attempt(self, submission: Submission) -> str:
        """Empty where it is done, or not ours any more; else the code of what went wrong.

        Raises StorageDown, StorageFull of the ledger.
        """
        try:
            with span("submission", submission=submission.name, call=submission.call, files=len(submission.files)):
                await self._examine(submission)
        except EngineError as error:
            log.error("the engine failed: %s", error)
            return "engine_unavailable"
        except MissingBytes as error:
            log.error("the store has lost sha256=%s", error)
            return "attachment_missing"
        except _StoreDown:
            return "storage_unavailable"
        except (NotFound, BrokenCall) as error:
            log.error("%s", error)
            return "call_unusable"
        except (StorageDown, StorageFull):
            raise
        except Exception as error:  # noqa: BLE001  # a bug costs this submission, not those behind it
            log.error("a bug: %s", where(error))
            return "internal"
        return ""

    async def _examine(self, submission: Submission) -> None:
        """services/examine.py, one file after another, with the ledger as the shelf."""
        desk, number = self._desk, submission.number
        call = desk.calls.get(submission.call)
        shelf = LedgerShelf(desk.database, desk.reader, Held(self.worker, number))
        examiner = replace(desk.examiner, shelf=shelf)
        read: dict[str, Reading] = {}
        hashes = list(dict.fromkeys(sha256 for sha256, _ in submission.files))
        at = At(number, files=len(hashes))
        for sha256 in hashes:
            at = at.next_file()
            read[sha256] = await self._read(examiner, sha256, call.forms, partial(self._pages_read, at))
            at = at.read(len(read[sha256].document.pages))
            reached = (at, replace(at, stage="judging")) if at.file == at.files else (at,)
            if not await desk.database.write(submissions.progress, self.worker, *reached):
                return
            self._changes.tell(number)
        message = await beside(read.values(), report_on, submission, read, call)
        await desk.database.write(submissions.finish, self.worker, submission, message)

    async def _pages_read(self, at: At, done: int, total: int) -> None:
        """Tells how far the file is; what cannot be told now is told with what comes next."""
        with contextlib.suppress(StorageDown, StorageFull):
            if await self._desk.database.write(submissions.progress, self.worker, at.within(done, total)):
                self._changes.tell(at.submission)
            else:
                self.drop(at.submission)

    async def _read(self, examiner: Examiner, sha256: str, forms: tuple[FormSpec, ...], progress: Progress) -> Reading:
        """What the file states. Raises MissingBytes, EngineError, _StoreDown."""
        reading = await examiner.recall(sha256, forms)
        if reading is not None:
            return reading
        try:
            data = await asyncio.to_thread(self._desk.store.get, sha256)
        except StorageDown as error:
            raise _StoreDown from error
        upload = Upload("", len(data), sha256, data)
        for _ in range(_READS):
            reading = await examiner.read_anew(upload, forms, progress=progress)
            if reading.unreadable.code != ReaderCrashed.code:
                break
        assert reading is not None
        return reading


def report_on(submission: Submission, read: Mapping[str, Reading], call: Call) -> Report:
    """The report as it is kept. read: a reading for each of its files, by SHA-256; they are shortened by this."""
    readings = under_names((read[sha256], name) for sha256, name in submission.files)
    received = from_micros(submission.receive_time) if submission.receive_time is not None else None
    report, readings = judged(readings, call, received)
    for reading in readings:
        reading_wire.shorten(reading)
        reading_wire.drop_pictures(reading)
    return wire.report_to_proto(report, readings, label=submission.label, version=__version__)
