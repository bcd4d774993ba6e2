"""`heyan list`: the submissions that the server keeps."""

from __future__ import annotations

import itertools
from datetime import UTC

import click

from clients.cli import exits
from clients.cli.check import known_form, print_json
from clients.cli.connect import keeping, lang_option, server_option
from clients.cli.received import SHANGHAI

_STATES = ("queued", "running", "done", "failed", "cancelled", "erased")
_VERDICTS = ("return", "review", "acceptable")


@click.command("list")
@click.option("--call", metavar="ID", help="只列此通知 of this call only")
@click.option("--state", type=click.Choice(_STATES), help="只列此状态 in this state only")
@click.option("--verdict", type=click.Choice(_VERDICTS), help="只列此结论 with this verdict only")
@click.option("--label", metavar="TEXT", default="", help="只列此名称 with this label only")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="最多几份 at most so many")
@click.option("--json", "as_json", is_flag=True, help="每份申报一行 JSON one line of JSON for each")
@server_option
@lang_option
def command(
    call: str | None,
    state: str | None,
    verdict: str | None,
    label: str,
    limit: int,
    as_json: bool,
    server: str | None,
    lang: str,
) -> int:
    """列出已提交的申报，最新在前 the submissions that the server keeps, newest first."""
    from heyan.v1.intake_service_pb2 import SubmissionState
    from heyan.v1.report_pb2 import Verdict

    with keeping(server, lang) as client:
        found = client.intake.list(
            call=known_form(call) if call else "",
            label=label,
            state=SubmissionState.Value(f"SUBMISSION_STATE_{(state or 'unspecified').upper()}"),
            verdict=Verdict.Value(f"VERDICT_{(verdict or 'unspecified').upper()}"),
            at_once=limit + 1,
        )
        submissions = list(itertools.islice(found, limit + 1))
    more, submissions = len(submissions) > limit, submissions[:limit]
    if as_json:
        for submission in submissions:
            print_json(submission, one_line=True)
        return exits.DONE
    from rich.text import Text

    from clients.cli.show_report import add_row, console, table_of
    from clients.cli.words import SUBMISSION_STATES, VERDICTS, flat, word

    zh = lang == "zh"
    columns = (
        ("申报", "名称", "受理（北京时间）", "状态", "结论")
        if zh
        else ("name", "label", "accepted +08:00", "state", "verdict")
    )
    table = table_of(*columns)
    table.columns[0].width, table.columns[1].ratio, table.columns[2].width = 20, 1, 16
    table.show_lines = False
    for submission in submissions:
        accepted = submission.create_time.ToDatetime(UTC).astimezone(SHANGHAI)
        add_row(
            table,
            Text(flat(submission.name.removeprefix("submissions/"))),
            Text(flat(submission.label)),
            Text(f"{accepted:%Y-%m-%d %H:%M}"),
            Text(*word(SUBMISSION_STATES, submission.state, lang)),
            Text(*word(VERDICTS, submission.verdict, lang)) if submission.verdict else Text("–", style="dim"),
        )
    out = console()
    out.print(table)
    if more:
        out.print(Text("  还有更多，可用 --limit。" if zh else "  There are more: --limit.", style="dim"))
    return exits.DONE
