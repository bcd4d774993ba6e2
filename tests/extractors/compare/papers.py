"""Word files and scans for the tests of the comparison, written line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Box, Defect, Document, Field, Line, Page, Place, Reading, Seal, Source, Story, Word
from extractors.forms.spec import FieldSpec, FieldType, FormSpec

T = FieldType
FORM = FormSpec(
    "application_form",
    "项目申报书",
    "application form",
    ("项目申报书",),
    (
        FieldSpec("project_name", T.TEXT, ("项目名称",)),
        FieldSpec("applicant", T.ORGANISATION, ("申报单位",)),
        FieldSpec("leader_name", T.PERSON, ("项目负责人",)),
        FieldSpec("leader_phone", T.PHONE, ("联系电话",)),
        FieldSpec("leader_email", T.EMAIL, ("电子邮箱",)),
        FieldSpec("requested_amount", T.MONEY, ("申请经费",)),
        FieldSpec("filled_on", T.DATE, ("填报日期",)),
        FieldSpec(
            "budget_items",
            T.ROWS,
            columns=(FieldSpec("item", T.TEXT, ("支出科目",)), FieldSpec("amount", T.MONEY, ("金额",))),
        ),
    ),
)

LINES = (
    "项目申报书",
    "项目名称：油茶提质增效科技志愿服务",
    "申报单位（盖章）：湖南省林学会",
    "项目负责人：周明远",
    "联系电话：13873612345",
    "电子邮箱：lifang@hnlx.org.cn",
    "申请经费：198500元",
    "组织专家二十名分三批深入桃源县乡镇开展油茶栽培与病虫害防治服务。",
    "全年开展培训12场，服务林农3200人次，发放技术资料5000册。",
    "建立科技志愿服务队，发挥当地农技人员和乡土专家的带动作用。",
    "专家劳务费 60000",
    "资料印刷费 138500",
    "单位意见：同意申报。",
    "负责人（签字）：（公章）",
    "年　月　日",
)
FIELDS = {
    "project_name": "油茶提质增效科技志愿服务",
    "applicant": "湖南省林学会",
    "leader_name": "周明远",
    "leader_phone": "13873612345",
    "leader_email": "lifang@hnlx.org.cn",
    "requested_amount": "198500元",
}


def changed(old: str, new: str, lines: Sequence[str] = LINES) -> tuple[str, ...]:
    """The lines with other words in one of them."""
    assert any(old in line for line in lines)
    return tuple(line.replace(old, new) for line in lines)


def written(lines: Sequence[str] = LINES, *, header: str = "", kind: str = "application_form") -> Reading:
    """A Word file. Its fields are those of LINES, as far as the lines state them."""
    body = [Line(text, Place(path=f"paragraph {number}")) for number, text in enumerate(lines, 1)]
    if header:
        body.insert(0, Line(header, Place(path="header"), story=Story.HEADER))
    fields = [
        Field(id, value, value, place=line.place)
        for id, value in FIELDS.items()
        if (line := next((each for each in body if value in each.text), None))
    ]
    rows = tuple(
        (Field("item", item, item, place=line.place), Field("amount", amount, amount, place=line.place))
        for line in body
        if "费 " in line.text
        for item, amount in [line.text.split()]
    )
    fields += [Field("budget_items", str(len(rows)), place=Place(), rows=rows)] if rows else []
    return Reading(Document("docx", blocks=tuple(body)), kind, 0.9, tuple(fields))


def line(text: str, top: float, page: int = 1, confidence: float = 0.99, left: float = 0.1) -> Line:
    """A line as OCR reads it: a box a character, each as wide as it is high."""
    words = tuple(
        Word(character, Box(left + 0.02 * at, top, left + 0.02 * (at + 1), top + 0.015), confidence)
        for at, character in enumerate(text)
    )
    box = Box(left, top, left + 0.02 * len(text), top + 0.015)
    return Line(text, Place(page, box), confidence, words, source=Source.OCR, engine="rapidocr")


def scan(
    *pages: Sequence[str | Line],
    seals: tuple[Seal, ...] = (),
    defects: tuple[Defect, ...] = (),
    kind: str = "application_form",
) -> Reading:
    """A scan: pages of lines, one below the other, read with confidence."""
    blocks = [
        line(each, 0.12 + 0.02 * at, number) if isinstance(each, str) else each
        for number, lines in enumerate(pages, 1)
        for at, each in enumerate(lines)
    ]
    sheets = tuple(Page(number, Source.OCR, 210.0, 297.0, 200.0) for number, _ in enumerate(pages, 1))
    return Reading(Document("pdf", sheets, tuple(blocks), seals=seals, defects=defects), kind, 0.9)


def unsure(text: str, misread: str, confidence: float, lines: Sequence[str] = LINES) -> list[str | Line]:
    """The lines of a page of which one word is read otherwise, with little confidence."""
    page: list[str | Line] = []
    for at, each in enumerate(lines):
        if text not in each:
            page.append(each)
            continue
        read = line(each.replace(text, misread), 0.12 + 0.02 * at)
        start = read.text.index(misread)
        words = tuple(
            replace(word, confidence=confidence) if start <= number < start + len(misread) else word
            for number, word in enumerate(read.words)
        )
        page.append(replace(read, words=words))
    return page
