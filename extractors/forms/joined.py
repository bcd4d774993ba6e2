"""Several files that are pages of one paper, as one document: its pages in order, each telling whose file it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from extractors import pages
from extractors.document import Document, Page, Place


def joined(parts: Sequence[tuple[int, Document]]) -> Document:
    """The document of a paper. parts: index of the file among the submission's and its document, in order of pages;
    what is said of a file as a whole (format, properties) is said of the first."""
    documents: list[Document] = []
    before = 0
    for index, document in parts:
        documents.append(_behind(document, before, index + 1 if documents else 0))
        before += len(document.pages)
    return reduce(pages.joined, documents)


def _behind(document: Document, before: int, file: int) -> Document:
    """The document with its pages numbered behind so many others. file: whose they are told to be, 0 for the paper's
    own. What is said of the file as a whole is said of its first page."""
    numbers = {page.number: before + at for at, page in enumerate(document.pages, 1)}

    def put(place: Place) -> Place:
        return place if place.page is None else replace(place, page=numbers.get(place.page, place.page))

    def own(page: Page) -> Page:
        sheet = page.sheet or page.number if file else page.sheet
        return replace(page, number=numbers[page.number], sheet=sheet, file=file)

    here = pages.moved(document, put)
    return replace(
        here,
        pages=tuple(own(page) for page in document.pages),
        defects=tuple(
            each if each.place.page is not None else replace(each, place=Place(before + 1)) for each in here.defects
        ),
    )
