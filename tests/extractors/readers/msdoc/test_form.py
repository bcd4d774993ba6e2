"""A small form that LibreOffice saved as .doc (files/form.doc): everything at once, by another hand than ours."""

from pathlib import Path

from extractors.document import Line, Page, Place, Source, Story
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc

FORM = (Path(__file__).parent / "files/form.doc").read_bytes()


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def test_a_form_saved_by_another_program_is_read():
    document = msdoc.read(FORM, look, Limits())
    assert document.text.split("\n") == [
        "附件2",
        "科技志愿服务项目申报书",
        "一、基本情况",
        "（一）申报单位",
        "项目名称\t智惠行动·百会百县",
        "负责人\t姓名\t王五\t☑全国学会 ☐省级学会",
        "电话\t010-12345678\t",
        "金额\t20.00万元\t\t",
        "（二）联系人",
        "二、经费预算",
        "申请20万元",
        "正文",
        "（内部）",
    ]
    assert [(c.row, c.column, c.row_span, c.column_span) for c in document.tables[0].cells] == [
        (0, 0, 1, 2), (0, 2, 1, 2), (1, 0, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (1, 3, 1, 1), (2, 1, 1, 1),
        (2, 2, 1, 1), (2, 3, 1, 1), (3, 0, 1, 1), (3, 1, 1, 1), (3, 2, 1, 1), (3, 3, 1, 1),
    ]  # fmt: skip
    header, title, first = document.lines[:3]
    assert (header.story, header.place) == (Story.HEADER, Place(path="section 1 / header / paragraph 1"))
    assert (title.level, first.number, first.level) == (1, "一、", 0)
    assert document.lines[-1] == Line("（内部）", Place(path="paragraph 7"), hidden=True, style=first.style)
    assert [defect.code for defect in document.defects] == ["tracked_changes"]
