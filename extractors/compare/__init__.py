"""A Word file and the stamped scan of the same paper: do they state the same?

1. Both become a stream of the characters that mean something (stream.py), and the streams are aligned (align.py).
2. Key fields, and every other number, are compared with what stands opposite on the scan (keys.py); what that leaves
   open, with what the scan's own field states (fields.py).
3. What else differs is told as changed wording, a missing part, an addition or a page of something else (wording.py).

A slip of OCR explains a difference where a character was read without confidence or is often taken for the other; such
a difference is told with sure=False where it touches a key field, and not at all in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from extractors.compare.difference import Comparison, Difference, Kind, Quote
from extractors.compare.fields import stated_on
from extractors.compare.keys import Region, is_key, is_seen, judge_region, key_regions
from extractors.compare.pairing import Pair, pair
from extractors.compare.sides import Sides, sides
from extractors.compare.stream import meant
from extractors.compare.wording import changes, foreign_pages, missing_parts
from extractors.document import Document, Place, Reading
from extractors.forms.spec import FormSpec

__all__ = ["Comparison", "Difference", "Kind", "Pair", "Quote", "compare", "is_key", "pair"]


def compare(written: Reading, scans: Sequence[Reading], form: FormSpec, also: Iterable[str] = ()) -> Comparison:
    """What the scans of a paper state otherwise than its Word file.

    scans: at least one, in the order of their pages. also: ids of fields that are key fields beside those whose type
    says so (names, places, amounts, dates, phones, e-mails, rows).
    """
    documents = tuple(scan.document for scan in scans)
    both = sides(written.document, documents)
    cut = both.a.cut or both.b.cut
    if not both.a.text or not both.b.text:
        return Comparison((), both.share, both.found, cut=cut)
    missing = missing_parts(both, blind=cut or any(document.blind for document in documents))
    regions = key_regions(written, form, frozenset(also), both)
    keys = _with_fields(_key_differences(regions, missing, both), regions, (written, scans), both)
    other = _other_differences(documents, keys, missing, regions, both)
    fields = tuple(dict.fromkeys(region.field.id for region in regions if region.field))
    return Comparison((*keys.differences, *missing, *other), both.share, both.found, fields, keys.unseen, cut)


Whose = tuple[str, int, int]
_AMOUNT = re.compile(r"\d{3}|\d\.\d")


@dataclass(frozen=True, slots=True)
class _Keys:
    """differences: of key values, one a field or row, the surest. unseen: fields that could not be seen.

    settled: where the Word text has values that the scan states otherwise written.
    """

    differences: tuple[Difference, ...]
    unseen: tuple[str, ...]
    settled: tuple[tuple[int, int], ...] = ()


def _key_differences(regions: Sequence[Region], missing: Sequence[Difference], both: Sides) -> _Keys:
    found: dict[Whose, Difference] = {}
    seen = dict.fromkeys((_whose(region) for region in regions if region.field is not None), False)
    intact = {_whose(region) for region in regions if min(both.to[region.start : region.end]) >= 0}
    for region in regions:
        if any(part.span[0] <= region.start < part.span[1] for part in missing) or not is_seen(region, both):
            continue
        whose, difference = _whose(region), judge_region(region, both)
        seen[whose] = True
        if difference is None:
            continue
        if not region.numeric and whose in intact:  # elsewhere on the scan it stands as in the Word file
            if not difference.sure:
                continue
            difference = replace(difference, sure=not _one_slip(difference))
        if whose not in found or (difference.sure and not found[whose].sure):
            found[whose] = difference
    unseen = dict.fromkeys(id for (id, _, _), there in seen.items() if not there)
    return _Keys(tuple(found.values()), tuple(unseen))


def _with_fields(
    keys: _Keys, regions: Sequence[Region], files: tuple[Reading, Sequence[Reading]], both: Sides
) -> _Keys:
    """The same, with what the scans' own fields state where the texts leave a field open, or write a value otherwise.

    files: the Word file, and its scans.
    """
    differences, unseen, settled = list(keys.differences), list(keys.unseen), list(keys.settled)
    own = {region.field.id: region for region in reversed(regions) if region.field and not region.row}
    for id, region in own.items():
        told = next((each for each in differences if each.field == id and not each.row), None)
        another = told is not None and told.sure and not region.numeric
        if region.field is None or another or (told is None and id not in unseen):
            continue
        opposite = told.scanned if told is not None else None
        stated = stated_on(files[1], files[0], both.a.text, region.field, opposite)
        if stated is None or (told is not None and told.sure and not stated.same):
            continue
        differences = [each for each in differences if each is not told]
        unseen = [other for other in unseen if other != id]
        span = region.start, region.end
        if stated.same:
            settled.append(span)
        else:
            scanned = Quote(stated.file, stated.field.place or Place(), stated.field.raw)
            differences.append(Difference(Kind.FIELD, True, both.written(*span), scanned, span, id))
    return _Keys(tuple(differences), tuple(unseen), tuple(settled))


def _whose(region: Region) -> Whose:
    """What a region's difference is told of: a field, one of its rows, or the number at that place."""
    if region.field is None:
        return "", 0, region.start
    return region.field.id, region.row, int(region.numeric)


def _one_slip(difference: Difference) -> bool:
    return Levenshtein.distance(meant(difference.written.text), meant(difference.scanned.text)) <= 1


def _other_differences(
    documents: Sequence[Document],
    keys: _Keys,
    missing: Sequence[Difference],
    regions: Sequence[Region],
    both: Sides,
) -> list[Difference]:
    """Pages of something else, then changed wording in the order of the Word text."""
    pages = foreign_pages(both)
    told = [*(difference.span for difference in (*keys.differences, *missing)), *keys.settled]
    foreign = [
        Difference(Kind.PAGE, True, both.written(0, 0), both.scanned(start, end), (0, 0), size=end - start)
        for start, end in pages
    ]
    tables = {each.field: _rows_of(each.field, regions, both) for each in keys.differences if each.row}
    found = (_in_rows(each, regions, both) for each in changes(both, documents, told, pages))
    return [*foreign, *(each for each in found if not any(_lies_in(each, table) for table in tables.values()))]


def _rows_of(id: str, regions: Sequence[Region], both: Sides) -> tuple[int, int]:
    """From where to where the rows of a field stand in the Word text, with the last row's cells that are no field's."""
    rows = [region for region in regions if region.field and region.field.id == id and region.row]
    if not rows:
        return 0, 0
    end = max(region.end for region in rows)
    pieces, last = both.a.pieces, both.a.piece[end - 1]
    row, in_table, _ = pieces[last].line.place.path.rpartition(" / cell ")
    while in_table and last + 1 < len(pieces) and pieces[last + 1].line.place.path.startswith(f"{row} / cell "):
        last += 1
        end = pieces[last].end
    return min(region.start for region in rows), end


def _lies_in(difference: Difference, table: tuple[int, int]) -> bool:
    """Words of a table whose rows are told to differ, or to be doubtful: they are told with it."""
    return difference.kind in (Kind.WORDING, Kind.EXTRA) and table[0] <= difference.span[0] <= table[1]


def _in_rows(added: Difference, regions: Sequence[Region], both: Sides) -> Difference:
    """A row with an amount that only the scan has is a difference of the rows, not of the wording."""
    if added.kind is not Kind.EXTRA or not _AMOUNT.search(added.scanned.text):
        return added
    for id in dict.fromkeys(region.field.id for region in regions if region.field and region.row):
        first, last = _rows_of(id, regions, both)
        if first <= added.span[0] <= last:
            return replace(added, kind=Kind.FIELD, field=id)
    return added
