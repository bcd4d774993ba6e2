"""The defects that are planted: which submission gets which, and what it changes.

About half of the submissions carry exactly one of DEFECTS, and some more break a rule together (across.py). A defect
changes nothing else; what a fair judge has to say as well is `implied`. The first in line are always an attachment that
cannot be read and an amount over the limit, so that even a small call has a review and a return; the others follow in
an order drawn by seed, so that every rule occurs before any repeats.
"""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from clients.simulator.defects import dates, fields, money, papers, parties, seals
from clients.simulator.defects.defect import Defect
from clients.simulator.plan import Plan

_FIRST = ("unreadable-attachment", "amount-over-limit")
DEFECTS: dict[str, Defect] = {
    **papers.DEFECTS, **fields.DEFECTS, **money.DEFECTS, **dates.DEFECTS, **parties.DEFECTS, **seals.DEFECTS,
}  # fmt: skip


def assign(rng: Random, plans: list[Plan], rules: Collection[str] = ()) -> dict[int, str]:
    """Which submissions (by number) carry which defect: half of them, each one that its applicant can have.

    rules: only these, as far as they are rules of one submission; by default all.
    """
    if rules and not set(rules) & set(DEFECTS):
        return {}
    chosen = rng.sample(plans, len(plans) // 2)
    rng.shuffle(chosen)
    waiting: list[str] = []
    assigned = {}
    for plan in chosen:
        if not any(DEFECTS[rule].suits(plan) for rule in waiting):
            waiting += [rule for rule in _round(rng) if not rules or rule in rules]
        rule = next((rule for rule in waiting if DEFECTS[rule].suits(plan)), None)
        if rule is not None:  # of the rules that are wanted, none may be this applicant's
            waiting.remove(rule)
            assigned[plan.number] = rule
    return assigned


def _round(rng: Random) -> list[str]:
    others = [rule for rule in DEFECTS if rule not in _FIRST]
    rng.shuffle(others)
    return [*_FIRST, *others]


def plant(rng: Random, plan: Plan, rule: str) -> Plan:
    """The plan with one defect. Raises KeyError for an unknown rule."""
    return DEFECTS[rule].plant(rng, plan)
