"""`make demo`: a make-believe call, checked over gRPC from end to end.

    python -m clients.demo DIR --count 12 --seed 7

1. simulate the submissions into DIR/submissions, unless they are there already;
2. start the service on a Unix socket; its models load meanwhile;
3. send one submission after another, with the time at which it arrived;
4. write DIR/reports/NAME.json and NAME.html;
5. print verdicts and findings, with the verdict that the simulator planned beside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shlex
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.text import Text

import clients.simulator
from clients.as_json import as_json
from clients.cli import exits
from clients.cli.show_report import add_row, console, table_of
from clients.cli.submissions import gather
from clients.cli.text import printable
from clients.cli.words import OUTCOMES, VERDICTS, flat, word
from clients.private_server import PrivateServer, ServerDied, end_on_signals
from clients.progress import progress
from clients.sdk import Client, ClientError, Upload
from clients.simulator.fonts import FontsMissing
from heyan.v1.report_pb2 import (
    OUTCOME_UNDETERMINED,
    OUTCOME_VIOLATED,
    VERDICT_ACCEPTABLE,
    VERDICT_RETURN,
    VERDICT_REVIEW,
    Report,
)

CALL = "zhihui-2021"
_MADE = ".made"  # says of which count, seed and simulator the submissions are
_START_SECONDS = 120.0
_PLANNED = {"return": VERDICT_RETURN, "review": VERDICT_REVIEW, "acceptable": VERDICT_ACCEPTABLE}


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission as the simulator made it. planned: the verdict of its truth."""

    folder: Path
    received: datetime
    planned: int


def main() -> int:
    """0 when every submission has its report; else as heyan's exit codes say."""
    parser = argparse.ArgumentParser(prog="python -m clients.demo", description="heyan from end to end")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    end_on_signals()
    try:
        return _run(arguments.directory, arguments.count, arguments.seed)
    except (ClientError, ServerDied, FontsMissing, OSError, ValueError) as error:
        print(f"演示未完成 the demo stopped: {printable(str(error))}", file=sys.stderr)
        if isinstance(error, ServerDied):
            print(error.log, file=sys.stderr)
        return exits.SERVICE_FAILED
    except KeyboardInterrupt:
        return 130


def _run(directory: Path, count: int, seed: int) -> int:
    directory.mkdir(parents=True, exist_ok=True)
    reports = _emptied(directory / "reports")
    with PrivateServer() as server:
        submissions = _submissions(directory / "submissions", count, seed)
        server.wait(_START_SECONDS)
        with Client(server.address) as client:
            if not client.ready(_START_SECONDS):
                raise ServerDied("the server did not become ready", server.log())
            answers = _checked(client, submissions, reports)
    _print(answers, directory)
    return exits.DONE


def _submissions(directory: Path, count: int, seed: int) -> list[Sent]:
    """What the simulator made, now or the last time."""
    made = directory / _MADE
    wanted = f"count {count}, seed {seed}, simulator {_simulator_version()}\n"
    if made.is_file() and made.read_text(encoding="utf-8") == wanted:
        print(f"模拟申报已在 {directory}（{count} 份，种子 {seed}）", file=sys.stderr)
    else:
        if made.is_file():
            shutil.rmtree(directory)  # of another count, seed or simulator: made by us, and made again
        with progress("生成模拟申报", count) as done:
            clients.simulator.simulate(directory, count, seed, done)
        made.write_text(wanted, encoding="utf-8")  # last: half a call is made again
    truth = json.loads((directory / "truth.json").read_text(encoding="utf-8"))
    return [
        Sent(
            directory / entry["folder"],
            datetime.fromisoformat(entry["received"]),
            _PLANNED[entry["verdict"]],
        )
        for entry in truth["submissions"]
    ]


def _simulator_version() -> str:
    """A short digest of the simulator's own files: what an older one made is not taken for ours."""
    folder = Path(clients.simulator.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _emptied(folder: Path) -> Path:
    """The folder without the reports of the last time."""
    folder.mkdir(exist_ok=True)
    for old in (*folder.glob("*.json"), *folder.glob("*.html")):
        old.unlink()
    return folder


def _checked(client: Client, submissions: list[Sent], reports: Path) -> list[tuple[Sent, Report]]:
    answers = []
    with progress("核验申报材料", len(submissions)) as done:
        for sent in submissions:
            (paths,) = gather([sent.folder])
            answer = client.check(
                [Upload(item.name, item.path) for item in paths.items],
                CALL,
                received=sent.received,
                label=paths.label,
                evidence=True,
            )
            (reports / f"{paths.label}.json").write_text(as_json(answer.report) + "\n", encoding="utf-8")
            (reports / f"{paths.label}.html").write_text(answer.evidence_html, encoding="utf-8")
            answers.append((sent, answer.report))
            done()
    return answers


def _print(answers: list[tuple[Sent, Report]], directory: Path) -> None:
    table = table_of("申报", "结论", "预设", "问题")
    label, verdict_column, planned_column, told = table.columns
    label.width, verdict_column.no_wrap, planned_column.no_wrap, told.ratio = 26, True, True, 1
    for sent, report in answers:
        verdict, style = word(VERDICTS, report.verdict, "zh")
        planned, _ = word(VERDICTS, sent.planned, "zh")
        differs = "" if report.verdict == sent.planned else "bold magenta"
        add_row(
            table,
            Text(flat(report.label)),
            Text(verdict, f"bold {style}"),
            Text(planned, differs or "dim"),
            _told(report),
        )
    out = console()
    out.print(table)
    same = sum(report.verdict == sent.planned for sent, report in answers)
    out.print(Text(f"  {len(answers)} 份申报，{same} 份结论与预设相同。"))
    out.print()
    again = f".venv/bin/heyan check {shlex.quote(str(answers[0][0].folder))} --call {CALL}"
    for what, where in (
        ("申报材料", f"{directory}/submissions/  真值 truth.json"),
        ("核验报告", f"{directory}/reports/*.html  *.json"),
        ("自己试试", f"{again} --received {answers[0][0].received.isoformat()}"),
    ):
        # soft_wrap: a command that is broken into lines cannot be copied
        out.print(Text(f"  {what}  ", style="bold").append(where, style="not bold cyan"), soft_wrap=True)


def _told(report: Report) -> Text:
    lines = []
    for finding in report.findings:
        if finding.outcome in (OUTCOME_VIOLATED, OUTCOME_UNDETERMINED):
            name, style = word(OUTCOMES, finding.outcome, "zh")
            lines.append(Text(name[:2], style=style).append(flat(finding.message.zh), style="default"))
    for reading in report.documents:
        if reading.HasField("unreadable"):
            line = Text("! ", style="yellow").append(flat(reading.file_name), style="default")
            lines.append(line.append(f" unreadable: {flat(reading.unreadable.code)}", style="yellow"))
    return Text("\n").join(lines) if lines else Text("–", style="dim")


if __name__ == "__main__":
    sys.exit(main())
