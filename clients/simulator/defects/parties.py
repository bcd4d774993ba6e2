"""Defects of who takes part: applicants that may not apply, partners that are no county's, names that differ."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from clients.simulator.defects.defect import FORM, LETTER, Defect, flawed, papers_of
from clients.simulator.invent import province_of
from clients.simulator.people import County, Society, counties, sister_of, topics
from clients.simulator.plan import FormFacts, LetterFacts, Plan, SealName, Severity
from clients.simulator.prose import renamed

# Places that sound like counties and are none (no division of this name in 2021).
_UNKNOWN = ("云岭县", "龙溪湖县", "青石桥县", "白鹿原县", "双河口县", "望江楼县", "金沙湾县", "石泉岭县")


def _ineligible(rng: Random, plan: Plan) -> Plan:
    """A company, an association, a branch or a city's society applies; its papers agree with each other."""
    form, letter = papers_of(plan)
    other = replace(form.applicant, name=_not_a_society(rng, form))
    return flawed(
        plan,
        "applicant-not-eligible",
        FORM,
        form=_of_applicant(form, other),
        letter=replace(letter, sender=other, seal=SealName(other.name)),
    )


def _not_a_society(rng: Random, form: FormFacts) -> str:
    """The name of a body of the same field that may not apply."""
    society, county = form.applicant, form.county
    if society.province is not None:
        field = society.name.removeprefix(society.province.short)
        city = county.prefecture or county.name
        return rng.choice((f"{city}{field}", f"{society.province.short}绿丰农业科技有限公司", f"{county.name}{field}"))
    branch = rng.choice(("科普工作委员会", "青年工作委员会", "乡村振兴专业委员会"))
    return rng.choice((f"{society.name}{branch}", "北京华创科普文化传播有限公司", "中农智慧（北京）科技有限公司"))


def _of_applicant(form: FormFacts, other: Society) -> FormFacts:
    """The form with another applicant wherever its name or its seal stands."""
    name = form.applicant.name
    slots = tuple(
        replace(slot, seal=SealName(other.name)) if slot.seal is not None and slot.seal.text == name else slot
        for slot in form.slots
    )
    prose = renamed(form.prose, {name: other.name})
    return replace(form, applicant=other, slots=slots, prose=prose)


def _wrong_sender(rng: Random, plan: Plan) -> Plan:
    _, letter = papers_of(plan)
    other = sister_of(rng, letter.sender)
    number = letter.number.replace(letter.sender.abbreviation, other.abbreviation)
    changed = replace(letter, sender=other, seal=SealName(other.name), number=number)
    return flawed(plan, "applicant-mismatch", LETTER, letter=changed)


def _not_county(rng: Random, plan: Plan) -> Plan:
    """The partner is a city's association, a township's, or a county's office of another kind."""
    form, letter = papers_of(plan)
    county = form.county
    city = county.prefecture or county.province
    partner = rng.choice(
        (f"{city}科学技术协会", f"{county.name}农业农村局", f"{county.name}城关镇人民政府", f"{city}科学技术局")
    )
    return _with_partner(plan, form, letter, partner, "partner-not-county", "error")


def _unknown(rng: Random, plan: Plan) -> Plan:
    form, letter = papers_of(plan)
    return _with_partner(plan, form, letter, f"{rng.choice(_UNKNOWN)}科学技术协会", "partner-unknown", "warning")


def _with_partner(
    plan: Plan, form: FormFacts, letter: LetterFacts, partner: str, rule: str, severity: Severity
) -> Plan:
    """Form, letter, reply and seal all name this partner."""
    return flawed(
        plan,
        rule,
        FORM,
        severity,
        form=replace(form, partner=partner),
        letter=replace(letter, addressee=partner, county_seal=SealName(partner)),
    )


def _wrong_partner(rng: Random, plan: Plan) -> Plan:
    form, letter = papers_of(plan)
    other = other_county(rng, form.county)
    project = form.project
    if form.county.name in project:  # a name without a county, so that only the partner differs
        project = next(name for name in topics()[form.applicant.topic].projects if "某县" not in name)
    ally = form.ally and form.ally.replace(province_of(form.county).short, province_of(other).short)
    names = {form.county.name: other.name} | ({form.ally: ally} if form.ally else {})
    return flawed(
        plan,
        "partner-mismatch",
        FORM,
        form=replace(form, county=other, project=project, ally=ally, prose=renamed(form.prose, names)),
        letter=replace(letter, project=project),
    )


def other_county(rng: Random, county: County) -> County:
    """Mostly a neighbour in the same province."""
    near = [c for c in counties() if c.province == county.province and c != county]
    far = [c for c in counties() if c.province != county.province]
    return rng.choice(near if near and rng.random() < 0.7 else far)


def _other_project(rng: Random, plan: Plan) -> Plan:
    """The letter speaks of another activity of the society."""
    form, letter = papers_of(plan)
    others = [topic for name, topic in topics().items() if name != form.applicant.topic]
    project = rng.choice([name for name in rng.choice(others).projects if "某县" not in name])
    return flawed(plan, "project-mismatch", LETTER, "warning", letter=replace(letter, project=project))


DEFECTS = {
    "applicant-not-eligible": Defect(_ineligible),
    "applicant-mismatch": Defect(_wrong_sender),
    "partner-not-county": Defect(_not_county),
    "partner-unknown": Defect(_unknown),
    "partner-mismatch": Defect(_wrong_partner),
    "project-mismatch": Defect(_other_project),
}
