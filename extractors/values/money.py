"""Amounts of money: every way an application states them, as yuan.

    贰拾万元整 · 人民币贰拾万元整（¥200,000.00） · 20万元 · 20.00 (万元 in the header) · 19.85万 · 廿万 · 2O万

An amount in words and one in digits beside it are two statements of one amount. Where they differ, both are returned.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from extractors.hanzi import HAN
from extractors.values.characters import DIGIT_FOR, fold, squeeze
from extractors.values.numerals import CHARACTERS, DIGITS, LARGE, SMALL, TENS, read_numeral

Unit = Literal["yuan", "wan"]

_COUNTS = {*DIGITS, *TENS, "十", "拾"}
_MOST = Decimal(10) ** 15
_OCR_WORDS = str.maketrans("抬伯任", "拾佰仟")  # inside numerals in words only
_CAPITALS = "壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟"
_PLAIN = {
    **{sign: "零一二三四五六七八九"[digit] for sign, digit in DIGITS.items()},
    "拾": "十",
    "佰": "百",
    "仟": "千",
    "萬": "万",
    "億": "亿",
}
_MULTIPLIERS = {*SMALL, *LARGE}
_NUMERAL = {*CHARACTERS, *"0123456789"}
# Words that end right before an amount in 大写.
_BEFORE = re.compile(r"(?:人民币|大写|合?计|共|为|是|金额|经费|总额|资金|款|预算|元|圆|整|申请|资助|支持|自筹|配套)$")

# Digits with separators, as OCR may have them; proved to be a number by its surroundings.
_NUMBER = r"(?=[OoＯ〇○QlI|]{0,3}\d)[\dOoＯ〇○QlI|][\dOoＯ〇○QlI|,，.。]*"
_AMOUNT = re.compile(
    rf"(?P<sign>[¥￥Y]|RMB|CNY|人民币)?[:：]?"
    rf"(?:(?P<digits>{_NUMBER})(?P<scale>[万亿千百wW]*)(?P<more>[{CHARACTERS}\d]*)"
    rf"|(?P<words>[{CHARACTERS}抬伯任点]+))"
    rf"(?P<yuan>[(（]?(?:万元|元|圆|块)[)）]?)?"
    rf"(?:(?P<jiao>[\d{CHARACTERS}])角)?(?:零?(?P<fen>[\d{CHARACTERS}])分)?",
    re.IGNORECASE,
)
_NOT_MONEY = re.compile(r"年|月|日|%|人|次|个|场|名|项|期|天|学时|课时|册|份|套|台|[、.．)]\D")
# Two numbers beside each other are not one, but for thousands set apart: 60 48000, and 48 000
_APART = re.compile(r"(?<=\d\d)[ \t\n]+(?=\d\d)(?!\d{3}(?!\d))")
_MISREAD_WAN = re.compile(r"\([A-Za-z力方刀丁]元\)")  # a unit of one sign before 元 that is no currency: (j元)
_NOTE = re.compile(
    r"(?:\((?:单位:?)?(万?)元\)|单位:?(万?)元):?(?=[\d¥￥])"
)  # the end of a label before an amount: (万元)20.00
_VAGUE = re.compile(r"[\d万千百十拾][余多来]|\d[万千]?元?[-~—–至到]+\d")  # 20余万元, 20-30万元
_NONE = {"无", "没有", "零", "0"}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in yuan. other: what the words say where the digits beside them say something else; else None."""

    yuan: Decimal
    other: Decimal | None = None

    @property
    def text(self) -> str:
        """Plain decimal text: no exponent, no separators, no trailing zeros."""
        return plain(self.yuan)


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in a text, in yuan. proved: a unit or a currency sign stands beside it.

    capitals: in 大写, and written as the rules of 大写 have it, so that no character inside it was lost or misread.
    apart: nothing beside it looks like a misread part of it.
    start, end: offsets in `squeeze(text)`.
    """

    yuan: Decimal
    in_words: bool
    proved: bool
    capitals: bool
    apart: bool
    start: int
    end: int


def read_money(raw: str, unit: Unit = "yuan") -> Money | None:
    """The amount that `raw` states; None where it states none or no single one.

    unit: what a bare number is meant in, as the label or the header of the column says it.
    """
    text = squeeze(_APART.sub(";", fold(raw)))[:200]
    text = text.rpartition("=")[2] or text  # 3000元×2=6000元
    if note := _NOTE.match(text):
        text, unit = text[note.end() :], _noted(note)
    if text in _NONE:
        return Money(Decimal(0))
    statements = amounts(text, unit)
    proved = [s for s in statements if s.proved]
    if not proved and len(statements) != 1:
        return None
    chosen = proved or statements
    digits = next((s for s in chosen if not s.in_words), None)
    words = next((s for s in chosen if s.in_words), None)
    if digits is None or words is None:
        return Money(chosen[0].yuan)
    if digits.yuan == words.yuan:
        return Money(digits.yuan)
    if unit == "yuan" and digits.yuan * 10_000 == words.yuan and "万" in text:
        return Money(words.yuan)  # 贰拾万元整 (20): the small figure is in 万元
    if unit == "wan" and digits.yuan == words.yuan * 10_000 and re.search(r"[¥￥]\d", text):
        return Money(words.yuan)  # 贰拾万元整(¥200,000.00): ¥ says yuan, whatever the header
    return Money(digits.yuan, words.yuan)


def plain(amount: Decimal) -> str:
    """Decimal text without exponent, separators and trailing zeros: 200000, 198500.5."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_of(text: str) -> Unit | None:
    """The unit that a label or header states, such as 金额（万元）; None where it states none."""
    squeezed = squeeze(text)
    if "万元" in squeezed or _MISREAD_WAN.search(squeezed):
        return "wan"
    if re.search(r"[(:：/]元|单位:?元|元\)|\(元", squeezed):
        return "yuan"
    return None


def unit_stated(amount: str, label: str) -> Unit | Literal[""]:
    """The unit that is written with an amount (20万元), or else with its label; "" where neither states one."""
    squeezed = squeeze(amount)
    if re.search(r"\d万", squeezed):
        return "wan"
    if note := _NOTE.match(squeezed):
        return _noted(note)
    return "yuan" if re.search(r"[元圆¥￥]", squeezed) else unit_of(label) or ""


def _noted(note: re.Match[str]) -> Unit:
    return "wan" if note[1] or note[2] else "yuan"


def amounts(text: str, unit: Unit = "yuan") -> tuple[Amount, ...]:
    """Every amount that a text states, in order; () where it is vague (20余万元). unit: as in `read_money`."""
    text = squeeze(text)
    if _VAGUE.search(text):
        return ()
    found, before = [], 0
    for match in _AMOUNT.finditer(text):
        if match["yuan"] is None and match["sign"] is None and _NOT_MONEY.match(text[match.end() :]):
            continue
        if match.start() == before > 0 and not match["sign"] and text[before - 1] in _NUMERAL:
            return ()  # 贰0万元: half in words, half in digits
        before = match.end()
        amount = _amount(match, unit, text)
        if amount is not None:
            found.append(amount)
    return tuple(found)


def _amount(match: re.Match[str], unit: Unit, text: str) -> Amount | None:
    in_words = match["words"] is not None
    amount = _words(match["words"]) if in_words else _digits(match)
    if amount is None or (in_words and match["words"][0] in _MULTIPLIERS and not _apart(text, match)):
        return None  # 贡拾万元: the digit before 拾 was misread
    yuan_text = match["yuan"] or ""
    scaled = in_words or bool(match["scale"])
    if "万元" in yuan_text or (not yuan_text and not scaled and unit == "wan"):
        amount *= 10_000
    whole = amount
    for name, part in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
        if match[name]:
            digit = read_numeral(match[name])
            if digit is None or digit > 9:
                return None
            amount += digit * part
    if amount >= _MOST:
        return None
    proved = bool(yuan_text or match["sign"] or (scaled and not in_words))
    if in_words and not proved:
        # A numeral inside a sentence, such as the 一 of 一次, is no amount.
        proved = len(match["words"]) >= 2 and bool(re.search(r"[万萬仟佰]", match["words"]))
        if not (proved or match[0] == text):
            return None
    capitals = in_words and proved and _in_capitals(match["words"], whole)
    return Amount(amount, in_words, proved, capitals, _apart(text, match), *match.span())


def _in_capitals(words: str, amount: Decimal) -> bool:
    """Whether words are 大写 and just those that state the amount: 贰拾万, 贰拾万零伍佰; neither 贰拾万五 nor 拾万, of
    which a character may be lost, nor 二十万."""
    if amount != int(amount) or not any(character in _CAPITALS for character in words):
        return False
    return "".join(_PLAIN.get(c, c) for c in words.translate(_OCR_WORDS)).replace("零", "") == _spelled(int(amount))


def _spelled(number: int) -> str:
    """A number below a trillion in plain words without zeros: 205000 as 二十万五千."""
    text = ""
    for scale, name in ((100_000_000, "亿"), (10_000, "万"), (1, "")):
        group, number = divmod(number, scale)
        for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = group // unit % 10
            text += f"{'零一二三四五六七八九'[digit]}{sign}" if digit else ""
        text += name if group else ""
    return text


def _apart(text: str, match: re.Match[str]) -> bool:
    """Nothing beside the words can be a misread part of them: 贡拾万元, 贰拾万侮仟元."""
    before, after = text[: match.start()], text[match.end() :]
    if not match["yuan"] and re.match(rf"[{HAN}]", after) and after[0] not in "整正":
        return False
    return not re.search(rf"[{HAN}]$", before) or bool(_BEFORE.search(before))


def _words(text: str) -> Decimal | None:
    text = text.translate(_OCR_WORDS)
    if not any(character in _COUNTS for character in text):
        return None  # 万元 alone is a unit
    return read_numeral(text)


def _digits(match: re.Match[str]) -> Decimal | None:
    number = _number(match["digits"])
    if number is None:
        return None
    scale, more = match["scale"].replace("w", "万").replace("W", "万"), match["more"]
    return read_numeral(plain(number) + scale + more) if scale or more else number


def _number(text: str) -> Decimal | None:
    """Digits with separators as a number; None where the separators make no sense."""
    text = text.translate(DIGIT_FOR).replace("，", ",").replace("。", ".").rstrip(",.")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+\.\d{2}", text):
        whole, _, cents = text.rpartition(".")  # OCR reads the commas as stops
        text = whole.replace(".", "") + "." + cents
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,4}(?:,\d{4})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    return Decimal(text) if re.fullmatch(r"\d{1,15}(?:\.\d{1,6})?", text) else None
