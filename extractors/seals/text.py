"""What an impression says, and what of a strip's reading may be a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extractors.hanzi import HANZI
from extractors.seals.prior import ENDINGS, SURNAMES
from extractors.values.places import division_names, divisions_at_start

_ASSOCIATION = re.compile(r"科学技[^术]协会$|科学[^技]术协会$|科[^学]技术协会$")  # no other body's name is that close
_NATIONAL = ("中国", "中华", "国家", "全国", "中共")
PERSON = 4  # Hanzi at most of a person's name
_STEM = 2  # Hanzi of most cities' names without 市
_ENDINGS = tuple(ENDINGS)
_BRACKETS = str.maketrans("()[]【】〔〕", "（）（）（）（）")


@dataclass(frozen=True, slots=True)
class Text:
    """What an impression says. angle: degrees clockwise, -180 to 180; None where unknown.

    text, centre, code: "" where nothing was read. legibility and the confidences: 0 to 1 (see document.Seal).
    alternatives: what else `text` may be, likeliest first.
    """

    text: str = ""
    centre: str = ""
    code: str = ""
    angle: float | None = None
    legibility: float = 0.0
    confidence: float = 0.0
    centre_confidence: float = 0.0
    code_confidence: float = 0.0
    alternatives: tuple[str, ...] = ()


_TWICE = re.compile(r"(..+)\1$")


def hanzi(text: str) -> int:
    return len(HANZI.findall(text))


def cleaned(text: str) -> str:
    """Hanzi, digits and letters between them, and full-width brackets; nothing else. "" where Hanzi are the fewer.

    A ring of foreign letters is no name, though one or the other of them was taken for a Hanzi.
    """
    text = re.sub(r"[^㐀-鿿豈-﫿〇（）·0-9A-Za-z]", "", text.translate(_BRACKETS))
    text = _ASSOCIATION.sub("科学技术协会", text)
    found = list(HANZI.finditer(text))
    if not found:
        return ""
    start, end = found[0].start(), found[-1].end()
    if len(found) < len(re.findall(r"[0-9A-Za-z]", text[start:end])):
        return ""
    if text[:start].endswith("（"):
        start -= 1
    if text[end:].startswith("）"):
        end += 1
    return text[start:end]


@cache
def _stems() -> frozenset[str]:
    """Of cities: companies are 杭州 and not 杭州市."""
    return frozenset(name[:-1] for name in division_names() if name.endswith("市") and len(name) == _STEM + 1)


def begins_as_names_do(text: str) -> bool:
    return text.startswith(_NATIONAL) or bool(divisions_at_start(text)) or text[:_STEM] in _stems()


def ends_as_names_do(text: str) -> bool:
    """No body's name ends with the same word twice: what stands behind the first is not of it."""
    return text.endswith(_ENDINGS) and not _TWICE.search(text)


def is_name(text: str) -> bool:
    """Built as bodies' names are from its beginning to its end."""
    return begins_as_names_do(text) and ends_as_names_do(text)


def is_person(text: str) -> bool:
    """Built as a person's name is, and what his seal has behind it (姓名, 姓名印, 姓名之印)."""
    name = text.removesuffix("之印").removesuffix("印章").removesuffix("印").removesuffix("章")
    short = 2 <= len(name) <= PERSON and len(text) <= PERSON + 1
    return short and name.startswith(SURNAMES) and "印" not in name


def as_name(text: str) -> float:
    """What a reading is worth by its beginning and its end: 1.0 to 1.35."""
    if ends_as_names_do(text):
        return 1.35 if begins_as_names_do(text) else 1.15
    return 1.08 if begins_as_names_do(text) else 1.0


def wrapped(angle: float) -> float:
    """The same direction, from -180 up to 180 degrees."""
    return (angle + 180) % 360 - 180
