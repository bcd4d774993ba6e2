"""What a portal can really curl: files in a form (multipart/form-data), or as the body itself.

    curl -F call=calls/zhihui-2021 -F file=@申报书.docx -F file=@函.pdf http://127.0.0.1:8080/v1/check

Every part with a file name is a file, in the order sent; the other fields come before the files, so that nothing has to
be held here. Fields have the names of the contract's header.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from aiohttp import BodyPartReader, MultipartReader
from google.protobuf import json_format
from google.protobuf.message import Message

from heyan.v1 import extraction_service_pb2 as extraction
from heyan.v1 import intake_service_pb2 as intake
from heyan.v1 import validation_service_pb2 as validation
from services.moments import A_MOMENT
from services.status import BadRequest

CHUNK_BYTES = 512 * 1024
_FIELD_BYTES = 16 * 1024
_FIELDS = 32
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


async def check_requests(parts: MultipartReader) -> AsyncIterator[validation.CheckRequest]:
    """The stream of a Check. Raises BadRequest."""
    header, password = validation.CheckHeader(), ""
    started = False
    async for name, part in _parts(parts):
        if isinstance(part, str):
            _require_before_files(started and name != "password", name)
            if name == "password":
                password = part
            else:
                _set(header, name, part)
            continue
        if not started:
            if not header.call:
                raise BadRequest(
                    "文件之前缺少字段 call。",
                    "The field call is missing before the files.",
                    ("call", "before the files"),
                )
            yield validation.CheckRequest(header=header)
            started = True
        yield validation.CheckRequest(file=validation.FileHeader(name=_file_name(part), password=password))
        async for chunk in _chunks(part):
            yield validation.CheckRequest(chunk=chunk)
    if not started:
        yield validation.CheckRequest(header=header)


async def extract_requests(parts: MultipartReader) -> AsyncIterator[extraction.ExtractRequest]:
    """The stream of an Extract. Raises BadRequest."""
    header = extraction.ExtractHeader()
    started = False
    async for name, part in _parts(parts):
        if isinstance(part, str):
            _require_before_files(started, name)
            _set(header, name, part)
            continue
        if started:
            raise BadRequest("只能有一个文件。", "There is more than one file.", (name, "one file only"))
        started = True
        header.file_name = _file_name(part)
        yield extraction.ExtractRequest(header=header)
        async for chunk in _chunks(part):
            yield extraction.ExtractRequest(chunk=chunk)
    if not started:
        raise BadRequest("没有收到任何文件。", "There is no file.", ("file", "required"))


async def upload_requests(
    body: AsyncIterator[bytes], sha256: str, size: int, file_name: str
) -> AsyncIterator[intake.UploadAttachmentRequest]:
    """The stream of an UploadAttachment, from a body that is the file itself."""
    header = intake.UploadHeader(file_name=file_name, size_bytes=size, sha256=sha256)
    yield intake.UploadAttachmentRequest(header=header)
    async for chunk in body:
        yield intake.UploadAttachmentRequest(chunk=chunk)


async def _parts(parts: MultipartReader) -> AsyncIterator[tuple[str, str | BodyPartReader]]:
    """Fields as texts, files as they are; raises BadRequest where the form is not one."""
    fields = 0
    try:
        while (part := await parts.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise BadRequest("表单不能嵌套。", "Forms within a form are not taken.", ("", "nested"))
            if part.filename is not None:
                yield part.name or "file", part
                continue
            fields += 1
            if fields > _FIELDS:
                raise BadRequest("表单字段过多。", "There are too many fields.", ("", f"at most {_FIELDS}"))
            yield part.name or "", await _text(part)
    except ValueError as error:  # aiohttp's word for a damaged form
        raise BadRequest("表单已损坏或不完整。", "The form is damaged or incomplete.", ("", "no form")) from error


def _file_name(part: BodyPartReader) -> str:
    """As the form has it. Bytes that are no UTF-8 are mostly GB 18030, from clients on Chinese Windows."""
    data = (part.filename or "").encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


async def _text(part: BodyPartReader) -> str:
    name, data = part.name or "", b""
    while chunk := await part.read_chunk(8192):
        data += chunk
        if len(data) > _FIELD_BYTES:
            raise BadRequest(
                f"字段 {name} 过长。", f"The field {name} is too long.", (name, f"over {_FIELD_BYTES} bytes")
            )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(f"字段 {name} 不是 UTF-8。", f"The field {name} is not UTF-8.", (name, "not UTF-8")) from None


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(CHUNK_BYTES):
        yield bytes(chunk)


def _require_before_files(too_late: bool, name: str) -> None:
    if too_late:
        raise BadRequest(
            f"字段 {name} 应放在文件之前。", f"The field {name} must come before the files.", (name, "before the files")
        )


def _set(header: Message, name: str, text: str) -> None:
    """A field of the header from its text. Raises BadRequest."""
    field = header.DESCRIPTOR.fields_by_name.get(name)
    if field is None or name == "file_name":
        known = ", ".join(field.name for field in header.DESCRIPTOR.fields if field.name != "file_name")
        raise BadRequest(
            f"没有名为 {name[:64]} 的字段，可用：{known}、file。",
            f"There is no field {name[:64]}; known: {known}, file.",
            (name[:64], "unknown"),
        )
    value: Any = text
    if field.type == field.TYPE_BOOL:
        if text.lower() not in (*_TRUE, *_FALSE):
            raise BadRequest(f"{name} 应为 true 或 false。", f"{name} must be true or false.", (name, "true or false"))
        value = text.lower() in _TRUE
    elif name == "call" and text and not text.startswith("calls/"):
        value = f"calls/{text}"
    try:
        json_format.ParseDict({name: value}, header)
    except json_format.ParseError as error:
        if field.message_type is not None and field.message_type.full_name == "google.protobuf.Timestamp":
            raise BadRequest(
                f"{name} 应为带时区的时间，如 {A_MOMENT}。",
                f"{name} must be a moment with its time zone, like {A_MOMENT}.",
                (name, "a moment with its time zone"),
            ) from None
        raise BadRequest(f"{name} 无效。", f"{name}: {str(error)[:200]}", (name, "not such a value")) from None
