"""Are two names the same organisation? Written names, and names that OCR read from a seal or a scan.

A name is taken apart by the gazetteer into province, places, core and ending:

    湖南省桃源县科学技术协会   湖南省 · 桃源县 ·        · 科学技术协会
    安徽省水利学会             安徽省 ·        · 水利   · 学会
    中国植物保护学会           中国   ·        · 植物保护 · 学会

and compared part by part, because similarity of whole names takes 山东省医学会 for 山东省药学会. Where a part was read
by OCR, characters that look alike count as nearly equal, and a difference that a slip explains is UNSURE, never
DIFFERENT; two counties that both exist are different, however alike their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product

from extractors.hanzi import HAN
from extractors.values.alike import distance, similarity
from extractors.values.organisations import normal_form
from extractors.values.places import counties_named, divisions_at_start, find_locality, renamed
from extractors.values.societies import national_society


class Likeness(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


BOUND = 200
"""No organisation has a longer name."""

SURE = 0.9
"""A reading of a lower confidence may have one character wrong."""

CERTAIN = 0.98
"""A reading of a lower confidence may have lost a part."""

# A county that the gazetteer does not know: misspelt, misread, or of another year.
_COUNTY = re.compile(f"[{HAN}](?:县|[{HAN}]{{1,10}}?(?:自治县|自治旗|县|市|区|旗))")
_NATIONAL = re.compile("中国|中华|全国|国际|世界|亚洲")
ASSOCIATION = "科学技术协会"
SOCIETY_ENDINGS = (ASSOCIATION, "学会", "协会", "研究会", "联合会", "联谊会", "促进会", "基金会", "总会")
ENDINGS = (
    *SOCIETY_ENDINGS,
    "商会", "联盟", "委员会", "人民政府", "科普部", "办公室", "秘书处", "管理局", "局", "厅", "中心", "公司",
    "大学", "学院", "学校", "医院", "研究所", "研究院", "合作社",
)  # fmt: skip
_ENDING = re.compile(f"(?:{'|'.join(ENDINGS)})$")
_ZONE = re.compile("开发区|高新区|新区|园区|示范区|管理区|管理委员会|管委会")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart. Each part is "" where the name does not have it.

    province: in full, e.g. 湖南省, also where only a county implies it; 中国, 中华 and the like for a national body.
    place: the innermost place below the province, e.g. 桃源县 or 常德市. core and ending: the organisation's own name.
    county: the place is of county level. known: the gazetteer has the place.
    """

    text: str
    province: str
    place: str
    core: str
    ending: str
    county: bool = False
    known: bool = False

    @property
    def national(self) -> bool:
        return bool(_NATIONAL.fullmatch(self.province))


def normal(name: str) -> str:
    """Without notes such as （盖章）, blanks and punctuation; 科协 written out. At most BOUND characters count."""
    return _normal(name[:BOUND])


@lru_cache(maxsize=2048)
def _normal(name: str) -> str:
    kept = "".join(char for char in normal_form(name) if char.isalnum())
    # 科协 alone is an abbreviation; inside a longer word (科协会) it is an OCR slip that is left as it stands
    return re.sub("科协(?!会)", "科学技术协会", kept)


def parse(name: str) -> Name:
    """Take a name apart; never fails."""
    return _parse(normal(name))


@lru_cache(maxsize=2048)
def _parse(text: str) -> Name:
    if match := _NATIONAL.match(text):
        core, ending = _ended(text[match.end() :])
        return Name(text, match[0], "", core, ending)
    prefix = divisions_at_start(text)
    locality = find_locality(prefix)
    core, ending = _ended(text[len(prefix) :])
    if locality.county:
        return Name(text, locality.province, locality.county, core, ending, county=True, known=True)
    city = _city(prefix, locality.province)
    unknown = _COUNTY.match(core)
    if unknown and ending in ("", ASSOCIATION):
        rest = core[unknown.end() :]
        short = find_locality(prefix + unknown[0])
        if "自治" in short.county:  # 景宁县 for 景宁畲族自治县
            return Name(text, short.province, short.county, rest, ending, county=True, known=True)
        return Name(text, locality.province, unknown[0], rest, ending, county=True)
    return Name(text, locality.province, city, core, ending, known=bool(city))


def _ended(text: str) -> tuple[str, str]:
    match = _ENDING.search(text)
    ending = match[0] if match else ""
    return text[: len(text) - len(ending)], ending


def _city(prefix: str, province: str) -> str:
    """What remains of a prefix without its province: 常德市 of 湖南省常德市."""
    short = re.sub("(?:壮族|回族|维吾尔)?(?:自治区|特别行政区)$|[省市]$", "", province)
    for name in (province, short):
        if name and prefix.startswith(name) and not (name == short and prefix[len(name) :] in ("市", "州")):
            return prefix[len(name) :]
    return prefix


def compare(a: str, b: str, *, recognised: bool, confidence: float = 1.0) -> Likeness:
    """Whether two names are of one organisation. recognised: at least one was read by OCR and may have slips.

    A county's name without its province is the same as one with it; 科协 is 科学技术协会. confidence: of the less sure
    reading, 0 to 1; where it is not high, a difference of one character is UNSURE.
    """
    left, right = parse(a), parse(b)
    if not left.text or not right.text:
        return Likeness.UNSURE
    if left.text == right.text:
        return Likeness.SAME
    if (left.national or right.national) and (society := national_society(a)) and (other := national_society(b)):
        if society is other:
            # a former name on a paper of today is for a person to look at
            return Likeness.UNSURE if {left.text, right.text} & set(map(normal, society.formerly)) else Likeness.SAME
        # a closed set: a sure reading does not make 中国植物病理学会 of 中国植物学会
        if not recognised or (confidence >= CERTAIN and distance(left.text, right.text) > 0.5):
            return Likeness.DIFFERENT
    likeness = _worst(_provinces(left, right), _places(left, right, recognised), _own(left, right, recognised))
    if recognised and likeness is Likeness.DIFFERENT and (left.text in right.text or right.text in left.text):
        return Likeness.UNSURE  # the rest may be cut off
    return _doubted(likeness, left.text, right.text, recognised, confidence)


def compare_places(a: str, b: str, *, recognised: bool, confidence: float = 1.0) -> Likeness:
    """Whether two texts, places or organisations with a place in their names, are about one place; see `compare`."""
    left, right = parse(a), parse(b)
    if left.place and right.place:
        likeness = _worst(_provinces(left, right), _places(left, right, recognised))
        return _doubted(likeness, left.place, right.place, recognised, confidence)
    # 桃源 for 桃源县: without its class a place can be recognised but not refuted
    for named, bare in ((left, right), (right, left)):
        stem = re.sub("(?:自治县|自治旗|县|市|区|旗)$", "", named.place)
        if len(stem) >= 2 and not bare.place and bare.core.startswith(stem):
            return Likeness.SAME
    return Likeness.UNSURE


def is_zone(name: Name) -> bool:
    """The name is that of a development zone (开发区) or of its administration (管委会)."""
    return bool(_ZONE.search(("" if name.known else name.place) + name.core + name.ending))


def _doubted(likeness: Likeness, a: str, b: str, recognised: bool, confidence: float) -> Likeness:
    """The likeness; UNSURE where one slip of an unsure reading would explain the difference."""
    one = distance(a, b) <= 1
    return Likeness.UNSURE if likeness is Likeness.DIFFERENT and recognised and one and confidence < SURE else likeness


def _worst(*parts: Likeness) -> Likeness:
    return next((kind for kind in (Likeness.DIFFERENT, Likeness.UNSURE) if kind in parts), Likeness.SAME)


def _provinces(left: Name, right: Name) -> Likeness:
    if left.province and right.province:
        # a closed set: a slip of OCR hardly ever makes another province's name
        return Likeness.SAME if left.province == right.province else Likeness.DIFFERENT
    if left.province == right.province or (left.place and right.place):
        return Likeness.SAME
    national = left.national or right.national
    # 农学会 for 湖南省农学会: the province is all that tells them apart
    return Likeness.DIFFERENT if national and (left.place or right.place) else Likeness.UNSURE


def _places(left: Name, right: Name, recognised: bool) -> Likeness:
    if left.place == right.place:
        return Likeness.SAME
    if not left.place or not right.place:
        return Likeness.UNSURE
    if left.known and right.known and _renamed(left, right):
        return Likeness.SAME
    if not recognised:
        return Likeness.DIFFERENT
    alike = similarity(left.place, right.place)
    # the cost of two pairs of look-alikes, or of less than one other character
    slip = distance(left.place, right.place) <= 0.5
    if left.known and right.known:
        return Likeness.UNSURE if slip else Likeness.DIFFERENT
    if slip:
        return Likeness.SAME
    return Likeness.UNSURE if alike >= 0.6 else Likeness.DIFFERENT


def _renamed(left: Name, right: Name) -> bool:
    """沙县 and 沙县区 are one county before and after."""
    pairs = product(counties_named(left.place, left.province), counties_named(right.place, right.province))
    return any(renamed(a, b) for a, b in pairs)


def _own(left: Name, right: Name, recognised: bool) -> Likeness:
    """The organisation's own name and its ending."""
    if left.ending and right.ending:
        return Likeness.DIFFERENT if left.ending != right.ending else _cores(left.core, right.core, recognised)
    if left.ending == right.ending:
        return _cores(left.core, right.core, recognised)
    # one ending is not known, or misread: 林字会 for 林学会
    likeness = _cores(left.core + left.ending, right.core + right.ending, recognised)
    return likeness if recognised else _worst(likeness, Likeness.UNSURE)


def _cores(left: str, right: str, recognised: bool) -> Likeness:
    if left == right:
        return Likeness.SAME
    alike = similarity(left, right)
    # Two pairs of look-alikes may be slips of OCR. Any other character may be a sister body's (心理卫生, 生理卫生): a
    # reviewer sees the two, for a wrong "same" is never looked at again.
    if recognised and distance(left, right) <= 0.5:
        return Likeness.SAME
    if alike >= 0.75:
        return Likeness.UNSURE
    if _shortens(left, right) or _shortens(right, left):
        return Likeness.UNSURE  # 水保 for 水土保持
    return Likeness.UNSURE if recognised and alike >= 0.6 else Likeness.DIFFERENT


def _shortens(short: str, long: str) -> bool:
    """The characters of `short`, at least two, stand in `long` in this order."""
    rest = iter(long)
    return 2 <= len(short) < len(long) and all(char in rest for char in short)
