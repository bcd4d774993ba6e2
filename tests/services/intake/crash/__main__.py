"""Kills servers, workers, readers and the database while submissions come in, and looks whether anything was lost.

    python -m tests.services.intake.crash                          # make crash: everything, on SQLite and PostgreSQL
    python -m tests.services.intake.crash --only sqlite --count 50
    python -m tests.services.intake.crash --only disk              # or fsync, takeover, postgresql

Every request is sent again until it is acknowledged; from then on it must not be lost, nor answered twice or wrongly.

    sqlite       500 submissions; one server that works itself is killed, and its readers; a second server is refused
    postgresql   500 submissions; a server, three workers, their readers and the database are killed; the database is
                 away for 30 s
    takeover     a worker is killed in the middle of a long scan: how soon another goes on, and where
    fsync        what strace sees between a request and its acknowledgement
    disk         a data folder on a full disk: nothing acknowledged is lost, and it goes on when there is room again

The processes are the real ones (services/server.py, services/worker.py, the OCR models). They are killed from outside
at any moment and at chosen ones, and kill themselves just before and just after commits (tests/.../process.py).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.postgres import postgres
from tests.services.intake.crash import scenarios
from tests.services.intake.crash.chaos import Chaos
from tests.services.intake.crash.papers import Forms
from tests.services.intake.crash.plant import Plant


def chaos(arguments: argparse.Namespace, *, postgresql: bool) -> list[str]:
    """500 submissions."""
    papers = Forms(scans=4, every=40)
    with (
        tempfile.TemporaryDirectory(prefix="heyan-crash-") as folder,
        postgres() if postgresql else contextlib.nullcontext() as cluster,
    ):
        if postgresql and cluster is None:
            print("  PostgreSQL is not installed: not tried")
            return []
        papers.expected = scenarios.undisturbed(papers, arguments.count)
        plant = Plant(Path(folder), cluster, arguments.seed, real=True, deadly=arguments.deadly)
        try:
            away = 30.0 if postgresql else 0.0
            run = Chaos(
                plant,
                papers,
                arguments.count,
                pause=arguments.pause,
                most_kills=arguments.kills,
                away=away,
                aimed=arguments.aimed,
            )
            outcome = asyncio.run(run.run())
        finally:
            plant.stop()
            for log in sorted(Path(folder).glob("*.log")):
                if bugs := log.read_text(errors="replace").count("a bug:"):
                    outcome.problems.append(f"{log.name} tells of {bugs} bugs")
    print(f"  {arguments.count} submissions, {len(outcome.acknowledged)} acknowledged, {outcome.refused} sent again")
    for what, times in sorted(plant.kills.items()):
        print(f"  killed {times:3d} × {what}")
    return outcome.problems


SUITES: dict[str, Callable[[argparse.Namespace], list[str]]] = {
    "sqlite": lambda arguments: chaos(arguments, postgresql=False),
    "postgresql": lambda arguments: chaos(arguments, postgresql=True),
    "takeover": lambda _: scenarios.takeover(),
    "fsync": lambda _: scenarios.fsync(),
    "disk": lambda _: scenarios.full_disk(),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=4.0, help="seconds between kills at any moment, on average")
    parser.add_argument("--kills", type=int, default=100, help="at any moment, at the most")
    parser.add_argument("--aimed", type=int, default=8, help="kills at each chosen moment")
    parser.add_argument("--deadly", type=int, default=150, help="processes kill themselves in one of N transactions")
    parser.add_argument("--only", choices=SUITES, action="append")
    arguments = parser.parse_args()
    problems = 0
    for name in arguments.only or SUITES:
        print(f"{name}:", flush=True)
        began = time.monotonic()
        found = SUITES[name](arguments)
        problems += len(found)
        print(f"  problems: {len(found)}, {time.monotonic() - began:.0f} s", flush=True)
        for problem in found[:20]:
            print("   ", problem, flush=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
