"""A file's pages as they are read, one after another: told at once, and not read again where they are known.

    leaf = pages.known(number)          what an earlier attempt made of the page; None where it has to be read
    pages.done(number, total, leaf)     the page is read: somebody may count it, or keep it

A leaf is the Document of one page of the file; `bound` makes one Document of them. A leaf may hold two pages, those
of a spread, the right one numbered after the left one; `bound` moves the numbers of what follows. Readers of formats
that are made of pages (PDF, TIFF) work like this; others read their file in one go and have nothing to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from extractors.document import Block, Defect, Document, Line, Page, Place, Table


class Pages(Protocol):
    """Who wants to know, and may know already. Pages count from 1 and come in their order."""

    def known(self, number: int) -> Document | None:
        """The leaf of a page that was read before, by the same reader; None where there is none."""

    def done(self, number: int, total: int, leaf: Document) -> None:
        """The page was read, or known. total: pages of the file."""


class Unwatched:
    """Nobody asks, and nothing is known."""

    def known(self, number: int) -> Document | None:
        return None

    def done(self, number: int, total: int, leaf: Document) -> None:
        pass


def bound(
    format: str,
    leaves: Sequence[Document],
    properties: tuple[tuple[str, str], ...] = (),
    defects: tuple[Defect, ...] = (),
) -> Document:
    """One Document of its leaves. properties, defects: of the whole file."""
    moved: list[Document] = []
    more = 0
    for leaf in leaves:
        moved.append(renumbered(leaf, more) if more else leaf)
        more += max(0, len(leaf.pages) - 1)
    leaves = moved
    return Document(
        format=format,
        pages=tuple(page for leaf in leaves for page in leaf.pages),
        blocks=tuple(block for leaf in leaves for block in leaf.blocks),
        pictures=tuple(picture for leaf in leaves for picture in leaf.pictures),
        seals=tuple(seal for leaf in leaves for seal in leaf.seals),
        handwriting=tuple(place for leaf in leaves for place in leaf.handwriting),
        properties=properties,
        defects=(*(defect for leaf in leaves for defect in leaf.defects), *defects),
    )


def moved(document: Document, put: Callable[[Place], Place]) -> Document:
    """The document with every place put elsewhere; its pages stay as they are."""

    def line(own: Line) -> Line:
        return replace(own, place=put(own.place))

    def block(own: Block) -> Block:
        if isinstance(own, Line):
            return line(own)
        cells = (
            replace(cell, lines=tuple(line(each) for each in cell.lines), place=put(cell.place)) for cell in own.cells
        )
        return Table(tuple(cells), put(own.place))

    return replace(
        document,
        blocks=tuple(block(own) for own in document.blocks),
        pictures=tuple(replace(own, place=put(own.place)) for own in document.pictures),
        seals=tuple(replace(own, place=put(own.place)) for own in document.seals),
        handwriting=tuple(put(own) for own in document.handwriting),
        defects=tuple(replace(own, place=put(own.place)) for own in document.defects),
    )


def renumbered(document: Document, more: int, attachment: int = 0) -> Document:
    """The document with `more` added to the number of every page. attachment: which file within the file it is."""

    def put(place: Place) -> Place:
        return place if place.page is None else replace(place, page=place.page + more)

    def page(own: Page) -> Page:
        sheet, number = own.sheet or own.number, own.number + more
        return replace(own, number=number, sheet=0 if sheet == number else sheet, attachment=attachment)

    return replace(moved(document, put), pages=tuple(page(own) for own in document.pages))


def joined(first: Document, second: Document) -> Document:
    """The first document, and what is on the pages of the second behind it. The second's numbers go on already."""
    return replace(
        first,
        pages=first.pages + second.pages,
        blocks=first.blocks + second.blocks,
        pictures=first.pictures + second.pictures,
        seals=first.seals + second.seals,
        handwriting=first.handwriting + second.handwriting,
        defects=first.defects + second.defects,
    )
