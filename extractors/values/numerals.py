"""Chinese and mixed numerals: 贰拾万, 廿万, 十九点八五万, 20万5千.

A numeral is read from left to right in three registers: the digit just read, the section below 万 (千 百 十), and the
total of closed sections (万 亿).
"""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    **dict.fromkeys("零〇○", 0), **dict.fromkeys("一壹弌", 1), **dict.fromkeys("二贰貳两兩弍", 2),
    **dict.fromkeys("三叁參叄参", 3), **dict.fromkeys("四肆", 4), **dict.fromkeys("五伍", 5),
    **dict.fromkeys("六陆陸", 6), **dict.fromkeys("七柒", 7), **dict.fromkeys("八捌", 8), **dict.fromkeys("九玖", 9),
}  # fmt: skip
TENS = {"廿": 20, "卅": 30}
SMALL = {**dict.fromkeys("十拾", 10), **dict.fromkeys("百佰", 100), **dict.fromkeys("千仟", 1000)}
LARGE = {**dict.fromkeys("万萬", 10_000), **dict.fromkeys("亿億", 100_000_000)}

CHARACTERS = "".join((*DIGITS, *TENS, *SMALL, *LARGE))
_TOKEN = re.compile(rf"\d+(?:\.\d+)?|点[{''.join(DIGITS)}]+|[{CHARACTERS}]")
_LONGEST = 40


def read_numeral(text: str) -> Decimal | None:
    """The number that a Chinese, Arabic or mixed numeral states; None where it is none. No blanks, no separators."""
    if not text or len(text) > _LONGEST:
        return None
    total = section = Decimal(0)
    digit: Decimal | None = None
    scale = 0  # of the last multiplier; a further digit after 千 is hundreds only where 百 follows
    position = 0
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if match.start() != position:
            return None
        position = match.end()
        if sign[0].isdecimal():
            if digit:
                return None
            digit = Decimal(sign)
        elif sign[0] == "点":
            fraction = "".join(str(DIGITS[c]) for c in sign[1:])
            digit = (digit or Decimal(0)) + Decimal(f"0.{fraction}")
        elif sign in DIGITS:
            # 二〇〇〇: digits one by one, as in years and in sloppy amounts
            digit = Decimal(DIGITS[sign]) if not digit else digit * 10 + DIGITS[sign]
        elif sign in TENS:
            section += TENS[sign]
            digit, scale = None, 10
        elif sign in SMALL:
            if digit is None and position > 1 and text[match.start() - 1] in SMALL:
                return None  # 贰佰仟
            section += (Decimal(1) if digit is None or digit == 0 else digit) * SMALL[sign]
            digit, scale = None, SMALL[sign]
        else:
            implied = digit is None and not section and not total  # 万元 alone says one 万
            section += digit or 0
            if sign in "亿億":
                total = (total + section) * LARGE[sign]
            else:
                total += (Decimal(1) if implied else section) * LARGE[sign]
            section, digit, scale = Decimal(0), None, LARGE[sign]
    if position != len(text):
        return None
    if digit and scale >= 1000 and digit < 10 and "零" not in text and "〇" not in text and digit == int(digit):
        digit = digit * scale / 10  # 二十万五 says 205,000, 两千三 says 2,300
    return total + section + (digit or 0)
