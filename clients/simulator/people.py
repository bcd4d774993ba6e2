"""Who takes part in a make-believe call: real societies and counties (facts of 2021), invented persons.

Every combination is fiction. The data are plain files beside this module: societies.tsv (national societies),
provincial.tsv (kinds of provincial societies), provinces.tsv, counties.tsv (a sample of the divisions of 2021-01),
topics.yaml (what a society does for villages).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

import yaml

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"
    "柏窦章苏潘葛范彭鲁韦昌马苗方俞任袁柳史唐费廉岑薛雷贺倪汤滕罗毕郝安常乐于时傅齐康伍余顾孟黄穆萧尹"
)
_GIVEN = (
    "文武建国志强明伟秀英丽娟春梅晓东海燕永红玉兰立新桂芳宏宇雪松俊杰思远欣怡佳慧子涵雨桐浩景行若溪知嘉"
    "树清和砚池云舟望舒沐阳晴川存义维桢允承泽启"
)
_MOBILE_PREFIXES = ("13", "13", "15", "18")
_TITLES = ("研究员", "教授", "副教授", "高级工程师", "正高级工程师", "副研究员", "秘书长", "副秘书长", "推广研究员")
_MAIL_DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "keji.example.org")


@dataclass(frozen=True, slots=True)
class Province:
    """short: as societies use it (浙江省, 内蒙古). letter: 简称. local_digits: of a landline without area_code."""

    name: str
    short: str
    letter: str
    area_code: str
    local_digits: int


@dataclass(frozen=True, slots=True)
class County:
    """A county-level division. prefecture: "" where the province governs it directly."""

    province: str
    prefecture: str
    name: str

    @property
    def association(self) -> str:
        return f"{self.name}科学技术协会"


@dataclass(frozen=True, slots=True)
class Society:
    """An applicant. province: None for a national society. abbreviation: in its document numbers (发文代字).

    listed: a national one is in the roster of 全国学会 that belong to the China Association for Science and Technology;
    of another a person has to tell whether it may apply.
    """

    name: str
    abbreviation: str
    topic: str
    province: Province | None = None
    listed: bool = True

    @property
    def kind(self) -> str:
        return "national" if self.province is None else "provincial"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    title: str
    mobile: str
    landline: str
    email: str


@dataclass(frozen=True, slots=True)
class Topic:
    projects: tuple[str, ...]
    content: tuple[str, ...]


def _rows(name: str) -> list[list[str]]:
    """The rows of a data file without its header."""
    text = files("clients.simulator").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line]


@cache
def provinces() -> tuple[Province, ...]:
    return tuple(Province(name, short, letter, code, int(n)) for name, short, letter, code, n in _rows("provinces.tsv"))


@cache
def counties() -> tuple[County, ...]:
    return tuple(County(*row) for row in _rows("counties.tsv"))


@cache
def national_societies() -> tuple[Society, ...]:
    return tuple(
        Society(name, abbreviation, topic, listed=roster == "yes")
        for name, abbreviation, topic, roster in _rows("societies.tsv")
    )


@cache
def provincial_kinds() -> tuple[tuple[str, str], ...]:
    """What a province's societies are called behind its name, each with its topic."""
    return tuple((kind, topic) for kind, _, topic in _rows("provincial.tsv"))


@cache
def provincial_societies() -> tuple[Society, ...]:
    return tuple(
        Society(province.short + kind, province.letter + abbreviation, topic, province)
        for province in provinces()
        for kind, abbreviation, topic in _rows("provincial.tsv")
    )


@cache
def topics() -> dict[str, Topic]:
    loaded = yaml.safe_load(files("clients.simulator").joinpath("topics.yaml").read_text(encoding="utf-8"))
    return {name: Topic(tuple(entry["projects"]), tuple(entry["content"])) for name, entry in loaded.items()}


def invent_person(rng: Random, society: Society) -> Person:
    """A person who does not exist, with a mobile and a landline of the society's seat (national: Beijing)."""
    given = "".join(rng.sample(_GIVEN, 1 if rng.random() < 0.2 else 2))
    seat = society.province or provinces()[0]
    local = str(rng.randint(2, 8)) + "".join(str(rng.randint(0, 9)) for _ in range(seat.local_digits - 1))
    mobile = rng.choice(_MOBILE_PREFIXES) + rng.choice("5678") + f"{rng.randint(0, 99_999_999):08d}"
    account = rng.choice(("kepu", "office", "xsb", "zhxm", "lianxi", "kx")) + str(rng.randint(1, 99_999))
    return Person(
        name=rng.choice(_SURNAMES) + given,
        title=rng.choice(_TITLES),
        mobile=mobile,
        landline=f"{seat.area_code}-{local}",
        email=f"{account}@{rng.choice(_MAIL_DOMAINS)}",
    )


def sister_of(rng: Random, society: Society) -> Society:
    """Another society whose name is easily taken for this one's: the same province or kind, few characters differ."""
    pool = national_societies() if society.province is None else provincial_societies()
    others = [other for other in pool if other.name != society.name]
    others.sort(key=lambda other: (_difference(other.name, society.name), other.name))
    return rng.choice(others[:4])


def _difference(one: str, other: str) -> float:
    """A rough distance of two names: characters that only one of them has, per character."""
    return len(set(one) ^ set(other)) / len(set(one) | set(other))
