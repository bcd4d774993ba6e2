"""`heyan token`: who may call. An operator's command on the data folder itself, in place of this process."""

from __future__ import annotations

import os
import sys

import click


@click.command("token", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """平台的访问令牌 who may call: create, list, revoke, quota."""
    sys.stdout.flush()
    sys.stderr.flush()
    # -P: a folder `services` where the user happens to stand is not our package
    program = [sys.executable, "-P", "-m", "services.callers.command", *(arguments or ("--help",))]
    os.execv(sys.executable, program)  # noqa: S606 - no shell is wanted
