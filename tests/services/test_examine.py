"""A submission of which one file breaks its reader: the others are judged, and nothing is concluded from the gap."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.errors import EngineError
from extractors.limits import Limits
from services.examine import Examiner, Upload
from services.extraction.sandbox import Bounds, Sandbox
from services.validation.call import load_call
from services.validation.model import Call, Outcome, Verdict
from tests import misbehaving
from tests.processes import alive

LIMITS = Limits(file_bytes=1000)


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    sandbox = Sandbox(
        misbehaving.start,
        misbehaving.read,
        argument=None,
        workers=2,
        bounds=Bounds(seconds=1.5, memory_mb=2048, tasks=100),
    )
    yield Examiner(sandbox, LIMITS)
    sandbox.close()


@pytest.fixture(scope="module")
def call() -> Call:
    return load_call(Path(__file__).parents[2] / "services" / "calls" / "zhihui-2021")


def upload(text: str, name: str = "a.docx") -> Upload:
    data = text.encode()
    return Upload(name, len(data), hashlib.sha256(data).hexdigest(), data)


async def until_noted(note: Path) -> int:
    """The process that began to read the file that names this note."""
    for _ in range(200):
        if note.exists() and note.read_text():
            return int(note.read_text())
        await asyncio.sleep(0.05)
    raise TimeoutError(note)


async def until_gone(process: int) -> None:
    for _ in range(100):
        if not alive(process):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{process} still runs")


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("do crash", "reader_crashed"),
        ("do exit", "reader_crashed"),
        ("do eat memory", "reader_crashed"),
        ("do garbage", "reader_crashed"),
        ("do hang", "timed_out"),
        ("do spin", "timed_out"),
    ],
)
async def test_a_file_that_breaks_its_reader_costs_its_own_reading_only(
    examiner: Examiner, call: Call, what: str, code: str
) -> None:
    uploads = [upload("application_form", "好.docx"), upload(what, "坏.pdf"), upload("other", "附.docx")]
    report, readings = await examiner.examine(uploads, call, None)
    assert [reading.file_name for reading in readings] == ["好.docx", "坏.pdf", "附.docx"]
    assert [reading.unreadable.code for reading in readings] == ["", code, ""]
    assert readings[1].unreadable.message.zh
    assert readings[1].unreadable.message.en
    assert readings[1].sha256 == uploads[1].sha256
    assert readings[0].kind == "application_form"
    assert report.verdict in (Verdict.REVIEW, Verdict.RETURN)
    outcomes = {finding.rule: finding.outcome for finding in report.findings}
    assert outcomes["missing-pairing-letter"] is Outcome.UNDETERMINED, "the unreadable file might be the letter"


async def test_a_submission_of_which_nothing_can_be_read_is_never_acceptable(examiner: Examiner, call: Call) -> None:
    uploads = [upload("do exit"), upload(""), Upload("big.pdf", 2000, "0" * 64, None)]
    report, readings = await examiner.examine(uploads, call, None)
    assert [reading.unreadable.code for reading in readings] == ["reader_crashed", "empty", "too_large"]
    assert report.verdict is Verdict.REVIEW


async def test_the_same_bytes_under_two_names_are_read_once(examiner: Examiner, call: Call, tmp_path: Path) -> None:
    text = f"other\nnote {tmp_path}/note"
    _, readings = await examiner.examine([upload(text, "一.docx"), upload(text, "二.docx")], call, None)
    assert [reading.file_name for reading in readings] == ["一.docx", "二.docx"]
    assert readings[0].sha256 == readings[1].sha256
    assert len((tmp_path / "note").read_text().split()) == 1


async def test_a_failing_engine_is_raised_as_itself(examiner: Examiner, call: Call) -> None:
    with pytest.raises(EngineError, match="no models"):
        await examiner.examine([upload("do engine failed: no models"), upload("application_form")], call, None)


async def test_cancelling_kills_the_worker_and_the_next_submission_is_read(
    examiner: Examiner, call: Call, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    task = asyncio.create_task(examiner.examine([upload(f"do hang\nnote {note}")], call, None))
    process = await until_noted(note)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until_gone(process)
    _, readings = await examiner.examine([upload("application_form")], call, None)
    assert readings[0].kind == "application_form"


async def test_the_time_limit_counts_reading_not_waiting_for_a_worker(examiner: Examiner, call: Call) -> None:
    """Two files hang in both workers until their limit; the one behind them has its own time still."""
    uploads = [upload("do hang"), upload("do hang: again"), upload("application_form")]
    began = time.monotonic()
    _, readings = await examiner.examine(uploads, call, None)
    assert time.monotonic() - began >= 1.5
    assert [reading.unreadable.code for reading in readings] == ["timed_out", "timed_out", ""]
