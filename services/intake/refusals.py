"""Refusals of intake alone; the table is in services/status.py."""

from __future__ import annotations

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2

from services.status import MOST_NAMED, Refusal

_RETRY_SECONDS = 5


class StorageDown(Refusal):
    """The database or the attachment store cannot be reached. Nothing was accepted."""

    code = grpc.StatusCode.UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            f"存储暂时不可用，本次请求未被受理，请在 {_RETRY_SECONDS} 秒后重试。",
            f"Storage is not available for now, nothing was accepted; try again in {_RETRY_SECONDS} seconds.",
            error_details_pb2.RetryInfo(retry_delay=Duration(seconds=_RETRY_SECONDS)),
        )


class StorageFull(Refusal):
    """There is no room left. Nothing was accepted."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED

    def __init__(self) -> None:
        violation = error_details_pb2.QuotaFailure.Violation(subject="HEYAN_DATA", description="no room left")
        super().__init__(
            "存储空间已满，本次请求未被受理，请联系管理员。",
            "Storage is full, nothing was accepted; tell the operator.",
            error_details_pb2.QuotaFailure(violations=[violation]),
        )


class AlreadyExists(Refusal):
    """The request id was used for something else."""

    code = grpc.StatusCode.ALREADY_EXISTS

    def __init__(self, request_id: str, submission: str) -> None:
        super().__init__(
            f"请求编号 {request_id} 已用于另一份内容不同的申报 {submission}，请换用新的请求编号。",
            f"The request id {request_id} was used for another submission, {submission}, with other content; "
            "use a new one.",
            error_details_pb2.ResourceInfo(resource_type="submission", resource_name=submission),
            error_details_pb2.ErrorInfo(
                reason="REQUEST_ID_REUSED", domain="heyan", metadata={"request_id": request_id}
            ),
        )


class MissingAttachments(Refusal):
    """The submission names attachments that the caller has not uploaded, or that were erased; the first are named."""

    code = grpc.StatusCode.NOT_FOUND

    def __init__(self, attachments: list[str]) -> None:
        named, more = ", ".join(attachments[:5]), len(attachments) - 5
        super().__init__(
            f"以下附件尚未上传或已被删除，请先上传：{named}" + (f"（另有 {more} 个）" if more > 0 else ""),
            f"These attachments were not uploaded, or were erased; upload them first: {named}"
            + (f" ({more} more)" if more > 0 else ""),
            *(
                error_details_pb2.ResourceInfo(resource_type="attachment", resource_name=attachment)
                for attachment in attachments[:MOST_NAMED]
            ),
        )


class Erased(Refusal):
    """The submission was erased: nothing can be done with it any more."""

    code = grpc.StatusCode.FAILED_PRECONDITION

    def __init__(self, submission: str) -> None:
        violation = error_details_pb2.PreconditionFailure.Violation(
            type="ERASED", subject=submission, description="the submission was erased"
        )
        super().__init__(
            f"申报 {submission} 已被删除。",
            f"{submission} was erased.",
            error_details_pb2.PreconditionFailure(violations=[violation]),
        )


class NotDone(Refusal):
    """The submission has no report: the work on it is not over, or was given up or cancelled."""

    code = grpc.StatusCode.FAILED_PRECONDITION

    def __init__(self, submission: str) -> None:
        violation = error_details_pb2.PreconditionFailure.Violation(
            type="NOT_DONE", subject=submission, description="the submission has no report"
        )
        super().__init__(
            f"申报 {submission} 尚无审核结果。",
            f"{submission} has no report (yet).",
            error_details_pb2.PreconditionFailure(violations=[violation]),
        )


class Leaving(Refusal):
    """The server is being stopped: what was watched goes on at the next one."""

    code = grpc.StatusCode.UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            "服务正在重启，请稍后重新连接，进度不会丢失。",
            "The server is being stopped; connect again soon, nothing is lost.",
            error_details_pb2.RetryInfo(retry_delay=Duration(seconds=_RETRY_SECONDS)),
        )
