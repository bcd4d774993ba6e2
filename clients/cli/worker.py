"""`heyan worker`: a process that only works on submissions, in place of this one."""

from __future__ import annotations

import os
import sys

import click


@click.command("worker")
def command() -> None:
    """启动一个工作进程 work on submissions until SIGTERM or Ctrl-C. 需要 PostgreSQL，设置同 heyan serve."""
    sys.stdout.flush()
    sys.stderr.flush()
    # -P: a folder `services` where the user happens to stand is not our package
    os.execv(sys.executable, [sys.executable, "-P", "-m", "services.worker"])  # noqa: S606 - signals must reach it
