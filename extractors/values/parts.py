"""Whose part a name is of: an organisation itself, or its department, branch, special-purpose seal or party branch.

中国林学会油茶分会      中国林学会 · 油茶分会       a branch
浙江省科协科普部        浙江省科协 · 科普部         a department
湖南省林学会财务专用章  湖南省林学会 · 财务专用章   a special purpose
周明印                                              a person's
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from extractors.hanzi import HAN


class Part(StrEnum):
    OWN = "own"  # the organisation itself
    DEPARTMENT = "department"  # 科普部, 办公室, 秘书处
    BRANCH = "branch"  # 分会, 专业委员会, 办事处
    SPECIAL = "special_purpose"  # 财务专用章, 合同专用章
    PARTY = "party"  # 党支部, 工会
    PERSON = "person"  # a signature chop (私章)


@dataclass(frozen=True, slots=True)
class Parted:
    """A name in two. head: the organisation, as written; "" where only the part is named. part: "" for OWN."""

    head: str
    part: str
    kind: Part


_BODY = (
    # 学会工作部 of an association for science and technology is its department for societies
    "科学技术协会|科协|(?<!科学技术协会)(?<!科协)学会|协会|研究会|联合会|促进会|联谊会|基金会|总会|商会|联盟|政府|公司|大学|学院|医院|研究院|研究所|中心|局|厅"
)
_SPECIAL = "专用章|财务章|合同章|发票章|业务章"
_PARTY = "党支部|党总支|党委|党组|委员会党支部|支部委员会|总支部委员会|工会委员会|工会|团委|团支部"
_BRANCH = (
    "分会|专业委员会|专委会|工作委员会|专家委员会|工作组|办事处|代表处|联络处|联络站|工作站|分支机构|筹备组|筹备委员会"
)
_DEPARTMENT = (
    "办公室|秘书处|科普部|普及部|学会部|学术部|组织部|宣传部|人事部|财务部|综合部|工作部|联络部|事业部|信息部|培训部|国际部|"
    "外联部|会员部|编辑部|机关|处|科|室|部"
)
_NAMED = tuple(name for name in _DEPARTMENT.split("|") if len(name) > 1)
_NUMBER = re.compile(r"(?<=章)(?:[(（]?\d{1,2}[)）]?|[(（][一二三四五六七八九十]{1,2}[)）])$")
_PURPOSE = re.compile("(?:财务|合同|业务|公文|行政|人事|会议|会员|培训|项目|科普|发票|票据|报名|考试|证书)专用章")
_KINDS = ((Part.SPECIAL, _SPECIAL), (Part.PARTY, _PARTY), (Part.BRANCH, _BRANCH), (Part.DEPARTMENT, _DEPARTMENT))
_HEADED = {kind: re.compile(f"(?P<head>.+(?:{_BODY}))(?P<part>.{{0,16}}(?:{ends}))$") for kind, ends in _KINDS}
_BARE = {
    Part.SPECIAL: re.compile(f".{{0,8}}(?:{_SPECIAL})$"),
    Part.PARTY: re.compile(f"(?:中共.*委员会|.*(?:{_PARTY}))$"),
    Part.BRANCH: re.compile(f".{{0,12}}(?:{_BRANCH})$"),
    Part.DEPARTMENT: re.compile("(?:办公室|秘书处|科普部|科学技术普及部|学会部|组织部|机关)$"),
}
_PERSON = re.compile(rf"(?P<name>[{HAN}]{{2,4}}?)(?:之?印|印章|私章|之章)$")
_END = re.compile(f"(?:{_BODY}|委员会)$")


def unnumbered(name: str) -> str:
    """Without the number of a seal for a purpose: 财务专用章（1）."""
    return _NUMBER.sub("", name)


@lru_cache(maxsize=2048)
def parted(name: str) -> Parted:
    """Take the part off a name that has been brought to its normal form; OWN where it has none."""
    name = unnumbered(name)
    if match := re.match("(?P<head>中共.+?)委员会$", name):
        return Parted(match["head"].removeprefix("中共"), name, Part.PARTY)
    for kind, pattern in _HEADED.items():
        if match := pattern.match(name):
            return Parted(match["head"], match["part"], kind)
    if _END.search(name):
        return Parted(name, "", Part.OWN)
    for kind, pattern in _BARE.items():
        if pattern.fullmatch(name):
            return Parted("", name, kind)
    if match := _PERSON.fullmatch(name):
        return Parted(match["name"], name, Part.PERSON)
    return Parted(name, "", Part.OWN)


def is_usual_whole(part: str) -> bool:
    """The same with every character: 科普部, 财务专用章."""
    return len(part) > 2 and (part in _NAMED or bool(_PURPOSE.fullmatch(part)))


def nearly(read: str, department: str) -> bool:
    """A reading is a department's name but for one character at an end, and no other's that is usual: 普部 or 一科普部
    for 科普部."""

    def fits(name: str) -> bool:
        if len(read) == len(name) + 1:
            return read.startswith(name) or read.endswith(name)
        return 2 <= len(read) == len(name) - 1 and (name.startswith(read) or name.endswith(read))

    return fits(department) and not any(fits(name) or read == name for name in _NAMED if name != department)


def resembles_department(read: str) -> bool:
    """A reading is a usual department's name but for a character: 科普, 科昔部."""
    return len(read) > 1 and any(Levenshtein.distance(read, name) <= 1 for name in _NAMED if len(name) > 2)


def is_usual(part: str) -> bool:
    """A part's name that is read on many seals (办公室), but for one character of three, or a purpose (务专用章): print
    beneath a seal does not read so."""
    return part in _NAMED or part.endswith("专用章") or (len(part) > 2 and resembles_department(part))
