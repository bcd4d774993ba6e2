"""What a worker answers when the engine fails: whose fault it was is told by whether a small page can still be read."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from extractors.document import Line
from extractors.errors import EngineError
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.engine import Engine, Odds, Raster, Strip
from heyan.v1 import document_pb2 as pb
from services.extraction import worker
from services.extraction.worker import Job


class Failing:
    """An engine that fails on pages with more than `most` pixels."""

    name = "failing"

    def __init__(self, most: int) -> None:
        self.most = most
        self.pages: list[int] = []

    def read(self, grey: Raster) -> tuple[Line, ...]:
        self.pages.append(grey.size)
        if grey.size > self.most:
            raise EngineError("out of its memory")
        return ()


class NoStrips:
    @property
    def second(self) -> NoStrips:
        return self

    def recognise(self, strips: Sequence[Raster]) -> tuple[Strip, ...]:
        return tuple(Strip("", 0.0) for _ in strips)

    def weigh(self, strips: Sequence[Raster]) -> tuple[Odds, ...]:
        return tuple(() for _ in strips)


def loaded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    eye = Eye(engine, NoStrips(), Limits(), None)
    monkeypatch.setattr(worker, "_models", worker._Models(eye, eye, Limits(), None))


@pytest.fixture
def scan() -> bytes:
    page = np.full((1200, 900), 255, np.uint8)
    page[100:130, 100:700:2] = 0
    data = io.BytesIO()
    Image.fromarray(page).save(data, "PNG")
    return data.getvalue()


def test_an_engine_that_fails_on_one_file_alone_makes_that_file_unreadable(
    scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Failing(most=500_000)
    loaded(engine, monkeypatch)
    answer = worker.run(Job(scan))
    reading = pb.Reading.FromString(answer)
    assert (reading.unreadable.code, reading.HasField("document")) == ("reader_crashed", False)
    assert engine.pages[:2] == [1200 * 900, 400 * 300], "a small page is tried after the failure"


def test_an_engine_that_fails_on_a_small_page_too_is_no_files_fault(
    scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Failing(most=0)
    loaded(engine, monkeypatch)
    with pytest.raises(EngineError, match="out of its memory"):
        worker.run(Job(scan))
    assert engine.pages == [1200 * 900, 400 * 300]


def test_a_worker_whose_models_could_not_be_loaded_says_so_to_every_file(
    scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_models", EngineError("the OCR models are missing"))
    with pytest.raises(EngineError, match="the OCR models are missing"):
        worker.run(Job(scan))


def test_a_page_is_never_empty_because_the_engine_failed(scan: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(Failing(most=10_000_000), monkeypatch)
    reading = pb.Reading.FromString(worker.run(Job(scan)))
    assert reading.HasField("document"), "an engine that finds no text makes a page without text"
    loaded(Failing(most=500_000), monkeypatch)
    assert not pb.Reading.FromString(worker.run(Job(scan))).HasField("document")
