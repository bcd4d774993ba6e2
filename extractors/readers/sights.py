"""Putting what was seen on a picture in its place in a document: a page, or a picture inside flowing text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from extractors.document import Block, Document, Line, Picture, Place, Seal, Story, Table
from extractors.ocr.engine import Sight


def on_pages(sight: Sight, sheet: int) -> tuple[Sight, ...]:
    """The sight of the file's page `sheet` (from 1), every place naming it; of a spread the two pages there.

    The right one counts as the page after; extractors.pages.bound moves those that follow.
    """
    if sight.facing is None:
        return (_on_page(sight, sheet),)
    right = _on_page(sight.facing, sheet + 1)
    return _on_page(replace(sight, facing=None), sheet), replace(right, page=replace(right.page, sheet=sheet))


def _on_page(sight: Sight, number: int) -> Sight:
    placed = _placed(sight, lambda place: Place(page=number, box=place.box), None)
    return replace(placed, page=replace(sight.page, number=number))


def leaf_of(sights: Sequence[Sight], pictures: tuple[Picture, ...]) -> Document:
    """The leaf (extractors/pages.py) of one page of a file: what is on the one or two pages there."""
    return Document(
        "",
        pages=tuple(sight.page for sight in sights),
        blocks=tuple(block for sight in sights for block in sight.blocks),
        pictures=pictures,
        seals=tuple(seal for sight in sights for seal in sight.seals),
        handwriting=tuple(place for sight in sights for place in sight.handwriting),
        defects=tuple(defect for sight in sights for defect in sight.defects),
    )


def in_picture(sight: Sight, place: Place) -> Sight:
    """The sight of a picture that stands at `place` in flowing text.

    Its lines belong to Story.PICTURE; boxes are fractions of the picture, paths are the picture's.
    """
    return _placed(sight, lambda own: Place(page=place.page, box=own.box, path=place.path), Story.PICTURE)


def _placed(sight: Sight, put: Callable[[Place], Place], story: Story | None) -> Sight:
    def line(own: Line) -> Line:
        return replace(own, place=put(own.place), story=story or own.story)

    def block(own: Block) -> Block:
        if isinstance(own, Line):
            return line(own)
        cells = tuple(
            replace(cell, lines=tuple(line(each) for each in cell.lines), place=put(cell.place)) for cell in own.cells
        )
        return Table(cells, put(own.place))

    def seal(own: Seal) -> Seal:
        return replace(own, place=put(own.place))

    return Sight(
        page=sight.page,
        blocks=tuple(block(own) for own in sight.blocks),
        seals=tuple(seal(own) for own in sight.seals),
        defects=tuple(replace(defect, place=put(defect.place)) for defect in sight.defects),
        handwriting=tuple(put(place) for place in sight.handwriting),
    )
