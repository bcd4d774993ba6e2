"""`heyan submit`: hands submissions to a server that keeps them and works on them."""

from __future__ import annotations

import hashlib
import sys
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from clients.cli import exits
from clients.cli.check import cannot_read, gathered, known_form, moment_of, print_json, say_gathered
from clients.cli.connect import keeping, lang_option, sentence, server_option
from clients.cli.submissions import Paths
from clients.cli.text import printable
from clients.progress import status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from clients.sdk import Client
    from heyan.v1.intake_service_pb2 import Submission

_OURS = uuid.UUID("5d6f0b0e-6c1f-4d0c-9a53-0d6f3a8d9f10")  # names the request ids that this command makes


# Refusals of what one submission is; the next one may be as it should. Others would be repeated for each.
_OF_ONE = ("INVALID_ARGUMENT", "RESOURCE_EXHAUSTED")


@click.command("submit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--call", "call", required=True, metavar="ID", help="申报通知，如 zhihui-2021 (heyan call list)")
@click.option("--received", metavar="TIME", help="收到时间 ISO 8601，如 2021-09-01T10:30；不写则不判断是否逾期")
@click.option("--label", metavar="TEXT", help="申报名称；默认为文件夹名 your own name for it (one submission only)")
@click.option("--batch", is_flag=True, help="无人等候，排在他人之后 nobody waits: behind those for whom somebody does")
@click.option(
    "--again", is_flag=True, help="内容相同也作为新的申报 a new submission even if the same was submitted before"
)
@click.option("--wait", is_flag=True, help="等到有结论 until there is a report; exit code as heyan check")
@click.option("--json", "as_json", is_flag=True, help="每份申报一行 JSON one line of JSON for each submission")
@server_option
@lang_option
def command(
    paths: Sequence[Path],
    call: str,
    received: str | None,
    label: str | None,
    batch: bool,
    again: bool,
    wait: bool,
    as_json: bool,
    server: str | None,
    lang: str,
) -> int:
    """提交申报材料 hand in submissions that the server keeps: files or one folder are one, several folders are several.

    重复执行不会重复提交 running it again submits nothing twice (--again does).
    """
    submissions = gathered(paths, lang)
    if label is not None and len(submissions) > 1:
        raise click.UsageError("--label: 只用于一份申报 (for one submission only)")
    moment, call = moment_of(received, lang), known_form(call)
    for submission in submissions:
        say_gathered(submission, lang)
    codes: list[int] = []
    with keeping(server, lang) as client:
        from clients.sdk import Refused

        kept: list[Submission] = []
        for submission in submissions:
            try:
                kept.append(
                    _submitted(client, submission, call, moment, label or submission.label, batch=batch, again=again)
                )
            except OSError as error:
                click.echo(cannot_read(error, submission.items, lang), err=True)
                codes.append(exits.USAGE)
                continue
            except Refused as error:
                if error.status not in _OF_ONE:
                    raise
                click.echo(f"{printable(submission.label)}: {sentence(error, lang)}", err=True)
                codes.append(exits.USAGE)
                continue
            if not wait:
                _tell(kept[-1], as_json)
            codes.append(_at_its_end(client, kept[-1], lang))
        if wait:
            codes += [_waited_for(client, each, as_json, lang) for each in kept]
    return exits.worst(codes) if codes else exits.DONE


def _submitted(
    client: Client, submission: Paths, call: str, moment: datetime | None, label: str, *, batch: bool, again: bool
) -> Submission:
    from clients.sdk import Upload
    from heyan.v1.intake_service_pb2 import PRIORITY_BATCH, PRIORITY_INTERACTIVE

    uploads = [Upload(item.name, item.path) for item in submission.items]
    return client.intake.submit(
        uploads,
        call,
        received=moment,
        label=label,
        request_id="" if again else _request_id(uploads, call, moment, label, batch=batch),
        priority=PRIORITY_BATCH if batch else PRIORITY_INTERACTIVE,
    )


def _request_id(uploads: Sequence[object], call: str, moment: datetime | None, label: str, *, batch: bool) -> str:
    """The same for the same submission: a command that was interrupted can simply be given again."""
    from clients.intake import digest
    from clients.sdk import Upload

    said = [call, moment.isoformat() if moment else "", label, str(batch)]
    for upload in uploads:
        assert isinstance(upload, Upload)
        said += [upload.name, digest(upload)[0]]
    body = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()
    return str(uuid.uuid5(_OURS, body))


def _tell(submission: Submission, as_json: bool) -> None:
    from clients.cli.words import flat

    if as_json:
        print_json(submission, one_line=True)
    else:
        click.echo(f"{submission.name}\t{flat(submission.label)}")


def _at_its_end(client: Client, submission: Submission, lang: str) -> int:
    """Usage where the same was submitted before and then cancelled, erased or given up: nothing more happens to it."""
    from clients.cli.words import SUBMISSION_STATES, word
    from clients.sdk import Refused
    from heyan.v1.intake_service_pb2 import (
        SUBMISSION_STATE_CANCELLED,
        SUBMISSION_STATE_ERASED,
        SUBMISSION_STATE_FAILED,
    )

    try:
        state = client.intake.get(submission.name).state
    except Refused:  # a token that may submit and not read
        return exits.DONE
    if state not in (SUBMISSION_STATE_CANCELLED, SUBMISSION_STATE_ERASED, SUBMISSION_STATE_FAILED):
        return exits.DONE
    said = word(SUBMISSION_STATES, state, lang)[0]
    text = {
        "zh": f"此前提交过，{said}，未重新提交；要重新提交请加 --again。",
        "en": f"was submitted before, {said}; not submitted anew: --again does.",
    }
    click.echo(f"{submission.name}: {text[lang]}", err=True)
    return exits.USAGE


def _waited_for(client: Client, submission: Submission, as_json: bool, lang: str) -> int:
    from clients.cli.show import exit_code, line_of
    from clients.cli.watch import stage_text

    with status(f"等待 {printable(submission.label)}", shown=sys.stderr.isatty()) as tell:
        ended = client.intake.wait(submission.name, lambda event: tell(stage_text(event, lang)))
    if as_json:
        print_json(ended, one_line=True)
    else:
        click.echo(line_of(ended, lang))
    return exit_code(ended)
