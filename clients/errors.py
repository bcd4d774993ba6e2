"""Why a call to heyan came to nothing. One tree; every error carries the sentence in Chinese and in English.

    ClientError
    ├── Unavailable         no server answers there, or it is not ready
    ├── DeadlineExceeded    no answer within the time allowed
    ├── Busy                the server has too much under way: the same again after `retry_seconds`
    ├── Cancelled           the call was cancelled, by us or by the server's shutting down
    ├── Refused             the request is at fault: what to change is in `violations`
    │   └── NotFound        what was asked for does not exist, e.g. an unknown call
    ├── Unimplemented       this server has not learnt the method yet
    └── Failed              the server is at fault; its log knows more

A file that cannot be read is none of these: it is part of the answer (Reading.unreadable).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import grpc


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault of a request. field: its path in the request, e.g. "header.call"; may be empty."""

    field: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Details:
    """What the server said about an error, from its google.rpc details; empty where it said nothing.

    reason, metadata: of ErrorInfo, for programs. violations: of BadRequest, QuotaFailure and PreconditionFailure.
    retry_seconds: after which to send the same again; None where that is of no use.
    """

    zh: str = ""
    en: str = ""
    reason: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    retry_seconds: float | None = None


class ClientError(Exception):
    """A call to heyan came to nothing. Raised only as one of its subclasses.

    zh, en: what happened and what to do. status: name of the gRPC status, "" where nothing was sent.
    """

    def __init__(self, zh: str, en: str, *, status: str = "", details: Details | None = None) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.status = status
        self.details = details or Details()

    @property
    def violations(self) -> tuple[Violation, ...]:
        return self.details.violations


class Unavailable(ClientError):
    """No server answers at the address, or it is not ready."""


class DeadlineExceeded(ClientError):
    """No answer within the time allowed. Nothing is known about how far the server got."""


class Busy(ClientError):
    """The server has too much under way. Nothing is wrong with the request."""

    @property
    def retry_seconds(self) -> float:
        return self.details.retry_seconds or 1.0


class Cancelled(ClientError):
    """The call was cancelled before its answer."""


class Refused(ClientError):
    """The request is at fault. Sending the same again will be refused again."""


class NotFound(Refused):
    """What was asked for does not exist."""


class Unimplemented(ClientError):
    """This server has not learnt the method yet."""


class Failed(ClientError):
    """The server is at fault."""


_CLASSES: dict[str, type[ClientError]] = {
    "UNAVAILABLE": Unavailable,
    "DEADLINE_EXCEEDED": DeadlineExceeded,
    "CANCELLED": Cancelled,
    "INVALID_ARGUMENT": Refused,
    "RESOURCE_EXHAUSTED": Refused,
    "FAILED_PRECONDITION": Refused,
    "OUT_OF_RANGE": Refused,
    "PERMISSION_DENIED": Refused,
    "UNAUTHENTICATED": Refused,
    "ALREADY_EXISTS": Refused,
    "NOT_FOUND": NotFound,
    "UNIMPLEMENTED": Unimplemented,
}

_SENTENCES: dict[type[ClientError], tuple[str, str]] = {
    Unavailable: ("无法连接核验服务", "the service cannot be reached"),
    DeadlineExceeded: ("核验服务未在规定时间内答复", "the service did not answer in time"),
    Busy: ("核验服务繁忙", "the service is busy"),
    Cancelled: ("请求已取消", "the call was cancelled"),
    Refused: ("请求被拒绝", "the request was refused"),
    NotFound: ("未找到所请求的内容", "there is no such thing"),
    Unimplemented: ("该服务尚不支持此功能", "this server does not do that yet"),
    Failed: ("核验服务内部出错", "the service failed"),
}


def from_rpc_error(error: grpc.RpcError) -> ClientError:
    """Our error for a failed call, with the server's own sentences where it sent any."""
    call = cast("grpc.Call", error)  # every error that a stub raises is one, too; it carries the status
    status = call.code().name
    details = _details(call)
    kind = _CLASSES.get(status, Failed)
    if status == "RESOURCE_EXHAUSTED" and details.retry_seconds is not None:
        kind = Busy
    zh, en = _SENTENCES[kind]
    text = call.details() or ""
    return kind(
        details.zh or (f"{zh}：{text}" if text else f"{zh}。"),
        details.en or (f"{en}: {text}" if text else f"{en}."),
        status=status,
        details=details,
    )


def _details(error: grpc.Call) -> Details:
    # Imported here because a call that succeeds should not pay for it.
    from google.protobuf.message import DecodeError
    from google.rpc import error_details_pb2 as rpc
    from grpc_status import rpc_status

    try:
        status = rpc_status.from_call(error)
    except (ValueError, DecodeError):  # details that contradict the status, or are none: the status stands alone
        return Details()
    if status is None:
        return Details()
    sentences: dict[str, str] = {}
    violations: list[Violation] = []
    found = Details()
    info, localized, retry = rpc.ErrorInfo(), rpc.LocalizedMessage(), rpc.RetryInfo()
    bad, quota, condition = rpc.BadRequest(), rpc.QuotaFailure(), rpc.PreconditionFailure()
    for detail in status.details:
        if detail.Unpack(localized):
            sentences.setdefault(localized.locale[:2].lower(), localized.message)
        elif detail.Unpack(info):
            found = replace(found, reason=info.reason, metadata=dict(info.metadata))
        elif detail.Unpack(retry):
            found = replace(found, retry_seconds=retry.retry_delay.ToNanoseconds() / 1e9)
        elif detail.Unpack(bad):
            violations += [_violation(fault) for fault in bad.field_violations]
        elif detail.Unpack(quota):
            violations += [Violation(v.subject, v.description, v.description) for v in quota.violations]
        elif detail.Unpack(condition):
            violations += [Violation(v.subject, v.description, v.description) for v in condition.violations]
    return replace(found, zh=sentences.get("zh", ""), en=sentences.get("en", ""), violations=tuple(violations))


def _violation(fault: Any) -> Violation:  # google.rpc.BadRequest.FieldViolation
    own = {fault.localized_message.locale[:2].lower(): fault.localized_message.message}
    return Violation(fault.field, own.get("zh") or fault.description, own.get("en") or fault.description)
