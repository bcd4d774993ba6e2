"""`heyan evidence`: the evidence page of a kept submission."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli import exits
from clients.cli.connect import keeping, lang_option, server_option
from clients.cli.reports import write_file
from clients.cli.text import printable


@click.command("evidence")
@click.argument("name", metavar="NAME")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="HTML 文件"
)
@server_option
@lang_option
def command(name: str, output: Path, server: str | None, lang: str) -> int:
    """生成一份申报的证据页（HTML） the evidence page of a kept submission, for a reviewer. NAME: submissions/…"""
    with keeping(server, lang) as client:
        page = client.evidence(name)
    write_file(output, page.encode())
    click.echo({"zh": f"已写入 {printable(str(output))}", "en": f"written: {printable(str(output))}"}[lang])
    return exits.DONE
