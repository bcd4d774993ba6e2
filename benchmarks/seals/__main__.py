"""Seals found and read on drawn pages, and what is made of pages without one.

    python -m benchmarks.seals [--seed 2] [--pages 320] [--others 100] [--peers 60] [--show DIR]

Seed 2 measures; thresholds were made on seeds from 1001 on. Needs the faces of faces.py (a message names the packages),
and Tesseract with chi_sim for the peers. Finding and reading are timed in this process's CPU seconds, on one core.
--show writes each difference to DIR/differences.txt and the seals' crops beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from random import Random

import cv2
import numpy as np

from benchmarks import scoring
from benchmarks.scoring import ned
from benchmarks.seals import faces, ornaments, pages, peers
from benchmarks.seals.pages import Sheet, Truth
from benchmarks.seals.score import Score, hanzi, matched, name_read, quantile
from extractors.document import Defect, Seal
from extractors.limits import Limits
from extractors.ocr.inks import separate
from extractors.ocr.rapid import RapidEngine
from extractors.seals import find_seals
from extractors.seals.find import find


class Clock:
    """CPU seconds of this process. found: a page; read: a seal; apart: a page's inks; text: a page's OCR."""

    def __init__(self) -> None:
        self.apart: list[float] = []
        self.found: list[float] = []
        self.read: list[float] = []
        self.text: list[float] = []


def look(
    sheet: Sheet, engine: RapidEngine, clock: Clock, *, with_text: bool = False
) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
    """The page's seals, as the product finds and reads them."""
    begin = time.process_time()
    inks = separate(sheet.picture)
    apart = time.process_time()
    find(inks, Limits())
    found = time.process_time()
    seals, defects = find_seals(inks, sheet.picture, sheet.dpi, engine, Limits())
    read = time.process_time()
    clock.apart.append(apart - begin)
    clock.found.append(found - apart)
    if seals:
        clock.read.append(max(0.0, read - found - (found - apart)) / len(seals))
    if with_text:
        engine.read(inks.grey)
        clock.text.append(time.process_time() - read)
    return seals, defects


def main() -> int:
    """Prints tables by condition, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--pages", type=int, default=320)
    parser.add_argument("--others", type=int, default=100, help="pages without a seal")
    parser.add_argument("--peers", type=int, default=60, help="seals that the peers read too")
    parser.add_argument("--show", type=Path, help="folder for crops of failures")
    arguments = parser.parse_args()
    try:
        faces.require()
    except faces.FacesMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    engine, clock, score = RapidEngine(threads=1), Clock(), Score()
    engine.warm()
    sample: list[tuple[Sheet, Truth, Seal | None]] = []
    lot = Random(arguments.seed)
    for number, sheet in enumerate(pages.sheets(arguments.seed, arguments.pages)):
        seals, _ = look(sheet, engine, clock, with_text=number % 16 == 0)
        show(arguments.show, sheet, score.add(sheet, seals))
        fit = [pair for pair in matched(sheet, seals) if pair[0] is not None and _fit(pair[0])]
        if fit and len(sample) < arguments.peers and lot.random() < 0.6:
            truth, seal = fit[0]
            assert truth is not None
            sample.append((sheet, truth, seal))
    finds, named = others(arguments.seed, arguments.others, engine, arguments.show)
    print(score.table())
    print(f"pages without a seal: {arguments.others}, finds on {len(finds)}, that read as a name on {len(named)}")
    compared = beside(sample)
    result = {
        "benchmark": "seals",
        "seed": arguments.seed,
        "pages": arguments.pages,
        **score.figures(),
        "other_pages": arguments.others,
        "other_pages_with_a_find": len(finds),
        "other_pages_with_a_name": len(named),
        "find_seconds_median": quantile(clock.found, 0.5),
        "find_seconds_p95": quantile(clock.found, 0.95),
        "read_seconds_median": quantile(clock.read, 0.5),
        "read_seconds_p95": quantile(clock.read, 0.95),
        "inks_seconds_median": quantile(clock.apart, 0.5),
        "text_seconds_median": quantile(clock.text, 0.5),
        "peers": compared,
    }
    print(json.dumps(result, ensure_ascii=False))
    return 0


def _fit(truth: Truth) -> bool:
    """What the peers' ways are made for: whole rings."""
    return truth.plate.kind in ("round", "oval") and truth.visible > 0.97


def others(seed: int, count: int, engine: RapidEngine, folder: Path | None) -> tuple[list[str], list[str]]:
    """Names of the pages without a seal on which something is found, and on which it reads as a name."""
    finds, named = [], []
    for sheet in ornaments.sheets(seed, count):
        seals, _ = look(sheet, engine, Clock())
        if seals:
            finds.append(sheet.name)
            show(
                folder, sheet, [f"{sheet.name} no seal: {seal.text!r} {seal.shape} {seal.place.box}" for seal in seals]
            )
        if any(hanzi(seal.text) for seal in seals):
            named.append(sheet.name)
    return finds, named


def beside(sample: list[tuple[Sheet, Truth, Seal | None]]) -> dict[str, dict[str, float]]:
    """Exact and 1-NED of the sample by each way; CPU seconds a seal (Tesseract's, a child process, as wall time)."""
    if not sample:
        return {}
    rows: dict[str, list[tuple[bool, float, float]]] = {"heyan, whole page": []}
    for _, truth, seal in sample:
        read = name_read(truth, seal)
        rows["heyan, whole page"].append((read == truth.engraved.text, ned(read, truth.engraved.text), float("nan")))
    for name, way in peers.Peers().ways.items():
        rows[name] = []
        for sheet, truth, _ in sample:
            part = peers.crop(sheet, truth)
            begin = time.perf_counter()
            text = way(part)
            rows[name].append((*peers.judge(text, truth), time.perf_counter() - begin))
    print(f"{'the same ' + str(len(sample)) + ' rings':<34} exact  1-NED  seconds (wall)")
    table = {}
    for name, values in rows.items():
        exact, alike, seconds = (float(np.mean([value[i] for value in values])) for i in range(3))
        print(f"{name:<34} {exact:5.3f}  {alike:5.3f}  {seconds:5.2f}")
        table[name] = {"exact": round(exact, 4), "one_minus_ned": round(alike, 4)}
    return table


def show(folder: Path | None, sheet: Sheet, wrong: list[str]) -> None:
    """Write the differences, and the page with the truth's outlines at half its size."""
    if folder is None or not wrong:
        return
    scoring.note(folder, sheet.name, wrong, ((truth.tags, peers.crop(sheet, truth)) for truth in sheet.truths))
    picture = sheet.picture if sheet.picture.ndim == 3 else cv2.cvtColor(sheet.picture, cv2.COLOR_GRAY2RGB)
    drawn = np.ascontiguousarray(picture[:, :, ::-1])
    for truth in sheet.truths:
        cv2.polylines(drawn, [np.round(truth.polygon).astype(np.int32)], True, (0, 160, 0), 2)
    cv2.imwrite(str(folder / f"{sheet.name.replace(' ', '_')}.jpg"), cv2.resize(drawn, None, fx=0.5, fy=0.5))


if __name__ == "__main__":
    sys.exit(main())
