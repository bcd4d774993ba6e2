"""Defects of files: missing, of another kind, outdated, unreadable, with macros; Word and scan that differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from clients.simulator.attachments import OTHER_PAPERS
from clients.simulator.defects.defect import FORM, LETTER, OTHER, Defect, flawed, papers_of
from clients.simulator.defects.fields import other_phone
from clients.simulator.invent import invent_expenses
from clients.simulator.people import invent_person
from clients.simulator.plan import FormFacts, Plan

DAMAGES = ("empty", "truncated-docx", "encrypted-pdf", "truncated-letter", "noise")


def _missing_form(rng: Random, plan: Plan) -> Plan:
    return replace(flawed(plan, "missing-application-form", ""), form=None)


def _missing_letter(rng: Random, plan: Plan) -> Plan:
    return replace(flawed(plan, "missing-pairing-letter", ""), letter=None)


def _wrong_document(rng: Random, plan: Plan) -> Plan:
    return replace(flawed(plan, "wrong-document", OTHER, "warning"), attachment=rng.choice(OTHER_PAPERS))


def _outdated(rng: Random, plan: Plan) -> Plan:
    form, _ = papers_of(plan)
    return flawed(plan, "outdated-template", FORM, "warning", form=replace(form, edition=rng.choice(("2019", "2020"))))


def _unreadable(rng: Random, plan: Plan) -> Plan:
    damage = rng.choice(DAMAGES)
    on_letter = damage == "truncated-letter"
    changed = flawed(plan, "unreadable-attachment", LETTER if on_letter else OTHER, "warning")
    return replace(changed, attachment="" if on_letter else "broken", damage=damage)


def _link(rng: Random, plan: Plan) -> Plan:
    # The mail's own text is no paper of the call, so a judge may call it a wrong document too.
    return replace(flawed(plan, "large-attachment-link", OTHER, "warning"), attachment="link")


def _macros(rng: Random, plan: Plan) -> Plan:
    delivery = "pair" if plan.delivery == "scan" else plan.delivery
    return replace(flawed(plan, "macros-present", FORM, "warning"), delivery=delivery, macros=True)


# ------------------------------------------------------------------------------ Word against scan


def _mismatch(rng: Random, plan: Plan) -> Plan:
    """The Word form was changed after it had been stamped. It agrees with itself and with the letter."""
    form, _ = papers_of(plan)
    changed = rng.choice(_CHANGES)(rng, form)
    return replace(flawed(plan, "word-scan-mismatch", FORM), delivery="pair", word=changed)


def _other_amount(rng: Random, form: FormFacts) -> FormFacts:
    requested = form.requested - Decimal(rng.choice((5_000, 10_000, 20_000)))
    total = requested + form.self_funded
    return replace(form, requested=requested, words=requested, total=total, expenses=invent_expenses(rng, total))


def _other_leader(rng: Random, form: FormFacts) -> FormFacts:
    return replace(form, leader=replace(form.leader, name=invent_person(rng, form.applicant).name))


def _other_phone(rng: Random, form: FormFacts) -> FormFacts:
    return replace(form, leader=replace(form.leader, mobile=other_phone(rng, form.leader.mobile)))


def _other_email(rng: Random, form: FormFacts) -> FormFacts:
    return replace(form, leader=replace(form.leader, email=invent_person(rng, form.applicant).email))


def _other_row(rng: Random, form: FormFacts) -> FormFacts:
    """Money moves from one row of the budget to another."""
    first, second, *rest = form.expenses
    shift = Decimal(500)
    moved = (
        replace(first, amount=first.amount + shift, quantity=0, price=Decimal(0)),
        replace(second, amount=second.amount - shift, quantity=0, price=Decimal(0)),
    )
    if moved[1].amount <= 0:
        return _other_amount(rng, form)
    return replace(form, expenses=(*moved, *rest))


def _other_end(rng: Random, form: FormFacts) -> FormFacts:
    return replace(form, ends=form.ends - timedelta(days=61))


_CHANGES: tuple[Callable[[Random, FormFacts], FormFacts], ...] = (
    _other_amount, _other_amount, _other_leader, _other_phone, _other_email, _other_row, _other_end,
)  # fmt: skip

DEFECTS = {
    "missing-application-form": Defect(_missing_form),
    "missing-pairing-letter": Defect(_missing_letter),
    "wrong-document": Defect(_wrong_document),
    "outdated-template": Defect(_outdated),
    "unreadable-attachment": Defect(_unreadable),
    "large-attachment-link": Defect(_link),
    "macros-present": Defect(_macros),
    "word-scan-mismatch": Defect(_mismatch),
}
