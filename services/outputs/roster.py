"""The roster (汇总表) of a call: an .xlsx workbook for the clerks who decide and report.

    sheet 汇总表      a submission a row: the fields that the call names, the verdict, what is wrong
    sheet 问题清单    a finding a row, with clause and suggestion
    sheet 统计        how many of what

A cell tells a value that was stated from one that was left blank, was not found or could not be seen. Strangers' words
are texts, never formulas: not when the file is opened, and (quote prefix) not when a cell is edited, either.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from extractors.forms.spec import FieldSpec, FieldType, FormSpec
from services.outputs.visible import plain, plain_lines
from services.outputs.written import written
from services.validation.check import FieldRef
from services.validation.model import Call, Finding, Outcome, Report, Severity, Submission, Verdict
from services.validation.statements import Statement, statements
from services.validation.values import amount_of
from services.validation.wording import moment

_TRUST = 0.6
"""A value of a lower confidence is shown as one to be checked, as on the evidence page."""
_LINE_POINTS = 13
_MOST_POINTS = 400  # of a row; a workbook allows 409
_CHARACTERS = 2000  # of one cell; a workbook allows 32,767
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_FIT = (FieldType.TEXT, FieldType.ORGANISATION, FieldType.PROVINCE, FieldType.COUNTY, FieldType.MONEY,
        FieldType.PERSON, FieldType.PHONE, FieldType.EMAIL)  # fmt: skip
_EACH_FIT = 2  # of one type

_VERDICTS = {
    Verdict.RETURN: ("退回", "stop"),
    Verdict.REVIEW: ("人工复核", "look"),
    Verdict.ACCEPTABLE: ("可受理", "pass"),
}
_LAST = {
    "审核结论": 9,
    "须退回的问题": 40,
    "须复核或未能判断的问题": 40,
    "收到时间": 11,
    "附件": 20,
    "标签": 14,
    "编号": 22,
}
"""The columns behind the call's own, with their widths in characters."""
_TYPES = {
    FieldType.MONEY: 12,
    FieldType.PERSON: 9,
    FieldType.PROVINCE: 9,
    FieldType.COUNTY: 9,
    FieldType.PHONE: 13,
    FieldType.EMAIL: 17,
}

_LOOKS = {
    "head": {
        "bold": True,
        "bg_color": "#DCE6F1",
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "text": {"border": 1, "valign": "top"},
    "quoted": {"border": 1, "valign": "top", "quote_prefix": True},
    "money": {"border": 1, "valign": "top", "num_format": "#,##0.00"},
    "doubt": {"border": 1, "valign": "top", "bg_color": "#FFF2CC", "quote_prefix": True},
    "none": {"border": 1, "valign": "top", "font_color": "#808080"},
    "stop": {"border": 1, "valign": "top", "bg_color": "#F8CBAD", "bold": True},
    "look": {"border": 1, "valign": "top", "bg_color": "#FFE699", "bold": True},
    "pass": {"border": 1, "valign": "top", "bg_color": "#C6E0B4", "bold": True},
}


@dataclass(frozen=True, slots=True)
class Row:
    """A submission. id: what its name ends with, or "". standing: where it is when there is no report (处理中, …)."""

    report: Report | None
    standing: str = ""
    id: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    """value: what is written. look: of _LOOKS."""

    value: str | Decimal
    look: str = "text"


class Roster:
    """Add the rows, then `finish`. A row costs some kilobytes until then."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._columns = columns(call)
        self._file = io.BytesIO()
        # constants only: nothing that is written is ever guessed to be a formula, a number or an address
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self._looks = {
            name: self._book.add_format({"font_name": "宋体", "font_size": 10, "text_wrap": True, **look})
            for name, look in _LOOKS.items()
        }
        self._title = self._book.add_format(
            {"font_name": "黑体", "font_size": 14, "align": "center", "valign": "vcenter", "bold": True}
        )
        heads = ["序号", *(ref.label.zh + ("（元）" if _is_money(ref) else "") for ref in self._columns), *_LAST]
        widths = [6, *(_TYPES.get(ref.spec.type, 18) for ref in self._columns), *_LAST.values()]
        self._widths: dict[str, list[int]] = {}
        self._main = self._sheet("汇总表", f"{call.title.zh}申报情况汇总表（{call.number}）", heads, widths)
        self._problems = self._sheet(
            "问题清单",
            "问题清单",
            ["序号", "申报编号", "标签", "性质", "规则", "问题", "依据", "处理办法"],
            [6, 22, 14, 9, 22, 54, 36, 46],
        )
        self._rows = 0
        self._told = 0
        self._verdicts: Counter[str] = Counter()
        self._violated: Counter[tuple[str, str]] = Counter()  # in how many submissions

    def add(self, row: Row) -> None:
        """The next submission."""
        self._rows += 1
        report = row.report
        cells = [*self._fields(report), *self._judged(row)]
        cells += [
            _Cell(moment(report.submission.received.astimezone(self._call.deadline.tzinfo)))
            if report and report.submission.received
            else _Cell("", "none"),
            _Cell("\n".join(plain(file.name) for file in report.submission.files) if report else ""),
            _Cell(row.label),
            _Cell(row.id),
        ]
        self._write(self._main, self._rows + 1, [_Cell(Decimal(self._rows)), *cells])
        problems = _told(report) if report else []
        self._violated.update({(finding.title.zh, _nature(finding)) for finding in problems})
        for finding in problems:
            self._told += 1
            told = [row.id, row.label, _nature(finding), finding.title.zh, finding.message.zh]
            told += [_clause(finding), finding.suggestion.zh]
            self._write(self._problems, self._told + 1, [_Cell(Decimal(self._told)), *(_Cell(each) for each in told)])

    def finish(self) -> bytes:
        """The workbook. Nothing can be added afterwards."""
        counts = self._sheet("统计", "统计", ["项目", "性质", "份数"], [44, 14, 10])
        lines: list[tuple[str, str, int]] = [("申报合计", "", self._rows)]
        lines += [(verdict, "结论", number) for verdict, number in self._verdicts.most_common()]
        lines += [(rule, nature, number) for (rule, nature), number in self._violated.most_common()]
        for index, (what, nature, number) in enumerate(lines, 2):
            self._write(counts, index, [_Cell(what), _Cell(nature), _Cell(Decimal(number))])
        if self._rows:
            last = len(self._columns) + len(_LAST)
            self._main.autofilter(1, 0, self._rows + 1, last)
        self._book.close()
        return self._file.getvalue()

    def _fields(self, report: Report | None) -> Iterator[_Cell]:
        for ref in self._columns:
            yield _stated(report.submission, ref) if report else _Cell("", "none")

    def _judged(self, row: Row) -> Iterator[_Cell]:
        if row.report is None:
            self._verdicts[row.standing] += 1
            yield from (_Cell(row.standing, "look"), _Cell("", "none"), _Cell("", "none"))
            return
        word, look = _VERDICTS[row.report.verdict]
        self._verdicts[word] += 1
        yield _Cell(word, look)
        errors = [finding for finding in _told(row.report) if _nature(finding) == "须退回"]
        others = [finding for finding in _told(row.report) if _nature(finding) != "须退回"]
        for some in (errors, others):
            yield _Cell("\n".join(f"{n}. {finding.message.zh}" for n, finding in enumerate(some, 1)))

    def _sheet(self, name: str, title: str, heads: list[str], widths: list[int]) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, len(heads) - 1, "", self._title)
        sheet.write_string(0, 0, plain(title, _CHARACTERS), self._title)
        sheet.set_row(0, 28)
        sheet.set_row(1, 2 * _LINE_POINTS + 3)
        self._widths[name] = widths
        for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(1, column, plain(head), self._looks["head"])
        sheet.freeze_panes(2, 2)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.set_footer("&C&P / &N")
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, 1)
        return sheet

    def _write(self, sheet: Worksheet, row: int, cells: list[_Cell]) -> None:
        widths = self._widths[sheet.name]
        lines = max(_height(str(cell.value), width) for cell, width in zip(cells, widths, strict=True))
        sheet.set_row(row, min(lines * _LINE_POINTS + 3, _MOST_POINTS))
        for column, cell in enumerate(cells):
            if isinstance(cell.value, Decimal):
                sheet.write_number(row, column, float(cell.value), self._looks[cell.look])
                continue
            text = plain_lines(cell.value, _CHARACTERS)
            if not text:
                sheet.write_blank(row, column, None, self._looks[cell.look])
                continue
            sheet.write_string(row, column, text, self._look_of(text, cell.look))

    def _look_of(self, text: str, look: str) -> Format:
        return self._looks["quoted" if look == "text" and text.startswith(_FORMULA) else look]


def columns(call: Call) -> tuple[FieldRef, ...]:
    """The fields that the call names; else those of its first form that tell who, where, how much and whom to ask."""
    if call.roster:
        refs = (_ref(call, *name.split(".")) for name in call.roster)
        return tuple(ref for ref in refs if ref is not None)
    if not call.forms:
        return ()
    form, seen = call.forms[0], Counter[FieldType]()
    fit = []
    for field in form.fields:
        seen[field.type] += 1
        if field.type in _FIT and seen[field.type] <= _EACH_FIT:
            fit.append(FieldRef(form, field))
    return tuple(fit)


def _ref(call: Call, kind: str, id: str) -> FieldRef | None:
    form: FormSpec | None = call.form(kind)
    field: FieldSpec | None = next((field for field in form.fields if field.id == id), None) if form else None
    return FieldRef(form, field) if form and field else None


def _height(text: str, width: int) -> int:
    """Lines that a text takes in a column: not every program makes rows as high as their texts by itself."""
    wide = (sum(1 if char.isascii() else 2 for char in line) for line in text.split("\n"))
    return sum(max(1, -(-cells // max(1, width - 1))) for cells in wide)


def _is_money(ref: FieldRef) -> bool:
    return ref.spec.type is FieldType.MONEY


def _stated(submission: Submission, ref: FieldRef) -> _Cell:
    """What the files state about a field."""
    stated = statements(submission, ref, _TRUST)
    values = list(dict.fromkeys(written(each.field, ref.spec) for each in stated.found))
    if len(values) == 1:
        return _amount(stated.found[0], ref) or _Cell(values[0])
    if values:
        return _Cell("；".join(values) + "（各文件不一致）", "doubt")
    if stated.unclear:
        seen = stated.unclear[0].field
        return _Cell(f"{seen.raw or written(seen, ref.spec)}（待核对）", "doubt")
    if stated.blank:
        return _Cell("未填写", "none")
    if submission.blind:
        return _Cell("未能查看", "doubt")
    return _Cell("未找到" if stated.absent else "无此材料", "none")


def _amount(statement: Statement, ref: FieldRef) -> _Cell | None:
    amount = amount_of(statement.field) if _is_money(ref) else None
    return None if amount is None else _Cell(amount, "money")


def _told(report: Report) -> list[Finding]:
    """What a person has to know: the worst first; once what a form and its scan say alike."""
    order = ("须退回", "须复核", "未能判断")
    natures = ((_nature(finding), finding) for finding in report.findings)
    told = {(nature, found.rule, found.message.zh): found for nature, found in natures if nature in order}
    return [told[key] for key in sorted(told, key=lambda key: order.index(key[0]))]


def _nature(finding: Finding) -> str:
    if finding.severity is Severity.INFO or finding.outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE):
        return ""
    if finding.outcome is Outcome.UNDETERMINED:
        return "未能判断"
    return "须退回" if finding.severity is Severity.ERROR else "须复核"


def _clause(finding: Finding) -> str:
    clause = finding.clause
    return f"通知{clause.section}：{clause.quote}" if clause.quote else "审核惯例"
