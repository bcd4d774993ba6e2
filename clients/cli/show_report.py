"""A report on the terminal: the verdict, the files, what is not in order and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.cli.flow import Flow
from clients.cli.received import SHANGHAI
from clients.cli.words import OUTCOMES, SEVERITIES, VERDICTS, Names, flat, quoted, shortened, where, word
from heyan.v1.document_pb2 import Reading
from heyan.v1.report_pb2 import (
    OUTCOME_NOT_APPLICABLE,
    OUTCOME_PASSED,
    OUTCOME_UNDETERMINED,
    OUTCOME_VIOLATED,
    SEVERITY_INFO,
    Finding,
    Report,
)

WIDTH = 100
_MOST_EVIDENCE = 4
_TOGETHER = 3  # rules that say the same from which they are told in one line
TOLD = (OUTCOME_VIOLATED, OUTCOME_UNDETERMINED)


def console(*, stderr: bool = False) -> Console:
    """The terminal; where there is none, or a very wide one, 100 columns."""
    made = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not made.is_terminal or made.width > 120:
        made.width = WIDTH
    return made


def show_report(report: Report, names: Names, lang: str, *, show_all: bool = False, to: Console | None = None) -> None:
    """Prints one report. show_all: with the findings that passed or do not apply."""
    out = to or console()
    out.print(_banner(report, names, lang))
    out.print(_files(report, names, lang))
    told = [finding for finding in report.findings if show_all or finding.outcome in TOLD]
    waiting = {} if show_all else _waiting(told, lang)
    told = [finding for finding in told if getattr(finding.message, lang) not in waiting]
    if told:
        out.print(_findings(report, told, lang))
    for message, titles in waiting.items():
        out.print(_together(message, titles, lang))
    if not show_all and (rest := rest_of(report.findings, lang)):
        out.print(Text("  " + rest, style="dim"))


def _banner(report: Report, names: Names, lang: str) -> Text:
    verdict, style = word(VERDICTS, report.verdict, lang)
    text = Text("\n").append(f" {verdict} ", style=f"bold reverse {style}")
    text.append("  " + shortened(report.label, 60), style="bold")
    text.append("\n " + flat(names.title or report.call), style="dim")
    if report.HasField("receive_time"):
        moment = report.receive_time.ToDatetime(UTC).astimezone(SHANGHAI)
        received = f"{moment:%Y-%m-%d %H:%M:%S}"
        text.append(
            "\n " + (f"收到时间 {received}（北京时间）" if lang == "zh" else f"received {received} +08:00"), style="dim"
        )
    return text.append("\n")


def add_row(table: Table, *cells: Text) -> None:
    """A row whose cells flow as Chinese does."""
    table.add_row(*(Flow(cell) for cell in cells))


def table_of(*columns: str, expand: bool = True) -> Table:
    """A table of the house: lines between rows and none between columns.

    Fonts of China draw “ ” and ─ at twice their width; without vertical lines nothing looks torn there.
    """
    table = Table(box=box.HORIZONTALS, border_style="dim", header_style="bold", show_lines=True, expand=expand)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _files(report: Report, names: Names, lang: str) -> Table:
    zh = lang == "zh"
    table = Table(box=None, padding=(0, 2, 0, 1), pad_edge=True, header_style="dim", expand=False)
    for title in ("", "文件" if zh else "file", "材料与印章" if zh else "kind and seals"):
        table.add_column(title, overflow="fold")
    pages = {
        page.file: (number, page.number)
        for number, reading in enumerate(report.documents, 1)
        for page in reversed(reading.document.pages)
        if page.file
    }
    for number, reading in enumerate(report.documents, 1):
        if number in pages:  # its seals are told with the paper
            file, page = pages[number]
            what = Text(f"文件 {file} 的第 {page} 页" if zh else f"page {page} of file {file}", style="dim")
            add_row(table, Text(str(number), style="dim"), Text(flat(reading.file_name)), what)
        else:
            add_row(table, Text(str(number), style="dim"), *_file(reading, names, zh))
    return table


def _file(reading: Reading, names: Names, zh: bool) -> tuple[Text, Text]:
    name = Text(flat(reading.file_name))
    if reading.HasField("unreadable"):
        message = reading.unreadable.message
        why = Text(f"unreadable: {flat(reading.unreadable.code)}", style="bold yellow")
        return name, why.append("\n" + flat(message.zh if zh else message.en), style="not bold")
    what = Text(flat(names.kind(reading.kind)))
    parts: dict[int, list[str]] = {seal.across: [] for seal in reading.seals if seal.across}
    for seal in reading.seals:
        if seal.across:
            parts[seal.across].append(str(seal.place.page))
            continue
        reads = " ".join(flat(text) for text in (seal.text, seal.centre_text) if text)
        what.append("  ◉ " + (reads or ("印章未读出" if zh else "seal not read")), style="red")
    for over in parts.values():
        what.append(
            f"  ◉ 骑缝章（第 {'、'.join(over)} 页）" if zh else f"  ◉ a seal over the rims of pages {', '.join(over)}",
            style="red",
        )
    for defect in reading.document.defects:
        if defect.blind:  # part of it was not seen: the reader of the report must know
            what.append("\n" + flat(defect.message.zh if zh else defect.message.en), style="yellow")
    return name, what


def _findings(report: Report, findings: list[Finding], lang: str) -> Table:
    zh = lang == "zh"
    table = table_of(
        "结论" if zh else "outcome", "规则与依据" if zh else "rule and clause", "说明" if zh else "what was found"
    )
    outcome, rule, told = table.columns
    outcome.no_wrap, rule.width, told.ratio = True, 28, 1
    above: Finding | None = None
    for finding, below in zip(findings, [*findings[1:], None], strict=True):
        named = _as_above(lang) if above is not None and _alike(above, finding) else rule_of(finding, lang)
        once = below is not None and _alike(finding, below) and finding.suggestion == below.suggestion
        add_row(table, outcome_of(finding, lang), named, _told(report, finding, lang, suggest=not once))
        above = finding
    return table


def _waiting(findings: Sequence[Finding], lang: str) -> dict[str, list[str]]:
    """What several rules say word for word, because something could not be seen: the sentence with their titles.

    A letter that cannot be opened leaves a dozen rules undetermined, among which the file itself would be overlooked.
    """
    same: dict[str, list[str]] = {}
    for finding in findings:
        if finding.outcome == OUTCOME_UNDETERMINED and not finding.evidence:
            same.setdefault(getattr(finding.message, lang), []).append(flat(getattr(finding.title, lang)))
    every = ((message, list(dict.fromkeys(titles))) for message, titles in same.items())
    return {message: titles for message, titles in every if len(titles) >= _TOGETHER}


def _together(message: str, titles: Sequence[str], lang: str) -> Flow:
    joined = ("、" if lang == "zh" else "; ").join(titles)
    head = f"另有 {len(titles)} 项待定：" if lang == "zh" else f"{len(titles)} more rules undetermined: "
    text = Text("  " + head, style="bold yellow").append(flat(message), style="not bold default")
    return Flow(text.append("\n  " + joined + "\n", style="not bold dim"))


def _alike(one: Finding, other: Finding) -> bool:
    """Whether they say of one rule the same: the rule is named with the first, what to do with the last."""
    return one.rule == other.rule and one.outcome == other.outcome and one.title == other.title


def _as_above(lang: str) -> Text:
    return Text("同上" if lang == "zh" else "as above", style="dim")


def outcome_of(finding: Finding, lang: str) -> Text:
    """What a rule came to, and what that leads to."""
    name, style = word(OUTCOMES, finding.outcome, lang)
    text = Text(name, style=f"bold {style}")
    severity, severity_style = word(SEVERITIES, finding.severity, lang)
    if finding.outcome == OUTCOME_UNDETERMINED and finding.severity != SEVERITY_INFO:
        severity, severity_style = {"zh": "请核对", "en": "please look"}[lang], "yellow"
    if finding.outcome in TOLD:
        text.append(f"\n  {severity}", style=f"not bold {severity_style}")
    return text


def rule_of(finding: Finding, lang: str) -> Text:
    """The rule's title with what it rests on."""
    text = Text(flat(getattr(finding.title, lang) or finding.rule), style="bold")
    if section := section_of(finding.clause.section, lang):
        text.append("\n" + section, style="not bold dim")
    if finding.clause.quote and finding.outcome in TOLD:
        text.append("\n" + quoted(finding.clause.quote, 48, lang), style="not bold dim")
    return text


def section_of(section: str, lang: str) -> str:
    """A clause's section as people read it; "" for none."""
    if section == "practice":
        return "惯例" if lang == "zh" else "practice"
    if not section:
        return ""
    return f"通知 {flat(section)}" if lang == "zh" else f"notice {flat(section)}"


def _told(report: Report, finding: Finding, lang: str, *, suggest: bool) -> Text:
    zh = lang == "zh"
    text = Text(flat(getattr(finding.message, lang)))
    if finding.outcome not in TOLD:
        return text
    if finding.actual:
        text.append("\n" + ("实际 " if zh else "actual "), style="dim").append(shortened(finding.actual, 80))
    if finding.expected:
        text.append("\n" + ("应为 " if zh else "expected "), style="dim").append(shortened(finding.expected, 80))
    for evidence in finding.evidence[:_MOST_EVIDENCE]:
        text.append("\n" + ("证据 " if zh else "see "), style="dim")
        name = ""
        if evidence.document < len(report.documents):
            name = report.documents[evidence.document].file_name
            text.append(flat(name), style="cyan")
        if place := where(evidence.place, lang):
            text.append(" " + place)
        if evidence.text and evidence.text != name:  # of a whole file, its name is all that there is to show
            text.append(" " + quoted(evidence.text, 40, lang), style="dim")
    if (more := len(finding.evidence) - _MOST_EVIDENCE) > 0:
        text.append(f"\n证据 另有 {more} 处" if zh else f"\nand {more} more places", style="dim")
    if suggest and (suggestion := flat(getattr(finding.suggestion, lang))):
        text.append("\n" + ("建议 " if zh else "do "), style="dim").append(suggestion, style="green")
    return text


def rest_of(findings: Sequence[Finding], lang: str) -> str:
    """How many passed or do not apply; "" for none."""
    passed = sum(finding.outcome == OUTCOME_PASSED for finding in findings)
    other = sum(finding.outcome == OUTCOME_NOT_APPLICABLE for finding in findings)
    if lang == "zh":
        parts = [f"{passed} 项通过"] * bool(passed) + [f"{other} 项不适用"] * bool(other)
        return f"另有 {'、'.join(parts)}（--all 全部列出）。" if parts else ""
    parts = [f"{passed} passed"] * bool(passed) + [f"{other} not applicable"] * bool(other)
    return f"{', '.join(parts)} (--all lists them)." if parts else ""
