"""The processes that are killed, each started again: a server, workers, their readers, the database."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

from tests.postgres import Postgres


class Plant:
    """On SQLite one server, which works itself; on PostgreSQL a server that only accepts, and three workers.

    real: services/server.py and services/worker.py with their models; else readers that need none. deadly: they kill
    themselves in one of so many transactions, 0 for never. kills: by what was killed and when.
    """

    def __init__(self, data: Path, cluster: Postgres | None, seed: int, *, real: bool = False, deadly: int = 0) -> None:
        self.data, self.cluster, self.real, self.deadly = data, cluster, real, deadly
        self.chance = random.Random(seed)
        self.database = cluster.fresh() if cluster else ""
        self.kills: Counter[str] = Counter()
        self._away = False
        self.stopped = False
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        # of `processes`: what one thread kills, another would find dead and start beside the first one's successor
        self._renewing = threading.Lock()
        for role in ["server"] if cluster is None else ["server", "worker 1", "worker 2", "worker 3"]:
            self.start(role)

    def command(self, role: str, *, deadly: bool = True) -> list[str]:
        command = [sys.executable, "-m", "tests.services.intake.process", str(self.data)]
        if self.cluster is not None:
            command += ["--database", self.database, "--only", "serve" if role == "server" else "work"]
        if self.real:
            command += ["--real"]
        if self.deadly and deadly:
            command += ["--deadly", str(self.deadly)]
        return command

    def start(self, role: str) -> None:
        with (self.data / f"{role}.log").open("ab") as log:
            self.processes[role] = subprocess.Popen(self.command(role), stdout=log, stderr=log)

    def kill(self, role: str, moment: str) -> None:
        """kill -9, and a new one at once."""
        with self._renewing:
            self.processes[role].kill()
            self.processes[role].wait()
            self.kills[f"{role.split()[0]}, {moment}"] += 1
            self.start(role)

    def kill_reader(self, moment: str) -> None:
        readers = [pid for process in self.processes.values() for pid in below(process.pid)]
        if readers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.chance.choice(readers), signal.SIGKILL)
                self.kills[f"reader, {moment}"] += 1

    def kill_database(self, moment: str) -> None:
        assert self.cluster is not None
        self.kills[f"database, {moment}"] += 1
        self.cluster.kill()
        self._start_database()

    def _start_database(self) -> None:
        """PostgreSQL waits for what kill -9 has left of itself, and gives up where that takes too long."""
        assert self.cluster is not None
        for _ in range(10):
            try:
                self.cluster.start()
                return
            except TimeoutError:
                self.cluster.kill()
        raise TimeoutError("PostgreSQL does not start any more")

    def kill_any(self) -> None:
        """Something, at any moment. Takes a while: call it in a thread."""
        database = ["database"] if self.cluster and not self._away else []
        what = self.chance.choice([*self.processes, "reader", "reader", *database])
        if what == "reader":
            self.kill_reader("at any moment")
        elif what == "database":
            self.kill_database("at any moment")
        else:
            self.kill(what, "at any moment")

    async def without_database(self, seconds: float) -> None:
        """The database is away for so long; nothing else is killed meanwhile that needs it to start."""
        assert self.cluster is not None
        self._away = True
        self.kills[f"database, away for {seconds:.0f} s"] += 1
        await asyncio.to_thread(self.cluster.stop)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self._start_database)
        self._away = False

    def revive(self) -> None:
        """Starts again what has ended by itself: it killed itself, or the database was away when it started."""
        if self._away:
            return
        with self._renewing:
            for role, process in self.processes.items():
                if process.poll() is not None:
                    self.start(role)

    def stop(self) -> None:
        self.stopped = True
        with self._renewing:
            for process in self.processes.values():
                process.kill()
                process.wait()
        deaths = self.data / "deaths"
        if deaths.exists():
            self.kills.update(f"itself, {line}" for line in deaths.read_text().splitlines())


def below(pid: int) -> list[int]:
    """The readers of a process: what its forkserver has started."""
    found: list[int] = []
    for child in _children(pid):
        with contextlib.suppress(OSError):
            if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes():
                found += _children(child)
    return found


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found
