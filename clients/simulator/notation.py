"""Values as people write them: amounts, dates and spans in the notations of Chinese forms and letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLAIN = "〇一二三四五六七八九"
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def plain(amount: Decimal) -> str:
    """Yuan as plain decimal text without trailing zeros: "185000", "198500.5"."""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".")


def wan(amount: Decimal, places: int | None = None) -> str:
    """The amount in 万元: "20", "19.85"; with a fixed number of places where asked and where that loses nothing."""
    exact = amount / 10_000
    if places is not None and exact == round(exact, places):
        return f"{exact:.{places}f}"
    return f"{exact:.6f}".rstrip("0").rstrip(".")


def capitals(amount: Decimal) -> str:
    """大写: "贰拾万元整", "壹拾玖万捌仟伍佰元伍角". From 0 up to 99,999,999.99 yuan."""
    yuan, cents = divmod(int(amount * 100), 100)
    head, tail = divmod(yuan, 10_000)
    text = (_group(head) + "万" if head else "") + (("零" if head and 0 < tail < 1000 else "") + _group(tail))
    text = (text or "零") + "元"
    jiao, fen = divmod(cents, 10)
    if not cents:
        return text + "整"
    return text + (f"{_DIGITS[jiao]}角" if jiao else "零") + (f"{_DIGITS[fen]}分" if fen else "")


def _group(number: int) -> str:
    """A number below 10,000 in capitals, "" for 0."""
    text, pending = "", False
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if pending and text else "") + _DIGITS[digit] + name
        pending = not digit
    return text


def money(amount: Decimal, style: str, words: Decimal | None = None) -> str:
    """The amount with its unit. style: one of MONEY_STYLES. words: what the capitals say, by default the same."""
    in_words = capitals(amount if words is None else words)
    match style:
        case "wan":
            return f"{wan(amount)}万元"
        case "wan-places":
            return f"{wan(amount, 2)}万元"
        case "yuan":
            return f"{plain(amount)}元"
        case "grouped":
            return f"{amount:,.2f}元"
        case "symbol":
            return f"¥{amount:,.2f}"
        case "full-width":
            return f"{plain(amount)}元".translate(_FULL_WIDTH)
        case "words-only":
            return f"人民币{in_words}"
        case "capitals":
            return f"人民币{in_words}（¥{amount:,.2f}）"
        case "capitals-after":
            return f"{plain(amount)}元（大写：{in_words}）"
        case _:
            raise ValueError(f"unknown notation of money: {style}")


MONEY_STYLES = (
    "wan", "wan-places", "yuan", "grouped", "symbol", "full-width", "words-only", "capitals", "capitals-after",
)  # fmt: skip


def chinese_year(year: int) -> str:
    return "".join(_PLAIN[int(digit)] for digit in str(year))


def _chinese_number(number: int) -> str:
    """1 to 39 as 一 … 三十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _PLAIN[tens] + "十") + (_PLAIN[ones] if ones else "")


def day(value: date, style: str) -> str:
    """A date. style: one of DATE_STYLES."""
    match style:
        case "arabic":
            return f"{value.year}年{value.month}月{value.day}日"
        case "padded":
            return f"{value.year}年{value.month:02d}月{value.day:02d}日"
        case "spaced":
            return f"{value.year} 年 {value.month} 月 {value.day} 日"
        case "dots":
            return f"{value.year}.{value.month}.{value.day}"
        case "dashes":
            return value.isoformat()
        case "slashes":
            return f"{value.year}/{value.month}/{value.day}"
        case "chinese":
            return f"{chinese_year(value.year)}年{_chinese_number(value.month)}月{_chinese_number(value.day)}日"
        case _:
            raise ValueError(f"unknown notation of dates: {style}")


DATE_STYLES = ("arabic", "padded", "spaced", "dots", "dashes", "slashes", "chinese")


@dataclass(frozen=True, slots=True)
class Span:
    """A period as written, and its ends as heyan reports them: ISO, YYYY-MM where no day is given."""

    text: str
    start: str
    end: str


def span(first: date, last: date, style: str) -> Span:
    """A period. style: one of SPAN_STYLES."""
    months = (f"{first:%Y-%m}", f"{last:%Y-%m}")
    days = (first.isoformat(), last.isoformat())
    match style:
        case "months":
            return Span(f"{first.year}年{first.month}月至{last.year}年{last.month}月", *months)
        case "months-dash":
            return Span(f"{first.year}年{first.month}月—{last.year}年{last.month}月", *months)
        case "months-dots":
            return Span(f"{first.year}.{first.month}—{last.year}.{last.month}", *months)
        case "days":
            return Span(f"{day(first, 'arabic')}至{day(last, 'arabic')}", *days)
        case "days-dots":
            return Span(f"{day(first, 'dots')}-{day(last, 'dots')}", *days)
        case _:
            raise ValueError(f"unknown notation of spans: {style}")


SPAN_STYLES = ("months", "months-dash", "months-dots", "days", "days-dots")
