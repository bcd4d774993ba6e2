"""What the simulator knows, and how far an answer agrees with it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from clients.sdk import Upload
from clients.simulator import simulate
from heyan.v1.document_pb2 import Reading
from heyan.v1.report_pb2 import OUTCOME_VIOLATED, SEVERITY_ERROR, Report

Pairs = set[tuple[str, frozenset[str]]]  # a rule and the two submissions that break it together
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
        """The files of the truth; others that lie in the folder are not the simulator's."""
        return [Upload(file["name"], self.folder / file["name"]) for file in self.truth["files"]]

    @property
    def planted(self) -> set[str]:
        return {defect["rule"] for defect in self.truth["defects"]}


@dataclass(frozen=True, slots=True)
class Call:
    """The simulator's submissions. across: which folders break which rule together."""

    cases: list[Case]
    across: list[tuple[str, frozenset[str]]]


def call(seed: int, count: int, *, doc: bool = False, rules: Sequence[str] = ()) -> Call:
    """Made once below build/bench. doc: about half of the forms are .doc (LibreOffice). rules: plant only these."""
    directory = BUILD / "-".join(("seed", str(seed), str(count), *(["doc"] if doc else []), *sorted(rules)))
    path = directory / "truth.json"
    if not path.exists():
        simulate(directory, count, seed, doc=doc, rules=rules)
    truth = json.loads(path.read_text("utf-8"))
    found = [Case(directory / entry["folder"], entry) for entry in truth["submissions"]]
    return Call(found, [(group["rule"], frozenset(group["submissions"])) for group in truth["across"]])


def cases(seed: int, count: int, *, doc: bool = False) -> list[Case]:
    return call(seed, count, doc=doc).cases


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
        """Over these names, or over all; not a number where there was none."""
        chosen = names or tuple(self.total)
        total = sum(self.total[name] for name in chosen)
        return sum(self.right[name] for name in chosen) / total if total else float("nan")


@dataclass(slots=True)
class Confusion:
    """Planted and told, rule by rule. implied: told, and rightly so, though something else was planted."""

    hits: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    implied: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, planted: set[str], implied: set[str], told: set[str], where: str) -> None:
        """One submission. An implied rule that is not told is a miss too."""
        expected = planted | implied
        self.hits.update(expected & told)
        self.misses.update(expected - told)
        self.false.update(told - expected)
        self.implied.update(implied & told)
        for rule in sorted(expected - told):
            self.wrong.append(f"{where}: {rule} planted, not told")
        for rule in sorted(told - expected):
            cause = f" beside {', '.join(sorted(planted))}" if planted else ", clean"
            self.wrong.append(f"{where}: {rule} told, not planted{cause}")

    def add_pairs(self, planted: Pairs, told: Pairs) -> None:
        """Rules across submissions; each pair counts."""
        for counter, found in (
            (self.hits, planted & told),
            (self.misses, planted - told),
            (self.false, told - planted),
        ):
            counter.update(rule for rule, _ in found)
        self.wrong += [f"{_named(pair)} planted, not told" for pair in planted - told]
        self.wrong += [f"{_named(pair)} told, not planted" for pair in told - planted]

    @property
    def precision(self) -> float:
        return _share(self.hits.total(), self.false.total())

    @property
    def recall(self) -> float:
        return _share(self.hits.total(), self.misses.total())

    def weakest(self) -> float:
        """The lowest recall of a rule; not a number where nothing was planted."""
        rules = self.hits.keys() | self.misses.keys()
        return min((_share(self.hits[rule], self.misses[rule]) for rule in rules), default=float("nan"))

    def table(self) -> str:
        """One line a rule: how often planted, told, missed, told in vain."""
        rules = sorted(self.hits.keys() | self.misses.keys() | self.false.keys())
        head = f"{'rule':<30}{'planted':>9}{'told':>7}{'missed':>8}{'false':>7}{'precision':>11}{'recall':>8}"
        lines = [head]
        for rule in rules:
            hit, miss, false = self.hits[rule], self.misses[rule], self.false[rule]
            rates = f"{_share(hit, false):>11.2f}{_share(hit, miss):>8.2f}"
            lines.append(f"{rule:<30}{hit + miss:>9}{hit:>7}{miss:>8}{false:>7}{rates}")
        return "\n".join(lines)


def _share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else float("nan")


def _named(pair: tuple[str, frozenset[str]]) -> str:
    rule, members = pair
    return f"{' + '.join(sorted(members))}: {rule}"


def pairs(groups: Iterable[tuple[str, frozenset[str]]]) -> Pairs:
    """Each two members of a group, so that a group that lacks one member is not all wrong."""
    return {(rule, frozenset(two)) for rule, members in groups for two in combinations(sorted(members), 2)}


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
    """The fields that a file states and does not contradict: id, value."""
    doubtful = file.get("doubtful", ())
    yield from ((id, value) for id, value in file["fields"].items() if id not in doubtful)
    yield from file.get("rows", {}).items()


def as_stated(found: object, expected: object) -> object:
    """Rows with no more columns than the truth knows; anything else as it is."""
    if not (isinstance(found, list) and isinstance(expected, list) and expected):
        return found
    return [{id: value for id, value in row.items() if id in expected[0]} for row in found]


def violated(report: Report) -> set[str]:
    """The ids of the rules that the report calls violated."""
    return {finding.rule for finding in report.findings if finding.outcome == OUTCOME_VIOLATED}


def errors(report: Report) -> set[str]:
    """Those for which the submission would be returned."""
    return {
        finding.rule
        for finding in report.findings
        if finding.outcome == OUTCOME_VIOLATED and finding.severity == SEVERITY_ERROR
    }
