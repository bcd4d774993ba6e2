"""Putting what was seen on a picture in its place in a document: a page, or a picture inside flowing text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from extractors.document import Block, Line, Place, Seal, Story, Table
from extractors.ocr.engine import Sight


def on_pages(sight: Sight, number: int, sheet: int) -> tuple[Sight, ...]:
    """The sight of sheet `sheet` of the file as page `number` of the document (both from 1); of a spread both pages.

    Every place names its page; boxes are the page's own.
    """
    pages = (sight,) if sight.facing is None else (replace(sight, facing=None), sight.facing)
    return tuple(_on_page(page, number + index, sheet) for index, page in enumerate(pages))


def _on_page(sight: Sight, number: int, sheet: int) -> Sight:
    placed = _placed(sight, lambda place: Place(page=number, box=place.box), None)
    return replace(placed, page=replace(sight.page, number=number, sheet=0 if sheet == number else sheet))


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
