"""`heyan call test`: does a call judge its own examples as it should?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from clients.cli import exits
from clients.cli.call_lint import FILE
from clients.cli.connect import ServiceFailed, connected, lang_option, sentence, server_option
from clients.cli.text import printable
from clients.examples import EXAMPLES, Example, ExampleError, Result, load_examples, tried

_SECONDS = 60


@click.command("test")
@click.argument("calls", nargs=-1, metavar="[ID|FOLDER]...")
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON，每个示例一行 one line an example")
@server_option
@lang_option
def command(calls: Sequence[str], as_json: bool, server: str | None, lang: str) -> int:
    """用示例检验通知 judge a call's examples (FOLDER/examples/*.yaml) and show what differs from what they expect.

    不写 ID 则检验本机全部通知 without arguments: every call here that has examples.

    退出码 exit code: 0 全部相符 all as expected, 1 有差异 differences, 2 用法 usage, 4 服务故障 service failed.
    """
    folders = _folders(calls, lang)
    results: list[tuple[Path, Result]] = []
    broken = False
    for parent in dict.fromkeys(folder.parent for folder in folders):
        with connected(server, lang, models=False, calls=parent) as client:
            from clients.sdk import Refused

            for folder in (each for each in folders if each.parent == parent):
                try:
                    results += [(folder, tried(client, folder.name, each)) for each in _examples(folder, lang)]
                except Refused as error:
                    broken = True
                    click.echo(f"{folder.name}: {sentence(error, lang)}", err=True)
                    click.echo(f"heyan call lint {printable(str(folder))}", err=True)
    if as_json:
        for folder, result in results:
            click.echo(
                json.dumps({"call": folder.name, **asdict(result)}, ensure_ascii=False).encode() + b"\n", nl=False
            )
    elif results:
        _show(results, lang)
    return exits.RETURN if broken or any(result.differences for _, result in results) else exits.DONE


def _folders(calls: Sequence[str], lang: str) -> list[Path]:
    """The call folders that are named. Raises UsageError."""
    given = [Path(call) for call in calls if "/" in call or (Path(call) / FILE).is_file()]
    ids = [call for call in calls if Path(call) not in given]
    folders = [path.resolve() for path in given]
    if ids or not calls:
        home = _home(lang)
        folders += [home / id for id in ids]
        folders += [] if calls else sorted(path.parent for path in home.glob(f"*/{EXAMPLES}") if path.is_dir())
    for folder in folders:
        if not (folder / FILE).is_file():
            name = printable(str(folder))
            raise click.UsageError({"zh": f"{name} 中没有 {FILE}", "en": f"there is no {FILE} in {name}"}[lang])
    if not folders:
        raise click.UsageError({"zh": "没有带示例的通知", "en": "no call has examples"}[lang])
    return folders


def _home(lang: str) -> Path:
    """The folder of calls that a server here would use: its own settings say so."""
    run = subprocess.run(
        [sys.executable, "-P", "-m", "services.settings"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
    )
    if run.returncode:
        raise ServiceFailed(
            {"zh": "服务的设置有误：", "en": "The settings are wrong: "}[lang] + printable(run.stderr.strip())
        )
    return Path(json.loads(run.stdout)["calls"]).resolve()


def _examples(folder: Path, lang: str) -> tuple[Example, ...]:
    try:
        found = load_examples(folder / EXAMPLES)
    except ExampleError as error:
        raise click.UsageError(printable(getattr(error, lang))) from None
    if not found:
        name = printable(str(folder / EXAMPLES))
        raise click.UsageError({"zh": f"{name} 中没有示例", "en": f"there are no examples in {name}"}[lang])
    return found


def _show(results: Sequence[tuple[Path, Result]], lang: str) -> None:
    """The differences, an example after the other; those that are as expected are only counted."""
    from rich.text import Text

    from clients.cli.show_report import add_row, console, table_of
    from clients.cli.words import flat

    zh = ("示例", "规则", "应为", "实为", "核验意见")
    table = table_of(*(zh if lang == "zh" else ("example", "rule", "expected", "got", "said")))
    table.columns[0].ratio, table.columns[4].ratio = 2, 3
    for number in (1, 2, 3):
        table.columns[number].no_wrap = True
    for folder, result in results:
        for number, each in enumerate(result.differences):
            name = Text()
            if number == 0:
                name = Text(flat(result.example), style="bold")
                name.append(f"\n{folder.name} {flat(result.title)}", style="not bold dim")
            said = Text(flat(each.said_zh if lang == "zh" else each.said_en), style="dim")
            add_row(table, name, Text(flat(each.rule)), Text(flat(each.expected)), Text(flat(each.got), "red"), said)
    wrong = sum(bool(result.differences) for _, result in results)
    out = console()
    if wrong:
        out.print(table)
    said_zh = f"{len(results)} 个示例，{f'{wrong} 个与预期不符' if wrong else '全部与预期相符'}。"
    said_en = f"{len(results)} examples, {f'{wrong} differ from what is expected' if wrong else 'all as expected'}."
    out.print(Text({"zh": said_zh, "en": said_en}[lang], style="red" if wrong else "green"))
