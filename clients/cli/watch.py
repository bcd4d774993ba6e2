"""`heyan watch`: what happens to a submission, as it happens."""

from __future__ import annotations

import click

from clients.cli.check import print_json
from clients.cli.connect import keeping, lang_option, server_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heyan.v1.intake_service_pb2 import WatchSubmissionResponse

_STAGES = {
    "queued": ("等待", "waiting"),
    "reading": ("读取", "reading"),
    "judging": ("审核", "judging"),
    "retrying": ("出错，稍后重试", "went wrong, tried again later"),
    "done": ("完成", "done"),
    "failed": ("未完成", "failed"),
    "cancelled": ("已取消", "cancelled"),
    "rejudged": ("已按现行通知重新审核", "judged again by the call as it is now"),
    "erased": ("已删除", "erased"),
}


@click.command("watch")
@click.argument("name", metavar="NAME")
@click.option("--after", type=click.IntRange(0), default=0, metavar="N", help="从第 N 个事件之后开始 behind event N")
@click.option("--json", "as_json", is_flag=True, help="每个事件一行 JSON one line of JSON for each event")
@server_option
@lang_option
def command(name: str, after: int, as_json: bool, server: str | None, lang: str) -> int:
    """跟踪一份申报直到有结果 follow a submission until its end. NAME: submissions/…；退出码同 heyan check."""
    from clients.cli.show import exit_code, line_of

    with keeping(server, lang) as client:
        for event in client.intake.watch(name, after):
            if as_json:
                print_json(event, one_line=True)
            else:
                click.echo(_line(event, lang))
        submission = client.intake.get(name)
        if not as_json:
            click.echo(line_of(submission, lang))
    return exit_code(submission)


def _line(event: WatchSubmissionResponse, lang: str) -> str:
    from clients.cli.words import OUTCOMES, flat, word

    if event.HasField("finding"):
        said = f"{word(OUTCOMES, event.finding.outcome, lang)[0]} {flat(getattr(event.finding.message, lang))}"
    else:
        said = stage_text(event, lang)
    return f"{event.sequence}\t{said}"


def stage_text(event: WatchSubmissionResponse, lang: str) -> str:
    """The stage, which file of how many is read, and how many of its pages are: "读取 第 2/3 个文件 120/300 页"."""
    from clients.cli.words import flat

    zh = lang == "zh"
    names = _STAGES.get(event.stage)
    said = names[0 if zh else 1] if names else flat(event.stage)
    done, total = event.pages_done, event.pages_total
    if event.stage == "reading" and event.files > 1:
        said += f" 第 {event.file}/{event.files} 个文件" if zh else f" file {event.file} of {event.files}"
        done, total = event.file_pages_done, event.file_pages_total
    if done or total:
        said += f" {done}" + (f"/{total}" if total else "") + (" 页" if zh else " pages")
    return said
