"""What is counted, in Prometheus's words, and the side port that tells it.

Labels have few values (methods, formats, codes, calls), and none is about a person or a submission. What is in the
ledger (waiting work, bytes) is asked for when Prometheus asks; every process that shares a ledger tells the same then.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from services import __version__
from services.intake.ledger import schema
from services.intake.ledger.database import Connection, Database, now
from services.intake.refusals import StorageDown
from services.settings import SettingError, Settings, host_and_port

log = logging.getLogger(__name__)

REGISTRY = CollectorRegistry()
_ASK_SECONDS = 5.0

RPCS = Histogram(
    "heyan_rpc_seconds",
    "Answered RPCs, from their first message to their end",
    ("method", "code"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
    registry=REGISTRY,
)
READINGS = Histogram(
    "heyan_reading_seconds",
    "Files that were read, by format and outcome: read, or the code of why they are unreadable",
    ("format", "outcome"),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 120),
    registry=REGISTRY,
)
PAGES = Counter("heyan_pages", "Pages that were read", ("format",), registry=REGISTRY)
RECALLED = Counter("heyan_readings_recalled", "Files whose kept reading was used instead of reading", registry=REGISTRY)
VERDICTS = Counter("heyan_verdicts", "Judged submissions", ("call", "verdict"), registry=REGISTRY)


class Crew(Protocol):
    """The reading processes (services/extraction/sandbox.py)."""

    def crew(self) -> tuple[int, int, int]:
        """How many are alive, how many have a file, how many were started in place of another."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger says. oldest: seconds that the oldest submission waits, or is worked on; 0 where none is."""

    waiting: int
    held: int
    oldest: float
    attachments: int
    bytes: int
    submissions: int


def standing(connection: Connection) -> Standing:
    jobs, table, bytes_ = schema.jobs, schema.submissions, schema.attachments
    waiting, held = connection.execute(sa.select(sa.func.count(), sa.func.count(jobs.c.worker))).one()
    first = connection.scalar(
        sa.select(sa.func.min(table.c.create_time)).join(jobs, jobs.c.submission == table.c.number)
    )
    count, size = connection.execute(sa.select(sa.func.count(), sa.func.sum(bytes_.c.size_bytes))).one()
    return Standing(
        waiting=waiting,
        held=held,
        oldest=0.0 if first is None else max(0.0, (now(connection) - first) / 1e6),
        attachments=count,
        bytes=int(size or 0),
        submissions=connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0,
    )


class _Asked:
    """What is looked up when Prometheus asks, in its own thread."""

    def __init__(self, database: Database, crew: Crew, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._crew = crew
        self._loop = loop

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        version = GaugeMetricFamily("heyan_version", "Always 1", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        alive, busy, restarted = self._crew.crew()
        yield GaugeMetricFamily("heyan_readers_alive", "Processes that read files", alive)
        yield GaugeMetricFamily("heyan_readers_busy", "Those that have a file", busy)
        yield CounterMetricFamily("heyan_readers_restarted", "Those started in place of another", restarted)
        found = self._standing()
        yield GaugeMetricFamily("heyan_ledger_up", "Whether the ledger answers", int(found is not None))
        if found is None:
            return  # unknown, which is not 0
        yield GaugeMetricFamily("heyan_queue_length", "Submissions that wait or are worked on", found.waiting)
        yield GaugeMetricFamily("heyan_queue_held", "Those of them that a worker holds", found.held)
        yield GaugeMetricFamily("heyan_queue_oldest_seconds", "Age of the oldest of them", found.oldest)
        yield GaugeMetricFamily("heyan_store_attachments", "Attachments that are kept", found.attachments)
        yield GaugeMetricFamily("heyan_store_bytes", "Their bytes", found.bytes)
        yield GaugeMetricFamily("heyan_submissions", "Submissions that are kept, erased ones too", found.submissions)

    def _standing(self) -> Standing | None:
        asked = asyncio.run_coroutine_threadsafe(self._database.read(standing), self._loop)
        try:
            return asked.result(_ASK_SECONDS)
        except (StorageDown, TimeoutError):
            asked.cancel()
            return None


class MetricsPort:
    """`GET /metrics` of this process, until `close`. port: as bound. Raises OSError, SettingError."""

    def __init__(self, listen: str, database: Database, crew: Crew, *, anywhere: bool) -> None:
        host, port = host_and_port(listen, "HEYAN_METRICS_LISTEN")
        if not anywhere and not is_loopback(host):
            raise SettingError(
                f"HEYAN_METRICS_LISTEN={listen} can be reached from other machines: use 127.0.0.1:{port}, or say "
                "HEYAN_METRICS_ANYWHERE=true where the network is yours"
            )
        self._asked = _Asked(database, crew, asyncio.get_running_loop())
        REGISTRY.register(self._asked)
        try:
            self._server, self._thread = start_http_server(port, host, REGISTRY)
        except OSError as error:
            REGISTRY.unregister(self._asked)
            raise OSError(f"cannot listen on {listen} (HEYAN_METRICS_LISTEN): {error.strerror}") from error
        self.port = self._server.server_port
        log.info("metrics at http://%s:%d/metrics", host, self.port)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        REGISTRY.unregister(self._asked)


def metrics_port(settings: Settings, database: Database, crew: Crew) -> MetricsPort | None:
    """Open where the settings name one. Raises OSError, SettingError."""
    if not settings.metrics_listen:
        return None
    return MetricsPort(settings.metrics_listen, database, crew, anywhere=settings.metrics_anywhere)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
