"""`heyan serve`: the server, in place of this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from clients.cli.connect import DEFAULT_ADDRESS
from clients.private_server import server_command


@click.command("serve")
@click.option("--listen", metavar="ADDR", help=f"host:port 或 unix:/path；默认 {DEFAULT_ADDRESS} (or HEYAN_LISTEN)")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="数据文件夹 (or HEYAN_DATA)"
)
def command(listen: str | None, data: Path | None) -> None:
    """启动核验服务 run the service until SIGTERM or Ctrl-C. 其他设置见环境变量 HEYAN_*."""
    arguments = server_command(listen, *(["--data", str(data)] if data else []))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, arguments)  # noqa: S606 - no shell is wanted: signals must reach the server itself
