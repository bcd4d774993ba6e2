"""Numbers as list numbering writes them ([MS-OSHARED] 2.2.1.3 MSONFC): 3, Ⅲ → III, c, 三, ③, 叁 and so on."""

from __future__ import annotations

from collections.abc import Callable

BULLET = 0x17
NONE = 0xFF

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def text(number: int, nfc: int) -> str:
    """A number in the format `nfc`; in plain digits where the format has no way to write it or is not known."""
    if nfc in (BULLET, NONE):
        return ""
    write = _FORMATS.get(nfc)
    return str(number) if write is None or not 0 <= number <= 9999 else write(number)


def chinese(number: int, digits: str = _DIGITS, units: str = "十百千", *, short_ten: bool = True) -> str:
    """0 to 9999 in words: 十二, 一百零五. short_ten: 12 is 十二, not 一十二."""
    if number == 0:
        return "零" if digits is _DIGITS else digits[0]
    out, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + (units[place - 1] if place else "")
        gap = not digit
    if short_ten and 10 <= number < 20:
        out = out[1:]
    return out


def _by_digit(number: int) -> str:
    """A digit at a time: 12 is 一二."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _japanese(number: int) -> str:
    """12 is 十二, 105 is 百五."""
    out = ""
    for place, unit in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = number // 10**place % 10
        if digit:
            out += ("" if digit == 1 and unit else _DIGITS[digit]) + unit
    return out or "〇"


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        out += letters * (number // value)
        number %= value
    return out


def _letter(number: int) -> str:
    """1 is A, 26 Z, 27 AA, 53 AAA."""
    if not number:
        return ""
    return chr(ord("A") + (number - 1) % 26) * min(30, (number - 1) // 26 + 1)


def _enclosed(first: int, most: int) -> Callable[[int], str]:
    """Numbers that Unicode has ready made from a code point on; plain digits beyond them."""
    return lambda number: chr(first + number - 1) if 1 <= number <= most else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number else ""


def _sexagenary(number: int) -> str:
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12] if number else ""


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


_FORMATS: dict[int, Callable[[int], str]] = {
    0x00: str,
    0x01: _roman,
    0x02: lambda number: _roman(number).lower(),
    0x03: _letter,
    0x04: lambda number: _letter(number).lower(),
    0x05: _ordinal,
    0x08: lambda number: f"{number:X}",
    0x0A: _by_digit,
    0x0B: _japanese,
    0x0C: _cycle(_AIUEO),
    0x0D: _cycle(_IROHA),
    0x0E: _full_width,
    0x10: lambda number: chinese(number, "零壱弐参四伍六七八九", "拾百阡", short_ten=False),
    0x11: _by_digit,
    0x12: _enclosed(0x2460, 20),
    0x13: _full_width,
    0x14: _cycle(_AIUEO),
    0x15: _cycle(_IROHA),
    0x16: lambda number: f"{number:02d}",
    0x1A: _enclosed(0x2488, 20),
    0x1B: _enclosed(0x2474, 20),
    0x1C: _enclosed(0x2460, 20),
    0x1D: _enclosed(0x3220, 10),
    0x1E: _cycle(_STEMS),
    0x1F: _cycle(_BRANCHES),
    0x20: _sexagenary,
    0x21: chinese,
    0x22: lambda number: chinese(number, _LEGAL_TRADITIONAL, "拾佰仟", short_ten=False),
    0x23: chinese,
    0x24: _by_digit,
    0x25: chinese,
    0x26: lambda number: chinese(number, _LEGAL, "拾佰仟", short_ten=False),
    0x27: chinese,
}
