"""The service as a process: `python -m services.server`, or `heyan serve`.

It listens at once; health says SERVING only once every worker has loaded its models. SIGTERM and SIGINT drain: no new
requests, what is under way is finished within HEYAN_DRAIN_SECONDS, then the workers go.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import uvloop
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import SERVICE_NAME
from grpc_reflection.v1alpha import reflection

from extractors.errors import EngineError
from heyan.v1 import extraction_service_pb2_grpc, intake_service_pb2_grpc, validation_service_pb2_grpc
from services import __version__
from services.admission import Admission
from services.callers.gate import Gate, gate_of
from services.callers.listening import is_local, listen, require_safe
from services.examine import Examiner
from services.extraction.reading import reading_sandbox
from services.extraction.sandbox import Sandbox
from services.extraction.servicer import ExtractionServicer
from services.extraction.version import reader_version
from services.intake.attached import Attached
from services.intake.changes import Changes
from services.intake.kept import Kept
from services.intake.ledger.database import Database
from services.intake.opening import CannotOpen, Lock, open_attachments, open_ledger, take_over
from services.intake.servicer import IntakeServicer
from services.intake.shelf import LedgerShelf
from services.intake.store import empty_spool
from services.intake.upkeep import keep_up
from services.intake.work import Desk, Work
from services.log import log_to_stderr
from services.operation.health import EXTRACTION, INTAKE, VALIDATION, Health
from services.operation.metrics import MetricsPort, metrics_port
from services.operation.observed import Observing
from services.operation.traces import start_tracing
from services.poller import hold_poller
from services.settings import SettingError, Settings, shut_memory
from services.validation.registry import Registry
from services.validation.servicer import ValidationServicer

if TYPE_CHECKING:
    from services.http.side import Side

log = logging.getLogger("heyan")

SERVICES = (VALIDATION, EXTRACTION, INTAKE)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens. port: 0 for a Unix socket."""

    server: grpc.aio.Server
    health: Health
    metrics: MetricsPort | None
    sandbox: Sandbox
    port: int
    lock: Lock
    database: Database
    changes: Changes
    work: Work | None
    upkeep: asyncio.Task[None]
    side: Side | None

    async def serve_when_ready(self) -> None:
        """Load the models, say SERVING, work until cancelled. Where the engine cannot run, say NOT_SERVING for good."""
        try:
            await self.sandbox.ready()
        except EngineError:
            log.exception("the OCR engine cannot run; health stays NOT_SERVING")
            return
        await self.health.reads()
        log.info("ready")
        if self.work is not None:
            await self.work.run()

    async def drain(self, seconds: float) -> None:
        """Refuse new requests, finish what is under way within the time, end the workers."""
        await self.health.leave()
        self.changes.close()
        self.upkeep.cancel()
        await asyncio.wait({self.upkeep})
        if self.side is not None:
            await self.side.close(seconds)
        await self.server.stop(seconds)
        await self.health.close()
        if self.metrics is not None:
            self.metrics.close()
        await asyncio.to_thread(self.sandbox.close)
        await asyncio.to_thread(self.database.close)
        self.lock.release()


async def start(settings: Settings) -> Running:
    """A server that listens, with its workers loading.

    Raises OSError where the address cannot be bound, CannotOpen where what is kept cannot be opened.
    """
    _refuse_taken_socket(settings.listen)
    require_safe(settings.listen, settings)
    if settings.http_listen:
        require_safe(settings.http_listen, settings)
    lock = Lock(settings.data)
    store = open_attachments(settings)
    empty_spool(store)
    database = await asyncio.to_thread(open_ledger, settings)
    if held := await take_over(database):
        log.info("taken up again: %d submissions that were under way", held)
    sandbox = reading_sandbox(settings)
    reader = reader_version(settings)
    shelf = LedgerShelf(database, reader) if settings.keep_checks else None
    examiner = Examiner(sandbox, settings.limits, shelf)
    calls = Registry.from_folder(settings.calls)
    desk = Desk(database, store, examiner, calls, reader, settings.attempts)
    changes = Changes()
    work = Work(desk, changes, settings.workers) if settings.work else None
    admission = Admission(settings.max_waiting, settings.max_waiting_bytes)
    local = settings.tls_client_ca is None and all(map(is_local, filter(None, (settings.listen, settings.http_listen))))
    gate = gate_of(
        database,
        local=local,
        authenticate=settings.authenticate,
        certificates=settings.tls_client_ca is not None,
        most_checks=settings.portal_checks,
    )
    health_states = Health()
    server = grpc.aio.server(
        interceptors=[Observing(), gate],
        options=[
            ("grpc.max_receive_message_length", settings.max_message_bytes),
            ("grpc.max_send_message_length", settings.max_message_bytes),
            ("grpc.so_reuseport", 0),
        ],
    )
    validation_service_pb2_grpc.add_ValidationServiceServicer_to_server(
        ValidationServicer(examiner, calls, settings, admission, Kept(database, reader)), server
    )
    extraction_service_pb2_grpc.add_ExtractionServiceServicer_to_server(
        ExtractionServicer(examiner, calls, settings, admission, Attached(database, store)), server
    )
    intake_service_pb2_grpc.add_IntakeServiceServicer_to_server(IntakeServicer(desk, changes, work, settings), server)
    health_pb2_grpc.add_HealthServicer_to_server(health_states.states, server)
    if settings.reflection:
        reflection.enable_server_reflection((*SERVICES, SERVICE_NAME, reflection.SERVICE_NAME), server)
    try:
        port = listen(server, settings)
        await health_states.open(database, settings.health_listen)
        metrics = metrics_port(settings, database, sandbox)
        side = _side(server, gate, settings)
        await server.start()
        if side is not None:
            await side.open()
    except (OSError, SettingError):
        await health_states.leave()
        await health_states.close()
        await server.stop(0)
        sandbox.close()
        database.close()
        lock.release()
        raise
    log.info(
        "heyan %s listens on %s, workers=%d engine=%s", __version__, settings.listen, settings.workers, settings.engine
    )
    if await gate.is_open():
        log.warning("no token is asked for: whoever reaches %s on this machine has every right", settings.listen)
    upkeep = asyncio.create_task(
        keep_up(database, store, retention_days=settings.retention_days, unsubmitted_hours=settings.unsubmitted_hours)
    )
    return Running(server, health_states, metrics, sandbox, port, lock, database, changes, work, upkeep, side)


def _side(server: grpc.aio.Server, gate: Gate, settings: Settings) -> Side | None:
    if not settings.http_listen:
        return None
    from services.http.side import Side  # only who wants it pays for it

    return Side(server, gate, settings)


def _refuse_taken_socket(listen: str) -> None:
    """Raises OSError where another server answers at a Unix socket: gRPC would take it from that one without a word."""
    path = listen.removeprefix("unix:")
    if path == listen:
        return
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(path.removeprefix("//"))
        except (FileNotFoundError, ConnectionRefusedError):
            return  # free, or left by a server that was killed
    raise OSError(f"cannot listen on {listen}: another server does")


async def serve(settings: Settings, *, exit_with_parent: bool) -> None:
    """Serve until SIGTERM, SIGINT or, where asked for, the end of standard input."""
    running = await start(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if exit_with_parent:
        loop.add_reader(sys.stdin.fileno(), lambda: None if os.read(sys.stdin.fileno(), 4096) else stop.set())
    warming = asyncio.create_task(running.serve_when_ready())
    await stop.wait()
    log.info("draining")
    warming.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await warming
    await running.drain(settings.drain_seconds)
    log.info("stopped")


def main() -> int:
    """0 after a drain; 2 where a setting is wrong; 4 where it cannot listen."""
    parser = argparse.ArgumentParser(prog="heyan serve", description="the heyan service")
    parser.add_argument("--listen", help="unix:/path or host:port (HEYAN_LISTEN)")
    parser.add_argument("--data", type=Path, help="folder for what is kept (HEYAN_DATA)")
    parser.add_argument("--calls", type=Path, help="folder of call folders (HEYAN_CALLS)")
    parser.add_argument("--exit-with-parent", action="store_true", help="end when standard input does")
    parser.add_argument("--private", action="store_true", help="for one caller alone; keeps nothing of checks")
    arguments = parser.parse_args()
    try:
        settings = Settings.from_environment().with_arguments(
            listen=arguments.listen,
            data=arguments.data,
            calls=arguments.calls,
            private=arguments.private,
        )
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    log_to_stderr(settings.log_level, settings.log_format)
    shut_memory()
    hold_poller()
    try:
        start_tracing(settings.traces, "server")
        uvloop.run(serve(settings, exit_with_parent=arguments.exit_with_parent))
    except (OSError, CannotOpen) as error:
        log.error("%s", error)
        return 4
    except SettingError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
