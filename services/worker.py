"""A process that only works: `python -m services.worker`, or `heyan worker`. It needs PostgreSQL, and the same store.

As many as one likes, on any machines. Each takes submissions from the ledger; when one dies, the others take over what
it held within seconds. SIGTERM and SIGINT give back what is under way.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys

import uvloop

from extractors.errors import EngineError
from services import __version__
from services.examine import Examiner
from services.extraction.reading import reading_sandbox
from services.extraction.version import reader_version
from services.intake.changes import Changes
from services.intake.opening import CannotOpen, open_attachments, open_ledger
from services.intake.work import Desk, Work
from services.log import log_to_stderr
from services.operation.health import Health
from services.operation.metrics import metrics_port
from services.operation.traces import start_tracing
from services.poller import hold_poller
from services.settings import SettingError, Settings, shut_memory
from services.validation.registry import Registry

log = logging.getLogger("heyan")


# Transactions: there may be hundreds of such processes, and PostgreSQL holds a process for each connection.
_AT_ONCE = 2


async def work(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Raises CannotOpen, EngineError (the models cannot be loaded)."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # before the models: a worker that loads them is stopped, too
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    working, told = asyncio.create_task(_work(settings)), asyncio.create_task(stop.wait())
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    working.cancel()  # once: what it gives back is not to be interrupted by an impatient second signal
    with contextlib.suppress(asyncio.CancelledError):
        await working
    log.info("stopped")


async def _work(settings: Settings) -> None:
    store = open_attachments(settings)
    database = await asyncio.to_thread(open_ledger, settings, _AT_ONCE)
    sandbox = reading_sandbox(settings)
    health, metrics = Health(("",)), None
    try:
        await health.open(database, settings.health_listen)
        metrics = metrics_port(settings, database, sandbox)
        await sandbox.ready()
        await health.reads()
        examiner = Examiner(sandbox, settings.limits)
        calls = Registry.from_folder(settings.calls)
        desk = Desk(database, store, examiner, calls, reader_version(settings), settings.attempts)
        bench = Work(desk, Changes(), settings.workers)
        log.info("heyan %s works as %s, workers=%d", __version__, bench.worker, settings.workers)
        await bench.run()
    finally:
        await health.leave()
        await health.close()
        if metrics is not None:
            metrics.close()
        await asyncio.to_thread(sandbox.close)
        await asyncio.to_thread(database.close)


def main() -> int:
    """0 when it was stopped; 2 where a setting is wrong; 4 where it cannot work."""
    argparse.ArgumentParser(prog="heyan worker", description="a process that works on submissions").parse_args()
    try:
        settings = Settings.from_environment()
        if not settings.database:
            raise SettingError("heyan worker needs HEYAN_DATABASE, a PostgreSQL that it shares with the server")
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    log_to_stderr(settings.log_level, settings.log_format)
    shut_memory()
    hold_poller()
    try:
        start_tracing(settings.traces, "worker")
        uvloop.run(work(settings))
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    except (CannotOpen, EngineError, OSError) as error:
        log.error("%s", error)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
