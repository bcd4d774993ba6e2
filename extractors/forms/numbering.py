"""Numbers that tell the order of pages: printed on them, in the names of their files, before their headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.document import Document, Line
from extractors.values.characters import squeeze

_MARGIN = 0.12  # of the page's height, above and below, where its number is printed
_NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五六七八九十", 1)}
_COUNTER = 99_999  # numbers above are moments (101532), which leave gaps
_NEAR, _SOON = 20, 5000  # pictures, and seconds as moments count them, within which a paper is taken

_PRINTED = tuple(
    re.compile(pattern)
    for pattern in (
        r"第(?P<number>\d{1,3})页(?:[,，/(]?共(?P<total>\d{1,3})页\)?)?",
        r"[-—–－一·](?P<number>\d{1,3})[-—–－一·]",
        r"(?P<number>\d{1,3})/(?P<total>\d{1,3})",
    )
)
_SECTION = re.compile(r"[(（]?([一二三四五六七八九十])[)）]?[、.．]")
_SPOKEN = re.compile(r"第([一二三四五六七八九十])(?=[页张])")


@dataclass(frozen=True, slots=True)
class Printed:
    """A page number as printed. style: how, for numbers of other styles say nothing of it. total: 0 for none."""

    style: int
    number: int
    total: int = 0


def printed_on(document: Document) -> list[Printed | None]:
    """The number at the top or bottom of each page; None where none is."""
    numbers: dict[int | None, Printed] = {}
    for line in document.iter_lines():
        box = line.place.box
        if box is None or (box.bottom >= _MARGIN and box.top <= 1 - _MARGIN):
            continue
        text = squeeze(line.text[:40])
        for style, pattern in enumerate(_PRINTED):
            if (found := pattern.fullmatch(text)) is not None:
                total = int(found.groupdict().get("total") or 0)
                numbers.setdefault(line.place.page, Printed(style, int(found["number"]), total))
    return [numbers.get(page.number) for page in document.pages]


def printed(document: Document) -> Printed | None:
    """The first of these numbers; None where there is none."""
    return next((number for number in printed_on(document) if number is not None), None)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A file's name. series: what names of one series have in common. numbers: what tells them apart, () for none."""

    series: str
    numbers: tuple[int, ...]

    def skips_to(self, other: Numbered) -> bool:
        """Whether a counter that made both names has made one between them (IMG_2031, IMG_2033)."""
        if not self.numbers or len(self.numbers) != len(other.numbers) or self.numbers[:-1] != other.numbers[:-1]:
            return False
        return self.numbers[-1] + 1 < other.numbers[-1] <= _COUNTER

    def is_near(self, other: Numbered) -> bool:
        """Whether the two names were given one after the other, or nearly so."""
        if self.series != other.series or self.numbers == other.numbers:
            return False
        own, its = self.numbers or (0,), other.numbers or (0,)
        if len(own) < len(its):
            own, its = its, own
        if len(own) == len(its) + 1:  # 扫描件, 扫描件 (2)
            return own[:-1] == its and own[-1] <= _NEAR
        within = _NEAR if max(own[-1], its[-1]) <= _COUNTER else _SOON
        return own[:-1] == its[:-1] and abs(own[-1] - its[-1]) <= within


def numbered(name: str) -> Numbered:
    """What a file's name says of its place among others: IMG_2031.jpg, 申报书 (2).png, 第三页.tif."""
    stem = name[: name.rindex(".")] if "." in name else name
    stem = _SPOKEN.sub(lambda found: f"第{_NUMERALS[found[1]]}", squeeze(stem))
    runs = re.findall(r"\d{1,18}", stem)
    series = re.sub(r"\d{1,18}", "#", stem).lower().rstrip("#()_-. ")
    return Numbered(series, tuple(int(run) for run in runs))


def is_section(line: str) -> bool:
    """Whether a line is a numbered heading: 三、推荐单位意见."""
    return _SECTION.match(squeeze(line[:20])) is not None


def first_section(document: Document) -> int:
    """The number of the first heading on a page (三、经费预算 is 3); 0 where none has one."""
    lines = (block for block in document.blocks if isinstance(block, Line))
    return next((_NUMERALS[found[1]] for line in lines if (found := _SECTION.match(squeeze(line.text[:20])))), 0)
