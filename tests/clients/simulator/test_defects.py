"""The plan of a make-believe call: who takes part, and what is wrong with it."""

from datetime import date
from decimal import Decimal
from functools import cache
from random import Random

import pytest

from clients.simulator.defects import DEFECTS, plant
from clients.simulator.invent import invent
from clients.simulator.people import counties, national_societies, provincial_societies
from clients.simulator.plan import ANNOUNCED, DEADLINE, LIMIT, FormFacts, LetterFacts, Plan
from clients.simulator.simulation import plans

_RULES = {
    "missing-application-form", "missing-pairing-letter", "wrong-document", "outdated-template", "missing-field",
    "invalid-phone", "invalid-email", "amount-over-limit", "amount-words-differ", "budget-sum-mismatch", "unit-slip",
    "late", "date-out-of-range", "applicant-not-eligible", "applicant-mismatch", "partner-not-county",
    "partner-unknown", "partner-mismatch", "project-mismatch", "missing-seal", "seal-mismatch", "department-seal",
    "seal-without-slot", "missing-signature", "missing-provincial-consent", "missing-province-society-plan",
    "missing-national-support", "missing-volunteer-content", "period-out-of-range", "title-too-long",
    "placeholder-left", "word-scan-mismatch", "unreadable-attachment", "large-attachment-link", "macros-present",
}  # fmt: skip


def test_every_rule_of_a_submission_has_a_defect() -> None:
    assert set(DEFECTS) == _RULES


@pytest.mark.parametrize("seed", range(3))
def test_eighty_submissions_show_every_defect_and_half_of_them_none(seed: int) -> None:
    planned = plans(80, seed)
    assert {flaw.rule for plan in planned for flaw in plan.flaws} == _RULES
    assert sum(not plan.flaws for plan in planned) == 40
    assert all(len(plan.flaws) <= 1 for plan in planned)


@pytest.mark.parametrize("seed", range(20))
def test_a_dozen_shows_all_three_verdicts(seed: int) -> None:
    assert {plan.verdict for plan in plans(12, seed)} == {"acceptable", "return", "review"}


def _whole(plan: Plan) -> tuple[FormFacts, LetterFacts]:
    assert plan.form is not None
    assert plan.letter is not None
    return plan.form, plan.letter


@pytest.mark.parametrize("seed", range(3))
def test_sound_submissions_keep_to_every_rule(seed: int) -> None:
    for plan in (plan for plan in plans(60, seed) if not plan.flaws):
        form, letter = _whole(plan)
        home = form.applicant.province
        assert home is None or home.name == form.county.province
        assert plan.received.date() < DEADLINE.date()
        assert 0 < form.requested <= LIMIT
        assert form.requested + form.self_funded == form.total == sum(row.amount for row in form.expenses)
        assert all(row.amount > 0 for row in form.expenses)
        assert all(row.quantity * row.price == row.amount for row in form.expenses if row.quantity)
        assert letter.seal is not None
        assert letter.county_seal is not None
        assert letter.seal.text == letter.sender.name == form.applicant.name
        assert letter.county_seal.text == letter.county.association == form.partner_name
        assert letter.county == form.county
        assert letter.project == form.project
        assert ANNOUNCED <= letter.issued_on <= letter.replied_on <= plan.received.date()
        assert ANNOUNCED <= form.filled_on <= plan.received.date()
        assert date(2021, 9, 1) <= form.begins < form.ends <= date(2022, 8, 31)
        assert all(slot.dated is None or slot.dated <= plan.received.date() for slot in form.slots)
        assert all(slot.signer for slot in form.slots if slot.id != "cover")


def test_a_national_society_names_one_of_the_countys_province() -> None:
    for plan in (plan for plan in plans(60, 4) if not plan.flaws):
        form, _ = _whole(plan)
        if form.applicant.province is None:
            assert form.ally in {society.name for society in provincial_societies()}
            assert any(form.ally in text for text in form.prose.content)
        else:
            assert form.slot("provincial_consent") is not None


@cache
def _planted(rule: str) -> tuple[Plan, ...]:
    """Ten sound plans with this defect."""
    made = []
    for number in range(1, 11):
        rng = Random(number)
        society = rng.choice(provincial_societies() if number % 2 else national_societies())
        home = [county for county in counties() if not society.province or county.province == society.province.name]
        plan = invent(rng, number, society, rng.choice(home))
        if DEFECTS[rule].suits(plan):
            made.append(plant(rng, plan, rule))
    assert made
    return tuple(made)


@pytest.mark.parametrize("rule", sorted(_RULES))
def test_a_defect_is_named_and_tells_its_verdict(rule: str) -> None:
    for plan in _planted(rule):
        assert [flaw.rule for flaw in plan.flaws] == [rule]
        assert plan.verdict == {"error": "return", "warning": "review", "info": "acceptable"}[plan.flaws[0].severity]


def test_too_much_money_still_adds_up() -> None:
    for plan in _planted("amount-over-limit"):
        form, _ = _whole(plan)
        assert form.requested > LIMIT
        assert sum(row.amount for row in form.expenses) == form.total


def test_a_wrong_sum_leaves_the_totals_alone() -> None:
    for plan in _planted("budget-sum-mismatch"):
        form, _ = _whole(plan)
        off = sum((row.amount for row in form.expenses), Decimal(0)) != form.total
        assert off or any(row.quantity * row.price != row.amount for row in form.expenses if row.quantity)
        assert form.requested + form.self_funded == form.total


def test_words_that_differ_stay_within_the_limit() -> None:
    assert all(0 < _whole(plan)[0].words < _whole(plan)[0].requested for plan in _planted("amount-words-differ"))


def test_a_wrong_seal_is_neither_the_senders_nor_the_countys() -> None:
    for plan in _planted("seal-mismatch"):
        _, letter = _whole(plan)
        assert letter.seal is not None
        assert letter.county_seal is not None
        right = (letter.seal.text == letter.sender.name, letter.county_seal.text == letter.county.association)
        assert sorted(right) == [False, True]


def test_a_missing_seal_is_a_warning_only_where_the_countys_is_there() -> None:
    for plan in _planted("missing-seal"):
        _, letter = _whole(plan)
        assert letter.seal is None or letter.county_seal is None
        assert (plan.verdict == "review") == (letter.county_seal is not None)


def test_another_sender_seals_with_its_own_seal() -> None:
    for plan in _planted("applicant-mismatch"):
        form, letter = _whole(plan)
        assert letter.seal is not None
        assert letter.seal.text == letter.sender.name != form.applicant.name


def test_another_partner_differs_in_nothing_but_the_county() -> None:
    for plan in _planted("partner-mismatch"):
        form, letter = _whole(plan)
        assert form.county != letter.county
        assert form.project == letter.project


@pytest.mark.parametrize("rule", ["partner-not-county", "partner-unknown"])
def test_a_partner_that_is_no_county_is_the_same_in_all_papers(rule: str) -> None:
    for plan in _planted(rule):
        form, letter = _whole(plan)
        assert letter.county_seal is not None
        assert form.partner_name == letter.addressee_name == letter.county_seal.text
        assert form.partner_name.removesuffix("科学技术协会") not in {county.name for county in counties()}


def test_an_applicant_that_may_not_apply_is_no_society_of_the_lists() -> None:
    known = {society.name for society in (*national_societies(), *provincial_societies())}
    for plan in _planted("applicant-not-eligible"):
        form, letter = _whole(plan)
        assert form.applicant.name == letter.sender.name
        assert form.applicant.name not in known
        assert not any(slot.seal and slot.seal.text in known for slot in form.slots if slot.id == "applicant_opinion")


def test_late_is_after_the_deadline_or_a_warning_on_its_day() -> None:
    for plan in _planted("late"):
        assert plan.received > DEADLINE or (plan.verdict == "review" and plan.received.date() == DEADLINE.date())


def test_a_changed_word_form_differs_from_its_scan_and_agrees_with_itself() -> None:
    for plan in _planted("word-scan-mismatch"):
        assert plan.delivery == "pair"
        assert plan.word is not None
        assert plan.word != plan.form
        assert sum(row.amount for row in plan.word.expenses) == plan.word.total


def test_a_form_without_ally_names_it_nowhere() -> None:
    for plan in _planted("missing-province-society-plan"):
        form, _ = _whole(plan)
        texts = "".join((*form.prose.rationale, *form.prose.content, *form.prose.team, *form.prose.outcome))
        assert not form.ally
        assert not [society.name for society in provincial_societies() if society.name in texts]


def test_research_prose_speaks_of_no_volunteers_and_no_villages() -> None:
    for plan in _planted("missing-volunteer-content"):
        prose = _whole(plan)[0].prose
        texts = "".join((*prose.rationale, *prose.content, *prose.team, *prose.schedule, *prose.outcome))
        assert not [word for word in ("志愿", "服务队", "农民", "农村", "乡村") if word in texts]
