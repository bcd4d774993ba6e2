"""Rows of a letter that are dates, also where a seal's ink made the engine misread them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.document import UNREAD, Line, Source
from extractors.forms.letter.row import Found, Row, found_on
from extractors.values.characters import fold, squeeze
from extractors.values.dates import find_dates, impossible_date, is_blank_date, is_unread_date
from extractors.values.organisations import is_organisation

_MISREAD_YEAR = re.compile(r"(?<!\d)(20\d{2})\s*[牛午车生卒仟]\s*(?=\d{1,2}\s*月)")
_MISREAD_CENTURY = re.compile(r"三(?=[〇○零][一二]\S{0,2}\s*年)")
_CUT_YEAR = re.compile(r"(?<!\d)0?([0-4]\d)(?=\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)")
_CUT_NUMERALS = re.compile(
    r"(?<![〇○零一二三四五六七八九])[〇○零]?(二[〇○零一二三四五六七八九])(?=\s*年.{1,4}月.{0,5}日)"
)
_MISREAD_DAY = re.compile(r"(月\s*\d{1,2})\s*[首曰目白口旦]\s*$")
_LOST_DAY = re.compile(r"(?<=[\d一二三四五六七八九十]月)\s*(?=日\s*$)")
_LOST_MONTH = re.compile(r"(?<=20[0-4]\d年)\s*\d{2,4}\s*(?=日\s*$)")  # 2021年824日
_LOST_DOT = re.compile(r"^\s*(20[0-4]\d)(0?[1-9]|1[0-2])\.(?=\d{1,2}\s*$)")  # 20218.31 and nothing else
_MISREAD_DOTS = re.compile(r"(?<!\d)(20\d{2})[.:,·](\d{1,2})[.:,·](\d{1,2})(?!\d)")
_DATE_EXTRA = re.compile(r"盖章|公章|签章|日期|时间|成文|印发|[()（）:：,，。.\s_]")
PRINTED = re.compile(r"印(?:发|制|刷)\s*$")  # the line at a letter's foot that says when it was printed
_SPAN = re.compile(r"[至到自从起]\s*$|^\s*[月日](?!\s*期)")  # 月至2022年8月。 began on the row above
TILL = r"\s*(?:\([^()]{1,8}\))?\s*(?:下班|中午|\d{1,2}(?::00|[点时]))?\s*(?:之?前|以前|止)"
BY = re.compile(rf"^{TILL}")


def last_date(rows: Sequence[Row], start: int, end: int) -> int:
    """The last row that is a date and little else."""
    dated = [index for index in range(max(start, 0), end) if is_date_row(mended(rows[index]))]
    return max((index for index in dated if not PRINTED.search(rows[index].text)), default=max(dated, default=-1))


def mended(row: Row | Line) -> str:
    """The row's text, its date mended where a seal's ink made the engine misread it."""
    if row.source is not Source.OCR:
        return row.text
    text = _MISREAD_DAY.sub(r"\1日", _MISREAD_YEAR.sub(r"\1年", _MISREAD_CENTURY.sub("二", fold(row.text))))
    text = _LOST_DOT.sub(r"\1.\2.", text)
    text = _LOST_MONTH.sub(f"{UNREAD}月{UNREAD}", text)
    text = _LOST_DAY.sub(UNREAD, text)  # 八月日: a seal lies on the day; it is no date without one
    return _MISREAD_DOTS.sub(r"\1.\2.\3", _CUT_NUMERALS.sub(r"二〇\1", _CUT_YEAR.sub(r"20\1", text)))


def is_date_row(text: str) -> bool:
    folded = fold(text)
    bare = re.sub(r"\(.{0,6}?章\)|日期[:：]?", "", folded)
    if is_blank_date(bare) or is_unread_date(bare):
        return True
    slip = impossible_date(text)
    if slip and _DATE_EXTRA.sub("", squeeze(slip)) == _DATE_EXTRA.sub("", squeeze(text)):
        return True  # 2021年8月32日: somebody's slip, and still the letter's date
    dates = find_dates(text)
    if (
        len({date.value for date in dates}) != 1
        or BY.match(folded[dates[0].end :])
        or _SPAN.search(folded[: dates[0].start])
    ):
        return False
    rest = folded
    for date in reversed(dates):  # of a joint letter, below each name
        rest = rest[: date.start] + rest[date.end :]
    rest = _DATE_EXTRA.sub("", rest)
    if len(rest) <= 4:
        return True
    # 根据2021年6月10日常务理事会意见，本会拟与贵协会: a line of the body that happens to end like a name
    return is_organisation(rest) and not re.search(r"[,;，；]|^[请由经拟将根按]", folded)


def date_on(row: Row) -> Found:
    text = mended(row)
    dates = find_dates(text)
    unclear = not dates and (is_unread_date(text) or bool(impossible_date(text)))
    found = found_on(dates[-1].value if dates else "", [row], unclear=unclear)
    if text in (row.text, fold(row.text)):
        return found
    return replace(found, confidence=found.confidence * 0.8)
