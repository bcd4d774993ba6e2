"""`heyan call`: the calls for applications that the server knows, and making one."""

from __future__ import annotations

from datetime import UTC

import click

from clients.cli import call_draft, call_lint, call_test
from clients.cli.check import known_form, unknown_call
from clients.cli.connect import connected, lang_option, server_option
from clients.cli.received import SHANGHAI

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.table import Table

    from heyan.v1.call_pb2 import Call


@click.group("call")
def command() -> None:
    """申报通知 the calls for applications that the server knows, and making one."""


command.add_command(call_draft.command)
command.add_command(call_lint.command)
command.add_command(call_test.command)


@command.command("list")
@server_option
@lang_option
def list_(server: str | None, lang: str) -> None:
    """列出通知 list the calls."""
    with connected(server, lang) as client:
        calls = client.list_calls()
    from rich.text import Text

    from clients.cli.show_report import add_row, console, table_of
    from clients.cli.words import flat

    zh = ("编号", "通知", "文号", "截止（北京时间）")
    table = table_of(*(zh if lang == "zh" else ("id", "call", "number", "deadline +08:00")))
    for known in calls:
        add_row(
            table,
            Text(flat(known.name.removeprefix("calls/")), style="bold"),
            Text(flat(getattr(known.title, lang))),
            Text(flat(known.number)),
            Text(_deadline(known)),
        )
    console().print(table)


@command.command("show")
@click.argument("call", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
@server_option
@lang_option
def show(call: str, as_json: bool, server: str | None, lang: str) -> None:
    """显示通知的材料、栏目和规则 show the papers, fields and rules of a call."""
    call = known_form(call)
    with connected(server, lang) as client:
        from clients.sdk import NotFound

        try:
            known = client.get_call(call)
        except NotFound:
            raise unknown_call(client, call) from None
    if as_json:
        from clients.cli.check import print_json

        print_json(known, one_line=False)
        return
    from rich.text import Text

    from clients.cli.show_report import console
    from clients.cli.words import flat

    out = console()
    out.print(Text(flat(getattr(known.title, lang)), style="bold"))
    out.print(Text(f"{flat(known.number)}  {flat(known.issuer)}  {known.issue_date}", style="dim"))
    out.print(Text(f"{'截止' if lang == 'zh' else 'deadline'} {_deadline(known)}", style="dim"))
    out.print(_papers(known, lang), _rules(known, lang))


def _deadline(call: Call) -> str:
    if not call.HasField("deadline"):
        return "–"
    return f"{call.deadline.ToDatetime(UTC).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _papers(call: Call, lang: str) -> Table:
    from rich.text import Text

    from clients.cli.show_report import add_row, table_of
    from clients.cli.words import flat

    table = table_of(*(("材料", "栏目") if lang == "zh" else ("paper", "fields")))
    table.columns[0].width, table.columns[1].ratio = 24, 1
    for form in call.forms:
        title = Text(flat(getattr(form.title, lang)), style="bold").append(f"\n{form.kind}", style="not bold dim")
        fields = Text("、" if lang == "zh" else ", ").join(
            Text(flat(getattr(field.title, lang) or (field.labels[0] if lang == "zh" and field.labels else field.id)))
            for field in form.fields
        )
        add_row(table, title, fields)
    return table


def _rules(call: Call, lang: str) -> Table:
    from rich.text import Text

    from clients.cli.show_report import add_row, section_of, table_of
    from clients.cli.words import SEVERITIES, flat, shortened, word

    table = table_of(*(("规则", "后果", "依据") if lang == "zh" else ("rule", "leads to", "clause")))
    rule_column, severity, clause_column = table.columns
    rule_column.ratio, severity.no_wrap, clause_column.width = 1, True, 40
    table.show_lines = False
    for rule in call.rules:
        name = Text(flat(getattr(rule.title, lang))).append(f"\n{rule.id}", style="dim")
        clause = Text(section_of(rule.clause.section, lang)).append(f" {shortened(rule.clause.quote, 60)}", style="dim")
        add_row(table, name, Text(*word(SEVERITIES, rule.severity, lang)), clause)
    return table
