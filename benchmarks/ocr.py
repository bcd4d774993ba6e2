"""How fast pages are read, beside rapidocr and pytesseract as installed, and what a worker takes.

    python -m benchmarks.ocr [--count 2] [--seed 11] [--pages 12]

The pages are those of benchmarks.pages, from files at 200 dpi. In turn, so that a machine that drifts does so for all:

    whole       a page from bytes to Document: straightened, inks, lines, seals, tables; one thread
    inference   the two models alone, on just what they were given for that page
    rapidocr    RapidOCR()(picture), pytesseract: image_to_string(picture, "chi_sim"); the picture is decoded already

Then two workers of one thread each read `--pages` pages apiece at the same time, as in the service. Wrong letters in
percent of all: Hanzi, Latin letters and digits, Traditional ones of rapidocr not forgiven.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import cv2
import numpy as np
import pytesseract
from PIL import Image
from rapidfuzz.distance import Levenshtein

from benchmarks.latency import Recorded
from benchmarks.pages.__main__ import folded, letters
from benchmarks.pages.conditions import ALL, Case
from extractors.document import Document
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.rapid import RapidEngine
from extractors.read import read
from extractors.seals import find_seals
from services.extraction.memory import keep_freed
from services.extraction.worker import Job, Telling

Texts = Callable[[bytes], str]


@dataclass(slots=True)
class Tally:
    """Seconds a page, and wrong letters."""

    seconds: list[float] = field(default_factory=list)
    edits: int = 0
    letters: int = 0

    def add(self, seconds: float, text: str, truth: str) -> None:
        self.seconds.append(seconds)
        self.edits += Levenshtein.distance(letters(folded(truth)), letters(folded(text)))
        self.letters += len(letters(folded(truth)))

    @property
    def wrong(self) -> float:
        return round(100 * self.edits / max(1, self.letters), 3)


class Heyan:
    """One worker's eye, whose models remember what they were given for the page that was read last."""

    def __init__(self) -> None:
        self.engine = RapidEngine()
        self.engine.warm()
        self.models = Recorded(self.engine._detector), Recorded(self.engine._reader._network)
        self.eye = Eye(self.engine, self.engine, Limits(), find_seals)

    def read(self, data: bytes) -> str:
        return "".join(line.text for line in read(data, self.eye.look, Limits()).iter_lines())

    def record(self, data: bytes) -> None:
        """Remember what the models are given for this page."""
        reader = self.engine._reader
        plain = self.engine._detector, reader._network
        for model in self.models:
            model.pictures.clear()
        self.engine._detector, reader._network = self.models  # type: ignore[assignment]
        self.read(data)
        self.engine._detector, reader._network = plain

    def inference(self) -> None:
        for model in self.models:
            for picture in model.pictures:
                model.model(picture)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--count", type=int, default=2, help="files of each condition at 200 dpi")
    parser.add_argument("--pages", type=int, default=12, help="pages that each of two workers reads")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    cases = dict(_cases(arguments.seed, arguments.count))
    heyan, peers = Heyan(), {"rapidocr": _rapidocr(), "pytesseract": _pytesseract}
    tallies = {name: Tally() for name in ("heyan", *peers)}
    inference: list[float] = []
    by_condition: dict[str, Tally] = {}
    for name, case in cases.items():
        truth = "".join(line.text for page in case.pages for line in page.lines)
        heyan.record(case.data)  # and each size of page comes once before it is timed
        seconds, text = _timed(lambda data=case.data: heyan.read(data))  # type: ignore[misc]
        tallies["heyan"].add(seconds, text, truth)
        by_condition.setdefault(name.rpartition("/")[0], Tally()).add(seconds, text, truth)
        inference.append(_timed(heyan.inference)[0])
        for peer, reads in peers.items():
            seconds, text = _timed(lambda reads=reads, data=case.data: reads(data))  # type: ignore[misc]
            tallies[peer].add(seconds, text, truth)
    for name, tally in by_condition.items():
        print(f"{name:24}{median(tally.seconds):7.2f} s{tally.wrong:8.2f} %")
    ours = tallies["heyan"]
    ratios = [whole / alone for whole, alone in zip(ours.seconds, inference, strict=True)]
    figures: dict[str, Any] = {"benchmark": "ocr", "seed": arguments.seed, "pages": len(cases)}
    figures |= {f"{name}_seconds": round(median(tally.seconds), 3) for name, tally in tallies.items()}
    figures |= {f"{name}_wrong_letters": tally.wrong for name, tally in tallies.items()}
    figures |= {"inference_seconds": round(median(inference), 3), "whole_to_inference": round(median(ratios), 3)}
    figures |= {f"{peer}_ratio": _ratio(tallies[peer], ours) for peer in peers}
    figures |= _workers([case.data for case in cases.values()], arguments.pages)
    figures |= {f"{peer}_ratio_two_workers": _two(tallies[peer], figures) for peer in peers}
    print(json.dumps(figures))


def _cases(seed: int, count: int) -> Iterator[tuple[str, Case]]:
    """Files of one page each, by condition and number."""
    for condition in ALL:
        if condition.dpi != 200 or condition.spread:
            continue
        for index in range(count):
            yield f"{condition.name}/{index}", condition.case(Random(f"{seed}/{condition.name}/{index}"), index)


def _timed(action: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = action()
    return time.perf_counter() - began, answer


def _ratio(theirs: Tally, ours: Tally) -> float:
    """Median over the pages of how many times as long as ours they take, one page after another."""
    return round(median(t / o for t, o in zip(theirs.seconds, ours.seconds, strict=True)), 2)


def _two(theirs: Tally, figures: dict[str, Any]) -> float:
    """How many times as long they take for a page (with all cores, as installed) as our two workers do for one."""
    return round(sum(theirs.seconds) / len(theirs.seconds) * float(figures["pages_a_second"]), 2)


def _picture(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _rapidocr() -> Texts:
    import logging

    from rapidocr import RapidOCR

    engine = RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)

    def reads(data: bytes) -> str:
        answer: Any = engine(_picture(data)[:, :, ::-1])
        return "".join(answer.txts or ())

    return reads


def _pytesseract(data: bytes) -> str:
    return str(pytesseract.image_to_string(Image.fromarray(_picture(data)), lang="chi_sim"))


def _workers(files: list[bytes], pages: int) -> dict[str, float]:
    """Two processes that read at the same time: pages a second, their peak memory, and how long the models load."""
    context = multiprocessing.get_context("spawn")
    ready, answers = context.Barrier(2), context.SimpleQueue()
    shares = [[files[(2 * n + number) % len(files)] for n in range(pages)] for number in range(2)]
    workers = [context.Process(target=_work, args=(share, ready, answers)) for share in shares]
    for process in workers:
        process.start()
    told = [answers.get() for _ in workers]
    for process in workers:
        process.join()
    return {
        "pages_a_second": round(2 * pages / max(seconds for seconds, _, _ in told), 2),
        "worker_peak_mb": round(max(memory for _, memory, _ in told)),
        "load_seconds": round(max(load for _, _, load in told), 2),
    }


def _work(files: list[bytes], ready: Any, answers: Any) -> None:
    cv2.setNumThreads(1)
    keep_freed()
    load, engine = _timed(RapidEngine)
    engine.warm()
    eye = Eye(engine, engine, Limits(), find_seals)

    def see(data: bytes) -> Document:
        return read(data, eye.look, Limits(), pages=Telling(Job(data)))

    for data in files[:3]:
        see(data)
    ready.wait()
    seconds, _ = _timed(lambda: [see(data) for data in files])
    # ru_maxrss would count what this process had of its parent before it was one of its own
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    answers.put((seconds, int(status["VmHWM"].split()[0]) / 1024, load))


if __name__ == "__main__":
    main()
