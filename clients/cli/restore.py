"""`heyan restore`: in place of this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="BACKUP")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="数据文件夹 (or HEYAN_DATA)"
)
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
def command(folder: Path, data: Path | None, as_json: bool) -> None:
    """恢复到新的数据文件夹或空的数据库 restores into a new data folder, or an empty database and store.

    数据库和附件存储按 HEYAN_* 设置 which database and store: as the settings say.
    """
    arguments = ["restore", str(folder), *(["--data", str(data)] if data else []), *(["--json"] if as_json else [])]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "services.backup", *arguments])  # noqa: S606
