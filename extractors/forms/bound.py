"""Papers that are bound in one file: a form, its letter and more, scanned together.

A paper begins on a page whose upper half bears another form's title; the pages up to the next such one are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.document import Document, Place, Source
from extractors.forms.classify import is_mention, title_of
from extractors.forms.heads import heads_of
from extractors.forms.spec import FormSpec
from extractors.values.characters import squeeze

_TITLED = 0.85  # how much a line must be a form's title (classify.title_of)


def bound(document: Document, forms: Sequence[FormSpec]) -> tuple[Document, ...]:
    """The papers of a file with pages, each a document of its own with its pages' numbers; the document alone where
    all of it is one paper, or where it has no pages."""
    numbers = [page.number for page in document.pages]
    if len(numbers) < 2:
        return (document,)
    starts: list[int] = []
    kind = ""
    for number, titled in zip(numbers, titles_of(document, forms), strict=True):
        if titled and titled != kind:
            starts.append(number)
            kind = titled
    if len(starts) < 2:
        return (document,)
    ends = [*starts[1:], max(numbers) + 1]
    firsts = [min(numbers), *starts[1:]]  # what stands before the first title belongs to it
    return tuple(_part(document, range(first, end)) for first, end in zip(firsts, ends, strict=True))


def titles_of(document: Document, forms: Sequence[FormSpec]) -> list[str]:
    """For each page the kind of the form whose title it bears; "" for none."""
    heads = heads_of(document)
    return [
        _kind([(squeeze(line.text), line.source is Source.OCR) for line in heads[page.number]], forms)
        for page in document.pages
    ]


def _kind(head: Sequence[tuple[str, bool]], forms: Sequence[FormSpec]) -> str:
    joined = [(a + b, x or y) for (a, x), (b, y) in pairwise(head) if not is_mention(squeeze(b))]
    best = max(
        (
            (title_of(text, form, recognised=recognised), form.kind)
            for form in forms
            for text, recognised in [*head, *joined]
        ),
        default=(0.0, ""),
    )
    return best[1] if best[0] >= _TITLED else ""


def _part(document: Document, pages: range) -> Document:
    def own(place: Place | None) -> bool:
        return place is None or place.page is None or place.page in pages

    return replace(
        document,
        pages=tuple(page for page in document.pages if page.number in pages),
        blocks=tuple(block for block in document.blocks if own(block.place)),
        pictures=tuple(picture for picture in document.pictures if own(picture.place)),
        seals=tuple(seal for seal in document.seals if own(seal.place)),
        defects=tuple(defect for defect in document.defects if own(defect.place)),
        handwriting=tuple(place for place in document.handwriting if own(place)),
    )
