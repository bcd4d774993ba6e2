"""What a make-believe call consists of, before anything is written: who asks for what, and when it arrived.

`plan` invents sound submissions and plants the defects; writing them is the business of form.py and letter.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from clients.simulator.people import (
    County,
    Person,
    Society,
    counties,
    invent_person,
    national_societies,
    provincial_societies,
    topics,
)

CALL = "zhihui-2021"
ANNOUNCED = date(2021, 8, 24)
CHINA = timezone(timedelta(hours=8))
DEADLINE = datetime(2021, 9, 3, 23, 59, 59, tzinfo=CHINA)
LIMIT = Decimal(200_000)  # yuan a society

_FOR_REVIEW = ("unreadable-attachment",)  # a person looks; every other defect is returned

_EXPENSES = (
    "专家劳务费", "专家差旅费", "交通费", "资料印刷费", "培训场地费", "宣传推广费", "志愿者补贴", "志愿者保险费",
    "科普物资购置费", "设备租赁费", "食宿费", "会议费", "其他支出",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expense:
    item: str
    amount: Decimal  # yuan
    basis: str  # how it was reckoned (测算依据)


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What the applicant means to state in the application form. blanks: ids of fields that stay empty."""

    applicant: Society
    recommender: str  # "" for a national society
    leader: Person
    contact: Person
    county: County
    county_contact: Person
    project: str
    content: tuple[str, ...]
    requested: Decimal
    self_funded: Decimal
    total: Decimal
    expenses: tuple[Expense, ...]
    begins: date
    ends: date
    filled_on: date
    blanks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the letter states. stamp: name on the sender's seal, "" for no seal at all (the county's neither)."""

    sender: Society
    stamp: str
    county: County
    project: str
    content: tuple[str, ...]
    contact: Person
    number: str  # "" where the letter carries none
    issued_on: date
    reply_by: date | None
    replied_on: date | None  # None: there is no reply slip


@dataclass(frozen=True, slots=True)
class Flaw:
    """A planted defect. paper: the kind of paper that shows it, "" for the submission as a whole."""

    rule: str
    paper: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One submission. attachment: "" or what the third file is; damage: "" or how a file is broken."""

    number: int  # from 1
    received: datetime
    form: FormFacts | None
    letter: LetterFacts | None
    attachment: str = ""
    damage: str = ""
    flaws: tuple[Flaw, ...] = field(default=())

    @property
    def verdict(self) -> str:
        if not self.flaws:
            return "acceptable"
        return "review" if all(flaw.rule in _FOR_REVIEW for flaw in self.flaws) else "return"


def invent(rng: Random, serial: int, society: Society, county: County) -> Plan:
    """A sound submission of a society that serves a county."""
    received = _moment(rng, date(2021, 8, 27), date(2021, 9, 3))
    issued_on = _between(rng, ANNOUNCED, received.date() - timedelta(days=1))
    leader, contact = invent_person(rng, society), invent_person(rng, society)
    topic = topics()[society.topic]
    recommender = f"{society.province.short}科学技术协会{rng.choice(('', '科普部'))}" if society.province else ""
    number = f"{society.abbreviation}{rng.choice('函函函发字')}〔2021〕{rng.randint(3, 128)}号"
    project = rng.choice(topic.projects).replace("某县", county.name)
    content = tuple(rng.sample(topic.content, min(3, len(topic.content))))
    requested, own = _amounts(rng)
    begins, ends = _period(rng)
    form = FormFacts(
        applicant=society,
        recommender=recommender,
        leader=leader,
        contact=contact,
        county=county,
        county_contact=invent_person(rng, society),
        project=project,
        content=content,
        requested=requested,
        self_funded=own,
        total=requested + own,
        expenses=_expenses(rng, requested + own),
        begins=begins,
        ends=ends,
        filled_on=_between(rng, ANNOUNCED, received.date()),
    )
    letter = LetterFacts(
        sender=society,
        stamp=society.name,
        county=county,
        project=project,
        content=content,
        contact=contact,
        number=number if rng.random() < 0.8 else "",
        issued_on=issued_on,
        reply_by=issued_on + timedelta(days=rng.randint(2, 6)) if rng.random() < 0.5 else None,
        replied_on=_between(rng, issued_on, received.date()) if rng.random() < 0.8 else None,
    )
    attachment = rng.choice(("plan", "roster")) if rng.random() < 0.25 else ""
    return Plan(serial, received, form, letter, attachment)


def draw_pairs(rng: Random, count: int) -> list[tuple[Society, County]]:
    """Who serves whom: no society and, as long as they last, no county twice; provincial societies stay at home."""
    national = list(national_societies())
    provincial = list(provincial_societies())
    rng.shuffle(national)
    rng.shuffle(provincial)
    _spread(provincial)
    places = list(counties())
    rng.shuffle(places)
    free = list(places)
    pairs = []
    for _ in range(count):
        if not national and not provincial:
            raise ValueError("there are not enough societies for so many submissions")
        take = national if national and (not provincial or rng.random() < 0.5) else provincial
        society = take.pop()
        near = [place for place in places if society.province is None or place.province == society.province.name]
        county = next((place for place in near if place in free), None) or rng.choice(near)
        if county in free:
            free.remove(county)
        pairs.append((society, county))
    return pairs


def _spread(societies: list[Society]) -> None:
    """Order provincial societies so that those at the end (taken first) come from different provinces."""
    seen: dict[str, int] = {}
    rank = {}
    for society in societies:
        home = society.province.name if society.province else ""
        seen[home] = rank[society.name] = seen.get(home, 0) + 1
    societies.sort(key=lambda society: -rank[society.name])


def _between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


def _moment(rng: Random, first: date, last: date) -> datetime:
    """A moment of office hours, now and then late in the evening."""
    day = _between(rng, first, last)
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


def _expenses(rng: Random, total: Decimal) -> tuple[Expense, ...]:
    """Four to seven rows that sum up to the total exactly."""
    names = rng.sample(_EXPENSES, rng.randint(4, 7))
    weights = [rng.uniform(0.5, 2.0) for _ in names]
    amounts = [Decimal(max(500, round(float(total) * weight / sum(weights) / 500) * 500)) for weight in weights[:-1]]
    amounts.append(total - sum(amounts, Decimal(0)))
    if amounts[-1] <= 0:
        return _expenses(rng, total)
    return tuple(Expense(name, amount, _basis(rng, name)) for name, amount in zip(names, amounts, strict=True))


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
