"""`heyan backup`: in place of this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="数据文件夹 (or HEYAN_DATA)"
)
@click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
def command(folder: Path, data: Path | None, as_json: bool) -> None:
    """备份账本和附件，服务不必停止 backs up ledger and attachments; the server may go on.

    再次备份到同一文件夹只复制新增的 again into the same folder: only what is new is copied.

    数据库和附件存储按 HEYAN_* 设置 which database and store: as the settings say.
    """
    arguments = ["backup", str(folder), *(["--data", str(data)] if data else []), *(["--json"] if as_json else [])]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "services.backup", *arguments])  # noqa: S606
