"""What one portal's flood costs another: the latency of one check, alone and while another portal keeps 32 under way.

    python -m benchmarks.flood [--rounds 4] [--under-way 32]

One submission (a form and a one-page scanned letter at 200 dpi), read anew each time, two portals with a token each,
one server with its usual workers. Quiet and flooded turns alternate, so that a machine that drifts does so for both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.latency import chosen, timed
from clients.access import Access
from clients.sdk import Client, ClientError, Upload

CALL = "zhihui-2021"
_A_TURN = 3  # checks


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server that keeps no readings."""
    address = f"unix:{folder}/s"
    command = [sys.executable, "-m", "services.server", "--listen", address, "--data", str(folder / "data")]
    environment = {"PATH": "/usr/bin:/bin", "HEYAN_KEEP_CHECKS": "false", "HEYAN_AUTHENTICATE": "true"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env=environment)
    try:
        yield address
    finally:
        process.terminate()
        process.wait()


def access(folder: Path, portal: str) -> Access:
    command = [sys.executable, "-m", "services.callers.command", "create", portal, "--data", str(folder / "data")]
    made = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"})
    return Access(token=made.stdout.strip())


@contextmanager
def flooded(address: str, access: Access, uploads: Sequence[Upload], under_way: int) -> Iterator[None]:
    """So many checks of a portal are under way as long as the block lasts."""
    stop, begun = threading.Event(), threading.Event()
    client = Client(address, access=access)

    def go_on() -> None:
        while not stop.is_set():
            begun.set()
            try:
                client.check(uploads, CALL)
            except ClientError as error:
                if not stop.is_set() and error.status != "RESOURCE_EXHAUSTED":
                    raise
                stop.wait(0.2)

    threads = [threading.Thread(target=go_on, daemon=True) for _ in range(under_way)]
    for thread in threads:
        thread.start()
    begun.wait()
    stop.wait(2.0)
    try:
        yield
    finally:
        stop.set()
        client.close()
        for thread in threads:
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--under-way", type=int, default=32)
    arguments = parser.parse_args()
    uploads = chosen().uploads
    times: dict[str, list[float]] = {"quiet": [], "flooded": []}
    with tempfile.TemporaryDirectory(prefix="heyan-") as name, served(Path(name)) as address:
        with Client(address) as anybody:
            if not anybody.ready(120):
                raise SystemExit((Path(name) / "log").read_text())
        flood = access(Path(name), "flood")
        with Client(address, access=access(Path(name), "other")) as other:
            other.check(uploads, CALL)  # warms up
            for _ in range(arguments.rounds):
                times["quiet"] += [timed(lambda: other.check(uploads, CALL)) for _ in range(_A_TURN)]
                with flooded(address, flood, uploads, arguments.under_way):
                    times["flooded"] += [timed(lambda: other.check(uploads, CALL)) for _ in range(_A_TURN)]
    print(
        json.dumps(
            {
                "benchmark": "flood",
                "checks": len(times["quiet"]),
                "quiet_seconds": round(median(times["quiet"]), 3),
                "flooded_seconds": round(median(times["flooded"]), 3),
                "ratio": round(median(times["flooded"]) / median(times["quiet"]), 2),
                "worst_ratio": round(max(times["flooded"]) / median(times["quiet"]), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
