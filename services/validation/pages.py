"""Papers that came as several files, a page each (extractors/forms/apart.py), among the files of a submission.

The file with the first page has the reading of the whole paper; each page in it tells whose it is (`Page.file`). The
other files are pages of it and no papers of their own (`File.page_of`). Checks see places by the paper's page numbers;
what they point at is told of the file that has it (`at_home`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.document import Defect, Page
from extractors.extract import join_pages
from extractors.forms.classify import OTHER
from extractors.forms.complete import MISSING
from extractors.forms.sequence import DISORDER
from extractors.forms.spec import FormSpec
from services.validation.model import Evidence, File

_IN_DOUBT = Defect(
    "page_in_doubt",
    "可能是某份材料的一页，但不能确定属于哪一份，未计入任何材料。",
    "It may be a page of a paper, but of which one could not be told: it counts with none.",
    blind=True,
)


def marked(files: Iterable[File]) -> tuple[File, ...]:
    """The files of a submission, of which those are known as pages that the reading of another names, and those that
    are such a file byte for byte: a page that came twice is that page."""
    every = tuple(files)
    owners = {page.file - 1: index for index, file in enumerate(every) for page in _pages(file) if page.file}
    owners |= {index: index for index in owners.values()}
    copies = {every[index].sha256: owner for index, owner in owners.items() if index < len(every)}
    copies.pop("", None)  # a portal's own reading may not say
    told = [owners.get(index, copies.get(file.sha256, index)) for index, file in enumerate(every)]
    return tuple(
        file if owner == index else replace(file, page_of=owner)
        for index, (file, owner) in enumerate(zip(every, told, strict=True))
    )


def gathered(files: Sequence[File], forms: tuple[FormSpec, ...]) -> tuple[File, ...]:
    """The files of a submission, pages of one paper put together; where that was done before, as it was done."""
    if any(file.page_of is not None for file in files):
        return tuple(files)
    found = join_pages([(file.name, file.reading) for file in files], forms)
    told = (replace(file, reading=found.papers.get(index, file.reading)) for index, file in enumerate(files))
    return tuple(
        _doubted(file) if index in found.doubtful and file.page_of is None else _alone(file)
        for index, file in enumerate(marked(told))
    )


GATHERING = frozenset({_IN_DOUBT.code, MISSING, DISORDER})
"""Codes of what is in doubt about pages that came as files: each file itself was read."""


def in_doubt(file: File) -> bool:
    """Whether it may be a page of a paper, but it is not known of which."""
    defects = file.reading.document.defects if file.reading is not None else ()
    return any(defect.code == _IN_DOUBT.code for defect in defects)


def retold(file: File) -> bool:
    """Whether its reading is not what the reader told of the file by itself."""
    defects = file.reading.document.defects if file.reading is not None else ()
    told = any(defect.code in (MISSING, _IN_DOUBT.code) for defect in defects)
    return file.page_of is not None or told or any(page.file for page in _pages(file))


def _doubted(file: File) -> File:
    if file.reading is None or in_doubt(file):
        return file
    document = file.reading.document
    return replace(
        file, reading=replace(file.reading, document=replace(document, defects=(*document.defects, _IN_DOUBT)))
    )


def _alone(file: File) -> File:
    """A page of another file's paper states no fields by itself, whatever it was taken for alone."""
    if file.page_of is None or file.reading is None:
        return file
    return replace(file, reading=replace(file.reading, kind=OTHER, fields=(), slots=()))


def at_home(evidence: Evidence, files: Sequence[File]) -> Evidence:
    """The evidence with the file that has the page, and its page there."""
    pages = _pages(files[evidence.file]) if evidence.file < len(files) else ()
    page = next((page for page in pages if page.number == evidence.place.page), None)
    if page is None or not 0 < page.file <= len(files):
        return evidence
    own = page.number - _before(page.file, pages)
    return replace(evidence, file=page.file - 1, place=replace(evidence.place, page=own))


def on_paper(evidence: Evidence, files: Sequence[File]) -> Evidence:
    """The reverse: the evidence with the file that has the paper, and the page there."""
    owner = files[evidence.file].page_of
    if owner is None:
        return evidence
    pages = _pages(files[owner])
    home = evidence.file
    if not any(page.file == home + 1 for page in pages):  # the same file sent again is that page
        others = (page.file - 1 for page in pages if 0 < page.file <= len(files))
        home = next(at for at in (owner, *others) if files[at].sha256 == files[home].sha256)
    before = 0 if home == owner else _before(home + 1, pages)
    return replace(evidence, file=owner, place=replace(evidence.place, page=before + (evidence.place.page or 1)))


def number_of(index: int, files: Sequence[File]) -> int:
    """Which page of another file's paper a file begins with; 0 where it is none."""
    return on_paper(Evidence(index), files).place.page or 0


def _before(file: int, pages: Iterable[Page]) -> int:
    """How many pages of a paper stand before those of a file, which is counted from 1."""
    return next(page.number for page in pages if page.file == file) - 1


def _pages(file: File) -> tuple[Page, ...]:
    return file.reading.document.pages if file.reading is not None else ()
