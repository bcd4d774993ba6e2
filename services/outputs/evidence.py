"""The evidence page: a report as one self-contained HTML page for the clerk who decides.

What is shown, in the order in which it is needed: the verdict; what is wrong; what could not be judged; the rest of
the checklist; then each file with what was read from it, its seals and its pages with the places marked. There is
no script and nothing is loaded; every word of a stranger passes through `visible`.

The page is made in two steps: the dataclasses below hold what is shown where, the template only how.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import isfinite
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from extractors.document import (
    UNREAD,
    Box,
    Document,
    Field,
    FieldState,
    Page,
    Place,
    Presence,
    Reading,
    Seal,
    SealShape,
    Slot,
    Source,
)
from extractors.forms.spec import FieldSpec, FieldType, FormSpec
from services.outputs.visible import plain, visible
from services.outputs.written import written
from services.validation.labels import label_of
from services.validation.model import Call, Evidence, File, Finding, Outcome, Report, Severity, Text, Verdict
from services.validation.pages import number_of, on_paper
from services.validation.wording import moment

PAGES = 12  # pages shown of one file: those with marks first
CROPS = 12  # places of one finding of which a part of the page is shown
LOW = 0.6  # a confidence below this is pointed out
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}

STATES = {
    FieldState.FOUND: "已识别",
    FieldState.BLANK: "空白",
    FieldState.ABSENT: "未找到",
    FieldState.UNCLEAR: "未能识别",
}
SIGNATURES = {Presence.PRESENT: "有", Presence.ABSENT: "无", Presence.UNSURE: "未能确定"}
SHAPES = {
    SealShape.ROUND: "圆形",
    SealShape.OVAL: "椭圆形",
    SealShape.SQUARE: "方形",
    SealShape.RECTANGLE: "长方形",
    SealShape.TRIANGLE: "三角形",
    SealShape.DIAMOND: "菱形",
    SealShape.OTHER: "其他形状",
}
COLOURS = {"red": "红色", "purple": "紫色", "blue": "蓝色", "black": "黑色或灰度"}
SEVERITIES = {
    Severity.ERROR: Text("须退回", "return"),
    Severity.WARNING: Text("须复核", "review"),
    Severity.INFO: Text("提示", "note"),
}


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a page's picture, drawn from the sheet below. view, mark: x, y, width, height in the sheet's units."""

    picture: str
    view: tuple[int, int, int, int]
    mark: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a finding points: a file by its number, where in it, and the words there. anchor: "" for no link.

    crop: None where there is no picture of the place.
    """

    file: str
    name: str
    where: str
    words: str
    anchor: str
    crop: Crop | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A finding as it is shown. badge: what follows from it. tone: stop, look, pass or quiet."""

    finding: Finding
    badge: Text
    tone: str
    pointers: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    """The verdict: word, sentence, tone (stop, look or pass)."""

    word: Text
    sentence: Text
    tone: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that says what the submission is about. value: "" where the form does not state it."""

    label: Text
    value: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A field as it is shown. number: its mark on the page, "" where it has none."""

    number: str
    label: Text
    id: str
    value: str
    raw: str
    state: str
    sure: str
    doubtful: bool
    where: str
    lines: tuple[str, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A box over a page's picture. style: CSS in percent. kind: field, problem or seal."""

    number: str
    tip: str
    style: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's picture with marks. source: a data: address. size: width and height in units, None where unknown.

    file: the name of the file that has the page, where it is another than the paper's first; else "".
    """

    number: int
    source: str
    size: tuple[int, int] | None
    marks: tuple[Mark, ...]
    anchor: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal as it is shown. source: a data: address of its picture, "" where there is none."""

    number: str
    text: str
    others: str
    centre: str
    code: str
    traits: str
    sure: str
    doubtful: bool
    where: str
    source: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Signing:
    """A slot as it is shown. seals: the numbers of its seals, as under the pictures."""

    label: Text
    opinion: str
    signature: str
    date: str
    seals: str
    where: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A file with everything that was read from it."""

    number: str
    anchor: str
    file: File
    kind: str
    traits: str
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    signings: tuple[Signing, ...]
    stamps: tuple[Stamp, ...]
    sheets: tuple[Sheet, ...]
    hidden_pages: int
    remarks: tuple[Text, ...]


def render(report: Report, call: Call) -> str:
    """The page as HTML, to be written as UTF-8. call: the one that the report was made for."""
    items = tuple(_item(finding, report, call) for finding in report.findings)
    violated = Outcome.VIOLATED
    return _template().render(
        call=call,
        deadline=moment(call.deadline),
        received=moment(report.submission.received.astimezone(call.deadline.tzinfo))
        if report.submission.received
        else "",
        banner=_banner(report),
        facts=_facts(report, call),
        stops=[i for i in items if i.finding.outcome is violated and i.finding.severity is Severity.ERROR],
        looks=[i for i in items if i.finding.outcome is violated and i.finding.severity is not Severity.ERROR],
        unknowns=[i for i in items if i.finding.outcome is Outcome.UNDETERMINED],
        passes=[i for i in items if i.finding.outcome is Outcome.PASSED],
        rest=[i for i in items if i.finding.outcome is Outcome.NOT_APPLICABLE],
        folders=[_folder(index, file, report, call) for index, file in enumerate(report.submission.files)],
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    environment.filters["plain"] = plain
    return environment.get_template("evidence.html.jinja")


# ------------------------------------------------------------------------------------------------- verdict, findings

# what a submission is about: names, places and amounts, not the ways to reach people
_TELLING = frozenset(
    (FieldType.TEXT, FieldType.ORGANISATION, FieldType.PERSON, FieldType.COUNTY, FieldType.MONEY, FieldType.CHOICE)
)


def _facts(report: Report, call: Call) -> tuple[Fact, ...]:
    """The first fields, at most six, that rules looked at in the first paper of the call's first form."""
    if not call.forms:
        return ()
    form = call.forms[0]
    number, reading = next(
        ((n, f.reading) for n, f in enumerate(report.submission.files) if f.reading and f.reading.kind == form.kind),
        (-1, None),
    )
    if reading is None:
        return ()
    used = {e.field for finding in report.findings for e in finding.evidence if _at(e, report).file == number}
    stated = {field.id: field for field in reading.fields}
    wanted = [spec for spec in form.fields if spec.id in used and spec.type in _TELLING and spec.id in stated]
    return tuple(_fact(stated[spec.id], spec, form) for spec in wanted[:6])


def _fact(field: Field, spec: FieldSpec, form: FormSpec) -> Fact:
    return Fact(label_of(spec, form), written(field, spec) or field.raw, _doubtful(field))


def _banner(report: Report) -> Banner:
    count = {outcome: sum(f.outcome is outcome for f in report.findings) for outcome in Outcome}
    errors = sum(f.outcome is Outcome.VIOLATED and f.severity is Severity.ERROR for f in report.findings)
    warnings, unknown = count[Outcome.VIOLATED] - errors, count[Outcome.UNDETERMINED]
    zh = [f"{errors} 处不符合规定，须退回修改"] if errors else []
    zh += [f"{warnings} 处须人工复核"] if warnings else []
    zh += [f"{unknown} 项未能判断，须人工查看"] if unknown else []
    zh += ["部分内容未能读取"] if report.submission.blind else []
    en = [f"{errors} to be corrected"] if errors else []
    en += [f"{warnings} to be reviewed"] if warnings else []
    en += [f"{unknown} that could not be judged"] if unknown else []
    if not zh and report.verdict is not Verdict.ACCEPTABLE:
        zh, en = ["没有可依据的检查结果，须人工查看"], ["Nothing was checked: a person must look"]
    sentence = Text(
        "；".join(zh) + "。" if zh else f"{count[Outcome.PASSED]} 项检查全部符合。",
        "; ".join(en) + "." if en else f"All {count[Outcome.PASSED]} checks passed.",
    )
    match report.verdict:
        case Verdict.RETURN:
            return Banner(Text("退回", "Return to the applicant"), sentence, "stop")
        case Verdict.REVIEW:
            return Banner(Text("人工复核", "A person must look"), sentence, "look")
        case Verdict.ACCEPTABLE:
            # a remark without consequence may still be one that nobody could look at: then nothing is green
            return Banner(Text("可受理", "Acceptable"), sentence, "look" if unknown else "pass")


def _item(finding: Finding, report: Report, call: Call) -> Item:
    told = finding.outcome in (Outcome.VIOLATED, Outcome.UNDETERMINED)
    pointers = tuple(
        _pointer(evidence, report, call, cropped=told and count < CROPS)
        for count, evidence in enumerate(each for each in finding.evidence if _exists(each, report))
    )
    match finding.outcome:
        case Outcome.VIOLATED:
            tone = "stop" if finding.severity is Severity.ERROR else "look"
            return Item(finding, SEVERITIES[finding.severity], tone, pointers)
        case Outcome.UNDETERMINED:
            return Item(finding, Text("未能判断", "could not be judged"), "unknown", pointers)
        case Outcome.PASSED:
            return Item(finding, Text("符合", "passed"), "pass", pointers)
        case Outcome.NOT_APPLICABLE:
            return Item(finding, Text("不适用", "not applicable"), "quiet", pointers)


def _exists(evidence: Evidence, report: Report) -> bool:
    return 0 <= evidence.file < len(report.submission.files)


def _pointer(evidence: Evidence, report: Report, call: Call, *, cropped: bool) -> Pointer:
    file = report.submission.files[evidence.file]
    shown = _at(evidence, report)
    reading = report.submission.files[shown.file].reading
    form = call.form(reading.kind) if reading else None
    label = "印章" if evidence.field == "seal" else _label(form, evidence.field).zh if evidence.field else ""
    where = " · ".join(part for part in (_where(evidence.place), label) if part)
    words = "" if evidence.text == file.name else evidence.text
    sheets = _shown(reading.document, _places(shown.file, report)) if reading else []
    page = next((page for page in sheets if page.number == shown.place.page), None)
    anchor = f"file{shown.file + 1}" + (f"-page{page.number}" if page else "")
    crop = _crop(shown.place.box, page, reading.document, anchor) if cropped and page and reading else None
    return Pointer(str(evidence.file + 1), file.name, where, words, anchor, crop)


def _at(evidence: Evidence, report: Report) -> Evidence:
    """Where its place is shown: of a page of another file's paper, with that paper."""
    return on_paper(evidence, report.submission.files) if _exists(evidence, report) else evidence


def _crop(box: Box | None, page: Page, document: Document, anchor: str) -> Crop | None:
    """The place with some paper around it; None where place or size of the picture is not known."""
    size = _size_of(page, document)
    if box is None or size is None or not all(isfinite(edge) for edge in (box.left, box.top, box.right, box.bottom)):
        return None
    left, right = _widened(box.left, box.right, 0.04, 0.4)
    top, bottom = _widened(box.top, box.bottom, 0.02, 0.06)
    return Crop(f"{anchor}-picture", _units(left, top, right, bottom, size), _units(*_edges(box), size))


def _widened(low: float, high: float, margin: float, least: float) -> tuple[float, float]:
    """An interval of the page with a margin around it, at least so long, kept on the page."""
    low, high = sorted((min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)))
    margin = max(margin, (least - (high - low)) / 2)
    return max(0.0, low - margin), min(1.0, high + margin)


def _units(left: float, top: float, right: float, bottom: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = size
    return round(left * width), round(top * height), round((right - left) * width), round((bottom - top) * height)


def _size_of(page: Page, document: Document) -> tuple[int, int] | None:
    """The page's picture in units of a thousandth of its width; None where nothing tells its shape."""
    width, height = page.width_mm or 0.0, page.height_mm or 0.0
    for picture in document.pictures:
        if picture.place.page == page.number and not (width and height):
            width, height = float(picture.width), float(picture.height)
    if not (width > 0 and height > 0 and isfinite(height / width) and height / width < 20):
        return None
    return 1000, max(1, round(1000 * height / width))


def _label(form: FormSpec | None, id: str) -> Text:
    spec = _spec(form, id)
    slot = next((slot for slot in form.slots if slot.id == id), None) if form else None
    return label_of(spec, form) if spec else Text(slot.zh, slot.en) if slot else Text(id, id)


def _spec(form: FormSpec | None, id: str) -> FieldSpec | None:
    fields = form.fields if form else ()
    columns = (column for field in fields for column in field.columns)
    return next((field for field in (*fields, *columns) if field.id == id), None)


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    if place.page is not None:
        return f"第 {place.page} 页"
    return " ".join(_PATH.get(part, part) for part in place.path.split())


_PATH = {
    "table": "表格", "row": "行", "cell": "列", "paragraph": "段落", "line": "行", "picture": "图片", "section": "节",
    "first": "首页", "even": "偶数页", "header": "页眉", "footer": "页脚", "footnote": "脚注", "endnote": "尾注",
    "comment": "批注", "text": "文本", "box": "框", "boxes": "框",
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------------ files


def _folder(index: int, file: File, report: Report, call: Call) -> Folder:
    number, anchor = str(index + 1), f"file{index + 1}"
    if file.reading is None:
        return Folder(number, anchor, file, "未能读取", _size(file), (), (), (), (), (), 0, ())
    if file.page_of is not None:
        kind = f"文件 {file.page_of + 1} 的第 {number_of(index, report.submission.files)} 页"
        return Folder(number, anchor, file, kind, _size(file), (), (), (), (), (), 0, ())
    reading = file.reading
    form = call.form(reading.kind)
    numbers = {id(field): str(count) for count, field in enumerate(_boxed(reading.fields), 1)}
    shown = [field for field in reading.fields if field.state is not FieldState.ABSENT]
    sheets = _sheets(anchor, index, reading, form, numbers, report)
    return Folder(
        number=number,
        anchor=anchor,
        file=file,
        kind=form.zh if form else "其他材料",
        traits=" · ".join(_traits(file, reading)),
        rows=tuple(_row(field, form, numbers.get(id(field), ""), anchor) for field in shown),
        missing=tuple(_label(form, field.id).zh for field in reading.fields if field.state is FieldState.ABSENT),
        signings=tuple(_signing(slot, form) for slot in reading.slots),
        stamps=tuple(_stamp(count, seal, anchor) for count, seal in enumerate(reading.seals, 1)),
        sheets=sheets,
        hidden_pages=sum(bool(_picture(page.preview)) for page in reading.document.pages) - len(sheets),
        remarks=tuple(Text(defect.zh, defect.en) for defect in reading.document.defects),
    )


def _traits(file: File, reading: Reading) -> Iterator[str]:
    yield reading.document.format
    if reading.document.pages:
        scans = sum(page.source is Source.OCR for page in reading.document.pages)
        yield f"{len(reading.document.pages)} 页" + (f"（{scans} 页由图像识别）" if scans else "")
    yield _size(file)
    if reading.kind != "other":
        yield f"类别把握 {_percent(reading.kind_confidence)}"


def _size(file: File) -> str:
    return f"{file.size / 1024:,.0f} KB" if file.size >= 1024 else f"{file.size} B"


def _row(field: Field, form: FormSpec | None, number: str, anchor: str) -> Row:
    spec = _spec(form, field.id)
    value = written(field, spec)
    return Row(
        number=number,
        label=_label(form, field.id),
        id=field.id,
        value=value,
        raw="" if field.raw == field.value else field.raw,
        state=STATES[field.state],
        sure=_sure(field),
        doubtful=_doubtful(field),
        where=_where(field.place),
        lines=tuple(_line(row, spec) for row in field.rows[:60]),
        anchor=f"{anchor}-page{field.place.page}" if number and field.place else "",
    )


def _line(row: tuple[Field, ...], spec: FieldSpec | None) -> str:
    columns = {column.id: column for column in spec.columns} if spec else {}
    return " · ".join(written(cell, columns.get(cell.id)) or cell.raw or "—" for cell in row)


def _sure(field: Field) -> str:
    if field.state is not FieldState.FOUND:
        return ""
    if field.engine == "text":
        return "文件原文" if field.confidence >= 1 else f"文件原文 {_percent(field.confidence)}"
    return f"图像识别 {_percent(field.confidence)}"


def _doubtful(field: Field) -> bool:
    return field.state is FieldState.UNCLEAR or (field.state is FieldState.FOUND and field.confidence < LOW)


def _percent(share: float) -> str:
    """Rounded down: nothing is quite certain before it is."""
    return f"{int(share * 100)}%" if isfinite(share) else "—"


def _signing(slot: Slot, form: FormSpec | None) -> Signing:
    return Signing(
        label=_label(form, slot.id),
        opinion=slot.opinion,
        signature=SIGNATURES[slot.signature] if slot.signature_place is not None else "—",
        date=slot.date or ("未能辨认" if UNREAD in slot.date_raw else "空白" if slot.date_raw else "—"),
        seals="、".join(f"印{index + 1}" for index in slot.seals) or "—",
        where=_where(slot.place),
    )


def _stamp(count: int, seal: Seal, anchor: str) -> Stamp:
    traits = [COLOURS[seal.colour.value] + SHAPES[seal.shape]]
    traits += [f"直径约 {seal.diameter_mm:.0f} mm"] if seal.diameter_mm else []
    traits += [f"骑缝章 {seal.across} 的一部分"] if seal.across else []
    return Stamp(
        number=f"印{count}",
        text=seal.text,
        others="、".join(seal.alternatives),
        centre=seal.centre_text,
        code=seal.code,
        traits=" · ".join(traits),
        sure=f"可辨 {_percent(seal.legibility)} · 把握 {_percent(seal.confidence)}",
        doubtful=not seal.text or seal.confidence < LOW,
        where=_where(seal.place),
        source=_picture(seal.picture),
        anchor=f"{anchor}-page{seal.place.page}" if seal.place.page else "",
    )


# ------------------------------------------------------------------------------------------------------------ pages


def _boxed(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields that can be marked on a page."""
    for field in fields:
        if field.place is not None and field.place.page is not None and field.place.box is not None:
            yield field


def _places(index: int, report: Report) -> frozenset[int]:
    """Pages of a file with something to mark."""
    reading = report.submission.files[index].reading
    if reading is None:
        return frozenset()
    fields = (field.place.page for field in _boxed(reading.fields) if field.place and field.place.page)
    seals = (seal.place.page for seal in reading.seals if seal.place.page)
    told = (evidence.place.page for evidence in _told(index, report) if evidence.place.page)
    return frozenset((*fields, *seals, *told))


def _shown(document: Document, marked: frozenset[int]) -> list[Page]:
    """Pages with a picture: as many as fit, those with marks before others, in their order."""
    there = [page for page in document.pages if _picture(page.preview)]
    wanted = sorted(there, key=lambda page: (page.number not in marked, page.number))[:PAGES]
    return sorted(wanted, key=lambda page: page.number)


def _told(index: int, report: Report) -> Iterator[Evidence]:
    """Where in the file something is that is wrong or could not be judged."""
    for finding in report.findings:
        if finding.outcome in (Outcome.VIOLATED, Outcome.UNDETERMINED):
            yield from (at for evidence in finding.evidence if (at := _at(evidence, report)).file == index)


def _sheets(
    anchor: str, index: int, reading: Reading, form: FormSpec | None, numbers: dict[int, str], report: Report
) -> tuple[Sheet, ...]:
    told = tuple(_told(index, report))
    problems = frozenset(evidence.place if evidence.field == "seal" else evidence.field for evidence in told)
    marks: dict[int, list[Mark]] = {}
    for field in _boxed(reading.fields):
        tip = f"{_label(form, field.id).zh}：{field.value or field.raw or STATES[field.state]}"
        kind = "problem" if field.id in problems else "field"
        _mark(marks, field.place, Mark(numbers[id(field)], tip, "", kind))
    for count, seal in enumerate(reading.seals, 1):
        kind = "seal problem" if seal.place in problems else "seal"
        _mark(marks, seal.place, Mark(f"印{count}", f"印章：{seal.text or '未能识读'}", "", kind))
    marked = {field.place for field in _boxed(reading.fields)} | {seal.place for seal in reading.seals}
    for evidence in dict.fromkeys(told):
        if evidence.place not in marked:  # words between the fields
            tip = f"{_label(form, evidence.field).zh if evidence.field else '有问题的文字'}：{evidence.text}"
            _mark(marks, evidence.place, Mark("", tip, "", "problem"))
    return tuple(
        Sheet(
            page.number,
            _picture(page.preview),
            _size_of(page, reading.document),
            tuple(marks.get(page.number, ())),
            f"{anchor}-page{page.number}",
            report.submission.files[page.file - 1].name if 0 < page.file <= len(report.submission.files) else "",
        )
        for page in _shown(reading.document, _places(index, report))
    )


def _mark(marks: dict[int, list[Mark]], place: Place | None, mark: Mark) -> None:
    if place is None or place.page is None or place.box is None:
        return
    style = _style(place.box)
    marks.setdefault(place.page, []).append(Mark(mark.number, plain(mark.tip), style, mark.kind))


def _edges(box: Box) -> tuple[float, float, float, float]:
    """Left, top, right and bottom, kept on the page."""
    left, top, right, bottom = (
        min(max(edge, 0.0), 1.0) if isfinite(edge) else 0.0 for edge in (box.left, box.top, box.right, box.bottom)
    )
    return left, top, max(left, right), max(top, bottom)


def _style(box: Box) -> str:
    """CSS of a box, kept on the page."""
    left, top, right, bottom = (100 * edge for edge in _edges(box))
    return f"left:{left:.2f}%;top:{top:.2f}%;width:{max(right - left, 0):.2f}%;height:{max(bottom - top, 0):.2f}%"


def _picture(data: bytes) -> str:
    """A data: address; "" for what is neither JPEG nor PNG."""
    media = next((media for magic, media in _PICTURES.items() if data.startswith(magic)), "")
    return f"data:{media};base64,{b64encode(data).decode('ascii')}" if media else ""
