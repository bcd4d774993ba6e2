"""Whose rules apply: is the applicant a national or a provincial society, and of which province?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from extractors.forms.spec import FieldType
from extractors.values.places import find_province
from services.validation.check import FieldRef, Observation, OrganisationRef, TrustParams
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.statements import statements, unclear, unstated

_NATIONAL = re.compile(r"(?:中国|中华|全国|国际)(?!科学技术协会|科协)")


class Level(StrEnum):
    NATIONAL = "national"
    PROVINCIAL = "provincial"


class LevelParams(TrustParams):
    """Parameters of a check that is for societies of one level.

    applicant: who applies; its name tells. type: a choice of national or provincial that tells where the name does not.
    """

    applicant: OrganisationRef
    type: FieldRef | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies. province: "" for a national society, and where the name does not say."""

    name: str
    level: Level
    province: str
    evidence: Evidence


def applicant_of(submission: Submission, params: LevelParams) -> Applicant | Observation:
    """The applicant, or why a rule for one level cannot be judged."""
    stated = statements(submission, params.applicant, params.trust)
    if not stated.found:
        return unclear(stated.unclear[0]) if stated.unclear else unstated(submission, stated)
    first = stated.found[0]
    name = first.field.value
    if _NATIONAL.match(name):
        return Applicant(name, Level.NATIONAL, "", first.evidence)
    province = find_province(name)
    if province:
        return Applicant(name, Level.PROVINCIAL, province, first.evidence)
    ticked = None
    if params.type is not None and params.type.spec.type is FieldType.CHOICE:
        ticked = next(iter(statements(submission, params.type, params.trust).found), None)
    if ticked is not None and ticked.field.value in set(Level):
        return Applicant(name, Level(ticked.field.value), "", first.evidence)
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"不能确定申报单位“{name}”是全国学会还是省级学会，本项请人工核对。",
            f"Whether the applicant “{name}” is a national or a provincial society could not be told.",
        ),
        (first.evidence,),
    )


def not_for(applicant: Applicant) -> Observation:
    """The rule is for societies of the other level."""
    zh = "全国学会" if applicant.level is Level.NATIONAL else "省级学会"
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(f"申报单位为{zh}，本项不适用。", f"The applicant is a {applicant.level} society; the rule is not for it."),
        (applicant.evidence,),
    )
