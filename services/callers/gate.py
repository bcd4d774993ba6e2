"""The gate before every method: who calls, and may he? An interceptor; what is behind it asks `caller_of`.

Who calls is told by a bearer token, or by a client certificate that the listener has proved, by the rows of the ledger
(services/intake/ledger/credentials.py). They are few: the gate keeps all of them, and looks again after some seconds.
So a revoked token counts for so long at most, and a stranger's guesses cost no look into the ledger.

Nobody is asked for a token only where all of this is so: only this machine reaches the listener (loopback or a Unix
socket), HEYAN_AUTHENTICATE is off, and no token or certificate was ever made. A wrong token is refused in any case.

Strangers are refused before their message is read: their refusal is a handler of streams, which need not read one. Of a
known caller the first one is waited for, briefly.
"""

from __future__ import annotations

import asyncio
import logging
import math
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.message import DecodeError

from services.callers import token as tokens
from services.callers.caller import ANYBODY_HERE, Caller, Scope, caller_of, let_in
from services.callers.pace import Pace, Turn
from services.callers.refusals import Denied, Unauthenticated
from services.callers.scopes import NEEDS, OPEN
from services.intake.ledger import credentials
from services.intake.ledger.credentials import CERTIFICATE, Credential, Roll
from services.intake.ledger.database import Database
from services.intake.refusals import StorageDown
from services.status import BadRequest, Context, Refusal, refuse

log = logging.getLogger(__name__)

_FRESH_SECONDS = 5.0  # so long a look into the ledger counts
_NEW_SECONDS = 0.5  # for an unknown token: it may have been made just now
_STALE_SECONDS = 300.0  # so long it counts where the ledger cannot be reached
_FIRST_MESSAGE_SECONDS = 0.5  # so long a known caller that is refused may take to send it

TICKET = "heyan-ticket"


@dataclass(slots=True)
class Ticket:
    """A request from within this process (services/http): text goes into its metadata, and it is the caller's.

    refused: status, sentence and trailing metadata of its refusal, once `ended`. They are told here, too, because an
    asynchronous client that is still sending may lose them (github.com/grpc/grpc/issues/36066).
    """

    text: str
    caller: Caller
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    refused: tuple[grpc.StatusCode, str, Sequence[tuple[str, Any]]] | None = None

    def end(self, context: Context) -> None:
        code = context.code()
        if isinstance(code, int):
            code = next((each for each in grpc.StatusCode if each.value[0] == code), grpc.StatusCode.UNKNOWN)
        if code and code is not grpc.StatusCode.OK:
            trailers: Any = context.trailing_metadata()
            self.refused = (code, str(context.details()), tuple(trailers or ()))
        self.ended.set()


Load = Callable[[], Awaitable[Roll]]
if TYPE_CHECKING:
    Handler = grpc.RpcMethodHandler[Any, Any]


@dataclass(frozen=True, slots=True)
class _Look:
    """The ledger's rows at one moment, by what a caller shows. at: monotonic, in seconds."""

    at: float
    roll: Roll
    tokens: dict[str, Credential]
    certificates: dict[str, Credential]
    most_checks: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, roll: Roll, at: float) -> _Look:
        return cls(
            at,
            roll,
            {each.id: each for each in roll.credentials if each.kind != CERTIFICATE},
            {each.secret: each for each in roll.credentials if each.kind == CERTIFICATE},
            {portal.name: portal.most_checks for portal in roll.portals if portal.most_checks is not None},
        )

    def why_not(self, credential: Credential, at: float) -> str:
        """Empty where it counts, else "REVOKED" or "EXPIRED": by the database's clock, which all servers share."""
        if credential.revoke_time is not None:
            return "REVOKED"
        if credential.expire_time is not None and self.roll.moment + (at - self.at) * 1e6 >= credential.expire_time:
            return "EXPIRED"
        return ""


class Gate(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]  # no generic at run time
    """local: whether only this machine reaches the listener. authenticate: HEYAN_AUTHENTICATE. certificates: whether
    the listener asks for client certificates. most_checks: at once, of a portal without a quota of its own."""

    def __init__(
        self,
        load: Load,
        *,
        local: bool,
        authenticate: bool = False,
        certificates: bool = False,
        most_checks: float = math.inf,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._load = load
        self._local = local
        self._authenticate = authenticate
        self._certificates = certificates
        self._most_checks = most_checks
        self._clock = clock
        self._look: _Look | None = None
        self._looking = asyncio.Lock()
        self._tickets: dict[str, Ticket] = {}
        self._pace = Pace()

    async def is_open(self) -> bool:
        """Whether callers of this machine need no token now. Raises StorageDown."""
        return self._local and not self._authenticate and not (await self._rows()).roll.credentials

    async def caller(self, authorization: Sequence[str], names: Sequence[str]) -> Caller:
        """Who shows this. authorization: values of that header. names: of a proved certificate, "SAN:x" before "CN:x".

        Raises Unauthenticated, StorageDown.
        """
        by_certificate, unknown = None, ""
        if names:
            by_certificate, unknown = await self._by_certificate(names)
        if authorization:
            shown = await self._by_token(authorization)
            if by_certificate is not None and by_certificate.portal != shown.portal:
                raise Unauthenticated("CALLERS_DIFFER")
            return shown
        if by_certificate is not None:
            return by_certificate
        if await self.is_open():
            return ANYBODY_HERE
        raise Unauthenticated(unknown or "TOKEN_MISSING")

    @staticmethod
    def require(caller: Caller, method: str) -> None:
        """Raises Denied. method: "/heyan.v1.Service/Method"; one that is not in the table is nobody's."""
        needed = NEEDS.get(method, frozenset())
        allowed = caller.may(needed) if isinstance(needed, Scope) else bool(caller.scopes & needed)
        if not allowed:
            raise Denied(caller.portal, needed if isinstance(needed, Scope) else "-", method)

    @contextmanager
    def ticket(self, caller: Caller) -> Iterator[Ticket]:
        """For one request of the caller, as long as the block lasts."""
        ticket = Ticket(secrets.token_hex(16), caller)
        self._tickets[ticket.text] = ticket
        try:
            yield ticket
        finally:
            del self._tickets[ticket.text]

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or method in OPEN:
            return handler  # an unknown method is answered by gRPC
        metadata = list(handler_call_details.invocation_metadata or ())
        authorization = [str(value) for key, value in metadata if key == "authorization"]
        try:
            ticket = self._ticketed(metadata)
            caller = ticket.caller if ticket else None
            if caller is None and (authorization or not self._certificates):
                caller = await self.caller(authorization, ())
            if caller is not None:
                self.require(caller, method)
        except Refusal as refusal:
            return _refusing(refusal, method)
        if caller is not None and not self._certificates:
            let_in(caller)  # this task is the request's
            return _behind(handler, None, self._pace, ticket)
        prove = partial(self._prove, ticketed=caller, authorization=authorization, method=method)
        return _behind(handler, prove, self._pace, ticket)

    async def _prove(self, context: Context, *, ticketed: Caller | None, authorization: list[str], method: str) -> None:
        """With what only the connection knows: its certificate. Raises Refusal."""
        names = certificate_names(context.auth_context())
        caller = ticketed if ticketed is not None and not names else await self.caller(authorization, names)
        self.require(caller, method)
        let_in(caller)

    def _ticketed(self, metadata: Sequence[tuple[str, str | bytes]]) -> Ticket | None:
        for key, value in metadata:
            if key == TICKET:
                return self._tickets.get(str(value))
        return None

    async def _by_token(self, authorization: Sequence[str]) -> Caller:
        kind, _, text = authorization[0].partition(" ")
        token = tokens.parse(text.strip()) if kind.lower() == "bearer" and len(authorization) == 1 else None
        if token is None:
            raise Unauthenticated("TOKEN_INVALID")
        rows = await self._rows()
        if token.id not in rows.tokens:
            rows = await self._rows(_NEW_SECONDS)
        credential = rows.tokens.get(token.id)
        if credential is None or not token.is_kept_as(credential.secret):
            raise Unauthenticated("TOKEN_INVALID")
        if why := rows.why_not(credential, self._clock()):
            raise Unauthenticated(f"TOKEN_{why}")
        return self._caller(credential, rows)

    async def _by_certificate(self, names: Sequence[str]) -> tuple[Caller | None, str]:
        """The caller, or why there is none."""
        rows = await self._rows()
        if not any(name in rows.certificates for name in names):
            rows = await self._rows(_NEW_SECONDS)
        for name in names:
            if credential := rows.certificates.get(name):
                why = rows.why_not(credential, self._clock())
                return (None, f"CERTIFICATE_{why}") if why else (self._caller(credential, rows), "")
        return None, "CERTIFICATE_UNKNOWN"

    def _caller(self, credential: Credential, rows: _Look) -> Caller:
        known = frozenset(scope for scope in Scope if scope in credential.scopes)
        return Caller(credential.portal, known, True, rows.most_checks.get(credential.portal, self._most_checks))

    async def _rows(self, seconds: float = _FRESH_SECONDS) -> _Look:
        """Not older than so many seconds. Raises StorageDown."""
        if self._look is not None and self._clock() - self._look.at < seconds:
            return self._look
        async with self._looking:
            if self._look is not None and self._clock() - self._look.at < seconds:
                return self._look
            try:
                self._look = _Look.of(await self._load(), self._clock())
            except StorageDown:
                if self._look is None or self._clock() - self._look.at > _STALE_SECONDS:
                    raise
            return self._look


def gate_of(database: Database, *, local: bool, authenticate: bool, certificates: bool, most_checks: float) -> Gate:
    """The gate before a server whose callers are in this ledger."""

    async def load() -> Roll:
        return await database.read(credentials.roll)

    return Gate(load, local=local, authenticate=authenticate, certificates=certificates, most_checks=most_checks)


def certificate_names(auth_context: Mapping[str, Iterable[bytes]]) -> list[str]:
    """The names of a client certificate that TLS has proved, alternative names first; empty where there is none."""
    return [
        f"{kind}:{value.decode('utf-8', 'replace')}"
        for kind, key in (("SAN", "x509_subject_alternative_name"), ("CN", "x509_common_name"))
        for value in auth_context.get(key, ())
    ]


def _refusing(refusal: Refusal, method: str) -> Handler:
    log.info("refused %s: %s", method, getattr(refusal, "reason", refusal.code.name))

    async def refusing(requests: AsyncIterator[bytes], context: Context) -> None:
        if isinstance(refusal, Denied):
            # gRPC's client for Python calls an answer INTERNAL that comes before its first message is out.
            with suppress(TimeoutError):
                async with asyncio.timeout(_FIRST_MESSAGE_SECONDS):
                    async for _ in requests:
                        break
        await refuse(context, refusal)

    return grpc.stream_unary_rpc_method_handler(refusing)


def _behind(
    handler: Handler, prove: Callable[[Context], Awaitable[None]] | None, pace: Pace, ticket: Ticket | None
) -> Handler:
    """The same handler, behind a proof that needs the connection, behind the portal's turn, and behind a decoder that
    can answer: gRPC's own calls damaged bytes an error of the server."""
    inner: Any = handler
    decode = inner.request_deserializer

    def decoded(data: bytes) -> Any:
        try:
            return decode(data)
        except DecodeError:
            raise BadRequest(
                "请求不是有效的 protobuf 消息。", "The request is no valid message.", ("", "cannot be decoded")
            ) from None

    async def messages(requests: AsyncIterator[bytes], turn: Turn) -> AsyncIterator[Any]:
        turn.end()
        async for data in requests:
            await turn.begin()
            yield decoded(data)
            turn.end()
        await turn.begin()

    async def begun(request: Any, context: Context) -> tuple[Any, Turn]:
        try:
            if prove is not None:
                await prove(context)
            turn = pace.turn(caller_of(context))
            await turn.begin()
            return (messages(request, turn) if inner.request_streaming else decoded(request)), turn
        except Refusal as refusal:
            await refuse(context, refusal)

    async def unary(request: Any, context: Context) -> Any:
        try:
            request, turn = await begun(request, context)
            try:
                return await (inner.stream_unary or inner.unary_unary)(request, context)
            finally:
                turn.end()
        finally:
            if ticket:
                ticket.end(context)

    async def stream(request: Any, context: Context) -> AsyncIterator[Any]:
        try:
            request, turn = await begun(request, context)
            try:
                async for answer in (inner.stream_stream or inner.unary_stream)(request, context):
                    turn.end()
                    yield answer
            finally:
                turn.end()
        finally:
            if ticket:
                ticket.end(context)

    make: Any = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[inner.request_streaming, inner.response_streaming]
    made: Handler = make(stream if inner.response_streaming else unary, response_serializer=inner.response_serializer)
    return made
