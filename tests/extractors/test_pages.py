"""Leaves bound to one document."""

from __future__ import annotations

from extractors.document import Box, Cell, Defect, Document, Half, Line, Page, Picture, Place, Source, Table
from extractors.pages import bound

BOX = Box(0.1, 0.1, 0.2, 0.2)


def leaf(number: int, *, spread: bool = False) -> Document:
    """What readers make of the file's page `number`."""
    place = Place(page=number, box=BOX)
    table = Table((Cell((Line("格", place),), 0, 0, place),), place)
    pages: tuple[Page, ...] = (Page(number, Source.OCR),)
    if spread:
        pages = (
            Page(number, Source.OCR, half=Half.LEFT),
            Page(number + 1, Source.OCR, sheet=number, half=Half.RIGHT),
        )
    return Document(
        "", pages, (Line("行", place), table), (Picture(place, 9, 9),), defects=(Defect("x", "", "", place),)
    )


def test_pages_after_a_spread_count_on_and_remember_their_sheet() -> None:
    document = bound("pdf", [leaf(1), leaf(2, spread=True), leaf(3), leaf(4)])
    assert [(page.number, page.sheet, page.half) for page in document.pages] == [
        (1, 0, Half.WHOLE),
        (2, 0, Half.LEFT),
        (3, 2, Half.RIGHT),
        (4, 3, Half.WHOLE),
        (5, 4, Half.WHOLE),
    ]
    assert [block.place.page for block in document.blocks] == [1, 1, 2, 2, 4, 4, 5, 5]
    assert [cell.lines[0].place.page for table in document.tables for cell in table.cells] == [1, 2, 4, 5]
    assert [picture.place.page for picture in document.pictures] == [1, 2, 4, 5]
    assert [defect.place.page for defect in document.defects] == [1, 2, 4, 5]


def test_without_spreads_nothing_is_moved() -> None:
    leaves = [leaf(1), leaf(2)]
    assert bound("pdf", leaves).pages == (*leaves[0].pages, *leaves[1].pages)
