"""ExtractionService over gRPC: check the request, read the file or show a page of it, convert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from extractors.show import Mark, Wish
from heyan.v1 import extraction_service_pb2 as pb
from heyan.v1.document_pb2 import READING_VIEW_BASIC
from heyan.v1.extraction_service_pb2_grpc import ExtractionServiceServicer
from services.admission import Admission
from services.callers.caller import caller_of
from services.examine import Examiner
from services.extraction import wire
from services.intake.attached import Attached
from services.names import require_plain
from services.settings import Settings
from services.status import BadRequest, Context, NotFound, OverLimit, answering, require_valid
from services.upload import Receiver
from services.validation.registry import Registry

_USUAL, _LARGEST = 1600, 6000  # pixels of the longest side


class ExtractionServicer(ExtractionServiceServicer):
    """Reads single files, and shows their pages. attached: where those lie that are kept."""

    def __init__(
        self, examiner: Examiner, calls: Registry, settings: Settings, admission: Admission, attached: Attached
    ) -> None:
        self._attached = attached
        self._examiner = examiner
        self._calls = calls
        self._settings = settings
        self._admission = admission

    @answering
    async def Extract(self, requests: AsyncIterator[pb.ExtractRequest], context: Context) -> pb.ExtractResponse:
        header: pb.ExtractHeader | None = None
        with self._admission.admit(caller_of(context)) as place:
            receiver = Receiver(self._settings, place.hold)
            async for request in requests:
                require_valid(request)
                if request.HasField("header"):
                    if header is not None:
                        raise BadRequest("只能有一个请求头。", "There is more than one header.", ("header", "repeated"))
                    header = request.header
                    require_plain(header.file_name, "header.file_name")
                    receiver.begin(header.file_name, header.password)
                else:
                    receiver.add(request.chunk)
            if header is None:
                raise BadRequest("缺少请求头。", "The header is missing.", ("header", "required first"))
            forms = self._calls.get(header.call).forms if header.call else ()
            (upload,) = receiver.finish()
            reading = await self._examiner.read(
                upload, forms, pictures=header.pictures, seconds=context.time_remaining()
            )
        if not header.call:
            reading.kind = ""
        if header.view == READING_VIEW_BASIC:
            wire.shorten(reading)
        return pb.ExtractResponse(reading=reading)

    @answering
    async def RenderPage(self, request: pb.RenderPageRequest, context: Context) -> pb.RenderPageResponse:
        require_valid(request)
        forms = self._calls.get(request.call).forms if request.call else ()
        caller = caller_of(context)
        with self._admission.admit(caller) as place:
            upload = await self._attached.get(caller.portal, request.attachment, place.hold)
            upload = replace(upload, password=request.password)
            answer = await self._examiner.show(upload, forms, request.page, _wish(request), context.time_remaining())
        if not answer.png and not answer.HasField("unreadable"):
            raise NotFound(
                f"该附件没有第 {request.page} 页（Word、网页和文本文件不分页，无法按页显示）。",
                f"The attachment has no page {request.page}; files that flow (Word, HTML, text) have no pages to show.",
                kind="page",
                name=f"{request.attachment}/pages/{request.page}",
            )
        if answer.ByteSize() > self._settings.max_message_bytes:
            raise OverLimit(
                "图片过大，请要求更小的尺寸。",
                "The picture is too large; ask for a smaller one.",
                setting="HEYAN_MAX_MESSAGE_BYTES",
                allowed=self._settings.max_message_bytes,
            )
        return answer


def _wish(request: pb.RenderPageRequest) -> Wish:
    marks = ({Mark.FIELD, Mark.SEAL} if request.boxes else set()) | ({Mark.LINE} if request.lines else set())
    longest = request.max_side or (_LARGEST if request.dpi else _USUAL)
    return Wish(longest, request.dpi, frozenset(marks), request.erase_seals)
