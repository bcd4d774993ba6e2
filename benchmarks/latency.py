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
from pathlib import Path
from statistics import median

from clients.private_server import PrivateServer
from clients.sdk import Client
from extractors.look import Eye
from extractors.ocr.engines import make_engine
from extractors.read import read

from benchmarks.truth import Case, cases
from extractors.limits import Limits
from extractors.ocr.engine import Shot

HEYAN = str(Path(sys.executable).parent / "heyan")


def chosen() -> Case:
    """The first clean submission of seed 1 whose letter is a scanned PDF at 200 dpi."""
    for case in cases(1, 40):
        letters = [file for file in case.truth["files"] if file["kind"] == "pairing_letter"]
        if not case.truth["defects"] and any(f["medium"] == "scan-pdf" and f.get("dpi") == 200 for f in letters):
            return case
    raise LookupError("no submission with a letter scanned at 200 dpi")


def timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def inference(letter: bytes) -> Callable[[], float]:
    """A function that looks at the letter's page and returns the seconds inside the two models."""
    engine = make_engine("rapidocr", threads=1)
    eye = Eye(engine, Limits())
    shots: list[Shot] = []

    def keep(shot: Shot) -> object:
        shots.append(shot)
        return eye.look(shot)

    read(letter, keep, Limits())  # type: ignore[arg-type]
    grey = eye.grey(shots[0])

    def once() -> float:
        engine.read(grey)
        return engine.inference_seconds  # type: ignore[attr-defined, no-any-return]

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
                "inference": alone(),
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
