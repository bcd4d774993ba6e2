"""The defects that are planted: which submission gets which, and what it changes.

About half of the submissions carry exactly one. The first in line is always an attachment that cannot be read, so that
even a small call has a review; the others follow in an order drawn by seed, so that every rule occurs before any
repeats.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from clients.simulator.people import County, counties, sister_of, topics
from clients.simulator.plan import DEADLINE, LIMIT, Flaw, FormFacts, LetterFacts, Plan

FORM, LETTER = "application_form", "pairing_letter"
# What is left blank together. Of the phones both, because a call may be content with either.
BLANKS = (
    frozenset({"leader_phone", "contact_phone"}),
    frozenset({"leader_name"}),
    frozenset({"contact_name"}),
    frozenset({"partner"}),
    frozenset({"requested_amount"}),
)
DAMAGES = ("empty", "truncated-docx", "encrypted-pdf", "truncated-letter", "noise")


def assign(rng: Random, count: int) -> dict[int, str]:
    """Which submissions (from 1) carry which defect: count // 2 of them."""
    chosen = sorted(rng.sample(range(1, count + 1), count // 2))
    rng.shuffle(chosen)
    rules: list[str] = []
    while len(rules) < len(chosen):
        others = [rule for rule in DEFECTS if rule != "unreadable-attachment"]
        rng.shuffle(others)
        rules += ["unreadable-attachment", *others]
    return dict(zip(chosen, rules, strict=False))


def plant(rng: Random, plan: Plan, rule: str) -> Plan:
    """The plan with one defect. Raises KeyError for an unknown rule."""
    return DEFECTS[rule](rng, plan)


def _papers(plan: Plan) -> tuple[FormFacts, LetterFacts]:
    """Both papers of a sound plan."""
    if plan.form is None or plan.letter is None:
        raise ValueError("a defect is planted into a sound submission only")
    return plan.form, plan.letter


def _missing_form(rng: Random, plan: Plan) -> Plan:
    return replace(plan, form=None, flaws=(Flaw("missing-application-form", ""),))


def _missing_letter(rng: Random, plan: Plan) -> Plan:
    return replace(plan, letter=None, flaws=(Flaw("missing-pairing-letter", ""),))


def _missing_field(rng: Random, plan: Plan) -> Plan:
    form, _ = _papers(plan)
    blank = replace(form, blanks=rng.choice(BLANKS))
    return replace(plan, form=blank, flaws=(Flaw("missing-field", FORM),))


def _over_limit(rng: Random, plan: Plan) -> Plan:
    form, _ = _papers(plan)
    requested = LIMIT + Decimal(rng.choice((500, 1_000, 5_000, 8_500, 20_000, 50_000)))
    surplus = requested + form.self_funded - form.total
    first = form.expenses[0]
    expenses = (replace(first, amount=first.amount + surplus), *form.expenses[1:])
    if expenses[0].amount <= 0:  # cannot be: the limit is never below what was asked for
        raise AssertionError("an expense became negative")
    changed = replace(form, requested=requested, total=requested + form.self_funded, expenses=expenses)
    return replace(plan, form=changed, flaws=(Flaw("amount-over-limit", FORM),))


def _missing_seal(rng: Random, plan: Plan) -> Plan:
    _, letter = _papers(plan)
    return replace(plan, letter=replace(letter, stamp=""), flaws=(Flaw("missing-seal", LETTER),))


def _wrong_seal(rng: Random, plan: Plan) -> Plan:
    _, letter = _papers(plan)
    other = sister_of(rng, letter.sender)
    return replace(plan, letter=replace(letter, stamp=other.name), flaws=(Flaw("seal-mismatch", LETTER),))


def _wrong_partner(rng: Random, plan: Plan) -> Plan:
    form, letter = _papers(plan)
    other = _other_county(rng, form.county)
    project = form.project
    if form.county.name in project:  # a name without a county, so that only the partner differs
        project = next(name for name in topics()[form.applicant.topic].projects if "某县" not in name)
    return replace(
        plan,
        form=replace(form, county=other, project=project),
        letter=replace(letter, project=project),
        flaws=(Flaw("partner-mismatch", FORM),),
    )


def _other_county(rng: Random, county: County) -> County:
    """Mostly a neighbour in the same province."""
    near = [c for c in counties() if c.province == county.province and c != county]
    far = [c for c in counties() if c.province != county.province]
    return rng.choice(near if near and rng.random() < 0.7 else far)


def _late(rng: Random, plan: Plan) -> Plan:
    late = DEADLINE + timedelta(seconds=rng.randint(1, 3 * 86_400))
    return replace(plan, received=late, flaws=(Flaw("late", ""),))


def _unreadable(rng: Random, plan: Plan) -> Plan:
    damage = rng.choice(DAMAGES)
    attachment = plan.attachment if damage == "truncated-letter" else "broken"
    paper = LETTER if damage == "truncated-letter" else "other"
    return replace(plan, attachment=attachment, damage=damage, flaws=(Flaw("unreadable-attachment", paper),))


def _wrong_sum(rng: Random, plan: Plan) -> Plan:
    """One row of the budget is changed; the total stays as it was."""
    form, _ = _papers(plan)
    index = rng.randrange(len(form.expenses))
    chosen = form.expenses[index]
    changed = replace(chosen, amount=chosen.amount + Decimal(rng.choice((500, 1_000, 2_000, 5_000))))
    expenses = (*form.expenses[:index], changed, *form.expenses[index + 1 :])
    return replace(plan, form=replace(form, expenses=expenses), flaws=(Flaw("budget-sum-mismatch", FORM),))


def _wrong_sender(rng: Random, plan: Plan) -> Plan:
    _, letter = _papers(plan)
    other = sister_of(rng, letter.sender)
    number = letter.number.replace(letter.sender.abbreviation, other.abbreviation)
    changed = replace(letter, sender=other, stamp=other.name, number=number)
    return replace(plan, letter=changed, flaws=(Flaw("applicant-mismatch", LETTER),))


DEFECTS: dict[str, Callable[[Random, Plan], Plan]] = {
    "missing-application-form": _missing_form,
    "missing-pairing-letter": _missing_letter,
    "missing-field": _missing_field,
    "amount-over-limit": _over_limit,
    "missing-seal": _missing_seal,
    "seal-mismatch": _wrong_seal,
    "partner-mismatch": _wrong_partner,
    "late": _late,
    "unreadable-attachment": _unreadable,
    "budget-sum-mismatch": _wrong_sum,
    "applicant-mismatch": _wrong_sender,
}
