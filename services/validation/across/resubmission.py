from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pydantic import AwareDatetime

from services.validation.board import Board, Sighting, Superseded, operator, settled
from services.validation.check import FieldRef, OrganisationRef, TrustParams
from services.validation.model import Outcome, Text, Verdict
from services.validation.sameness import Stated, collect, grouped
from services.validation.values import is_late


class Resubmission(TrustParams):
    """An application that was sent anew: the newest valid version counts, the others are superseded.

    Versions of one application have the same organisation and the same `project` and, where both senders are known, the
    same sender. Valid is what arrived by the deadline (`before`, with time zone), can be read, and is not to be
    returned by its own report. Where nothing is valid, the newest counts; where a version's arrival is not known, none
    is superseded, and what other operators find among these versions alone is undetermined. All versions are kept;
    superseded ones take no part in the other operators.
    """

    organisation: OrganisationRef
    project: FieldRef
    before: AwareDatetime | None = None


Versions = tuple[Stated, ...]


def superseded(board: Board, params: Resubmission) -> Superseded:
    """The older versions, and those among which it is not known which is the newest."""
    found: set[int] = set()
    undecided: list[frozenset[int]] = []
    for versions in _all_versions(board, params):
        if _ordered(board, versions):
            winner = _winner(board, versions, params)
            found.update(each.entry for each in versions if each is not winner)
        else:
            undecided.append(frozenset(each.entry for each in versions))
    return Superseded(frozenset(found), tuple(undecided))


@operator("resubmission", Resubmission, superseded)
def resubmission(board: Board, params: Resubmission) -> Iterator[Sighting]:
    whole = Board(board.entries)
    found = collect(whole, [params.organisation], params.trust)
    passed = Text("没有重复报送的申报。", "No application was sent anew.")
    sightings = (_told(whole, versions, params) for versions in _all_versions(whole, params))
    yield from settled(sightings, (), whole, len(found.entries), passed)


def _all_versions(board: Board, params: Resubmission) -> Iterator[Versions]:
    """Two versions or more each, in the board's order."""
    applicants = collect(board, [params.organisation], params.trust).first()
    projects = collect(board, [params.project], params.trust).first()
    for group in grouped(tuple(applicants.values())).groups:
        by_project: dict[str, list[Stated]] = defaultdict(list)
        for each in group:
            if each.entry in projects:
                by_project[projects[each.entry].key].append(each)
        for same in by_project.values():
            for versions in _by_sender(board, same):
                if len(versions) > 1:
                    yield tuple(versions)


def _by_sender(board: Board, same: list[Stated]) -> list[list[Stated]]:
    """One list a sender; those of unknown senders belong to the only one, else to none but themselves."""
    senders: dict[str, list[Stated]] = defaultdict(list)
    for each in same:
        senders[board.entries[each.entry].sender.strip().lower()].append(each)
    if len(senders) == 2 and "" in senders:
        return [same]
    return list(senders.values())


def _ordered(board: Board, versions: Versions) -> bool:
    return all(board.entries[each.entry].submission.received is not None for each in versions)


def _winner(board: Board, versions: Versions, params: Resubmission) -> Stated:
    """The newest valid one. Of two that arrived at once, the later on the board."""

    def rank(each: Stated) -> tuple[bool, float, int]:
        entry = board.entries[each.entry]
        received = entry.submission.received
        assert received is not None, "unordered versions have no winner"
        late = params.before is not None and is_late(received, params.before)
        read = any(file.reading is not None for file in entry.submission.files)
        valid = not late and read and entry.verdict is not Verdict.RETURN
        return valid, received.timestamp(), each.entry

    return max(versions, key=rank)


def _told(board: Board, versions: Versions, params: Resubmission) -> Sighting:
    entries = tuple(each.entry for each in versions)
    names, society = board.names(entries), versions[0].statement.field.value
    exhibits = tuple(each.exhibit for each in versions)
    if not _ordered(board, versions):
        text = Text(
            f"{names.zh}是“{society}”同一项目的多次报送，但收到时间不全，无法确定以哪份为准。",
            f"{names.en} are one application of “{society}”, but not all arrivals are known, so none can be taken "
            "as the newest.",
        )
        return Sighting(Outcome.UNDETERMINED, text, entries, exhibits)
    winner = board.entries[_winner(board, versions, params).entry].name
    text = Text(
        f"{names.zh}是“{society}”同一项目的多次报送，以“{winner}”为准，其余保留备查，不参与其他比对。",
        f"{names.en} are one application of “{society}”: “{winner}” counts, the others are kept, but not "
        "compared further.",
    )
    return Sighting(Outcome.VIOLATED, text, entries, exhibits, "同一项目报送一次", winner)
