"""`heyan render`: a page of a file as a picture, upright, as it was looked at."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli import exits
from clients.cli.check import cannot_read, known_form, unknown_call
from clients.cli.connect import connected, lang_option, password_option, server_option
from clients.cli.reports import write_file
from clients.cli.submissions import PathError, of_file
from clients.cli.text import printable


@click.command("render")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="第几页 which page, from 1")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="PNG 文件"
)
@click.option("--side", type=click.IntRange(1, 6000), help="长边像素 pixels of the longest side [1600]")
@click.option("--dpi", type=click.IntRange(1, 1200), help="分辨率 dots an inch, where the size is known")
@click.option("--boxes", is_flag=True, help="框出栏目（蓝）和印章（绿） boxes of fields (with --call) and seals")
@click.option("--lines", is_flag=True, help="框出文字行（灰） boxes of lines")
@click.option("--erase-seals", is_flag=True, help="去掉彩色印章 without the coloured ink of seals")
@click.option("--call", metavar="ID", help="申报通知：框出其表单的栏目 whose fields are boxed")
@password_option
@server_option
@lang_option
def command(
    path: Path,
    page: int,
    output: Path,
    side: int | None,
    dpi: int | None,
    boxes: bool,
    lines: bool,
    erase_seals: bool,
    call: str | None,
    password: str,
    server: str | None,
    lang: str,
) -> int:
    """把一页显示为图片（PNG） a page of a file as a picture, upright, as it was looked at.

    退出码 exit code: 0 已写入 written, 1 无法读取或没有该页 unreadable, no such page, 2 用法 usage,
    4 服务故障 service failed.
    """
    call = known_form(call) if call else ""
    try:
        item = of_file(path)
    except PathError as error:
        raise click.UsageError(getattr(error, lang)) from None
    with connected(server, lang) as client:
        from clients.sdk import NotFound, Upload

        if call and not any(known.name == f"calls/{call}" for known in client.list_calls()):
            raise unknown_call(client, call)
        try:
            attachment = client.intake.upload(Upload(item.name, item.path))
            answer = client.render_page(
                attachment,
                page,
                max_side=side or 0,
                dpi=dpi or 0,
                boxes=boxes,
                lines=lines,
                erase_seals=erase_seals,
                call=call,
                password=password,
            )
        except NotFound as error:
            click.echo(printable(getattr(error, lang)), err=True)
            return exits.UNREADABLE
        except OSError as error:
            click.echo(cannot_read(error, [item], lang), err=True)
            return exits.USAGE
    if answer.HasField("unreadable"):
        click.echo(f"unreadable: {printable(answer.unreadable.code)}", err=True)
        click.echo(printable(getattr(answer.unreadable.message, lang)), err=True)
        return exits.UNREADABLE
    write_file(output, answer.png)
    click.echo({"zh": f"已写入 {printable(str(output))}", "en": f"written: {printable(str(output))}"}[lang])
    return exits.DONE
