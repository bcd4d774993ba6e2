"""Papers that came as several files, a page each: judged as one, told with the file that has the page."""

from __future__ import annotations

from dataclasses import replace

from extractors.document import Box, Place
from heyan.v1 import validation_service_pb2 as pb
from heyan.v1.document_pb2 import Reading
from services.extraction import wire as reading_wire
from services.outputs.correction import letter as correction
from services.outputs.evidence import render
from services.validation import wire
from services.validation.audit import audit
from services.validation.judge import judge
from services.validation.model import Evidence, File, Finding, Outcome, Report, Verdict
from services.validation.pages import at_home, gathered, number_of, on_paper
from tests.extractors.forms.build import CALL
from tests.extractors.forms.test_apart import (
    CERTIFICATE,
    FIRST,
    LETTER,
    PLAIN,
    REPLY,
    SECOND,
    THIRD,
    Line,
    files,
    leaflet,
)
from tests.services.validation.build import IN_TIME

PHOTOS = (("IMG_3.jpg", THIRD), ("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND))


def sent(*named: tuple[str, tuple[Line, ...]]) -> list[Reading]:
    """The readings of files as they come from the reader."""
    messages = []
    for number, (name, reading) in enumerate(files(*named)):
        assert reading is not None
        message = reading_wire.reading_to_proto(reading)
        message.file_name, message.sha256, message.size_bytes = name, f"{number:064x}", 1
        messages.append(message)
    return messages


def judged(messages: list[Reading]) -> tuple[Report, list[Reading]]:
    report = judge(CALL, wire.files_from_proto(messages), IN_TIME)
    return report, wire.documents_of(report, messages)


def told(report: Report) -> list[tuple[str, str, tuple[Evidence, ...]]]:
    return [(finding.rule, finding.outcome, finding.evidence) for finding in report.findings]


def of_rule(report: Report, rule: str) -> Finding:
    return next(finding for finding in report.findings if finding.rule == rule)


def test_the_pages_are_judged_as_one_paper_and_what_is_found_names_the_file() -> None:
    over = tuple(line.replace("申请经费：180000元", "申请经费：280000元") for line in SECOND)
    report, _ = judged(sent(("IMG_3.jpg", THIRD), ("IMG_1.jpg", FIRST), ("IMG_2.jpg", over)))
    limit = of_rule(report, "amount-over-limit")
    assert limit.outcome is Outcome.VIOLATED
    assert [(each.file, each.place.page) for each in limit.evidence] == [(2, 1)], "IMG_2.jpg, its only page"
    assert of_rule(report, "missing-application-form").evidence == (Evidence(1, text="IMG_1.jpg"),)
    assert of_rule(report, "wrong-document").outcome is Outcome.PASSED
    alone, _ = judged(sent(("IMG_1.jpg", FIRST)))
    assert of_rule(alone, "amount-over-limit").outcome is not Outcome.VIOLATED


def test_the_report_has_the_paper_with_its_first_page_and_the_others_by_themselves() -> None:
    report, documents = judged(sent(*PHOTOS))
    message = wire.report_to_proto(report, documents, label="", version="")
    kinds = [document.kind for document in message.documents]
    assert kinds == ["other", "application_form", "other"]
    whole = message.documents[1]
    assert [(page.number, page.file, page.sheet) for page in whole.document.pages] == [(1, 0, 0), (2, 3, 1), (3, 1, 1)]
    amount = next(field for field in whole.fields if field.id == "requested_amount")
    assert (amount.value, amount.place.page) == ("180000", 2)
    assert (whole.file_name, whole.sha256) == ("IMG_1.jpg", f"{1:064x}")
    assert [len(document.document.pages) for document in message.documents] == [1, 3, 1]


def test_what_a_report_tells_is_judged_alike_when_it_comes_back_even_without_its_text() -> None:
    report, documents = judged(sent(*PHOTOS, ("函.jpg", LETTER), ("证书.jpg", CERTIFICATE)))
    again, returned = judged(documents)
    assert told(again) == told(report)
    assert returned == documents
    for document in documents:
        reading_wire.shorten(document)
    shortened, _ = judged(documents)
    field = of_rule(shortened, "amount-over-limit")
    assert [(each.file, each.place.page) for each in field.evidence] == [(2, 1)]
    assert [file.page_of for file in shortened.submission.files] == [1, None, 1, None, None]


def test_a_page_in_doubt_keeps_the_submission_from_being_acceptable() -> None:
    messages = sent(*PHOTOS, ("IMG_4.jpg", SECOND))
    report, documents = judged(messages)
    assert report.submission.blind
    for rule in ("wrong-document", "unreadable-attachment"):
        found = of_rule(report, rule)
        assert (found.outcome, [each.file for each in found.evidence]) == (Outcome.UNDETERMINED, [3])
    assert report.verdict is not Verdict.ACCEPTABLE
    assert [defect.code for defect in documents[3].document.defects] == ["page_in_doubt"]
    again, returned = judged(documents)
    assert (told(again), returned) == (told(report), documents)


def test_a_page_that_came_twice_byte_for_byte_is_that_page() -> None:
    messages = sent(*PHOTOS, ("IMG_2(1).jpg", SECOND), ("IMG_1(1).jpg", FIRST))
    for copy, of in ((3, 2), (4, 1)):
        messages[copy].sha256 = messages[of].sha256
    report, documents = judged(messages)
    whole, _ = judged(sent(*PHOTOS))
    assert report.verdict is whole.verdict
    assert [file.page_of for file in report.submission.files] == [1, None, 1, 1, 1]
    assert [number_of(index, report.submission.files) for index in range(5)] == [3, 0, 2, 2, 1]
    assert [found[:2] for found in told(report)] == [found[:2] for found in told(whole)]
    again, returned = judged(documents)
    assert (told(again), returned) == (told(report), documents)


def test_a_page_in_doubt_was_read_all_the_same() -> None:
    report, _ = judged(sent(*PHOTOS, ("IMG_4.jpg", SECOND)))
    readable = of_rule(report, "unreadable-attachment")
    assert (readable.outcome, readable.actual) == (Outcome.UNDETERMINED, "页面不齐或归属不明")
    assert "未能读取" not in readable.message.zh
    assert of_rule(report, "large-attachment-link").outcome is Outcome.PASSED


def test_a_missing_page_is_told_once_with_the_file_behind_the_gap() -> None:
    report, _ = judged(sent(("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND), ("IMG_4.jpg", THIRD)))
    gaps = [finding for finding in report.findings if finding.rule == "unreadable-attachment"]
    assert [finding.outcome for finding in gaps] == [Outcome.UNDETERMINED]
    assert [(each.file, each.place.page) for each in gaps[0].evidence] == [(2, 1)]


def test_a_place_for_an_opinion_that_breaks_off_tells_of_a_page_behind_it() -> None:
    def defects(*last: str) -> list[str]:
        _, documents = judged(sent(("IMG_1.jpg", FIRST), ("IMG_2.jpg", (*SECOND, *last))))
        return [defect.code for defect in documents[0].document.defects]

    assert defects("申报单位意见", "情况属实，同意申报。") == ["page_missing"]
    assert defects("申报单位意见", "情况属实，同意申报。", "负责人（签字）：　　（公章）", "2021年8月25日") == []


def test_a_form_whose_last_pages_were_forgotten_is_not_taken_for_one_without_signature() -> None:
    report, _ = judged(sent(("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND)))
    assert of_rule(report, "missing-signature").outcome is Outcome.UNDETERMINED


def test_a_form_that_came_page_by_page_without_the_last_place_of_the_blank_form_asks_for_its_pages() -> None:
    report, _ = judged(sent(*PHOTOS))
    lost = [finding for finding in report.findings if "可能缺页" in finding.message.zh]
    assert [(finding.rule, finding.outcome) for finding in lost] == [("missing-signature", Outcome.UNDETERMINED)]
    assert "承诺书" in lost[0].message.zh
    counted = [(name, (*lines, (0.95, f"{name[4]}/3"))) for name, lines in PHOTOS]
    report, _ = judged(sent(*counted))
    assert not any("可能缺页" in finding.message.zh for finding in report.findings)


def test_the_reply_that_was_photographed_by_itself_is_the_letters() -> None:
    report, _ = judged(sent(("函.jpg", LETTER), ("回函.jpg", REPLY)))
    assert of_rule(report, "wrong-document").outcome is Outcome.PASSED
    assert [file.page_of for file in report.submission.files] == [None, 0]


def test_places_go_to_the_files_and_back() -> None:
    report, _ = judged(sent(*PHOTOS))
    every = report.submission.files
    place = Place(3, Box(0.1, 0.2, 0.3, 0.4))
    home = at_home(Evidence(1, place, "a"), every)
    assert home == Evidence(0, replace(place, page=1), "a")
    assert on_paper(home, every) == Evidence(1, place, "a")
    assert at_home(Evidence(1, Place(1)), every) == Evidence(1, Place(1))
    assert [number_of(index, every) for index in range(3)] == [3, 0, 2]


def test_places_go_to_the_pages_of_files_of_two_and_back() -> None:
    readings = [leaflet(SECOND, THIRD), leaflet(FIRST, PLAIN)]
    messages = [reading_wire.reading_to_proto(reading) for reading in readings]
    for number, message in enumerate(messages):
        message.file_name, message.sha256, message.size_bytes = f"{2 - number}.pdf", f"{number:064x}", 1
    report, _ = judged(messages)
    every = report.submission.files
    assert [file.page_of for file in every] == [1, None]
    for page, home in ((2, (1, 2)), (3, (0, 1)), (4, (0, 2))):
        there = at_home(Evidence(1, Place(page)), every)
        assert (there.file, there.place.page) == home
        assert on_paper(there, every) == Evidence(1, Place(page))


def test_marks_that_name_no_file_mark_none() -> None:
    (message,) = sent(("IMG_1.jpg", FIRST))
    message.document.pages[0].file = 7
    (file,) = wire.files_from_proto([message])
    assert file.page_of is None
    assert at_home(Evidence(0, Place(1)), [file]) == Evidence(0, Place(1))
    message.document.pages[0].file = 1
    (file,) = wire.files_from_proto([message])
    assert file.page_of is None


def test_files_that_are_no_pages_stay_as_they_are() -> None:
    every = wire.files_from_proto(sent(("函.jpg", LETTER), ("证书.jpg", CERTIFICATE)))
    assert gathered(every, CALL.forms) == every
    unread = File("坏.jpg", "0" * 64, 1, None)
    assert gathered((*every, unread), CALL.forms)[-1] == unread


def test_people_see_the_paper_with_the_files_of_its_pages() -> None:
    over = tuple(line.replace("申请经费：180000元", "申请经费：280000元") for line in SECOND)
    messages = sent(("IMG_1.jpg", FIRST), ("IMG_2.jpg", over), ("IMG_3.jpg", THIRD))
    for message in messages:
        message.document.pages[0].preview = b"\xff\xd8\xff\xe0 a picture"
    report, documents = judged(messages)
    back = wire.report_from_proto(wire.report_to_proto(report, documents, label="", version=""))
    for each in (report, back):
        html = render(each, CALL)
        assert "文件 1 的第 2 页" in html
        assert 'href="#file1-page2"' in html
        assert html.count('<figure class="sheet"') == 3
        assert "IMG_2.jpg" in html.split("<figcaption>第 2 页")[1].split("</figcaption>")[0]
        drafted = correction(each, CALL)
        assert drafted is not None
        assert "附件2《IMG_2.jpg》第 1 页" in str(drafted)


def test_rules_across_submissions_see_the_paper_and_name_the_file() -> None:
    entries = []
    for name in ("甲", "乙"):
        _, documents = judged(sent(*PHOTOS))
        entries.append(wire.entry_from_proto(pb.AuditSubmission(name=name, documents=documents), IN_TIME))
    found = [each for each in audit(CALL, entries) if each.exhibits]
    assert found, "the same papers of two submissions"
    for each in found:
        for exhibit in each.exhibits:
            every = entries[exhibit.entry].submission.files
            assert at_home(exhibit.evidence, every) == exhibit.evidence
            assert exhibit.evidence.file != 1 or exhibit.evidence.place.page in (None, 1)
