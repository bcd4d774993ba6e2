"""What a submission costs the shared ledger (PostgreSQL), its server and its worker: the figures behind docs/scale.md.

    python -m benchmarks.ledger [--count 300]

A server that only accepts and one `heyan worker`, as on several machines, with a store in a folder. The submissions are
a line of text each, so that what is measured is all but reading. CPU is that of the processes; of the worker without
its reading process. PostgreSQL runs with fsync on.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from clients.sdk import Client, Upload
from tests.postgres import Postgres, programs

CALL = "zhihui-2021"
_COUNTED = (
    "SELECT xact_commit + xact_rollback AS transactions, pg_current_wal_lsn() - '0/0' AS wal,"
    " pg_database_size(current_database()) AS size FROM pg_stat_database WHERE datname = current_database()"
)


def cpu(pid: int) -> float:
    """Seconds, of the process and of its children that have ended."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(part) for part in parts[11:15]) / os.sysconf("SC_CLK_TCK")


def cpu_below(pid: int) -> float:
    """Of a process and all that it has started."""
    total = cpu(pid)
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            with contextlib.suppress(FileNotFoundError):
                total += cpu_below(int(child))
    return total


class Costs:
    """Differences since the last look."""

    def __init__(self, ledger: psycopg.Connection[Any], cluster: int, server: int, worker: int) -> None:
        self._ledger, self._pids = ledger, {"PostgreSQL": cluster, "server": server, "worker": worker}
        self._last = self._look()

    def _look(self) -> dict[str, float]:
        self._ledger.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        row = self._ledger.execute(_COUNTED).fetchone()
        assert row is not None
        found = dict(zip(("transactions", "WAL", "size"), map(float, row), strict=True))
        for name, pid in self._pids.items():
            found[name] = cpu_below(pid) if name == "PostgreSQL" else cpu(pid)
        return found | {"seconds": time.monotonic()}

    def since(self) -> dict[str, float]:
        now = self._look()
        differences = {name: now[name] - self._last[name] for name in now}
        self._last = now
        return differences


@contextlib.contextmanager
def process(*command: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    given = [f"HEYAN_{name.upper()}={value}" for name, value in settings.items()]
    started = subprocess.Popen(
        ["env", *given, sys.executable, "-m", *command], stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def measure(count: int) -> None:
    bin = programs()
    if bin is None:
        print("PostgreSQL is not installed: nothing was measured")
        return
    with tempfile.TemporaryDirectory(prefix="heyan-ledger-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        database = Path(folder, "pg")
        database.mkdir()
        cluster = Postgres(database, bin, fsync=True)
        try:
            url = cluster.fresh()
            settings = {"database": url, "store": f"file://{folder}/store", "workers": "1", "threads": "1"}
            address = f"unix:{folder}/s"
            serving = process(
                "services.server", "--listen", address, "--data", f"{folder}/data", **settings, work="false"
            )
            with serving as server, Client(address) as client:
                while not client.ready():
                    time.sleep(0.2)
                with process("services.worker", **settings) as worker, psycopg.connect(url, autocommit=True) as ledger:
                    client.intake.wait(submit(client))
                    _measure(client, Costs(ledger, cluster.pid, server.pid, worker.pid), count)
        finally:
            cluster.stop()


def submit(client: Client) -> str:
    file = Upload("a.txt", f"项目申报书 {uuid.uuid4()}".encode())
    return client.intake.submit([file], CALL).name


def _measure(client: Client, costs: Costs, count: int) -> None:
    time.sleep(2)
    costs.since()
    time.sleep(5)
    idle = costs.since()
    rate = idle["transactions"] / idle["seconds"]
    print(f"an idle worker with one slot and its server: {rate:.1f} transactions a second")
    names = [submit(client) for _ in range(count)]
    for name in names:
        client.intake.wait(name)
    took = costs.since()
    print(f"{count} submissions in {took['seconds']:.0f} s, each:")
    for name in ("PostgreSQL", "server", "worker"):
        print(f"    CPU of {name}: {took[name] / count * 1000:.1f} ms")
    print(f"    transactions: {took['transactions'] / count:.0f}, those of watching and polling included")
    print(f"    WAL: {took['WAL'] / count / 1024:.0f} KiB; the database grew by {took['size'] / count / 1024:.0f} KiB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    measure(parser.parse_args().count)


if __name__ == "__main__":
    main()
