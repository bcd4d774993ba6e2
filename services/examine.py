"""The way of one submission. Read this first.

    bytes → read (in the sandbox: format → Document → OCR, seals → kind → fields) ┐
    bytes → read ...                                                              ├→ judge by the call's rules → Report
    bytes → read ...                                                              ┘

What happens inside the sandbox is extractors/extract.py; the rules are services/validation/judge.py and the call's
call.yaml. A file that cannot be read is part of the answer ("unreadable: encrypted"); it never stops the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from extractors.errors import Empty, ReaderCrashed, TimedOut, TooLarge
from extractors.forms.spec import FormSpec
from extractors.limits import Limits
from heyan.v1.document_pb2 import Reading
from services.extraction import wire
from services.extraction.sandbox import Sandbox
from services.extraction.worker import Job
from services.validation.judge import judge
from services.validation.model import Call, Report
from services.validation.wire import file_from_proto

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. data: None where it was over the limit and thrown away. sha256: lower-case hex.

    password: to open the file, "" for none; it is kept nowhere.
    """

    name: str
    size: int
    sha256: str
    data: bytes | None
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Examiner:
    """Where files are read, and the limits that were applied while they were received."""

    sandbox: Sandbox
    limits: Limits

    async def examine(
        self,
        uploads: Sequence[Upload],
        call: Call,
        received: datetime | None,
        *,
        pictures: bool = False,
        seconds: float | None = None,
    ) -> tuple[Report, list[Reading]]:
        """The report on a submission, and the readings that it rests on as wire messages, in the order sent.

        seconds: until the caller stops waiting; None for ever. Raises EngineError; cancelling kills what is being read.
        """
        readings = await self._read_all(uploads, call.forms, pictures=pictures, seconds=seconds)
        files = tuple(file_from_proto(reading) for reading in readings)
        report = judge(call, files, received)
        log.info("checked call=%s files=%d verdict=%s", call.id, len(files), report.verdict)
        return report, readings

    async def read(
        self, upload: Upload, forms: tuple[FormSpec, ...], *, pictures: bool = False, seconds: float | None = None
    ) -> Reading:
        """What one file states; Reading.unreadable where it cannot be read. Raises EngineError."""
        began = perf_counter()
        try:
            data = _readable_bytes(upload, self.limits)
            answer = await self.sandbox.run(Job(data, forms, pictures, upload.password), seconds)
            reading = Reading.FromString(answer)
        except (Empty, TooLarge, TimedOut, ReaderCrashed) as error:
            log.info("unreadable sha256=%.12s: %s: %s", upload.sha256, error.code, error.detail)
            reading = wire.unreadable_to_proto(error)
        reading.file_name, reading.sha256, reading.size_bytes = upload.name, upload.sha256, upload.size
        log.info(
            "read sha256=%.12s bytes=%d format=%s kind=%s pages=%d unreadable=%s seconds=%.2f",
            upload.sha256,
            upload.size,
            reading.document.format or "-",
            reading.kind or "-",
            len(reading.document.pages),
            reading.unreadable.code or "-",
            perf_counter() - began,
        )
        return reading

    async def _read_all(
        self, uploads: Sequence[Upload], forms: tuple[FormSpec, ...], *, pictures: bool, seconds: float | None
    ) -> list[Reading]:
        """Every file at once, as far as there are workers. The same bytes sent twice are read once."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = {
                    key: group.create_task(self.read(upload, forms, pictures=pictures, seconds=seconds))
                    for key, upload in {(upload.sha256, upload.password): upload for upload in uploads}.items()
                }
        except ExceptionGroup as failed:
            # One is enough to answer with: a failing engine fails on every file.
            raise failed.exceptions[0] from failed
        readings = []
        for upload in uploads:
            reading = Reading()
            reading.CopyFrom(tasks[upload.sha256, upload.password].result())
            reading.file_name = upload.name
            readings.append(reading)
        return readings


def _readable_bytes(upload: Upload, limits: Limits) -> bytes:
    """The file's bytes. Raises Empty or TooLarge, a ReadError each, before anything is parsed."""
    if upload.data is None:
        raise TooLarge("file_bytes", f"{upload.size} bytes, at most {limits.file_bytes}")
    if not upload.data:
        raise Empty
    return upload.data
