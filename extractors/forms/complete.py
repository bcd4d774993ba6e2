"""Whether a scanned paper is whole: what tells that a page of it is missing, and what proves that none is.

The numbers printed on its pages tell both. A paper that came page by page, in pictures, may have lost its last page
without a trace. That it has not is proved

- by the printed total (第3页 共3页);
- by the places that the call's blank form has at its end for opinions and signatures (申报单位意见, 承诺书);
- or by another file, the same form in one piece, that has no place which is not on the pages.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.document import Defect, Document, Place, Reading, Source
from extractors.forms.asked import named
from extractors.forms.numbering import Printed, printed_on
from extractors.forms.spec import FormSpec, SlotFinder, SlotSpec

MISSING = "page_missing"
_FOOT = 0.8  # of a page: what ends below may go on overleaf


def with_gaps(reading: Reading, form: FormSpec) -> Reading:
    """The reading of a form with the pages that surely are missing among its defects."""
    document = reading.document
    if any(defect.code == MISSING for defect in document.defects) or not _is_scan(document):
        return reading
    told = list(_by_numbers(printed_on(document)))
    if is_leafwise(document) and not told:
        told += _breaks_off(reading, form)
    return replace(reading, document=replace(document, defects=(*document.defects, *told))) if told else reading


def unproved(
    reading: Reading, places: Sequence[SlotSpec], form: FormSpec, copies: Iterable[Reading]
) -> tuple[SlotSpec, ...]:
    """The places that may be on a lost page of a paper that came page by page; () where it is known to be whole.

    places: that are asked for. copies: other files of the form. Where no blank form is kept, one place is enough.
    """
    document, there = reading.document, {slot.id for slot in reading.slots}
    if not is_leafwise(document) or _is_counted(printed_on(document)):
        return ()
    if any(_has_all_of(there, copy) for copy in copies):
        return ()
    printed = {label for edition in form.editions if edition.current for label in edition.labels}
    known = {named(label, form.slots, recognised=False) for label in printed}
    lacking = tuple(spec for spec in places if spec.id not in there and (spec in known or not printed))
    return lacking if printed or len(lacking) == len(places) else ()


def is_leafwise(document: Document) -> bool:
    """Whether a paper came page by page: its pages are several files', or it is a picture."""
    pictured = document.format != "pdf" and len({page.sheet or page.number for page in document.pages}) == 1
    return any(page.file for page in document.pages) or pictured


def is_numbered(numbers: Sequence[Printed | None]) -> bool:
    """Whether the pages bear numbers in one style, but perhaps for a cover."""
    there = [number for number in numbers if number is not None]
    return len(there) >= max(2, len(numbers) - 1) and len({number.style for number in there}) == 1


def _is_scan(document: Document) -> bool:
    return bool(document.pages) and all(page.source is Source.OCR for page in document.pages)


def _is_counted(numbers: Sequence[Printed | None]) -> bool:
    """The last page bears the printed total."""
    last = numbers[-1] if numbers else None
    return last is not None and 0 < last.total == last.number and (len(numbers) == 1 or is_numbered(numbers))


def _by_numbers(numbers: Sequence[Printed | None]) -> Iterator[Defect]:
    there = [number for number in numbers if number is not None]
    if not is_numbered(numbers):
        if len(numbers) == 1 and there and there[0].total > 1:
            yield _gap(
                1,
                f"除第 {there[0].number} 页外（共 {there[0].total} 页）",
                f"beside page {there[0].number} of {there[0].total}",
            )
        return
    before = 1 if numbers[0] is None else 0  # a cover bears no number, and counts or not
    for page, (earlier, later) in enumerate(pairwise(there), before + 2):
        if later.number > earlier.number + 1:
            zh = f"第 {earlier.number} 页与第 {later.number} 页之间"
            yield _gap(page, zh, f"between pages {earlier.number} and {later.number}")
    if there[0].number > 2:
        yield _gap(before + 1, f"第 {there[0].number} 页之前", f"before page {there[0].number}")
    last, total = there[-1].number, max(number.total for number in there)
    if last < total:
        yield _gap(len(numbers), f"第 {last} 页之后（共 {total} 页）", f"behind page {last} of {total}")


def _gap(page: int, zh: str, en: str) -> Defect:
    return _missing(page, f"按页面上印的页码，{zh}缺页。", f"By the printed numbers, a page is missing {en}.")


def _missing(page: int, zh: str, en: str, place: Place | None = None) -> Defect:
    return Defect(MISSING, zh, en, place or Place(page), blind=True)


def _breaks_off(reading: Reading, form: FormSpec) -> Iterator[Defect]:
    """A place for an opinion on the last page that nothing ends, be it blank: no date, no words that ask for a
    signature, no seal; at the page's foot, where the rest of it may stand overleaf, no date. A picture by itself may be
    a short form that asks for nothing."""
    boxes = {spec.id: spec for spec in form.slots if spec.finder is SlotFinder.BOX}
    pages = reading.document.pages
    alone = not any(page.file for page in pages)
    for slot in reading.slots:
        if slot.id not in boxes or slot.place.page != len(pages) or slot.date_raw:
            continue
        at_foot = slot.place.box is not None and slot.place.box.bottom > _FOOT
        if at_foot or not (alone or slot.signature_place or slot.seals):
            yield _missing(
                len(pages),
                f"最后一页的“{boxes[slot.id].zh}”没有写完（没有日期，或没有签字、盖章处），其后可能缺页。",
                f"{boxes[slot.id].en} breaks off on the last page: a page may be missing behind it.",
                slot.place,
            )


def _has_all_of(places: Container[str], copy: Reading) -> bool:
    """Whether a copy in one piece has no place that is not on the pages."""
    return bool(copy.slots) and not is_leafwise(copy.document) and all(slot.id in places for slot in copy.slots)
