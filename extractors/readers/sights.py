"""Putting what was seen on a picture in its place in a document: a page, or a picture inside flowing text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from extractors.document import Block, Box, Line, Place, Seal, Story, Table
from extractors.ocr.engine import Sight


def on_page(sight: Sight, number: int) -> Sight:
    """The sight of page `number` (from 1): every place names that page; boxes are the page's own."""
    return _placed(sight, lambda place: Place(page=number, box=place.box), None, number)


def in_picture(sight: Sight, place: Place) -> Sight:
    """The sight of a picture that stands at `place` in flowing text.

    Its lines belong to Story.PICTURE; boxes are fractions of the picture, paths are the picture's.
    """
    return _placed(sight, lambda own: Place(page=place.page, box=own.box, path=place.path), Story.PICTURE, None)


def turned_back(sight: Sight) -> Sight:
    """The sight with its boxes on the picture as it was handed in, before it was turned to stand upright.

    For a picture whose way up is known better: a page with a text layer.
    """
    match sight.page.rotation:
        case 90:
            return _placed(sight, _boxed(lambda b: Box(b.top, 1 - b.right, b.bottom, 1 - b.left)), None, None)
        case 180:
            return _placed(sight, _boxed(lambda b: Box(1 - b.right, 1 - b.bottom, 1 - b.left, 1 - b.top)), None, None)
        case 270:
            return _placed(sight, _boxed(lambda b: Box(1 - b.bottom, b.left, 1 - b.top, b.right)), None, None)
        case _:
            return sight


def _boxed(turn: Callable[[Box], Box]) -> Callable[[Place], Place]:
    return lambda place: replace(place, box=None if place.box is None else turn(place.box))


def _placed(sight: Sight, put: Callable[[Place], Place], story: Story | None, number: int | None) -> Sight:
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
        page=sight.page if number is None else replace(sight.page, number=number),
        blocks=tuple(block(own) for own in sight.blocks),
        seals=tuple(seal(own) for own in sight.seals),
        defects=tuple(replace(defect, place=put(defect.place)) for defect in sight.defects),
        handwriting=tuple(put(place) for place in sight.handwriting),
    )
