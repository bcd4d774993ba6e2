"""`heyan show`: one submission that the server keeps, with its report."""

from __future__ import annotations

import click

from clients.cli import exits
from clients.cli.check import print_json
from clients.cli.connect import keeping, lang_option, server_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heyan.v1.intake_service_pb2 import Submission


@click.command("show")
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON the submission as JSON, nothing else")
@click.option("--all", "show_all", is_flag=True, help="也列出通过的规则 list the rules that passed, too")
@server_option
@lang_option
def command(name: str, as_json: bool, show_all: bool, server: str | None, lang: str) -> int:
    """显示一份申报及其报告 a submission and its report. NAME: submissions/…；退出码同 heyan check."""
    with keeping(server, lang) as client:
        submission = client.intake.get(name)
        if as_json:
            print_json(submission, one_line=False)
            return exit_code(submission)
        click.echo(line_of(submission, lang))
        if submission.HasField("report"):
            from clients.cli.show_report import show_report
            from clients.cli.words import names_of

            show_report(submission.report, names_of(client, submission.call, lang), lang, show_all=show_all)
        elif submission.failure:
            click.echo(getattr(submission.failure_message, lang) or submission.failure)
    return exit_code(submission)


def line_of(submission: Submission, lang: str) -> str:
    """Name, state or verdict, label: one line, separated by tabs."""
    from clients.cli.words import SUBMISSION_STATES, VERDICTS, flat, word

    said = word(SUBMISSION_STATES, submission.state, lang)[0]
    if submission.verdict:
        said = word(VERDICTS, submission.verdict, lang)[0]
    return f"{submission.name}\t{said}\t{flat(submission.label)}"


def exit_code(submission: Submission) -> int:
    """As of `heyan check` where there is a report; 4 where the work was given up; else 3: nobody knows a verdict."""
    from heyan.v1.intake_service_pb2 import SUBMISSION_STATE_DONE, SUBMISSION_STATE_FAILED

    if submission.state == SUBMISSION_STATE_DONE:
        return exits.of_verdict(submission.verdict)
    return exits.SERVICE_FAILED if submission.state == SUBMISSION_STATE_FAILED else exits.REVIEW
