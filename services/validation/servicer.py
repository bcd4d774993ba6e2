"""ValidationService over gRPC: check the request, examine, convert."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from heyan.v1 import call_pb2
from heyan.v1 import validation_service_pb2 as pb
from heyan.v1.document_pb2 import READING_VIEW_FULL, Reading
from heyan.v1.report_pb2 import Report
from heyan.v1.validation_service_pb2_grpc import ValidationServiceServicer
from services import __version__
from services.admission import Admission, Place
from services.callers.caller import caller_of
from services.examine import Examiner, Upload, beside
from services.extraction import wire as reading_wire
from services.intake.kept import Kept
from services.moments import moment
from services.names import require_plain
from services.outputs import correction, evidence
from services.outputs.roster import Roster, Row
from services.settings import Settings
from services.status import BadRequest, Context, NothingToCorrect, answering, require_valid
from services.upload import MOST_CHUNK, Receiver
from services.validation import wire
from services.validation.answers import Answers, Question
from services.validation.audit import audit
from services.validation.draft import draft
from services.validation.judge import judge
from services.validation.lint import lint
from services.validation.model import Call
from services.validation.registry import Registry
from services.validation.submissions import AuditReceiver

log = logging.getLogger(__name__)

DEFAULT_PAGE = 50
_MOST_UNTOLD = 16


class ValidationServicer(ValidationServiceServicer):
    """Judges submissions by the rules of a call. kept: those that IntakeService took in."""

    def __init__(
        self, examiner: Examiner, calls: Registry, settings: Settings, admission: Admission, kept: Kept
    ) -> None:
        self._examiner = examiner
        self._calls = calls
        self._settings = settings
        self._admission = admission
        self._kept = kept
        self._answers = Answers()
        self._told: dict[str, tuple[Call, call_pb2.Call]] = {}

    @answering
    async def Check(self, requests: AsyncIterator[pb.CheckRequest], context: Context) -> pb.CheckResponse:
        return await self._check(requests, context, None)

    @answering
    async def WatchCheck(
        self, requests: AsyncIterator[pb.WatchCheckRequest], context: Context
    ) -> AsyncIterator[pb.WatchCheckResponse]:
        told: asyncio.Queue[pb.CheckProgress] = asyncio.Queue(_MOST_UNTOLD)
        checking = asyncio.create_task(self._check(_unwrapped(requests), context, told))
        try:
            while not checking.done():
                telling = asyncio.create_task(told.get())
                await asyncio.wait({checking, telling}, return_when=asyncio.FIRST_COMPLETED)
                if telling.done():
                    yield pb.WatchCheckResponse(progress=telling.result())
                telling.cancel()
            yield pb.WatchCheckResponse(answer=checking.result())
        finally:
            checking.cancel()
            await asyncio.wait({checking})

    async def _check(
        self,
        requests: AsyncIterator[pb.CheckRequest],
        context: Context,
        told: asyncio.Queue[pb.CheckProgress] | None,
    ) -> pb.CheckResponse:
        """told: for progress; what does not fit is dropped, for the next says more."""
        with self._admission.admit(caller_of(context)) as place:
            header, uploads, call = await self._received(requests, place)
            received = moment(header.receive_time) if header.HasField("receive_time") else None
            question = await self._question(header, uploads, call, received)
            if question is not None and (answer := self._answers.find(question, header.label)):
                return pb.CheckResponse(report=answer)
            report, readings = await self._examiner.examine(
                uploads,
                call,
                received,
                pictures=header.pictures or header.evidence,
                seconds=context.time_remaining(),
                progress=_Telling(uploads, told).progress if told is not None else None,
            )
        page = evidence.render(report, call) if header.evidence else ""
        for reading in readings:
            if header.view != READING_VIEW_FULL:
                reading_wire.shorten(reading)
            if not header.pictures:
                reading_wire.drop_pictures(reading)
        message = wire.report_to_proto(report, readings, label=header.label, version=__version__)
        if question is not None:
            self._answers.keep(question, message)
        return pb.CheckResponse(report=message, evidence_html=page)

    async def _question(
        self, header: pb.CheckHeader, uploads: Sequence[Upload], call: Call, received: datetime | None
    ) -> Question | None:
        """None where an answer that was given before does not do: it has the BASIC view and no pictures."""
        if header.view == READING_VIEW_FULL or header.pictures or header.evidence:
            return None
        editions = await self._examiner.editions(uploads, call.forms)
        return None if editions is None else Question.of(call, received, uploads, editions)

    async def _received(
        self, requests: AsyncIterator[pb.CheckRequest], place: Place
    ) -> tuple[pb.CheckHeader, tuple[Upload, ...], Call]:
        """Raises BadRequest, NotFound (the call), BrokenCall, OverLimit, Busy."""
        header, receiver = None, Receiver(self._settings, place.hold)
        async for request in requests:
            part = request.WhichOneof("part")
            if part != "chunk" or len(request.chunk) > MOST_CHUNK:  # of a chunk there is nothing else to be wrong
                require_valid(request)
            if (part == "header") != (header is None):
                raise BadRequest(
                    "请求流应以且仅以一个请求头开始。",
                    "The stream begins with exactly one header.",
                    ("header", "first, once"),
                )
            if part == "header":
                header = request.header
                require_plain(header.label, "header.label")
                call = self._calls.get(header.call)
            elif part == "file":
                require_plain(request.file.name, "file.name")
                receiver.begin(request.file.name, request.file.password)
            else:
                receiver.add(request.chunk)
        if header is None:
            raise BadRequest("请求为空。", "The request is empty.", ("header", "required"))
        uploads = receiver.finish()
        if not uploads:
            raise BadRequest("没有收到任何文件。", "There are no files.", ("file", "at least one is required"))
        return header, uploads, call

    @answering
    async def Validate(self, request: pb.ValidateRequest, context: Context) -> pb.ValidateResponse:
        require_valid(request)
        require_plain(request.label, "label")
        call = self._calls.get(request.call)
        _require_kinds(request.documents, call)
        _require_files(request.documents)
        files = wire.files_from_proto(request.documents)
        received = moment(request.receive_time) if request.HasField("receive_time") else None
        report = await beside(request.documents, judge, call, files, received)
        documents = wire.documents_of(report, request.documents)
        message = wire.report_to_proto(report, documents, label=request.label, version=__version__)
        return pb.ValidateResponse(report=message)

    @answering
    async def ListCalls(self, request: pb.ListCallsRequest, context: Context) -> pb.ListCallsResponse:
        require_valid(request)
        calls = [call for call in self._calls.usable() if call.id > request.page_token]
        size = request.page_size or DEFAULT_PAGE
        page = calls[:size]
        return pb.ListCallsResponse(
            calls=[wire.call_to_proto(call, whole=False) for call in page],
            next_page_token=page[-1].id if len(calls) > size else "",
        )

    @answering
    async def GetCall(self, request: pb.GetCallRequest, context: Context) -> pb.GetCallResponse:
        require_valid(request)
        return pb.GetCallResponse(call=self._whole(self._calls.get(request.name)))

    def _whole(self, call: Call) -> call_pb2.Call:
        """As a message, made once for a call as it was loaded."""
        told = self._told.get(call.id)
        if told is None or told[0] is not call:
            told = self._told[call.id] = (call, wire.call_to_proto(call, whole=True))
        return told[1]

    @answering
    async def LintCall(self, request: pb.LintCallRequest, context: Context) -> pb.LintCallResponse:
        require_valid(request)
        with self._admission.admit(caller_of(context)):
            # a megabyte of YAML takes its time, and the others must not wait
            linted = await asyncio.to_thread(lint, request.yaml, request.notice, request.folder or None)
        return pb.LintCallResponse(problems=[wire.problem_to_proto(problem) for problem in linted.problems])

    @answering
    async def DraftCall(self, request: pb.DraftCallRequest, context: Context) -> pb.DraftCallResponse:
        require_valid(request)
        with self._admission.admit(caller_of(context)):
            drafted = await asyncio.to_thread(draft, request.notice, request.id)
        return pb.DraftCallResponse(yaml=drafted.yaml, todos=[wire.problem_to_proto(todo) for todo in drafted.todos])

    @answering
    async def AuditCall(
        self, requests: AsyncIterator[pb.AuditCallRequest], context: Context
    ) -> AsyncIterator[pb.AuditCallResponse]:
        with self._admission.admit(caller_of(context)):
            call, receiver = None, AuditReceiver(self._settings)
            async for request in requests:
                part = request.WhichOneof("part")
                if part != "submission":
                    require_valid(request)
                if (part == "header") != (call is None):
                    raise BadRequest(
                        "请求流应以且仅以一个请求头开始。",
                        "The stream begins with exactly one header.",
                        ("header", "first, once"),
                    )
                if call is None:
                    call = self._calls.get(request.header.call)
                else:
                    _require_kinds(request.submission.documents, call, "submission.documents")
                    _require_files(request.submission.documents, "submission.documents")
                    await receiver.add(request.submission)
            if call is None:
                raise BadRequest("请求为空。", "The request is empty.", ("header", "required"))
            entries = await receiver.finish()
            # beside the others' requests: it takes seconds
            findings = await asyncio.to_thread(lambda: tuple(audit(call, entries)))
        log.info("audited call=%s submissions=%d findings=%d", call.id, len(entries), len(findings))
        for finding in findings:
            yield wire.audit_finding_to_proto(finding, entries)

    @answering
    async def GetRoster(self, request: pb.GetRosterRequest, context: Context) -> pb.GetRosterResponse:
        require_valid(request)
        call = self._calls.get(request.call)
        with self._admission.admit(caller_of(context)):
            book = Roster(call)
            if request.reports:
                await asyncio.to_thread(_add_all, book, request)
            else:
                async for row in self._kept.rows(caller_of(context).reads, request.call):
                    await asyncio.to_thread(book.add, row)
            xlsx = await asyncio.to_thread(book.finish)
        return pb.GetRosterResponse(xlsx=xlsx)

    @answering
    async def GetEvidence(self, request: pb.GetEvidenceRequest, context: Context) -> pb.GetEvidenceResponse:
        report = await self._report(request, context, pictures=True)
        call = self._calls.get(report.call)
        with self._admission.admit(caller_of(context)):
            html = await asyncio.to_thread(lambda: evidence.render(wire.report_from_proto(report), call))
        return pb.GetEvidenceResponse(html=html)

    @answering
    async def DraftCorrection(self, request: pb.DraftCorrectionRequest, context: Context) -> pb.DraftCorrectionResponse:
        report = await self._report(request, context)
        call = self._calls.get(report.call)
        letter = correction.letter(wire.report_from_proto(report), call, report.label)
        if letter is None:
            raise NothingToCorrect
        docx = await asyncio.to_thread(correction.as_docx, letter)
        return pb.DraftCorrectionResponse(text=correction.as_text(letter), docx=docx)

    async def _report(
        self, request: pb.GetEvidenceRequest | pb.DraftCorrectionRequest, context: Context, *, pictures: bool = False
    ) -> Report:
        """The report that a request brings or names. Raises BadRequest, NotFound, Erased, NotDone."""
        require_valid(request)
        if bool(request.submission) == request.HasField("report"):
            raise BadRequest(
                "submission 与 report 须且只能给出一个。",
                "Give either a submission or a report.",
                ("submission", "exactly one of submission and report"),
            )
        if request.submission:
            return await self._kept.report(caller_of(context).reads, request.submission, pictures=pictures)
        return request.report


def _require_kinds(readings: Sequence[Reading], call: Call, field: str = "documents") -> None:
    """Raises BadRequest where a reading does not say which paper it is: nobody looked, and it would count as none."""
    known = (*(form.kind for form in call.forms), "other")
    for index, reading in enumerate(readings):
        if reading.kind not in known and not reading.HasField("unreadable"):
            raise BadRequest(
                f"第 {index + 1} 个文件的 kind“{reading.kind[:64]}”不是本通知的材料；可用：{'、'.join(known)}。",
                f"{field}[{index}].kind is no paper of the call: “{reading.kind[:64]}”; known: {', '.join(known)}.",
                (f"{field}[{index}].kind", f"one of {', '.join(known)}"),
            )


def _require_files(readings: Sequence[Reading], field: str = "documents") -> None:
    """Raises BadRequest where a page is said to be of a file that is not among them."""
    for index, reading in enumerate(readings):
        if any(page.file > len(readings) or page.file == index + 1 for page in reading.document.pages):
            raise BadRequest(
                f"第 {index + 1} 个文件的页面属于未给出的文件；请按报告中的顺序给出全部文件。",
                f"{field}[{index}] has pages of files that are not there: send all files of a report in its order.",
                (f"{field}[{index}].document.pages", f"file at most {len(readings)}, and another file"),
            )


def _add_all(book: Roster, request: pb.GetRosterRequest) -> None:
    for index, report in enumerate(request.reports):
        if report.call != request.call:
            raise BadRequest(
                f"第 {index + 1} 份报告不属于 {request.call}。",
                f"Report {index + 1} is not of {request.call}.",
                (f"reports[{index}].call", f"not {request.call}"),
            )
        book.add(Row(wire.report_from_proto(report), label=report.label))


async def _unwrapped(requests: AsyncIterator[pb.WatchCheckRequest]) -> AsyncIterator[pb.CheckRequest]:
    async for request in requests:
        if not request.request.HasField("chunk"):  # else _received asks
            require_valid(request)
        yield request.request


class _Telling:
    """Turns the progress of files into messages."""

    def __init__(self, uploads: Sequence[Upload], told: asyncio.Queue[pb.CheckProgress]) -> None:
        self._uploads = list(uploads)
        self._told = told
        self._read: set[int] = set()

    async def progress(self, upload: Upload, done: int, total: int, *, read: bool) -> None:
        file = self._uploads.index(upload)
        if read:
            self._read.add(file)
        with contextlib.suppress(asyncio.QueueFull):
            self._told.put_nowait(
                pb.CheckProgress(
                    file=file,
                    file_name=upload.name,
                    pages_done=done,
                    pages_total=total,
                    files_done=len(self._read),
                    files_total=len({(upload.sha256, upload.password) for upload in self._uploads}),
                )
            )
