"""Rules across submissions: planted in pairs, and told for whatever came about."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from clients.simulator.defects.across import PAIRS, groups
from clients.simulator.plan import LIMIT, FormFacts, Group, Plan
from clients.simulator.simulation import plans

_SEEDS = (0, 1)
_COUNT = 130  # ten pairs


@cache
def _call(seed: int) -> tuple[dict[int, Plan], list[Group]]:
    planned = plans(_COUNT, seed)
    return {plan.number: plan for plan in planned}, groups(planned)


def _members(rule: str) -> Iterator[list[FormFacts]]:
    for seed in _SEEDS:
        by_number, found = _call(seed)
        for group in found:
            if group.rule == rule:
                forms = [by_number[number].form for number in sorted(group.members)]
                yield [form for form in forms if form is not None]


@pytest.mark.parametrize("seed", _SEEDS)
def test_every_rule_across_submissions_occurs(seed: int) -> None:
    assert {group.rule for group in _call(seed)[1]} == set(PAIRS)


@pytest.mark.parametrize("seed", _SEEDS)
def test_what_breaks_a_rule_together_is_sound_alone_mostly(seed: int) -> None:
    """A coincidence may join flawed ones too; a planted pair never is flawed."""
    by_number, found = _call(seed)
    sound = [group for group in found if not any(by_number[number].flaws for number in group.members)]
    assert {group.rule for group in sound} == set(PAIRS)


def test_a_small_call_has_no_pairs_and_no_coincidences() -> None:
    for seed in range(5):
        assert groups(plans(11, seed)) == []


def test_a_letter_names_the_county_where_the_form_is_missing() -> None:
    by_number, found = _call(0)
    pair = next(group for group in found if group.rule == "county-paired-twice")
    first = min(pair.members)
    lacking = [replace(plan, form=None) if plan.number == first else plan for plan in by_number.values()]
    assert any(group.rule == pair.rule and first in group.members for group in groups(lacking))


def test_rivals_come_from_one_province() -> None:
    for forms in _members("province-quota"):
        assert len({form.applicant.province for form in forms}) == 1
        assert len({form.applicant.name for form in forms}) == len(forms)


def test_too_much_is_asked_for_only_together() -> None:
    for forms in _members("society-total-over-limit"):
        assert len({form.applicant.name for form in forms}) == 1
        assert sum((form.requested for form in forms), Decimal(0)) > LIMIT
        assert all(form.requested <= LIMIT for form in forms)


def test_one_county_is_paired_by_different_societies() -> None:
    for forms in _members("county-paired-twice"):
        assert len({form.county for form in forms}) == 1
        assert len({form.applicant.name for form in forms}) > 1


def test_the_ally_of_one_is_the_other() -> None:
    for forms in _members("related-provincial-society"):
        assert {form.ally for form in forms} & {form.applicant.name for form in forms}


def test_a_resubmission_counts_for_nothing_else() -> None:
    for seed in _SEEDS:
        by_number, found = _call(seed)
        for group in found:
            if group.rule == "resubmission":
                older = min(group.members, key=lambda number: by_number[number].received)
                assert [other.rule for other in found if older in other.members] == ["resubmission"]


def test_copied_prose_names_its_own_society() -> None:
    for forms in _members("near-duplicate-project"):
        first, second = (form for form in forms)
        assert first.prose != second.prose
        assert first.applicant.name not in "".join((*second.prose.rationale, *second.prose.content))
