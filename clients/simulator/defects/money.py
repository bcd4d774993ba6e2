"""Defects of amounts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from clients.simulator.defects.defect import FORM, Defect, flawed, papers_of
from clients.simulator.invent import invent_expenses
from clients.simulator.plan import LIMIT, FormFacts, Plan


def with_amount(rng: Random, form: FormFacts, requested: Decimal) -> FormFacts:
    """The form with another requested amount; everything still adds up."""
    total = requested + form.self_funded
    return replace(form, requested=requested, words=requested, total=total, expenses=invent_expenses(rng, total))


def _over_limit(rng: Random, plan: Plan) -> Plan:
    form, _ = papers_of(plan)
    requested = LIMIT + Decimal(rng.choice((500, 1_000, 5_000, 8_500, 20_000, 50_000)))
    return flawed(plan, "amount-over-limit", FORM, form=with_amount(rng, form, requested))


def _words(rng: Random, plan: Plan) -> Plan:
    """The capitals say another amount than the digits; both are within the limit."""
    form, _ = papers_of(plan)
    words = form.requested - Decimal(rng.choice((1_000, 5_000, 10_000, 20_000)))
    return flawed(plan, "amount-words-differ", FORM, form=replace(form, words=words))


def _wrong_sum(rng: Random, plan: Plan) -> Plan:
    """One row of the budget is changed, the total stays as it was; or quantity times price is not the row's amount."""
    form, _ = papers_of(plan)
    index = rng.randrange(len(form.expenses))
    chosen = form.expenses[index]
    if form.priced and rng.random() < 0.5:
        quantity = chosen.quantity or 10
        price = (chosen.amount / quantity).quantize(Decimal(1)) + rng.choice((20, 50, 100))
        changed = replace(chosen, quantity=quantity, price=price)
    else:
        more = Decimal(rng.choice((500, 1_000, 2_000, 5_000)))
        changed = replace(chosen, amount=chosen.amount + more, quantity=0, price=Decimal(0))
    expenses = (*form.expenses[:index], changed, *form.expenses[index + 1 :])
    return flawed(plan, "budget-sum-mismatch", FORM, form=replace(form, expenses=expenses))


def _unit_slip(rng: Random, plan: Plan) -> Plan:
    form, _ = papers_of(plan)
    return flawed(plan, "unit-slip", FORM, form=replace(form, unit_slip=True))


DEFECTS = {
    "amount-over-limit": Defect(_over_limit),
    "amount-words-differ": Defect(_words),
    "budget-sum-mismatch": Defect(_wrong_sum),
    "unit-slip": Defect(_unit_slip),
}
