"""Which gRPC status a refusal becomes: one table. Every refusal carries google.rpc details and both languages.

    class           status               details
    BadRequest      INVALID_ARGUMENT     google.rpc.BadRequest (field, what is wrong)
    NotFound        NOT_FOUND            google.rpc.ResourceInfo
    OverLimit       RESOURCE_EXHAUSTED   google.rpc.QuotaFailure (setting, figures)
    Busy            RESOURCE_EXHAUSTED   google.rpc.RetryInfo
    BrokenCall      FAILED_PRECONDITION  google.rpc.PreconditionFailure (what is wrong with the call)
    Unauthenticated UNAUTHENTICATED      google.rpc.ErrorInfo (a reason)      services/callers/refusals.py
    Denied          PERMISSION_DENIED    google.rpc.ErrorInfo (the scope)
    OverQuota       RESOURCE_EXHAUSTED   google.rpc.QuotaFailure (the portal's quota), RetryInfo where waiting helps
    NothingToCorrect  FAILED_PRECONDITION  google.rpc.PreconditionFailure
    EngineError     UNAVAILABLE          (the engine's own words)
    anything else   INTERNAL             (a sentence; it is our bug: where it happened is in the log)

A file that cannot be read is none of these: it is part of the answer.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from functools import wraps
from inspect import isasyncgenfunction
from typing import Any, NoReturn, TypeVar, cast

import grpc
from google.protobuf import any_pb2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from protovalidate import ValidationError, validate

from extractors.errors import EngineError
from services.log import where

log = logging.getLogger(__name__)

# Details travel in a header of at most 8 KiB: of more a client sees nothing, not even the status. `heyan call lint`
# tells everything.
MOST_NAMED = 10
_TOLD, _CHARACTERS = 3, 160


class Refusal(Exception):
    """A request that is not served. Raised only as one of its subclasses."""

    code: grpc.StatusCode

    def __init__(self, zh: str, en: str, *details: Message) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.details = details


class BadRequest(Refusal):
    """A message of the request is not as the contract says. violations: (field, what is wrong); the first are sent."""

    code = grpc.StatusCode.INVALID_ARGUMENT

    def __init__(self, zh: str, en: str, *violations: tuple[str, str]) -> None:
        fields = [
            error_details_pb2.BadRequest.FieldViolation(field=field, description=what)
            for field, what in violations[:MOST_NAMED]
        ]
        super().__init__(zh, en, error_details_pb2.BadRequest(field_violations=fields))


class NotFound(Refusal):
    """What the request names does not exist here."""

    code = grpc.StatusCode.NOT_FOUND

    def __init__(self, zh: str, en: str, *, kind: str, name: str) -> None:
        super().__init__(zh, en, error_details_pb2.ResourceInfo(resource_type=kind, resource_name=name))


class OverLimit(Refusal):
    """The request exceeds a limit of the settings, which is named."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED

    def __init__(self, zh: str, en: str, *, setting: str, allowed: int) -> None:
        violation = error_details_pb2.QuotaFailure.Violation(subject=setting, description=f"at most {allowed}")
        super().__init__(zh, en, error_details_pb2.QuotaFailure(violations=[violation]))


class Busy(Refusal):
    """Too much is under way; try again after `seconds`."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"服务繁忙，请在 {seconds} 秒后重试。",
            f"The service is busy; try again in {seconds} seconds.",
            error_details_pb2.RetryInfo(retry_delay=Duration(seconds=seconds)),
        )


class BrokenCall(Refusal):
    """The call exists, but its call.yaml has mistakes. problems: (Chinese, English), each with its place."""

    code = grpc.StatusCode.FAILED_PRECONDITION

    def __init__(self, name: str, problems: Sequence[tuple[str, str]]) -> None:
        violations = [
            error_details_pb2.PreconditionFailure.Violation(type="CALL", subject=name, description=_short(en))
            for _, en in problems[:MOST_NAMED]
        ]
        told, more = problems[:_TOLD], len(problems) - _TOLD
        zh = "；".join(_short(zh) for zh, _ in told) + (f"（另有 {more} 处）" if more > 0 else "")
        en = "; ".join(_short(en) for _, en in told) + (f" ({more} more)" if more > 0 else "")
        super().__init__(
            f"通知配置 {name} 有误，无法使用：{zh}",
            f"The call {name} has mistakes and cannot be used: {en}",
            error_details_pb2.PreconditionFailure(violations=violations),
        )


def _short(text: str) -> str:
    return text if len(text) <= _CHARACTERS else text[: _CHARACTERS - 1] + "…"


class NothingToCorrect(Refusal):
    """No letter can ask for corrections where no rule is violated."""

    code = grpc.StatusCode.FAILED_PRECONDITION

    def __init__(self) -> None:
        violation = error_details_pb2.PreconditionFailure.Violation(
            type="NOTHING_TO_CORRECT", subject="report", description="no rule is violated"
        )
        super().__init__(
            "没有需要申报单位补正的问题；未能判断的项目须由审核人员查看。",
            "There is nothing for the applicant to correct; what could not be judged is for a reviewer.",
            error_details_pb2.PreconditionFailure(violations=[violation]),
        )


def require_valid(message: Message) -> None:
    """Raises BadRequest where the message breaks a rule of the contract."""
    try:
        validate(message)
    except ValidationError as error:
        violations = [(_path(violation), violation.proto.message) for violation in error.violations]
        told, more = [f"{field} {what}" for field, what in violations[:_TOLD]], len(violations) - _TOLD
        raise BadRequest(
            "请求不符合接口约定：" + "；".join(told) + (f"（另有 {more} 处）" if more > 0 else ""),
            "The request is not as the contract says: " + "; ".join(told) + (f" ({more} more)" if more > 0 else ""),
            *violations,
        ) from error


def _path(violation: Any) -> str:
    """requests[3].call"""
    return ".".join(
        element.field_name + (f"[{element.subscript.value}]" if element.subscript else "")
        for element in violation.proto.field.elements
    )


Context = grpc.aio.ServicerContext[Any, Any]
Handler = TypeVar("Handler", bound=Callable[..., Any])


def answering(handler: Handler) -> Handler:
    """A handler whose refusals become gRPC statuses. Works for unary and for streamed answers."""
    if isasyncgenfunction(handler):

        @wraps(handler)
        async def stream(self: object, request: object, context: Context) -> AsyncIterator[Any]:
            try:
                async for answer in handler(self, request, context):
                    yield answer
            except Exception as error:  # noqa: BLE001  # the last who can answer in a sentence
                await refuse(context, error)

        return cast("Handler", stream)

    @wraps(handler)
    async def unary(self: object, request: object, context: Context) -> Any:
        try:
            return await handler(self, request, context)
        except Exception as error:  # noqa: BLE001  # the last who can answer in a sentence
            await refuse(context, error)

    return cast("Handler", unary)


async def refuse(context: Context, raised: Exception) -> NoReturn:
    """Ends the call with the status that the exception becomes."""
    error = refusal_of(raised)
    await context.abort(
        error.code, error.en, trailing_metadata=(("grpc-status-details-bin", as_status(error).SerializeToString()),)
    )
    raise AssertionError("abort returns never")


def as_status(error: Refusal) -> status_pb2.Status:
    """With its details and both languages."""
    sentences = [
        error_details_pb2.LocalizedMessage(locale="zh-CN", message=error.zh),
        error_details_pb2.LocalizedMessage(locale="en", message=error.en),
    ]
    details = []
    for detail in (*error.details, *sentences):
        packed = any_pb2.Any()
        packed.Pack(detail)
        details.append(packed)
    return status_pb2.Status(code=error.code.value[0], message=error.en, details=details)


def refusal_of(error: Exception) -> Refusal:
    """What a caller is told; a bug of ours is logged with where it happened."""
    match error:
        case Refusal():
            return error
        case EngineError():
            return _EngineUnavailable(
                "文字识别引擎不可用，请联系管理员运行 heyan doctor。",
                f"The OCR engine is not available; the operator should run heyan doctor. {error}",
            )
        case _:
            log.error("a bug: %s", where(error))
            return _Bug(
                "服务内部错误，请联系管理员查看日志。", "The service has a bug; the operator finds it in the log."
            )


class _EngineUnavailable(Refusal):
    code = grpc.StatusCode.UNAVAILABLE


class _Bug(Refusal):
    code = grpc.StatusCode.INTERNAL
