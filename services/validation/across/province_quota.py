from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pydantic import Field as Parameter

from extractors.values.places import CORPS
from services.validation.board import Board, Exhibit, Sighting, operator, settled
from services.validation.check import FieldRef, OrganisationRef, TrustParams
from services.validation.model import Outcome, Text
from services.validation.organisations import parse
from services.validation.sameness import Stated, collect, grouped
from services.validation.statements import statements

_CORPS_LIES_IN = "新疆维吾尔自治区"


class ProvinceQuota(TrustParams):
    """Each province recommends at most so many provincial societies. All rivals are listed; none is picked.

    The province is the recommender's (省级科协), else the applicant's own. applicant_type: a choice that says whose
    society it is, with the value `provincial`; an applicant whose name begins with a province and goes on with its own
    subject is provincial without it. corps: the Xinjiang Production and Construction Corps (兵团) counts as a province
    of its own; false: it counts to Xinjiang.
    """

    organisation: OrganisationRef
    recommender: tuple[OrganisationRef, ...] = ()
    applicant_type: FieldRef | None = None
    provincial: str = "provincial"
    limit: int = Parameter(default=1, ge=0)
    corps: bool = True


@operator("province_quota", ProvinceQuota)
def province_quota(board: Board, params: ProvinceQuota) -> Iterator[Sighting]:
    found = collect(board, [params.organisation], params.trust)
    provinces: dict[str, list[tuple[Stated, tuple[Exhibit, ...]]]] = defaultdict(list)
    unseen = list(found.unseen)
    for index, stated in found.first().items():
        provincial = _is_provincial(board, stated, params)
        if provincial is False:
            continue
        province, exhibits = _province(board, stated, params)
        if province:
            provinces[province].append((stated, exhibits))
        elif provincial:
            unseen.append(index)
    passed = Text(
        f"没有省份推荐的省级学会超过 {params.limit} 个。",
        f"No province recommends more than {params.limit} provincial society.",
    )
    sightings = (seen for province in provinces for seen in _judged(board, province, provinces[province], params))
    yield from settled(sightings, sorted(unseen), board, len(found.entries), passed)


def _judged(
    board: Board, province: str, rivals: list[tuple[Stated, tuple[Exhibit, ...]]], params: ProvinceQuota
) -> Iterator[Sighting]:
    groups = grouped([stated for stated, _ in rivals])
    if len(groups.groups) <= params.limit:
        return
    # slips of OCR may make one society two
    certain = len(groups.groups) - len(groups.doubts) > params.limit
    entries = tuple(stated.entry for stated, _ in rivals)
    societies = [group[0].statement.field.value for group in groups.groups]
    shown = "、".join(f"“{name}”" for name in societies[:12]) + ("等" if len(societies) > 12 else "")
    yield Sighting(
        Outcome.VIOLATED if certain else Outcome.UNDETERMINED,
        Text(
            f"{province}推荐了 {len(societies)} 个省级学会：{shown}，名额为 {params.limit} 个，请与该省科协确认。",
            f"{province} recommends {len(societies)} provincial societies: {shown}; at most {params.limit} may be. Ask "
            "its association which one it stands by.",
        ),
        entries,
        tuple(exhibit for _, exhibits in rivals for exhibit in exhibits),
        f"≤ {params.limit}",
        str(len(societies)),
    )


def _is_provincial(board: Board, stated: Stated, params: ProvinceQuota) -> bool | None:
    """None where it is not known."""
    name = parse(stated.statement.field.value)
    if name.national:
        return False
    if params.applicant_type is not None:
        about = statements(board.entries[stated.entry].submission, params.applicant_type, params.trust)
        kinds = {statement.field.value for statement in about.found}
        if len(kinds) == 1:
            return kinds == {params.provincial}
    if name.province and not name.place:
        return True
    return False if name.place else None


def _province(board: Board, stated: Stated, params: ProvinceQuota) -> tuple[str, tuple[Exhibit, ...]]:
    submission = board.entries[stated.entry].submission
    for ref in params.recommender:
        for statement in statements(submission, ref, params.trust).found:
            if province := parse(statement.field.value).province:
                return _counted(province, params), (stated.exhibit, Exhibit(stated.entry, statement.evidence))
    province = parse(stated.statement.field.value).province
    return _counted(province, params), (stated.exhibit,)


def _counted(province: str, params: ProvinceQuota) -> str:
    return _CORPS_LIES_IN if province == CORPS and not params.corps else province
