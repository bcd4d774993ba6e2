from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.validation.board import Board, Sighting, groups_of, operator, settled
from services.validation.check import FieldRef, OrganisationRef, TrustParams
from services.validation.model import Outcome, Text
from services.validation.sameness import Stated, collect, grouped


class SharedValues(TrustParams):
    """No two organisations' applications state the same value: phone, e-mail, account.

    fields: a value of one may stand in any other (a leader's phone as another's contact). weak: fields whose values
    may agree by chance, as people's names do; they count where a value of `fields` agrees too, and alone are for a
    person to judge. organisation: several applications of one organisation may share everything.
    """

    fields: tuple[FieldRef, ...]
    weak: tuple[FieldRef, ...] = ()
    organisation: OrganisationRef


@operator("shared_values", SharedValues)
def shared_values(board: Board, params: SharedValues) -> Iterator[Sighting]:
    refs = (*params.fields, *params.weak)
    applicants = grouped(tuple(collect(board, [params.organisation], params.trust).first().values())).of_entries()
    shared: dict[tuple[int, ...], list[tuple[Stated, ...]]] = defaultdict(list)
    strong: set[tuple[int, ...]] = set()
    found = collect(board, refs, params.trust)
    for fields in _kinds(refs):
        stated: dict[str, list[Stated]] = defaultdict(list)
        for each in collect(board, fields, params.trust).stated:
            stated[each.key].append(each)
        for key, entries in groups_of({key: [each.entry for each in all_of] for key, all_of in stated.items()}):
            known = {applicants.get(entry) for entry in entries}
            if len(known) == 1 and None not in known:
                continue
            shared[tuple(entries)].append(tuple(stated[key]))
            if fields[0] in params.fields:
                strong.add(tuple(entries))
    passed = Text("没有不同单位的申报使用相同的联系方式。", "No two organisations share these values.")
    sightings = (_sighting(board, entries, values, entries in strong) for entries, values in shared.items())
    yield from settled(sightings, found.unseen, board, len(found.entries), passed)


def _kinds(refs: Sequence[FieldRef]) -> list[list[FieldRef]]:
    """Fields whose values can be one another's: of one type."""
    kinds: dict[str, list[FieldRef]] = defaultdict(list)
    for ref in refs:
        kinds[ref.spec.type].append(ref)
    return list(kinds.values())


def _sighting(board: Board, entries: tuple[int, ...], values: list[tuple[Stated, ...]], strong: bool) -> Sighting:
    names = board.names(entries)
    what = [(all_of[0].statement.ref.label, all_of[0].statement.field.value) for all_of in values]
    zh = "，".join(f"{label.zh}“{value}”" for label, value in what)
    en = ", ".join(f"{label.en} “{value}”" for label, value in what)
    exhibits = tuple(each.exhibit for all_of in values for each in all_of)
    actual = "；".join(value for _, value in what)
    if strong:
        text = Text(f"{names.zh}的{zh}相同。", f"The same in {names.en}: {en}.")
        return Sighting(Outcome.VIOLATED, text, entries, exhibits, "各单位不同", actual)
    text = Text(
        f"{names.zh}的{zh}相同，可能只是重名，请人工核对。",
        f"The same in {names.en}: {en}. It may be chance; a person must look.",
    )
    return Sighting(Outcome.UNDETERMINED, text, entries, exhibits, "各单位不同", actual)
