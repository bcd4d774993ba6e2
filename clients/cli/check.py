"""`heyan check`: is this submission acceptable?"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from clients.cli import exits
from clients.cli.connect import connected, lang_option, password_option, sentence, server_option
from clients.cli.received import parse_received
from clients.cli.submissions import Item, PathError, Paths, gather
from clients.cli.text import printable
from clients.progress import status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from google.protobuf.message import Message

    from clients.sdk import Client
    from heyan.v1.report_pb2 import Report
    from heyan.v1.validation_service_pb2 import CheckProgress, CheckResponse

CALL_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--call", "call", required=True, metavar="ID", help="申报通知，如 zhihui-2021 (heyan call list)")
@click.option(
    "--json", "as_json", is_flag=True, help="只输出报告的 JSON；几份申报各一行 the report as JSON, nothing else"
)
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="证据页 evidence page；几份申报时为文件夹"
)
@click.option("--received", metavar="TIME", help="收到时间 ISO 8601，如 2021-09-01T10:30；不写则不判断是否逾期")
@click.option("--all", "show_all", is_flag=True, help="也列出通过的规则 list the rules that passed, too")
@password_option
@server_option
@lang_option
def command(
    paths: Sequence[Path],
    call: str,
    as_json: bool,
    html: Path | None,
    received: str | None,
    show_all: bool,
    password: str,
    server: str | None,
    lang: str,
) -> int:
    """核验申报材料 check submissions: files or one folder are one submission, several folders are several.

    退出码 exit code: 0 可受理 acceptable, 1 退回 return, 3 复核 review, 2 用法 usage, 4 服务故障 service failed;
    of several the worst.
    """
    submissions = gathered(paths, lang)
    moment = moment_of(received, lang)
    call = known_form(call)
    pages = _html_paths(html, submissions, paths)
    for submission in submissions:
        say_gathered(submission, lang)
    codes: list[int] = []
    with connected(server, lang) as client:
        for number, (submission, page) in enumerate(zip(submissions, pages, strict=True), 1):
            of = f" ({number}/{len(submissions)})" if len(submissions) > 1 else ""
            watched = sys.stderr.isatty()
            with status(f"核验 {printable(submission.label)}{of}", shown=watched) as tell:
                progress = partial(_tell_pages, tell, lang) if watched else None
                code, answer = checked(
                    client, submission, call, moment, password, lang, evidence=page is not None, progress=progress
                )
            codes.append(code)
            if answer is None:
                if code == exits.SERVICE_FAILED and not client.ready():
                    _say_stopped(len(submissions) - number, lang)
                    break
                continue
            if as_json:
                print_json(answer.report, one_line=len(submissions) > 1)
            else:
                _show(client, answer.report, lang, show_all, call)
            if page is not None:
                codes.append(_write_page(page, answer, lang))
    return exits.worst(codes)


def print_json(message: Message, *, one_line: bool) -> None:
    """A message of heyan.v1 as JSON with its own field names, in UTF-8 whatever the terminal's encoding is."""
    from clients.as_json import as_json

    print_text(as_json(message, one_line=one_line))


def print_text(text: str) -> None:
    """A text for programs, with a newline, in UTF-8 whatever the terminal's encoding is."""
    click.echo(text.encode() + b"\n", nl=False)


def known_form(call: str) -> str:
    """A call's id as the contract writes it. Raises UsageError."""
    call = call.removeprefix("calls/")
    if not CALL_ID.fullmatch(call):
        raise click.UsageError(
            f"--call: 通知编号形如 zhihui-2021 (a call's id looks like zhihui-2021), not {printable(call)!r}"
        )
    return call


def unknown_call(client: Client, call: str) -> click.UsageError:
    """The usage error that names the calls which the server knows."""
    known = ", ".join(known.name.removeprefix("calls/") for known in client.list_calls())
    return click.UsageError(f"--call: 没有通知 {call} (unknown call); 已有 known: {known or '–'}")


def gathered(paths: Sequence[Path], lang: str) -> tuple[Paths, ...]:
    """The submissions that the paths mean. Raises UsageError."""
    try:
        return gather(paths)
    except PathError as error:
        raise click.UsageError(getattr(error, lang)) from None


def moment_of(received: str | None, lang: str, where: str = "--received") -> datetime | None:
    """What `--received` means; a bare date is told as what it stands for. where: it was given. Raises UsageError."""
    if received is None:
        return None
    try:
        moment, day_end = parse_received(received)
    except ValueError:
        raise click.UsageError(
            f"{where}: {printable(received)!r} 不是 ISO 8601 时间 (not an ISO 8601 time), "
            "2021-09-01 | 2021-09-01T10:30+08:00"
        ) from None
    if day_end:
        click.echo(
            {
                "zh": f"收到时间只写了日期，按当日 {moment:%H:%M:%S}（北京时间）计。",
                "en": f"Only a date was given: taken as {moment.isoformat()}, the end of that day.",
            }[lang],
            err=True,
        )
    return moment


def _html_paths(html: Path | None, submissions: Sequence[Paths], paths: Sequence[Path]) -> list[Path | None]:
    """Where each evidence page goes, found wrong before any work is done. Raises UsageError."""
    if html is None:
        return [None] * len(submissions)
    if any(html.resolve().is_relative_to(path.resolve()) for path in paths):
        # it would overwrite a file of the applicant's, or be one of them the next time
        raise click.UsageError(
            f"--html: 证据页不能放在送检的文件夹里 not among the files that are checked: {printable(str(html))}"
        )
    if len(submissions) == 1:
        if html.is_dir() or not html.absolute().parent.is_dir():
            raise click.UsageError(f"--html: 无法写入 cannot write {printable(str(html))}")
        return [html]
    pages: list[Path | None] = []
    try:
        html.mkdir(exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"--html: 几份申报需要一个文件夹 several submissions need a folder: {error}") from None
    names: set[str] = set()
    for submission in submissions:
        stem = submission.label.replace("/", "_") or "submission"
        tries = (stem if number == 1 else f"{stem}-{number}" for number in itertools.count(1))
        names.add(name := next(name for name in tries if name not in names))
        pages.append(html / f"{name}.html")
    return pages


def say_gathered(submission: Paths, lang: str) -> None:
    """Tells on stderr which files of a folder are not sent, and where it looks like a folder of submissions."""
    label = printable(submission.label)
    if submission.left_out:
        names = "、".join(printable(name) for name in submission.left_out)
        click.echo(f"{label}: {'未送检' if lang == 'zh' else 'left out'} {names}", err=True)
    if submission.folders > 1:
        text = {
            "zh": f"其中 {submission.folders} 个子文件夹的文件按一份申报处理；若各为一份申报，请写 {label}/*/",
            "en": f"its {submission.folders} folders are taken as one submission; if each is one, write {label}/*/",
        }
        click.echo(f"{label}: {text[lang]}", err=True)


def _say_stopped(left: int, lang: str) -> None:
    if left:
        text = {"zh": f"服务已停止，其余 {left} 份未核验。", "en": f"The server has gone: {left} more not checked."}
        click.echo(text[lang], err=True)


def _tell_pages(tell: Callable[[str], None], lang: str, progress: CheckProgress) -> None:
    """Which file, and how far it is."""
    tell(pages_text(progress.file_name, progress.pages_done, progress.pages_total, lang))


def pages_text(file_name: str, done: int, total: int, lang: str) -> str:
    """ "函.pdf 12/300 页"; without figures where a file has no pages."""
    figures = f"{done}/{total} {'页' if lang == 'zh' else 'pages'}" if total else ""
    return f"{printable(file_name)} {figures}".strip()


def checked(
    client: Client,
    submission: Paths,
    call: str,
    moment: datetime | None,
    password: str,
    lang: str,
    *,
    evidence: bool = False,
    full: bool = False,
    progress: Callable[[CheckProgress], None] | None = None,
) -> tuple[int, CheckResponse | None]:
    """The exit code of one submission, and the answer where there is one; else stderr has said why not."""
    from clients.sdk import ClientError, NotFound, Upload
    from heyan.v1.document_pb2 import READING_VIEW_FULL, READING_VIEW_UNSPECIFIED

    uploads = [Upload(item.name, item.path, password) for item in submission.items]
    try:
        answer = client.check(
            uploads,
            call,
            received=moment,
            label=submission.label,
            view=READING_VIEW_FULL if full else READING_VIEW_UNSPECIFIED,
            pictures=evidence,
            evidence=evidence,
            progress=progress,
        )
    except NotFound:
        raise unknown_call(client, call) from None
    except ClientError as error:
        click.echo(f"{printable(submission.label)}: {sentence(error, lang)}", err=True)
        return (exits.USAGE if error.status == "INVALID_ARGUMENT" else exits.SERVICE_FAILED), None
    except OSError as error:
        click.echo(cannot_read(error, submission.items, lang), err=True)
        return exits.USAGE, None
    return exits.of_verdict(answer.report.verdict), answer


def cannot_read(error: OSError, items: Sequence[Item], lang: str) -> str:
    """The sentence for a local file that could not be read."""
    name = printable(str(error.filename or ", ".join(str(item.path) for item in items)))
    return {"zh": f"无法读取 {name}：{error.strerror}", "en": f"cannot read {name}: {error.strerror}"}[lang]


def _show(client: Client, report: Report, lang: str, show_all: bool, call: str) -> None:
    from clients.cli.show_report import show_report
    from clients.cli.words import names_of

    show_report(report, names_of(client, call, lang), lang, show_all=show_all)


def _write_page(page: Path, answer: CheckResponse, lang: str) -> int:
    name = printable(str(page))
    if not answer.evidence_html:
        click.echo({"zh": "服务没有给出证据页。", "en": "The server sent no evidence page."}[lang], err=True)
        return exits.SERVICE_FAILED
    try:
        page.write_text(answer.evidence_html, encoding="utf-8")
    except OSError as error:
        click.echo(
            {"zh": f"无法写入 {name}：{error.strerror}", "en": f"cannot write {name}: {error.strerror}"}[lang], err=True
        )
        return exits.USAGE
    click.echo({"zh": f"证据页：{name}", "en": f"Evidence page: {name}"}[lang], err=True)
    return exits.DONE
