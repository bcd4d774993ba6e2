"""The side port: an HTTP server beside the gRPC server, and its client. It decides nothing itself.

    HTTP request → who calls (the same gate) → the same method over a Unix socket of this process → HTTP answer

So limits, quotas, statuses and logs are those of gRPC. Who calls is decided before a body is read, and goes along as a
ticket. A client that hangs up cancels its call, and that kills what is being read for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
from aiohttp import web
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc

from heyan.v1 import extraction_service_pb2, intake_service_pb2, validation_service_pb2
from services.callers.gate import TICKET, Gate, Ticket
from services.callers.listening import Files, Renewal
from services.http import forms
from services.http.connect import (
    Codec,
    Failure,
    end_of_stream,
    envelope,
    envelopes,
)
from services.settings import SettingError, Settings
from services.status import BadRequest, Refusal, as_status, refusal_of

log = logging.getLogger(__name__)

OPENAPI = Path(__file__).parent / "openapi.json"
_ENDED_SECONDS = 2.0
_IDLE_SECONDS = 60.0  # without any byte of a stream
_UNARY = {"application/json": Codec(True), "application/proto": Codec(False)}
_STREAMED = {"application/connect+json": Codec(True), "application/connect+proto": Codec(False)}


def methods() -> dict[str, MethodDescriptor]:
    """Every method of the contract by its path."""
    return {
        f"/{service.full_name}/{method.name}": method
        for module in (validation_service_pb2, extraction_service_pb2, intake_service_pb2)
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }


class Side:
    """Made before the gRPC server starts, opened after it."""

    def __init__(self, server: grpc.aio.Server, gate: Gate, settings: Settings) -> None:
        self._gate = gate
        self._settings = settings
        self._methods = methods()
        self._folder = Path(tempfile.mkdtemp(prefix="heyan-"))  # nobody else's: mode 700
        inner = f"unix:{self._folder}/s"
        server.add_insecure_port(inner)
        self._channel: Any = grpc.aio.insecure_channel(
            inner,
            options=[
                ("grpc.max_receive_message_length", -1),  # the server's limit counts
                ("grpc.max_send_message_length", -1),
                ("grpc.enable_http_proxy", 0),
            ],
        )
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def open(self) -> None:
        """Raises OSError where the address cannot be bound, SettingError."""
        app = web.Application(client_max_size=self._settings.max_message_bytes * 3 // 2)  # base64 in JSON
        app.router.add_post("/{service:heyan\\.[^/]+}/{method}", self._told(self._rpc))
        app.router.add_post("/v1/check", self._told(self._check))
        app.router.add_post("/v1/extract", self._told(self._extract))
        app.router.add_put("/v1/attachments/{sha256}", self._told(self._upload))
        app.router.add_get("/v1/health", self._health)
        app.router.add_get("/openapi.json", self._openapi)
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, keepalive_timeout=75, shutdown_timeout=1
        )
        await self._runner.setup()
        address, files = self._settings.http_listen, Files.of(self._settings)
        if address.startswith("unix:"):
            await web.UnixSite(self._runner, address.removeprefix("unix:")).start()
        else:
            host, _, port = address.rpartition(":")
            tls = _context(files) if files else None
            await web.TCPSite(self._runner, host.strip("[]"), int(port), ssl_context=tls).start()
            self.port = self._runner.addresses[0][1]
        log.info("HTTP (Connect, JSON, forms) on %s%s", address, ", TLS" if files else "")

    async def close(self, seconds: float) -> None:
        """No new requests; what is under way is finished within the time."""
        if self._runner is not None:
            await asyncio.wait({asyncio.ensure_future(self._runner.cleanup())}, timeout=seconds)
        await self._channel.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    # -------------------------------------------------------------------------------------------- the methods

    async def _rpc(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        method = self._methods.get(path)
        if method is None:
            return _failed(Failure("unimplemented", f"There is no method {path[:200]}."), 404)
        streamed = method.client_streaming or method.server_streaming
        codecs = _STREAMED if streamed else _UNARY
        codec = codecs.get(request.content_type)
        if codec is None:
            known = ", ".join(codecs)
            answer = _failed(Failure("invalid_argument", f"Content-Type must be one of {known}."), 415)
            answer.headers["Accept-Post"] = known
            return answer
        async with self._entrance(request, path) as ticket:
            seconds = _timeout(request)
            if streamed:
                return await self._streamed(request, path, method, codec, ticket, seconds)
            body = await codec.decode(method, await self._body(request))
            answer_bytes = await self._channel.unary_unary(path)(body, metadata=_shown(ticket), timeout=seconds)
            return web.Response(body=await codec.encode(method, answer_bytes), content_type=request.content_type)

    async def _streamed(
        self,
        request: web.Request,
        path: str,
        method: MethodDescriptor,
        codec: Codec,
        ticket: Ticket,
        seconds: float | None,
    ) -> web.StreamResponse:
        """Messages in, then messages out: HTTP/1.1 has no both at once."""

        async def messages() -> AsyncIterator[bytes]:
            async for message in envelopes(request.content, self._settings.max_message_bytes * 3 // 2):
                yield await codec.decode(method, message)

        response = web.StreamResponse(headers={"Content-Type": request.content_type})
        failure = None
        try:
            async for answer in self._answers(path, method, messages(), ticket, seconds):
                if not response.prepared:
                    await response.prepare(request)
                await response.write(envelope(await codec.encode(method, answer)))
        except grpc.aio.AioRpcError as error:
            failure = await _failure_of(error, ticket)
        except ConnectionError:
            raise  # nobody there to be answered
        except Exception as error:  # noqa: BLE001  # the last who can answer in a sentence
            failure = _failure(refusal_of(error))
        if not response.prepared:
            await response.prepare(request)
        await response.write(end_of_stream(failure))
        await response.write_eof()
        return response

    async def _answers(
        self,
        path: str,
        method: MethodDescriptor,
        messages: AsyncIterator[bytes],
        ticket: Ticket,
        seconds: float | None,
    ) -> AsyncIterator[bytes]:
        if not method.client_streaming:
            (only,) = [message async for message in messages] or [b""]
            async for answer in self._channel.unary_stream(path)(only, metadata=_shown(ticket), timeout=seconds):
                yield answer
            return
        if not method.server_streaming:
            yield await self._sent(path, messages, ticket, seconds)
            return
        call = self._channel.stream_stream(path)(metadata=_shown(ticket), timeout=seconds)
        try:
            await _write(call, messages)
            async for answer in call:
                yield answer
        finally:
            call.cancel()

    async def _sent(
        self,
        path: str,
        messages: AsyncIterator[bytes],
        ticket: Ticket,
        seconds: float | None,
    ) -> bytes:
        """The answer to a stream. What fails on its way here cancels the call: half a stream is no submission."""
        call = self._channel.stream_unary(path)(metadata=_shown(ticket), timeout=seconds)
        try:
            await _write(call, messages)
            return bytes(await call)
        finally:
            call.cancel()

    # ---------------------------------------------------------------------------------------------- the forms

    async def _check(self, request: web.Request) -> web.StreamResponse:
        return await self._form(request, "/heyan.v1.ValidationService/Check", forms.check_requests)

    async def _extract(self, request: web.Request) -> web.StreamResponse:
        return await self._form(request, "/heyan.v1.ExtractionService/Extract", forms.extract_requests)

    async def _form(self, request: web.Request, path: str, requests: Any) -> web.StreamResponse:
        async with self._entrance(request, path) as ticket:
            if request.content_type != "multipart/form-data":
                raise BadRequest(
                    "请以 multipart/form-data 表单提交（curl -F）。",
                    "Send a form, multipart/form-data (curl -F).",
                    ("Content-Type", "multipart/form-data"),
                )
            try:
                parts = await request.multipart()
            except (ValueError, AssertionError) as error:
                raise BadRequest(
                    "表单没有分隔符。", "The form has no boundary.", ("Content-Type", "boundary")
                ) from error
            answer = await self._sent(path, _bytes(requests(parts)), ticket, _timeout(request))
            return await self._json(path, answer)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        path = "/heyan.v1.IntakeService/UploadAttachment"
        async with self._entrance(request, path) as ticket:
            if request.content_length is None:
                raise BadRequest("缺少 Content-Length。", "Content-Length is missing.", ("Content-Length", "required"))
            requests = forms.upload_requests(
                request.content.iter_chunked(forms.CHUNK_BYTES),
                request.match_info["sha256"],
                request.content_length,
                request.query.get("file_name", ""),
            )
            answer = await self._sent(path, _bytes(requests), ticket, _timeout(request))
            return await self._json(path, answer)

    async def _health(self, request: web.Request) -> web.StreamResponse:
        """200 while it serves; 503 while models load, or for good where they cannot be loaded."""
        stub = health_pb2_grpc.HealthStub(self._channel)
        try:
            answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
        except grpc.aio.AioRpcError as error:
            return _failed(Failure.of(error.code(), error.details(), error.trailing_metadata()))
        serving = answer.status == health_pb2.HealthCheckResponse.SERVING
        status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
        return web.json_response({"status": status}, status=200 if serving else 503)

    async def _openapi(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=OPENAPI.read_bytes(), content_type="application/json")

    async def _json(self, path: str, answer: bytes) -> web.Response:
        body = await Codec(True).encode(self._methods[path], answer)
        return web.Response(body=body, content_type="application/json")

    # -------------------------------------------------------------------------------------------- who, and how

    @asynccontextmanager
    async def _entrance(self, request: web.Request, path: str) -> AsyncIterator[Ticket]:
        """Who is let in. Raises Refusal, before any of the body is read; _Failed for the answer of gRPC."""
        names = peer_names(request.transport.get_extra_info("peercert") if request.transport else None)
        caller = await self._gate.caller(request.headers.getall("Authorization", []), names)
        self._gate.require(caller, path)
        with self._gate.ticket(caller) as ticket:
            try:
                yield ticket
            except grpc.aio.AioRpcError as error:
                raise _Failed(await _failure_of(error, ticket)) from error

    async def _body(self, request: web.Request) -> bytes:
        try:
            return await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            raise _TooLarge from error

    def _told(self, handler: Any) -> Any:
        """The handler, whose refusals become errors of Connect."""

        async def told(request: web.Request) -> web.StreamResponse:
            try:
                answer: web.StreamResponse = await handler(request)
            except _Failed as failed:
                return _failed(failed.failure)
            except _TooLarge:
                allowed = self._settings.max_message_bytes
                return _failed(Failure("resource_exhausted", f"A message may have {allowed} bytes."), 413)
            except (web.HTTPException, ConnectionError):
                raise  # aiohttp's own answers; nobody there to be answered
            except Exception as error:  # noqa: BLE001  # the last who can answer in a sentence
                return _failed(_failure(refusal_of(error)))
            return answer

        return told


class _Failed(Exception):
    """The method was refused, or failed."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class _TooLarge(Exception):
    """The body of a unary request is longer than a message may be."""


def _shown(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    return ((TICKET, ticket.text),)


async def _failure_of(error: grpc.aio.AioRpcError, ticket: Ticket) -> Failure:
    """What the server said: where its refusal came while we were sending, gRPC's client may have lost it."""
    if error.code() is grpc.StatusCode.INTERNAL:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDED_SECONDS):
                await ticket.ended.wait()
        if ticket.refused is not None:
            return Failure.of(*ticket.refused)
    return Failure.of(error.code(), error.details(), error.trailing_metadata())


async def _write(call: Any, messages: AsyncIterator[bytes]) -> None:
    """All of them; fewer where the server has answered already: its answer then says why. Raises BadRequest."""
    while True:
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                message = await anext(messages)
        except StopAsyncIteration:
            break
        except TimeoutError:
            # whoever sends nothing must not keep a place from others
            raise BadRequest(
                f"{_IDLE_SECONDS:.0f} 秒内没有收到数据。", f"Nothing came for {_IDLE_SECONDS:.0f} s.", ("", "idle")
            ) from None
        try:
            await call.write(message)
        except (asyncio.InvalidStateError, grpc.aio.AioRpcError):
            return
    try:
        await call.done_writing()
    except (asyncio.InvalidStateError, grpc.aio.AioRpcError):
        return


async def _bytes(messages: AsyncIterator[Message]) -> AsyncIterator[bytes]:
    async for message in messages:
        yield message.SerializeToString()


def _timeout(request: web.Request) -> float | None:
    """Of Connect-Timeout-Ms; None for none. Raises BadRequest."""
    text = request.headers.get("Connect-Timeout-Ms")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise BadRequest(
            "Connect-Timeout-Ms 应为毫秒数。",
            "Connect-Timeout-Ms must be milliseconds.",
            ("Connect-Timeout-Ms", "digits"),
        )
    return int(text) / 1000


def _failure(refusal: Refusal) -> Failure:
    status = as_status(refusal)
    code = refusal.code.name.lower()
    return Failure("canceled" if code == "cancelled" else code, status.message, tuple(status.details))


def _failed(failure: Failure, status: int | None = None) -> web.Response:
    return web.Response(
        text=json.dumps(failure.as_json(), ensure_ascii=False),
        status=status or failure.status,
        headers=failure.headers(),
        content_type="application/json",
    )


def peer_names(certificate: Any) -> Sequence[str]:
    """The names of a proved client certificate as the gate knows them: "SAN:x" before "CN:x"."""
    if not certificate:
        return ()
    alternative = [f"SAN:{value}" for _, value in certificate.get("subjectAltName", ())]
    common = [f"CN:{value}" for part in certificate.get("subject", ()) for key, value in part if key == "commonName"]
    return (*alternative, *common)


def _context(files: Files) -> ssl.SSLContext:
    """TLS that follows the files. Raises SettingError."""
    context, renewal = files.context(), Renewal(files)
    newest = context

    def before_handshake(connection: ssl.SSLObject, name: str | None, of: ssl.SSLContext) -> None:
        nonlocal newest
        if renewal.due():
            try:
                newest = files.context()
            except SettingError as error:
                log.error("the new certificate cannot be used, the old one stays: %s", error)
        connection.context = newest

    context.sni_callback = before_handshake
    return context
