"""Refusals of callers; the table is in services/status.py. None says more than the caller has proved to know."""

from __future__ import annotations

from typing import ClassVar

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2

from services.status import Refusal

_DOMAIN = "heyan"
_SENTENCES = {
    "TOKEN_MISSING": (
        "需要访问令牌：请在请求头中携带 authorization: Bearer heyan_…，令牌由管理员用 heyan token create 签发。",
        "A token is needed: send authorization: Bearer heyan_…; the operator makes one with heyan token create.",
    ),
    "TOKEN_INVALID": (
        "访问令牌无效，请核对是否复制完整。",
        "The token is not valid; look whether it was copied whole.",
    ),
    "TOKEN_EXPIRED": (
        "访问令牌已过期，请向管理员申请新的令牌。",
        "The token has expired; ask the operator for a new one.",
    ),
    "TOKEN_REVOKED": (
        "访问令牌已被吊销，请向管理员申请新的令牌。",
        "The token was revoked; ask the operator for a new one.",
    ),
    "CERTIFICATE_UNKNOWN": (
        "客户端证书未登记到任何平台，请联系管理员（heyan token create --certificate）。",
        "The client certificate belongs to no portal; ask the operator (heyan token create --certificate).",
    ),
    "CERTIFICATE_EXPIRED": (
        "客户端证书的登记已过期，请联系管理员。",
        "What the client certificate was registered for has expired; ask the operator.",
    ),
    "CERTIFICATE_REVOKED": (
        "客户端证书的登记已被吊销，请联系管理员。",
        "What the client certificate was registered for was revoked; ask the operator.",
    ),
    "CALLERS_DIFFER": (
        "访问令牌与客户端证书属于不同的平台。",
        "The token and the client certificate belong to different portals.",
    ),
}


class Unauthenticated(Refusal):
    """Nobody knows who calls. reason: one of `_SENTENCES`, stable; in google.rpc.ErrorInfo."""

    code = grpc.StatusCode.UNAUTHENTICATED

    def __init__(self, reason: str) -> None:
        super().__init__(*_SENTENCES[reason], error_details_pb2.ErrorInfo(reason=reason, domain=_DOMAIN))
        self.reason = reason


class Denied(Refusal):
    """The caller is known, and may not do this."""

    code = grpc.StatusCode.PERMISSION_DENIED

    def __init__(self, portal: str, scope: str, method: str) -> None:
        super().__init__(
            f"平台 {portal} 的令牌没有权限 {scope}，不能调用 {method}。",
            f"The token of portal {portal} lacks the scope {scope}, which {method} needs.",
            error_details_pb2.ErrorInfo(
                reason="SCOPE_MISSING",
                domain=_DOMAIN,
                metadata={"portal": portal, "scope": scope, "method": method},
            ),
        )


class OverQuota(Refusal):
    """The portal has used what it may. quota: "bytes", "submissions" or "checks".

    seconds: after which to try again; 0 where only erasing, or the operator, makes room.
    """

    code = grpc.StatusCode.RESOURCE_EXHAUSTED

    _WHAT: ClassVar = {
        "bytes": ("附件存储字节数", "bytes of attachments", "请删除不再需要的申报或联系管理员", "erase some"),
        "submissions": ("申报数", "submissions", "请删除不再需要的申报或联系管理员", "erase some"),
        "checks": ("同时进行的核验数", "checks under way", "请稍后重试", "try again later"),
    }

    def __init__(self, portal: str, quota: str, allowed: float, seconds: int = 0) -> None:
        zh, en, todo_zh, todo_en = self._WHAT[quota]
        violation = error_details_pb2.QuotaFailure.Violation(
            subject=f"portal:{portal}", description=f"{quota}: at most {allowed:.0f}"
        )
        retry = [error_details_pb2.RetryInfo(retry_delay=Duration(seconds=seconds))] if seconds else []
        super().__init__(
            f"平台 {portal} 的{zh}已达配额 {allowed:.0f}，{todo_zh}。",
            f"The portal {portal} has reached its quota of {allowed:.0f} {en}; {todo_en}, or ask the operator.",
            error_details_pb2.QuotaFailure(violations=[violation]),
            *retry,
        )
