"""`heyan call lint`: is this call.yaml in order?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from clients.cli import exits
from clients.cli.connect import connected, lang_option, server_option
from clients.cli.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heyan.v1.validation_service_pb2 import LintProblem

FILE, NOTICE = "call.yaml", "notice.txt"
_LARGEST = 4 * 1024 * 1024  # bytes; the service says how many characters it takes


@dataclass(frozen=True, slots=True)
class Source:
    """A call.yaml on disk. notice: the text of the notice beside it; folder: the name that its id must repeat."""

    path: Path
    yaml: str
    notice: str = ""
    folder: str = ""


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON；几个文件各一行 the problems as JSON")
@server_option
@lang_option
def command(paths: Sequence[Path], as_json: bool, server: str | None, lang: str) -> int:
    """检查 call.yaml all problems of a call.yaml, with line and column; of a folder also that it quotes notice.txt.

    退出码 exit code: 0 可用 usable (perhaps with warnings), 1 有错误 errors, 2 用法 usage, 4 服务故障 service failed.
    """
    sources = [read_source(path, lang) for path in paths]
    errors = warnings = 0
    with connected(server, lang, models=False) as client:
        from heyan.v1.report_pb2 import SEVERITY_ERROR
        from heyan.v1.validation_service_pb2 import LintCallResponse

        for source in sources:
            problems = client.lint_call(source.yaml, notice=source.notice, folder=source.folder)
            errors += sum(problem.severity == SEVERITY_ERROR for problem in problems)
            warnings += sum(problem.severity != SEVERITY_ERROR for problem in problems)
            if as_json:
                from clients.cli.check import print_json

                print_json(LintCallResponse(problems=problems), one_line=len(sources) > 1)
            else:
                show(source.path, problems, lang)
    if not as_json:
        _sum_up(errors, warnings, lang)
    return exits.RETURN if errors else exits.DONE


def read_source(path: Path, lang: str) -> Source:
    """The call.yaml that a path names, or that a folder holds. Raises UsageError."""
    if not path.is_dir():
        return Source(path, _text(path, lang))
    notice = path / NOTICE
    return Source(
        path / FILE,
        _text(path / FILE, lang),
        _text(notice, lang) if notice.is_file() else "",
        path.resolve().name,
    )


def _text(path: Path, lang: str) -> str:
    name = printable(str(path))
    try:
        if not path.is_file():  # a pipe would never end
            raise click.UsageError({"zh": f"没有文件 {name}", "en": f"no file {name}"}[lang])
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise click.UsageError(
            {"zh": f"无法读取 {name}：{error.strerror}", "en": f"cannot read {name}: {error.strerror}"}[lang]
        ) from None
    if len(data) > _LARGEST:
        raise click.UsageError({"zh": f"{name} 过大", "en": f"{name} is too large"}[lang])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
        zh, en = f"{name} 不是 UTF-8 编码（第 {at + 1} 字节），请另存为 UTF-8", f"{name} is not UTF-8 at byte {at + 1}"
        raise click.UsageError({"zh": zh, "en": en}[lang]) from None


def show(path: Path, problems: Sequence[LintProblem], lang: str) -> None:
    """One problem a paragraph: FILE:LINE:COLUMN as editors understand it, the path in the file, the sentence."""
    from clients.cli.words import SEVERITIES, flat

    words = {"须退回": "错误", "须复核": "警告", "仅提示": "提示"}
    colours = {"red": "red", "yellow": "yellow"}
    for problem in problems:
        zh, en, style = SEVERITIES.get(problem.severity, ("", "problem", ""))
        where = f"{printable(str(path))}:{problem.line}:{problem.column}" if problem.line else printable(str(path))
        kind = click.style(words.get(zh, "问题") if lang == "zh" else en, fg=colours.get(style), bold=True)
        steps = f"{flat(problem.path)}\n    " if problem.path else ""
        click.echo(f"{where}: {kind}: {steps}{flat(getattr(problem.message, lang))}")


def _sum_up(errors: int, warnings: int, lang: str) -> None:
    if not errors and not warnings:
        click.echo({"zh": "没有发现问题。", "en": "No problems."}[lang])
        return
    zh = f"{errors} 处错误，{warnings} 处警告或提示。" + ("有错误的通知无法使用。" if errors else "通知可以使用。")
    en = f"{errors} errors, {warnings} warnings or hints. " + (
        "A call with errors cannot be used." if errors else "The call can be used."
    )
    click.echo({"zh": zh, "en": en}[lang])
