"""Dates and spans of dates: every way an application states them, as ISO text (YYYY-MM where no day is given).

    2021年9月3日 · 二〇二一年九月三日 · 二O二一年 · 2021.9.3 · 2021-09-03 · 2021/9/3 · 20210903 · 2021年9月
    2021年9月至2022年8月 · 2021.9-2022.8 · 2021年9月—12月 · 2021年9-12月 · 2021年9月至次年8月
    即日起至2022年8月底 · 2022年8月底前 · 2022年底

A date that the calendar does not have (2021年2月30日) is no date; `impossible_date` tells of it.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from extractors.document import UNREAD
from extractors.values.characters import DIGIT_FOR, fold
from extractors.values.numerals import DIGITS, read_numeral

_YEARS = range(1950, 2101)

_D = r"[\dOoＯQlIi|]"  # a digit, or what OCR reads for one; 年 月 日 prove it
_C = "".join(DIGITS) + "OoＯ○Q0"
_S = r"\s*"
_TEN = "[4千干于土士+＋†]"  # what OCR reads for 十; between two numerals of a day nothing else can stand
_DAY_WORD = rf"{_S}[日号曰]"
_PATTERNS = (
    # 2021年9月3日, also without the day; a year of two digits only with a day
    re.compile(
        rf"(?<!\d)(?P<y>{_D}{_S}{_D}{_S}{_D}{_S}{_D}|\d\d(?=\s*年\s*\d+\s*月\s*\d)){_S}年"
        rf"{_S}(?P<m>{_D}{_S}{_D}?){_S}月(?:份|{_S}(?P<d>{_D}{_S}{_D}?)(?:{_DAY_WORD}|\s*$))?"
    ),
    re.compile(
        rf"(?P<y>[{_C}](?:{_S}[{_C}]){{3}}){_S}年{_S}(?P<m>元|[{_C}十]{{1,3}}|\d{{1,2}}){_S}月"
        rf"(?:份|{_S}(?P<d>[{_C}十廿卅拾]{{1,4}}|\d{{1,2}}|[二三]{_S}{_TEN}{_S}[一二三四五六七八九]){_DAY_WORD})?"
    ),
    # 二二一年八月三日, 二一年八月三日: of the year's numerals 〇, which is hardly ink, is lost first
    re.compile(
        rf"(?<![{_C}])(?P<y>二(?:{_S}[{_C}]){{1,2}}){_S}年"
        rf"{_S}(?P<m>元|[{_C}十]{{1,3}}){_S}月{_S}(?P<d>[{_C}十廿卅拾]{{1,4}}){_DAY_WORD}"
    ),
    re.compile(
        rf"(?<!\d)(?P<y>(?:19|20)\d\d){_S}年{_S}(?P<m>{_D}{{1,2}})(?={_S}[-~～—–一至]{_S}{_D}{{1,2}}{_S}月)(?P<d>)"
    ),
    re.compile(rf"(?<!\d)(?P<y>(?:19|20)\d\d){_S}年{_S}(?P<m>底|末)(?P<d>)"),
    re.compile(
        r"(?<![\d.])(?P<y>19\d\d|2[0OoＯQ][\dOoＯQlIi|]{2})\s?([-/.．。、,])"
        rf"\s?(?P<m>{_D}{{1,2}})\s?\2\s?(?P<d>{_D}{{1,2}})(?![\d])日?"
    ),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d)\s?[-/.．。]\s?(?P<m>\d{1,2})(?![\d])(?P<d>)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?!\d)(?P<d>)"),
)
# 二○二一, 二口二一: a circle or what OCR reads for it, between the digits of a year
_ROUND = re.compile(r"(?<=[一二])[○◯◎◉口□囗](?=[〇零一二三四五六七八九])")
_PARTLY_READ = re.compile(
    rf"(?P<y>[{_C}\d{UNREAD}]{{4}}){_S}[年./-]{_S}(?P<m>[{_C}十\d{UNREAD}]{{1,3}}){_S}[月./-]"
    rf"{_S}(?P<d>[{_C}十\d{UNREAD}]{{1,4}})"
)
# The blank form of a date, perhaps with the year or its first digits printed; ×, _ and . stand for blanks.
_BLANK_DATE = re.compile(
    r"^\D{0,8}?(?:[12二][\d〇○零OoＯ一二]{0,1}[\d〇○零OoＯ一二两]{0,2})?[\s_×xX*.…/\\-]*年[\s_×xX*.…/\\-]*月[\s_×xX*.…/\\-]*日?\W*$"
)
_JOIN = re.compile(r"^[\s起开始]*(?:[-~～—–―一至到]|\.{2,}|…|→){1,4}\s*")
_LOST_DASH = re.compile(r"((?<!\d)20\d\d\.\d{1,2}(?:\.\d{1,2})?)(?=20\d\d\.\d)")  # 2021.92022.7: no month is 92
_PARTIAL = re.compile(
    rf"^\s*(?P<next>次年|翌年|明年|第二年|同年|当年)?\s*"
    rf"(?P<m>{_D}{{1,2}}|[{_C}十]{{1,3}})\s*月(?:\s*(?P<d>{_D}{{1,2}}|[{_C}十廿卅]{{1,4}}){_DAY_WORD})?"
)
_PARTIAL_DAY = re.compile(rf"^\s*(?P<d>{_D}{{1,2}}){_DAY_WORD}")
_PARTIAL_DOTTED = re.compile(r"^\s*(?P<m>\d{1,2})(?:[.](?P<d>\d{1,2}))?(?![\d年])")
_NO_START = re.compile(r"(?:即日|即|之日|立项后|现在|本日)起?[至到]|^\D{0,6}[至到截]")
_UNTIL = re.compile(r"^\s*(?:底|末|上旬|中旬|下旬)?\s*(?:之?前|以前|止|为止|截止|结束|完成)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A date in a text: its ISO value and the offsets of its words in the folded text."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """The two ends of a span as ISO text; "" for an end that is not stated as a date (即日起)."""

    start: str
    end: str


def find_dates(text: str) -> tuple[Stated, ...]:
    """Every date that the text states, in order. Offsets refer to `characters.fold(text)`."""
    return tuple(stated for stated in _built_like_dates(fold(text)) if stated.value)


def impossible_date(text: str) -> str:
    """The first words that are built like a date which the calendar does not have (2021年2月30日); "" for none."""
    folded = fold(text)
    return next((folded[s.start : s.end].strip() for s in _built_like_dates(folded) if not s.value), "")


def _built_like_dates(text: str) -> tuple[Stated, ...]:
    """What is built like a date, in order; of value "" where there is no such day."""
    found: list[Stated] = []
    text = _ROUND.sub("〇", text)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < s.end and s.start < match.end() for s in found):
                continue
            value = _iso(match["y"], match["m"], match["d"] or "")
            # A date the calendar does not have still covers its words, so that no other pattern reads part of it.
            found.append(Stated(value, match.start(), match.end()))
    return tuple(sorted((each for each in found if not _torn(text, each)), key=lambda s: s.start))


def _torn(text: str, stated: Stated) -> bool:
    """Whether it goes on with something that was not read."""
    return UNREAD in (text[: stated.start][-1:], text[stated.end :].lstrip(" -/.")[:1])


def read_date(raw: str) -> str | None:
    """The first date that `raw` states; None where it states none."""
    found = find_dates(raw)
    return found[0].value if found else None


def is_blank_date(raw: str) -> bool:
    """Whether `raw` is the form of a date with nothing filled in: “    年  月  日”."""
    return bool(_BLANK_DATE.match(fold(raw).strip())) and read_date(raw) is None


def is_unread_date(raw: str) -> bool:
    """Whether `raw` is the form of a date in which something is written that was not read: 2021年�月3日."""
    if UNREAD not in raw:
        return False
    return is_blank_date(raw.replace(UNREAD, "")) or any(find_dates(raw.replace(UNREAD, each)) for each in "1一")


def possible_days(raw: str) -> tuple[date, ...]:
    """Every day that a date may be of which a part was not read: of 202�年7月8日 ten; () where `raw` is none.

    In a year one sign stands for one digit, in a month or day for one character or several.
    """
    match = _PARTLY_READ.search(fold(raw))
    if match is None or UNREAD not in match[0]:
        return ()
    shown = _digits(match["y"]).replace(UNREAD, r"\d")
    years = [year for year in _YEARS if re.fullmatch(shown, str(year))]
    months = [month for month in range(1, 13) if _may_be(month, match["m"])]
    days = [day for day in range(1, 32) if _may_be(day, match["d"])]
    return tuple(
        date(year, month, day)
        for year in years
        for month in months
        for day in days
        if day <= calendar.monthrange(year, month)[1]
    )


def _may_be(number: int, shown: str) -> bool:
    tens, ones = divmod(number, 10)
    hanzi = ("", "十", "二十", "三十")[tens] + ("", *"一二三四五六七八九")[ones]
    pattern = re.escape(shown).replace(UNREAD, ".{1,3}")
    return any(re.fullmatch(pattern, text) for text in (str(number), f"{number:02}", hanzi))


def read_span(raw: str) -> Span | None:
    """The span that `raw` states; None where it states no date at all.

    The second end takes year and month from the first where it leaves them out (2021年9月—12月).
    """
    text = _LOST_DASH.sub(r"\1-", fold(raw))
    found = find_dates(text)
    if not found:
        return None
    first = found[0]
    before, after = text[: first.start], text[first.end :]
    if _NO_START.search(before.replace(" ", "")):
        return Span("", first.value)
    if len(found) > 1:
        return Span(first.value, found[1].value)
    if join := _JOIN.match(after):
        end = _partial(after[join.end() :], first.value, dotted="." in text[first.start : first.end])
        return Span(first.value, end)
    if _UNTIL.match(after):
        return Span("", first.value)
    return Span(first.value, "")


def _partial(text: str, first: str, *, dotted: bool) -> str:
    """The end of a span that leaves out what the start says."""
    year, month = first[:4], first[5:7]
    if match := _PARTIAL.match(text):
        if match["next"] in ("次年", "翌年", "明年", "第二年"):
            year = str(int(year) + 1)
        return _iso(year, match["m"], match["d"] or "")
    if match := _PARTIAL_DAY.match(text):
        return _iso(year, month, match["d"])
    if dotted and (match := _PARTIAL_DOTTED.match(text)):
        if match["d"] is None and len(first) == 10:
            return _iso(year, month, match["m"])
        return _iso(year, match["m"], match["d"] or "")
    return ""


def _iso(year: str, month: str, day: str) -> str:
    """ISO text; "" where the calendar has no such date."""
    y, m, d = _year(year), _number(month), _number(day) if day else 1
    if y not in _YEARS:
        return ""
    try:
        value = date(y, m, d)
    except ValueError:
        return ""
    return value.isoformat() if day else f"{value:%Y-%m}"


def _digits(text: str) -> str:
    return "".join(str(DIGITS[c]) if c in DIGITS else c.translate(DIGIT_FOR) for c in re.sub(r"\s", "", text))


def _year(text: str) -> int:
    digits = _digits(text)
    if not digits.isascii() or not digits.isdigit():
        return 0
    return int(digits) if len(digits) == 4 else 2000 + int(digits[-2:])


def _number(text: str) -> int:
    """1 to 31 in Arabic or Chinese numerals, a year's end as its last month; 0 where it is neither."""
    text = re.sub(r"\s", "", text)
    if text == "元":
        return 1
    if text in ("底", "末"):
        return 12
    ascii_digits = text.translate(DIGIT_FOR)
    if ascii_digits.isascii() and ascii_digits.isdigit():
        return int(ascii_digits)
    number = read_numeral(re.sub("[OoＯQ0]", "〇", re.sub(f"(?<=[二三]){_TEN}(?=[一二三四五六七八九]$)", "十", text)))
    return int(number) if number is not None and number == int(number) and number < 100 else 0
