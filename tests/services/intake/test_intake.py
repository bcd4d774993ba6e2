"""What a portal sees of IntakeService, over real gRPC: accepted, worked on, watched, cancelled, erased, refused."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2, status_pb2

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.report_pb2 import OUTCOME_PASSED, VERDICT_RETURN, VERDICT_REVIEW
from services.extraction.sandbox import Sandbox
from services.settings import Settings
from tests.processes import ended
from tests.services.intake.house import CALL, House, name, open_house, request, sha, until

FORM, LETTER = b"application_form", b"pairing_letter"


async def refused(code: grpc.StatusCode, action: Any, *details: type[Any]) -> list[Any]:
    """The details that the refusal carries, of these kinds; both languages are always there."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await action
    assert caught.value.code() is code, caught.value.details()
    metadata = dict(caught.value.trailing_metadata() or ())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])  # type: ignore[arg-type]
    found = []
    for kind in (*details, error_details_pb2.LocalizedMessage):
        packed = [each for each in status.details if each.Is(kind.DESCRIPTOR)]
        assert packed, f"no {kind.__name__} in {status}"
        for each in packed:
            detail = kind()
            each.Unpack(detail)
            found.append(detail)
    locales = {detail.locale for detail in found if isinstance(detail, error_details_pb2.LocalizedMessage)}
    assert locales == {"zh-CN", "en"}
    return found


# ------------------------------------------------------------------------------------------------- the way


async def test_a_submission_is_accepted_worked_on_and_answered(house: House) -> None:
    received = Timestamp()
    received.FromJsonString("2021-09-01T08:00:00.123456Z")
    created = await house.create(
        FORM, LETTER, label="甲学会", receive_time=received, file_names=["申报书.docx", "函.pdf"]
    )
    assert created.state == pb.SUBMISSION_STATE_QUEUED
    await house.watch(created.name)
    submission = await house.get(created.name)
    assert submission.state == pb.SUBMISSION_STATE_DONE
    assert submission.receive_time == received
    assert submission.finish_time.ToNanoseconds() >= submission.create_time.ToNanoseconds()
    assert [reading.file_name for reading in submission.report.documents] == ["申报书.docx", "函.pdf"]
    assert [reading.kind for reading in submission.report.documents] == ["application_form", "pairing_letter"]
    assert submission.report.label == "甲学会"
    assert submission.verdict == submission.report.verdict == VERDICT_RETURN
    late = next(finding for finding in submission.report.findings if finding.rule == "late")
    assert late.outcome == OUTCOME_PASSED
    assert not submission.report.documents[0].document.text, "the BASIC view"


async def test_check_and_submission_come_to_the_same(house: House) -> None:
    checked = (await house.check(FORM, b"do exit")).report
    submission = await house.done(FORM, b"do exit")
    assert submission.report.findings == checked.findings
    assert submission.report.documents[1].unreadable.code == "reader_crashed"


async def test_one_bad_file_does_not_stop_the_others(house: House) -> None:
    submission = await house.done(b"do exit", FORM, b"")
    codes = [reading.unreadable.code for reading in submission.report.documents]
    assert codes == ["reader_crashed", "", "empty"]
    assert submission.verdict in (VERDICT_REVIEW, VERDICT_RETURN)


async def test_a_file_is_read_once_however_often_it_is_checked_and_submitted(house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    data = f"application_form\nnote {note}".encode()
    await house.check(data)
    await house.check(data)
    await house.done(data)
    await house.done(data, data)
    assert len(note.read_text().split()) == 1


async def test_a_file_on_which_the_reader_died_is_not_kept_as_unreadable(house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    data = f"do exit\nnote {note}".encode()
    await house.done(data)
    assert len(note.read_text().split()) == 3, "a killed reader is not always the file's fault"
    await house.check(data)
    assert len(note.read_text().split()) == 4


@pytest.mark.parametrize("ticks", range(6))
async def test_work_ends_though_something_was_accepted_in_the_same_moment(idle_house: House, ticks: int) -> None:
    at_work = asyncio.create_task(idle_house.work.run())
    await asyncio.sleep(0.2)
    idle_house.work.wake()
    for _ in range(ticks):
        await asyncio.sleep(0)
    at_work.cancel()
    assert await asyncio.wait({at_work}, timeout=3) == ({at_work}, set())


# --------------------------------------------------------------------------------------------- what is uploaded


async def test_the_bytes_are_on_disk_under_their_hash_when_an_upload_is_acknowledged(
    house: House, tmp_path: Path
) -> None:
    data = bytes(range(256)) * 5000
    assert await house.upload(data, "../../etc/passwd", chunk=256 * 1024) == name(data)
    files = [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]
    assert [path.name for path in files] == [sha(data)]
    assert files[0].read_bytes() == data


async def test_which_are_missing(house: House) -> None:
    await house.upload(FORM)
    missing = pb.MissingAttachmentsRequest(attachments=[name(LETTER), name(FORM), name(b"x"), name(LETTER)])
    answer = await house.intake.MissingAttachments(missing)
    assert list(answer.attachments) == [name(LETTER), name(b"x")]


@pytest.mark.parametrize(
    ("declared", "field"),
    [
        ({"sha256": sha(b"other")}, "header.sha256"),
        ({"size_bytes": 17}, "header.size_bytes"),
        ({"size_bytes": 15}, "header.size_bytes"),
        ({"sha256": "ABC"}, "header.sha256"),
        ({"file_name": "a\x1b[31m.docx"}, "header.file_name"),
        ({"file_name": "函\u202efdp.exe"}, "header.file_name"),
        ({"file_name": "a\nb"}, "header.file_name"),
    ],
)
async def test_an_upload_that_is_not_as_declared_is_refused_and_nothing_is_left(
    house: House, tmp_path: Path, declared: dict[str, Any], field: str
) -> None:
    (fault, *_) = await refused(
        grpc.StatusCode.INVALID_ARGUMENT, house.upload(FORM, **declared), error_details_pb2.BadRequest
    )
    assert fault.field_violations[0].field == field
    assert not [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]
    answer = await house.intake.MissingAttachments(pb.MissingAttachmentsRequest(attachments=[name(FORM)]))
    assert list(answer.attachments) == [name(FORM)]


@pytest.mark.parametrize("parts", [[], [{"chunk": b"x"}], [{"header": {"sha256": sha(b"")}}] * 2])
async def test_a_stream_without_exactly_one_header_is_refused(house: House, parts: list[dict[str, Any]]) -> None:
    stream = [pb.UploadAttachmentRequest(**part) for part in parts]
    await refused(
        grpc.StatusCode.INVALID_ARGUMENT, house.intake.UploadAttachment(iter(stream)), error_details_pb2.BadRequest
    )


async def test_too_large_an_upload_is_refused_before_it_is_sent(house: House) -> None:
    (quota, *_) = await refused(
        grpc.StatusCode.RESOURCE_EXHAUSTED, house.upload(FORM, size_bytes=2**40), error_details_pb2.QuotaFailure
    )
    assert quota.violations[0].subject == "HEYAN_LIMIT_FILE_BYTES"


# ---------------------------------------------------------------------------------------------- what is created


async def test_a_retry_gives_the_first_answer_and_another_body_is_refused(house: House) -> None:
    first = await house.create(FORM, request_id="r-1", label="甲")
    await house.watch(first.name)
    assert await house.create(FORM, request_id="r-1", label="甲") == first
    (resource, *_) = await refused(
        grpc.StatusCode.ALREADY_EXISTS, house.create(FORM, request_id="r-1", label="乙"), error_details_pb2.ResourceInfo
    )
    assert resource.resource_name == first.name
    listed = await house.intake.ListSubmissions(pb.ListSubmissionsRequest())
    assert [each.name for each in listed.submissions] == [first.name]


async def test_retries_at_the_same_time_register_one_submission(house: House) -> None:
    await house.upload(FORM)
    answers = await asyncio.gather(*(house.create(FORM, upload=False, request_id="r-1") for _ in range(20)))
    assert len({answer.name for answer in answers}) == 1


async def test_an_unknown_attachment_is_named(house: House) -> None:
    (resource, *_) = await refused(
        grpc.StatusCode.NOT_FOUND, house.create(FORM, upload=False), error_details_pb2.ResourceInfo
    )
    assert resource.resource_name == name(FORM)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"request_id": ""}, "request_id"),
        ({"call": "zhihui"}, "call"),
        ({"label": "甲\u202e乙"}, "label"),
        ({"label": "甲\x00乙"}, "label"),
        ({"file_names": ["a", "b"]}, "file_names"),
        ({"file_names": ["a\x07"]}, "file_names[0]"),
        ({"attachments": []}, "attachments"),
        ({"attachments": ["attachments/../../etc/passwd"]}, "attachments[0]"),
        ({"receive_time": Timestamp(seconds=10**17)}, "receive_time"),
        ({"priority": 9}, "priority"),
    ],
)
async def test_a_request_that_breaks_the_contract_is_refused_with_the_field(
    house: House, fields: dict[str, Any], field: str
) -> None:
    (fault, *_) = await refused(
        grpc.StatusCode.INVALID_ARGUMENT, house.create(FORM, **fields), error_details_pb2.BadRequest
    )
    assert fault.field_violations[0].field == field


async def test_an_unknown_call_is_not_found(house: House) -> None:
    await refused(
        grpc.StatusCode.NOT_FOUND, house.create(FORM, call="calls/no-such-call"), error_details_pb2.ResourceInfo
    )


async def test_a_batch_is_registered_whole_or_not_at_all(house: House) -> None:
    await house.upload(FORM)
    good = [request(FORM, request_id=str(number)) for number in range(3)]
    bad = pb.BatchCreateSubmissionsRequest(requests=[*good, request(b"never uploaded")])
    await refused(grpc.StatusCode.NOT_FOUND, house.intake.BatchCreateSubmissions(bad), error_details_pb2.ResourceInfo)
    assert not (await house.intake.ListSubmissions(pb.ListSubmissionsRequest())).submissions
    twice = pb.BatchCreateSubmissionsRequest(requests=[*good, good[1]])
    (fault, *_) = await refused(
        grpc.StatusCode.INVALID_ARGUMENT, house.intake.BatchCreateSubmissions(twice), error_details_pb2.BadRequest
    )
    assert fault.field_violations[0].field == "requests[3].request_id"
    answer = await house.intake.BatchCreateSubmissions(pb.BatchCreateSubmissionsRequest(requests=good))
    again = await house.intake.BatchCreateSubmissions(pb.BatchCreateSubmissionsRequest(requests=good))
    assert answer == again
    assert [each.priority for each in answer.submissions] == [pb.PRIORITY_BATCH] * 3
    assert len((await house.intake.ListSubmissions(pb.ListSubmissionsRequest())).submissions) == 3


async def test_more_than_may_wait_are_refused_with_when_to_retry(readers: Sandbox, settings: Settings) -> None:
    async with open_house(readers, replace(settings, max_queued=2), working=False) as house:
        await house.create(FORM)
        kept = await house.create(FORM, request_id="last")
        (retry, *_) = await refused(grpc.StatusCode.RESOURCE_EXHAUSTED, house.create(FORM), error_details_pb2.RetryInfo)
        assert retry.retry_delay.seconds > 0
        assert await house.create(FORM, request_id="last") == kept, "a retry of what was accepted is answered"


# ----------------------------------------------------------------------------------------------- get and list


async def test_an_unknown_submission_is_not_found(house: House) -> None:
    unknown = "submissions/none"
    for action in (
        house.get(unknown),
        house.watch(unknown),
        house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=unknown)),
        house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=unknown)),
    ):
        (resource, *_) = await refused(grpc.StatusCode.NOT_FOUND, action, error_details_pb2.ResourceInfo)
        assert resource.resource_name == unknown


async def test_lists_are_filtered_and_go_on_where_they_ended(house: House) -> None:
    names = [(await house.create(FORM, label=f"{number % 2}")).name for number in range(5)]
    for each in names:
        await house.watch(each)

    async def listed(**fields: Any) -> list[str]:
        found, token = [], ""
        while True:
            query = pb.ListSubmissionsRequest(page_size=2, page_token=token, **fields)
            answer = await house.intake.ListSubmissions(query)
            assert len(answer.submissions) <= 2
            assert not any(each.HasField("report") for each in answer.submissions)
            found += [each.name for each in answer.submissions]
            token = answer.next_page_token
            if not token:
                return found

    assert await listed() == names[::-1]
    assert await listed(label="1") == [names[3], names[1]]
    assert await listed(state=pb.SUBMISSION_STATE_DONE, call=CALL) == names[::-1]
    assert await listed(state=pb.SUBMISSION_STATE_QUEUED) == []
    assert await listed(verdict=VERDICT_RETURN) == names[::-1]
    assert await listed(call="calls/other") == []


@pytest.mark.parametrize("token", ["x", "MTIz", "!!", "é"])
async def test_a_page_token_of_nothing_or_of_another_query_is_refused(house: House, token: str) -> None:
    query = pb.ListSubmissionsRequest(page_token=token)
    (fault, *_) = await refused(
        grpc.StatusCode.INVALID_ARGUMENT, house.intake.ListSubmissions(query), error_details_pb2.BadRequest
    )
    assert fault.field_violations[0].field == "page_token"


# --------------------------------------------------------------------------------------------------- watch


async def test_events_are_numbered_without_gaps_and_watching_goes_on_behind_any_of_them(house: House) -> None:
    submission = await house.create(FORM, LETTER)
    events = await house.watch(submission.name)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    stages = [event.stage for event in events if not event.HasField("finding")]
    assert stages == ["queued", "reading", "reading", "reading", "judging", "done"]
    assert events[-1].state == pb.SUBMISSION_STATE_DONE
    report = (await house.get(submission.name)).report
    assert [event.finding for event in events if event.HasField("finding")] == list(report.findings)
    for after in (1, 4, len(events)):
        assert await house.watch(submission.name, after) == events[after:]


async def test_watching_begins_before_the_work_and_ends_with_it(idle_house: House) -> None:
    submission = await idle_house.create(FORM)
    watching = asyncio.create_task(idle_house.watch(submission.name))
    await asyncio.sleep(0.1)
    assert not watching.done()
    at_work = asyncio.create_task(idle_house.work.run())
    events = await asyncio.wait_for(watching, 20)
    assert events[-1].stage == "done"
    at_work.cancel()


# --------------------------------------------------------------------------------------------- cancel and erase


async def test_cancelling_kills_what_is_being_read(house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    submission = await house.create(f"do hang\nnote {note}".encode())
    await until(lambda: note.exists() and note.read_text().endswith("\n"))
    answer = await house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=submission.name))
    assert answer.submission.state == pb.SUBMISSION_STATE_CANCELLED
    assert await asyncio.to_thread(ended, int(note.read_text()))
    assert (await house.watch(submission.name))[-1].state == pb.SUBMISSION_STATE_CANCELLED
    assert (await house.done(FORM)).state == pb.SUBMISSION_STATE_DONE, "the slot works on"


async def test_what_waits_is_cancelled_and_never_begun(idle_house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    submission = await idle_house.create(f"other\nnote {note}".encode())
    answer = await idle_house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=submission.name))
    assert answer.submission.state == pb.SUBMISSION_STATE_CANCELLED
    at_work = asyncio.create_task(idle_house.work.run())
    await idle_house.watch((await idle_house.create(FORM)).name)
    at_work.cancel()
    assert not note.exists()


async def test_what_is_done_stays_done(house: House) -> None:
    done = await house.done(FORM)
    answer = await house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=done.name))
    assert answer.submission.state == pb.SUBMISSION_STATE_DONE
    assert answer.submission.HasField("report")


async def test_erasing_leaves_nothing_but_an_audit_line(house: House, tmp_path: Path) -> None:
    data = "application_form\n王小明 13800138000".encode()
    submission = await house.done(data, label="甲学会的申报", request_id="r-1", file_names=["王小明.docx"])
    for _ in range(2):  # twice is no error
        await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=submission.name))
    erased = await house.get(submission.name)
    assert erased.state == pb.SUBMISSION_STATE_ERASED
    assert not erased.label
    assert not erased.attachments
    assert not erased.HasField("report")
    (event,) = await house.watch(submission.name)
    assert event.state == pb.SUBMISSION_STATE_ERASED
    assert event.sequence > 1
    assert [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()] == []
    for kept in tmp_path.glob("heyan.sqlite*"):
        content = kept.read_bytes()
        for personal in ("甲学会的申报", "王小明", sha(data)):
            assert personal.encode() not in content, f"{personal} in {kept.name}"
    actions = await house.database.read(
        lambda c: [tuple(row) for row in c.exec_driver_sql("SELECT action, subject FROM audit ORDER BY number")]
    )
    assert actions == [(action, submission.name) for action in ("created", "done", "erased")]
    await refused(
        grpc.StatusCode.FAILED_PRECONDITION,
        house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=submission.name)),
        error_details_pb2.PreconditionFailure,
    )
    await refused(grpc.StatusCode.NOT_FOUND, house.create(data, upload=False), error_details_pb2.ResourceInfo)
    again = await house.create(data, request_id="r-1", label="甲学会的申报", file_names=["王小明.docx"])
    assert again.name == submission.name, "the request id is remembered"
    assert again.state == pb.SUBMISSION_STATE_ERASED


async def test_what_another_submission_shares_stays_until_that_is_erased(house: House) -> None:
    one, two = await house.done(FORM, LETTER), await house.done(FORM)
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=one.name))
    assert list(house.store.hashes(-1)) == [sha(FORM)]
    assert (await house.get(two.name)).report == two.report
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=two.name))
    assert list(house.store.hashes(-1)) == []


async def test_erasing_under_way_kills_and_nothing_comes_back(house: House, tmp_path: Path) -> None:
    note = tmp_path / "note"
    submission = await house.create(FORM, f"do hang\nnote {note}".encode())
    await until(lambda: note.exists() and note.read_text().endswith("\n"))
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=submission.name))
    assert await asyncio.to_thread(ended, int(note.read_text()))
    await house.done(LETTER)
    hashes = await house.database.read(lambda c: [row[0] for row in c.exec_driver_sql("SELECT sha256 FROM readings")])
    assert hashes == [sha(LETTER)]
    assert (await house.get(submission.name)).state == pb.SUBMISSION_STATE_ERASED


async def test_a_check_that_is_asked_again_is_answered_alike_until_what_it_rests_on_is_erased(
    house: House, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    form = f"application_form\nnote {note}".encode()
    answers = [await house.check(form, LETTER) for _ in range(3)]
    assert answers == [answers[0]] * 3
    assert len(note.read_text().split()) == 1
    submission = await house.done(form)
    assert len(note.read_text().split()) == 1
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=submission.name))
    assert await house.check(form, LETTER) == answers[0]
    assert len(note.read_text().split()) == 2, "no memory outlives the ledger's"


async def test_uploads_leave_room_for_the_ledger_to_finish_and_to_erase(readers: Sandbox, settings: Settings) -> None:
    async with open_house(readers, settings) as house:
        kept = await house.done(FORM)
    async with open_house(readers, replace(settings, reserve_mb=2**30)) as house:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await house.upload(LETTER)
        assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        again = await house.done(FORM, upload=False)
        assert again.report.verdict == kept.report.verdict
        await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=kept.name))
        assert (await house.get(kept.name)).state == pb.SUBMISSION_STATE_ERASED
