"""Reports in a file: what `heyan check --json` printed, one report a line or one alone."""

from __future__ import annotations

from pathlib import Path

import click

from clients.cli.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heyan.v1.report_pb2 import Report

from_option = click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="heyan check --json 的输出 reports that check printed, in place of kept submissions",
)


def read_reports(file: Path) -> list[Report]:
    """The reports, in their order. Raises click.UsageError where the file holds anything else."""
    from google.protobuf.json_format import Parse, ParseError

    from heyan.v1.report_pb2 import Report

    try:
        text = file.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line.strip()]
        pieces = lines if all(line.startswith("{") and line.endswith("}") for line in lines) else [text]
        reports = [Parse(piece, Report()) for piece in pieces]
    except (OSError, UnicodeDecodeError, ParseError) as error:
        raise click.UsageError(f"--from {printable(str(file))}: 不是审核报告 no reports: {error}") from None
    if not reports:
        raise click.UsageError(f"--from {printable(str(file))}: 其中没有报告 there are no reports in it")
    return reports


def write_file(path: Path, content: bytes) -> None:
    """Raises click.UsageError where it cannot be written."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"无法写入 cannot write {printable(str(path))}: {error.strerror}") from None
