"""Defects of single fields and of the prose."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from clients.simulator.defects.defect import FORM, Defect, flawed, papers_of
from clients.simulator.invent import subject_of
from clients.simulator.plan import Plan
from clients.simulator.prose import invent_prose, laboratory, leftover

# What is left blank together. Of the phones both, because a call may be content with either.
BLANKS = (
    frozenset({"leader_phone", "contact_phone"}),
    frozenset({"leader_name"}),
    frozenset({"contact_name"}),
    frozenset({"partner"}),
    frozenset({"requested_amount"}),
)
_LONGEST = 30  # characters of a project's name


def other_phone(rng: Random, phone: str) -> str:
    """The mobile with one digit changed."""
    place = rng.randrange(4, len(phone))
    digit = rng.choice([digit for digit in "0123456789" if digit != phone[place]])
    return phone[:place] + digit + phone[place + 1 :]


def _blank(rng: Random, plan: Plan) -> Plan:
    form, _ = papers_of(plan)
    return flawed(plan, "missing-field", FORM, form=replace(form, blanks=rng.choice(BLANKS)))


def _phone(rng: Random, plan: Plan) -> Plan:
    """A digit too few or too many, or a number that no mobile has."""
    form, _ = papers_of(plan)
    mobile = form.leader.mobile
    wrong = rng.choice((mobile[:-1], mobile + str(rng.randint(0, 9)), "12" + mobile[2:], mobile[:7] + mobile[8:]))
    changed = replace(form, leader=replace(form.leader, mobile=wrong))
    return flawed(plan, "invalid-phone", FORM, "warning", form=changed)


def _email(rng: Random, plan: Plan) -> Plan:
    form, _ = papers_of(plan)
    account, _, domain = form.leader.email.partition("@")
    wrong = rng.choice(
        (f"{account}{domain}", f"{account}@{domain.partition('.')[0]}", f"{account}@", f"{account}@@{domain}")
    )
    changed = replace(form, leader=replace(form.leader, email=wrong))
    return flawed(plan, "invalid-email", FORM, "warning", form=changed)


def _long_title(rng: Random, plan: Plan) -> Plan:
    """Form and letter carry the same long name."""
    form, letter = papers_of(plan)
    extra = ("助力乡村振兴", "面向基层农村群众", "推动科技志愿服务常态化长效化", "暨农民科学素质提升", "与结对帮扶共建")
    name = form.project
    for part in rng.sample(extra, len(extra)):
        name += part
        if len(name) > _LONGEST + 3:
            break
    changed = replace(form, project=name)
    return flawed(plan, "title-too-long", FORM, "warning", form=changed, letter=replace(letter, project=name))


def _leftover(rng: Random, plan: Plan) -> Plan:
    form, _ = papers_of(plan)
    prose = form.prose
    name = rng.choice(("rationale", "content", "outcome"))
    paragraphs = (
        (leftover(rng), *getattr(prose, name)) if rng.random() < 0.5 else (*getattr(prose, name), leftover(rng))
    )
    changed = replace(form, prose=replace(prose, **{name: paragraphs}))
    return flawed(plan, "placeholder-left", FORM, "warning", form=changed)


def _no_volunteers(rng: Random, plan: Plan) -> Plan:
    """A research project: the provincial or national society that it has to name is still named."""
    form, letter = papers_of(plan)
    subject = subject_of(form, letter.content)
    kept = tuple(text for text in form.prose.content if form.ally and form.ally in text)
    if form.slot("national_support") is not None:
        kept = (f"本课题得到{form.helper}的支持和指导。",)
    prose = laboratory(rng, subject)
    named = replace(prose, content=(*prose.content, *(text.partition("，")[0] + "。" for text in kept)))
    changed = replace(form, prose=named, volunteers=())
    return flawed(plan, "missing-volunteer-content", FORM, "warning", form=changed)


def _no_ally(rng: Random, plan: Plan) -> Plan:
    form, letter = papers_of(plan)
    alone = replace(form, ally="")
    changed = replace(alone, prose=invent_prose(rng, subject_of(alone, letter.content)))
    return flawed(plan, "missing-province-society-plan", FORM, form=changed)


def _no_backer(rng: Random, plan: Plan) -> Plan:
    """Neither the prose nor a box speaks of the national society."""
    form, letter = papers_of(plan)
    slots = tuple(slot for slot in form.slots if slot.id != "national_support")
    changed = replace(form, slots=slots, prose=invent_prose(rng, subject_of(form, letter.content)))
    return flawed(plan, "missing-national-support", FORM, "info", form=changed)


DEFECTS = {
    "missing-field": Defect(_blank),
    "invalid-phone": Defect(_phone),
    "invalid-email": Defect(_email),
    "title-too-long": Defect(_long_title),
    "placeholder-left": Defect(_leftover),
    "missing-volunteer-content": Defect(_no_volunteers),
    "missing-province-society-plan": Defect(_no_ally, of="national"),
    "missing-national-support": Defect(_no_backer, of="provincial"),
}
