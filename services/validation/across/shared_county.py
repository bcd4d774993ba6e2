from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from services.validation.board import Board, Sighting, groups_of, operator, settled
from services.validation.check import FieldRef, OrganisationRef, PlaceRef, TrustParams
from services.validation.model import Outcome, Text
from services.validation.organisations import parse
from services.validation.sameness import Stated, collect, grouped
from services.validation.statements import statements


class SharedCounty(TrustParams):
    """No county stands in the applications of two organisations.

    fields: that name it, as a place or as its body (桃源县科协); the first that is stated counts. province: fields that
    say which province it lies in, for names that several counties have. organisation: one organisation may name a
    county twice.
    """

    fields: tuple[PlaceRef, ...]
    province: tuple[FieldRef, ...] = ()
    organisation: OrganisationRef


@operator("shared_county", SharedCounty)
def shared_county(board: Board, params: SharedCounty) -> Iterator[Sighting]:
    found = collect(board, params.fields, params.trust)
    by_county: dict[str, list[Stated]] = defaultdict(list)
    for stated in found.first().values():
        county = parse(stated.statement.field.value)
        if county.county:
            by_county[county.place].append(stated)
    applicants = grouped(tuple(collect(board, [params.organisation], params.trust).first().values())).of_entries()
    passed = Text("没有两家单位与同一个县结对。", "No county is paired with two organisations.")
    sightings = (
        seen for county, all_of in by_county.items() for seen in _judged(board, county, all_of, applicants, params)
    )
    yield from settled(sightings, found.unseen, board, len(found.entries), passed)


def _judged(
    board: Board, county: str, stated: list[Stated], applicants: dict[int, int], params: SharedCounty
) -> Iterator[Sighting]:
    by_province: dict[str, list[int]] = defaultdict(list)
    by_entry = {each.entry: each for each in stated}
    for each in stated:
        by_province[_province(board, each, params)].append(each.entry)
    unknown = by_province.pop("", [])
    certain = dict(groups_of(by_province))
    for province, entries in certain.items():
        if _of_one(entries, applicants):
            continue
        names = board.names(entries)
        yield Sighting(
            Outcome.VIOLATED,
            Text(
                f"{province}{county}在 {len(entries)} 份申报中结对：{names.zh}。",
                f"{county} ({province}) is paired in {len(entries)} applications: {names.en}.",
            ),
            tuple(entries),
            tuple(by_entry[entry].exhibit for entry in entries),
            "1",
            str(len(entries)),
        )
    entries = sorted(set(unknown).union(*by_province.values()))
    if unknown and len(entries) > 1 and not _of_one(entries, applicants):
        names = board.names(entries)
        yield Sighting(
            Outcome.UNDETERMINED,
            Text(
                f"{names.zh}都写有“{county}”，但未都写明省份，是否为同一个县请人工核对。",
                f"{names.en} name {county}, but not all of them its province: a person must say whether it "
                "is one county.",
            ),
            tuple(entries),
            tuple(by_entry[entry].exhibit for entry in entries),
        )


def _province(board: Board, stated: Stated, params: SharedCounty) -> str:
    if province := parse(stated.statement.field.value).province:
        return province
    submission = board.entries[stated.entry].submission
    for ref in params.province:
        for statement in statements(submission, ref, params.trust).found:
            if province := parse(statement.field.value).province:
                return province
    return ""


def _of_one(entries: list[int], applicants: dict[int, int]) -> bool:
    """All of one applicant that is known."""
    known = {applicants.get(entry) for entry in entries}
    return len(known) == 1 and None not in known
