"""`heyan rejudge`: judges what is kept again, by the call as it is now."""

from __future__ import annotations

import click

from clients.cli import exits
from clients.cli.check import known_form, print_json
from clients.cli.connect import keeping, lang_option, server_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heyan.v1.intake_service_pb2 import RejudgeCallResponse


@click.command("rejudge")
@click.option("--call", "call", required=True, metavar="ID", help="申报通知，如 zhihui-2021 (heyan call list)")
@click.option("--dry-run", is_flag=True, help="只报告会有哪些变化 tell what would change, change nothing")
@click.option("--json", "as_json", is_flag=True, help="每份申报一行 JSON one line of JSON for each submission")
@server_option
@lang_option
def command(call: str, dry_run: bool, as_json: bool, server: str | None, lang: str) -> int:
    """按现行通知重新审核已完成的申报，不重新识别文件 judge finished submissions again, by the call.yaml as it is now.

    有申报无法重新审核时退出码为 3 exit code 3 where some could not be judged again.
    """
    call = known_form(call)
    seen = changed = failed = 0
    with keeping(server, lang) as client:
        for answer in client.intake.rejudge(call, dry_run=dry_run):
            seen += 1
            failed += bool(answer.problem)
            changed += bool(answer.changes)
            if as_json:
                print_json(answer, one_line=True)
            elif answer.changes or answer.problem:
                click.echo(_lines(answer, lang))
    if not as_json:
        zh = f"重新审核 {seen} 份：{changed} 份有变化，{failed} 份无法重新审核" + ("（未保存）。" if dry_run else "。")
        en = f"{seen} judged again: {changed} changed, {failed} could not be" + (" (not kept)." if dry_run else ".")
        click.echo({"zh": zh, "en": en}[lang])
    return exits.REVIEW if failed else exits.DONE


def _lines(answer: RejudgeCallResponse, lang: str) -> str:
    """The submission, its verdicts, and one line for each rule that came to something else."""
    from clients.cli.words import OUTCOMES, VERDICTS, flat, word
    from heyan.v1.report_pb2 import OUTCOME_UNSPECIFIED

    def outcome(code: int) -> str:
        return "–" if code == OUTCOME_UNSPECIFIED else word(OUTCOMES, code, lang)[0]

    verdicts = [word(VERDICTS, code, lang)[0] for code in (answer.verdict_before, answer.verdict_after)]
    said = verdicts[0] if verdicts[0] == verdicts[1] else " → ".join(verdicts)
    if answer.problem:
        said = {"zh": "没有保存的识别结果，维持原报告", "en": "no reading is kept; the report stays as it was"}[lang]
    lines = [f"{answer.submission}\t{said}\t{flat(answer.label)}"]
    lines += [f"  {flat(c.rule)}: {outcome(c.before)} → {outcome(c.after)}" for c in answer.changes]
    return "\n".join(lines)
