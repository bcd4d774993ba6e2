"""Key fields and numbers: is what the Word file states there also what the scan states?

The place of a value on the scan is found through the alignment of the whole text, not by looking for the field once
more: a label that OCR lost, or a finder that took another line, makes no difference. A difference is sure where OCR
is: a character that is often taken for another, one that was read with less than high confidence, a digit of a row
of equal digits (OCR drops one of 0000) and characters lost from a name or added to it are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Hamming, Levenshtein

from extractors.compare.difference import Difference, Kind
from extractors.compare.sides import Sides
from extractors.compare.stream import meant
from extractors.document import Box, Field, FieldState, Place, Reading
from extractors.forms.spec import FieldSpec, FieldType, FormSpec
from extractors.values.alike import alike
from extractors.values.characters import DIGIT_FOR

SURE = 0.9
"""A number read with a lower confidence may have a digit wrong."""
CERTAIN = 0.985
"""A name is another where one other character at least was read with this: OCR takes 丰 for 韦 with 0.98. So is a
number that only lacks its first or last digit, or has a 1 more there."""

_NUMERIC = frozenset((FieldType.MONEY, FieldType.DATE, FieldType.PHONE))
_NAMES = frozenset((FieldType.PERSON, FieldType.ORGANISATION, FieldType.COUNTY, FieldType.PROVINCE, FieldType.EMAIL))
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_COUNTS = "零〇一二三四五六七八九十两廿壹贰叁肆伍陆柒捌玖拾佰仟百千万亿"
_NOT_COUNTED = re.compile(f"[^0-9.{_COUNTS}]")
_CIRCLES = re.compile(r"(?<=[一二三四五六七八九])[〇○◯OoＯ]+(?=[一二三四五六七八九年])")
_REPEATED = re.compile(r"(.)\1+")
_OCCURRENCES = 12  # of one value that are looked at
_LONE = 2  # digits of a number that OCR overlooks in a narrow cell (序号), and that nobody need look for
_AMOUNT = 4  # digits of a number that nobody takes for words
_UNIQUE = 7  # characters of a number that does not come twice by chance: a telephone number, a date in full
_ROWS = 200  # of a repeated field; numbers of further rows are compared as numbers of the text are


@dataclass(frozen=True, slots=True)
class Region:
    """Where a value stands in the Word text: a[start:end]. field: None for a number that is no field's."""

    start: int
    end: int
    field: FieldSpec | None
    row: int = 0

    @property
    def numeric(self) -> bool:
        return self.field is None or is_numeric(self.field)


def is_numeric(spec: FieldSpec) -> bool:
    """Whether only the digits of its value count."""
    return spec.type in _NUMERIC


def is_key(spec: FieldSpec, also: frozenset[str]) -> bool:
    """Whether a field decides. also: ids of further fields, of any type."""
    return is_numeric(spec) or spec.type in _NAMES or spec.type is FieldType.ROWS or spec.id in also


def key_regions(written: Reading, form: FormSpec, also: frozenset[str], sides: Sides) -> list[Region]:
    """Every place of every key field's value, then every other number."""
    regions: list[Region] = []
    specs = {spec.id: spec for spec in form.fields}
    for field in written.fields:
        spec = specs.get(field.id)
        if spec is None or not is_key(spec, also):
            continue
        if field.rows:
            regions += _rows(field, spec, sides)
        elif field.state in (FieldState.FOUND, FieldState.UNCLEAR):  # an address with two @ is compared as written
            regions += _occurrences(field, spec, sides)
    inside = bytearray(len(sides.a.text))
    for region in regions:
        inside[region.start : region.end] = b"\x01" * (region.end - region.start)
    regions += [region for region in _numbers(sides) if not any(inside[region.start : region.end])]
    return regions


def judge_region(region: Region, sides: Sides) -> Difference | None:
    """How the scan differs there; None where it does not, or where the place was not found on the scan."""
    there = _opposite(region, sides)
    if there is None:
        return None
    stated, read = sides.a.text[region.start : region.end], "".join(sides.b.text[at] for at in there)
    if _counted(stated, region) == _counted(read, region):
        return None
    if region.numeric and region.end - region.start >= _UNIQUE and sides.elsewhere(region.start, region.end):
        return None
    if region.numeric and _has_a_line(stated, region, sides, there):
        return None  # what else was put there stands in other cells, whose order is another
    if _is_row_number(region, sides) and _counted(read, region) in (f"1{stated}", f"{stated}1"):
        return None  # the rule beside it
    if not _counted(read, region):
        if region.field is None and len(stated) <= _LONE:
            return None
        return _difference(region, sides, there, sure=region.numeric and _replaced(region, sides, there))
    return _difference(region, sides, there, sure=_sure(region, sides, stated, there))


def _has_a_line(stated: str, region: Region, sides: Sides, there: list[int]) -> bool:
    """Whether one of several lines of the scan says the value and nothing else: no digit of it is then another's."""
    lines = {sides.b.piece[at] for at in there}
    pieces = (sides.b.pieces[line] for line in lines)
    return len(lines) > 1 and any(
        _counted(sides.b.text[piece.start : piece.end], region) == _counted(stated, region) for piece in pieces
    )


def _is_row_number(region: Region, sides: Sides) -> bool:
    """One or two digits that stand by themselves (序号)."""
    piece = sides.a.pieces[sides.a.piece[region.start]]
    alone = (piece.start, piece.end) == (region.start, region.end)
    return region.field is None and alone and region.end - region.start <= _LONE


def _replaced(region: Region, sides: Sides, there: list[int]) -> bool:
    """Whether the scan surely has other words in place of a number, and the number nowhere: 人民币 for 200000."""
    return (
        region.end - region.start >= _AMOUNT
        and len(there) > 1
        and min(sides.b.sure[at] for at in there) >= CERTAIN
        and sides.anchored(region.start, region.end)
        and not sides.elsewhere(region.start, region.end)
    )


def is_seen(region: Region, sides: Sides) -> bool:
    """Whether it is known where on the scan the value would stand."""
    return sides.opposite(region.start, region.end) is not None


def _difference(region: Region, sides: Sides, there: list[int], *, sure: bool) -> Difference:
    kind = Kind.FIELD if region.field is not None else Kind.NUMBER
    start, end = (there[0], there[-1] + 1) if there else (_gap(region, sides),) * 2
    return Difference(
        kind,
        sure,
        sides.written(region.start, region.end),
        sides.scanned(start, end),
        (region.start, region.end),
        region.field.id if region.field is not None else "",
        region.row,
    )


def _gap(region: Region, sides: Sides) -> int:
    window = sides.opposite(region.start, region.end)
    return window[0] if window else 0


# ------------------------------------------------------------------------------------------------ where values stand


def _rows(field: Field, spec: FieldSpec, sides: Sides) -> Iterator[Region]:
    columns = {column.id: column for column in spec.columns}
    for number, row in enumerate(field.rows[:_ROWS], 1):
        for cell in row:
            column = columns.get(cell.id)
            if column is None or not cell.raw or cell.place is None:
                continue
            kind = column if column.type in _NUMERIC else spec
            found = _at(cell.place, meant(cell.raw), sides)
            if found is not None:
                yield Region(*found, FieldSpec(spec.id, kind.type), number)


def _occurrences(field: Field, spec: FieldSpec, sides: Sides) -> Iterator[Region]:
    """The value where the field stands; of names of two characters and more also wherever else they stand."""
    value = meant(field.raw)
    if not value:
        return
    main = _at(field.place, value, sides) if field.place is not None else None
    if main is not None:
        yield Region(*main, spec)
    if spec.type in _NUMERIC or len(value) < 2:
        if main is None and (start := sides.a.text.find(value)) >= 0:
            yield Region(start, start + len(value), spec)
        return
    start, count = sides.a.text.find(value), 0
    while start >= 0 and count < _OCCURRENCES:
        if main is None or start != main[0]:
            yield Region(start, start + len(value), spec)
        start, count = sides.a.text.find(value, start + len(value)), count + 1


def _at(place: Place, value: str, sides: Sides) -> tuple[int, int] | None:
    """Where a value stands among the lines of a place."""
    if not value:
        return None
    pieces = [piece for piece in sides.a.pieces if stands_within(piece.line.place, place)]
    if not pieces:
        return None
    start = sides.a.text.find(value, pieces[0].start, pieces[-1].end)
    return (start, start + len(value)) if start >= 0 else None


def stands_within(line: Place, place: Place) -> bool:
    """Whether a line is one of those of a place: a cell, say, or a box on a page."""
    if place.path:
        return line.path.startswith(place.path) and line.path[len(place.path) :][:2] in ("", " /")
    return line.page == place.page and line.box is not None and place.box is not None and _overlap(line.box, place.box)


def _overlap(one: Box, other: Box) -> bool:
    return (
        min(one.right, other.right) > max(one.left, other.left)
        and min(one.bottom, other.bottom) - max(one.top, other.top) > min(one.height, other.height) / 2
    )


def _numbers(sides: Sides) -> Iterator[Region]:
    """The numbers of each line: 2021年9月 has two. An automatic number (1.3.2) is none: programs count differently."""
    for piece in sides.a.pieces:
        start = min(piece.start + len(meant(piece.line.number)), piece.end)
        for match in _NUMBER.finditer(sides.a.text, start, piece.end):
            yield Region(match.start(), match.end(), None)


# -------------------------------------------------------------------------------------------- what the scan has there


def _opposite(region: Region, sides: Sides) -> list[int] | None:
    """The characters of the scan opposite the value, with what was added to it on the same line."""
    window = sides.opposite(region.start, region.end)
    if window is None:
        return None
    start, end = window
    a, b = sides.a, sides.b
    while start > 0 and _grown(region, sides, start - 1) and _starts(region, sides, start):
        start -= 1
    while end < len(b.text) and _grown(region, sides, end) and end > 0 and b.piece[end] == b.piece[end - 1]:
        if not region.numeric and region.end != a.pieces[a.piece[region.end - 1]].end:
            break
        end += 1
    return [at for at in range(start, end) if sides.back[at] < 0 or region.start <= sides.back[at] < region.end]


def _starts(region: Region, sides: Sides, start: int) -> bool:
    return region.numeric and start < len(sides.b.text) and sides.b.piece[start] == sides.b.piece[start - 1]


def _grown(region: Region, sides: Sides, at: int) -> bool:
    """Whether a character of the scan that the Word text does not have belongs to the value."""
    if sides.back[at] >= 0:
        return False
    character = sides.b.text[at]
    return character.isdigit() if region.numeric else sides.b.sure[at] >= SURE


def _counted(text: str, region: Region) -> str:
    """What counts of a value: of an amount, a date or a phone number its digits; of an address not its dots, which OCR
    loses."""
    if region.numeric:
        # the circle of a year (二〇二一) is a mark to some and nothing to others; no other year differs by it alone
        text = _CIRCLES.sub("", text) if "年" in text else text
        return _NOT_COUNTED.sub("", text.translate(DIGIT_FOR))
    if region.field is not None and region.field.type is FieldType.EMAIL:
        return text.replace(".", "").replace("_", "")
    return text


def _sure(region: Region, sides: Sides, stated: str, there: list[int]) -> bool:
    """Whether no slip of OCR explains the difference."""
    if not sides.anchored(region.start, region.end):
        return False
    read = "".join(sides.b.text[at] for at in there)
    confidence = [sides.b.sure[at] for at in there]
    if region.numeric:
        one, other = _counted(stated, region), _counted(read, region)
        if _misread_digits(one, other) or (one.startswith(other) and _may_be_wrapped(region, sides, there)):
            return False
        return min(confidence) >= (CERTAIN if _cut(one, other) else SURE)
    return max((confidence[at] for at in _others(stated, read)), default=0.0) >= CERTAIN


def _may_be_wrapped(region: Region, sides: Sides, there: list[int]) -> bool:
    """Whether the last digits may stand on a line of their own, which OCR overlooks: a narrow cell breaks numbers."""
    a, b = sides.a, sides.b
    in_cell = " / cell " in a.pieces[a.piece[region.start]].line.place.path
    ends = there[-1] + 1 == b.pieces[b.piece[there[-1]]].end
    return in_cell and ends


def slips_explain(stated: str, read: str, *, numeric: bool) -> bool:
    """Whether a reader that is sure of every character may still have made the one of the other."""
    if numeric:
        return _misread_digits(stated, read) or _cut(stated, read)
    return not _others(stated, read)


def _others(stated: str, read: str) -> list[int]:
    """Which characters of `read` stand for one that they are not taken for."""
    replaced = [(edit.src_pos, edit.dest_pos) for edit in Levenshtein.editops(stated, read) if edit.tag == "replace"]
    if len(stated) == len(read) and Hamming.distance(stated, read) == Levenshtein.distance(stated, read):
        replaced = [(at, at) for at in range(len(stated)) if stated[at] != read[at]]
    return [at for source, at in replaced if not _taken_for(stated[source], read[at])]


def _misread_digits(one: str, other: str) -> bool:
    return one.replace(".", "") == other.replace(".", "") or _lost_of_equals(one, other)


def _lost_of_equals(one: str, other: str) -> bool:
    """200000 and 20000: OCR drops one of a row of equal digits."""
    return len(other) < len(one) and _REPEATED.sub(r"\1", one) == _REPEATED.sub(r"\1", other)


def _cut(one: str, other: str) -> bool:
    """The ends of a number may be cut off, and a ruled line beside it read as a 1."""
    if len(other) < len(one):
        return one.startswith(other) or one.endswith(other)
    return other in (f"1{one}", f"{one}1")


_LATIN = ("0oq", "1li", "5s", "2z", "8b", "9gq", "vyu", "ce", "._")
_NEAR_LATIN = {frozenset((a, b)) for group in _LATIN for a in group for b in group if a != b}


def _taken_for(a: str, b: str) -> bool:
    return alike(a, b) or frozenset((a, b)) in _NEAR_LATIN
