"""The findings across submissions on the terminal: what each submission came to, then what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.cli.show_report import TOLD, add_row, console, outcome_of, rest_of, rule_of, table_of
from clients.cli.words import VERDICTS, Names, flat, quoted, shortened, where, word
from heyan.v1.report_pb2 import OUTCOME_UNDETERMINED, OUTCOME_VIOLATED, SEVERITY_INFO, Report
from heyan.v1.validation_service_pb2 import AuditCallResponse

_MOST_EVIDENCE = 8
_MOST_NAMES = 40
_NO_TIME = {
    "zh": "\n 未写明收到时间的，没有判断是否逾期，也没有判断新旧版本：请用 --received 或 --times 写明。",
    "en": "\n Where no time of arrival is given, neither lateness nor older versions were judged: --received, --times.",
}
_IN_MESSAGE = 6  # submissions that the message itself names


def show_audit(
    reports: Sequence[Report],
    findings: Sequence[AuditCallResponse],
    names: Names,
    lang: str,
    *,
    show_all: bool = False,
    to: Console | None = None,
) -> None:
    """Prints an audit. show_all: with the rules that passed or do not apply."""
    out = to or console()
    out.print(_head(reports, names, lang))
    out.print(_submissions(reports, lang))
    if not all(report.HasField("receive_time") for report in reports):
        out.print(Text(_NO_TIME[lang], style="yellow"))
    told = [answer for answer in findings if show_all or answer.finding.outcome in TOLD]
    if told:
        out.print(_findings(told, reports, lang))
    if not show_all and (rest := rest_of([answer.finding for answer in findings], lang)):
        out.print(Text("  " + rest, style="dim"))


def _head(reports: Sequence[Report], names: Names, lang: str) -> Text:
    zh = lang == "zh"
    text = Text("\n").append(
        f" {len(reports)} 份申报 " if zh else f" {len(reports)} submissions ", style="bold reverse"
    )
    counts: Counter[int] = Counter(report.verdict for report in reports)
    for verdict in VERDICTS:
        if counts[verdict]:
            name, style = word(VERDICTS, verdict, lang)
            text.append(f"  {name} {counts[verdict]}", style=style)
    return text.append("\n " + flat(names.title), style="dim").append("\n")


def _submissions(reports: Sequence[Report], lang: str) -> Table:
    zh = lang == "zh"
    table = Table(box=None, padding=(0, 2, 0, 1), pad_edge=True, header_style="dim", expand=False)
    titles = (
        ("", "申报", "结论", "不符 ✗ 与待定 ?") if zh else ("", "submission", "verdict", "violated ✗, undetermined ?")
    )
    for title in titles:
        table.add_column(title, overflow="fold")
    for number, report in enumerate(reports, 1):
        name, style = word(VERDICTS, report.verdict, lang)
        cells = (Text(str(number), style="dim"), Text(shortened(report.label, 60)), Text(name, style=style))
        add_row(table, *cells, _to_do(report, lang))
    return table


def _to_do(report: Report, lang: str) -> Text:
    """The rules that are not met or could not be judged, by their titles, each once, and files that cannot be read."""
    marks = {OUTCOME_VIOLATED: ("✗", "red"), OUTCOME_UNDETERMINED: ("?", "yellow")}
    told = dict.fromkeys(
        (*marks[finding.outcome], flat(getattr(finding.title, lang)) or finding.rule)
        for finding in sorted(report.findings, key=lambda finding: finding.outcome != OUTCOME_VIOLATED)
        if finding.outcome in marks and finding.severity != SEVERITY_INFO
    )
    lines = [Text(f"{mark} ", style=style).append(title, style="default") for mark, style, title in told]
    for reading in report.documents:
        if reading.HasField("unreadable"):
            lines.append(Text(f"{flat(reading.file_name)}: {flat(reading.unreadable.code)}", style="yellow"))
    return Text("\n").join(lines)


def _findings(findings: Sequence[AuditCallResponse], reports: Sequence[Report], lang: str) -> Table:
    zh = lang == "zh"
    table = table_of(
        "结论" if zh else "outcome", "规则与依据" if zh else "rule and clause", "说明" if zh else "what was found"
    )
    outcome, rule, told = table.columns
    outcome.no_wrap, rule.width, told.ratio = True, 28, 1
    files = {report.label: [reading.file_name for reading in report.documents] for report in reports}
    for answer in findings:
        cells = outcome_of(answer.finding, lang), rule_of(answer.finding, lang), _told(answer, files, lang)
        add_row(table, *cells)
    return table


def _told(answer: AuditCallResponse, files: dict[str, list[str]], lang: str) -> Text:
    zh, finding = lang == "zh", answer.finding
    text = Text(flat(getattr(finding.message, lang)))
    if finding.outcome not in TOLD:
        return text
    if len(answer.submissions) > _IN_MESSAGE:
        names = "、".join(flat(name) for name in answer.submissions[:_MOST_NAMES])
        more = len(answer.submissions) - _MOST_NAMES
        if more > 0:
            names += f" 等 {len(answer.submissions)} 份" if zh else f" and {more} more"
        text.append("\n" + ("涉及 " if zh else "in "), style="dim").append(names, style="bold")
    for each in answer.evidence[:_MOST_EVIDENCE]:
        text.append("\n" + ("证据 " if zh else "see "), style="dim").append(flat(each.submission), style="cyan")
        own = files.get(each.submission, [])
        if each.evidence.document < len(own):
            text.append(" " + flat(own[each.evidence.document]), style="cyan")
        if place := where(each.evidence.place, lang):
            text.append(" " + place)
        if each.evidence.text:
            text.append(" " + quoted(each.evidence.text, 60, lang), style="dim")
    if (more := len(answer.evidence) - _MOST_EVIDENCE) > 0:
        text.append(f"\n证据 另有 {more} 处" if zh else f"\nand {more} more places", style="dim")
    if suggestion := flat(getattr(finding.suggestion, lang)):
        text.append("\n" + ("建议 " if zh else "do "), style="dim").append(suggestion, style="green")
    return text
