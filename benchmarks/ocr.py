"""How fast pages are read, beside rapidocr and pytesseract as installed, and what a worker takes.

    python -m benchmarks.ocr [--count 2] [--seed 11] [--pages 12]

The pages are those of benchmarks.pages, from files at 200 dpi. In turn, so that a machine that drifts does so for all:

    heyan       a page from bytes to Document: straightened, inks, lines, seals found and read, tables; one thread
    whole       the same, seals found but not read
    rapidocr    RapidOCR()(picture), pytesseract: image_to_string(picture, "chi_sim"); the picture is decoded already

and beside them, in processor time of the one thread, what the networks alone take on just what they are given:

    whole_to_inference             `whole` to the detector and the recogniser of lines
    with_seals_read_to_inference   `heyan` to all inferences: strips of seals, the way up and second readings, too

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
from extractors.document import Box, Defect, Document, Place, Seal
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.engine import Raster, Recogniser
from extractors.ocr.inks import Inks
from extractors.ocr.rapid import RapidEngine
from extractors.read import read
from extractors.seals import find_seals
from extractors.seals.evidence import told
from extractors.seals.find import find
from extractors.seals.text import Text
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


def find_only(
    inks: Inks, raster: Raster, dpi: float | None, recogniser: Recogniser, limits: Limits, *, crops: bool = False
) -> tuple[tuple[Seal, ...], tuple[Defect, ...]]:
    """A FindSeals that does not read what the product's finder finds; those are seals that are whole."""
    height, width = raster.shape[:2]
    seals = []
    for outline in find(inks, limits).outlines:
        if told(outline, Text(), 0.0, raster, None if dpi is None else dpi / 25.4) is not None:
            points = np.clip(outline.polygon() / (width, height), 0, 1)
            box = Box(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
            polygon = tuple((x, y) for x, y in points.tolist())
            seals.append(Seal(outline.shape, outline.colour, "", Place(box=box), polygon=polygon))
    return tuple(seals), ()


class Heyan:
    """One worker's engine, with an eye that reads seals and one that only finds them."""

    def __init__(self) -> None:
        self.engine = RapidEngine()
        self.engine.warm()
        self.eye, self.finder = (Eye(self.engine, self.engine, Limits(), each) for each in (find_seals, find_only))

    def read(self, data: bytes, eye: Eye) -> str:
        return "".join(line.text for line in read(data, eye.look, Limits()).iter_lines())

    def inference(self, data: bytes, eye: Eye, *, every: bool) -> Callable[[], None]:
        """What runs the networks on just what they are given for a page: detector and recogniser of lines, or all."""
        detector = Recorded(self.engine._detector)
        readers = [self.engine._reader, *((self.engine._of_seals, self.engine._second) if every else ())]
        recorded = [Recorded(reader._network) for reader in readers]
        self.engine._detector = detector  # type: ignore[assignment]
        for reader, network in zip(readers, recorded, strict=True):
            reader._network = network
        self.read(data, eye)
        self.engine._detector = detector.model
        for reader, network in zip(readers, recorded, strict=True):
            reader._network = network.model

        def run() -> None:
            for network in (detector, *recorded):
                for run in network.runs:
                    run()

        return run


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--count", type=int, default=2, help="files of each condition at 200 dpi")
    parser.add_argument("--pages", type=int, default=12, help="pages that each of two workers reads")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    keep_freed()  # as a worker does
    cases = dict(_cases(arguments.seed, arguments.count))
    heyan, peers = Heyan(), {"rapidocr": _rapidocr(), "pytesseract": _pytesseract}
    tallies = {name: Tally() for name in ("heyan", *peers)}
    whole: list[float] = []
    ratios: dict[str, list[float]] = {"whole_to_inference": [], "with_seals_read_to_inference": []}
    inference: list[float] = []
    by_condition: dict[str, Tally] = {}
    for name, case in cases.items():
        truth = "".join(line.text for page in case.pages for line in page.lines)
        # each size of page comes once before it is timed
        lines_alone = heyan.inference(case.data, heyan.finder, every=False)
        everything = heyan.inference(case.data, heyan.eye, every=True)
        seconds, text = _timed(lambda data=case.data: heyan.read(data, heyan.eye))  # type: ignore[misc]
        tallies["heyan"].add(seconds, text, truth)
        by_condition.setdefault(name.rpartition("/")[0], Tally()).add(seconds, text, truth)
        whole.append(_spent(lambda data=case.data: heyan.read(data, heyan.finder)))  # type: ignore[misc]
        inference.append(_spent(lines_alone))
        ratios["whole_to_inference"].append(whole[-1] / inference[-1])
        read_too = _spent(lambda data=case.data: heyan.read(data, heyan.eye))  # type: ignore[misc]
        ratios["with_seals_read_to_inference"].append(read_too / _spent(everything))
        for peer, reads in peers.items():
            seconds, text = _timed(lambda reads=reads, data=case.data: reads(data))  # type: ignore[misc]
            tallies[peer].add(seconds, text, truth)
    for name, tally in by_condition.items():
        print(f"{name:24}{median(tally.seconds):7.2f} s{tally.wrong:8.2f} %")
    ours = tallies["heyan"]
    figures: dict[str, Any] = {"benchmark": "ocr", "seed": arguments.seed, "pages": len(cases)}
    figures |= {f"{name}_seconds": round(median(tally.seconds), 3) for name, tally in tallies.items()}
    figures |= {f"{name}_wrong_letters": tally.wrong for name, tally in tallies.items()}
    figures |= {"whole_seconds": round(median(whole), 3), "inference_seconds": round(median(inference), 3)}
    figures |= {name: round(median(each), 3) for name, each in ratios.items()}
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


def _spent(action: Callable[[], Any]) -> float:
    """Processor time: what else runs on the machine does not count."""
    began = time.process_time()
    action()
    return time.process_time() - began


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
