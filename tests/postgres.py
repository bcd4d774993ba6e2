"""A PostgreSQL of one's own for tests: in a temporary folder, on a Unix socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/usr/bin", "/usr/local/bin")
_numbers = count()


def programs() -> Path | None:
    """The folder of initdb and postgres; the newest where there are several."""
    for place in _PLACES:
        folders = [path.parent for path in sorted(Path("/").glob(f"{place[1:]}/initdb"))]
        if folders:
            return folders[-1]
    return None


class Postgres:
    """url: of its first database. fsync: as it has to be where a power cut matters. under: a program that runs it."""

    def __init__(self, folder: Path, bin: Path, *, fsync: bool = False, under: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self._fsync = fsync
        self._under = under
        self._as_user: tuple[str, ...] = ()
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            # Not Popen's `user`, which takes fork for vfork: of a process that serves gRPC one child in five crashes.
            self._as_user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")
        self._bin = bin
        init = [str(bin / "initdb"), "-N", "-D", "data", "-A", "trust", "-U", "heyan", "-E", "UTF8", "--locale=C"]
        subprocess.run([*self._as_user, *init], check=True, capture_output=True, cwd=folder)
        self.start()

    def start(self) -> None:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            f"fsync={'on' if self._fsync else 'off'}",
            "shared_buffers=16MB",
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as_user, *self._under, str(self._bin / "postgres"), "-D", str(self.folder / "data"), *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        for _ in range(200):
            try:
                psycopg.connect(self.url).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise TimeoutError((self.folder / "log").read_text())

    def stop(self) -> None:
        """At once; nothing that was committed is lost."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)

    def kill(self) -> None:
        """kill -9 of all of its processes at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def url(self) -> str:
        return f"postgresql://heyan@/postgres?host={self.folder}"

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{next(_numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]  # made here
        return self.url.replace("/postgres?", f"/{name}?")


@contextmanager
def postgres() -> Iterator[Postgres | None]:
    """None where it is not installed."""
    bin = programs()
    if bin is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="heyan-pg-", dir="/tmp"))
    try:
        server = Postgres(folder, bin)
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
