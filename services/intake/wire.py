"""Submissions on the wire."""

from __future__ import annotations

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.document_pb2 import LocalizedText
from heyan.v1.report_pb2 import Report
from services.intake.ledger.submissions import Submission
from services.moments import timestamp
from services.validation.model import Text

FAILURES = {
    "engine_unavailable": Text(
        "文字识别引擎多次不可用，请联系管理员处理后重新提交。",
        "The OCR engine was not available, several times; tell the operator, then submit again.",
    ),
    "attachment_missing": Text(
        "附件在存储中丢失或损坏，请重新上传附件并重新提交。",
        "An attachment is lost or damaged in the store; upload it again and submit again.",
    ),
    "storage_unavailable": Text(
        "附件存储多次不可用，请联系管理员处理后重新提交。",
        "The attachment store was not available, several times; tell the operator, then submit again.",
    ),
    "call_unusable": Text(
        "该申报所属通知已无法使用，请联系管理员修正通知配置后重新提交。",
        "The call cannot be used any more; the operator must mend it, then submit again.",
    ),
    "abandoned": Text(
        "处理该申报的程序多次异常终止，已停止重试，请人工审阅。",
        "Every worker that took this submission died; it is not tried again. Review it by hand.",
    ),
    "internal": Text(
        "处理该申报时程序多次出错，请联系管理员查看日志。",
        "The work on this submission failed, several times; the operator finds why in the log.",
    ),
}


def attachment_name(sha256: str) -> str:
    return f"attachments/{sha256}"


def attachment_hash(name: str) -> str:
    return name.removeprefix("attachments/")


def submission_to_proto(submission: Submission) -> pb.Submission:
    """The submission as it stands; with its report where the row was read with it."""
    message = pb.Submission(
        name=submission.name,
        call=submission.call,
        label=submission.label,
        attachments=[attachment_name(sha256) for sha256, _ in submission.files],
        file_names=[name for _, name in submission.files],
        receive_time=timestamp(submission.receive_time),
        create_time=timestamp(submission.create_time),
        finish_time=timestamp(submission.finish_time),
        state=submission.state,
        failure=submission.failure,
        verdict=submission.verdict,  # type: ignore[arg-type]  # a number of the same enum, from the ledger
        priority=submission.priority,  # type: ignore[arg-type]
        portal=submission.caller,
    )
    if submission.report:
        message.report.CopyFrom(Report.FromString(submission.report))
    if text := FAILURES.get(submission.failure):
        message.failure_message.CopyFrom(LocalizedText(zh=text.zh, en=text.en))
    return message


def first_answer(submission: Submission) -> pb.Submission:
    """The submission as it was registered, whatever became of it since; erased ones only say that they are."""
    message = submission_to_proto(submission)
    if submission.state != pb.SUBMISSION_STATE_ERASED:
        for later in ("report", "failure", "failure_message", "verdict", "finish_time"):
            message.ClearField(later)
        message.state = pb.SUBMISSION_STATE_QUEUED
    return message
