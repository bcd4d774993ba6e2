"""Papers that are bound in one file."""

from __future__ import annotations

from dataclasses import replace

from extractors.document import Box, Document, Page, Place, Seal, SealColour, SealShape, Source
from extractors.extract import find_again, papers_of
from extractors.forms.bound import bound
from tests.extractors.forms.build import CALL, scan

FORM = (
    "“智惠行动·百会百县乡村行”系列科技志愿服务项目申报书",
    "项目名称：茶园绿色防控",
    "申报单位：中国林学会",
    "项目负责人：王伟",
    "联系人：张三",
    "结对县级科协：安吉县科学技术协会",
    "申请经费：18万元",
    "实施周期：2021年9月至2022年7月",
)
LETTER = (
    "关于商请共同开展科技志愿服务活动的函",
    "安吉县科学技术协会：",
    "我会拟与贵会共同开展“茶园绿色防控”科技志愿服务活动，特此函商。",
    "中国林学会",
    "2021年8月26日",
)


def pages(*texts: tuple[str, ...]) -> Document:
    blocks = []
    for number, lines in enumerate(texts, 1):
        for block in scan(*((0.1, 0.06 + 0.04 * index, text) for index, text in enumerate(lines))).blocks:
            blocks.append(replace(block, place=replace(block.place, page=number)))
    seal = Seal(SealShape.ROUND, SealColour.RED, "中国林学会", Place(2, Box(0.1, 0.15, 0.3, 0.28)))
    return Document(
        "pdf", tuple(Page(number + 1, Source.OCR) for number in range(len(texts))), tuple(blocks), seals=(seal,)
    )


def test_a_form_and_its_letter_in_one_file_are_two_papers() -> None:
    document = pages(FORM, LETTER)
    form, letter = papers_of(document, CALL.forms)
    assert (form.kind, letter.kind) == ("application_form", "pairing_letter")
    assert {field.id: field.value for field in letter.fields}["sender"] == "中国林学会"
    assert [len(paper.seals) for paper in (form, letter)] == [0, 1]
    whole = find_again(document, CALL.forms)
    assert (whole.kind, whole.document) == ("application_form", document)
    assert whole.fields == form.fields


def test_the_pages_of_one_paper_are_not_parted() -> None:
    mention = ("附件清单", "1. 关于商请共同开展科技志愿服务活动的函")
    for document in (pages(FORM, FORM), pages(FORM, mention), pages(LETTER, ("回执", "同意结对。")), pages(FORM)):
        assert bound(document, CALL.forms) == (document,)
    listed = pages(FORM, ("附件材料", "关于商请共同开展科技志愿服务活动的函"))
    assert [paper.document for paper in papers_of(listed, CALL.forms)] == [listed], "a title alone is no letter"
