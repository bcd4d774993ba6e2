"""Runs the rules across submissions of a call over a board of them: read `audit`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from services.validation.board import OPERATORS, Board, Entry, Exhibit, Sighting
from services.validation.judge import finding_of, prepare
from services.validation.model import Call, Finding, Outcome, Text
from services.validation.pages import at_home


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
    taken = [supersedes(whole, params) for rule, params in prepared if (supersedes := OPERATORS[rule.check].supersedes)]
    undecided = [versions for each in taken for versions in each.undecided]
    board = Board(whole.entries, frozenset().union(*(each.entries for each in taken)))
    for rule, params in prepared:
        operator, told = OPERATORS[rule.check], False
        for seen in operator.run(board, params):
            told = True
            sighting = seen if operator.supersedes else _among_versions(seen, undecided)
            exhibits = tuple(_at_home(exhibit, board) for exhibit in sighting.exhibits)
            yield AuditFinding(finding_of(rule, sighting), sighting.entries, exhibits)
        assert told, f"the operator {rule.check} told nothing"


def _at_home(exhibit: Exhibit, board: Board) -> Exhibit:
    return replace(exhibit, evidence=at_home(exhibit.evidence, board.entries[exhibit.entry].submission.files))


def _among_versions(seen: Sighting, undecided: Sequence[frozenset[int]]) -> Sighting:
    """Undetermined where it concerns nothing but versions of one application, of which one alone may count."""
    if (
        seen.outcome is not Outcome.VIOLATED
        or not seen.entries
        or not any(versions.issuperset(seen.entries) for versions in undecided)
    ):
        return seen
    zh, en = "如系同一申报的更正，本项不计。", " It does not matter where one of them replaces the other."
    return replace(seen, outcome=Outcome.UNDETERMINED, message=Text(seen.message.zh + zh, seen.message.en + en))
