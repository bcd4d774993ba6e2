"""What submissions do wrong together: planted pair by pair, and told by `groups` for whatever came about.

A pair is made of two sound submissions; the second is invented anew where another society or county is needed. The
truth of these rules is reckoned from the facts of all plans, so that it holds for coincidences too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import astuple, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from clients.simulator.defects.money import with_amount
from clients.simulator.invent import invent
from clients.simulator.people import County, Society, counties, provincial_societies
from clients.simulator.plan import LIMIT, FormFacts, Group, LetterFacts, Plan, SealName
from clients.simulator.prose import renamed

_SHARE = 12  # one pair for so many submissions


def plant_pairs(rng: Random, plans: list[Plan], rules: Collection[str] = ()) -> list[Plan]:
    """The plans, of which some sound ones became pairs that break a rule together.

    rules: only these, as far as they are rules across submissions; by default all.
    """
    wanted = [rule for rule in PAIRS if not rules or rule in rules]
    sound = [plan for plan in plans if not plan.flaws]
    rng.shuffle(sound)
    waiting: list[str] = []
    made: dict[int, Plan] = {}
    for _ in range(len(plans) // _SHARE if wanted else 0):
        if not waiting:
            waiting = list(wanted)
            rng.shuffle(waiting)
        rule = waiting.pop()
        first = next((plan for plan in sound if _kind(plan) == (_FIRST_OF.get(rule, "national"))), None)
        second = next((plan for plan in sound if plan is not first), None)
        if first is None or second is None:
            break
        sound = [plan for plan in sound if plan is not first and plan is not second]
        made |= {plan.number: plan for plan in PAIRS[rule](rng, first, second)}
    return [made.get(plan.number, plan) for plan in plans]


def _kind(plan: Plan) -> str:
    return _form(plan).applicant.kind


def _form(plan: Plan) -> FormFacts:
    if plan.form is None:
        raise ValueError("pairs are made of sound submissions")
    return plan.form


def _letter(plan: Plan) -> LetterFacts:
    if plan.letter is None:
        raise ValueError("pairs are made of sound submissions")
    return plan.letter


# --------------------------------------------------------------------------------------- planting


def _anew(rng: Random, plan: Plan, society: Society, county: County) -> Plan:
    """Another sound submission in the place of this one."""
    return invent(rng, plan.number, society, county)


def _with_amount(rng: Random, plan: Plan, low: int, high: int) -> Plan:
    return replace(plan, form=with_amount(rng, _form(plan), Decimal(rng.randrange(low, high, 1_000))))


def _once_more(rng: Random, first: Plan, second: Plan) -> Plan:
    """Another project of the first one's society, for the second one's county."""
    project = _form(first).project
    while True:
        again = _anew(rng, second, _form(first).applicant, _form(second).county)
        if _form(again).project != project:
            return again


def _rivals(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    society, county = _form(first).applicant, _form(first).county
    others = [each for each in provincial_societies() if each.province == society.province and each != society]
    places = [each for each in counties() if each.province == county.province and each != county] or [county]
    return first, _anew(rng, second, rng.choice(others), rng.choice(places))


def _too_much_together(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    again = _once_more(rng, first, second)
    return _with_amount(rng, first, 110_000, 190_000), _with_amount(rng, again, 110_000, 190_000)


def _twice(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    """Two modest applications of one society."""
    again = _once_more(rng, first, second)
    return _with_amount(rng, first, 60_000, 95_000), _with_amount(rng, again, 60_000, 95_000)


def _same_county(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    return first, _anew(rng, second, _national(second, first), _form(first).county)


def _national(plan: Plan, other: Plan) -> Society:
    """The plan's society if it may serve any county, else one of a neighbouring field that nobody drew."""
    society = _form(plan).applicant
    if society.province is None:
        return society
    home = _form(other).county.province
    near = [each for each in provincial_societies() if each.province and each.province.name == home]
    return near[plan.number % len(near)]


def _same_letter(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    """One society, two counties, one document number."""
    society = _form(first).applicant
    number = f"{society.abbreviation}函〔2021〕{rng.randint(3, 128)}号"
    again = _once_more(rng, first, second)
    return tuple(replace(plan, letter=replace(_letter(plan), number=number)) for plan in (first, again))


def _same_person(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    """One leader for two societies."""
    return first, replace(second, form=replace(_form(second), leader=_form(first).leader))


def _again(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    """The same application sent once more with a changed budget; the letter is the same file."""
    chance = f"letter-of-{first.number}-and-{second.number}"
    first = replace(first, letter_chance=chance)
    later = first.received + timedelta(minutes=rng.randint(5, 55))  # on the same day, before the last one
    last = replace(first, number=second.number, received=later)
    return first, _with_amount(rng, last, 60_000, int(LIMIT))


def _ally_applies(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    """The provincial society that a national one brings along applies as well."""
    ally = next(each for each in provincial_societies() if each.name == _form(first).ally)
    home = ally.province.name if ally.province else ""
    places = [each for each in counties() if each.province == home and each != _form(first).county]
    return first, _anew(rng, second, ally, rng.choice(places or [_form(first).county]))


def _copied(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    """The second society's prose is the first one's with the names replaced."""
    source, target = _form(first), _form(second)
    names = {source.applicant.name: target.applicant.name, source.county.name: target.county.name}
    names[source.helper] = target.helper
    return first, replace(second, form=replace(target, prose=renamed(source.prose, names)))


def _same_pressing(rng: Random, first: Plan, second: Plan) -> tuple[Plan, ...]:
    """Two letters bear one and the same impression of the county's seal."""
    pair = _same_county(rng, first, second)
    name = f"impression-of-{first.number}-and-{second.number}"
    county = _form(first).county.association
    seal = SealName(county, impression=name)
    return tuple(replace(plan, letter=replace(_letter(plan), county_seal=seal)) for plan in pair)


PAIRS: dict[str, Callable[[Random, Plan, Plan], tuple[Plan, ...]]] = {
    "province-quota": _rivals,
    "society-total-over-limit": _too_much_together,
    "several-applications": _twice,
    "county-paired-twice": _same_county,
    "letter-reused": _same_letter,
    "shared-contact": _same_person,
    "resubmission": _again,
    "related-provincial-society": _ally_applies,
    "near-duplicate-project": _copied,
    "same-seal-impression": _same_pressing,
}
_FIRST_OF = {"province-quota": "provincial"}


# ------------------------------------------------------------------------------------------ truth


def groups(plans: list[Plan]) -> list[Group]:
    """Which submissions break which rule together. What a later submission supersedes counts for nothing else."""
    versions = _shared(plans, lambda plan: [(_form(plan).applicant.name, _form(plan).project)])
    found = [Group("resubmission", frozenset(plan.number for plan in group)) for group in versions]
    superseded = {plan.number for group in versions for plan in sorted(group, key=lambda plan: plan.received)[:-1]}
    active = [plan for plan in plans if plan.number not in superseded]
    for rule, key in _KEYS.items():
        found += [Group(rule, frozenset(plan.number for plan in group)) for group in _shared(active, key)]
    found += [Group("county-paired-twice", frozenset(plan.number for plan in group)) for group in _paired(active)]
    found = [group for group in found if _holds(group, {plan.number: plan for plan in plans})]
    return sorted([*found, *_related(active)], key=lambda group: (group.rule, sorted(group.members)))


def _shared(plans: list[Plan], key: Callable[[Plan], list[Hashable]]) -> list[list[Plan]]:
    """Plans with a form that have a key in common, two at least."""
    return _alike([plan for plan in plans if plan.form is not None], key)


def _paired(plans: list[Plan]) -> list[list[Plan]]:
    """Plans of one county: where there is no form, the letter names it."""
    return _alike(plans, lambda plan: _letters_county(plan) if plan.form is None else _county(plan))


def _alike(plans: list[Plan], key: Callable[[Plan], list[Hashable]]) -> list[list[Plan]]:
    by_key: dict[Hashable, list[Plan]] = defaultdict(list)
    for plan in plans:
        for each in set(key(plan)):
            by_key[each].append(plan)
    unique = {tuple(plan.number for plan in group): group for group in by_key.values() if len(group) > 1}
    return list(unique.values())


def _holds(group: Group, plans: dict[int, Plan]) -> bool:
    """Rules that ask for more than something in common: several societies, or too much money."""
    societies = {_society_of(plans[number]).name for number in group.members}
    if group.rule in ("province-quota", "county-paired-twice", "shared-contact", "near-duplicate-project"):
        return len(societies) > 1
    if group.rule == "society-total-over-limit":
        return sum((_form(plans[number]).requested for number in group.members), Decimal(0)) > LIMIT
    return True


def _society_of(plan: Plan) -> Society:
    return plan.form.applicant if plan.form is not None else _letter(plan).sender


def _related(plans: list[Plan]) -> Iterator[Group]:
    applicants = {_form(plan).applicant.name: plan for plan in plans if plan.form is not None}
    for plan in plans:
        if plan.form is not None and plan.form.ally in applicants:
            yield Group("related-provincial-society", frozenset((plan.number, applicants[plan.form.ally].number)))


def _province(plan: Plan) -> list[Hashable]:
    province = _form(plan).applicant.province
    return [province.name] if province else []


def _society(plan: Plan) -> list[Hashable]:
    return [_form(plan).applicant.name]


def _county(plan: Plan) -> list[Hashable]:
    form = _form(plan)
    return [] if form.partner or "partner" in form.blanks else [(form.county.province, form.county.name)]


def _letters_county(plan: Plan) -> list[Hashable]:
    letter = plan.letter
    return [] if letter is None or letter.addressee else [(letter.county.province, letter.county.name)]


def _letters(plan: Plan) -> list[Hashable]:
    number = plan.letter.number if plan.letter else ""
    return [each for each in (number, plan.letter_chance) if each]


def _contacts(plan: Plan) -> list[Hashable]:
    form = _form(plan)
    people = (form.leader, form.contact)
    return [value for person in people for value in (person.mobile, person.landline, person.email)]


def _prose(plan: Plan) -> list[Hashable]:
    form = _form(plan)
    names = [name for name in (form.applicant.name, form.helper, form.county.name) if name]
    return [astuple(renamed(form.prose, dict.fromkeys(names, "")))]


def _impressions(plan: Plan) -> list[Hashable]:
    letter = plan.letter
    seals = (letter.seal, letter.county_seal) if letter else ()
    return [*(seal.impression for seal in seals if seal and seal.impression), *filter(None, (plan.letter_chance,))]


_KEYS: dict[str, Callable[[Plan], list[Hashable]]] = {
    "province-quota": _province,
    "society-total-over-limit": _society,
    "several-applications": _society,
    "letter-reused": _letters,
    "shared-contact": _contacts,
    "near-duplicate-project": _prose,
    "same-seal-impression": _impressions,
}
