"""The service as a process, over real gRPC: what it answers, and what it refuses and how."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import grpc
import numpy as np
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

from heyan.v1 import (
    document_pb2,
    extraction_service_pb2,
    extraction_service_pb2_grpc,
    intake_service_pb2,
    intake_service_pb2_grpc,
    report_pb2,
    validation_service_pb2,
    validation_service_pb2_grpc,
)
from tests.build import docx, pdf

CALL = "calls/zhihui-2021"
CALLS = Path(__file__).parents[2] / "services" / "calls"
SMALL = {
    "HEYAN_MAX_FILES": "4",
    "HEYAN_LIMIT_FILE_BYTES": "200000",
    "HEYAN_MAX_SUBMISSION_BYTES": "1000000",
    "HEYAN_MAX_MESSAGE_BYTES": "500000",
    "HEYAN_MAX_AUDIT_SUBMISSIONS": "5",
    "HEYAN_MAX_AUDIT_BYTES": "600000",
    "HEYAN_WORKERS": "1",
}
FORM = docx(
    "项目申报书",
    "项目名称：科技下乡",
    "申报单位：中国林学会",
    "项目负责人：王五",
    "联系人：赵六",
    "联系电话：13800138000",
    "申请经费：20万元",
)


def arguments(folder: Path) -> list[str]:
    return ["--listen", f"unix:{folder}/s", "--data", str(folder / "data"), "--exit-with-parent"]


def launch(folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "services.server", *arguments(folder)],
            stdin=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **environment},
            start_new_session=True,
        )


def wait_until_serving(channel: grpc.Channel, seconds: float = 60) -> None:
    health = health_pb2_grpc.HealthStub(channel)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            answer = health.Check(health_pb2.HealthCheckRequest(), timeout=5, wait_for_ready=True)
        except grpc.RpcError:
            continue
        if answer.status == health_pb2.HealthCheckResponse.SERVING:
            return
        time.sleep(0.1)
    raise TimeoutError("never SERVING")


@dataclass(frozen=True)
class Service:
    process: subprocess.Popen[bytes]
    channel: grpc.Channel

    @property
    def validation(self) -> Any:
        return validation_service_pb2_grpc.ValidationServiceStub(self.channel)

    @property
    def extraction(self) -> Any:
        return extraction_service_pb2_grpc.ExtractionServiceStub(self.channel)

    def check(self, *files: tuple[str, bytes], call: str = CALL, timeout: float = 60, **header: Any) -> Any:
        return self.validation.Check(check_requests(*files, call=call, **header), timeout=timeout)


def check_requests(*files: tuple[str, bytes], call: str = CALL, **header: Any) -> Iterator[Any]:
    pb = validation_service_pb2
    yield pb.CheckRequest(header=pb.CheckHeader(call=call, **header))
    for name, data in files:
        yield pb.CheckRequest(file=pb.FileHeader(name=name))
        for start in range(0, len(data), 100_000):
            yield pb.CheckRequest(chunk=data[start : start + 100_000])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("server")
    process = launch(folder, **SMALL)
    with grpc.insecure_channel(f"unix:{folder}/s") as channel:
        wait_until_serving(channel)
        yield Service(process, channel)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    process.communicate()


def details(error: grpc.RpcError, kind: type[Any]) -> Any:
    """The detail of that kind that the refusal carries."""
    status = rpc_status.from_call(error)
    assert status is not None
    for packed in status.details:
        if packed.Is(kind.DESCRIPTOR):
            detail = kind()
            packed.Unpack(detail)
            return detail
    raise AssertionError(f"no {kind.__name__} in {status}")


def refused(code: grpc.StatusCode, action: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as refusal:
        action()
    assert refusal.value.code() is code
    return refusal.value


def languages(error: grpc.RpcError) -> set[str]:
    status = rpc_status.from_call(error)
    assert status is not None
    found = set()
    for packed in status.details:
        if packed.Is(error_details_pb2.LocalizedMessage.DESCRIPTOR):
            message = error_details_pb2.LocalizedMessage()
            packed.Unpack(message)
            assert message.message
            found.add(message.locale)
    return found


# ------------------------------------------------------------------------------------------- what it answers


def test_reflection_lists_the_services(service: Service) -> None:
    stub = reflection_pb2_grpc.ServerReflectionStub(service.channel)
    (answer,) = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]), timeout=5)
    names = {each.name for each in answer.list_services_response.service}
    assert {"heyan.v1.ValidationService", "heyan.v1.ExtractionService", "heyan.v1.IntakeService"} <= names


def test_health_is_told_for_each_service(service: Service) -> None:
    stub = health_pb2_grpc.HealthStub(service.channel)
    for name in ("", "heyan.v1.ValidationService", "heyan.v1.ExtractionService"):
        answer = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=5)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_calls_are_listed_and_described(service: Service) -> None:
    pb = validation_service_pb2
    calls = service.validation.ListCalls(pb.ListCallsRequest(), timeout=5).calls
    assert [call.name for call in calls] == ["calls/example-minimal", CALL]
    assert not any(call.rules or call.forms for call in calls)
    first = service.validation.ListCalls(pb.ListCallsRequest(page_size=1), timeout=5)
    assert [call.name for call in first.calls] == ["calls/example-minimal"]
    second = service.validation.ListCalls(pb.ListCallsRequest(page_token=first.next_page_token), timeout=5)
    assert [call.name for call in second.calls] == [CALL]
    assert not second.next_page_token
    whole = service.validation.GetCall(pb.GetCallRequest(name=CALL), timeout=5).call
    assert whole.number == "科协普函基字〔2021〕29号"
    assert {form.kind for form in whole.forms} == {"application_form", "pairing_letter"}
    assert "amount-over-limit" in {rule.id for rule in whole.rules}


def test_a_report_holds_every_rule_of_the_call(service: Service) -> None:
    pb = validation_service_pb2
    whole = service.validation.GetCall(pb.GetCallRequest(name=CALL), timeout=5).call
    received = Timestamp()
    received.FromJsonString("2021-09-01T08:00:00Z")
    report = service.check(("项目申报书.docx", FORM), label="A-1", receive_time=received).report
    assert {finding.rule for finding in report.findings} == {rule.id for rule in whole.rules}
    assert report.label == "A-1"
    assert report.receive_time == received
    assert report.documents[0].kind == "application_form"
    assert report.verdict == report_pb2.VERDICT_RETURN
    assert not report.documents[0].document.text, "BASIC is the default view"


def test_a_late_submission_is_told_and_without_a_time_nothing_is_concluded(service: Service) -> None:
    def outcome(**header: Any) -> int:
        findings = service.check(("项目申报书.docx", FORM), **header).report.findings
        return next(finding.outcome for finding in findings if finding.rule == "late")

    late = Timestamp()
    late.FromJsonString("2021-09-03T16:00:00Z")  # midnight in Beijing
    assert outcome(receive_time=late) == report_pb2.OUTCOME_VIOLATED
    a_day = 86_400  # on the last day itself a reviewer looks
    assert outcome(receive_time=Timestamp(seconds=late.seconds - 1 - a_day)) == report_pb2.OUTCOME_PASSED
    assert outcome() == report_pb2.OUTCOME_UNDETERMINED


def test_the_evidence_page_comes_when_asked(service: Service) -> None:
    assert service.check(("项目申报书.docx", FORM)).evidence_html == ""
    page = service.check(("项目申报书.docx", FORM), evidence=True).evidence_html
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "中国林学会" in page


def test_extract_tells_what_one_file_states(service: Service) -> None:
    pb = extraction_service_pb2
    requests = [
        pb.ExtractRequest(header=pb.ExtractHeader(file_name="a.docx", call=CALL)),
        pb.ExtractRequest(chunk=FORM),
    ]
    reading = service.extraction.Extract(iter(requests), timeout=30).reading
    assert reading.document.format == "docx"
    assert "申报单位：中国林学会" in reading.document.text
    assert {field.id: field.value for field in reading.fields}["applicant"] == "中国林学会"


def test_readings_can_be_judged_again_without_their_files(service: Service) -> None:
    report = service.check(("项目申报书.docx", FORM), view=document_pb2.READING_VIEW_FULL).report
    request = validation_service_pb2.ValidateRequest(call=CALL, documents=report.documents)
    again = service.validation.Validate(request, timeout=5).report
    assert again.findings == report.findings
    assert again.verdict == report.verdict


@pytest.mark.parametrize("kind", ["", "form"])
def test_a_reading_of_no_known_paper_is_no_missing_form(service: Service, kind: str) -> None:
    unread = document_pb2.Reading(file_name="a.doc", unreadable=document_pb2.Unreadable(code="damaged"))
    odd = document_pb2.Reading(file_name="b.docx", kind=kind)
    request = validation_service_pb2.ValidateRequest(call=CALL, documents=[unread, odd])
    error = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: service.validation.Validate(request, timeout=5))
    (violation,) = details(error, error_details_pb2.BadRequest).field_violations
    assert violation.field == "documents[1].kind"
    assert "application_form, pairing_letter, other" in violation.description
    odd.kind = "other"
    request = validation_service_pb2.ValidateRequest(call=CALL, documents=[unread, odd])
    assert service.validation.Validate(request, timeout=5).report.verdict == report_pb2.VERDICT_REVIEW


def test_a_page_of_a_file_that_is_not_sent_is_refused(service: Service) -> None:
    whole = document_pb2.Reading(file_name="IMG_1.jpg", kind="application_form")
    whole.document.pages.add(number=1)
    whole.document.pages.add(number=2, file=2, sheet=1)
    request = validation_service_pb2.ValidateRequest(call=CALL, documents=[whole])
    error = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: service.validation.Validate(request, timeout=5))
    (violation,) = details(error, error_details_pb2.BadRequest).field_violations
    assert violation.field == "documents[0].document.pages"
    part = document_pb2.Reading(file_name="IMG_2.jpg", kind="other")
    request = validation_service_pb2.ValidateRequest(call=CALL, documents=[whole, part])
    report = service.validation.Validate(request, timeout=5).report
    assert [len(document.document.pages) for document in report.documents] == [2, 0]


def test_what_rests_on_the_text_is_undetermined_without_it(service: Service) -> None:
    report = service.check(("项目申报书.docx", FORM), view=document_pb2.READING_VIEW_BASIC).report
    request = validation_service_pb2.ValidateRequest(call=CALL, documents=report.documents)
    again = {
        finding.rule: finding.outcome for finding in service.validation.Validate(request, timeout=5).report.findings
    }
    assert again["outdated-template"] == report_pb2.OUTCOME_UNDETERMINED
    assert again["placeholder-left"] == report_pb2.OUTCOME_UNDETERMINED


# --------------------------------------------------------------------------------- files that cannot be read


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\x00" * 5000, "empty"),
        (bytes(range(256)) * 20, "unknown_format"),
        (FORM[: len(FORM) // 2], "damaged"),
        (b"%PDF-1.7\n" + b"\x01garbage" * 100, "damaged"),
        (b"\xff" * 200_001, "too_large"),
    ],
)
def test_a_bad_file_is_part_of_the_report_and_the_others_are_checked(service: Service, data: bytes, code: str) -> None:
    report = service.check(("坏.bin", data), ("项目申报书.docx", FORM)).report
    bad, good = report.documents
    assert bad.unreadable.code == code
    assert bad.unreadable.message.zh
    assert bad.unreadable.message.en
    assert bad.size_bytes == len(data)
    assert good.kind == "application_form"
    assert report.verdict != report_pb2.VERDICT_ACCEPTABLE
    letter = next(finding for finding in report.findings if finding.rule == "missing-pairing-letter")
    assert letter.outcome == report_pb2.OUTCOME_UNDETERMINED, "the unreadable file might be the letter"


# ------------------------------------------------------------------------------------------- what it refuses


def test_an_unknown_call_is_not_found_and_the_known_ones_are_named(service: Service) -> None:
    error = refused(grpc.StatusCode.NOT_FOUND, lambda: service.check(("a", FORM), call="calls/no-such-call"))
    assert details(error, error_details_pb2.ResourceInfo).resource_name == "calls/no-such-call"
    assert CALL in str(error.details())
    assert languages(error) == {"zh-CN", "en"}


@pytest.mark.parametrize(
    ("requests", "field"),
    [
        ([], "header"),
        ([{"chunk": b"x"}], "header"),
        ([{"header": {"call": CALL}}], "file"),
        ([{"header": {"call": CALL}}, {"chunk": b"x"}], "chunk"),
        ([{"header": {"call": CALL}}, {"header": {"call": CALL}}], "header"),
        ([{"header": {"call": "zhihui 2021"}}], "header.call"),
        ([{"header": {"call": CALL}}, {"file": {"name": ""}}], "file.name"),
        ([{}], "part"),
        ([{"header": {"call": CALL, "receive_time": {"seconds": 10**17}}}, {"file": {"name": "a"}}], "receive_time"),
    ],
)
def test_a_stream_that_breaks_the_contract_is_refused_with_the_field(
    service: Service, requests: list[dict[str, Any]], field: str
) -> None:
    messages = [validation_service_pb2.CheckRequest(**request) for request in requests]
    error = refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: service.validation.Check(iter(messages), timeout=10))
    assert details(error, error_details_pb2.BadRequest).field_violations[0].field == field
    assert languages(error) == {"zh-CN", "en"}


def test_too_many_files_are_refused_with_the_setting(service: Service) -> None:
    files = [(str(number), b"x") for number in range(5)]
    error = refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: service.check(*files))
    assert details(error, error_details_pb2.QuotaFailure).violations[0].subject == "HEYAN_MAX_FILES"


def test_too_many_bytes_are_refused_with_the_setting(service: Service) -> None:
    files = [(str(number), b"x" * 400_000) for number in range(3)]
    error = refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: service.check(*files))
    assert details(error, error_details_pb2.QuotaFailure).violations[0].subject == "HEYAN_MAX_SUBMISSION_BYTES"


def test_too_big_a_message_is_refused(service: Service) -> None:
    pb = extraction_service_pb2
    requests = [pb.ExtractRequest(header=pb.ExtractHeader()), pb.ExtractRequest(chunk=b"x" * 600_000)]
    refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: service.extraction.Extract(iter(requests), timeout=10))


# ------------------------------------------------------------------------------------------------- across submissions


def audit(service: Service, *parts: dict[str, Any], call: str = CALL) -> list[Any]:
    requests = [{"header": {"call": call}}, *({"submission": part} for part in parts)]
    messages = [validation_service_pb2.AuditCallRequest(**request) for request in requests]
    return list(service.validation.AuditCall(iter(messages), timeout=60))


def stated(applicant: str, **more: str) -> dict[str, Any]:
    """A reading of a form, as a portal may have it."""
    values = {"applicant": applicant, **more}
    fields = [
        {"id": id, "value": value, "state": 1, "confidence": 1.0, "engine": "text"} for id, value in values.items()
    ]
    return {"file_name": "申报书.docx", "kind": "application_form", "fields": fields}


def test_an_audit_answers_with_every_rule_and_names_the_submissions(service: Service) -> None:
    form = service.check(("a.docx", FORM), view=2).report.documents[0]
    answers = audit(
        service, {"name": "甲", "documents": [form]}, {"name": "乙", "documents": [stated("湖南省林学会")]},
        {"name": "丙", "documents": [stated("中国林学会", project_name="别的")]},
    )  # fmt: skip
    call = service.validation.GetCall(validation_service_pb2.GetCallRequest(name=CALL), timeout=10).call
    assert {answer.finding.rule for answer in answers} == {rule.id for rule in call.across}
    (several,) = [answer for answer in answers if answer.finding.rule == "several-applications"]
    assert several.finding.outcome == report_pb2.OUTCOME_VIOLATED
    assert list(several.submissions) == ["甲", "丙"]
    assert [each.submission for each in several.evidence] == ["甲", "丙"]
    assert {each.evidence.text for each in several.evidence} <= {"中国林学会", ""}


def test_two_audits_of_the_same_submissions_agree(service: Service) -> None:
    parts = [{"name": str(number), "documents": [stated("湖南省林学会")]} for number in range(5)]
    assert audit(service, *parts) == audit(service, *parts)


@pytest.mark.parametrize(
    ("requests", "field"),
    [
        ([], "header"),
        ([{"submission": {"name": "甲"}}], "header"),
        ([{"header": {"call": CALL}}, {"header": {"call": CALL}}], "header"),
        ([{"header": {"call": "nowhere"}}], "header.call"),
        ([{}], "part"),
        ([{"header": {"call": CALL}}], "submission"),
        ([{"header": {"call": CALL}}, {"submission": {}}], "name"),
        (
            [{"header": {"call": CALL}}, {"submission": {"name": "甲"}}, {"submission": {"name": "甲"}}],
            "submission.name",
        ),
        (
            [{"header": {"call": CALL}}, {"submission": {"name": "甲", "documents": [{"kind": "other"}] * 257}}],
            "submission.documents",
        ),
        (
            [{"header": {"call": CALL}}, {"submission": {"name": "甲", "documents": [{"kind": "form"}]}}],
            "submission.documents[0].kind",
        ),
        (
            [{"header": {"call": CALL}}, {"submission": {"name": "甲", "receive_time": {"seconds": 10**17}}}],
            "receive_time",
        ),
    ],
)
def test_an_audit_that_breaks_the_contract_is_refused_with_the_field(
    service: Service, requests: list[dict[str, Any]], field: str
) -> None:
    messages = [validation_service_pb2.AuditCallRequest(**request) for request in requests]
    error = refused(
        grpc.StatusCode.INVALID_ARGUMENT, lambda: list(service.validation.AuditCall(iter(messages), timeout=10))
    )
    assert details(error, error_details_pb2.BadRequest).field_violations[0].field == field
    assert languages(error) == {"zh-CN", "en"}


@pytest.mark.parametrize(
    ("parts", "setting"),
    [
        ([{"name": str(number)} for number in range(6)], "HEYAN_MAX_AUDIT_SUBMISSIONS"),
        (
            [
                {"name": str(number), "documents": [{"kind": "other", "document": {"text": "x" * 400_000}}]}
                for number in range(2)
            ],
            "HEYAN_MAX_AUDIT_BYTES",
        ),
    ],
)
def test_an_audit_over_a_limit_is_refused_with_the_setting(
    service: Service, parts: list[dict[str, Any]], setting: str
) -> None:
    error = refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: audit(service, *parts))
    assert details(error, error_details_pb2.QuotaFailure).violations[0].subject == setting


def uploaded(service: Service, data: bytes, name: str = "a.pdf") -> str:
    pb = intake_service_pb2
    header = pb.UploadHeader(file_name=name, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
    requests = [pb.UploadAttachmentRequest(header=header), pb.UploadAttachmentRequest(chunk=data)]
    stub = intake_service_pb2_grpc.IntakeServiceStub(service.channel)
    return str(stub.UploadAttachment(iter(requests), timeout=20).attachment)


def rendered(service: Service, attachment: str, page: int, **wish: Any) -> Any:
    request = extraction_service_pb2.RenderPageRequest(attachment=attachment, page=page, **wish)
    return service.extraction.RenderPage(request, timeout=60)


def pixels(answer: Any) -> Any:
    return cv2.imdecode(np.frombuffer(answer.png, np.uint8), cv2.IMREAD_COLOR)


def test_a_page_of_an_attachment_is_shown_in_the_wished_size(service: Service) -> None:
    attachment = uploaded(service, pdf("关于结对的函"))
    plain = rendered(service, attachment, 1)
    assert pixels(plain).shape == (1600, 1131, 3)
    assert (plain.page.number, round(plain.page.width_mm), plain.page.preview) == (1, 210, b"")
    assert pixels(rendered(service, attachment, 1, dpi=50)).shape == (585, 413, 3)
    assert np.any(pixels(rendered(service, attachment, 1, lines=True)) != pixels(plain))


def test_a_page_or_an_attachment_that_is_not_there_is_not_found(service: Service) -> None:
    attachment = uploaded(service, pdf("关于结对的函"))
    refused(grpc.StatusCode.NOT_FOUND, lambda: rendered(service, attachment, 2))
    refused(grpc.StatusCode.NOT_FOUND, lambda: rendered(service, "attachments/" + "0" * 64, 1))
    refused(grpc.StatusCode.NOT_FOUND, lambda: rendered(service, uploaded(service, FORM, "a.docx"), 1))


def test_a_file_that_cannot_be_read_has_no_pages_to_show_and_says_why(service: Service) -> None:
    answer = rendered(service, uploaded(service, b"%PDF-1.7 and no more"), 1)
    assert (answer.unreadable.code, answer.png) == ("damaged", b"")


def test_a_deadline_ends_the_call_and_the_service_goes_on(service: Service) -> None:
    refused(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: service.check(("a.docx", FORM), timeout=0.0001))
    assert service.check(("a.docx", FORM)).report.documents[0].document.format == "docx"


# ------------------------------------------------------------------------------------------ its life and end


def test_sigterm_finishes_what_is_under_way(tmp_path: Path) -> None:
    process = launch(tmp_path, HEYAN_WORKERS="1")
    with grpc.insecure_channel(f"unix:{tmp_path}/s") as channel:
        wait_until_serving(channel)
        service = Service(process, channel)
        holding, sent = threading.Event(), threading.Event()

        def slowly() -> Iterator[Any]:
            yield from check_requests(("a.docx", FORM))
            sent.set()
            assert holding.wait(20)

        future = service.validation.Check.future(slowly(), timeout=30)
        assert sent.wait(10)
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert process.poll() is None, "it waits for the call under way"
        holding.set()
        assert future.result().report.documents[0].document.format == "docx"
    assert process.wait(20) == 0
    process.communicate()


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    process = launch(tmp_path, HEYAN_WORKERS="1")
    with grpc.insecure_channel(f"unix:{tmp_path}/s") as channel:
        wait_until_serving(channel)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(20) == 0


def test_a_wrong_setting_is_told_by_name_and_ends_it(tmp_path: Path) -> None:
    process = launch(tmp_path, HEYAN_WORKERS="many")
    assert process.wait(20) == 2
    process.communicate()
    assert "HEYAN_WORKERS" in (tmp_path / "log").read_text()


def test_a_taken_address_is_told_and_ends_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [
                sys.executable,
                "-m",
                "services.server",
                "--listen",
                f"127.0.0.1:{port}",
                "--data",
                str(tmp_path / "data"),
            ],
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert answer.returncode == 4
    assert str(port).encode() in answer.stderr
    assert b"Traceback" not in answer.stderr


def test_a_second_server_over_the_same_folder_is_refused_and_the_next_after_a_kill_is_not(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first = launch(tmp_path, HEYAN_WORKERS="1")
    with grpc.insecure_channel(f"unix:{tmp_path}/s") as channel:
        wait_until_serving(channel)
    second = subprocess.run(
        [sys.executable, "-m", "services.server", "--listen", f"unix:{tmp_path}/other/s", "--data", f"{tmp_path}/data"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 4
    assert f"pid {first.pid}".encode() in second.stderr
    assert b"Traceback" not in second.stderr
    first.kill()
    first.communicate()
    third = launch(tmp_path, HEYAN_WORKERS="1")
    with grpc.insecure_channel(f"unix:{tmp_path}/s") as channel:
        wait_until_serving(channel)
    third.send_signal(signal.SIGTERM)
    assert third.wait(20) == 0
    third.communicate()


def test_a_data_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    process = launch(tmp_path)
    assert process.wait(20) == 4
    process.communicate()
    assert "HEYAN_DATA" in (tmp_path / "log").read_text()


def test_a_call_with_a_mistake_answers_so_and_the_others_go_on(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    good = Path(__file__).parents[2] / "services" / "calls" / "zhihui-2021"
    shutil.copytree(good, calls / "zhihui-2021")
    text = (good / "call.yaml").read_text("utf-8")
    for name, broken in (("spelt", text.replace("rules:", "rulez:")), ("check", text.replace("at_most", "at_moost"))):
        shutil.copytree(good, calls / name)
        (calls / name / "call.yaml").write_text(broken.replace("id: zhihui-2021", f"id: {name}"), "utf-8")
    process = launch(tmp_path, HEYAN_WORKERS="1", HEYAN_CALLS=str(calls))
    with grpc.insecure_channel(f"unix:{tmp_path}/s") as channel:
        wait_until_serving(channel)
        service = Service(process, channel)
        pb = validation_service_pb2
        for name, path in (("spelt", "rulez"), ("check", r"(?:rules|across)\[\d+\]\.check")):
            call = f"calls/{name}"
            for action in (
                lambda call=call: service.check(("a", FORM), call=call),
                lambda call=call: service.validation.GetCall(pb.GetCallRequest(name=call), timeout=5),
                lambda call=call: service.validation.Validate(
                    pb.ValidateRequest(call=call, documents=[document_pb2.Reading()]), timeout=5
                ),
            ):
                error = refused(grpc.StatusCode.FAILED_PRECONDITION, action)
                assert languages(error) == {"zh-CN", "en"}
                violations = details(error, error_details_pb2.PreconditionFailure).violations
                assert {violation.subject for violation in violations} == {call}
                assert all(re.match(rf"\d+:\d+: {path}: .*did you mean", each.description) for each in violations)
        listed = service.validation.ListCalls(validation_service_pb2.ListCallsRequest(), timeout=5).calls
        assert [each.name for each in listed] == [CALL]
        assert service.check(("a.docx", FORM)).report.findings
    process.communicate()


def test_a_call_with_a_hundred_mistakes_is_answered_within_a_header(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    shutil.copytree(CALLS / "example-minimal", calls / "example-minimal")
    (calls / "wrong").mkdir()
    keys = "".join(f"键{number}{'长' * 200}: 1\n" for number in range(100))
    (calls / "wrong" / "call.yaml").write_text(keys, "utf-8")
    process = launch(tmp_path, HEYAN_WORKERS="1", HEYAN_CALLS=str(calls))
    with grpc.insecure_channel(f"unix:{tmp_path}/s") as channel:
        wait_until_serving(channel)
        stub = validation_service_pb2_grpc.ValidationServiceStub(channel)
        request = validation_service_pb2.GetCallRequest(name="calls/wrong")
        error = refused(grpc.StatusCode.FAILED_PRECONDITION, lambda: stub.GetCall(request, timeout=5))
        assert len(details(error, error_details_pb2.PreconditionFailure).violations) == 10
        assert languages(error) == {"zh-CN", "en"}
        assert stub.ListCalls(validation_service_pb2.ListCallsRequest(), timeout=5).calls
    process.communicate()


# ----------------------------------------------------------------------------------------- making a call


def test_a_call_is_linted_without_being_loaded(service: Service) -> None:
    pb = validation_service_pb2
    text = (CALLS / "example-minimal" / "call.yaml").read_text("utf-8")
    notice = (CALLS / "example-minimal" / "notice.txt").read_text("utf-8")

    def linted(**request: str) -> list[Any]:
        return list(service.validation.LintCall(pb.LintCallRequest(**request), timeout=30).problems)

    assert linted(yaml=text, notice=notice, folder="example-minimal") == []
    (problem,) = linted(yaml=text, folder="other")
    assert (problem.path, problem.severity) == ("id", report_pb2.SEVERITY_ERROR)
    (problem,) = linted(yaml=text.replace("check: at_most", "check: at_mots"))
    assert (problem.line, problem.column, problem.path) == (
        text[: text.index("check: at_most")].count("\n") + 1,
        5,
        "rules[4].check",
    )
    assert "是否想写 at_most？" in problem.message.zh
    assert "did you mean at_most?" in problem.message.en
    (problem,) = linted(yaml=text, notice=notice.replace("每场不超过2000元", "每场不超过1000元"))
    assert problem.severity == report_pb2.SEVERITY_WARNING
    for hostile in (
        "[" * 100_000,
        "a: !!python/object/apply:os.getcwd []",
        "a: &a [x]\nb: [*a, *a]",
        "a:\n" * 100_000,
        "",
    ):
        (problem,) = linted(yaml=hostile)
        assert problem.severity == report_pb2.SEVERITY_ERROR
    refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: linted(yaml="x" * 600_000))


def test_a_call_is_drafted(service: Service) -> None:
    pb = validation_service_pb2
    notice = (CALLS / "example-minimal" / "notice.txt").read_text("utf-8")
    drafted = service.validation.DraftCall(pb.DraftCallRequest(notice=notice, id="talks"), timeout=30)
    assert "id: talks\n" in drafted.yaml
    lines = drafted.yaml.splitlines()
    assert drafted.todos
    assert all("TODO" in lines[todo.line - 1] and todo.message.zh and todo.message.en for todo in drafted.todos)
    problems = service.validation.LintCall(pb.LintCallRequest(yaml=drafted.yaml, notice=notice), timeout=30).problems
    assert {problem.line for problem in problems} <= {todo.line for todo in drafted.todos}
    for wrong in (pb.DraftCallRequest(), pb.DraftCallRequest(notice="x", id="No Id")):
        refused(grpc.StatusCode.INVALID_ARGUMENT, lambda wrong=wrong: service.validation.DraftCall(wrong, timeout=5))


@pytest.mark.parametrize("made", [lambda folder: None, lambda folder: (folder / "a").mkdir()], ids=["empty", "no call"])
def test_a_folder_without_a_call_is_refused_at_start(tmp_path: Path, made: Any) -> None:
    made(tmp_path)
    for environment, arguments in (({"HEYAN_CALLS": str(tmp_path)}, []), ({}, ["--calls", str(tmp_path)])):
        answer = subprocess.run(
            [sys.executable, "-m", "services.server", "--listen", f"unix:{tmp_path}/s", *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert answer.returncode == 2
        assert answer.stderr == f"HEYAN_CALLS: there is no call in {tmp_path} (no sub-folder with a call.yaml)\n"
