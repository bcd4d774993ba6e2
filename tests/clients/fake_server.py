"""A small honest server of heyan.v1 for tests of the clients: it really receives the streams and answers with what it
got. Its opinion follows from names alone, so that a test can order any answer:

    label or first file name holds    "return", "review"      → that verdict; else acceptable
    a file's name holds               "unreadable"            → that file is unreadable: damaged
    label holds                       "explode", "slow"       → INTERNAL; no answer for 30 s
                                      "toomany", "busy"       → RESOURCE_EXHAUSTED with details
                                      "torn"                  → waits whether the stream was cancelled
    the call is                       not zhihui-2021         → NOT_FOUND
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc

from heyan.v1 import (
    call_pb2,
    document_pb2,
    extraction_service_pb2,
    extraction_service_pb2_grpc,
    report_pb2,
    validation_service_pb2,
    validation_service_pb2_grpc,
)
from heyan.v1.document_pb2 import LocalizedText, Place

CALL = call_pb2.Call(
    name="calls/zhihui-2021",
    title=LocalizedText(zh="“智惠行动·百会百县乡村行”系列科技志愿服务项目", en="Zhihui Action"),
    number="科协普函基字〔2021〕29号",
    forms=[
        call_pb2.FormDescription(
            kind="application_form",
            title=LocalizedText(zh="项目申报表", en="application form"),
            fields=[
                call_pb2.FieldDescription(id="project_name", type="text", labels=["项目名称"]),
                call_pb2.FieldDescription(id="requested_amount", type="money", labels=["申请资助金额"]),
            ],
        ),
        call_pb2.FormDescription(kind="pairing_letter", title=LocalizedText(zh="对接函", en="pairing letter")),
    ],
    rules=[
        call_pb2.RuleDescription(
            id="amount-limit",
            severity=report_pb2.SEVERITY_ERROR,
            title=LocalizedText(zh="申请金额不超过限额", en="amount within the limit"),
            clause=report_pb2.Clause(section="三", quote="每个项目资助不超过5万元"),
        )
    ],
)
CALL.deadline.FromJsonString("2021-09-03T23:59:59+08:00")


def finding(outcome: int, rule: str = "amount-limit", **more: Any) -> report_pb2.Finding:
    return report_pb2.Finding(
        rule=rule,
        outcome=outcome,  # type: ignore[arg-type]
        severity=report_pb2.SEVERITY_ERROR,
        title=CALL.rules[0].title,
        message=LocalizedText(zh="申请资助金额 80000 元，超过限额 50000 元。", en="80000 exceeds the limit of 50000."),
        clause=CALL.rules[0].clause,
        **more,
    )


VIOLATED = finding(
    report_pb2.OUTCOME_VIOLATED,
    expected="≤ 50000",
    actual="80000",
    evidence=[
        report_pb2.Evidence(
            document=0, place=Place(path="table 1 / row 6 / cell 2"), field="requested_amount", text="8万元"
        )
    ],
    suggestion=LocalizedText(zh="请将申请金额改为不超过 5 万元。", en="Ask for at most 50000."),
)
UNDETERMINED = finding(report_pb2.OUTCOME_UNDETERMINED, evidence=[report_pb2.Evidence(document=0, place=Place(page=1))])
PASSED = finding(report_pb2.OUTCOME_PASSED)
OPINIONS = {
    "return": (report_pb2.VERDICT_RETURN, (VIOLATED, UNDETERMINED, PASSED)),
    "review": (report_pb2.VERDICT_REVIEW, (UNDETERMINED, PASSED)),
    "": (report_pb2.VERDICT_ACCEPTABLE, (PASSED,)),
}


def reading(name: str, data: bytes, call: str) -> document_pb2.Reading:
    made = document_pb2.Reading(file_name=name, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
    if "unreadable" in name:
        made.unreadable.code = "damaged"
        made.unreadable.message.zh = "文件已损坏或不完整，请用原程序打开检查、另存后重新提交。"
        made.unreadable.message.en = "The file is damaged or incomplete."
        return made
    made.document.format = "pdf"
    made.document.text = "申报表\t甲"
    made.document.pages.add(number=1)
    if call:
        made.kind, made.kind_confidence = "application_form", 0.98
        made.fields.add(
            id="project_name",
            value="科普进乡村",
            raw="科普进乡村",
            state=document_pb2.FIELD_STATE_FOUND,
            place=Place(page=1),
            confidence=0.97,
            engine="text",
        )
        made.fields.add(id="requested_amount", state=document_pb2.FIELD_STATE_BLANK)
    made.seals.add(
        shape=document_pb2.SEAL_SHAPE_ROUND,
        colour=document_pb2.SEAL_COLOUR_RED,
        text="中国某某学会",
        diameter_mm=42,
        confidence=0.9,
        place=Place(page=1),
    )
    return made


def abort(context: grpc.ServicerContext, code: grpc.StatusCode, zh: str, en: str, *details: Message) -> NoReturn:
    status = status_pb2.Status(code=code.value[0], message=en)
    for detail in (
        *details,
        error_details_pb2.LocalizedMessage(locale="zh-CN", message=zh),
        error_details_pb2.LocalizedMessage(locale="en", message=en),
    ):
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, en)
    raise AssertionError


def known(call: str, context: grpc.ServicerContext) -> None:
    if call != CALL.name:
        abort(context, grpc.StatusCode.NOT_FOUND, f"没有通知 {call}。", f"There is no call {call}.")


class Validation(validation_service_pb2_grpc.ValidationServiceServicer):
    """Keeps the headers that it received, newest last."""

    def __init__(self) -> None:
        self.headers: list[validation_service_pb2.CheckHeader] = []
        self.chunks: list[int] = []
        self.audited: list[validation_service_pb2.AuditSubmission] = []
        self.calls = [CALL]
        self.whole: list[str] = []  # labels of the submissions whose streams came to their end

    def Check(
        self, request_iterator: Iterator[validation_service_pb2.CheckRequest], context: grpc.ServicerContext
    ) -> validation_service_pb2.CheckResponse:
        header = next(request_iterator).header
        self.headers.append(header)
        known(header.call, context)
        files: list[tuple[str, bytearray]] = []
        for request in request_iterator:
            if request.WhichOneof("part") == "file":
                files.append((request.file.name, bytearray()))
            else:
                self.chunks.append(len(request.chunk))
                files[-1][1].extend(request.chunk)
        if "torn" in header.label:
            time.sleep(
                0.5
            )  # gRPC's threaded server shows a cancelled stream as one that ended, and tells a little later
        if context.is_active():
            self.whole.append(header.label)
        if "explode" in header.label:
            raise ZeroDivisionError
        if "slow" in header.label:
            for _ in range(300):
                if not context.is_active():
                    break
                time.sleep(0.1)
        if "toomany" in header.label:
            violation = error_details_pb2.QuotaFailure.Violation(subject="HEYAN_MAX_FILES", description="at most 64")
            quota = error_details_pb2.QuotaFailure(violations=[violation])
            abort(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "一次最多 64 个文件。", "At most 64 files.", quota)
        if "busy" in header.label:
            retry = error_details_pb2.RetryInfo(retry_delay=Duration(seconds=5))
            abort(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "服务繁忙。", "The service is busy.", retry)
        verdict, findings = OPINIONS[next((word for word in ("return", "review") if word in header.label), "")]
        report = report_pb2.Report(
            call=header.call,
            label=header.label,
            verdict=verdict,
            documents=[reading(name, bytes(data), header.call) for name, data in files],
            findings=findings,
            version="0.0.0",
        )
        if header.HasField("receive_time"):
            report.receive_time.CopyFrom(header.receive_time)
        page = f"<!doctype html><title>{header.label}</title>" if header.evidence else ""
        return validation_service_pb2.CheckResponse(report=report, evidence_html=page)

    def AuditCall(
        self, request_iterator: Iterator[validation_service_pb2.AuditCallRequest], context: grpc.ServicerContext
    ) -> Iterator[validation_service_pb2.AuditCallResponse]:
        """Two submissions or more violate a rule: an error where a name holds "grave", else a warning."""
        known(next(request_iterator).header.call, context)
        submissions = [request.submission for request in request_iterator]
        self.audited = submissions
        names = [submission.name for submission in submissions]
        grave = any("grave" in name for name in names)
        made = finding(
            report_pb2.OUTCOME_VIOLATED if len(names) > 1 else report_pb2.OUTCOME_PASSED, "several-applications"
        )
        made.severity = report_pb2.SEVERITY_ERROR if grave else report_pb2.SEVERITY_WARNING
        evidence = [
            validation_service_pb2.AuditEvidence(
                submission=name, evidence=report_pb2.Evidence(document=0, place=Place(page=1), text=f"出自{name}")
            )
            for name in names
        ]
        yield validation_service_pb2.AuditCallResponse(finding=made, submissions=names, evidence=evidence)

    def ListCalls(
        self, request: validation_service_pb2.ListCallsRequest, context: grpc.ServicerContext
    ) -> validation_service_pb2.ListCallsResponse:
        return validation_service_pb2.ListCallsResponse(calls=self.calls)

    def GetCall(
        self, request: validation_service_pb2.GetCallRequest, context: grpc.ServicerContext
    ) -> validation_service_pb2.GetCallResponse:
        known(request.name, context)
        return validation_service_pb2.GetCallResponse(call=CALL)


class Extraction(extraction_service_pb2_grpc.ExtractionServiceServicer):
    def Extract(
        self, request_iterator: Iterator[extraction_service_pb2.ExtractRequest], context: grpc.ServicerContext
    ) -> extraction_service_pb2.ExtractResponse:
        header = next(request_iterator).header
        if header.call:
            known(header.call, context)
        data = b"".join(request.chunk for request in request_iterator)
        return extraction_service_pb2.ExtractResponse(reading=reading(header.file_name, data, header.call))


class Health(health_pb2_grpc.HealthServicer):
    def __init__(self) -> None:
        self.status = health_pb2.HealthCheckResponse.SERVING

    def Check(
        self, request: health_pb2.HealthCheckRequest, context: grpc.ServicerContext
    ) -> health_pb2.HealthCheckResponse:
        return health_pb2.HealthCheckResponse(status=self.status)


class Fake:
    """A running fake. address: where it listens."""

    def __init__(self, listen: str = "127.0.0.1:0") -> None:
        self.validation, self.health = Validation(), Health()
        self.server = grpc.server(ThreadPoolExecutor(8))
        validation_service_pb2_grpc.add_ValidationServiceServicer_to_server(self.validation, self.server)
        extraction_service_pb2_grpc.add_ExtractionServiceServicer_to_server(Extraction(), self.server)
        health_pb2_grpc.add_HealthServicer_to_server(self.health, self.server)
        port = self.server.add_insecure_port(listen)
        self.address = listen if listen.startswith("unix:") else f"127.0.0.1:{port}"
        self.server.start()


@contextmanager
def running(listen: str = "127.0.0.1:0") -> Iterator[Fake]:
    fake = Fake(listen)
    try:
        yield fake
    finally:
        fake.server.stop(None).wait()


# What stands in for services/server.py where a test wants the CLI to start a server of its own.
STAND_IN = f"""
import argparse, os, sys, threading
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.clients.fake_server import Fake
parser = argparse.ArgumentParser()
parser.add_argument("--listen")
parser.add_argument("--data")
parser.add_argument("--exit-with-parent", action="store_true")
parser.add_argument("--private", action="store_true")
arguments = parser.parse_args()
fake = Fake(arguments.listen or "127.0.0.1:0")
while arguments.exit_with_parent and sys.stdin.buffer.read(1):
    pass
if not arguments.exit_with_parent:
    print(arguments, flush=True)
fake.server.stop(None).wait()
"""


def main() -> None:
    """python -m tests.clients.fake_server ADDR: to try the command line by hand."""
    import sys

    Fake(sys.argv[1]).server.wait_for_termination()


if __name__ == "__main__":
    main()
