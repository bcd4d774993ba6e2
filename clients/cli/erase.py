"""`heyan erase`: a submission's bytes, readings and fields go; an audit line stays."""

from __future__ import annotations

import click

from clients.cli import exits
from clients.cli.connect import keeping, lang_option, server_option
from clients.cli.text import printable


@click.command("erase")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--yes", is_flag=True, help="不再询问 do not ask")
@server_option
@lang_option
def command(names: tuple[str, ...], yes: bool, server: str | None, lang: str) -> int:
    """彻底删除申报，不可恢复 erase submissions for good; what others share stays with them."""
    if not yes:
        question = {"zh": f"彻底删除 {len(names)} 份申报？无法恢复。", "en": f"Erase {len(names)} for good?"}
        click.confirm(question[lang], abort=True)
    with keeping(server, lang) as client:
        for name in names:
            client.intake.erase(name)
            click.echo(f"{printable(name)}\t{'已删除' if lang == 'zh' else 'erased'}")
    return exits.DONE
