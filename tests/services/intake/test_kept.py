"""GetRoster, GetEvidence and DraftCorrection of kept submissions and of reports, over gRPC."""

from __future__ import annotations

import io
from typing import Any

import grpc
import pytest
from openpyxl import load_workbook

from heyan.v1 import validation_service_pb2 as pb
from heyan.v1.document_pb2 import Page, Reading
from heyan.v1.report_pb2 import Report
from services.intake.kept import _add_pictures
from services.validation.wire import report_from_proto
from tests.services.intake.house import CALL, House

FORM, LETTER = b"application_form", b"pairing_letter"
JPEG = b"\xff\xd8\xff\xe0 a picture"


def rows(xlsx: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(xlsx))["汇总表"].iter_rows(min_row=3, values_only=True))


async def roster(house: House, **fields: Any) -> list[tuple[object, ...]]:
    answer = await house.validation.GetRoster(pb.GetRosterRequest(call=CALL, **fields), timeout=20)
    return rows(answer.xlsx)


async def refused(answer: Any, code: grpc.StatusCode) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await answer
    assert caught.value.code() is code
    return str(caught.value.details())


async def test_the_roster_has_every_submission_of_the_call_but_erased_ones(house: House) -> None:
    done = [await house.done(FORM, LETTER, label=label) for label in ("甲", "乙", "丙")]
    await house.intake.EraseSubmission(_name("EraseSubmissionRequest", done[1].name), timeout=20)
    found = await roster(house)
    assert [row[-2] for row in found] == ["甲", "丙"]
    assert [row[-1] for row in found] == [done[i].name.removeprefix("submissions/") for i in (0, 2)]
    assert [row[0] for row in found] == [1, 2]


async def test_what_waits_is_in_the_roster_and_says_so(idle_house: House) -> None:
    await idle_house.create(FORM, label="甲")
    (row,) = await roster(idle_house)
    assert "排队中" in row
    assert "甲" in row


async def test_a_roster_of_reports_needs_nothing_that_is_kept(idle_house: House) -> None:
    answers = [(await idle_house.check(FORM, LETTER)).report for _ in range(2)]
    for number, report in enumerate(answers):
        report.label = str(number)
    assert [row[-2] for row in await roster(idle_house, reports=answers)] == ["0", "1"]
    foreign = Report(call="calls/example-minimal")
    asked = idle_house.validation.GetRoster(pb.GetRosterRequest(call=CALL, reports=[foreign]), timeout=20)
    assert "Report 1 is not of" in await refused(asked, grpc.StatusCode.INVALID_ARGUMENT)


async def test_the_evidence_page_tells_the_report_as_it_was_answered(house: House) -> None:
    done = await house.done(FORM, LETTER, label="甲")
    answer = await house.validation.GetEvidence(pb.GetEvidenceRequest(submission=done.name), timeout=20)
    for finding in done.report.findings:
        assert finding.message.zh in answer.html
    again = await house.validation.GetEvidence(pb.GetEvidenceRequest(report=done.report), timeout=20)
    assert again.html == answer.html


def test_pictures_come_from_the_kept_reading_of_the_same_pages() -> None:
    answered, kept = Reading(), Reading()
    answered.document.pages.extend([Page(number=1), Page(number=2)])
    kept.document.pages.extend([Page(number=2, preview=JPEG), Page(number=3, preview=JPEG)])
    answered.seals.add().place.page = 1
    answered.seals.add().place.page = 2
    kept.seals.add(picture=JPEG).place.page = 1
    kept.seals.add(picture=JPEG).place.page = 3
    _add_pictures(report := Report(documents=[answered]), [kept])
    answered = report.documents[0]
    assert [page.preview for page in answered.document.pages] == [b"", JPEG]
    assert [seal.picture for seal in answered.seals] == [JPEG, b""], "another seal's crop is never shown"


def test_pictures_of_a_paper_that_came_as_files_come_from_the_files_of_its_pages() -> None:
    whole, part, kept, other = Reading(), Reading(), Reading(), Reading()
    whole.document.pages.extend([Page(number=1), Page(number=2, file=2)])
    whole.seals.add().place.page = 2
    part.document.pages.add(number=1)
    kept.document.pages.add(number=1, preview=JPEG)
    other.document.pages.add(number=1, preview=JPEG + b"2")
    other.seals.add(picture=JPEG + b"3").place.page = 1
    _add_pictures(report := Report(documents=[whole, part]), [kept, other])
    assert [page.preview for page in report.documents[0].document.pages] == [JPEG, JPEG + b"2"]
    assert report.documents[0].seals[0].picture == JPEG + b"3"
    assert report.documents[1].document.pages[0].preview == JPEG + b"2"


async def test_the_letter_is_drafted_of_a_submission_or_a_report(house: House) -> None:
    done = await house.done(FORM, label="甲")
    answer = await house.validation.DraftCorrection(pb.DraftCorrectionRequest(submission=done.name), timeout=20)
    assert "须提交与县级科协“结对”的函" in answer.text
    assert answer.docx.startswith(b"PK")
    again = await house.validation.DraftCorrection(pb.DraftCorrectionRequest(report=done.report), timeout=20)
    assert again.text == answer.text


async def test_refusals(idle_house: House) -> None:
    waiting = await idle_house.create(FORM)
    validation = idle_house.validation
    for method, message in (
        (validation.GetEvidence, pb.GetEvidenceRequest),
        (validation.DraftCorrection, pb.DraftCorrectionRequest),
    ):
        said = await refused(method(message(submission=waiting.name), timeout=20), grpc.StatusCode.FAILED_PRECONDITION)
        assert "has no report" in said
        await refused(method(message(submission="submissions/none"), timeout=20), grpc.StatusCode.NOT_FOUND)
        await refused(method(message(), timeout=20), grpc.StatusCode.INVALID_ARGUMENT)
        both = message(submission=waiting.name, report=Report(call=CALL))
        await refused(method(both, timeout=20), grpc.StatusCode.INVALID_ARGUMENT)
        await refused(method(message(report=Report(call="calls/none")), timeout=20), grpc.StatusCode.NOT_FOUND)
    nothing = validation.DraftCorrection(pb.DraftCorrectionRequest(report=Report(call=CALL)), timeout=20)
    assert "nothing for the applicant" in await refused(nothing, grpc.StatusCode.FAILED_PRECONDITION)
    await idle_house.intake.EraseSubmission(_name("EraseSubmissionRequest", waiting.name), timeout=20)
    gone = validation.GetEvidence(pb.GetEvidenceRequest(submission=waiting.name), timeout=20)
    assert "was erased" in await refused(gone, grpc.StatusCode.FAILED_PRECONDITION)


async def test_a_report_comes_back_from_the_wire_as_it_was_judged(house: House) -> None:
    done = await house.done(FORM, LETTER)
    ours = report_from_proto(done.report)
    assert ours.call == "zhihui-2021"
    assert [finding.rule for finding in ours.findings] == [finding.rule for finding in done.report.findings]
    assert int(done.report.verdict) == {"return": 1, "review": 2, "acceptable": 3}[ours.verdict]


def _name(message: str, name: str) -> Any:
    from heyan.v1 import intake_service_pb2

    return getattr(intake_service_pb2, message)(name=name)
