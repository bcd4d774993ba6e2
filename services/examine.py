"""The way of one submission. Read this first.

    bytes → read (in the sandbox: format → Document → OCR, seals → kind → fields) ┐
    bytes → read ...                                                              ├→ judge by the call's rules → Report
    bytes → read ...                                                              ┘

Reading one file is one unit, judging the readings another. What happens inside the sandbox is extractors/extract.py;
the rules are services/validation/judge.py and the call's call.yaml. A reading that is on the shelf is not made again. A
file that cannot be read is part of the answer ("unreadable: encrypted"); it never stops the others. Files that are
pages of one paper, photographed one by one, are put together when they are judged: services/validation/pages.py.

A submission that is kept takes the same way, one file after another: services/intake/work.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import ParamSpec, Protocol, TypeVar

from extractors.errors import Empty, ReaderCrashed, TimedOut, TooLarge
from extractors.forms.spec import FormSpec
from extractors.limits import Limits
from extractors.show import Wish
from heyan.v1.document_pb2 import Reading
from heyan.v1.extraction_service_pb2 import RenderPageResponse
from services.extraction import wire
from services.extraction.leaves import Leaves
from services.extraction.sandbox import Interrupted, Sandbox
from services.extraction.worker import Job, Refind, Show
from services.operation.metrics import PAGES, READINGS, RECALLED, VERDICTS
from services.operation.traces import PageSpans, span
from services.validation.judge import judge
from services.validation.model import Call, Report
from services.validation.wire import documents_of, files_from_proto

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_LONG_BYTES = (
    2 * 1024 * 1024
)  # of readings, about twenty dense pages: judging more takes a tenth of a second and longer


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
class Recalled:
    """A reading from the shelf. fits: it was looked for the same forms; else its document fits, its fields do not."""

    reading: Reading
    fits: bool


Edition = tuple[int, int]
"""Which reading of a file, for the same forms, is on the shelf: another one is of another edition."""


class Shelf(Protocol):
    """Where readings are kept by the file's hash and the forms that were looked for."""

    async def find(self, sha256: str, forms: tuple[FormSpec, ...]) -> Recalled | None:
        """None where there is none, or where the shelf cannot be reached."""

    async def keep(self, sha256: str, forms: tuple[FormSpec, ...], reading: Reading) -> None:
        """Keeps a reading, with its pictures, for the next time; quietly not where the shelf cannot be reached."""

    async def editions(self, hashes: Sequence[str], forms: tuple[FormSpec, ...]) -> Mapping[str, Edition]:
        """Of those files whose readings for just these forms are there."""

    async def find_pages(self, sha256: str) -> Mapping[int, bytes]:
        """Pages of a file whose reading was interrupted, by their number; opaque to all but the sandbox's worker."""

    async def keep_pages(self, sha256: str, read: Mapping[int, bytes]) -> None:
        """Keeps pages of a file that is being read, until its reading is kept; quietly not where it cannot."""


Progress = Callable[[int, int], Awaitable[None]]
"""Is told, now and then, how far a file is: pages that are read, pages in all."""


class FileProgress(Protocol):
    """The same of several files."""

    async def __call__(self, upload: Upload, done: int, total: int, *, read: bool) -> None:
        """read: the file is read, or could not be."""


@dataclass(frozen=True, slots=True)
class Examiner:
    """Where files are read, the limits that were applied while they were received, and the shelf, if there is one."""

    sandbox: Sandbox
    limits: Limits
    shelf: Shelf | None = None

    async def examine(
        self,
        uploads: Sequence[Upload],
        call: Call,
        received: datetime | None,
        *,
        pictures: bool = False,
        seconds: float | None = None,
        progress: FileProgress | None = None,
    ) -> tuple[Report, list[Reading]]:
        """The report on a submission, and the readings that it tells as wire messages, in the order sent.

        seconds: until the caller stops waiting; None for ever. progress: is told of each file's pages, and once when
        it is read. Raises EngineError; cancelling kills what is being read.
        """
        readings = await self._read_all(uploads, call.forms, pictures=pictures, seconds=seconds, progress=progress)
        return await beside(readings, judged, readings, call, received)

    async def editions(self, uploads: Sequence[Upload], forms: tuple[FormSpec, ...]) -> list[Edition] | None:
        """Of the readings on the shelf from which `examine` would answer; None where a file has yet to be read."""
        if self.shelf is None or any(upload.password for upload in uploads):
            return None
        found = await self.shelf.editions(list({upload.sha256 for upload in uploads}), forms)
        editions = [found[upload.sha256] for upload in uploads if upload.sha256 in found]
        return editions if len(editions) == len(uploads) else None

    async def read(
        self,
        upload: Upload,
        forms: tuple[FormSpec, ...],
        *,
        pictures: bool = False,
        seconds: float | None = None,
        progress: Progress | None = None,
    ) -> Reading:
        """What one file states; Reading.unreadable where it cannot be read. Raises EngineError."""
        # What only a password opens must not lie open on the shelf, nor be had from there without it.
        secret = bool(upload.password)
        reading = None if secret else await self.recall(upload.sha256, forms)
        if reading is None:
            reading = await self.read_anew(upload, forms, pictures=pictures, seconds=seconds, progress=progress)
        if not pictures:
            wire.drop_pictures(reading)
        reading.file_name, reading.sha256, reading.size_bytes = upload.name, upload.sha256, upload.size
        return reading

    async def recall(self, sha256: str, forms: tuple[FormSpec, ...]) -> Reading | None:
        """The reading of a file that was read before, without a file name; None where there is none.

        Where other forms were looked for then, their fields are looked for now, in the document as it was read.
        """
        recalled = await self.shelf.find(sha256, forms) if self.shelf else None
        if recalled is None or self.shelf is None:
            return None
        reading = recalled.reading
        if not recalled.fits and not reading.HasField("unreadable"):
            found = await refound(self.sandbox, reading, forms)
            if found is None:
                return None
            reading = found
        if not recalled.fits:
            await self.shelf.keep(sha256, forms, reading)
        RECALLED.inc()
        return reading

    async def read_anew(
        self,
        upload: Upload,
        forms: tuple[FormSpec, ...],
        *,
        pictures: bool = False,
        seconds: float | None = None,
        progress: Progress | None = None,
    ) -> Reading:
        """Reads the file and keeps the reading; of one whose reading was interrupted the pages that are missing.

        Raises EngineError.
        """
        with span("read", sha256=upload.sha256[:12], bytes=upload.size) as reading_span:
            reading = await self._read_anew(upload, forms, pictures=pictures, seconds=seconds, progress=progress)
            reading_span.set_attribute("format", reading.document.format)
            reading_span.set_attribute("outcome", reading.unreadable.code or "read")
        return reading

    async def _read_anew(
        self,
        upload: Upload,
        forms: tuple[FormSpec, ...],
        *,
        pictures: bool,
        seconds: float | None,
        progress: Progress | None,
    ) -> Reading:
        shelf = None if upload.password else self.shelf
        began = perf_counter()
        try:
            reading = await self._read_on(upload, forms, shelf, pictures=pictures, seconds=seconds, progress=progress)
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
        kind = reading.document.format or "-"
        READINGS.labels(kind, reading.unreadable.code or "read").observe(perf_counter() - began)
        PAGES.labels(kind).inc(len(reading.document.pages))
        if shelf is not None:
            await shelf.keep(upload.sha256, forms, reading)
        return reading

    async def show(
        self, upload: Upload, forms: tuple[FormSpec, ...], page: int, wish: Wish, seconds: float | None = None
    ) -> RenderPageResponse:
        """A page of a file, as its reading saw it; empty where it has none of that number. Raises EngineError."""
        reading = await self.read(upload, forms, seconds=seconds)
        if reading.HasField("unreadable"):
            return RenderPageResponse(unreadable=reading.unreadable)
        job = Show(upload.data or b"", reading.SerializeToString(), page, wish, upload.password)
        try:
            return RenderPageResponse.FromString(await self.sandbox.run(job, seconds))
        except (TimedOut, ReaderCrashed) as error:
            return RenderPageResponse(unreadable=wire.unreadable_to_proto(error).unreadable)

    async def _read_on(
        self,
        upload: Upload,
        forms: tuple[FormSpec, ...],
        shelf: Shelf | None,
        *,
        pictures: bool,
        seconds: float | None,
        progress: Progress | None,
    ) -> Reading:
        """The reading, behind the pages that are known; where it is others' turn meanwhile, it goes on later.

        shelf: where pages are kept; None where that must not be. Raises ReadError, EngineError.
        """
        data, pages = _readable_bytes(upload, self.limits), PageSpans()
        had = -1
        while True:
            known = await shelf.find_pages(upload.sha256) if shelf else {}
            # whoever asks next may want pictures
            job = Job(data, forms, pictures or shelf is not None, upload.password, known, keep=shelf is not None)
            # not where the shelf has kept nothing of the last turn: it would begin anew for ever
            resumable = shelf is not None and len(known) > had
            had = len(known)
            try:
                async with Leaves(upload.sha256, shelf, progress) as leaves:
                    hear = pages.heard_by(leaves.hear)
                    return Reading.FromString(await self.sandbox.run(job, seconds, hear, resumable=resumable))
            except Interrupted:
                continue

    async def _read_all(
        self,
        uploads: Sequence[Upload],
        forms: tuple[FormSpec, ...],
        *,
        pictures: bool,
        seconds: float | None,
        progress: FileProgress | None,
    ) -> list[Reading]:
        """Every file at once, as far as there are workers. The same bytes sent twice are read once."""

        async def read(upload: Upload) -> Reading:
            told = partial(progress, upload, read=False) if progress else None
            reading = await self.read(upload, forms, pictures=pictures, seconds=seconds, progress=told)
            if progress is not None:
                pages = len(reading.document.pages)
                await progress(upload, pages, pages, read=True)
            return reading

        try:
            async with asyncio.TaskGroup() as group:
                tasks = {
                    key: group.create_task(read(upload))
                    for key, upload in {(upload.sha256, upload.password): upload for upload in uploads}.items()
                }
        except ExceptionGroup as failed:
            # One is enough to answer with: a failing engine fails on every file.
            raise failed.exceptions[0] from failed
        return under_names((tasks[upload.sha256, upload.password].result(), upload.name) for upload in uploads)


def under_names(read: Iterable[tuple[Reading, str]]) -> list[Reading]:
    """Readings under the names of their files. One that comes again is copied; the first, perhaps large, is not."""
    readings: list[Reading] = []
    for reading, name in read:
        if any(reading is other for other in readings):
            again = Reading()
            again.CopyFrom(reading)
            reading = again
        reading.file_name = name
        readings.append(reading)
    return readings


async def beside(readings: Iterable[Reading], judge: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """What judging those readings comes to: in a thread where it takes long, so that nobody else waits for it."""
    parts = size = 0
    for reading in readings:
        size += reading.ByteSize()
        parts += bool(reading.document.pages)
    if size < _LONG_BYTES and parts < 2:  # which may have to be put together
        return judge(*arguments, **more)
    return await asyncio.to_thread(judge, *arguments, **more)


def judged(readings: Sequence[Reading], call: Call, received: datetime | None) -> tuple[Report, list[Reading]]:
    """The report on readings, in the order of the files, and the readings as it tells them."""
    files = files_from_proto(readings)
    with span("judge", call=call.id, files=len(files)):
        report = judge(call, files, received)
    VERDICTS.labels(call.id, report.verdict).inc()
    log.info("checked call=%s files=%d verdict=%s", call.id, len(files), report.verdict)
    return report, documents_of(report, readings)


async def refound(sandbox: Sandbox, reading: Reading, forms: tuple[FormSpec, ...]) -> Reading | None:
    """The reading of the same document for other forms; None where the finder breaks down on it."""
    try:
        found = Reading.FromString(await sandbox.run(Refind(reading.SerializeToString(), forms)))
    except (TimedOut, ReaderCrashed):
        return None
    if found.HasField("unreadable"):
        return None
    found.file_name, found.sha256, found.size_bytes = reading.file_name, reading.sha256, reading.size_bytes
    return found


def _readable_bytes(upload: Upload, limits: Limits) -> bytes:
    """The file's bytes. Raises Empty or TooLarge, a ReadError each, before anything is parsed."""
    if upload.data is None:
        raise TooLarge("file_bytes", f"{upload.size} bytes, at most {limits.file_bytes}")
    if not upload.data:
        raise Empty
    return upload.data
