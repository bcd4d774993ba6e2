"""The findings across submissions on the terminal: what each submission came to, then what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.cli.show_report import TOLD, add_row, console, outcome_of, rest_of, rule_of, table_of
from clients.cli.words import VERDICTS, Names, flat, quoted, shortened, where, word
from heyan.v1.report_pb2 import Report
from heyan.v1.validation_service_pb2 import AuditCallResponse

_MOST_EVIDENCE = 8
_MOST_NAMES = 40
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
    for title in ("", "申报" if zh else "submission", "结论" if zh else "verdict", "无法读取" if zh else "unreadable"):
        table.add_column(title, overflow="fold")
    for number, report in enumerate(reports, 1):
        name, style = word(VERDICTS, report.verdict, lang)
        unreadable = [reading for reading in report.documents if reading.HasField("unreadable")]
        files = "，".join(f"{flat(reading.file_name)}: {flat(reading.unreadable.code)}" for reading in unreadable)
        cells = (Text(str(number), style="dim"), Text(shortened(report.label, 60)), Text(name, style=style))
        add_row(table, *cells, Text(files, style="yellow"))
    return table


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
