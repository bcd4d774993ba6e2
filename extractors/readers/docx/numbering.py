"""Automatic numbers: "一、", "（二）", "3.1" are not in the text of a paragraph, yet headings are found by them.

numbering.xml has abstract lists of up to nine levels (start, format, text with %1 to %9 in place of the counters) and
lists (w:num) that refer to one and may override levels. Lists with the same abstract list count on together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from extractors.readers.docx.package import Element
from extractors.readers.docx.styles import Styles
from extractors.readers.docx.words import child, is_on, number, value, w
from extractors.readers.glyphs import BOXES, unmask

_LEVELS: Final = 9
_GREATEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    legal: bool = False  # counters of outer levels are shown as decimals
    restart: int | None = None  # the level (from 1) after which counting starts again; 0 never; None any outer one
    style: str = ""  # paragraphs of this style are on this level
    font: str = ""


@dataclass(slots=True)
class _List:
    """An abstract list and how far its levels have counted."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, _List] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._overridden: dict[str, set[int]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: Element) -> None:
        linked: dict[str, str] = {}
        for element in root.findall(w("abstractNum")):
            id = value(element, "abstractNumId") or ""
            self._abstract[id] = _List(dict(_levels(element)))
            if link := value(child(element, "numStyleLink")):
                linked[id] = link
        for element in root.findall(w("num")):
            id, abstract = value(element, "numId") or "", value(child(element, "abstractNumId")) or ""
            base = self._abstract.get(abstract)
            overrides = {} if base is None else dict(_overrides(element, base.levels))
            self._lists[id] = (abstract, overrides)
            self._overridden[id] = {
                number(each, 0, "ilvl")
                for each in element.findall(w("lvlOverride"))
                if child(each, "startOverride") is not None
            }
        for id, style in linked.items():
            self._link(id, style)

    def _link(self, id: str, style: str) -> None:
        """An abstract list without levels of its own borrows those of a list style's list."""
        borrowed = self._lists.get(self._styles.numbering(style)[0] or "")
        if borrowed and (base := self._abstract.get(borrowed[0])) is not None and not self._abstract[id].levels:
            self._abstract[id] = base

    def next(self, paragraph: Element) -> str:
        """The number of the paragraph as shown, "" for none; counting it."""
        properties = child(paragraph, "pPr")
        style = value(child(properties, "pStyle")) if properties is not None else None
        direct = child(properties, "numPr") if properties is not None else None
        id = value(child(direct, "numId")) if direct is not None else None
        level = number(child(direct, "ilvl"), 0) if direct is not None else 0
        from_style, style_level = self._styles.numbering(style or self._styles.default)
        if id is None:
            id = from_style
            level = style_level if style_level is not None else self._level_of(id, style)
        if id in (None, "0") or id not in self._lists or not 0 <= level < _LEVELS:
            return ""
        return self._count(id, level)

    def _level_of(self, id: str | None, style: str | None) -> int:
        if id is None or id not in self._lists:
            return 0
        base = self._abstract.get(self._lists[id][0])
        levels = base.levels.items() if base else ()
        return next((index for index, level in levels if style and level.style == style), 0)

    def _count(self, id: str, index: int) -> str:
        abstract, overrides = self._lists[id]
        base = self._abstract.get(abstract)
        if base is None:
            return ""
        levels = {**base.levels, **overrides}
        level = levels.get(index)
        if level is None:
            return ""
        if index in self._overridden[id]:
            # The first use of an overriding list starts again.
            self._overridden[id].discard(index)
            base.counts.pop(index, None)
        base.counts[index] = min(base.counts.get(index, level.start - 1) + 1, _GREATEST)
        for deeper in range(index + 1, _LEVELS):
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or (restart and index < restart):
                base.counts.pop(deeper, None)
        return _shown(levels, base.counts, index)


def _levels(parent: Element) -> list[tuple[int, _Level]]:
    return [(number(element, 0, "ilvl"), _level(element)) for element in parent.findall(w("lvl"))]


def _level(element: Element) -> _Level:
    restart = child(element, "lvlRestart")
    fonts = child(element, "rPr", "rFonts")
    return _Level(
        start=number(child(element, "start"), 1),
        format=_format(element),
        text=value(child(element, "lvlText")) or "",
        legal=is_on(child(element, "isLgl")),
        restart=None if restart is None else number(restart, 0),
        style=value(child(element, "pStyle")) or "",
        font=(value(fonts, "ascii") or value(fonts, "hAnsi") or "") if fonts is not None else "",
    )


def _format(element: Element) -> str:
    found = element.find(f".//{w('numFmt')}")
    return value(found) or "decimal"


def _overrides(element: Element, base: dict[int, _Level]) -> list[tuple[int, _Level]]:
    found: list[tuple[int, _Level]] = []
    for override in element.findall(w("lvlOverride")):
        index = number(override, 0, "ilvl")
        own = child(override, "lvl")
        level = _level(own) if own is not None else base.get(index)
        start = child(override, "startOverride")
        if level is not None:
            found.append((index, level if start is None else replace(level, start=number(start, level.start))))
    return found


def _shown(levels: dict[int, _Level], counts: dict[int, int], index: int) -> str:
    level = levels[index]
    if level.format == "bullet":
        # A bullet says nothing, but a box before a choice does.
        mark = unmask(level.font, level.text)
        return f"{mark} " if mark in BOXES - frozenset("●○◎■") else ""
    text = level.text
    for outer in range(_LEVELS):
        if f"%{outer + 1}" not in text:
            continue
        shown = levels.get(outer, _Level())
        count = counts.get(outer, shown.start)
        format = "decimal" if level.legal and outer < index else shown.format
        text = text.replace(f"%{outer + 1}", numeral(count, format))
    # A tab or space follows on the page; after Chinese punctuation none is written.
    return f"{text} " if text and (text[-1].isascii() and text[-1] != ")") else text


def numeral(count: int, format: str) -> str:
    """A counter in a format of ST_NumberFormat; decimal for formats that are not listed."""
    if format == "none":
        return ""
    return _FORMATS.get(format, str)(count)


_DIGITS: Final = "〇一二三四五六七八九"
_FINANCIAL: Final = "零壹贰叁肆伍陆柒捌玖"


def _chinese(count: int, digits: str = _DIGITS, units: tuple[str, ...] = ("", "十", "百", "千", "万")) -> str:
    if not 0 < count < 100_000:
        return digits[0] if count == 0 else str(count)
    text, gap = "", False
    for place in range(4, -1, -1):
        digit = count // 10**place % 10
        if digit:
            text += (("零" if gap and text else "") + digits[digit]) + units[place]
        gap = not digit
    # 十一, not 一十一; the financial numerals keep their one.
    return text[1:] if digits is _DIGITS and text.startswith("一十") else text


def _digit_by_digit(count: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(max(count, 0)))


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    steps = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    text = ""
    for worth, letters in (*steps, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * (count // worth)
        count %= worth
    return text


def _letter(count: int) -> str:
    """a to z, then aa, bb: as Word counts."""
    if not 0 < count <= 780:
        return str(count)
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _from(first: str, last: int, lowest: int = 1) -> Callable[[int], str]:
    """Consecutive characters for lowest to last; decimals beyond."""

    def shown(count: int) -> str:
        return chr(ord(first) + count - lowest) if lowest <= count <= last else str(count)

    return shown


def _circled(count: int) -> str:
    if 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    if 21 <= count <= 35:
        return chr(ord("㉑") + count - 21)
    return chr(ord("㊱") + count - 36) if 36 <= count <= 50 else str(count)


def _cycle(characters: str) -> Callable[[int], str]:
    def shown(count: int) -> str:
        return characters[(count - 1) % len(characters)] if count > 0 else str(count)

    return shown


def _ordinal(count: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{count}{'th' if count % 100 in (11, 12, 13) else endings.get(count % 10, 'th')}"


def _wide(count: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in str(count))


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda count: f"{count:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda count: _roman(count).lower(),
    "upperLetter": lambda count: _letter(count).upper(),
    "lowerLetter": _letter,
    "ordinal": _ordinal,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "chineseLegalSimplified": lambda count: _chinese(count, _FINANCIAL, ("", "拾", "佰", "仟", "萬")),
    "ideographLegalTraditional": lambda count: _chinese(count, _FINANCIAL, ("", "拾", "佰", "仟", "萬")),
    "ideographDigital": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _from("㊀", 10),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalFullWidth": _wide,
    "decimalFullWidth2": _wide,
}
