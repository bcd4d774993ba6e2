"""IntakeService over gRPC: check the request, ask the ledger, convert."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hashlib
import shutil
from collections.abc import AsyncIterator, Sequence

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.intake_service_pb2_grpc import IntakeServiceServicer
from services.callers.caller import caller_of
from services.intake.changes import Changes
from services.intake.ledger import attachments, events, submissions
from services.intake.ledger.attachments import Uploaded
from services.intake.ledger.database import Connection
from services.intake.ledger.portals import Quotas
from services.intake.ledger.submissions import ENDED, Filter, New, Submission
from services.intake.refusals import Leaving, StorageFull
from services.intake.rejudge import rejudge
from services.intake.store import Incoming, Store
from services.intake.upkeep import discard_all
from services.intake.wire import attachment_hash, attachment_name, first_answer, submission_to_proto
from services.intake.work import Desk, Work
from services.moments import micros, moment, require_past
from services.names import require_plain
from services.settings import Settings
from services.status import BadRequest, Context, OverLimit, answering, require_valid

DEFAULT_PAGE = 50
_MOST_CHUNK = 4 * 1024 * 1024
_LOOK_SECONDS = 1.0  # how often a watcher looks for what another process did


class IntakeServicer(IntakeServiceServicer):
    """Takes in attachments and submissions. work: None where only other processes work."""

    def __init__(self, desk: Desk, changes: Changes, work: Work | None, settings: Settings) -> None:
        self._desk = desk
        self._database = desk.database
        self._changes = changes
        self._work = work
        self._settings = settings
        self._usual = Quotas(settings.portal_bytes, settings.portal_submissions)

    @answering
    async def UploadAttachment(
        self, requests: AsyncIterator[pb.UploadAttachmentRequest], context: Context
    ) -> pb.UploadAttachmentResponse:
        header = await self._header(requests)
        portal = caller_of(context).portal
        await self._database.read(attachments.require_room, portal, header.sha256, header.size_bytes, self._usual)
        with Incoming(self._desk.store.spool) as incoming:
            async for request in requests:
                _add(incoming, request, header)
            _require_declared(incoming, header)
            await asyncio.to_thread(incoming.settle)
            uploaded = Uploaded(incoming.sha256, incoming.size, header.file_name or header.sha256[:12])
            await self._database.write(_take_in, self._desk.store, incoming, portal, uploaded, self._usual)
        return pb.UploadAttachmentResponse(attachment=attachment_name(header.sha256))

    async def _header(self, requests: AsyncIterator[pb.UploadAttachmentRequest]) -> pb.UploadHeader:
        first = await anext(aiter(requests), None)
        if first is None or not first.HasField("header"):
            raise BadRequest("请求流应以请求头开始。", "The stream begins with a header.", ("header", "required first"))
        require_valid(first)
        require_plain(first.header.file_name, "header.file_name")
        allowed = self._settings.limits.file_bytes
        if first.header.size_bytes > allowed:
            raise OverLimit(
                f"单个附件不得超过 {allowed} 字节。",
                f"An attachment may have at most {allowed} bytes.",
                setting="HEYAN_LIMIT_FILE_BYTES",
                allowed=allowed,
            )
        self._require_room(first.header.size_bytes)
        return first.header

    def _require_room(self, size: int) -> None:
        """Raises StorageFull before the disk is: the ledger must still be able to finish, and to erase."""
        free = shutil.disk_usage(self._desk.store.spool).free
        if free - size < self._settings.reserve_mb * 1024 * 1024:
            raise StorageFull

    @answering
    async def MissingAttachments(
        self, request: pb.MissingAttachmentsRequest, context: Context
    ) -> pb.MissingAttachmentsResponse:
        require_valid(request)
        hashes = [attachment_hash(name) for name in dict.fromkeys(request.attachments)]
        known = await self._database.read(attachments.known, caller_of(context).portal, hashes)
        return pb.MissingAttachmentsResponse(
            attachments=[attachment_name(sha256) for sha256 in hashes if sha256 not in known]
        )

    @answering
    async def CreateSubmission(
        self, request: pb.CreateSubmissionRequest, context: Context
    ) -> pb.CreateSubmissionResponse:
        require_valid(request)
        new = self._new(request, pb.PRIORITY_INTERACTIVE, "")
        (accepted,) = await self._accept(caller_of(context).portal, [new])
        return pb.CreateSubmissionResponse(submission=first_answer(accepted))

    @answering
    async def BatchCreateSubmissions(
        self, request: pb.BatchCreateSubmissionsRequest, context: Context
    ) -> pb.BatchCreateSubmissionsResponse:
        require_valid(request)
        new = [self._new(each, pb.PRIORITY_BATCH, f"requests[{index}].") for index, each in enumerate(request.requests)]
        _require_once([each.request_id for each in new])
        accepted = await self._accept(caller_of(context).portal, new)
        return pb.BatchCreateSubmissionsResponse(submissions=[first_answer(each) for each in accepted])

    def _new(self, request: pb.CreateSubmissionRequest, priority: int, where: str) -> New:
        """Raises BadRequest, NotFound (the call), BrokenCall, OverLimit."""
        self._desk.calls.get(request.call)
        require_plain(request.label, f"{where}label")
        if request.HasField("receive_time"):
            require_past(request.receive_time, f"{where}receive_time", self._settings.clock_skew_seconds)
        for index, name in enumerate(request.file_names):
            require_plain(name, f"{where}file_names[{index}]")
        if len(request.file_names) not in (0, len(request.attachments)):
            raise BadRequest(
                "文件名的数目与附件的数目不一致。",
                "There must be as many file names as attachments, or none.",
                (f"{where}file_names", f"{len(request.file_names)} names for {len(request.attachments)} attachments"),
            )
        if len(request.attachments) > self._settings.max_files:
            raise OverLimit(
                f"一份申报最多 {self._settings.max_files} 个附件。",
                f"A submission may have at most {self._settings.max_files} attachments.",
                setting="HEYAN_MAX_FILES",
                allowed=self._settings.max_files,
            )
        return New(
            request_id=request.request_id,
            body_sha256=_body_hash(request),
            call=request.call,
            label=request.label,
            priority=request.priority or priority,
            receive_time=micros(moment(request.receive_time)) if request.HasField("receive_time") else None,
            hashes=tuple(attachment_hash(name) for name in request.attachments),
            file_names=tuple(request.file_names),
        )

    async def _accept(self, caller: str, new: Sequence[New]) -> list[Submission]:
        accepted = await self._database.write(submissions.accept, caller, new, self._settings.max_queued, self._usual)
        if self._work is not None:
            self._work.wake()
        return accepted

    @answering
    async def GetSubmission(self, request: pb.GetSubmissionRequest, context: Context) -> pb.GetSubmissionResponse:
        require_valid(request)
        submission = await self._database.read(submissions.get, caller_of(context).reads, request.name)
        return pb.GetSubmissionResponse(submission=submission_to_proto(submission))

    @answering
    async def ListSubmissions(self, request: pb.ListSubmissionsRequest, context: Context) -> pb.ListSubmissionsResponse:
        require_valid(request)
        size = request.page_size or DEFAULT_PAGE
        wanted = Filter(request.call, request.label, request.state, request.verdict, _before(request))
        found = await self._database.read(submissions.page, caller_of(context).reads, wanted, size + 1)
        return pb.ListSubmissionsResponse(
            submissions=[submission_to_proto(submission) for submission in found[:size]],
            next_page_token=_page_token(request, found[size - 1].number) if len(found) > size else "",
        )

    @answering
    async def WatchSubmission(
        self, request: pb.WatchSubmissionRequest, context: Context
    ) -> AsyncIterator[pb.WatchSubmissionResponse]:
        require_valid(request)
        after = request.after
        number = (await self._database.read(submissions.get, caller_of(context).reads, request.name)).number
        with self._changes.watching(number) as changed:
            while not self._changes.closed:
                changed.clear()
                happened = await self._database.read(events.since, number, after)
                for event in happened:
                    yield event
                    after = event.sequence
                if happened:
                    continue
                if (await self._database.read(submissions.by_number, number)).ended:
                    # it may have come to its end between our two looks
                    for event in await self._database.read(events.since, number, after):
                        yield event
                    return
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await changed.wait()
        raise Leaving

    @answering
    async def CancelSubmission(
        self, request: pb.CancelSubmissionRequest, context: Context
    ) -> pb.CancelSubmissionResponse:
        require_valid(request)
        submission = await self._database.write(submissions.cancel, caller_of(context).changes, request.name)
        self._dropped(submission)
        return pb.CancelSubmissionResponse(submission=submission_to_proto(submission))

    @answering
    async def EraseSubmission(self, request: pb.EraseSubmissionRequest, context: Context) -> pb.EraseSubmissionResponse:
        require_valid(request)
        submission = await self._database.write(submissions.erase, caller_of(context).changes, request.name)
        self._dropped(submission)
        await discard_all(self._database, self._desk.store)
        return pb.EraseSubmissionResponse()

    def _dropped(self, submission: Submission) -> None:
        if self._work is not None and submission.state in ENDED:
            self._work.drop(submission.number)
        self._changes.tell(submission.number)

    @answering
    async def RejudgeCall(
        self, request: pb.RejudgeCallRequest, context: Context
    ) -> AsyncIterator[pb.RejudgeCallResponse]:
        require_valid(request)
        calls = self._desk.calls
        call = calls.stated(request.call) if request.dry_run else calls.refresh(request.call)
        whose = caller_of(context).changes
        async for judged in rejudge(self._desk, self._changes, whose, call, dry_run=request.dry_run):
            yield judged


def _add(incoming: Incoming, request: pb.UploadAttachmentRequest, header: pb.UploadHeader) -> None:
    # not require_valid: it would cost more than hashing the chunk
    if not request.HasField("chunk"):
        raise BadRequest("请求头只能有一个。", "There is more than one header.", ("header", "repeated"))
    if len(request.chunk) > _MOST_CHUNK:
        raise BadRequest("数据块过大。", "The chunk is too large.", ("chunk", f"at most {_MOST_CHUNK} bytes"))
    if incoming.size + len(request.chunk) > header.size_bytes:
        raise BadRequest(
            f"收到的数据超过声明的 {header.size_bytes} 字节。",
            f"More than the declared {header.size_bytes} bytes came.",
            ("header.size_bytes", f"declared {header.size_bytes}, more came"),
        )
    incoming.add(request.chunk)


def _require_declared(incoming: Incoming, header: pb.UploadHeader) -> None:
    if incoming.size != header.size_bytes:
        raise BadRequest(
            f"数据不完整：声明 {header.size_bytes} 字节，收到 {incoming.size} 字节，请重新上传。",
            f"The stream is short: {header.size_bytes} bytes declared, {incoming.size} came. Upload it again.",
            ("header.size_bytes", f"declared {header.size_bytes}, received {incoming.size}"),
        )
    if incoming.sha256 != header.sha256:
        raise BadRequest(
            "数据的 SHA-256 与声明的不一致，文件可能在传输中损坏，请重新上传。",
            "The SHA-256 of the data is not the declared one; the file may have been damaged on its way. Upload again.",
            ("header.sha256", f"declared {header.sha256}, received {incoming.sha256}"),
        )


def _take_in(
    connection: Connection, store: Store, incoming: Incoming, portal: str, uploaded: Uploaded, usual: Quotas
) -> None:
    """Bytes and rows in one transaction, so that nobody erases the same bytes meanwhile."""
    attachments.exclusive_bytes(connection, uploaded.sha256)
    store.put(incoming)
    attachments.record(connection, portal, uploaded, usual)


def _require_once(request_ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for index, request_id in enumerate(request_ids):
        if request_id in seen:
            raise BadRequest(
                f"请求编号 {request_id} 在本批中重复。",
                f"The request id {request_id} is in the batch twice.",
                (f"requests[{index}].request_id", "twice in the batch"),
            )
        seen.add(request_id)


def _body_hash(request: pb.CreateSubmissionRequest) -> str:
    body = pb.CreateSubmissionRequest()
    body.CopyFrom(request)
    body.ClearField("request_id")
    return hashlib.sha256(body.SerializeToString(deterministic=True)).hexdigest()


def _page_token(request: pb.ListSubmissionsRequest, number: int) -> str:
    return base64.urlsafe_b64encode(f"{number}.{_filter_hash(request)}".encode()).decode()


def _before(request: pb.ListSubmissionsRequest) -> int:
    """The number below which the page begins; 0 for the first. Raises BadRequest."""
    if not request.page_token:
        return 0
    with contextlib.suppress(binascii.Error, ValueError):
        number, _, of = base64.urlsafe_b64decode(request.page_token.encode()).decode().partition(".")
        if of == _filter_hash(request) and 0 < int(number) < 2**63:
            return int(number)
    raise BadRequest(
        "page_token 无效，或与本次查询条件不符。",
        "page_token is not one, or belongs to another query.",
        ("page_token", "not of this query"),
    )


def _filter_hash(request: pb.ListSubmissionsRequest) -> str:
    conditions = repr((request.call, request.label, request.state, request.verdict))
    return hashlib.sha256(conditions.encode()).hexdigest()[:16]
