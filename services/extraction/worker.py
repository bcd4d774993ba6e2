"""What runs inside the sandbox: models loaded once, then bytes in, a Reading as protobuf bytes out."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

from extractors.document import Document, Place, Reading
from extractors.errors import EngineError, ReaderCrashed, ReadError
from extractors.extract import extract, find_again
from extractors.forms.spec import FormSpec
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.engine import Shot
from extractors.ocr.engines import make_engine
from extractors.readers.soffice import Office
from extractors.seals import find_seals
from extractors.show import Wish, show
from heyan.v1 import document_pb2 as pb
from heyan.v1.extraction_service_pb2 import RenderPageResponse
from services.extraction import wire
from services.extraction.inside import tell
from services.extraction.memory import keep_freed, return_freed
from services.log import log_to_stderr, where

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """engine: "rapidocr" or "tesseract". limits: of one file. log_level, log_format: of our log.

    threads: cores that a page may take: lines that are read at once, its pixels, and beside them its seals.
    office: LibreOffice, the last resort; None for not at all.
    """

    engine: str
    threads: int
    limits: Limits
    log_level: str = "INFO"
    log_format: str = "text"
    office: Office | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read. forms: () for its text, tables and seals only. pictures: with previews and crops.

    password: to open it, "" for none; it stays out of every log. known: pages that were read before, each as it was
    told. keep: whether pages are told with what they state.
    """

    data: bytes
    forms: tuple[FormSpec, ...] = ()
    pictures: bool = False
    password: str = field(default="", repr=False)
    known: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Refind:
    """A document that was read before, and the forms whose fields are looked for in it. reading: heyan.v1.Reading."""

    reading: bytes
    forms: tuple[FormSpec, ...]


@dataclass(frozen=True, slots=True)
class Show:
    """A page of a file to be shown. reading: heyan.v1.Reading of that file."""

    data: bytes
    reading: bytes
    page: int
    wish: Wish
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Models:
    eye: Eye
    eye_with_pictures: Eye
    limits: Limits
    office: Office | None


_models: _Models | EngineError | None = None  # one worker is one process: its models live as long as it


def start(settings: WorkerSettings) -> None:
    """Load the models, and look at a small page once, so that the first submission does not pay for it.

    Raises EngineError, and so do jobs then that need the engine.
    """
    global _models
    log_to_stderr(settings.log_level, settings.log_format)
    cv2.setNumThreads(settings.threads)
    keep_freed()
    try:
        engine, recogniser = make_engine(settings.engine, settings.threads)
        _models = _Models(
            Eye(engine, recogniser, settings.limits, find_seals, threads=settings.threads),
            Eye(engine, recogniser, settings.limits, find_seals, preview=True, threads=settings.threads),
            settings.limits,
            settings.office,
        )
        _look_at_small_page(_models)
    except EngineError as error:
        _models = error
        raise


def run(job: Job | Refind | Show) -> bytes:
    """A serialised heyan.v1.Reading, readable or not. Raises EngineError where the engine fails on every file.

    Of Show: a serialised heyan.v1.RenderPageResponse; empty where the file has no such page.
    """
    if isinstance(job, Refind):
        return _refind(job)
    if _models is None:
        raise RuntimeError("start() comes before run()")
    if isinstance(job, Show):
        limits = Limits() if isinstance(_models, EngineError) else _models.limits
        return _show(job, limits).SerializeToString()
    if isinstance(_models, EngineError):
        raise EngineError(str(_models))
    try:
        eye = _models.eye_with_pictures if job.pictures else _models.eye
        reading = wire.reading_to_proto(
            extract(job.data, job.forms, eye.look, _models.limits, _models.office, job.password, Telling(job))
        )
    except ReadError as error:
        log.info("unreadable sha256=%.12s: %s: %s", hashlib.sha256(job.data).hexdigest(), error.code, error.detail)
        reading = wire.unreadable_to_proto(error)
    except EngineError as error:
        if not _sees(_models):
            raise
        # It fails on this file alone (a runtime out of memory, say): the others must not pay for it.
        log.warning("the engine failed on sha256=%s alone: %s", hashlib.sha256(job.data).hexdigest(), error)
        reading = wire.unreadable_to_proto(ReaderCrashed("the engine failed on it"))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a bug of a reader costs its own file only
        log.error("a reader broke down on sha256=%s: %s", hashlib.sha256(job.data).hexdigest(), where(error))
        reading = wire.unreadable_to_proto(ReaderCrashed(type(error).__name__))
    return reading.SerializeToString()


class Telling:
    """Tells the server of each page that is done, and knows what an earlier attempt had told."""

    def __init__(self, job: Job) -> None:
        self._known = dict(job.known)
        self._keep = job.keep

    def known(self, number: int) -> Document | None:
        leaf = self._known.get(number)
        return None if leaf is None else wire.reading_from_proto(pb.Reading.FromString(leaf)).document

    def done(self, number: int, total: int, leaf: Document) -> None:
        part = b""
        if self._known.pop(number, None) is None and self._keep and total > 1:
            part = wire.reading_to_proto(Reading(leaf)).SerializeToString()
        return_freed()
        tell(number, total, part)


def _refind(job: Refind) -> bytes:
    """No engine is needed: only a finder's bug can go wrong, and it flies as it does in any other file's reading."""
    try:
        document = wire.reading_from_proto(pb.Reading.FromString(job.reading)).document
        return wire.reading_to_proto(find_again(document, job.forms)).SerializeToString()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a bug of a finder costs its own file only
        log.error("a finder broke down: %s", where(error))
        return wire.unreadable_to_proto(ReaderCrashed(type(error).__name__)).SerializeToString()


def _show(job: Show, limits: Limits) -> RenderPageResponse:
    """No engine is needed."""
    told = pb.Reading.FromString(job.reading)
    try:
        png = show(job.data, wire.reading_from_proto(told), job.page, job.wish, limits, job.password)
    except KeyError:
        return RenderPageResponse()
    except ReadError as error:
        return RenderPageResponse(unreadable=wire.unreadable_to_proto(error).unreadable)
    page = next(page for page in told.document.pages if page.number == job.page)
    page.ClearField("preview")
    return RenderPageResponse(png=png, page=page)


def _look_at_small_page(models: _Models) -> None:
    page = np.full((400, 300, 3), 255, np.uint8)
    cv2.putText(page, "2021", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 4)  # both models have to answer
    models.eye.look(Shot(page, Place(page=1), 100.0))


def _sees(models: _Models) -> bool:
    """Whether the engine still works at all."""
    try:
        _look_at_small_page(models)
    except EngineError:
        return False
    return True
