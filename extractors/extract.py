"""What does this file state? Bytes to a reading: the document, its kind, its fields and slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.document import Document, FieldState, Reading
from extractors.forms.apart import gather
from extractors.forms.bound import bound
from extractors.forms.classify import OTHER, classify, is_letter
from extractors.forms.complete import with_gaps
from extractors.forms.confidence import with_confidence
from extractors.forms.joined import joined
from extractors.forms.sequence import in_order
from extractors.forms.slots import find_slots
from extractors.forms.spec import FormSpec
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.pages import Pages
from extractors.read import UNWATCHED, read
from extractors.readers.soffice import Office
from extractors.seals.across import with_parts

_SAYS = 3  # fields that a paper states which is bound with others


def extract(
    data: bytes,
    forms: tuple[FormSpec, ...],
    look: Look,
    limits: Limits,
    office: Office | None = None,
    password: str = "",
    pages: Pages = UNWATCHED,
) -> Reading:
    """Read a file, tell which of `forms` it is, and find that form's fields and slots.

    A file that is none of them is of kind "other" and has no fields. Raises errors.ReadError where the file cannot be
    read, errors.EngineError where the OCR engine fails. office: LibreOffice as the last resort; None for not at all.
    password: to open the file, should it need one. pages: as for extractors.read.read.
    """
    document = read(data, look, limits, office, password, pages)
    return find_again(replace(document, seals=with_parts(document.seals)), forms)


def find_again(document: Document, forms: tuple[FormSpec, ...]) -> Reading:
    """Kind, fields and slots of a document that was read before, perhaps for other forms. Nothing is looked at.

    Of several papers that are bound in one file, those of the first (`papers_of` gives all).
    """
    papers = papers_of(document, forms)
    if len(papers) == 1:
        return papers[0]
    first = papers[0]
    at = {id(seal): index for index, seal in enumerate(document.seals)}
    numbers = [at[id(seal)] for seal in first.seals]
    slots = tuple(replace(slot, seals=tuple(numbers[index] for index in slot.seals)) for slot in first.slots)
    return replace(first, document=document, slots=slots)


def papers_of(document: Document, forms: tuple[FormSpec, ...]) -> tuple[Reading, ...]:
    """The papers of a file, each with its own pages: several where a form and its letter are bound in one."""
    parts = bound(document, forms)
    papers = tuple(_found(part, forms) for part in parts)
    # a title alone may head a list of what is enclosed
    stated = {paper.kind for paper in papers if sum(field.state is FieldState.FOUND for field in paper.fields) >= _SAYS}
    if len(stated - {OTHER}) < 2:
        return (papers[0] if len(parts) == 1 else _found(document, forms),)
    return papers


@dataclass(frozen=True, slots=True)
class Joined:
    """Papers whose pages came as files of their own. papers: by the index of the file with the first page; each tells
    whose file a page is (Page.file), and what tells that pages are missing;
    forms in one file, too. doubtful: files that may be further pages, and were joined to nothing."""

    papers: Mapping[int, Reading]
    doubtful: frozenset[int]


def join_pages(files: Sequence[tuple[str, Reading | None]], forms: tuple[FormSpec, ...]) -> Joined:
    """Read several files as one paper where they are its pages. files: names and readings of a submission's files in
    the order sent, None for one that was not read. Nothing is looked at."""
    gathered = gather(files, forms)
    papers: dict[int, Reading] = {}
    doubtful = set(gathered.doubtful)
    for paper in gathered.papers:
        pages = {file: reading.document for file in paper.files if (reading := files[file][1]) is not None}
        ordered, defects = in_order(list(pages.items()), [name for name, _ in files])
        document = joined([(file, pages[file]) for file in ordered])
        document = replace(document, seals=with_parts(document.seals), defects=(*document.defects, *defects))
        found = find_again(document, forms)
        if found.kind == paper.form.kind:
            papers[ordered[0]] = found
        else:
            doubtful.update(ordered[1:])
    for file, (_, alone) in enumerate(files):
        reading = papers.get(file, alone)
        form = next((form for form in forms if reading is not None and form.kind == reading.kind), None)
        if reading is None or form is None or is_letter(form):
            continue
        told = with_gaps(reading, form)
        if file in papers or told is not reading:
            papers[file] = told
    return Joined(papers, frozenset(doubtful))


def _found(document: Document, forms: tuple[FormSpec, ...]) -> Reading:
    found = classify(document, forms)
    form = next((form for form in forms if form.kind == found.kind), None)
    slots = find_slots(document, form) if form is not None else ()
    fields = with_confidence(found.fields, document, form)
    return Reading(document, found.kind, found.confidence, fields, slots)
