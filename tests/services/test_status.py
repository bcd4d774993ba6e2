"""Every refusal: its gRPC status, its google.rpc details, and a sentence in both languages."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import AsyncIterator
from typing import Any, cast

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from extractors.errors import EngineError
from heyan.v1 import intake_service_pb2 as intake
from services.intake.refusals import MissingAttachments
from services.status import (
    BadRequest,
    BrokenCall,
    Busy,
    Context,
    NotFound,
    OverLimit,
    answering,
    require_valid,
)


class Aborted(Exception):
    """What gRPC's context raises."""


class Recorder:
    """A gRPC context that records how the call was ended."""

    async def abort(self, code: grpc.StatusCode, message: str, trailing_metadata: Any) -> None:
        self.code, self.message = code, message
        ((key, value),) = trailing_metadata
        assert key == "grpc-status-details-bin"
        self.status = status_pb2.Status.FromString(value)
        raise Aborted

    def details(self) -> dict[str, Any]:
        """By name of the detail; sentences by locale."""
        found: dict[str, Any] = {}
        for packed in self.status.details:
            kind = getattr(error_details_pb2, packed.TypeName().rpartition(".")[2])
            detail = kind()
            assert packed.Unpack(detail)
            found[detail.locale if kind is error_details_pb2.LocalizedMessage else kind.__name__] = detail
        return found


async def ended_by(error: Exception, *, streamed: bool = False) -> Recorder:
    """How a call ends whose handler raises this."""

    class Service:
        @answering
        async def Unary(self, request: object, context: Context) -> object:
            raise error

        @answering
        async def Stream(self, request: object, context: Context) -> AsyncIterator[object]:
            yield 1
            raise error

    context = Recorder()
    with contextlib.suppress(Aborted):
        if streamed:
            async for _ in Service().Stream(None, cast("Context", context)):
                pass
        else:
            await Service().Unary(None, cast("Context", context))
    assert context.status.code, "it was aborted"
    return context


@pytest.mark.parametrize(
    ("error", "code", "detail", "holds"),
    [
        (BadRequest("缺", "missing", ("header", "required")), "INVALID_ARGUMENT", "BadRequest", "header"),
        (NotFound("无", "none", kind="call", name="calls/x"), "NOT_FOUND", "ResourceInfo", "calls/x"),
        (
            OverLimit("多", "many", setting="HEYAN_MAX_FILES", allowed=4),
            "RESOURCE_EXHAUSTED",
            "QuotaFailure",
            "HEYAN_MAX_FILES",
        ),
        (Busy(5), "RESOURCE_EXHAUSTED", "RetryInfo", "seconds: 5"),
        (BrokenCall("calls/x", [("第 3 行", "line 3")]), "FAILED_PRECONDITION", "PreconditionFailure", "line 3"),
        (EngineError("no models"), "UNAVAILABLE", "en", "no models"),
        (RuntimeError("张三"), "INTERNAL", "en", "bug"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
@pytest.mark.parametrize("streamed", [False, True], ids=["unary", "stream"])
async def test_a_refusal_has_its_status_its_details_and_two_languages(
    error: Exception, code: str, detail: str, holds: str, streamed: bool
) -> None:
    context = await ended_by(error, streamed=streamed)
    assert context.code is grpc.StatusCode[code]
    assert context.status.code == context.code.value[0]
    assert context.status.message == context.message
    details = context.details()
    assert holds in str(details[detail])
    assert details["zh-CN"].message
    assert details["en"].message == context.message
    assert any("\u4e00" <= character <= "\u9fff" for character in details["zh-CN"].message)


def many_faults() -> Exception:
    bad = intake.CreateSubmissionRequest(request_id="a", call="zhihui-2021", attachments=["ab" * 32])
    with pytest.raises(BadRequest) as refusal:
        require_valid(intake.BatchCreateSubmissionsRequest(requests=[bad] * 1000))
    return refusal.value


@pytest.mark.parametrize(
    "error",
    [many_faults(), MissingAttachments([f"attachments/{number:064x}" for number in range(64_000)])],
    ids=lambda error: type(error).__name__,
)
async def test_a_refusal_of_many_things_fits_into_the_header(error: Exception) -> None:
    context = await ended_by(error)
    # base64, and the message once more percent-encoded; gRPC drops what is over 8 KiB, and the status with it
    assert len(context.status.SerializeToString()) * 4 / 3 + len(context.message) < 8192
    assert "more)" in context.message


def test_a_fault_is_told_with_its_place() -> None:
    good = intake.CreateSubmissionRequest(request_id="a", call="calls/x", attachments=["attachments/" + "0" * 64])
    bad = intake.CreateSubmissionRequest(request_id="a", call="calls/x", attachments=[*good.attachments, "0"])
    with pytest.raises(BadRequest, match=re.escape("requests[1].attachments[1] does not match")):
        require_valid(intake.BatchCreateSubmissionsRequest(requests=[good, bad]))


async def test_a_bug_is_logged_by_its_place_and_quotes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        context = await ended_by(ValueError("电话 13800138000"))
    assert "ValueError" in caplog.text
    assert "test_status.py" in caplog.text
    assert "13800138000" not in caplog.text
    assert "13800138000" not in str(context.status)
    assert "ValueError" not in str(context.status)
