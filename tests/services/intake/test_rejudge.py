"""Kept submissions under a corrected call: judged again without reading, and what changed is told."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.report_pb2 import OUTCOME_PASSED, OUTCOME_VIOLATED
from services.extraction.sandbox import Sandbox
from services.settings import Settings
from tests.services.intake.house import CALL, House, open_house

ORIGINAL = Settings().calls / "zhihui-2021"


@pytest.fixture
def call_file(tmp_path: Path) -> Path:
    shutil.copytree(ORIGINAL, tmp_path / "calls" / "zhihui-2021")
    return tmp_path / "calls" / "zhihui-2021" / "call.yaml"


@pytest.fixture
async def house(readers: Sandbox, settings: Settings, call_file: Path) -> AsyncIterator[House]:
    async with open_house(readers, replace(settings, calls=call_file.parent.parent)) as house:
        yield house


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


async def rejudged(house: House, *, dry_run: bool = False) -> list[pb.RejudgeCallResponse]:
    stream = house.intake.RejudgeCall(pb.RejudgeCallRequest(call=CALL, dry_run=dry_run), timeout=30)
    return [answer async for answer in stream]


def at(text: str) -> Timestamp:
    moment = Timestamp()
    moment.FromJsonString(text)
    return moment


async def test_what_changed_is_told_and_kept_and_no_file_is_read_again(
    house: House, call_file: Path, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    data = f"application_form\nnote {note}".encode()
    late = await house.done(data, receive_time=at("2021-09-05T00:00:00Z"), label="迟")
    early = await house.done(data, receive_time=at("2021-09-01T00:00:00Z"), label="早")
    assert [answer.changes for answer in await rejudged(house)] == [[], []]
    edit(call_file, ("2021-09-03T23:59:59+08:00", "2021-09-10T23:59:59+08:00"))

    for dry_run in (True, False):
        one, two = await rejudged(house, dry_run=dry_run)
        assert (one.submission, one.label) == (late.name, "迟")
        (change,) = [change for change in one.changes if change.rule == "late"]
        assert (change.before, change.after) == (OUTCOME_VIOLATED, OUTCOME_PASSED)
        assert (two.submission, list(two.changes)) == (early.name, [])
        kept = next(f for f in (await house.get(late.name)).report.findings if f.rule == "late")
        assert kept.outcome == (OUTCOME_VIOLATED if dry_run else OUTCOME_PASSED)
        new = await house.done(data, receive_time=at("2021-09-05T00:00:00Z"), label="新")
        (judged,) = [finding for finding in new.report.findings if finding.rule == "late"]
        assert judged.outcome == (OUTCOME_VIOLATED if dry_run else OUTCOME_PASSED), "a dry run changes nothing"
        await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=new.name))
    assert len(note.read_text().split()) == 1
    assert [answer.changes for answer in await rejudged(house)] == [[], []], "once is enough"
    (event,) = await house.watch(late.name, (await house.watch(late.name))[-2].sequence)
    assert event.stage == "rejudged"


async def test_changed_forms_are_looked_for_in_the_document_as_it_was_read(
    house: House, call_file: Path, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    submission = await house.done(f"other\nnote {note}".encode(), b"application_form")
    edit(
        call_file,
        ("kind: application_form", "kind: form"),
        ("application_form.", "form."),
        ("application_form", "form"),
        ("templates/form", "templates/application_form"),
    )
    await rejudged(house)
    kinds = [reading.kind for reading in (await house.get(submission.name)).report.documents]
    assert kinds == ["other", "other"], "the kind was found anew: this document has no title"
    assert len(note.read_text().split()) == 1


async def test_a_mistake_in_the_call_is_told_and_nothing_changes(house: House, call_file: Path) -> None:
    submission = await house.done(b"application_form")
    edit(call_file, ("rules:", "rulez:"))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await rejudged(house)
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert await house.get(submission.name) == submission
    assert (await house.done(b"application_form")).state == pb.SUBMISSION_STATE_DONE, "the call stays as it was"


async def test_what_is_not_finished_or_erased_is_left_alone(house: House) -> None:
    erased, kept = await house.done(b"application_form"), await house.done(b"application_form")
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=erased.name))
    assert [answer.submission for answer in await rejudged(house)] == [kept.name]


async def test_a_submission_whose_reading_is_gone_keeps_its_report(house: House) -> None:
    submission = await house.done(b"application_form")
    await house.database.write(lambda c: c.exec_driver_sql("DELETE FROM readings").rowcount)
    (answer,) = await rejudged(house)
    assert answer.problem == "reading_missing"
    assert answer.verdict_before == answer.verdict_after == submission.verdict
    assert await house.get(submission.name) == submission
