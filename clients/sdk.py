"""The typed client for a portal's programmer.

    with Client("127.0.0.1:50551") as heyan:
        answer = heyan.check(
            [Upload("申报表.docx", Path("upload/1.docx")), Upload("对接函.pdf", data)],
            call="zhihui-2021",
            received=datetime(2021, 9, 1, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
        )
        if answer.report.verdict == VERDICT_RETURN: ...

A server that asks who calls: `Client(address, access=Access(token=read_token(path), ca=Path("ca.pem")))`.

Submissions that the server is to keep and work on: `heyan.intake` (clients/intake.py).

Answers are the messages of heyan.v1 themselves. Every failure of a call is a ClientError (clients/errors.py); a local
file that cannot be read raises its OSError. A Client may be used from several threads at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypedDict, TypeVar

import grpc

from clients.access import Access, read_token
from clients.errors import (
    Busy,
    Cancelled,
    ClientError,
    DeadlineExceeded,
    Failed,
    NotFound,
    Refused,
    Unavailable,
    Unimplemented,
    Violation,
    from_rpc_error,
)
from clients.intake import Intake, submission_name
from heyan.v1 import extraction_service_pb2 as extraction
from heyan.v1 import extraction_service_pb2_grpc as extraction_grpc
from heyan.v1 import validation_service_pb2 as validation
from heyan.v1 import validation_service_pb2_grpc as validation_grpc
from heyan.v1.call_pb2 import Call
from heyan.v1.document_pb2 import READING_VIEW_UNSPECIFIED, Reading, ReadingView
from heyan.v1.report_pb2 import Report

DEFAULT_ADDRESS = "127.0.0.1:50551"
CHUNK_BYTES = 1024 * 1024

# Of grpc.health.v1; its stubs are imported only where they are used.
_SERVING = 1
_NOT_SERVING = 2
_HEALTH_SECONDS = 2.0
_WATCHED_SECONDS = 3600.0

_M = TypeVar("_M")
_R = TypeVar("_R", contravariant=True)
_A = TypeVar("_A", covariant=True)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send. name: for people, never used as a path. content: its bytes, or where they are on disk.

    A file on disk is read while it is sent, 1 MiB at a time. password: to open it, should it need one.
    """

    name: str
    content: bytes | Path
    password: str = field(default="", repr=False)

    def chunks(self, size: int = CHUNK_BYTES) -> Iterator[bytes]:
        """Its bytes in pieces of up to `size`; none for an empty file. Raises OSError."""
        if isinstance(self.content, bytes):
            for start in range(0, len(self.content), size):
                yield self.content[start : start + size]
            return
        with self.content.open("rb", buffering=0) as file:
            while chunk := file.read(size):
                yield chunk


class Client:
    """A connection to one server; opened on the first call, closed by `close` or the end of a `with`.

    address: "127.0.0.1:50551" or "unix:/path/of/socket". access: who calls, and TLS. timeout: seconds for one call
    unless it says otherwise. max_message_bytes: the greatest answer that is accepted. Raises OSError (a certificate
    that cannot be read), ValueError (a token that would travel in clear text).
    """

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        *,
        access: Access = Access(),
        timeout: float = 300.0,
        max_message_bytes: int = 256 * 1024 * 1024,
    ) -> None:
        self.address = address
        self._timeout = timeout
        self._channel = access.channel(
            address,
            [
                ("grpc.max_receive_message_length", max_message_bytes),
                # The service stands inside the office: a proxy of the environment is never the way to it.
                ("grpc.enable_http_proxy", 0),
                ("grpc.initial_reconnect_backoff_ms", 100),
                # so long an attempt may take: TLS over a slow line needs its time; one that is refused fails at once
                ("grpc.min_reconnect_backoff_ms", 5000),
                ("grpc.max_reconnect_backoff_ms", 2000),
            ],
        )
        self._validation = validation_grpc.ValidationServiceStub(self._channel)
        self._extraction = extraction_grpc.ExtractionServiceStub(self._channel)
        self.intake = Intake(self._channel, self._stream, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Cancels what is under way and disconnects."""
        self._channel.close()

    def ready(self, timeout: float = 0.0) -> bool:
        """Whether the server answers and has loaded its models; asks again until `timeout` seconds have passed."""
        end = time.monotonic() + timeout
        while self._health() != _SERVING:
            if time.monotonic() >= end:
                return False
            time.sleep(0.05)
        return True

    def loading(self) -> bool:
        """Whether the server answers, but has not loaded its models yet: it is worth waiting for."""
        return self._health() == _NOT_SERVING

    def _health(self) -> int | None:
        """What the health service says; None where there is no server, or one without it."""
        from grpc_health.v1 import health_pb2, health_pb2_grpc

        stub = health_pb2_grpc.HealthStub(self._channel)
        try:
            return int(stub.Check(health_pb2.HealthCheckRequest(), timeout=_HEALTH_SECONDS).status)
        except grpc.RpcError:
            return None

    def check(
        self,
        files: Sequence[Upload],
        call: str,
        *,
        received: datetime | None = None,
        label: str = "",
        view: ReadingView.ValueType = READING_VIEW_UNSPECIFIED,
        pictures: bool = False,
        evidence: bool = False,
        timeout: float | None = None,
        progress: Callable[[validation.CheckProgress], None] | None = None,
    ) -> validation.CheckResponse:
        """The report on one submission. A file that the server cannot read is part of it.

        call: "zhihui-2021" or "calls/zhihui-2021". received: when the submission arrived, with time zone; without it
        the deadline stays undetermined. label: your own name for it, returned in the report. view: how much of each
        reading comes back, BASIC by default. pictures: with page previews and crops of seals. evidence: with the
        reviewer's HTML page. progress: is told of the pages of long files, as they are read; an hour is waited then
        where `timeout` says nothing else. Raises ClientError, OSError (a local file), ValueError (`received` without
        zone).
        """
        header = validation.CheckHeader(
            call=call_name(call), label=label, view=view, pictures=pictures, evidence=evidence
        )
        if received is not None:
            header.receive_time.FromDatetime(aware(received))
        if progress is not None:
            return self._watched(header, files, progress, timeout or _WATCHED_SECONDS)
        return self._stream(self._validation.Check, _check_requests(header, files), timeout)

    def extract(
        self,
        file: Upload,
        call: str = "",
        *,
        view: ReadingView.ValueType = READING_VIEW_UNSPECIFIED,
        pictures: bool = False,
        timeout: float | None = None,
    ) -> Reading:
        """What one file states; `reading.unreadable` where it cannot be read. view: FULL by default.

        call: its forms say which kind of paper this is and which fields to look for; empty: text, tables and seals
        only. Raises ClientError, OSError (a local file).
        """
        header = extraction.ExtractHeader(
            file_name=file.name,
            call=call_name(call) if call else "",
            view=view,
            pictures=pictures,
            password=file.password,
        )
        return self._stream(self._extraction.Extract, _extract_requests(header, file), timeout).reading

    def render_page(
        self,
        attachment: str,
        page: int,
        *,
        max_side: int = 0,
        dpi: int = 0,
        boxes: bool = False,
        lines: bool = False,
        erase_seals: bool = False,
        call: str = "",
        password: str = "",
        timeout: float | None = None,
    ) -> extraction.RenderPageResponse:
        """A page of an attachment ("attachments/{sha256}", as `intake.upload` answers) as PNG, upright.

        page: from 1. max_side: in pixels, 0 for 1600. boxes: of fields (where a call is named) and seals. lines: their
        boxes, too. `unreadable` is set instead of `png` where the file cannot be read. Raises NotFound, ClientError.
        """
        request = extraction.RenderPageRequest(
            attachment=attachment,
            page=page,
            max_side=max_side,
            dpi=dpi,
            boxes=boxes,
            lines=lines,
            erase_seals=erase_seals,
            call=call_name(call) if call else "",
            password=password,
        )
        try:
            return self._extraction.RenderPage(request, timeout=self._seconds(timeout))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def validate(
        self,
        readings: Sequence[Reading],
        call: str,
        *,
        received: datetime | None = None,
        label: str = "",
        timeout: float | None = None,
    ) -> Report:
        """The report on readings that are there already, from `extract` or the portal's own fields."""
        request = validation.ValidateRequest(call=call_name(call), label=label, documents=readings)
        if received is not None:
            request.receive_time.FromDatetime(aware(received))
        try:
            return self._validation.Validate(request, timeout=self._seconds(timeout)).report
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def audit(
        self, submissions: Sequence[validation.AuditSubmission], call: str, *, timeout: float | None = None
    ) -> tuple[validation.AuditCallResponse, ...]:
        """The findings across submissions; every rule is among them. `audited` makes a submission of a report.

        Give readings of view FULL: nearly equal texts cannot be told without them. Raises ClientError.
        """
        requests = _audit_requests(validation.AuditHeader(call=call_name(call)), submissions)
        try:
            return tuple(self._validation.AuditCall(requests, timeout=self._seconds(timeout)))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def list_calls(self, *, timeout: float | None = None) -> tuple[Call, ...]:
        """The calls that the server knows, without their forms and rules, by name."""
        calls: list[Call] = []
        token = ""
        try:
            while True:
                request = validation.ListCallsRequest(page_size=1000, page_token=token)
                answer = self._validation.ListCalls(request, timeout=self._seconds(timeout))
                calls += answer.calls
                # A server that repeats its token would keep us here for ever.
                if not answer.next_page_token or answer.next_page_token == token:
                    return tuple(calls)
                token = answer.next_page_token
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def get_call(self, name: str, *, timeout: float | None = None) -> Call:
        """One call with its papers, fields and rules. Raises NotFound."""
        request = validation.GetCallRequest(name=call_name(name))
        try:
            return self._validation.GetCall(request, timeout=self._seconds(timeout)).call
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def lint_call(
        self, yaml: str, *, notice: str = "", folder: str = "", timeout: float | None = None
    ) -> tuple[validation.LintProblem, ...]:
        """Every problem of a call.yaml's text, in its order. notice: the text that its clauses should quote.

        folder: the name of the folder that holds it, which the call's id must repeat; "" where there is none.
        """
        request = validation.LintCallRequest(yaml=yaml, notice=notice, folder=folder)
        try:
            return tuple(self._validation.LintCall(request, timeout=self._seconds(timeout)).problems)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def draft_call(self, notice: str, *, id: str = "", timeout: float | None = None) -> validation.DraftCallResponse:
        """A call.yaml drafted from a notice's text, and what is left to do. id: of the call; "" for a made-up one."""
        try:
            return self._validation.DraftCall(
                validation.DraftCallRequest(notice=notice, id=id), timeout=self._seconds(timeout)
            )
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def roster(self, call: str, reports: Sequence[Report] = (), *, timeout: float | None = None) -> bytes:
        """The roster of a call as an .xlsx workbook: of the reports, or without any of all that the server keeps."""
        request = validation.GetRosterRequest(call=call_name(call), reports=reports)
        try:
            return self._validation.GetRoster(request, timeout=self._seconds(timeout)).xlsx
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def evidence(self, of: str | Report, *, timeout: float | None = None) -> str:
        """The evidence page (HTML) of a kept submission by its name, or of a report. Raises NotFound, Refused."""
        request = validation.GetEvidenceRequest(**_named(of))
        try:
            return self._validation.GetEvidence(request, timeout=self._seconds(timeout)).html
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def draft_correction(self, of: str | Report, *, timeout: float | None = None) -> validation.DraftCorrectionResponse:
        """A letter that asks for corrections, as text and as .docx: a draft, for a person to check and send.

        Raises NotFound, Refused (there is nothing to correct, or no report yet).
        """
        request = validation.DraftCorrectionRequest(**_named(of))
        try:
            return self._validation.DraftCorrection(request, timeout=self._seconds(timeout))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def _seconds(self, timeout: float | None) -> float:
        return self._timeout if timeout is None else timeout

    def _watched(
        self,
        header: validation.CheckHeader,
        files: Sequence[Upload],
        progress: Callable[[validation.CheckProgress], None],
        timeout: float,
    ) -> validation.CheckResponse:
        requests = _check_requests(header, files)
        sending = _Sending(validation.WatchCheckRequest(request=request) for request in requests)
        call: Any = self._validation.WatchCheck(sending, timeout=timeout)
        sending.begun(call)
        try:
            for message in call:
                if message.HasField("answer"):
                    answer: validation.CheckResponse = message.answer
                    return answer
                progress(message.progress)
        except grpc.RpcError as error:
            if sending.error is not None:
                raise sending.error from None
            if error.code() is grpc.StatusCode.UNIMPLEMENTED:  # an older server
                return self._stream(self._validation.Check, _check_requests(header, files), timeout)
            raise from_rpc_error(error) from None
        finally:
            call.cancel()
        raise Unavailable("服务没有给出结论。", "the server gave no answer.", status="UNAVAILABLE")

    def _stream(self, method: _ClientStream[_M, _A], requests: Iterator[_M], timeout: float | None) -> _A:
        sending = _Sending(requests)
        call = method.future(sending, timeout=self._seconds(timeout))
        sending.begun(call)
        try:
            return call.result()
        except grpc.FutureCancelledError:
            if sending.error is not None:
                raise sending.error from None
            raise Cancelled("请求已取消。", "the call was cancelled.", status="CANCELLED") from None
        except grpc.RpcError as error:
            if sending.error is not None:
                raise sending.error from None
            raise from_rpc_error(error) from None
        finally:
            call.cancel()  # an interrupt must not leave the server at work; nothing happens to a call that is done


class _Named(TypedDict, total=False):
    submission: str
    report: Report


class _Answer(Protocol[_A]):
    def result(self) -> _A: ...

    def cancel(self) -> bool: ...


class _ClientStream(Protocol[_R, _A]):
    def future(self, request_iterator: Iterator[_R], timeout: float | None = None) -> _Answer[_A]: ...


class _Sending(Generic[_M]):
    """The requests of one call. A local file that fails cancels the call and is kept in `error`.

    gRPC pulls from its own thread: an exception there would only be logged, and a plain end would look to the server
    like a complete submission.
    """

    def __init__(self, requests: Iterator[_M]) -> None:
        self._requests = requests
        self._begun = threading.Event()
        self._call: _Answer[object] | None = None
        self.error: OSError | None = None

    def begun(self, call: _Answer[object]) -> None:
        self._call = call
        self._begun.set()

    def __iter__(self) -> Iterator[_M]:
        return self

    def __next__(self) -> _M:
        try:
            return next(self._requests)
        except OSError as error:
            self.error = error
            self._begun.wait()
            assert self._call is not None
            self._call.cancel()
            raise StopIteration from None


def audited(report: Report, *, name: str = "", sender: str = "") -> validation.AuditSubmission:
    """A submission to audit, from its report of view FULL. name: the report's label by default; no two may be equal.

    Words of lines are left out: they are most of a scan's bytes, and an audit has no use for them.
    """
    made = validation.AuditSubmission(
        name=name or report.label, sender=sender, verdict=report.verdict, documents=report.documents
    )
    if report.HasField("receive_time"):
        made.receive_time.CopyFrom(report.receive_time)
    for reading in made.documents:
        for block in reading.document.blocks:
            if block.HasField("line"):
                block.line.ClearField("words")
        for table in reading.document.tables:
            for cell in table.cells:
                for line in cell.lines:
                    line.ClearField("words")
    return made


def _audit_requests(
    header: validation.AuditHeader, submissions: Sequence[validation.AuditSubmission]
) -> Iterator[validation.AuditCallRequest]:
    yield validation.AuditCallRequest(header=header)
    for submission in submissions:
        yield validation.AuditCallRequest(submission=submission)


def _named(of: str | Report) -> _Named:
    return {"submission": submission_name(of)} if isinstance(of, str) else {"report": of}


def call_name(call: str) -> str:
    """The resource name of a call given by its id or its name."""
    return call if call.startswith("calls/") else f"calls/{call}"


def aware(moment: datetime) -> datetime:
    """The moment, if it has a time zone. Raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("received: a time without time zone is ambiguous; add tzinfo")
    return moment


def _check_requests(header: validation.CheckHeader, files: Sequence[Upload]) -> Iterator[validation.CheckRequest]:
    yield validation.CheckRequest(header=header)
    for file in files:
        yield validation.CheckRequest(file=validation.FileHeader(name=file.name, password=file.password))
        for chunk in file.chunks():
            yield validation.CheckRequest(chunk=chunk)


def _extract_requests(header: extraction.ExtractHeader, file: Upload) -> Iterator[extraction.ExtractRequest]:
    yield extraction.ExtractRequest(header=header)
    for chunk in file.chunks():
        yield extraction.ExtractRequest(chunk=chunk)


__all__ = [
    "CHUNK_BYTES", "DEFAULT_ADDRESS", "Access", "Busy", "Cancelled", "Client", "ClientError", "DeadlineExceeded",
    "Failed", "Intake", "NotFound", "Refused", "Unavailable", "Unimplemented", "Upload", "Violation", "audited",
    "call_name", "read_token",
]  # fmt: skip
