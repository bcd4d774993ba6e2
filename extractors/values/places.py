"""Provinces and counties in names and addresses, by a gazetteer with history.

Counties are renamed and merged every year, so a lookup takes a date: what was 沙县 when a call was made may be
沙县区 since. Names that several cities share (朝阳区) are settled by a province or city named beside them, or not at
all. Without a date, the names since the list of 2021 count, and older ones where no newer county bears the name.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from extractors.values.alike import distance
from extractors.values.characters import squeeze

CORPS = "新疆生产建设兵团"
LISTED = date(2021, 1, 4)
"""The date of the list on which the gazetteer rests; changes before and after are in it too, from 2010 on."""

GRACE = timedelta(days=183)
"""How long bodies go on under a county's former name: seals are cut anew, elections wait."""

_CORPS_CODE = "65"  # the corps' cities lie in Xinjiang

_NATIONALITIES = re.compile(
    r"(?:(?:各族|布朗|保安|布依|朝鲜|达斡尔|傣|德昂|东乡|侗|独龙|鄂伦春|鄂温克|仡佬|哈尼|哈萨克|回|基诺|景颇|柯尔克孜|拉祜|黎|傈僳|"
    r"满|毛南|蒙古|苗|仫佬|纳西|怒|普米|羌|撒拉|畲|水|塔吉克|土家|土|佤|维吾尔|锡伯|瑶|彝|裕固|藏|壮|白|阿昌|珞巴|门巴|蒙古)族?)+$"
)
_COUNTY_END = re.compile(r"(?:自治县|自治旗|林区|特区|新区|县|区|旗|市)$")
_BODY_END = re.compile(r"(?:科学技术协会|科协|人民政府|政府|县委|委员会).*$")


@dataclass(frozen=True, slots=True)
class Division:
    """A county-level division under one of its names.

    code: six digits (GB/T 2260). province, city: names; city "" where there is none.
    since, until: year or month (YYYY or YYYY-MM) in which the name began or ended; "" for long ago, or still.
    now: what it became, where it ended; "" where unknown.
    """

    code: str
    name: str
    city: str
    province: str
    since: str = ""
    until: str = ""
    now: str = ""

    def stands(self, at: date | None) -> bool:
        """Whether the name is in use on that day: from the first day of `since`, to GRACE after the last of `until`."""
        if at is None:
            at = max(LISTED, _first(self.since))
        return not self.began_after(at) and at <= _last(self.until)

    def began_after(self, at: date) -> bool:
        """Whether the name is younger than that day."""
        return _first(self.since) > at


def _first(when: str) -> date:
    """The first day of a year or month; of all time for ""."""
    year, _, month = when.partition("-")
    return date(int(year), int(month or 1), 1) if when else date.min


def _last(when: str) -> date:
    """The last day of grace after a year or month; of all time for ""."""
    if not when:
        return date.max
    year, _, month = when.partition("-")
    of_month = int(month or 12)
    return date(int(year), of_month, monthrange(int(year), of_month)[1]) + GRACE


@dataclass(frozen=True, slots=True)
class Locality:
    """What a text says about where. "" where it says nothing, or nothing unambiguous.

    county: as the gazetteer names it. code: of the county; "" where several counties of that name are possible.
    """

    province: str = ""
    county: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    counties: dict[str, tuple[Division, ...]]  # by name
    stems: dict[str, tuple[Division, ...]]  # by name without 县, 区, 市, 畲族自治县
    cities: dict[str, tuple[str, ...]]  # name → the four first digits of their codes
    provinces: dict[str, str]  # full and short name → full name


@cache
def _gazetteer() -> _Gazetteer:
    text = files("extractors.values").joinpath("data/divisions.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    higher = {code: name for code, name, *_ in rows if code.endswith("00")}
    provinces = {name: name for code, name in higher.items() if code.endswith("0000")}
    provinces |= {short_province(name): name for name in tuple(provinces)}
    provinces[CORPS] = provinces["兵团"] = CORPS
    cities: dict[str, tuple[str, ...]] = {}
    for code, name in higher.items():
        if not code.endswith("0000"):
            for key in {name, _stem(name)}:
                cities[key] = (*cities.get(key, ()), code[:4])
    counties: dict[str, tuple[Division, ...]] = {}
    stems: dict[str, tuple[Division, ...]] = {}
    for code, name, *history in rows:
        if code in higher:
            continue
        division = Division(code, name, higher.get(code[:4] + "00", ""), higher[code[:2] + "0000"], *history)
        counties[name] = (*counties.get(name, ()), division)
        stem = _stem(name)
        if len(stem) >= 2:
            stems[stem] = (*stems.get(stem, ()), division)
    return _Gazetteer(counties, stems, cities, provinces)


def _standing(divisions: tuple[Division, ...], at: date | None) -> tuple[Division, ...]:
    """Those whose name is in use on that day; all of them where none is."""
    return tuple(division for division in divisions if division.stands(at)) or divisions


def provinces() -> tuple[str, ...]:
    """The provinces in full, the corps too, in the order of codes."""
    return tuple(dict.fromkeys(_gazetteer().provinces.values()))


def short_province(name: str) -> str:
    """内蒙古 of 内蒙古自治区."""
    return re.sub(r"(?:壮族|回族|维吾尔)?(?:自治区|特别行政区)$|[省市]$", "", name)


def _stem(name: str) -> str:
    stem = _COUNTY_END.sub("", re.sub(r"(?:自治州|地区|盟)$", "", name))
    if "自治" in name:
        stem = _NATIONALITIES.sub("", stem)
    return stem if len(stem) >= 2 else name


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: str  # "province", "city" or "county"
    name: str
    start: int
    end: int


def _hits(text: str) -> list[_Hit]:
    """Divisions named in the text, left to right, the longest name at each place."""
    gazetteer = _gazetteer()
    found: list[_Hit] = []
    position = 0
    while position < len(text):
        hit = _hit_at(text, position, gazetteer)
        if hit is None:
            position += 1
            continue
        found.append(hit)
        position = hit.end
    return found


def _hit_at(text: str, position: int, gazetteer: _Gazetteer) -> _Hit | None:
    for length in range(min(15, len(text) - position), 1, -1):
        name = text[position : position + length]
        if name in gazetteer.provinces and (length > 2 or _province_alone(text, position + length)):
            return _Hit("province", name, position, position + length)
        if name in gazetteer.counties:
            return _Hit("county", name, position, position + length)
        if name in gazetteer.cities and (length > 2 or name.endswith("市")):
            return _Hit("city", name, position, position + length)
    return None


def _province_alone(text: str, end: int) -> bool:
    """Whether a short name such as 吉林 is the province's: 吉林市 and 海南州 are not."""
    return text[end : end + 1] not in ("市", "州", "县", "区", "路", "街")


def find_locality(text: str, beside: str = "", at: date | None = None) -> Locality:
    """Province and county that a name or address states.

    beside: other text of the same submission whose provinces and cities may settle an ambiguous county.
    at: the day whose counties are meant; a county of another time is told only where none of that day has the name.
    """
    squeezed = squeeze(text)
    hits = _hits(squeezed)
    county_hits = [hit for hit in hits if hit.kind == "county"]
    candidates: tuple[Division, ...] = ()
    if county_hits:
        best = _best(county_hits, squeezed)
        candidates = _gazetteer().counties[best.name]
        if best.start and not any(hit.end == best.start for hit in hits):
            candidates = _by_stem(squeezed, hits) or candidates  # 景宁县 is not the 宁县 in it
    elif not any(hit.kind == "city" and hit.end == len(_body_removed(squeezed)) for hit in hits):
        candidates = _by_stem(squeezed, hits)
    return _settle(_standing(candidates, at), hits, _hits(squeeze(beside)))


def counties_named(name: str, province: str = "") -> tuple[Division, ...]:
    """Every county that bears or bore this name, in a province where one is given (in full), in the order of codes."""
    found = _gazetteer().counties.get(name, ())
    if province == CORPS:
        return tuple(division for division in found if division.code.startswith(_CORPS_CODE))
    return tuple(division for division in found if province in ("", division.province))


def counties_in_use(at: date | None = None) -> tuple[str, ...]:
    """The names of counties in use on a day, each once."""
    names = _gazetteer().counties
    return tuple(name for name, divisions in names.items() if any(division.stands(at) for division in divisions))


def near_counties(text: str, cost: float) -> list[tuple[str, float]]:
    """Names of counties that slips of at most this cost would make of the text, each with its cost."""
    names = _gazetteer().counties
    near = ((name, distance(text, name)) for name in names if abs(len(name) - len(text)) <= cost)
    return [(name, slips) for name, slips in near if slips <= cost]


def renamed(a: Division, b: Division) -> bool:
    """Whether one is the other under a later name: 沙县 and 沙县区.

    梅列区 and 三元区, of which it became a part, are two.
    """
    for old, new in ((a, b), (b, a)):
        if old.until and old.now == new.name and old.code[:2] == new.code[:2]:
            return _stem(old.name) == _stem(new.name) or (bool(new.since) and _predecessors(new) == 1)
    return False


def _predecessors(division: Division) -> int:
    return sum(
        other.now == division.name and other.code[:4] == division.code[:4]
        for divisions in _gazetteer().counties.values()
        for other in divisions
    )


def _best(hits: list[_Hit], text: str) -> _Hit:
    """The county meant: the one before 科协, else the first whose name is no common word."""
    for hit in hits:
        if text.startswith(("科协", "科学技术协会"), hit.end):
            return hit
    return next((hit for hit in hits if hit.end - hit.start > 2), hits[0])


def _body_removed(text: str) -> str:
    return _BODY_END.sub("", text)


def _by_stem(text: str, hits: list[_Hit]) -> tuple[Division, ...]:
    """Counties named without their suffix: 安吉科协, 浙江安吉, 景宁县."""
    rest = _body_removed(text)
    higher = [hit for hit in hits if hit.kind != "county" and hit.end <= len(rest)]
    if higher:
        rest = rest[higher[-1].end :]
    stems = _gazetteer().stems
    return stems.get(rest) or stems.get(re.sub(r"[县区市旗]$", "", rest), ())


def _settle(candidates: tuple[Division, ...], hits: list[_Hit], beside: list[_Hit]) -> Locality:
    gazetteer = _gazetteer()
    corps = any(gazetteer.provinces.get(hit.name) == CORPS for hit in hits)
    for named in (hits, beside):
        if len(candidates) > 1:
            candidates = _narrow(candidates, named) or candidates
    if not candidates:
        return Locality(CORPS if corps else _province_of(hits))
    if corps and all(division.code.startswith(_CORPS_CODE) for division in candidates):
        return Locality(CORPS, candidates[0].name, candidates[0].code if len(candidates) == 1 else "")
    provinces = {division.province for division in candidates}
    stated = _province_of(hits)
    # A county of another province than the one stated is told as stated: whoever compares must see the contradiction.
    province = stated or (provinces.pop() if len(provinces) == 1 else "")
    contradicted = bool(stated) and all(division.province != stated for division in candidates)
    code = candidates[0].code if len(candidates) == 1 and not contradicted else ""
    return Locality(province, candidates[0].name, code)


def _narrow(candidates: tuple[Division, ...], named: list[_Hit]) -> tuple[Division, ...]:
    gazetteer = _gazetteer()
    cities = _cities_of(named)
    provinces = {gazetteer.provinces[hit.name] for hit in named if hit.kind == "province"}
    by_city = tuple(d for d in candidates if d.code[:4] in cities)
    return by_city or tuple(d for d in candidates if d.province in provinces)


def _cities_of(hits: list[_Hit]) -> set[str]:
    """The four first digits of the codes of all cities that are named; two cities may share a name."""
    return {code for hit in hits if hit.kind == "city" for code in _gazetteer().cities[hit.name]}


def _province_of(hits: list[_Hit]) -> str:
    """The province named, else the one that every city named lies in."""
    gazetteer = _gazetteer()
    for hit in hits:
        if hit.kind == "province":
            return gazetteer.provinces[hit.name]
    codes = {code[:2] for code in _cities_of(hits)}
    return _province_at(codes.pop()) if len(codes) == 1 else ""


@cache
def _province_at(code: str) -> str:
    """The province in whose codes this one begins; "" where there is none."""
    counties = (division for divisions in _gazetteer().counties.values() for division in divisions)
    return next((division.province for division in counties if division.code.startswith(code[:2])), "")


def code_beginnings(text: str) -> tuple[str, ...]:
    """How codes of divisions (GB/T 2260) begin that a name states, longest first: 330523 and 3305 of 安吉县科协.

    () where it states no county and no city, or not unambiguously.
    """
    code = find_locality(text).code
    if code:
        return code, code[:4]
    cities = _cities_of(_hits(squeeze(text)))
    return tuple(cities) if len(cities) == 1 else ()


def find_province(text: str, beside: str = "") -> str:
    """The province that a name or address states or implies; "" where none, or not unambiguous."""
    return find_locality(text, beside).province


def find_county(text: str, beside: str = "") -> str:
    """The county-level division that a name or address states; "" where none."""
    return find_locality(text, beside).county


def begins_with_city(text: str, province: str) -> bool:
    """Whether the text begins with a prefecture of the province, its class left out or not: 苏州林学会 in 江苏省."""
    cities = _gazetteer().cities
    codes = {code for length in range(2, 12) for code in cities.get(text[:length], ())}
    return any(_province_at(code) == province for code in codes)


@cache
def division_names() -> tuple[str, ...]:
    """The names of provinces (in full and short), prefectures and counties, in full and by their stems; each once."""
    gazetteer = _gazetteer()
    return tuple(dict.fromkeys((*gazetteer.provinces, *gazetteer.cities, *gazetteer.counties, *gazetteer.stems)))


def divisions_at_start(text: str) -> str:
    """The names of divisions with which the text begins, e.g. 浙江省湖州市 of 浙江省湖州市农学会; "" where none."""
    end = 0
    gazetteer = _gazetteer()
    for _ in range(4):
        hit = _hit_at(text, end, gazetteer)
        if hit is None:
            break
        end = hit.end
    return text[:end]
