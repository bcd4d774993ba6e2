"""`heyan roster`: the roster of a call as a workbook."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli import exits
from clients.cli.check import known_form
from clients.cli.connect import connected, keeping, lang_option, server_option
from clients.cli.reports import from_option, read_reports, write_file
from clients.cli.text import printable


@click.command("roster")
@click.option("--call", "call", required=True, metavar="ID", help="申报通知，如 zhihui-2021 (heyan call list)")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="xlsx 文件"
)
@from_option
@server_option
@lang_option
def command(call: str, output: Path, source: Path | None, server: str | None, lang: str) -> int:
    """生成汇总表（xlsx） the roster of all kept submissions of a call: fields, verdicts, problems.

    未完成的申报也在其中 those that are not done yet are in it, and say so.
    """
    call = known_form(call)
    reports = read_reports(source) if source else []
    with connected(server, lang, models=False) if reports else keeping(server, lang) as client:
        workbook = client.roster(call, reports)
    write_file(output, workbook)
    click.echo({"zh": f"已写入 {printable(str(output))}", "en": f"written: {printable(str(output))}"}[lang])
    return exits.DONE
