"""`heyan doctor`: can heyan work here, and if not, what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from clients.cli import exits
from clients.cli.connect import DEFAULT_ADDRESS
from clients.private_server import accepts

_SECONDS = 60
_LEAST_MEMORY_MB = 2000
_LEAST_FREE_MB = 500


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was looked at. state: "ok", "missing" (heyan cannot work) or "optional" (it works without).

    todo: what to do, empty where nothing is to be done.
    """

    name: str
    state: str
    found: str
    todo: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="核对数据文件夹或备份 whether what is kept in a data folder or backup is whole",
)
def command(as_json: bool, data: Path | None) -> int:
    """检查运行环境 what is installed, which engines, models and fonts, and what to do.

    退出码 exit code: 0 可以运行 heyan can work, 4 不能 it cannot. 用 --data 时 with --data: 0 完好 whole,
    3 有提示 something to look at, 4 有缺失或损坏 something is lost or damaged, or could not be looked at.
    """
    if data is not None:
        from clients.cli.doctor_data import show_kept

        return show_kept(_facts("--data", str(data), seconds=None), as_json=as_json)
    facts = _facts()
    facts["default_server"] = {"address": DEFAULT_ADDRESS, "ready": _default_server_ready()}
    items = examined(facts)
    able = all(item.state != "missing" for item in items)
    if as_json:
        facts["able"] = able
        facts["todo"] = [item.todo for item in items if item.todo]
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2).encode() + b"\n", nl=False)
    else:
        _show(items, able)
    return exits.DONE if able else exits.SERVICE_FAILED


def _facts(*arguments: str, seconds: float | None = _SECONDS) -> dict[str, Any]:
    """What the service's side says about itself. It may fail to start at all, which is a fact, too."""
    try:
        run = subprocess.run(
            [sys.executable, "-P", "-m", "services.doctor", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
        )
        facts = json.loads(run.stdout)
    except (OSError, subprocess.TimeoutExpired) as error:
        return {"broken": str(error)}
    except json.JSONDecodeError:
        return {"broken": "\n".join(run.stderr.strip().splitlines()[-3:]) or f"exit code {run.returncode}"}
    assert isinstance(facts, dict)
    return facts


def _default_server_ready() -> bool:
    if not accepts(DEFAULT_ADDRESS):
        return False
    from clients.sdk import Client

    with Client(DEFAULT_ADDRESS) as client:
        return client.ready()


def examined(facts: dict[str, Any]) -> list[Item]:
    """The facts judged, in the order in which they are shown."""
    server = facts["default_server"]
    running = Item(
        "默认服务 server",
        "ok" if server["ready"] else "optional",
        f"{server['address']} " + ("已就绪 ready" if server["ready"] else "未运行 not running"),
        "" if server["ready"] else "heyan serve（不启动也可以：heyan check 会临时启动 optional: check starts its own）",
    )
    if "broken" in facts:
        return [Item("heyan", "missing", facts["broken"], "重新安装 install again: make setup"), running]
    return [
        Item("heyan", "ok" if facts["heyan"] else "optional", f"{facts['heyan'] or '–'}  Python {facts['python']}"),
        _packages(facts["packages"]),
        _settings(facts),
        *_calls(facts["calls"]),
        *_engines(facts),
        _fonts(facts["fonts"]),
        _soffice(facts["soffice"]),
        _memory(facts),
        _disk(facts["temporary_free_mb"]),
        running,
    ]


def _packages(packages: dict[str, str | None]) -> Item:
    missing = sorted(name for name, version in packages.items() if version is None)
    if missing:
        return Item("软件包 packages", "missing", f"缺 missing {', '.join(missing)}", "make setup")
    return Item("软件包 packages", "ok", f"{len(packages)} 个齐全 all there")


def _settings(facts: dict[str, Any]) -> Item:
    problem = facts["settings_problem"]
    if problem:
        return Item("设置 settings", "missing", problem, "改正环境变量 correct the environment variable")
    return Item("设置 settings", "ok", f"OCR 引擎 engine: {facts['engine']}")


def _calls(calls: dict[str, Any] | None) -> Iterator[Item]:
    """A call with a mistake answers so, and the others go on; without any, nothing can be checked."""
    if calls is None:
        return  # what is wrong with the settings is told
    usable, broken = calls["usable"], calls["broken"]
    found = "\n".join([", ".join(usable) or "–", *(f"{id}: {problem}" for id, problem in broken.items())])
    todo = f"heyan call lint {calls['folder']}/{next(iter(broken))}" if broken else ""
    yield Item("通知 calls", ("optional" if usable else "missing") if broken else "ok", found, todo)


def _engines(facts: dict[str, Any]) -> list[Item]:
    """RapidOCR must work in any case, because it reads the seals; Tesseract only where it is chosen."""
    rapid, tesseract, trials = facts["rapidocr"], facts["tesseract"], facts["trials"]
    found = f"{rapid['version'] or '–'}  {rapid['backend'] or '–'}  {len(rapid['models'])} 个模型 models"
    works = trials["rapidocr"]["works"]
    todo = "" if works else "make setup（模型在 rapidocr 包内 its wheel carries the models）"
    first = Item("RapidOCR", _state(works, needed=True), found + _tried(trials["rapidocr"]), todo)
    if tesseract is None:
        found = "未安装 not installed"
    else:
        languages = ", ".join(tesseract["languages"])
        found = f"{tesseract['version']}  {languages}" + _tried(trials["tesseract"])
    works = tesseract is not None and "chi_sim" in tesseract["languages"] and trials["tesseract"]["works"]
    todo = "" if works else "apt-get install tesseract-ocr tesseract-ocr-chi-sim"
    return [first, Item("Tesseract", _state(works, needed=facts["engine"] == "tesseract"), found, todo)]


def _tried(trial: dict[str, Any]) -> str:
    if trial["works"]:
        return f"  试读通过 reads ({trial['seconds']:.1f} s)"
    return f"\n试读失败 cannot read: {trial['problem']}"


def _state(there: bool, *, needed: bool) -> str:
    if there:
        return "ok"
    return "missing" if needed else "optional"


def _fonts(fonts: list[str]) -> Item:
    if fonts:
        return Item("模拟器字体 fonts", "ok", f"mplfonts, {len(fonts)} 个 files")
    return Item(
        "模拟器字体 fonts",
        "optional",
        "未安装 not installed",
        "heyan simulate 需要 needs: pip install 'heyan[simulator]'",
    )


def _soffice(path: str | None) -> Item:
    if path:
        return Item("LibreOffice", "ok", path)
    return Item("LibreOffice", "ok", "未安装，也不需要 not installed, not needed")


def _memory(facts: dict[str, Any]) -> Item:
    limits = [size for size in (facts["memory_mb"], facts["memory_limit_mb"]) if size]
    size = min(limits, default=None)
    found = f"{size or '?'} MiB  {facts['cores']} 核 cores"
    if size is not None and size < _LEAST_MEMORY_MB:
        return Item("内存 memory", "optional", found, f"建议不少于 {_LEAST_MEMORY_MB} MiB recommended; HEYAN_WORKERS=1")
    return Item("内存 memory", "ok", found)


def _disk(free: int | None) -> Item:
    if free is not None and free < _LEAST_FREE_MB:
        return Item("临时空间 /tmp", "optional", f"{free} MiB", "清理 /tmp，或另设 TMPDIR clean it or set TMPDIR")
    return Item("临时空间 /tmp", "ok", f"{free if free is not None else '?'} MiB")


def _show(items: list[Item], able: bool) -> None:
    from rich.text import Text

    from clients.cli.show_report import add_row, console, table_of
    from clients.cli.text import printable

    marks = {"ok": ("✓", "green"), "missing": ("✗", "bold red"), "optional": ("–", "yellow")}
    table = table_of("", "", "")
    mark, name, about = table.columns
    mark.no_wrap, name.no_wrap, about.ratio = True, True, 1
    table.show_header = table.show_lines = False
    for item in items:
        found = Text("\n").join(Text(printable(line)) for line in item.found.splitlines())
        if item.todo:
            found.append("\n→ " + printable(item.todo), style=marks[item.state][1])
        add_row(table, Text(*marks[item.state]), Text(item.name, style="bold"), found)
    out = console()
    out.print(table)
    verdict = (
        Text("  可以运行 heyan can work.", style="green")
        if able
        else Text("  不能运行 heyan cannot work yet: see ✗.", style="red")
    )
    out.print(verdict)
