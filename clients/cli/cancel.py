"""`heyan cancel`: stops the work on a submission."""

from __future__ import annotations

import click

from clients.cli import exits
from clients.cli.connect import keeping, lang_option, server_option


@click.command("cancel")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@server_option
@lang_option
def command(names: tuple[str, ...], server: str | None, lang: str) -> int:
    """取消申报的核验 stop the work on submissions; what is done already stays done."""
    from clients.cli.show import line_of

    with keeping(server, lang) as client:
        for name in names:
            click.echo(line_of(client.intake.cancel(name), lang))
    return exits.DONE
