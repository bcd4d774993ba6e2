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
@click.option("--doc", is_flag=True, help="约一半申报书存为 .doc（需要 LibreOffice）about half of the forms as .doc")
@click.option("--rule", "rules", multiple=True, metavar="ID", help="只埋设这些规则的缺陷，可重复 only these")
def command(directory: Path, count: int, seed: int, doc: bool, rules: tuple[str, ...]) -> int:
    """生成模拟申报材料 make-believe submissions: one folder each, and truth.json beside.

    申报书为 Word、盖章扫描件或两者兼有；约一半申报各含一处缺陷，12 份以上另有成对的跨申报问题。 The form comes as Word,
    as stamped scan, or both; about half of the submissions have one defect each, and of 12 or more some break a rule
    together. truth.json names each by its rule.
    """
    from clients.progress import progress
    from clients.simulator import simulate
    from clients.simulator.fonts import FontsMissing
    from clients.simulator.soffice import SofficeMissing

    name = printable(str(directory))
    try:
        with progress("生成 simulate", count, shown=sys.stderr.isatty()) as done:
            simulate(directory, count, seed, done, doc=doc, rules=rules)
    except (FontsMissing, SofficeMissing) as error:
        click.echo(str(error), err=True)
        return exits.SERVICE_FAILED
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{name}: {error.strerror}") from None
    click.echo(f"{count} 份申报 submissions: {name}")
    return exits.DONE
