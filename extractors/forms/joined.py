"""Several files that are pages of one paper, as one document: its pages in order, each telling whose file it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Block, Cell, Defect, Document, Line, Page, Place


def joined(parts: Sequence[tuple[int, Document]]) -> Document:
    """The document of a paper. parts: index of the file among the submission's and its document, in order of pages;
    what is said of a file as a whole (format, properties) is said of the first."""
    first = parts[0][1]
    pages: list[Page] = []
    moved: list[Document] = []
    for index, document in parts:
        numbers = {page.number: len(pages) + at for at, page in enumerate(document.pages, 1)}
        file = 0 if document is first else index + 1
        for page in document.pages:
            own = replace(page, number=numbers[page.number], sheet=page.sheet or page.number, file=file)
            pages.append(own if file else replace(own, sheet=page.sheet))
        moved.append(_moved(document, numbers))
    return replace(
        first,
        pages=tuple(pages),
        blocks=tuple(block for each in moved for block in each.blocks),
        pictures=tuple(picture for each in moved for picture in each.pictures),
        seals=tuple(seal for each in moved for seal in each.seals),
        defects=tuple(defect for each in moved for defect in each.defects),
        handwriting=tuple(place for each in moved for place in each.handwriting),
    )


def _moved(document: Document, numbers: dict[int, int]) -> Document:
    """The document with other numbers of its pages. What is said of the file as a whole is said of its first page."""

    def at(place: Place) -> Place:
        return replace(place, page=numbers.get(place.page, place.page)) if place.page is not None else place

    def line(old: Line) -> Line:
        return replace(old, place=at(old.place))

    def cell(old: Cell) -> Cell:
        return replace(old, place=at(old.place), lines=tuple(line(each) for each in old.lines))

    def block(old: Block) -> Block:
        if isinstance(old, Line):
            return line(old)
        return replace(old, place=at(old.place), cells=tuple(cell(each) for each in old.cells))

    def defect(old: Defect) -> Defect:
        return replace(old, place=at(old.place) if old.place.page is not None else Place(min(numbers.values())))

    return replace(
        document,
        blocks=tuple(block(each) for each in document.blocks),
        pictures=tuple(replace(each, place=at(each.place)) for each in document.pictures),
        seals=tuple(replace(each, place=at(each.place)) for each in document.seals),
        defects=tuple(defect(each) for each in document.defects),
        handwriting=tuple(at(each) for each in document.handwriting),
    )
