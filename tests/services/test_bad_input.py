"""What a portal can do wrong: each its own status, the details that a program needs, a sentence in both languages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2 as rpc

from heyan.v1 import extraction_service_pb2 as extraction_pb
from heyan.v1 import intake_service_pb2 as pb
from heyan.v1 import validation_service_pb2 as validation_pb
from heyan.v1.extraction_service_pb2_grpc import ExtractionServiceStub
from services.extraction.sandbox import Sandbox
from services.settings import Settings
from tests.services.callers.keys import bearer, token
from tests.services.intake.house import CALL, House, name, open_house, request, sha
from tests.services.intake.test_intake import refused

CODE = grpc.StatusCode
DATA = b"application_form"


@pytest.fixture
async def house(readers: Sandbox, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(readers, Settings(data=tmp_path), working=False) as house:
        yield house


def field(details: list[Any]) -> tuple[str, str]:
    """The one field that BadRequest names, and what is wrong with it."""
    (violation,) = details[0].field_violations
    return violation.field, violation.description


# -------------------------------------------------------------------------------------------------- attachments


@pytest.mark.parametrize(
    ("declared", "wrong"),
    [
        ({"sha256": sha(b"other")}, ("header.sha256", f"declared {sha(b'other')}, received {sha(DATA)}")),
        ({"size_bytes": 17}, ("header.size_bytes", "declared 17, received 16")),
        ({"size_bytes": 15}, ("header.size_bytes", "declared 15, more came")),
    ],
    ids=["wrong hash", "short stream", "long stream"],
)
async def test_an_upload_that_is_not_what_it_said(house: House, declared: dict[str, Any], wrong: Any) -> None:
    assert field(await refused(CODE.INVALID_ARGUMENT, house.upload(DATA, **declared), rpc.BadRequest)) == wrong
    assert not list(house.store.spool.glob("*"))
    missing = pb.MissingAttachmentsRequest(attachments=[name(DATA)])
    assert (await house.intake.MissingAttachments(missing, timeout=10)).attachments == missing.attachments


async def test_an_unknown_attachment_is_named(house: House) -> None:
    found = await refused(CODE.NOT_FOUND, house.create(b"never sent", upload=False), rpc.ResourceInfo)
    assert (found[0].resource_type, found[0].resource_name) == ("attachment", name(b"never sent"))


# ------------------------------------------------------------------------------------------------ calls, erasures


async def test_an_unknown_call_is_named_everywhere(house: House) -> None:
    async with grpc.aio.insecure_channel(house.address) as channel:
        read = ExtractionServiceStub(channel)
        asked: dict[str, Awaitable[Any]] = {
            "CreateSubmission": house.create(DATA, call="calls/none"),
            "RejudgeCall": anext(aiter(house.intake.RejudgeCall(pb.RejudgeCallRequest(call="calls/none"), timeout=10))),
            "GetCall": house.validation.GetCall(validation_pb.GetCallRequest(name="calls/none"), timeout=10),
            "Check": house.validation.Check(
                iter([validation_pb.CheckRequest(header={"call": "calls/none"})]), timeout=10
            ),
            "Extract": read.Extract(
                iter([extraction_pb.ExtractRequest(header={"call": "calls/none", "file_name": "a"})]), timeout=10
            ),
        }
        for method, action in asked.items():
            found = await refused(CODE.NOT_FOUND, action, rpc.ResourceInfo)
            assert found[0].resource_name == "calls/none", method


async def test_what_was_erased_says_so_or_is_not_there(house: House) -> None:
    submission = await house.create(DATA, label="机密", request_id="r-1")
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=submission.name), timeout=10)
    cancel = house.intake.CancelSubmission(pb.CancelSubmissionRequest(name=submission.name), timeout=10)
    found = await refused(CODE.FAILED_PRECONDITION, cancel, rpc.PreconditionFailure)
    (violation,) = found[0].violations
    assert (violation.type, violation.subject) == ("ERASED", submission.name)
    again = house.create(DATA, upload=False)
    assert (await refused(CODE.NOT_FOUND, again, rpc.ResourceInfo))[0].resource_name == name(DATA)
    kept = await house.get(submission.name)
    assert (kept.state, kept.label, list(kept.attachments)) == (pb.SUBMISSION_STATE_ERASED, "", [])


# ------------------------------------------------------------------------------------------------- tokens, clocks


@pytest.mark.parametrize("seconds", [-1.0, 0.0])
async def test_an_expired_token(house: House, seconds: float) -> None:
    shown = bearer(await token(house.database, "a", seconds=seconds))
    action = house.intake.ListSubmissions(pb.ListSubmissionsRequest(), metadata=shown, timeout=10)
    found = await refused(CODE.UNAUTHENTICATED, action, rpc.ErrorInfo)
    assert (found[0].reason, found[0].domain) == ("TOKEN_EXPIRED", "heyan")


async def test_a_missing_a_wrong_and_a_too_weak_token(house: House) -> None:
    shown = bearer(await token(house.database, "a", "check"))
    for metadata, code, reason in (
        (None, CODE.UNAUTHENTICATED, "TOKEN_MISSING"),
        ((("authorization", "Bearer heyan_x"),), CODE.UNAUTHENTICATED, "TOKEN_INVALID"),
        (shown, CODE.PERMISSION_DENIED, "SCOPE_MISSING"),
    ):
        action = house.intake.ListSubmissions(pb.ListSubmissionsRequest(), metadata=metadata, timeout=10)
        found = await refused(code, action, rpc.ErrorInfo)
        assert found[0].reason == reason
    assert found[0].metadata["scope"] == "read-own"


async def test_a_clock_that_is_ahead_is_told_and_a_little_skew_is_borne(house: House) -> None:
    def at(**ahead: float) -> Timestamp:
        moment = Timestamp()
        moment.FromDatetime(datetime.now(UTC) + timedelta(**ahead))
        return moment

    await house.create(DATA, receive_time=at(minutes=4))
    found = await refused(CODE.INVALID_ARGUMENT, house.create(DATA, receive_time=at(hours=3)), rpc.BadRequest)
    name, what = field(found)
    assert name == "receive_time"
    assert "in the future" in what
    batch = pb.BatchCreateSubmissionsRequest(requests=[request(DATA), request(DATA, receive_time=at(days=400))])
    found = await refused(CODE.INVALID_ARGUMENT, house.intake.BatchCreateSubmissions(batch, timeout=10), rpc.BadRequest)
    assert field(found)[0] == "requests[1].receive_time"


# --------------------------------------------------------------------------------------------------------- names

NAMES = {
    "control": ("函\x00.pdf", "U+0000 at 2 is not allowed"),
    "line break": ("函\n.pdf", "U+000A at 2 is not allowed"),
    "escape": ("\x1b[2J.pdf", "U+001B at 1 is not allowed"),
    "right to left": ("函\u202efdp.exe", "U+202E at 2 is not allowed"),
    "isolate": ("\u2066x", "U+2066 at 1 is not allowed"),
    "line separator": ("a\u2028b", "U+2028 at 2 is not allowed"),
}


def check(*, label: str = "", file: str = "a.docx") -> Iterator[validation_pb.CheckRequest]:
    yield validation_pb.CheckRequest(header=validation_pb.CheckHeader(call=CALL, label=label))
    yield validation_pb.CheckRequest(file=validation_pb.FileHeader(name=file))


TAKERS: dict[str, Callable[[House, Any, str], Any]] = {
    "header.file_name": lambda house, read, name: house.upload(DATA, file_name=name),
    "label": lambda house, read, name: house.create(DATA, label=name),
    "file_names[0]": lambda house, read, name: house.create(DATA, file_names=[name]),
    "file.name": lambda house, read, name: house.validation.Check(check(file=name), timeout=10),
    "header.label": lambda house, read, name: house.validation.Check(check(label=name), timeout=10),
    "header.file_name ": lambda house, read, name: read.Extract(
        iter([extraction_pb.ExtractRequest(header={"file_name": name})]), timeout=10
    ),
}


@pytest.mark.parametrize("where", TAKERS)
async def test_names_that_deceive_are_refused_with_the_character(house: House, where: str) -> None:
    async with grpc.aio.insecure_channel(house.address) as channel:
        for given, what in NAMES.values():
            action = TAKERS[where](house, ExtractionServiceStub(channel), given)
            found = await refused(CODE.INVALID_ARGUMENT, action, rpc.BadRequest)
            assert field(found) == (where.strip(), what)


async def test_names_that_only_look_odd_stay_as_they_are(house: House) -> None:
    for given in ("../../etc/passwd", "C:\\函.pdf", "a" * 1024, "函 （终稿）😀.pdf", "%00%2e%2e", "NUL"):
        answer = await house.validation.Check(check(file=given), timeout=10)
        assert answer.report.documents[0].file_name == given
