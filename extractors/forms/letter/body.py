"""What a letter's body says: the persons that it names, by when an answer is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.forms.letter.dates import BY, TILL
from extractors.forms.letter.letter import Letter, issued_on
from extractors.forms.letter.row import Found, Row, found_on
from extractors.hanzi import HAN
from extractors.values.characters import squeeze
from extractors.values.dates import find_dates

_WHOSE = 8  # characters before a person's name that say whose it is: 我会秘书处（张三，010-…）
_DEVICE = re.compile("(?:联系)?(?:电话|手机|方式)|传真|邮箱|座机|地址")
_SHORT_DATE = re.compile(r"(?<![\d年])(?P<m>1[0-2]|0?[1-9])\s*月\s*(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号]" + TILL)


def body_of(letter: Letter) -> list[Row]:
    """The rows between the addressee, or the title, and the signature's date."""
    start = max(letter.addressee, letter.title[-1] if letter.title else -1) + 1
    end = letter.date if letter.date >= 0 else letter.end
    return list(letter.rows[start:end])


def pasted(rows: Sequence[Row]) -> tuple[str, list[int]]:
    """The rows as one text without blanks, and for each character its row."""
    text, origin = "", []
    for index, row in enumerate(rows):
        part = squeeze(row.text)
        text += part
        origin += [index] * len(part)
    return text, origin


def spoken(letter: Letter, names: Sequence[str], barred: Sequence[str]) -> tuple[Found, str] | None:
    """A person whom a sentence names (我会联系人张三，电话……), and the rest of that sentence; None for none.

    names: what such persons are called. barred: words before the name that make it another's.
    """
    rows = list(letter.rows[max(letter.addressee, 0) : letter.end])
    text, origin = pasted(rows)
    called = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(
        rf"(?:{called})(?:及(?:其|联系)?(?:电话|方式|手机))?(?:为|是|[:：])?(?P<name>[{HAN}]{{2,4}}?)(?:同志|老师|先生|女士)?(?=[,，、;；。(（]|(?:联系|办公)?(?:电话|手机))"
    )
    bracketed = re.compile(rf"[(（](?P<name>[{HAN}]{{2,4}})[,，、:：]?(?=(?:电话|手机)?[:：]?(?:1[3-9]\d|[(（]?0\d\d))")
    asked = re.compile(
        rf"与(?:[^,，。;；]{{0,12}}(?:会|室|处|部|长|任))?(?P<name>[{HAN}]{{2,3}}?)(?:同志|老师|先生|女士)?联系(?=[(（,，。;；])"
    )
    # 反馈我会秘书处（张三，010-…）; 请与我会办公室张三联系
    found = (match for each in (pattern, bracketed, asked) for match in each.finditer(text))
    for match in found:
        if _DEVICE.fullmatch(match["name"]):
            continue
        clause = re.split(r"[。;；,，(（]", text[: match.start()])[-1][-_WHOSE:]
        if any(bar in clause for bar in barred):
            continue
        rest = re.split(r"[。;；]", text[match.end() :][:100])[0]
        used = sorted({origin[i] for i in range(match.start(), min(len(text), match.end() + len(rest)))})
        return found_on(match["name"], [rows[i] for i in used], match[0]), rest
    return None


def reply_by(letter: Letter, cues: Sequence[str]) -> Found | None:
    """The date before which an answer is asked for; a date without a year takes that of the letter."""
    rows = body_of(letter)
    text, origin = pasted(rows)
    for date in find_dates(text):
        if BY.match(text[date.end :]) and _asked(text, date.start, date.end, cues):
            return found_on(date.value, [rows[origin[date.start]]], text[date.start : date.end])
    signed = issued_on(letter)
    for match in _SHORT_DATE.finditer(text):
        if signed and signed.value and _asked(text, match.start(), match.end(), cues):
            value = f"{signed.value[:4]}-{int(match['m']):02d}-{int(match['d']):02d}"
            return found_on(value, [rows[origin[match.start()]]], match[0])
    return None


def _asked(text: str, start: int, end: int, cues: Sequence[str]) -> bool:
    sentence = re.split(r"[。;；]", text[:start])[-1] + re.split(r"[。;；]", text[end:])[0]
    return any(cue in sentence for cue in cues)
