"""The service as a process that can be killed: python -m tests.services.intake.process DATA.

Like services/server.py and services/worker.py, with readers that need no models (tests/misbehaving.py); `--real` is
those two themselves. With `--deadly` it kills itself with kill -9 now and then inside a transaction of the ledger, just
before the commit or just after it, before anybody is told; and says so in a file first.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services import server, worker
from services.examine import Examiner
from services.extraction.sandbox import Bounds, Sandbox
from services.extraction.version import reader_version
from services.intake.changes import Changes
from services.intake.ledger.database import Connection, Database
from services.intake.opening import CannotOpen, Lock, open_attachments, open_ledger
from services.intake.store import empty_spool
from services.intake.work import Desk, Pace, Work
from services.log import log_to_stderr
from services.settings import Settings
from services.validation.registry import Registry
from tests import misbehaving
from tests.services.intake.house import open_house

QUICK = Pace(hold=2.0, beat=0.4, look=0.1, poll=0.1, pause=0.2)


async def serve(settings: Settings, sandbox: Sandbox, *, working: bool) -> None:
    lock = Lock(settings.data)
    empty_spool(open_attachments(settings))
    async with open_house(sandbox, settings, working=working, pace=QUICK):
        await asyncio.Event().wait()
    lock.release()


async def work(settings: Settings, sandbox: Sandbox) -> None:
    calls, reader = Registry.from_folder(settings.calls), reader_version(settings)
    examiner = Examiner(sandbox, settings.limits)
    desk = Desk(open_ledger(settings), open_attachments(settings), examiner, calls, reader, settings.attempts)
    await Work(desk, Changes(), 2, QUICK).run()


class Deadly:
    """Kills this process in one of so many transactions, chosen by chance."""

    def __init__(self, one_in: int, told: Path) -> None:
        self._one_in = one_in
        self._told = told
        self._chance = random.Random(os.getpid())
        self._write = Database.write
        deadly, write = self, Database.write

        async def written(database: Database, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
            name = getattr(function, "__name__", "?").lstrip("_")

            def inside(connection: Connection) -> Any:
                answer = function(connection, *arguments, **named)
                deadly.perhaps(f"before the commit of {name}")
                return answer

            answer = await write(database, inside)
            deadly.perhaps(f"after the commit of {name}")
            return answer

        Database.write = written  # type: ignore[method-assign,assignment]

    def perhaps(self, moment: str) -> None:
        if self._chance.randrange(2 * self._one_in) == 0:
            with self._told.open("a") as file:
                file.write(moment + "\n")
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--only", choices=["serve", "work"])
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--deadly", type=int, default=0, metavar="N", help="die in one of N transactions")
    parser.add_argument("--socket", default="s", help="in the data folder")
    arguments = parser.parse_args()
    if arguments.deadly:
        Deadly(arguments.deadly, arguments.data / "deaths")
    settings = Settings(
        listen=f"unix:{arguments.data}/{arguments.socket}",
        data=arguments.data,
        database=arguments.database,
        store=f"file://{arguments.data}/attachments",
        work=arguments.only != "serve",
        workers=1,
        threads=1,
    )
    try:
        _run(settings, arguments)
    except CannotOpen as error:  # as services/server.py ends
        sys.exit(f"{error}")


def _run(settings: Settings, arguments: argparse.Namespace) -> None:
    if arguments.real:
        log_to_stderr("INFO")
        action = worker.work(settings) if arguments.only == "work" else server.serve(settings, exit_with_parent=False)
        asyncio.run(action)
        return
    sandbox = Sandbox(
        misbehaving.start,
        misbehaving.read,
        argument=None,
        workers=1,
        bounds=Bounds(seconds=20, memory_mb=2048, tasks=1000),
    )
    with contextlib.closing(sandbox), contextlib.suppress(KeyboardInterrupt):
        if arguments.only == "work":
            asyncio.run(work(settings, sandbox))
        else:
            asyncio.run(serve(settings, sandbox, working=arguments.only is None))


if __name__ == "__main__":
    main()
