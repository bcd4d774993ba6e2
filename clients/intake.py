"""Submissions that the server keeps and works on: `Client.intake`.

    submission = heyan.intake.submit([Upload("申报书.docx", path), Upload("函.pdf", data)], call="zhihui-2021")
    submission = heyan.intake.wait(submission.name)
    if submission.state == SUBMISSION_STATE_DONE: ... submission.report ...

Everything may be sent again after a failure: what has arrived already is not sent twice, and a request id names one
submission for ever. Every failure of a call is a ClientError (clients/errors.py).
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import grpc

from clients.errors import Unavailable, from_rpc_error
from heyan.v1 import intake_service_pb2 as intake
from heyan.v1 import intake_service_pb2_grpc as intake_grpc
from heyan.v1.report_pb2 import VERDICT_UNSPECIFIED, Verdict

if TYPE_CHECKING:
    from clients.sdk import Upload

CHUNK_BYTES = 256 * 1024
_CONNECT_AGAIN_SECONDS = 60.0  # a watcher outlives a restart of the server
_MOST_AT_ONCE = 1000
_ENDED = (
    intake.SUBMISSION_STATE_DONE,
    intake.SUBMISSION_STATE_FAILED,
    intake.SUBMISSION_STATE_CANCELLED,
    intake.SUBMISSION_STATE_ERASED,
)

# method, requests, timeout → answer; clients/sdk.py knows how a failing local file ends a stream
Stream = Callable[[Any, Iterator[Any], float | None], Any]


class Intake:
    """Made by `Client`. timeout: seconds for one call unless it says otherwise. stream: sends a client stream."""

    def __init__(self, channel: grpc.Channel, stream: Stream, timeout: float) -> None:
        self._stub = intake_grpc.IntakeServiceStub(channel)
        self._stream = stream
        self._timeout = timeout

    def submit(
        self,
        files: Sequence[Upload],
        call: str,
        *,
        received: datetime | None = None,
        label: str = "",
        request_id: str = "",
        priority: intake.Priority.ValueType = intake.PRIORITY_UNSPECIFIED,
    ) -> intake.Submission:
        """Uploads what the server has not yet, and registers the submission; it is worked on from then on.

        call, received, label: as for `Client.check`. request_id: a retry with the same gives the same submission; empty
        for a new one. Raises ClientError, OSError (a local file), ValueError (`received` without zone).
        """
        from clients.sdk import aware, call_name

        hashes = [digest(file) for file in files]
        names = [attachment_name(sha256) for sha256, _ in hashes]
        missing = set(self.missing(names))
        for file, name, (sha256, size) in zip(files, names, hashes, strict=True):
            if name in missing:
                self._upload(file, sha256, size)
                missing.discard(name)
        request = intake.CreateSubmissionRequest(
            request_id=request_id or str(uuid.uuid4()),
            call=call_name(call),
            label=label,
            attachments=names,
            file_names=[file.name for file in files],
            priority=priority,
        )
        if received is not None:
            request.receive_time.FromDatetime(aware(received))
        return self.create(request)

    def upload(self, file: Upload) -> str:
        """Stores one attachment: "attachments/{sha256}". Raises ClientError, OSError."""
        sha256, size = digest(file)
        return self._upload(file, sha256, size)

    def missing(self, attachments: Sequence[str]) -> list[str]:
        """Those of "attachments/{sha256}" that have yet to be uploaded."""
        with _told():
            request = intake.MissingAttachmentsRequest(attachments=attachments)
            return list(self._stub.MissingAttachments(request, timeout=self._timeout).attachments)

    def create(self, request: intake.CreateSubmissionRequest) -> intake.Submission:
        """Registers a submission of attachments that are there already."""
        with _told():
            return self._stub.CreateSubmission(request, timeout=self._timeout).submission

    def create_all(self, requests: Sequence[intake.CreateSubmissionRequest]) -> list[intake.Submission]:
        """Registers up to 1,000 submissions, all or none."""
        with _told():
            batch = intake.BatchCreateSubmissionsRequest(requests=requests)
            return list(self._stub.BatchCreateSubmissions(batch, timeout=self._timeout).submissions)

    def get(self, name: str) -> intake.Submission:
        """The submission as it stands, with its report once it is done. Raises NotFound."""
        with _told():
            request = intake.GetSubmissionRequest(name=submission_name(name))
            return self._stub.GetSubmission(request, timeout=self._timeout).submission

    def list(
        self,
        *,
        call: str = "",
        label: str = "",
        state: intake.SubmissionState.ValueType = intake.SUBMISSION_STATE_UNSPECIFIED,
        verdict: Verdict.ValueType = VERDICT_UNSPECIFIED,
        at_once: int = 200,
    ) -> Iterator[intake.Submission]:
        """The submissions that meet every condition given, newest first, without reports."""
        from clients.sdk import call_name

        token = ""
        while True:
            request = intake.ListSubmissionsRequest(
                call=call_name(call) if call else "",
                label=label,
                state=state,
                verdict=verdict,
                page_size=min(at_once, _MOST_AT_ONCE),
                page_token=token,
            )
            with _told():
                answer = self._stub.ListSubmissions(request, timeout=self._timeout)
            yield from answer.submissions
            # A server that repeats its token would keep us here for ever.
            if not answer.next_page_token or answer.next_page_token == token:
                return
            token = answer.next_page_token

    def watch(self, name: str, after: int = 0) -> Iterator[intake.WatchSubmissionResponse]:
        """What happens to it, as it happens, until it comes to its end; a restart of the server is waited for.

        after: the sequence number of the last event that is known already.
        """
        lost: float | None = None
        while True:
            request = intake.WatchSubmissionRequest(name=submission_name(name), after=after)
            try:
                with _told():
                    for event in self._stub.WatchSubmission(request):
                        after, lost = event.sequence, None
                        yield event
                return
            except Unavailable:
                lost = lost or time.monotonic()
                if time.monotonic() - lost > _CONNECT_AGAIN_SECONDS:
                    raise
                time.sleep(0.5)

    def wait(
        self, name: str, progress: Callable[[intake.WatchSubmissionResponse], None] | None = None
    ) -> intake.Submission:
        """The submission once it has come to its end. progress: is told what happens until then."""
        for event in self.watch(name):
            if progress is not None:
                progress(event)
        return self.get(name)

    def cancel(self, name: str) -> intake.Submission:
        """Stops the work on it; its state tells whether that was in time."""
        with _told():
            request = intake.CancelSubmissionRequest(name=submission_name(name))
            return self._stub.CancelSubmission(request, timeout=self._timeout).submission

    def erase(self, name: str) -> None:
        """Its bytes, readings and fields are gone when this returns."""
        with _told():
            self._stub.EraseSubmission(intake.EraseSubmissionRequest(name=submission_name(name)), timeout=self._timeout)

    def rejudge(self, call: str, *, dry_run: bool = False) -> Iterator[intake.RejudgeCallResponse]:
        """Judges the finished submissions of a call again, by the call as it is now; one answer for each."""
        from clients.sdk import call_name

        with _told():
            yield from self._stub.RejudgeCall(intake.RejudgeCallRequest(call=call_name(call), dry_run=dry_run))

    def _upload(self, file: Upload, sha256: str, size: int) -> str:
        requests = _upload_requests(file, sha256, size)
        answer: intake.UploadAttachmentResponse = self._stream(self._stub.UploadAttachment, requests, None)
        return answer.attachment


def ended(submission: intake.Submission) -> bool:
    """Whether nothing more happens to it by itself."""
    return submission.state in _ENDED


def submission_name(name: str) -> str:
    """The resource name of a submission given by its id or its name."""
    return name if name.startswith("submissions/") else f"submissions/{name}"


def attachment_name(sha256: str) -> str:
    return f"attachments/{sha256}"


def digest(file: Upload) -> tuple[str, int]:
    """The file's SHA-256 in lower-case hex, and its size. Raises OSError."""
    found, size = hashlib.sha256(), 0
    for chunk in file.chunks():
        found.update(chunk)
        size += len(chunk)
    return found.hexdigest(), size


def _upload_requests(file: Upload, sha256: str, size: int) -> Iterator[intake.UploadAttachmentRequest]:
    header = intake.UploadHeader(file_name=file.name, size_bytes=size, sha256=sha256)
    yield intake.UploadAttachmentRequest(header=header)
    for chunk in file.chunks(CHUNK_BYTES):
        yield intake.UploadAttachmentRequest(chunk=chunk)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except grpc.RpcError as error:
        raise from_rpc_error(error) from None
