"""What the rules of a call cost: all of them over one submission, in CPU time. Reading the files is not in it.

    python -m benchmarks.rules [--seed 1001] [--count 10] [--rounds 20]

Submissions are the simulator's Word forms (read once) with a letter as text; the heaviest is a form of 200 pages. The
ratio is to understanding the same form's fields (extractors/forms), so that it holds when the machine's speed drifts.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.truth import cases
from extractors.document import Document, Line, Page, Place, Reading, Source
from extractors.errors import ReadError
from extractors.extract import extract
from extractors.forms.find import find
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from services.validation.call import load_call
from services.validation.judge import judge
from services.validation.model import Call, File

CALL = Path(__file__).parents[1] / "services" / "calls" / "zhihui-2021"
RECEIVED = datetime(2021, 9, 1, 2, 0, tzinfo=UTC)
REQUIRED = 5.0  # ms a submission


def milliseconds(action: Callable[[], object], rounds: int) -> float:
    """Median CPU time of one run."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        action()
        times.append(time.process_time() - began)
    return 1000 * median(times)


def forms(call: Call, seed: int, count: int) -> list[Reading]:
    """The simulator's forms in .docx; pictures inside them are not looked at."""
    found = []
    for case in cases(seed, count):
        for path in sorted(case.folder.glob("*.docx")):
            try:
                reading = extract(path.read_bytes(), call.forms, _nothing_seen, Limits())
            except ReadError:
                continue  # planted damage
            if reading.kind == call.forms[0].kind:
                found.append(reading)
    return found


def _nothing_seen(shot: Shot) -> Sight:
    """OCR is not what is measured."""
    return Sight(Page(1, Source.OCR), (), ())


def letter(call: Call) -> File:
    """A letter as OCR reads it, without its picture."""
    rows = (
        "中国林学会关于商请共同开展科技志愿服务活动的函",
        "安吉县科学技术协会：",
        "我会拟申报“智惠行动·百会百县乡村行”项目，特商请贵单位共同开展“毛竹林下经济技术培训”活动。",
        "特此函商，请予支持为盼。",
        "中国林学会",
        "2021年8月26日",
    )
    document = Document("pdf", blocks=tuple(Line(row, Place(path=f"paragraph {n}")) for n, row in enumerate(rows, 1)))
    reading = Reading(document, call.forms[1].kind, 1.0, find(document, call.forms[1]))
    return File("函.pdf", "0" * 64, 1, reading)


def long(reading: Reading) -> Reading:
    """The same form with a body of 8,000 lines, about 200 pages."""
    line = "组织专家深入乡镇开展科技志愿服务，每场培训不少于两天，参加农户二百人，经费合计贰万元整（20000元）。"
    more = tuple(Line(line, Place(path=f"paragraph {number}")) for number in range(8_000))
    document = replace(reading.document, blocks=reading.document.blocks + more)
    return replace(reading, document=document)


def main() -> None:
    """A line for each, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1001)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    call = load_call(CALL)
    readings, other = forms(call, arguments.seed, arguments.count), letter(call)
    if not readings:
        raise SystemExit("the simulator made no form in .docx")

    def rules(reading: Reading) -> float:
        files = (File("申报书.docx", "1" * 64, 1, reading), other)
        return milliseconds(lambda: judge(call, files, RECEIVED), arguments.rounds)

    usual = sorted(rules(reading) for reading in readings)
    fields = median(milliseconds(lambda r=reading: find(r.document, call.forms[0]), 3) for reading in readings)  # type: ignore[misc]
    heaviest = rules(long(readings[0]))
    print(f"{len(call.rules)} rules, {len(readings)} submissions")
    print(f"usual     median {median(usual):6.2f} ms, most {usual[-1]:6.2f} ms   required {REQUIRED:.0f} ms")
    print(f"200 pages        {heaviest:6.2f} ms")
    print(f"ratio to understanding the form's fields ({fields:.1f} ms): {median(usual) / fields:.3f}")
    result = {
        "benchmark": "rules",
        "rules": len(call.rules),
        "submissions": len(readings),
        "median_ms": round(median(usual), 3),
        "most_ms": round(usual[-1], 3),
        "long_ms": round(heaviest, 3),
        "ratio_to_fields": round(median(usual) / fields, 4),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
