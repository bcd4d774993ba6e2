"""`heyan call draft`: a call.yaml from a notice's text, for a person to finish."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli import exits
from clients.cli.call_lint import FILE, NOTICE
from clients.cli.connect import connected, lang_option, server_option
from clients.cli.submissions import PathError, of_file
from clients.cli.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clients.sdk import Client
    from heyan.v1.validation_service_pb2 import DraftCallResponse

_LONGEST = 1024 * 1024  # characters of a notice that the service takes


@click.command("draft")
@click.argument("path", metavar="NOTICE", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path), metavar="FOLDER",
    help="写入文件夹 call.yaml 和 notice.txt；文件夹名即通知编号 a new call folder, named like the call's id",
)  # fmt: skip
@server_option
@lang_option
def command(path: Path, folder: Path | None, server: str | None, lang: str) -> int:
    """根据通知草拟 call.yaml draft a call.yaml from a notice (.txt .docx .doc .pdf ...), for you to finish.

    通知没有写明的留为 TODO what the notice does not state is left as a TODO. 不覆盖已有文件 nothing is overwritten.

    退出码 exit code: 0 已草拟 drafted, 1 无法读取 unreadable, 2 用法 usage, 4 服务故障 service failed.
    """
    from clients.cli.check import CALL_ID

    id = folder.resolve().name if folder is not None else ""
    if id and not CALL_ID.fullmatch(id):
        zh, en = (
            "文件夹名须由小写字母、数字和连字符组成",
            "the folder's name must be lower-case letters, digits, hyphens",
        )
        raise click.UsageError({"zh": zh, "en": en}[lang])
    if folder is not None and (folder / FILE).exists():
        name = printable(str(folder / FILE))
        raise click.UsageError({"zh": f"{name} 已经存在", "en": f"{name} is there already"}[lang])
    try:
        item = of_file(path)
    except PathError as error:
        raise click.UsageError(getattr(error, lang)) from None
    with connected(server, lang, models=False) as client:
        text = _text(client, item.name, item.path)
        if text is None:
            return exits.UNREADABLE
        drafted = client.draft_call(text, id=id)
    if folder is None:
        click.echo(drafted.yaml.encode(), nl=False)
    elif (code := _write(folder, drafted.yaml, text, lang)) != exits.DONE:
        return code
    _say_todos(drafted, folder, lang)
    return exits.DONE


def _text(client: Client, name: str, path: Path) -> str | None:
    """The notice's text as the service reads it; None, said aloud, where it cannot."""
    from clients.sdk import Upload

    reading = client.extract(Upload(name, path))
    if reading.HasField("unreadable"):
        click.echo(printable(reading.unreadable.message.zh), err=True)
        click.echo(printable(reading.unreadable.message.en), err=True)
        return None
    if not (text := reading.document.text[:_LONGEST].strip()):
        click.echo("文件中没有文字。\nThere is no text in the file.", err=True)
        return None
    return text


def _write(folder: Path, yaml: str, notice: str, lang: str) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / FILE).open("x", encoding="utf-8") as file:
            file.write(yaml)
        if not (folder / NOTICE).exists():
            (folder / NOTICE).write_text(notice + "\n", encoding="utf-8")
    except OSError as error:
        name = printable(str(folder))
        click.echo(
            {"zh": f"无法写入 {name}：{error.strerror}", "en": f"cannot write {name}: {error.strerror}"}[lang], err=True
        )
        return exits.USAGE
    return exits.DONE


def _say_todos(drafted: DraftCallResponse, folder: Path | None, lang: str) -> None:
    """What is left to do, on standard error: standard output may be the draft itself."""
    name = printable(str(folder / FILE)) if folder is not None else FILE
    count = len(drafted.todos)
    click.echo(
        {"zh": f"已草拟，还有 {count} 处须人工完成：", "en": f"Drafted; {count} things are left to do:"}[lang], err=True
    )
    for todo in drafted.todos:
        click.echo(f"  {name}:{todo.line}: {printable(getattr(todo.message, lang))}", err=True)
    if folder is not None:
        next_step = f"heyan call lint {printable(str(folder))}"
        click.echo({"zh": f"完成后请运行 {next_step}", "en": f"Then: {next_step}"}[lang], err=True)
