"""A file's pages as they are read, one after another: told at once, and not read again where they are known.

    leaf = pages.known(number)          what an earlier attempt made of the page; None where it has to be read
    pages.done(number, total, leaf)     the page is read: somebody may count it, or keep it

A leaf is the Document of one page alone; `bound` makes one Document of them. Readers of formats that are made of pages
(PDF, TIFF) work like this; others read their file in one go and have nothing to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from extractors.document import Defect, Document


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
