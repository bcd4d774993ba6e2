"""Whether a scanned paper is whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.document import Document, Page, Source
from extractors.extract import find_again, join_pages
from extractors.forms.complete import is_leafwise, unproved, with_gaps
from extractors.pages import bound, renumbered
from tests.extractors.forms.build import CALL, FORM, word
from tests.extractors.forms.test_apart import FIRST, SECOND, THIRD, Line, files, page

PLACES = tuple(slot for slot in FORM.slots if slot.signature)
COMMITMENT = (
    "承诺书",
    "我单位承诺所填内容真实。",
    "法定代表人（签字）：　　（公章）",
    "2021年8月25日",
    "浙江省茶叶学会",
)


def scanned(*feet: str) -> Document:
    """A form in one file, each page with something at its foot."""
    sheets = [page(*FIRST[:6], (0.95, text)) for text in feet]
    return bound("pdf", [renumbered(each, at) if at else each for at, each in enumerate(sheets)])


def lacking(*pages: tuple[str, tuple[Line, ...]], copy: Document | None = None) -> list[str]:
    """The places that may be on a lost page of a form whose pages came so."""
    (paper,) = join_pages(files(*pages), CALL.forms).papers.values()
    copies = [] if copy is None else [find_again(copy, CALL.forms)]
    return [spec.id for spec in unproved(paper, PLACES, FORM, copies)]


@pytest.mark.parametrize(
    ("feet", "told"),
    [
        (("第 1 页 共 3 页", "第 2 页 共 3 页", "第 3 页 共 3 页"), []),
        (("第1页", "正文"), []),
        (("正文", "- 1 -", "- 2 -"), []),
        (("第1页", "第2页", "第4页"), ["按页面上印的页码，第 2 页与第 4 页之间缺页。"]),
        (("1/3", "2/3"), ["按页面上印的页码，第 2 页之后（共 3 页）缺页。"]),
        (("正文", "- 3 -", "- 4 -"), ["按页面上印的页码，第 3 页之前缺页。"]),
        (("第1页 共4页",), ["按页面上印的页码，除第 1 页外（共 4 页）缺页。"]),
    ],
)
def test_printed_numbers_tell_of_pages_that_are_missing_in_one_file_too(feet: tuple[str, ...], told: list[str]) -> None:
    reading = with_gaps(find_again(scanned(*feet), CALL.forms), FORM)
    assert [defect.zh for defect in reading.document.defects] == told
    assert all(defect.blind for defect in reading.document.defects)
    assert with_gaps(reading, FORM) == reading, "it is told once"


def test_a_text_says_nothing_of_pages() -> None:
    document = replace(scanned("1/3"), pages=(Page(1, Source.TEXT),))
    assert with_gaps(find_again(document, CALL.forms), FORM).document.defects == ()


def test_a_paper_that_came_page_by_page_is_whole_where_the_places_of_the_blank_form_are_there() -> None:
    pages = (("1.jpg", FIRST), ("2.jpg", SECOND), ("3.jpg", THIRD))
    assert lacking(*pages) == ["commitment"]
    assert lacking(*pages, ("4.jpg", COMMITMENT)) == []
    assert lacking(*pages[:2]) == ["applicant_opinion", "commitment"]


def test_it_is_whole_where_the_printed_total_is_reached_or_a_copy_in_one_piece_has_no_more_places() -> None:
    pages = (("1.jpg", FIRST), ("2.jpg", SECOND), ("3.jpg", THIRD))
    assert lacking(*((name, (*lines, (0.95, f"{at}/3"))) for at, (name, lines) in enumerate(pages, 1))) == []
    assert lacking(*pages, copy=word(*FIRST, *SECOND, *THIRD)) == []
    assert lacking(*pages, copy=word(*FIRST, *SECOND, *THIRD, *COMMITMENT)) == ["commitment"]


def test_a_paper_in_one_file_need_not_prove_it() -> None:
    reading = find_again(scanned("正文", "正文"), CALL.forms)
    assert not is_leafwise(reading.document)
    assert unproved(reading, PLACES, FORM, []) == ()
    alone = replace(page(*FIRST), format="png")
    assert is_leafwise(alone)
    assert not is_leafwise(replace(alone, format="pdf"))


def test_without_a_blank_form_one_place_is_enough() -> None:
    form = replace(FORM, editions=())
    (paper,) = join_pages(files(("1.jpg", FIRST), ("2.jpg", SECOND), ("3.jpg", THIRD)), CALL.forms).papers.values()
    assert unproved(paper, PLACES, form, []) == ()
    assert unproved(replace(paper, slots=()), PLACES, form, []) == PLACES


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (("申报单位意见", "同意申报。"), ["page_missing"]),
        (("申报单位意见", "同意申报。", "负责人（签字）：　　（公章）"), []),
        (((0.8, "申报单位意见"), (0.84, "同意申报。"), (0.88, "负责人（签字）：　　（公章）")), ["page_missing"]),
        (((0.8, "申报单位意见"), (0.84, "负责人（签字）：　　（公章）"), (0.88, "2021年8月25日")), []),
    ],
)
def test_a_place_that_breaks_off_on_the_last_page_goes_on_overleaf(last: tuple[Line, ...], told: list[str]) -> None:
    (paper,) = join_pages(
        files(("1.jpg", FIRST), ("2.jpg", (*SECOND[:4], SECOND[5], *last))), CALL.forms
    ).papers.values()
    assert [defect.code for defect in paper.document.defects] == told
