"""`heyan extract`: what does this file state?"""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli import exits
from clients.cli.check import cannot_read, known_form, print_json, unknown_call
from clients.cli.connect import connected, lang_option, password_option, server_option
from clients.cli.submissions import PathError, of_file
from clients.cli.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clients.sdk import Client
    from heyan.v1.document_pb2 import Reading

# Calls whose ids begin so are there to learn from; nobody means them unasked.
EXAMPLE = "example-"


@click.command("extract")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON: document, kind, fields, seals, ...")
@click.option("--text", "as_text", is_flag=True, help="只输出文字 the document's text, nothing else")
@click.option("--call", metavar="ID", help="申报通知：按其表单识别材料和栏目 its forms tell kind and fields")
@password_option
@server_option
@lang_option
def command(
    path: Path, as_json: bool, as_text: bool, call: str | None, password: str, server: str | None, lang: str
) -> int:
    """读取一份文件 what one file states: its kind, fields and seals.

    退出码 exit code: 0 已读 read, 1 无法读取 unreadable, 2 用法 usage, 4 服务故障 service failed.
    """
    if as_json and as_text:
        raise click.UsageError("--json 与 --text 只能选一个 (either --json or --text)")
    call = known_form(call) if call else None
    try:
        item = of_file(path)
    except PathError as error:
        raise click.UsageError(getattr(error, lang)) from None
    with connected(server, lang) as client:
        from clients.sdk import NotFound, Upload

        if call is None:
            call = _sole_call(client, lang)
        try:
            reading = client.extract(Upload(item.name, item.path, password), call)
        except NotFound:
            raise unknown_call(client, call) from None
        except OSError as error:
            click.echo(cannot_read(error, [item], lang), err=True)
            return exits.USAGE
        if as_json:
            print_json(reading, one_line=False)
        elif as_text:
            click.echo(reading.document.text.encode() + b"\n", nl=False)
        elif not reading.HasField("unreadable"):
            _show(client, reading, call, lang)
    return _say_unreadable(reading)


def _sole_call(client: Client, lang: str) -> str:
    """The server's only call, said aloud; "" where it has none or several, which is said, too."""
    ids = [known.name.removeprefix("calls/") for known in client.list_calls()]
    real = [id for id in ids if not id.startswith(EXAMPLE)]
    if len(real) == 1:
        text = {
            "zh": f"未指定 --call：按本服务唯一的通知 {real[0]} 识别材料和栏目。",
            "en": f"No --call given: reading by {real[0]}, the only call of this server.",
        }
    else:
        text = {
            "zh": f"未指定 --call：只读文字、表格和印章；通知有 {'、'.join(ids)}。",
            "en": f"No --call given: only text, tables and seals are read; the calls are {', '.join(ids)}.",
        }
    click.echo(printable(text[lang]), err=True)
    return real[0] if len(real) == 1 else ""


def _show(client: Client, reading: Reading, call: str, lang: str) -> None:
    from clients.cli.show_reading import show_reading
    from clients.cli.words import Names, names_of

    show_reading(reading, names_of(client, call, lang) if call else Names(), lang)


def _say_unreadable(reading: Reading) -> int:
    if not reading.HasField("unreadable"):
        return exits.DONE
    unreadable = reading.unreadable
    click.echo(f"unreadable: {printable(unreadable.code)}", err=True)
    click.echo(printable(unreadable.message.zh), err=True)
    click.echo(printable(unreadable.message.en), err=True)
    return exits.UNREADABLE
