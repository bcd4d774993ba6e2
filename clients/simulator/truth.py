"""What is true of every file that was written, as truth.json tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clients.simulator.plan import Plan


@dataclass(slots=True)
class Statement:
    """Collects what a paper states while it is written, as heyan reports it (amounts in yuan, dates ISO)."""

    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def state(self, name: str, value: str) -> None:
        """Note a field; saying the same twice is fine. Raises ValueError when the paper would contradict itself."""
        if self.fields.setdefault(name, value) != value:
            raise ValueError(f"{name} is stated as {self.fields[name]!r} and as {value!r}")


@dataclass(frozen=True, slots=True)
class StampedSeal:
    """A seal as it stands on a page. box: left, top, right, bottom in fractions of the upright picture."""

    text: str
    box: tuple[float, float, float, float]
    code: str = ""
    centre_text: str = ""
    page: int = 1

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "shape": "round",
            "colour": "red",
            "centre_text": self.centre_text,
            "code": self.code,
            "box": [round(edge, 4) for edge in self.box],
            "page": self.page,
        }


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of a submission with what it states. damage: "" or how the file was broken."""

    name: str
    data: bytes
    kind: str
    medium: str
    layout: str = ""
    dpi: int = 0  # of scans and photos
    statement: Statement = field(default_factory=Statement)
    seals: tuple[StampedSeal, ...] = ()
    lines: tuple[str, ...] = ()
    damage: str = ""

    def as_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": self.name, "kind": self.kind, "medium": self.medium}
        if self.layout:
            entry["layout"] = self.layout
        if self.dpi:
            entry["dpi"] = self.dpi
        if self.damage:
            entry["damage"] = self.damage
        entry["fields"] = dict(self.statement.fields)
        if self.statement.rows:
            entry["rows"] = self.statement.rows
        entry["seals"] = [seal.as_json() for seal in self.seals]
        if self.lines:
            entry["lines"] = list(self.lines)
        return entry


def submission_as_json(plan: Plan, folder: str, files: list[WrittenFile]) -> dict[str, Any]:
    """One entry of truth.json's "submissions"."""
    named = {file.kind: file.name for file in files if file.kind != "other"}
    named["other"] = next((file.name for file in files if file.damage), "")
    return {
        "folder": folder,
        "received": plan.received.isoformat(),
        "verdict": plan.verdict,
        "defects": [{"rule": flaw.rule, "file": named.get(flaw.paper, "")} for flaw in plan.flaws],
        "files": [file.as_json() for file in files],
    }
