"""Names of organisations: their normal form, and whether a text is such a name."""

from __future__ import annotations

import re

from extractors.values.characters import fold, squeeze
from extractors.values.places import divisions_at_start

_NOTE = re.compile(
    r"\((?:请?(?:单位|学会)?(?:加?盖章?|公章|签章|印章|章|盖.{0,4}章|单位公章|全称|签字|签名|加盖公章)[^()]{0,6})\)"
)
_LISTED = re.compile(r"^\(?(?:\d{1,2}|[一二三四五])[)、.:]\s*")
_REMARK = re.compile(r"\([^()]{1,8}\)$")  # （牵头）
NATIONAL = ("中国", "中华")
"""How the names of national societies begin."""
_BLANK_END = re.compile(r"^[\s:：,，。.、;；_*]+|[\s:：,，。.、;；_*]+$")
_SUFFIXES = (
    "学会",
    "协会",
    "研究会",
    "联合会",
    "促进会",
    "联谊会",
    "科协",
    "委员会",
    "理事会",
    "基金会",
    "联盟",
    "总会",
    "商会",
    "分会",
    "公司",
    "集团",
    "大学",
    "学院",
    "学校",
    "中学",
    "小学",
    "研究院",
    "研究所",
    "科学院",
    "设计院",
    "医院",
    "中心",
    "局",
    "厅",
    "部",
    "委",
    "办",
    "处",
    "所",
    "站",
    "馆",
    "社",
    "政府",
    "办公室",
    "出版社",
    "报社",
    "杂志社",
    "书院",
    "合作社",
    "农场",
    "兵团",
    "党组",
    "工会",
    "团委",
    "妇联",
    "管委会",
    "实验室",
    "博物馆",
    "图书馆",
    "联社",
    "服务队",
    "总队",
)
_SURE = tuple(s for s in _SUFFIXES if len(s) >= 2)
_SENTENCE = re.compile(r"[，。；！？,;!?：:]")


def normal_form(raw: str) -> str:
    """The name without blanks, notes such as （盖章）, and marks at its ends; brackets full width."""
    text = squeeze(raw)
    for _ in range(3):
        text = _BLANK_END.sub("", _NOTE.sub("", text))
    return text.replace("(", "（").replace(")", "）")


def is_organisation(text: str) -> bool:
    """Whether the text is built like the name of an organisation."""
    name = normal_form(text)
    if not 3 <= len(name) <= 60 or _SENTENCE.search(name):
        return False
    core = re.sub(r"（[^（）]{1,12}）$", "", name)
    return core.endswith(_SURE) or (len(core) >= 4 and core.endswith(tuple(_SUFFIXES)))


def first_of_several(raw: str) -> str:
    """The first of several names that stand below or beside each other, each with a number or a note perhaps; "" where
    it is one name or none. Each begins as whole names do: a line break may be within one."""
    parts = [_LISTED.sub("", _REMARK.sub("", part.strip())) for part in re.split(r"[\n、;；]", fold(raw))]
    parts = [part for part in parts if part]
    whole = all(is_organisation(part) and (part.startswith(NATIONAL) or divisions_at_start(part)) for part in parts)
    return normal_form(parts[0]) if len(parts) > 1 and whole else ""
