"""ExtractionService over gRPC: check the request, read the file, convert."""

from __future__ import annotations

from collections.abc import AsyncIterator

from heyan.v1 import extraction_service_pb2 as pb
from heyan.v1.document_pb2 import READING_VIEW_BASIC
from heyan.v1.extraction_service_pb2_grpc import ExtractionServiceServicer
from services.admission import Admission
from services.callers.caller import caller_of
from services.examine import Examiner
from services.extraction import wire
from services.names import require_plain
from services.settings import Settings
from services.status import BadRequest, Context, NotYet, answering, require_valid
from services.upload import Receiver
from services.validation.registry import Registry


class ExtractionServicer(ExtractionServiceServicer):
    """Reads single files."""

    def __init__(self, examiner: Examiner, calls: Registry, settings: Settings, admission: Admission) -> None:
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
        raise NotYet("ExtractionService.RenderPage")
