from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field as Parameter

from extractors.values.parts import Part, parted
from extractors.values.places import CORPS, begins_with_city
from extractors.values.societies import national_society, nearest_society
from services.validation.check import Observation, OrganisationRef, TrustParams, check
from services.validation.levels import Level
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.organisations import ASSOCIATION, SOCIETY_ENDINGS, normal, parse
from services.validation.statements import Statement, distinct, statements, unclear, unstated


class OrganisationLevel(TrustParams):
    """The organisation that a field names is a society (学会, 协会, 研究会 ...) of a level that may apply.

    levels: national (a society of the roster of national societies), provincial (a society whose name begins with a
    province). corps: whether 新疆生产建设兵团 counts as a province. An association for science and technology itself, a
    society of a city or county, a branch, a company, a school or an office violates this. A name that begins with 中国
    but is not in the roster, or that states no level at all, is undetermined.
    """

    field: OrganisationRef
    levels: Annotated[tuple[Level, ...], Parameter(min_length=1)] = (Level.NATIONAL, Level.PROVINCIAL)
    corps: bool = True


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a name is: its level, where it is a society that may be one; why not, where it is none."""

    level: Level | None
    sure: bool
    what: Text


@check("organisation_level", OrganisationLevel)
def organisation_level(submission: Submission, params: OrganisationLevel) -> Iterator[Observation]:
    stated = statements(submission, params.field, params.trust)
    expected = "或".join(_LEVELS[level].zh for level in params.levels)
    for statement, evidence in distinct(stated.found, normal):
        yield _judged(statement, evidence, params, expected)
    for statement in stated.unclear:
        yield unclear(statement, expected)
    if not stated.found and not stated.unclear:
        yield unstated(submission, stated, expected)


_LEVELS = {
    Level.NATIONAL: Text("全国学会", "a national society"),
    Level.PROVINCIAL: Text("省级学会", "a provincial society"),
}


def _judged(
    statement: Statement, evidence: tuple[Evidence, ...], params: OrganisationLevel, expected: str
) -> Observation:
    written, label = statement.field.value, params.field.label
    seen = _seen(written, params)
    if seen.level in params.levels and seen.sure:
        outcome = Outcome.PASSED
    elif not seen.sure or (statement.recognised and seen.level is None and statement.field.confidence < 0.9):
        outcome = Outcome.UNDETERMINED
    else:
        outcome = Outcome.VIOLATED
    end = Text("，请人工核对。", "; a person must look.") if outcome is Outcome.UNDETERMINED else Text("。", ".")
    text = Text(f"{label.zh}“{written}”{seen.what.zh}{end.zh}", f"The {label.en} “{written}” {seen.what.en}{end.en}")
    return Observation(outcome, text, evidence, expected, written)


def _seen(written: str, params: OrganisationLevel) -> _Seen:
    text = normal(written)
    society = national_society(written)
    if society is not None:
        now = f"（现名“{society.name}”）" if text in map(normal, society.formerly) else ""
        return _Seen(Level.NATIONAL, True, Text(f"是全国学会{now}", "is a national society"))
    split = parted(text)
    if split.kind is Part.PERSON:
        return _Seen(None, True, Text("不是单位名称", "is no organisation"))
    if split.kind is not Part.OWN and split.head:
        what = f"是“{split.head}”的内设部门或分支机构，不能作为申报单位"
        return _Seen(None, True, Text(what, f"is a department or branch of {split.head}"))
    return _by_name(text, params)


def _by_name(text: str, params: OrganisationLevel) -> _Seen:
    name = parse(text)
    if name.ending == ASSOCIATION and not name.core:
        return _Seen(None, True, Text("是科协，不是学会", "is an association for science and technology, no society"))
    if not name.ending:
        return _Seen(None, False, Text("是否为学会无法确定", "may or may not be a society"))
    if name.ending not in SOCIETY_ENDINGS:
        return _Seen(None, True, Text("不是学会", "is no society"))
    if name.national:
        near = nearest_society(text)
        hint = f"，是否为“{near}”" if near else ""
        what = f"不在已知的全国学会名录中{hint}"
        return _Seen(Level.NATIONAL, False, Text(what, f"is not in the roster of national societies ({near or '-'})"))
    if name.place:
        return _Seen(None, True, Text("是市、县级学会", "is a society of a city or county"))
    if not name.province:
        return _Seen(None, False, Text("没有写明是全国还是哪个省的学会", "states no level"))
    if begins_with_city(name.core, name.province):
        return _Seen(None, False, Text("可能是市级学会", "may be a society of a city"))
    if name.province in _NOT_ADDRESSED or (name.province == CORPS and not params.corps):
        return _Seen(Level.PROVINCIAL, False, Text("所在地区是否可以申报无法确定", "is of a region that may not apply"))
    return _Seen(Level.PROVINCIAL, True, Text("是省级学会", "is a provincial society"))


_NOT_ADDRESSED = ("香港特别行政区", "澳门特别行政区", "台湾省")
