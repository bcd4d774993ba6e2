"""What a portal may have: bytes and submissions, kept in the ledger; checks under way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2

from heyan.v1 import extraction_service_pb2 as extraction_pb
from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import validation_service_pb2 as validation_pb
from services.extraction.sandbox import Sandbox
from services.intake.ledger import portals
from services.settings import Settings
from tests.services.callers.keys import bearer, token
from tests.services.intake.house import CALL, House, open_house, request, sha
from tests.services.intake.test_intake import refused


@pytest.fixture
async def house(readers: Sandbox, tmp_path: Path) -> AsyncIterator[House]:
    settings = Settings(data=tmp_path, portal_bytes=100, portal_submissions=2)
    async with open_house(readers, settings, working=False) as house:
        yield house


async def had(house: House) -> tuple[int, int]:
    (portal,) = await house.database.read(portals.every)
    return portal.bytes, portal.submissions


async def quota_failure(action: Any) -> error_details_pb2.QuotaFailure:
    found = await refused(grpc.StatusCode.RESOURCE_EXHAUSTED, action, error_details_pb2.QuotaFailure)
    failure = found[0]
    assert isinstance(failure, error_details_pb2.QuotaFailure)
    return failure


async def test_bytes_count_once_for_the_same_file_and_come_free_by_erasing(house: House) -> None:
    await house.upload(b"x" * 60)
    await house.upload(b"x" * 60)
    assert await had(house) == (60, 0)
    failure = await quota_failure(house.upload(b"y" * 41))
    assert failure.violations[0].subject == "portal:local"
    assert failure.violations[0].description == "bytes: at most 100"
    assert not (
        await house.intake.MissingAttachments(
            pb.MissingAttachmentsRequest(attachments=[await house.upload(b"y" * 40)]), timeout=10
        )
    ).attachments
    submission = await house.create(b"x" * 60, upload=False)
    assert await had(house) == (100, 1)
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=submission.name), timeout=10)
    assert await had(house) == (40, 0)
    await house.upload(b"z" * 60)


async def test_submissions_over_the_quota_are_refused_whole_batches_too(house: House) -> None:
    await house.upload(b"x")
    batch = pb.BatchCreateSubmissionsRequest(requests=[request(b"x") for _ in range(3)])
    failure = await quota_failure(house.intake.BatchCreateSubmissions(batch, timeout=10))
    assert failure.violations[0].description == "submissions: at most 2"
    assert await had(house) == (1, 0)
    first = request(b"x", request_id="again")
    for _ in range(3):  # a retry is no new one
        await house.intake.CreateSubmission(first, timeout=10)
    await house.create(b"x")
    await quota_failure(house.intake.CreateSubmission(request(b"x"), timeout=10))
    assert await had(house) == (1, 2)


async def test_a_portals_own_quota_goes_before_the_usual_one(house: House) -> None:
    await house.database.write(portals.set_quotas, "local", {"bytes": 10})
    await quota_failure(house.upload(b"x" * 11))
    await house.database.write(portals.set_quotas, "local", {"bytes": None})
    await house.upload(b"x" * 100)


async def test_an_upload_over_the_quota_is_refused_before_its_bytes_come(house: House) -> None:
    header = pb.UploadAttachmentRequest(header=pb.UploadHeader(size_bytes=10**7, sha256="0" * 64))
    sent = 0

    async def requests() -> AsyncIterator[pb.UploadAttachmentRequest]:
        nonlocal sent
        yield header
        await asyncio.sleep(0.5)
        sent += 1
        yield pb.UploadAttachmentRequest(chunk=b"x")

    await quota_failure(house.intake.UploadAttachment(requests(), timeout=10))
    assert sent == 0
    assert not list(house.store.spool.glob("*"))


async def test_checks_under_way_have_their_quota_with_the_time_to_try_again(readers: Sandbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, max_waiting=2)
    async with open_house(readers, settings, working=False) as house:
        slow = [asyncio.create_task(house.check(b"do hang")) for _ in range(2)]
        await asyncio.sleep(0.3)
        await refused(grpc.StatusCode.RESOURCE_EXHAUSTED, house.check(b"x"), error_details_pb2.RetryInfo)
        for hung_up in slow:
            hung_up.cancel()
        await asyncio.wait(slow)
        for _ in range(100):  # the server hears of it in its own time
            with contextlib.suppress(grpc.aio.AioRpcError):
                await house.check(b"application_form")
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the places did not come free")


async def test_bytes_under_way_have_their_bound_in_sum(readers: Sandbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, max_waiting_bytes=100)
    async with open_house(readers, settings, working=False) as house:
        await refused(grpc.StatusCode.RESOURCE_EXHAUSTED, house.check(b"x" * 101), error_details_pb2.RetryInfo)
        await house.check(b"application_form")


async def test_a_page_is_shown_only_where_there_is_room_for_its_file(readers: Sandbox, tmp_path: Path) -> None:
    """Asked before the file is loaded: here it could not be."""
    settings = Settings(data=tmp_path, max_waiting_bytes=100)
    async with open_house(readers, settings, working=False) as house:
        for data, status in ((b"x" * 101, "RESOURCE_EXHAUSTED"), (b"x", "NOT_FOUND")):
            attachment = await house.upload(data)
            house.store.delete(sha(data))
            wanted = extraction_pb.RenderPageRequest(attachment=attachment, page=1)
            await refused(grpc.StatusCode[status], house.extraction.RenderPage(wanted, timeout=10))


async def test_one_check_does_not_wait_for_anothers_flood(readers: Sandbox, tmp_path: Path) -> None:
    """One worker, ten checks of one portal, then one of another: it is read next."""
    async with open_house(readers, Settings(data=tmp_path, authenticate=True), working=False) as house:
        shown = {portal: bearer(await token(house.database, portal, "check")) for portal in ("flood", "other")}
        ended: list[str] = []

        async def check(portal: str, data: bytes) -> None:
            requests = [
                validation_pb.CheckRequest(header=validation_pb.CheckHeader(call=CALL)),
                validation_pb.CheckRequest(file=validation_pb.FileHeader(name="a.docx")),
                validation_pb.CheckRequest(chunk=data),
            ]
            await house.validation.Check(iter(requests), metadata=shown[portal], timeout=30)
            ended.append(portal)

        async with asyncio.TaskGroup() as group:
            for number in range(10):
                group.create_task(check("flood", b"do rest: 0.1\n%d" % number))
            await asyncio.sleep(0.05)
            group.create_task(check("other", b"do rest: 0.1\nother"))
        assert ended.index("other") <= 2, ended


async def test_a_long_file_makes_room_at_its_next_page_and_goes_on_behind_it(readers: Sandbox, tmp_path: Path) -> None:
    """One worker, a file of sixty pages, then another portal's file: it does not wait for the sixty."""
    async with open_house(readers, Settings(data=tmp_path, authenticate=True), working=False) as house:
        shown = {portal: bearer(await token(house.database, portal, "check")) for portal in ("long", "other")}
        ended: list[str] = []

        async def check(portal: str, data: bytes) -> validation_pb.CheckResponse:
            requests = [
                validation_pb.CheckRequest(header=validation_pb.CheckHeader(call=CALL)),
                validation_pb.CheckRequest(file=validation_pb.FileHeader(name="a.pdf")),
                validation_pb.CheckRequest(chunk=data),
            ]
            answer = await house.validation.Check(iter(requests), metadata=shown[portal], timeout=60)
            ended.append(portal)
            return answer  # type: ignore[no-any-return]

        notes = tmp_path / "pages"
        long = asyncio.create_task(check("long", f"pages 60 0.08\nnote {notes}".encode()))
        await asyncio.sleep(2.5)
        await check("other", b"do rest: 0.05\n")
        read = len(notes.read_text().split())
        assert ended == ["other"], "the long one is not through"
        assert read < 60
        answer = await long
        assert len(answer.report.documents[0].document.pages) == 60
        pages = notes.read_text().split()
        assert sorted(set(pages), key=int) == [str(number) for number in range(1, 61)]
        assert len(pages) <= 61, "the one at which it stopped may not have been heard of"
