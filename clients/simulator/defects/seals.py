"""Defects of seals and signatures.

The letter has to prove the pairing, so a fault of the county's seal is an error and one of the society's a warning.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from clients.simulator.defects.defect import FORM, LETTER, Defect, flawed, papers_of
from clients.simulator.people import sister_of
from clients.simulator.plan import Plan, SealName

_DEPARTMENTS = ("财务专用章", "合同专用章", "科普部", "办公室", "业务专用章", "组宣部")


def _missing(rng: Random, plan: Plan) -> Plan:
    """No seal at all; or the county's is missing, without which nothing is proved; or the society's."""
    _, letter = papers_of(plan)
    match rng.randrange(4):
        case 0 | 1:
            return flawed(plan, "missing-seal", LETTER, letter=replace(letter, seal=None, county_seal=None))
        case 2:
            return flawed(plan, "missing-seal", LETTER, letter=replace(letter, county_seal=None))
        case _:
            return flawed(plan, "missing-seal", LETTER, "warning", letter=replace(letter, seal=None))


def _wrong(rng: Random, plan: Plan) -> Plan:
    """A sister society's seal, or the seal of another office of the county."""
    _, letter = papers_of(plan)
    if rng.random() < 0.6:
        other = SealName(sister_of(rng, letter.sender).name)
        return flawed(plan, "seal-mismatch", LETTER, "warning", letter=replace(letter, seal=other))
    office = rng.choice(("农业农村局", "教育局", "科学技术局", "林业局"))
    changed = replace(letter, county_seal=SealName(letter.county.name + office))
    return flawed(plan, "seal-mismatch", LETTER, letter=changed)


def _department(rng: Random, plan: Plan) -> Plan:
    """The right name with a department or a purpose below the star."""
    _, letter = papers_of(plan)
    centre = rng.choice(_DEPARTMENTS)
    if rng.random() < 0.6:
        changed = replace(letter, seal=SealName(letter.sender.name, centre))
        return flawed(plan, "department-seal", LETTER, "warning", letter=changed)
    changed = replace(letter, county_seal=SealName(letter.county.association, centre))
    return flawed(plan, "department-seal", LETTER, letter=changed)


def _stray(rng: Random, plan: Plan) -> Plan:
    """The society's seal once more, where nothing is signed."""
    _, letter = papers_of(plan)
    return flawed(
        plan, "seal-without-slot", LETTER, "warning", letter=replace(letter, stray=SealName(letter.sender.name))
    )


def _unsigned(rng: Random, plan: Plan) -> Plan:
    """Sealed, but nobody signed for the applicant."""
    form, _ = papers_of(plan)
    own = ("applicant_opinion", "commitment")
    slots = tuple(replace(slot, signer="") if slot.id in own else slot for slot in form.slots)
    return flawed(plan, "missing-signature", FORM, "warning", form=replace(form, slots=slots))


def _no_consent(rng: Random, plan: Plan) -> Plan:
    """The province's box is blank."""
    form, _ = papers_of(plan)
    slot = form.slot("provincial_consent")
    if slot is None:
        raise ValueError("only provincial societies need their province's consent")
    blank = replace(slot, opinion="", signer="", dated=None, seal=None)
    return flawed(plan, "missing-provincial-consent", FORM, form=form.with_slot(blank))


DEFECTS = {
    "missing-seal": Defect(_missing),
    "seal-mismatch": Defect(_wrong),
    "department-seal": Defect(_department),
    "seal-without-slot": Defect(_stray),
    "missing-signature": Defect(_unsigned),
    "missing-provincial-consent": Defect(_no_consent, of="provincial"),
}
