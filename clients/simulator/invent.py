"""Sound submissions: societies, counties, people, projects and money that keep to every rule of the call."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from clients.simulator import codes
from clients.simulator.people import (
    County,
    Province,
    Society,
    counties,
    invent_person,
    national_societies,
    provinces,
    provincial_kinds,
    provincial_societies,
    topics,
)
from clients.simulator.plan import (
    ANNOUNCED,
    CHINA,
    LIMIT,
    Delivery,
    Expense,
    FormFacts,
    LetterFacts,
    Plan,
    SealName,
    Slot,
)
from clients.simulator.prose import Subject, invent_prose

_EXPENSES = (
    "专家劳务费", "专家差旅费", "交通费", "资料印刷费", "培训场地费", "宣传推广费", "志愿者补贴", "志愿者保险费",
    "科普物资购置费", "设备租赁费", "食宿费", "会议费", "其他支出",
)  # fmt: skip
_OPINIONS = ("同意申报。", "同意申报，所填内容属实。", "情况属实，同意申报。")
_CONSENTS = ("同意推荐。", "同意推荐该学会申报。", "经审核，同意推荐。")
_SUPPORTS = ("同意支持。", "同意对该项目给予指导和支持。")


def invent(rng: Random, serial: int, society: Society, county: County) -> Plan:
    """A sound submission of a society that serves a county."""
    # The last day is kept free: whether it is in time is a question of its own.
    received = _moment(rng, date(2021, 8, 27), date(2021, 9, 2))
    topic = topics()[society.topic]
    project = rng.choice(topic.projects).replace("某县", county.name)
    content = tuple(rng.sample(topic.content, min(3, len(topic.content))))
    form = _form(rng, society, county, project, content, received.date())
    letter = _letter(rng, form, content, received.date())
    return Plan(serial, received, form, letter, delivery=_delivery(rng, society))


def ally_of(rng: Random, society: Society, province: Province) -> str:
    """The provincial society that a national one brings along: its own field's if there is one, else a near one's."""
    field = society.name.removeprefix("中国").removeprefix("中华")
    near = [name for name, topic in provincial_kinds() if topic == society.topic]
    own = [name for name, _ in provincial_kinds() if name == field]
    return province.short + (own[0] if own else rng.choice(near))


def backer_of(society: Society) -> str:
    """The national society of a provincial one's field."""
    field = society.name.removeprefix(society.province.short) if society.province else society.name
    for other in national_societies():
        if other.name in (f"中国{field}", f"中华{field}"):
            return other.name
    return next(other.name for other in national_societies() if other.topic == society.topic)


def subject_of(form: FormFacts, content: tuple[str, ...], backer: str = "") -> Subject:
    """What a form's prose is about."""
    return Subject(form.applicant.name, form.county.name, content, form.ally, backer)


def association_of(province: Province) -> str:
    return f"{province.short}科学技术协会"


def _form(
    rng: Random, society: Society, county: County, project: str, content: tuple[str, ...], received: date
) -> FormFacts:
    home = society.province
    requested, own = _amounts(rng)
    begins, ends = _period(rng)
    filled_on = between(rng, ANNOUNCED, received)
    ally = "" if home else ally_of(rng, society, province_of(county))
    backer = backer_of(society) if home else ""
    return FormFacts(
        applicant=society,
        recommender=association_of(home) + rng.choice(("", "科普部")) if home else "",
        leader=invent_person(rng, society),
        contact=invent_person(rng, society),
        county=county,
        county_contact=invent_person(rng, society),
        project=project,
        prose=invent_prose(rng, Subject(society.name, county.name, content, ally, backer)),
        volunteers=tuple(invent_person(rng, society) for _ in range(rng.randint(3, 6))),
        requested=requested,
        words=requested,
        self_funded=own,
        total=requested + own,
        expenses=invent_expenses(rng, requested + own),
        begins=begins,
        ends=ends,
        filled_on=filled_on,
        slots=_slots(rng, society, filled_on, received, backer),
        credit_code=codes.credit_code(rng),
        priced=rng.random() < 0.35,
        ally=ally,
    )


def _slots(rng: Random, society: Society, filled_on: date, received: date, backer: str) -> tuple[Slot, ...]:
    """Who signs and seals the form, and when."""
    own = SealName(society.name)
    chief = invent_person(rng, society).name
    signed_on = between(rng, filled_on, received)
    slots = [
        Slot("cover", seal=own),
        Slot("applicant_opinion", rng.choice(_OPINIONS), chief, signed_on, own),
        Slot("commitment", signer=chief, dated=signed_on, seal=own),
    ]
    if society.province is not None:
        consented_on = between(rng, signed_on, received)
        seal = SealName(association_of(society.province), rng.choice(("", "", "科普部")))
        chief = invent_person(rng, society).name
        slots.append(Slot("provincial_consent", rng.choice(_CONSENTS), chief, consented_on, seal))
        chief = invent_person(rng, society).name
        slots.append(Slot("national_support", rng.choice(_SUPPORTS), chief, signed_on, SealName(backer)))
    return tuple(slots)


def _letter(rng: Random, form: FormFacts, content: tuple[str, ...], received: date) -> LetterFacts:
    society, county = form.applicant, form.county
    issued_on = between(rng, ANNOUNCED, received - timedelta(days=1))
    number = f"{society.abbreviation}{rng.choice('函函函发字')}〔2021〕{rng.randint(3, 128)}号"
    return LetterFacts(
        sender=society,
        seal=SealName(society.name),
        county=county,
        county_seal=SealName(county.association),
        project=form.project,
        content=content,
        contact=form.contact,
        number=number if rng.random() < 0.8 else "",
        issued_on=issued_on,
        reply_by=issued_on + timedelta(days=rng.randint(2, 6)) if rng.random() < 0.5 else None,
        replied_on=between(rng, issued_on, received),
    )


def _delivery(rng: Random, society: Society) -> Delivery:
    """Provincial societies need the consent of their province on paper, so they rarely send Word alone."""
    shares = (45, 35, 20) if society.province is None else (20, 50, 30)
    choices: tuple[Delivery, ...] = ("word", "pair", "scan")
    return rng.choices(choices, shares)[0]


def draw_pairs(rng: Random, count: int) -> list[tuple[Society, County]]:
    """Who serves whom: no society twice, one provincial society a province, and no county twice as long as they last.

    Provincial societies stay at home. Raises ValueError where there are not enough societies.
    """
    national, provincial = list(national_societies()), _one_a_province(rng)
    rng.shuffle(national)
    places = list(counties())
    rng.shuffle(places)
    free = list(places)
    pairs = []
    for _ in range(count):
        if not national and not provincial:
            raise ValueError("there are not enough societies for so many submissions")
        take = national if national and (not provincial or rng.random() < 0.55) else provincial
        society = take.pop()
        near = [place for place in places if society.province is None or place.province == society.province.name]
        county = next((place for place in near if place in free), None) or rng.choice(near)
        if county in free:
            free.remove(county)
        pairs.append((society, county))
    return pairs


def _one_a_province(rng: Random) -> list[Society]:
    """A province recommends one society at most."""
    chosen = []
    for province in provinces():
        chosen.append(rng.choice([each for each in provincial_societies() if each.province == province]))
    rng.shuffle(chosen)
    return chosen


def province_of(county: County) -> Province:
    return next(province for province in provinces() if province.name == county.province)


def between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def _moment(rng: Random, first: date, last: date) -> datetime:
    """A moment of office hours, now and then late in the evening."""
    day = between(rng, first, last)
    hour = rng.randint(8, 17) if rng.random() < 0.9 else rng.randint(18, 22)
    return datetime(day.year, day.month, day.day, hour, rng.randint(0, 59), rng.randint(0, 59), tzinfo=CHINA)


def _amounts(rng: Random) -> tuple[Decimal, Decimal]:
    """Requested and own money in yuan; often exactly the limit, rarely with jiao."""
    kind = rng.random()
    if kind < 0.25:
        requested = LIMIT
    elif kind < 0.9:
        requested = Decimal(rng.randrange(60_000, 200_000, 500))
    else:
        requested = Decimal(rng.randrange(60_000, 199_000, 100)) + Decimal("0.5")
    own = Decimal(0) if rng.random() < 0.4 else Decimal(rng.randrange(5_000, 60_000, 1_000))
    return requested, own


def invent_expenses(rng: Random, total: Decimal) -> tuple[Expense, ...]:
    """Four to seven rows that sum up to the total exactly."""
    names = rng.sample(_EXPENSES, rng.randint(4, 7))
    weights = [rng.uniform(0.5, 2.0) for _ in names]
    amounts = [Decimal(max(500, round(float(total) * weight / sum(weights) / 500) * 500)) for weight in weights[:-1]]
    amounts.append(total - sum(amounts, Decimal(0)))
    if amounts[-1] <= 0:
        return invent_expenses(rng, total)
    return tuple(_expense(rng, name, amount) for name, amount in zip(names, amounts, strict=True))


def _expense(rng: Random, item: str, amount: Decimal) -> Expense:
    """A row; where it divides evenly, perhaps as quantity times price."""
    counts = [count for count in (5, 10, 20, 50, 100, 200) if amount % count == 0]
    quantity = rng.choice(counts) if counts else 0
    return Expense(item, amount, _basis(rng, item), quantity, amount / quantity if quantity else Decimal(0))


def _basis(rng: Random, item: str) -> str:
    """How the row was reckoned, in words that do not contradict its amount."""
    if "专家" in item or "志愿者" in item:
        return f"{rng.randint(6, 40)}人，{rng.randint(2, 6)}次活动"
    if item in ("资料印刷费", "科普物资购置费"):
        return f"{rng.randint(5, 30) * 100}册（份）"
    return rng.choice(("据实测算", "按当地标准", f"{rng.randint(2, 8)}场活动", "含往返及当地用车", ""))


def _period(rng: Random) -> tuple[date, date]:
    begins = rng.choice((date(2021, 9, 1), date(2021, 9, 10), date(2021, 10, 1), date(2021, 9, 15)))
    ends = rng.choice((date(2022, 8, 31), date(2022, 6, 30), date(2022, 7, 31), date(2021, 12, 31), date(2022, 5, 31)))
    return begins, ends
