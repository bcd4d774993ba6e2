"""What a field's confidence is worth: how many fields of scans are right, by the confidence they were given with.

    python -m benchmarks.reliability [--seed 2] [--count 40] [--plot docs/reliability.svg]

The simulator's scanned forms and letters, read as a worker reads them. Those fields count that a paper states and that
were found; what was not found has no value to be sure of. Rows (a budget) are right when all of them are.
`extractors/forms/confidence.py` was made on seeds 7601 and 7602.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.truth import as_stated, cases, stated
from extractors.document import FieldState, Reading
from extractors.extract import extract
from extractors.limits import Limits
from extractors.look import Eye
from extractors.ocr.rapid import RapidEngine
from extractors.seals import find_seals
from services.validation.lint import usable_call

CALL = Path(__file__).parent.parent / "services/calls/zhihui-2021"
KINDS = ("application_form", "pairing_letter")
EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class Given:
    """A field as it was given. where: for people."""

    confidence: float
    right: bool
    where: str


def main() -> None:
    """Prints what was wrong though surely given, then a line of JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--plot", type=Path, help="the curve as a picture (.svg, .png); needs matplotlib")
    arguments = parser.parse_args()
    given = list(fields(arguments.seed, arguments.count))
    for each in given:
        if not each.right and each.confidence >= 0.9:
            print(f"{each.confidence:.3f} {each.where}")
    rows = curve(given)
    if arguments.plot:
        plot(rows, arguments.plot)
    figures: dict[str, Any] = {"benchmark": "reliability", "seed": arguments.seed, "fields": len(given)}
    for least in (0.9, 0.95, 0.99):
        sure = [each.right for each in given if each.confidence >= least]
        figures |= {f"from_{least}": len(sure), f"right_from_{least}": round(sum(sure) / max(1, len(sure)), 4)}
    print(json.dumps(figures | {"rows": rows}))


def fields(seed: int, count: int) -> Iterator[Given]:
    """The fields of all scanned papers."""
    forms = usable_call(CALL).forms
    engine = RapidEngine()
    eye = Eye(engine, engine, Limits(), find_seals)
    for case in cases(seed, count):
        for file in case.truth["files"]:
            if file["kind"] in KINDS and "damage" not in file and file["medium"] not in ("docx", "docm", "doc"):
                path = case.folder / file["name"]
                reading = extract(path.read_bytes(), forms, eye.look, Limits())
                yield from of_reading(file, reading, f"{case.folder.name}/{file['name']}")


def of_reading(file: dict[str, Any], reading: Reading, where: str) -> Iterator[Given]:
    """Each field that the paper states and that was found by OCR."""
    found = {field.id: field for field in reading.fields}
    for id, expected in stated(file):
        field = found.get(id)
        if field is None or field.state is not FieldState.FOUND or field.engine == "text":
            continue
        rows = [{cell.id: cell.value for cell in row} for row in field.rows]
        actual = as_stated(rows, expected) if rows else field.value
        told = f"{where}: {id}: {actual!r} instead of {expected!r}"
        yield Given(field.confidence, actual == expected, told)


def curve(given: Sequence[Given]) -> list[dict[str, float | int]]:
    """By bins of the confidence: how many fields, their mean confidence, and the share that is right."""
    rows: list[dict[str, float | int]] = []
    for low, high in pairwise(EDGES):
        within = [each for each in given if low <= each.confidence < high or (high == 1.0 and each.confidence == high)]
        if within:
            rows.append(
                {
                    "from": low,
                    "to": high,
                    "fields": len(within),
                    "confidence": round(_mean(each.confidence for each in within), 4),
                    "right": round(_mean(each.right for each in within), 4),
                }
            )
    return rows


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def plot(rows: Sequence[dict[str, float | int]], path: Path) -> None:
    """The share that is right over the confidence, with the number of fields beside each point."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#999999", linestyle="--", label="as sure as right")
    axes.plot(
        [row["confidence"] for row in rows], [row["right"] for row in rows], "o-", color="#4477aa", label="fields"
    )
    for row in rows:
        axes.annotate(
            str(row["fields"]), (row["confidence"], row["right"]), (0, -12), textcoords="offset points", size=8
        )
    axes.axvline(0.95, color="#cc3311", linewidth=1, label="given as sure (0.95)")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that is right")
    least = min(0.5, *(min(row["confidence"], row["right"]) for row in rows))
    axes.set_xlim(max(0.0, least - 0.05), 1.01)
    axes.set_ylim(max(0.0, least - 0.05), 1.02)
    axes.grid(alpha=0.25)
    axes.legend(loc="lower right", fontsize=8)
    figure.savefig(path)


if __name__ == "__main__":
    main()
