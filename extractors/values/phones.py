"""Telephone numbers of China in one normal form: 13800138000 · 010-62379323 · 010-62379323转8012 · 400-123-4567.

Whether a prefix is in use is asked of phonenumbers (Google's table); how people write a number is our own grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from extractors.values.characters import DIGIT_FOR, fold

_GAP = r"[\s\-—–－]{0,3}"
_COUNTRY = rf"(?:\(?(?:\+|00)\s?86\)?{_GAP}|86(?:[\s-]|(?=1[3-9]\d{{9}}(?!\d))))?"
_EXTENSION = r"(?:\s*(?:转\s*分机|转|分机|ext\.?|x|-|—|#|\*|\((?=\d+\)))\s*[:：]?\s*(?P<ext>\d{1,5})(?!\d)\)?)?"
_MOBILE = re.compile(rf"(?<!\d){_COUNTRY}(1[3-9]\d){_GAP}(\d{{4}}){_GAP}(\d{{4}})(?!\d)")
_SERVICE = re.compile(rf"(?<!\d)([48]00){_GAP}(\d{{3}}){_GAP}(\d{{4}})(?!\d){_EXTENSION}", re.IGNORECASE)
_SERVICE_4 = re.compile(rf"(?<!\d)([48]00){_GAP}(\d{{4}}){_GAP}(\d{{3}})(?!\d){_EXTENSION}", re.IGNORECASE)
_LANDLINE = re.compile(
    rf"(?<!\d){_COUNTRY}\(?(?P<area>0?(?:10|2\d|[3-9]\d\d))\)?(?:{_GAP}|\s?[/._]\s?)"
    rf"(?P<a>[2-9]\d{{2,3}})\s?-?(?P<b>\d{{4}})(?!\d){_EXTENSION}",
    re.IGNORECASE,
)
_LOCAL = re.compile(rf"(?<![\d-])(?P<a>[2-9]\d{{2,3}})\s?-?(?P<b>\d{{4}})(?!\d){_EXTENSION}", re.IGNORECASE)
_WRAPPED = re.compile(r"(?<![\d-])(?=[\d-]*\n)1[3-9](?:\n?\d){9}(?![\d-])|(?<![\d-])0\d{2,3}-?\n-?\d{7,8}(?!\d)")
_SPACED = re.compile(r"(?<!\d)1(?:\s?\d){10}(?!\s?\d)")  # 1 36 61 0 24897: set wide, and read so
_PLAIN = re.compile(r"[\d\s()+\-—–－:：#]*(?:(?:转|分机|ext\.?|x)[\d\s:：]*)?", re.IGNORECASE)
_IN_FRONT = ("", "0", "86", "0086", "860", "00860")
_LONGEST = 60
_NEAR_DIGIT = re.compile(r"(?<=[\d\-])[OoＯQlI|](?=[\dOoQlI|\-]|\b)|\b[OlI|](?=\d)")


def read_phone(raw: str) -> str | None:
    """The first number of `raw` that is in use somewhere, else the first that is built like one; None where none is."""
    folded = fold(raw)
    if "\n" in folded and (whole := _WRAPPED.search(folded)):
        folded = folded.replace(whole[0], whole[0].replace("\n", ""))  # a narrow cell broke the number
    text = _NEAR_DIGIT.sub(lambda match: match[0].translate(DIGIT_FOR), folded)
    candidates = sorted(_candidates(text)) or sorted(_candidates(_SPACED.sub(lambda m: re.sub(r"\s", "", m[0]), text)))
    used = (number for _, number, dialled in candidates if _in_use(dialled))
    return next(used, None) or next((number for _, number, _ in candidates), None)


def is_phone(number: str) -> bool:
    """Whether a text is one number that can be dialled in China, in any notation, and nothing else: mobile, 400 or 800,
    or a fixed line, with or without area code and extension.

    A fixed line of seven digits must be one of an area that has such; eight are taken everywhere, because areas change
    to eight digits and never back.
    """
    if len(number) > _LONGEST or not _PLAIN.fullmatch(fold(number)):
        return False
    found = read_phone(number) or ""
    written, understood = _digits(fold(number)), _digits(found).lstrip("0")
    if not understood or written.removesuffix(understood) not in _IN_FRONT:
        return False
    area, _, local = found.partition("转")[0].partition("-")
    return not area.startswith("0") or len(local) == 8 or _in_use(area + local)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _candidates(text: str) -> Iterator[tuple[int, str, str]]:
    """(offset, normal form, what is dialled without the extension)."""
    taken: list[tuple[int, int]] = []

    def free(match: re.Match[str]) -> bool:
        if any(match.start() < end and start < match.end() for start, end in taken):
            return False
        taken.append(match.span())
        return True

    for match in _MOBILE.finditer(text):
        if free(match):
            number = match[1] + match[2] + match[3]
            yield match.start(), number, number
    for pattern in (_SERVICE, _SERVICE_4):
        for match in pattern.finditer(text):
            if free(match):
                digits = match[1] + match[2] + match[3]
                yield match.start(), f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" + _extension(match), digits
    for match in _LANDLINE.finditer(text):
        area = match["area"]
        marked = match[0].lstrip("(").startswith("0") or "86" in match[0][:5]
        if marked and free(match):
            area = area if area.startswith("0") else "0" + area
            local = match["a"] + match["b"]
            yield match.start(), f"{area}-{local}" + _extension(match), area + local
    for match in _LOCAL.finditer(text):
        if free(match):
            local = match["a"] + match["b"]
            yield match.start(), local + _extension(match), local


def _extension(match: re.Match[str]) -> str:
    return f"转{match['ext']}" if match["ext"] else ""


def _in_use(dialled: str) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(dialled, "CN")))
    except phonenumbers.NumberParseException:
        return False
