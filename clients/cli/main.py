"""`heyan`: the command line. Each command is a file beside this one and is imported only when it is called.

`heyan check` against a warm server is a whole process a submission, so nothing is imported here that not every
command needs.
"""

from __future__ import annotations

import importlib
import os
import sys
from io import TextIOWrapper

import click

from clients.cli import exits
from clients.errors import ClientError

# command → module beside this one; its function `command` is the click command
COMMANDS = {
    "audit": "audit",
    "backup": "backup",
    "call": "call",
    "cancel": "cancel",
    "check": "check",
    "correction": "correction",
    "doctor": "doctor",
    "erase": "erase",
    "evidence": "evidence",
    "extract": "extract",
    "health": "health",
    "list": "list_submissions",
    "rejudge": "rejudge",
    "render": "render",
    "restore": "restore",
    "roster": "roster",
    "serve": "serve",
    "show": "show",
    "simulate": "simulate",
    "submit": "submit",
    "token": "token",
    "watch": "watch",
    "worker": "worker",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"clients.cli.{COMMANDS[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"heyan {version('heyan')}")
        except PackageNotFoundError:
            click.echo("heyan (not installed)")
        ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="版本 version"
)
def root() -> None:
    """核验 heyan: checks applications (Word forms, stamped scanned letters) against a call for applications."""


def main() -> None:
    """The entry point of the console script. Exit codes: clients/cli/exits.py."""
    if isinstance(sys.stdout, TextIOWrapper):  # a terminal in GBK knows no ✓
        sys.stdout.reconfigure(errors="replace")
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except click.exceptions.Exit as done:  # --help, --version
        code = done.exit_code
    except click.ClickException as error:
        error.show()
        # click gives 1 to what is no usage error in its eyes; with us 1 is a verdict
        code = exits.USAGE if error.exit_code == exits.RETURN else error.exit_code
    except ClientError as error:
        click.echo(f"{error.zh}\n{error.en}", err=True)
        code = exits.SERVICE_FAILED
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        _silence_stdout()
        code = 141  # as a shell shows SIGPIPE
    except OSError as error:  # the disk that our output goes to is full
        _silence_stdout()
        click.echo(f"无法读写 cannot read or write: {error}", err=True)
        code = exits.SERVICE_FAILED
    except Exception:  # noqa: BLE001  # a bug of ours: Python's 1 would be a verdict
        import traceback

        traceback.print_exc()
        code = exits.SERVICE_FAILED
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    # Not root.main(): it would turn a broken pipe into exit code 1, which is a verdict with us.
    with root.make_context("heyan", arguments) as context:
        code = root.invoke(context)
    return code if isinstance(code, int) else exits.DONE


def _silence_stdout() -> None:
    """Nobody takes our output any more (`| head`, a full disk). Python would complain again when it flushes at the
    end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
