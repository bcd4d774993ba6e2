"""`heyan audit`: the submissions of a call beside one another."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from clients.cli import exits
from clients.cli.check import checked, known_form, moment_of, print_text, say_gathered
from clients.cli.connect import connected, lang_option, password_option, sentence, server_option
from clients.cli.submissions import PathError, Paths, gather
from clients.cli.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clients.sdk import Client
    from heyan.v1.report_pb2 import Report
    from heyan.v1.validation_service_pb2 import AuditCallResponse, AuditSubmission

_AT_ONCE = 2  # submissions under way: one is sent or compared while the server's workers read the other


@click.command("audit")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--call", "call", required=True, metavar="ID", help="申报通知，如 zhihui-2021 (heyan call list)")
@click.option(
    "--json", "as_json", is_flag=True, help="只输出 JSON：各份报告与比对结果 reports and findings, nothing else"
)
@click.option("--received", metavar="TIME", help="收到时间 ISO 8601；不写则不判断是否逾期，也不判断新旧版本")
@click.option(
    "--times",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="每行“文件夹<TAB>收到时间[<TAB>发件人]” a line a folder: name, time received, sender",
)
@click.option("--all", "show_all", is_flag=True, help="也列出通过的规则 list the rules that passed, too")
@password_option
@server_option
@lang_option
def command(
    folder: Path,
    call: str,
    as_json: bool,
    received: str | None,
    times: Path | None,
    show_all: bool,
    password: str,
    server: str | None,
    lang: str,
) -> int:
    """比对各份申报 compare submissions: FOLDER holds one folder for each.

    每份先核验再相互比对。退出码同 check, exit codes as those of check: 0 可受理 acceptable, 1 退回 return,
    3 复核 review, 2 用法 usage (also a file that could not be opened), 4 服务故障
    service failed; of everything the worst.
    """
    submissions, codes = _submissions(folder, lang)
    known = _times(times, {submission.label for submission in submissions}, lang) if times else {}
    moment = moment_of(received, lang)
    call = known_form(call)
    with connected(server, lang) as client:
        reports: list[Report] = []
        audited: list[AuditSubmission] = []
        for code, report, made in _all_checked(client, submissions, call, moment, known, password, lang):
            codes.append(code)
            if report is not None and made is not None:
                reports.append(report)
                audited.append(made)
            elif code == exits.SERVICE_FAILED and not client.ready():
                break
        findings = _audited(client, audited, call, lang)
        if findings is None:
            return exits.SERVICE_FAILED
        codes += [_code(answer) for answer in findings]
        if as_json:
            _print_json(reports, findings)
        else:
            _show(client, reports, findings, call, lang, show_all)
    return exits.worst(codes)


def _submissions(folder: Path, lang: str) -> tuple[list[Paths], list[int]]:
    """One for each folder in it, and the exit codes of what is none. Raises UsageError where there is no folder."""
    found: list[Paths] = []
    codes: list[int] = []
    loose: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if not path.is_dir() or path.is_symlink():
            loose.append(path.name)
            continue
        try:
            found += gather([path])
        except PathError as error:
            click.echo(getattr(error, lang), err=True)
            codes.append(exits.USAGE)
    if not found:
        raise click.UsageError(
            {
                "zh": "文件夹中没有申报：每份申报一个子文件夹。",
                "en": "no submissions in the folder: each has a folder of its own.",
            }[lang]
        )
    if loose:
        say_gathered(Paths(folder.name, (), tuple(loose)), lang)
    for submission in found:
        say_gathered(submission, lang)
    return found, codes


def _times(file: Path, labels: set[str], lang: str) -> dict[str, tuple[datetime | None, str]]:
    """When each submission arrived and who sent it. Raises UsageError, with the line at fault."""
    found: dict[str, tuple[datetime | None, str]] = {}
    try:
        lines = _decoded(file.read_bytes()).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"--times: 无法读取 cannot read {printable(str(file))}: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"--times: 第 {number} 行 line {number}"
        name, time, sender, *_ = (part.strip() for part in (*line.split("\t"), "", ""))
        if name not in labels:
            raise click.UsageError(f"{where}: 没有文件夹 no folder {printable(name)!r}")
        found[name] = (moment_of(time or None, lang, where), sender)
    return found


def _decoded(data: bytes) -> str:
    """A text file in UTF-8, or in GB 18030 as Excel saves one on Chinese Windows. Raises UnicodeDecodeError."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _all_checked(
    client: Client,
    submissions: Sequence[Paths],
    call: str,
    moment: datetime | None,
    known: dict[str, tuple[datetime | None, str]],
    password: str,
    lang: str,
) -> Iterator[tuple[int, Report | None, AuditSubmission | None]]:
    """Exit code, report and what is compared of each, in their order."""
    from clients.progress import progress
    from clients.sdk import audited

    def check(submission: Paths) -> tuple[int, Report | None, AuditSubmission | None]:
        received, sender = known.get(submission.label, (moment, ""))
        code, answer = checked(client, submission, call, received, password, lang, full=True)
        if answer is None:
            return code, None, None
        made = audited(answer.report, sender=sender)
        return code, _without_text(answer.report), made

    title = "核验" if lang == "zh" else "checking"
    with progress(title, len(submissions), shown=sys.stderr.isatty()) as step, _pool() as pool:
        for done in pool.map(check, submissions):
            step()
            yield done


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="check")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)  # interrupted or at an end: what waits is not begun


def _without_text(report: Report) -> Report:
    """As a BASIC view: what is shown needs no text."""
    for reading in report.documents:
        for name in ("text", "blocks", "tables"):
            reading.document.ClearField(name)
    return report


def _audited(
    client: Client, submissions: Sequence[AuditSubmission], call: str, lang: str
) -> tuple[AuditCallResponse, ...] | None:
    """The findings; None where stderr has said why there are none."""
    from clients.sdk import ClientError

    if not submissions:
        click.echo({"zh": "没有可比对的申报。", "en": "There is nothing to compare."}[lang], err=True)
        return None
    try:
        return client.audit(submissions, call)
    except ClientError as error:
        click.echo(sentence(error, lang), err=True)
        return None


def _code(answer: AuditCallResponse) -> int:
    from heyan.v1 import report_pb2 as report

    finding = answer.finding
    if finding.severity == report.SEVERITY_INFO:
        return exits.ACCEPTABLE
    if finding.outcome == report.OUTCOME_VIOLATED and finding.severity == report.SEVERITY_ERROR:
        return exits.RETURN
    told = finding.outcome in (report.OUTCOME_VIOLATED, report.OUTCOME_UNDETERMINED)
    return exits.REVIEW if told else exits.ACCEPTABLE


def _print_json(reports: Sequence[Report], findings: Sequence[AuditCallResponse]) -> None:
    """{"reports": [...], "findings": [...]}: heyan.v1.Report and AuditCallResponse, one a line."""
    from clients.as_json import as_json

    first, second = (",\n".join(as_json(each, one_line=True) for each in all_of) for all_of in (reports, findings))
    print_text(f'{{"reports": [\n{first}\n],\n"findings": [\n{second}\n]}}')


def _show(
    client: Client,
    reports: Sequence[Report],
    findings: Sequence[AuditCallResponse],
    call: str,
    lang: str,
    show_all: bool,
) -> None:
    from clients.cli.show_audit import show_audit
    from clients.cli.words import names_of

    show_audit(reports, findings, names_of(client, call, lang), lang, show_all=show_all)
