"""`heyan correction`: a letter that asks an applicant for corrections, as a draft. It is never sent."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli import exits
from clients.cli.connect import keeping, lang_option, server_option
from clients.cli.reports import write_file
from clients.cli.text import printable


@click.command("correction")
@click.argument("name", metavar="NAME")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Word 文件（.docx）；不写则在屏幕显示 without it the text is shown",
)
@server_option
@lang_option
def command(name: str, output: Path | None, server: str | None, lang: str) -> int:
    """草拟补正通知 a draft that asks the applicant for corrections. NAME: submissions/…

    只是草稿，核对签发后由工作人员发出 a draft: a person checks, signs and sends it; heyan sends nothing.
    """
    with keeping(server, lang) as client:
        draft = client.draft_correction(name)
    if output is None:
        click.echo("\n".join(printable(line) for line in draft.text.splitlines()))
        return exits.DONE
    write_file(output, draft.docx)
    click.echo({"zh": f"已写入 {printable(str(output))}", "en": f"written: {printable(str(output))}"}[lang])
    return exits.DONE
