"""What the simulator knows, and how far an answer agrees with it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from clients.sdk import Upload
from clients.simulator import simulate
from heyan.v1.document_pb2 import Reading
from heyan.v1.report_pb2 import OUTCOME_VIOLATED, Report

BUILD = Path(__file__).parent.parent / "build" / "bench"

# The fields that a submission must state (rule missing-field), and those that a letter's checks rest on.
REQUIRED = {
    "application_form": (
        "project_name", "applicant", "leader_name", "contact_name", "contact_phone", "partner", "requested_amount",
    ),
    "pairing_letter": ("addressee", "sender", "issued_on"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A submission with its truth (an entry of truth.json)."""

    folder: Path
    truth: dict[str, Any]

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.truth["received"])

    @property
    def uploads(self) -> list[Upload]:
        return [Upload(path.name, path) for path in sorted(self.folder.iterdir())]


def cases(seed: int, count: int, *, doc: bool = False) -> list[Case]:
    """The simulator's submissions; made once below build/bench. doc: about half of the forms are .doc (LibreOffice)."""
    directory = BUILD / f"seed-{seed}-{count}{'-doc' if doc else ''}"
    truth = directory / "truth.json"
    if not truth.exists():
        simulate(directory, count, seed, doc=doc)
    entries = json.loads(truth.read_text("utf-8"))["submissions"]
    return [Case(directory / entry["folder"], entry) for entry in entries]


@dataclass(slots=True)
class Tally:
    """Right of all, by name; and what was wrong, for people."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, expected: object, actual: object, where: str) -> None:
        self.total[name] += 1
        if expected == actual:
            self.right[name] += 1
        else:
            self.wrong.append(f"{where}: {name}: {actual!r} instead of {expected!r}")

    def rate(self, *names: str) -> float:
        """Over these names, or over all."""
        chosen = names or tuple(self.total)
        total = sum(self.total[name] for name in chosen)
        return sum(self.right[name] for name in chosen) / total if total else float("nan")


def values(reading: Reading) -> dict[str, object]:
    """The fields that were found: id → value, rows as lists of {id: value}."""
    found: dict[str, object] = {}
    for each in reading.fields:
        if each.rows:
            found[each.id] = [{cell.id: cell.value for cell in row.fields} for row in each.rows]
        elif each.value:
            found[each.id] = each.value
    return found


def stated(file: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """The fields that a file states: id, value."""
    yield from file["fields"].items()
    yield from file.get("rows", {}).items()


def violated(report: Report) -> set[str]:
    """The ids of the rules that the report calls violated."""
    return {finding.rule for finding in report.findings if finding.outcome == OUTCOME_VIOLATED}
