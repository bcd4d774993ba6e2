"""What is true of every file that was written, as truth.json tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clients.simulator.plan import Group, Plan


@dataclass(frozen=True, slots=True)
class PastedSeal:
    """A seal whose picture stands in a Word file."""

    text: str
    code: str = ""
    centre_text: str = ""
    shape: str = "round"

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "shape": self.shape,
            "colour": "red",
            "centre_text": self.centre_text,
            "code": self.code,
        }


@dataclass(frozen=True, slots=True)
class StampedSeal:
    """A seal as it stands on a page. box: left, top, right, bottom in fractions of the upright picture."""

    text: str
    box: tuple[float, float, float, float]
    code: str = ""
    centre_text: str = ""
    page: int = 1
    shape: str = "round"

    def as_json(self) -> dict[str, Any]:
        pasted = PastedSeal(self.text, self.code, self.centre_text, self.shape).as_json()
        return pasted | {"box": [round(edge, 4) for edge in self.box], "page": self.page}


@dataclass(slots=True)
class Statement:
    """Collects what a paper states while it is written, as heyan reports it (amounts in yuan, dates ISO).

    slots: what was signed and sealed, by id. doubtful: fields that contradict themselves on purpose. pasted: seals that
    stand in a Word file as pictures.
    """

    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    pasted: list[PastedSeal] = field(default_factory=list)

    def state(self, name: str, value: str) -> None:
        """Note a field; saying the same twice is fine. Raises ValueError when the paper would contradict itself."""
        if self.fields.setdefault(name, value) != value:
            raise ValueError(f"{name} is stated as {self.fields[name]!r} and as {value!r}")


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of a submission with what it states. damage: "" or how the file was broken.

    medium: docx, doc, docm, scan-pdf, photo-pdf, scan-png, photo-jpg, text, none. tone: of scans: colour, grey, bilevel
    or low (a JPEG of low quality).
    """

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
    tone: str = ""

    def as_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": self.name, "kind": self.kind, "medium": self.medium}
        for name in ("layout", "dpi", "tone", "damage"):
            if value := getattr(self, name):
                entry[name] = value
        statement = self.statement
        entry["fields"] = dict(statement.fields)
        if statement.rows:
            entry["rows"] = statement.rows
        if statement.slots:
            entry["slots"] = statement.slots
        if statement.doubtful:
            entry["doubtful"] = sorted(statement.doubtful)
        entry["seals"] = [*(seal.as_json() for seal in self.seals), *(seal.as_json() for seal in statement.pasted)]
        if self.lines:
            entry["lines"] = list(self.lines)
        return entry


def submission_as_json(plan: Plan, folder: str, files: list[WrittenFile]) -> dict[str, Any]:
    """One entry of truth.json's "submissions"."""
    named: dict[str, str] = {}
    for file in files:
        named.setdefault(file.kind, file.name)
    return {
        "folder": folder,
        "received": plan.received.isoformat(),
        "delivery": plan.delivery,
        "verdict": plan.verdict,
        "defects": [
            {"rule": flaw.rule, "file": named.get(flaw.paper, ""), "severity": flaw.severity} for flaw in plan.flaws
        ],
        "implied": sorted(plan.implied),
        "files": [file.as_json() for file in files],
    }


def group_as_json(group: Group, folders: dict[int, str]) -> dict[str, Any]:
    """One entry of truth.json's "across"."""
    return {"rule": group.rule, "submissions": [folders[number] for number in sorted(group.members)]}
