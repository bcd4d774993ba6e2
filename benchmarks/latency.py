"""What a check costs beside OCR inference: one submission of a form (.docx) and a one-page scanned letter at 200 dpi.

    python -m benchmarks.latency [--runs 9]

    inference   the two models on the letter's page, one thread as in a worker: the time inside their calls alone
    warm        the whole process `heyan check FOLDER --server ADDR --json` against a running service
    rpc         ValidationService.Check alone, from a connected client
    cold        the whole process `heyan check FOLDER --json`, with its private service, models and all

Medians, taken in turn so that a machine that drifts does so for all.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.truth import Case, cases
from clients.private_server import PrivateServer
from clients.sdk import Client
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.rapid import RapidEngine
from extractors.read import read

Network = Callable[[NDArray[np.float32]], tuple[NDArray[Any], ...]]
HEYAN = str(Path(sys.executable).parent / "heyan")


def chosen() -> Case:
    """The first clean submission of seed 1 that is a Word form and a letter of one page, scanned as PDF at 200 dpi."""
    wanted = {"medium": "scan-pdf", "dpi": 200, "tone": "colour"}
    for case in cases(1, 40):
        letter = case.truth["files"][-1]
        whole = all(seal["page"] == 1 for seal in letter["seals"])
        if not case.planted and case.truth["delivery"] == "word" and whole and wanted.items() <= letter.items():
            return case
    raise LookupError("no submission with a letter scanned at 200 dpi")


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


class Recorded:
    """A model that remembers what it was asked, so that it can be asked again."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.runs: list[Callable[[], object]] = []

    def __call__(self, picture: NDArray[np.float32]) -> Any:
        self.runs.append(partial(self.model, picture.copy()))
        return self.model(picture)

    def both(self, picture: NDArray[np.float32]) -> Any:
        self.runs.append(partial(self.model.both, picture.copy()))
        return self.model.both(picture)


def inference(letter: bytes) -> Callable[[], None]:
    """A function that runs the two models on just what they are given for the letter's page, and nothing else."""
    engine = RapidEngine(threads=1)
    reader = engine._reader
    models = Recorded(engine._detector), Recorded(reader._network)
    engine._detector, reader._network = models  # type: ignore[assignment]  # what is measured is inside
    read(letter, Eye(engine, None, Limits(), None).look, Limits())

    def once() -> None:
        for model in models:
            for run in model.runs:
                run()

    return once


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    case = chosen()
    letter = next(case.folder / f["name"] for f in case.truth["files"] if f["kind"] == "pairing_letter")
    alone = inference(letter.read_bytes())
    check = [HEYAN, "check", str(case.folder), "--call", "zhihui-2021", "--json"]
    times: dict[str, list[float]] = {"inference": [], "warm": [], "rpc": [], "cold": []}
    with PrivateServer() as server, Client(server.address) as heyan:
        server.wait()
        heyan.ready(60)
        for number in range(runs + 1):
            measured = {
                "inference": timed(alone),
                "warm": timed(
                    lambda: subprocess.run([*check, "--server", server.address], stdout=subprocess.DEVNULL, check=False)
                ),
                "rpc": timed(lambda: heyan.check(case.uploads, "zhihui-2021")),
            }
            if number:  # the first is for warming up
                for name, seconds in measured.items():
                    times[name].append(seconds)
    for _ in range(3):
        times["cold"].append(
            timed(lambda: subprocess.run(check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False))
        )
    middle = {name: median(values) for name, values in times.items()}
    print(
        json.dumps(
            {
                "benchmark": "latency",
                "runs": runs,
                **{f"{name}_seconds": round(value, 3) for name, value in middle.items()},
                "warm_ratio": round(median(w / i for w, i in zip(times["warm"], times["inference"], strict=True)), 3),
                "rpc_ratio": round(median(r / i for r, i in zip(times["rpc"], times["inference"], strict=True)), 3),
            }
        )
    )


if __name__ == "__main__":
    main()
