"""Seals found and read on hard papers.

    python -m benchmarks.paper [--seed 2] [--count 100] [--show DIR] [--fonts DIR]

Seed 2 measures and is not looked at while rules are made; for that there are the seeds from 1001 on. Needs the faces of
faces.py (a message names the packages), installed or below --fonts. Finding and reading are timed in this process's CPU
seconds, on one core. --show writes each difference to DIR/differences.txt and the seals' crops beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks import scoring
from benchmarks.paper import faces
from benchmarks.paper.capture import Raster
from benchmarks.paper.pictures import Picture, Truth, pictures
from benchmarks.paper.score import SURE, Score
from extractors.limits import Limits
from extractors.ocr.inks import separate
from extractors.ocr.rapid import RapidEngine
from extractors.seals import find_seals


def main() -> int:
    """Prints a table by condition, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--count", type=int, default=100, help="pictures")
    parser.add_argument("--show", type=Path, help="folder for crops of differences")
    parser.add_argument("--fonts", type=Path, help="folder of faces that are not installed")
    arguments = parser.parse_args()
    try:
        faces.require(arguments.fonts)
    except faces.FacesMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    engine, score = RapidEngine(threads=1), Score()
    engine.warm()
    seconds: list[float] = []
    for picture in pictures(arguments.seed, arguments.count):
        begin = time.process_time()
        seals, _ = find_seals(separate(picture.raster), picture.raster, picture.dpi, engine, Limits())
        seconds.append(time.process_time() - begin)
        show(arguments.show, picture, score.add(picture, seals))
    print(score.table())
    print(f"finds that are no seal: {score.strays}")
    print(f"names told with {SURE} and more: {score.all.sure}, of which wrong: {score.all.sure_wrong}")
    result = {
        "benchmark": "paper",
        "seed": arguments.seed,
        "pictures": arguments.count,
        **score.figures(),
        "seconds_median": round(float(np.median(seconds)), 4),
        "seconds_p95": round(float(np.quantile(seconds, 0.95)), 4),
    }
    print(json.dumps(result, ensure_ascii=False))
    return 0


def show(folder: Path | None, picture: Picture, wrong: list[str]) -> None:
    """Write the differences, and crops of the picture's seals."""
    if folder is None or not wrong:
        return
    scoring.note(folder, picture.name, wrong, ((truth.tags, crop(picture, truth)) for truth in picture.truths))


def crop(picture: Picture, truth: Truth) -> Raster:
    """The seal's box with a margin of a twentieth, RGB."""
    left, top, right, bottom = truth.box
    margin = 0.05 * max(right - left, bottom - top)
    rows = slice(max(0, int(top - margin)), int(bottom + margin) + 1)
    part = picture.raster[rows, max(0, int(left - margin)) : int(right + margin) + 1]
    return np.ascontiguousarray(part if part.ndim == 3 else cv2.cvtColor(part, cv2.COLOR_GRAY2RGB))


if __name__ == "__main__":
    sys.exit(main())
