"""The letter that asks for corrections (补正通知), as a draft: a person checks, completes, signs and sends it.

Only what the applicant can mend is in it: violated rules, and files that could not be opened. What could not be judged
is a reviewer's business, and stays out. Blanks are left for what heyan cannot know: the day, the contact, the seal.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from docx import Document as new_document
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from extractors.document import FieldState
from extractors.forms.spec import FieldType
from services.outputs.visible import plain
from services.validation.model import Call, Evidence, Finding, Outcome, Report, Severity
from services.validation.statements import SURE

_MOST = 60  # points of one part; more are told by their number
_QUOTE = 160
_WORDS = 600
_INDENT = "　　"

DRAFT = "草稿：由 heyan 根据审核结果草拟，须经工作人员核对、补充并签发后方可发出。"


@dataclass(frozen=True, slots=True)
class Point:
    """Something to correct. what: the sentence. rest: clause, place and what to do, a line each."""

    what: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its points; hidden: how many more there are."""

    heading: str
    points: tuple[Point, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Letter:
    """addressee: the applicant, or a blank to fill in. closing: paragraphs. sender: who issued the call."""

    title: str
    addressee: str
    opening: str
    parts: tuple[Part, ...]
    closing: tuple[str, ...]
    sender: str


def letter(report: Report, call: Call, label: str = "") -> Letter | None:
    """The draft; None where there is nothing that an applicant could correct. label: the portal's own number for it."""
    violated = [finding for finding in report.findings if finding.outcome is Outcome.VIOLATED]
    errors = [finding for finding in violated if finding.severity is Severity.ERROR]
    warnings = [finding for finding in violated if finding.severity is Severity.WARNING]
    parts = [
        _part("须改正的问题", _points(errors, report)),
        _part("请核实、说明的问题", _points(warnings, report)),
        _part("未能打开的附件", _unreadable(report, [*errors, *warnings])),
    ]
    told = [part for part in parts if part is not None]
    if not told:
        return None
    number = f"（编号：{plain(label)}）" if label else ""
    return Letter(
        title=f"关于补正{_quoted(call.title.zh)}申报材料的通知",
        addressee=f"{_applicant(report, call) or '（申报单位）'}：",
        opening=f"贵单位按照《{plain(call.number)}》报送的申报材料{number}收悉。经审核，以下内容需要补正：",
        parts=tuple(
            Part(f"{numeral}、{part.heading}", part.points, part.hidden)
            for numeral, part in zip("一二三", told, strict=False)
        ),
        closing=(
            "请于      年    月    日前按上述意见补正，并将完整材料重新报送。逾期未报送的，按通知有关规定办理。",
            "如对上述意见有疑问，请与我们联系。联系人：            ，电话：            。",
        ),
        sender=plain(call.issuer),
    )


def as_text(letter: Letter) -> str:
    """Plain text, a paragraph a line."""
    lines = [f"【{DRAFT}】", "", letter.title, "", letter.addressee, _INDENT + letter.opening]
    for part in letter.parts:
        lines += ["", _INDENT + part.heading]
        for number, point in enumerate(part.points, 1):
            lines.append(f"{_INDENT}{number}. {point.what}")
            lines += [f"{_INDENT}   {line}" for line in point.rest]
        if part.hidden:
            lines.append(_INDENT + _more(part))
    lines += ["", *(_INDENT + paragraph for paragraph in letter.closing), ""]
    lines += [letter.sender, "      年    月    日", ""]
    return "\n".join(lines)


def as_docx(letter: Letter) -> bytes:
    """The same as a Word document, laid out as GB/T 9704 lays out an official letter."""
    document = new_document()
    _page(document)
    header = document.sections[0].header.paragraphs[0]
    _run(header, DRAFT, "楷体", 10.5)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(16)
    _run(title, letter.title, "方正小标宋简体", 22)
    _paragraph(document, letter.addressee, indent=False)
    _paragraph(document, letter.opening)
    for part in letter.parts:
        _paragraph(document, part.heading, font="黑体")
        for number, point in enumerate(part.points, 1):
            _paragraph(document, f"{number}. {point.what}")
            for line in point.rest:
                _paragraph(document, line, font="楷体")
        if part.hidden:
            _paragraph(document, _more(part))
    for paragraph in letter.closing:
        _paragraph(document, paragraph)
    for line in ("", letter.sender, "      年    月    日"):
        signed = _paragraph(document, line, indent=False)
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.right_indent = Pt(32)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


# ------------------------------------------------------------------------------------------------ what is said


def _part(heading: str, points: list[Point]) -> Part | None:
    return Part(heading, tuple(points[:_MOST]), max(0, len(points) - _MOST)) if points else None


def _points(findings: list[Finding], report: Report) -> list[Point]:
    """One for each rule: what it found may be several things, with the same clause and the same advice."""
    rules: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        rules.setdefault((finding.rule, finding.suggestion.zh), []).append(finding)
    return [_point(some, report) for some in rules.values()]


def _point(findings: list[Finding], report: Report) -> Point:
    first = findings[0]
    messages = list(dict.fromkeys(plain(finding.message.zh, _WORDS) for finding in findings))
    shown, hidden = messages[:_MOST], len(messages) - _MOST
    rest = [] if len(messages) == 1 else [f"（{number}）{message}" for number, message in enumerate(shown, 1)]
    if hidden > 0:
        rest.append(f"（另有 {hidden} 处。）")
    rest.append(f"依据：{_clause(first)}")
    evidence = (each for finding in findings for each in finding.evidence if _exists(each, report))
    if places := list(dict.fromkeys(_where(each, report) for each in evidence)):
        rest.append(f"位置：{'；'.join(places[:4])}{'等' if len(places) > 4 else ''}")
    if first.suggestion.zh:
        rest.append(f"办法：{plain(first.suggestion.zh, _WORDS)}")
    title = plain(first.title.zh, _WORDS)
    said = messages[0] if len(messages) == 1 else ""
    # the title is what the rule wants: 印章与单位名称一致。…不一致。 would read as a contradiction
    return Point(f"要求：{title}。问题：{said}" if title else messages[0], tuple(rest))


def _clause(finding: Finding) -> str:
    clause = finding.clause
    if not clause.quote:
        return "审核惯例"
    return f"通知{plain(clause.section)}“{plain(clause.quote, _QUOTE)}”"


def _where(evidence: Evidence, report: Report) -> str:
    where = f"附件{evidence.file + 1}《{plain(report.submission.files[evidence.file].name)}》"
    return where + (f"第 {evidence.place.page} 页" if evidence.place.page else "")


def _exists(evidence: Evidence, report: Report) -> bool:
    return 0 <= evidence.file < len(report.submission.files)


def _unreadable(report: Report, told: list[Finding]) -> list[Point]:
    """Files that could not be opened, but for those that a rule has told already."""
    known = {evidence.file for finding in told for evidence in finding.evidence}
    return [
        Point(
            f"附件{number}《{plain(file.name)}》：{plain(file.unreadable.message.zh, _WORDS)}",
            ("办法：请照此处理，确认文件能够打开后，以 .docx 或 PDF 重新报送。",),
        )
        for number, file in enumerate(report.submission.files, 1)
        if file.unreadable is not None and number - 1 not in known
    ]


def _applicant(report: Report, call: Call) -> str:
    """The first organisation of the call's first form, where a paper states it surely; else ""."""
    form = call.forms[0] if call.forms else None
    id = next((field.id for field in form.fields if field.type is FieldType.ORGANISATION), "") if form else ""
    for file in report.submission.files:
        if form is None or file.reading is None or file.reading.kind != form.kind:
            continue
        for field in file.reading.fields:
            if field.id == id and field.state is FieldState.FOUND and field.confidence >= SURE:
                return plain(field.value)
    return ""


def _quoted(title: str) -> str:
    title = plain(title, 120)
    return title if "“" in title else f"“{title}”"


def _more(part: Part) -> str:
    return f"（另有 {part.hidden} 项，见审核结果。）"


# ------------------------------------------------------------------------------------------------ how it looks


def _page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def _paragraph(document: Document, text: str, *, font: str = "仿宋", indent: bool = True) -> Paragraph:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing, layout.space_after = Pt(28), Pt(0)
    if indent:
        layout.first_line_indent = Pt(32)
    _run(paragraph, text, font, 16)
    return paragraph


def _run(paragraph: Paragraph, text: str, font: str, points: float) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(points)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
