"""The service as a process that can be killed: python -m tests.services.intake.process DATA.

Like services/server.py and services/worker.py, with readers that need no models (tests/misbehaving.py).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from pathlib import Path

from services.examine import Examiner
from services.extraction.sandbox import Bounds, Sandbox
from services.extraction.version import reader_version
from services.intake.changes import Changes
from services.intake.opening import Lock, open_attachments, open_ledger
from services.intake.store import empty_spool
from services.intake.work import Desk, Pace, Work
from services.settings import Settings
from services.validation.registry import Registry
from tests import misbehaving
from tests.services.intake.house import open_house

QUICK = Pace(hold=2.0, beat=0.4, poll=0.1, pause=0.2)


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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--database", default="")
    parser.add_argument("--only", choices=["serve", "work"])
    arguments = parser.parse_args()
    settings = Settings(data=arguments.data, database=arguments.database)
    sandbox = Sandbox(
        misbehaving.start,
        misbehaving.read,
        argument=None,
        workers=1,
        bounds=Bounds(seconds=20, memory_mb=2048, tasks=1000),
    )
    with contextlib.suppress(KeyboardInterrupt):
        if arguments.only == "work":
            asyncio.run(work(settings, sandbox))
        else:
            asyncio.run(serve(settings, sandbox, working=arguments.only is None))


if __name__ == "__main__":
    main()
