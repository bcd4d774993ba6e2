"""In which order pages that came as files of their own stand, and whether one is missing among them.

Printed page numbers tell first, then the names of the files where they are numbered in one series, then the order in
which they were sent. The page with the title comes first: where that order says otherwise, or headings do (三、 before
二、), it is not known, which is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.document import Defect, Document, Place, Slot
from extractors.forms.numbering import Numbered, first_section, numbered, printed
from extractors.forms.spec import FormSpec, SlotFinder


def in_order(pages: Sequence[tuple[int, Document]], names: Sequence[str]) -> tuple[tuple[int, ...], tuple[Defect, ...]]:
    """The files of a paper in order, and what is not sure of it. pages: each file's index and its page, that with the
    title first. names: of all files of the submission, in the order sent."""
    (head, _), *others = pages
    named = [numbered(name) for name in names]
    keys = _keys(pages, named)
    ordered = (head, *sorted((file for file, _ in others), key=lambda file: keys[file]))
    documents = dict(pages)
    told: list[Defect] = []
    if len(others) > 1 and (keys[head] > keys[ordered[1]] or _is_confused([documents[file] for file in ordered])):
        told.append(
            Defect(
                "page_order",
                "各页是分别的文件，先后顺序无法确定，跨页的内容可能未能正确读取。",
                "The pages came as files, and their order is not known: what runs over pages may be misread.",
                blind=True,
            )
        )
    told += _missing([documents[file] for file in ordered], [named[file] for file in ordered], named)
    return ordered, tuple(told)


def breaks_off(slots: Sequence[Slot], form: FormSpec, last: int) -> tuple[Defect, ...]:
    """What tells that a page is missing behind the last: a place for an opinion without anything that ends one, be it
    blank: no date, no words that ask for a signature, no seal. last: the number of that page."""
    boxes = {spec.id: spec for spec in form.slots if spec.finder is SlotFinder.BOX}
    return tuple(
        Defect(
            "page_missing",
            f"最后一页的“{boxes[slot.id].zh}”没有签字、日期或盖章处，其后可能缺页。",
            f"{boxes[slot.id].en} breaks off on the last page: a page may be missing behind it.",
            slot.place,
            blind=True,
        )
        for slot in slots
        if slot.id in boxes and slot.place.page == last and not (slot.date_raw or slot.signature_place or slot.seals)
    )


def _keys(pages: Sequence[tuple[int, Document]], names: Sequence[Numbered]) -> dict[int, tuple[int, ...]]:
    """By what the pages are put in order."""
    told = {file: printed(document) for file, document in pages[1:]}
    numbers = {file: (number.number,) for file, number in told.items() if number is not None}
    if len(set(numbers.values())) == len(told) and len({number.style for number in told.values() if number}) == 1:
        return {**numbers, pages[0][0]: (0,)}
    named = {file: names[file] for file, _ in pages}
    if len({name.series for name in named.values()}) == 1 and len(set(named.values())) == len(named):
        return {file: name.numbers for file, name in named.items()}
    return {file: (file,) for file, _ in pages}


def _is_confused(documents: Sequence[Document]) -> bool:
    """A page's headings are numbered lower than those of one before it; 一、 may begin a list of its own."""
    sections = [number for document in documents if (number := first_section(document)) > 1]
    return any(later <= earlier for earlier, later in pairwise(sections))


def _missing(documents: Sequence[Document], names: Sequence[Numbered], every: Sequence[Numbered]) -> Iterator[Defect]:
    """Pages that are not there, by printed numbers, else by names that a counter made."""
    told = [printed(document) for document in documents]
    there = [number for number in told if number is not None]
    if len(there) >= max(2, len(told) - 1) and len({number.style for number in there}) == 1:
        before = 1 if told[0] is None else 0  # a cover bears no number, and counts or not
        for page, (earlier, later) in enumerate(pairwise(there), before + 2):
            if later.number > earlier.number + 1:
                yield _gap(
                    page,
                    f"第 {earlier.number} 页与第 {later.number} 页之间",
                    f"between pages {earlier.number} and {later.number}",
                )
        if there[0].number > 2:
            yield _gap(before + 1, f"第 {there[0].number} 页之前", f"before page {there[0].number}")
        last, total = there[-1].number, max(number.total for number in there)
        if last < total:
            yield _gap(len(documents), f"第 {last} 页之后（共 {total} 页）", f"behind page {last} of {total}")
        return
    for page, (one, two) in enumerate(pairwise(names), 2):
        known = any(one.numbers < other.numbers < two.numbers for other in every if other.series == one.series)
        if one.series == two.series and one.skips_to(two) and not known:
            yield Defect(
                "page_missing",
                f"按文件名的编号，第 {page - 1} 页与第 {page} 页之间可能缺页。",
                f"By the numbers of the files, a page may be missing between pages {page - 1} and {page}.",
                Place(page),
                blind=True,
            )


def _gap(page: int, zh: str, en: str) -> Defect:
    return Defect(
        "page_missing",
        f"按页面上印的页码，{zh}缺页。",
        f"By the printed numbers, a page is missing {en}.",
        Place(page),
        blind=True,
    )
