"""In which order pages that came as files of their own stand, and whether one is missing among their names.

Printed page numbers tell first, then the names of the files where they are numbered in one series, then the order in
which they were sent. The page with the title comes first: where that order says otherwise, or headings do (三、 before
二、), it is not known, which is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from extractors.document import Defect, Document, Place
from extractors.forms.complete import MISSING, is_numbered
from extractors.forms.numbering import Numbered, first_section, numbered, printed, printed_on

DISORDER = "page_order"  # code of the defect of a paper whose order is not sure


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
                DISORDER,
                "各页是分别的文件，先后顺序无法确定，跨页的内容可能未能正确读取。",
                "The pages came as files, and their order is not known: what runs over pages may be misread.",
                blind=True,
            )
        )
    if not is_numbered([number for file in ordered for number in printed_on(documents[file])]):
        told += _skipped(ordered, documents, named)
    return ordered, tuple(told)


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


def _skipped(files: Sequence[int], documents: Mapping[int, Document], every: Sequence[Numbered]) -> Iterator[Defect]:
    """Pages that are not there by the names of the files, which a counter made. files: in order. every: file's name."""
    before = 0
    for one, two in pairwise(files):
        before += len(documents[one].pages)
        first, second = every[one], every[two]
        known = any(first.numbers < other.numbers < second.numbers for other in every if other.series == first.series)
        if first.series == second.series and first.skips_to(second) and not known:
            yield Defect(
                MISSING,
                f"按文件名的编号，第 {before} 页与第 {before + 1} 页之间可能缺页。",
                f"By the numbers of the files, a page may be missing between pages {before} and {before + 1}.",
                Place(before + 1),
                blind=True,
            )
