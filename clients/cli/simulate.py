"""`heyan simulate`: a make-believe call of submissions, with the truth beside them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clients.cli import exits
from clients.cli.text import printable


@click.command("simulate")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--count", default=12, show_default=True, type=click.IntRange(1, 100_000), help="份数 submissions")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(0), help="随机种子；相同种子得到相同文件")
def command(directory: Path, count: int, seed: int) -> int:
    """生成模拟申报材料 make-believe submissions: one folder each, and truth.json beside."""
    try:
        from clients.simulator import simulate
    except ModuleNotFoundError as error:
        click.echo(f"模拟器不可用 the simulator needs {error.name}: pip install 'heyan[simulator]'", err=True)
        return exits.SERVICE_FAILED
    from clients.progress import progress

    try:
        with progress("生成 simulate", count, shown=sys.stderr.isatty()) as done:
            made = simulate(directory, count, seed, done)
    except FileExistsError as error:
        raise click.UsageError(f"{printable(str(error.filename or directory))}: 已存在 exists already") from None
    except OSError as error:
        raise click.UsageError(f"{printable(str(directory))}: {error.strerror}") from None
    click.echo(f"{count} 份申报 submissions: {printable(str(made))}")
    return exits.DONE
