"""A page's budget of strips: given out until it is gone, and then that is known."""

from __future__ import annotations

from extractors.seals.budget import Budget


def test_a_budget_that_lasts_has_not_ended() -> None:
    budget = Budget(4)
    assert budget.spend(2)
    assert budget.spend(2)
    assert not budget.ended


def test_what_is_begun_is_finished_and_then_the_budget_has_ended() -> None:
    budget = Budget(3)
    assert budget.spend(2)
    assert budget.spend(8)
    assert not budget.ended
    assert not budget.spend(1)
    assert budget.ended
