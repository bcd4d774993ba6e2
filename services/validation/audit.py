"""Runs the rules across submissions of a call over a board of them: read `audit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.validation.board import OPERATORS, Board, Entry, Exhibit
from services.validation.judge import finding_of, prepare
from services.validation.model import Call, Finding


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """A finding across submissions. finding: without evidence of its own. entries: indices of those concerned."""

    finding: Finding
    entries: tuple[int, ...]
    exhibits: tuple[Exhibit, ...]


def audit(call: Call, entries: Sequence[Entry]) -> Iterator[AuditFinding]:
    """Every rule across submissions, in the call's order, each with at least one finding.

    What an operator takes off the board (older versions of an application) is known before any other rule looks. Raises
    BrokenRules where a rule of the call has a mistake.
    """
    prepared = [(rule, prepare(rule, call, OPERATORS)) for rule in call.across]
    whole = Board(tuple(entries))
    superseded: set[int] = set()
    for rule, params in prepared:
        if supersedes := OPERATORS[rule.check].supersedes:
            superseded |= supersedes(whole, params)
    board = Board(whole.entries, frozenset(superseded))
    for rule, params in prepared:
        operator, told = OPERATORS[rule.check], False
        for sighting in operator.run(board, params):
            told = True
            yield AuditFinding(finding_of(rule, sighting), sighting.entries, sighting.exhibits)
        assert told, f"the operator {rule.check} told nothing"
