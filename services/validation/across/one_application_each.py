from __future__ import annotations

from collections.abc import Iterator

from services.validation.board import Board, Sighting, operator, settled
from services.validation.check import OrganisationRef, TrustParams
from services.validation.model import Outcome, Text
from services.validation.sameness import Collected, collect, grouped


class OneApplicationEach(TrustParams):
    """No organisation applies twice. Names are compared in full: 湖南林学会 is 湖南省林学会.

    Older versions of an application that was sent anew do not count (operator resubmission).
    """

    organisation: OrganisationRef


@operator("one_application_each", OneApplicationEach)
def one_application_each(board: Board, params: OneApplicationEach) -> Iterator[Sighting]:
    found = collect(board, [params.organisation], params.trust)
    passed = Text("没有单位提交两份以上申报。", "No organisation applies twice.")
    yield from settled(_sightings(board, found), found.unseen, board, len(found.entries), passed)


def _sightings(board: Board, found: Collected) -> Iterator[Sighting]:
    groups = grouped(tuple(found.first().values()))
    for group in groups.groups:
        if len(group) < 2:
            continue
        entries = tuple(each.entry for each in group)
        name, names = group[0].statement.field.value, board.names(entries)
        yield Sighting(
            Outcome.VIOLATED,
            Text(
                f"“{name}”提交了 {len(entries)} 份申报：{names.zh}。",
                f"“{name}” applies {len(entries)} times: {names.en}.",
            ),
            entries,
            tuple(each.exhibit for each in group),
            "1",
            str(len(entries)),
        )
    for one, other in groups.doubts:
        a, b = one.statement.field.value, other.statement.field.value
        yield Sighting(
            Outcome.UNDETERMINED,
            Text(
                f"“{a}”与“{b}”仅有个别字不同，是否为同一单位请人工核对。",
                f"“{a}” and “{b}” differ in a character that may be misread: a person must say whether they are one.",
            ),
            (one.entry, other.entry),
            (one.exhibit, other.exhibit),
        )
