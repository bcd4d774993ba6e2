"""The Connect protocol (connectrpc.com/docs/protocol): methods by HTTP POST, in JSON or protobuf, and its errors.

    unary      one message is the body; application/json, application/proto
    streams    messages in envelopes of a flag byte and a length (big-endian, 4 bytes); application/connect+json, +proto

JSON is protobuf's, with the contract's own field names and every field there, as `heyan … --json` prints it; requests
may use either spelling of names.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import grpc
from aiohttp import StreamReader
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from services.moments import A_MOMENT
from services.status import BadRequest

# code → HTTP status, of the protocol
STATUSES = {
    "canceled": 499,
    "unknown": 500,
    "invalid_argument": 400,
    "deadline_exceeded": 504,
    "not_found": 404,
    "already_exists": 409,
    "permission_denied": 403,
    "resource_exhausted": 429,
    "failed_precondition": 400,
    "aborted": 409,
    "out_of_range": 400,
    "unimplemented": 501,
    "internal": 500,
    "unavailable": 503,
    "data_loss": 500,
    "unauthenticated": 401,
}
_END = 2  # flag of the last envelope of an answer
_COMPRESSED = 1
_ENVELOPE = struct.Struct(">BI")
_NO_MOMENT = re.compile(r"time data|[Tt]imestamp|timezone")
_THREADED = 64 * 1024  # bytes from which on JSON is dealt with beside the others' requests


@dataclass(frozen=True, slots=True)
class Failure:
    """A status with its details, as an error of Connect."""

    code: str
    message: str
    details: tuple[Any, ...] = ()  # google.protobuf.Any

    @classmethod
    def of(cls, status: grpc.StatusCode, message: str | None, trailers: Any) -> Failure:
        """trailers: the trailing metadata, where the details are."""
        details: tuple[Any, ...] = ()
        for key, value in trailers or ():
            if key == "grpc-status-details-bin":
                details = tuple(status_pb2.Status.FromString(value).details)
        code = status.name.lower()
        return cls("canceled" if code == "cancelled" else code, message or "", details)

    @property
    def status(self) -> int:
        return STATUSES[self.code]

    def headers(self) -> dict[str, str]:
        """Retry-After where waiting helps, and how to show a token."""
        found = {"WWW-Authenticate": "Bearer"} if self.code == "unauthenticated" else {}
        retry = error_details_pb2.RetryInfo()
        for detail in self.details:
            if detail.Unpack(retry):
                found["Retry-After"] = str(max(1, retry.retry_delay.seconds))
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "details": [
                {
                    "type": detail.type_url.rpartition("/")[2],
                    "value": base64.b64encode(detail.value).decode().rstrip("="),
                    "debug": _debug(detail),
                }
                for detail in self.details
            ],
        }


def _debug(detail: Any) -> dict[str, Any]:
    """The detail in JSON, for those who do not decode it."""
    written: dict[str, Any] = json_format.MessageToDict(detail)
    written.pop("@type", None)
    return written


@dataclass(frozen=True, slots=True)
class Codec:
    """Messages as bytes of one encoding. json: else protobuf."""

    json: bool

    async def decode(self, method: MethodDescriptor, body: bytes) -> bytes:
        """The request in protobuf. Raises BadRequest."""
        if not self.json:
            return body
        kind = message_factory.GetMessageClass(method.input_type)
        return await _maybe_threaded(len(body), _from_json, kind, body)

    async def encode(self, method: MethodDescriptor, answer: bytes) -> bytes:
        if not self.json:
            return answer
        kind = message_factory.GetMessageClass(method.output_type)
        return await _maybe_threaded(len(answer), _to_json, kind, answer)


async def _maybe_threaded(size: int, function: Any, *arguments: Any) -> bytes:
    if size < _THREADED:
        return bytes(function(*arguments))
    return bytes(await asyncio.to_thread(function, *arguments))


def _from_json(kind: type[Message], body: bytes) -> bytes:
    message = kind()
    try:
        json_format.Parse(body.decode("utf-8") or "{}", message, max_recursion_depth=50)
    except (json_format.ParseError, UnicodeDecodeError, RecursionError, ValueError) as error:
        what = _sentence(error)
        raise BadRequest(
            f"请求的 JSON 不符合接口约定：{what}", f"The request's JSON is not as the contract says: {what}", ("", what)
        ) from None
    return message.SerializeToString()


def _sentence(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    text = " ".join(str(error).split())
    if _NO_MOMENT.search(text):  # protobuf's words tell neither which text nor how it should be written
        place = text.rpartition(" at ")[2].rstrip(".")
        return f"{place} must be a moment with its time zone, like {A_MOMENT}"
    return text[:300]


def _to_json(kind: type[Message], answer: bytes) -> bytes:
    return to_json(kind.FromString(answer))


def to_json(message: Message) -> bytes:
    """As everywhere here: own field names, every field, Chinese as it is."""
    return json_format.MessageToJson(
        message,
        preserving_proto_field_name=True,
        ensure_ascii=False,
        always_print_fields_with_no_presence=True,
        indent=None,
    ).encode()


async def envelopes(body: StreamReader, most: int) -> AsyncIterator[bytes]:
    """The messages of a stream. most: bytes of one. Raises BadRequest."""
    while True:
        try:
            flags, size = _ENVELOPE.unpack(await body.readexactly(_ENVELOPE.size))
            if flags & _COMPRESSED or size > most:
                what = f"an envelope of {size} bytes, at most {most}" if size > most else "a compressed envelope"
                raise BadRequest(f"数据流有误：{what}", f"The stream is not as it should be: {what}.", ("", what))
            yield await body.readexactly(size)
        except asyncio.IncompleteReadError as error:
            if not error.partial and error.expected == _ENVELOPE.size:
                return
            raise BadRequest("数据流不完整。", "The stream ends within an envelope.", ("", "ends early")) from None


def envelope(message: bytes) -> bytes:
    return _ENVELOPE.pack(0, len(message)) + message


def end_of_stream(failure: Failure | None) -> bytes:
    """The last envelope of an answer: always JSON."""
    end = {"error": failure.as_json()} if failure else {}
    body = json.dumps(end, ensure_ascii=False).encode()
    return _ENVELOPE.pack(_END, len(body)) + body
