"""A server of one's own: a child process on a Unix socket in a private folder, gone when it is not needed any more.

It ends in every case: `close` terminates it, and should we be killed ourselves, its standard input reaches its end and
it leaves by itself (--exit-with-parent).
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

# sun_path of a Unix socket has 108 bytes, its end included.
_LONGEST_SOCKET_PATH = 107
_START_SECONDS = 120.0
_DRAIN_SECONDS = 5.0


class ServerDied(Exception):
    """The server could not be started. log: the end of what it said, may be empty."""

    def __init__(self, message: str, log: str = "") -> None:
        super().__init__(message)
        self.log = log


def server_command(listen: str | None, *arguments: str) -> list[str]:
    """The command that runs the server. listen: None for what the server's own settings say."""
    # -P: a folder `services` where the user happens to stand is not our package
    command = [sys.executable, "-P", "-m", "services.server", *arguments]
    return command if listen is None else [*command, "--listen", listen]


class PrivateServer:
    """Starts at once and goes on in the background; `wait` until it answers. Raises ServerDied, OSError."""

    def __init__(self, calls: Path | None = None) -> None:
        """calls: folder of call folders; None for what the server's own settings say."""
        self.folder = _private_folder()
        self.socket = self.folder / "s"
        self.address = f"unix:{self.socket}"
        try:
            with (self.folder / "log").open("wb") as log:
                self._process = subprocess.Popen(
                    server_command(
                        self.address,
                        "--data",
                        str(self.folder / "data"),
                        "--private",
                        "--exit-with-parent",
                        *(["--calls", str(calls)] if calls is not None else []),
                    ),
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    # Ctrl-C in the terminal is for us; we end the server when we are through.
                    start_new_session=True,
                )
        except OSError:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self, seconds: float = _START_SECONDS) -> None:
        """Until it accepts connections; whether its models are loaded, its health service says. Raises ServerDied."""
        end = time.monotonic() + seconds
        while not accepts(self.address):
            if self._process.poll() is not None:
                raise ServerDied(f"the server ended with code {self._process.returncode}", self.log())
            if time.monotonic() > end:
                raise ServerDied(f"the server did not listen within {seconds:.0f} s", self.log())
            time.sleep(0.02)

    def alive(self) -> bool:
        return self._process.poll() is None

    def log(self, lines: int = 12) -> str:
        """The end of what it has said so far."""
        try:
            text = (self.folder / "log").read_bytes()[-16_384:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    def close(self) -> None:
        """Ends the server and removes its folder; nothing happens the second time."""
        process = self._process
        if process.poll() is None:
            process.terminate()
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(_DRAIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def accepts(address: str, seconds: float = 0.25) -> bool:
    """Whether somebody listens at "unix:/path" or "host:port". A refused connection costs well under a millisecond."""
    try:
        if address.startswith("unix:"):
            with socket.socket(socket.AF_UNIX) as door:
                door.settimeout(seconds)
                door.connect(address.removeprefix("unix:"))
            return True
        host, _, port = address.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port)), seconds):
            return True
    except (OSError, ValueError):
        return False


def end_on_signals() -> None:
    """Lets SIGTERM and SIGHUP end this process as Ctrl-C does: through every `with`, so that a child is not left."""

    def leave(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)  # once is enough; a second one must not interrupt the tidying
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def _private_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="heyan-"))
    if len(str(folder / "s").encode()) > _LONGEST_SOCKET_PATH:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="heyan-", dir="/tmp"))
    return folder
