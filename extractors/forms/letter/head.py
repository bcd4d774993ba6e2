"""A letter's title, number and addressee: where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.forms.letter.row import Row
from extractors.hanzi import HAN
from extractors.values.characters import squeeze
from extractors.values.organisations import is_organisation, normal_form

_TITLE_LINES = 30  # the title stands within so many lines
NUMBER = re.compile(
    rf"(?P<body>[{HAN}]{{1,16}})(?P<open>[^\dOoIl{HAN}]{{0,2}})(?P<year>[12][0-9OoIl]{{3}})"
    rf"(?P<close>[^\dOoIl{HAN}]{{0,2}})第?(?P<number>[\dOoIl]{{0,4}})号"
)
LETTERHEAD_END = re.compile(r"(?:文件|\(函\)|函)$")
_TO = re.compile(r"^(?:致|送|主送|尊敬的)[:：]?")


def find_title(rows: Sequence[Row]) -> tuple[int, ...]:
    for index, row in enumerate(rows[:_TITLE_LINES]):
        text = squeeze(row.text).rstrip("。.")
        if not re.search(r"函(?:\([^()]{1,10}\))?$", text) or len(text) > 60 or NUMBER.search(text):
            continue
        start = index
        while "关于" not in "".join(squeeze(rows[i].text) for i in range(start, index + 1)):
            if start == 0 or index - start >= 3 or not _carries_on(rows, start):
                break
            start -= 1
        whole = "".join(squeeze(rows[i].text) for i in range(start, index + 1))
        if "关于" not in whole and not re.search(r"(?:商请|邀请|结对|协商|洽谈|合作).{0,12}函", whole):
            continue  # a letterhead: 中国林学会函
        if whole.startswith("关于") and start and _carries_on(rows, start) and _names_issuer(rows, start):
            start -= 1
        return tuple(range(start, index + 1))
    # no title says what it is about: 函 alone, above the addressee
    return next(((i,) for i, row in enumerate(rows[:_TITLE_LINES]) if squeeze(row.text) == "函"), ())


def _carries_on(rows: Sequence[Row], index: int) -> bool:
    """Whether the row above may belong to the same title: neither number nor letterhead nor a label."""
    above, row = rows[index - 1], rows[index]
    text = squeeze(above.text)
    if NUMBER.search(text) or re.search(r"文件$|^附件|[:：。]|^\d+$", text) or len(text) > 45:
        return False
    if not re.search(rf"[{HAN}]", text):  # the star of a letterhead's rule
        return False
    return not (above.height and row.height and above.height > 1.35 * row.height)


def _names_issuer(rows: Sequence[Row], index: int) -> bool:
    above, row = rows[index - 1], rows[index]
    near = above.place.box is None or row.place.box is None
    if above.place.box is not None and row.place.box is not None:
        near = row.place.box.top - above.place.box.bottom < 1.6 * row.height
    return near and is_organisation(above.text)


def find_addressee(rows: Sequence[Row], title: tuple[int, ...], end: int) -> int:
    start = title[-1] + 1 if title else 0
    for index in range(start, min(end, start + 8)):
        text = squeeze(rows[index].text)
        to = _TO.match(text)
        if to is not None and is_organisation(text[to.end() :]):
            return index  # 致：…, with or without a colon behind it
        if text.endswith(":") and 3 <= len(text) <= 60 and not re.search(r"[。;]", text) and not _labelled(text):
            return index
    for index in range(start, min(end, start + 3)):
        if (
            title
            and is_organisation(_TO.sub("", squeeze(rows[index].text)))
            and not NUMBER.search(squeeze(rows[index].text))
        ):
            return index
    return -1


def _labelled(text: str) -> bool:
    return bool(re.match(r"(?:联系人|电话|地址|附件|日期|抄送|主题|如下|事项)", text)) or text.endswith(
        ("如下:", "章):")
    )


def called(row: Row) -> str:
    """Whom a row addresses: 致：…"""
    return normal_form(_TO.sub("", squeeze(row.text)))


def is_placeholder(text: str) -> bool:
    """Whether ×× or a blank of the template stands where a name should."""
    return not re.sub(r"[×xX*_○□\s]", "", text) or bool(re.search(r"×|[xX]{2}|○○|_{2,}|\*{2}", text))
