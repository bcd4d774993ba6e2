"""The plan of a make-believe call: who takes part, and what is wrong with it."""

from datetime import date
from decimal import Decimal

import pytest

from clients.simulator.defects import DEFECTS
from clients.simulator.plan import ANNOUNCED, DEADLINE, LIMIT, Plan
from clients.simulator.simulation import plans


def _sound(count: int, seed: int) -> list[Plan]:
    return [plan for plan in plans(count, seed) if not plan.flaws]


@pytest.mark.parametrize("seed", range(5))
def test_forty_submissions_show_every_defect_and_half_of_them_none(seed: int) -> None:
    planned = plans(40, seed)
    assert {flaw.rule for plan in planned for flaw in plan.flaws} == set(DEFECTS)
    assert sum(not plan.flaws for plan in planned) == 20
    assert all(len(plan.flaws) <= 1 for plan in planned)


@pytest.mark.parametrize("seed", range(20))
def test_a_dozen_shows_all_three_verdicts(seed: int) -> None:
    assert {plan.verdict for plan in plans(12, seed)} == {"acceptable", "return", "review"}


def test_no_society_applies_twice_even_among_two_hundred() -> None:
    applicants = [plan.form.applicant.name for plan in plans(200, 3) if plan.form]
    assert len(set(applicants)) == len(applicants)


def test_a_provincial_society_serves_a_county_of_its_province() -> None:
    for plan in _sound(60, 2):
        assert plan.form is not None
        province = plan.form.applicant.province
        assert province is None or province.name == plan.form.county.province


@pytest.mark.parametrize("seed", range(3))
def test_sound_submissions_keep_to_every_rule(seed: int) -> None:
    for plan in _sound(60, seed):
        form, letter = plan.form, plan.letter
        assert form is not None
        assert letter is not None
        assert plan.received <= DEADLINE
        assert 0 < form.requested <= LIMIT
        assert form.requested + form.self_funded == form.total == sum(row.amount for row in form.expenses)
        assert all(row.amount > 0 for row in form.expenses)
        assert letter.stamp == letter.sender.name == form.applicant.name
        assert letter.county == form.county
        assert letter.project == form.project
        assert ANNOUNCED <= letter.issued_on <= (letter.replied_on or letter.issued_on) <= plan.received.date()
        assert ANNOUNCED <= form.filled_on <= plan.received.date()
        assert date(2021, 9, 1) <= form.begins < form.ends <= date(2022, 8, 31)


def _planted(rule: str) -> list[Plan]:
    return [plan for seed in range(6) for plan in plans(40, seed) if plan.flaws and plan.flaws[0].rule == rule]


def test_too_much_money_still_adds_up() -> None:
    for plan in _planted("amount-over-limit"):
        assert plan.form is not None
        assert plan.form.requested > LIMIT
        assert sum(row.amount for row in plan.form.expenses) == plan.form.total


def test_a_wrong_sum_leaves_the_totals_alone() -> None:
    for plan in _planted("budget-sum-mismatch"):
        assert plan.form is not None
        assert sum((row.amount for row in plan.form.expenses), Decimal(0)) != plan.form.total
        assert plan.form.requested + plan.form.self_funded == plan.form.total


def test_a_wrong_seal_bears_a_name_like_the_senders() -> None:
    for plan in _planted("seal-mismatch"):
        assert plan.letter is not None
        assert plan.letter.stamp not in ("", plan.letter.sender.name)
        assert set(plan.letter.stamp) & set(plan.letter.sender.name)


def test_another_sender_seals_with_its_own_seal() -> None:
    for plan in _planted("applicant-mismatch"):
        assert plan.form is not None
        assert plan.letter is not None
        assert plan.letter.stamp == plan.letter.sender.name != plan.form.applicant.name


def test_another_partner_differs_in_nothing_but_the_county() -> None:
    for plan in _planted("partner-mismatch"):
        assert plan.form is not None
        assert plan.letter is not None
        assert plan.form.county != plan.letter.county
        assert plan.form.project == plan.letter.project


def test_late_is_after_the_deadline() -> None:
    assert all(plan.received > DEADLINE for plan in _planted("late"))
