"""A page's text layer and ruled tables, by pdfplumber. Imported only for pages that have text."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from extractors.document import Block, Box, Cell, Line, Place, Table
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.readers.glyphs import unmask, written
from extractors.readers.pdf.text import Glyph, Sheet, is_broken, lines

# pdfminer warns of every odd byte: a stranger's file must not write our log. What matters becomes a defect.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

_MOST_EDGES: Final = 4000  # finding tables takes the square of this in comparisons
PARSER_ERRORS: Final = (
    PDFException,
    PSException,
    PdfminerException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pdfminer and pdfplumber are known to raise on damaged pages, named one by one."""

_SAME_RULE: Final = 3.0  # points within which two rules are one


@dataclass(frozen=True, slots=True)
class Layer:
    """What the text layer of a page states.

    broken: the text cannot be what is seen, or most of it is turned. characters: how many are shown.
    tables_skipped: the page has too many rules to look for tables.
    """

    blocks: tuple[Block, ...]
    broken: bool
    characters: int
    tables_skipped: bool


class TextParser:
    """pdfplumber on one file. Its methods and its making raise PARSER_ERRORS on damaged files."""

    def __init__(self, data: bytes) -> None:
        self._pages = pdfplumber.open(io.BytesIO(data)).pages

    def read_page(self, number: int, limits: Limits) -> Layer:
        """The text layer of page `number` (from 1). What was parsed is let go at once: pages stream."""
        page = self._pages[number - 1]
        try:
            return _read_layer(page, number, limits)
        finally:
            page.close()


def _read_layer(page: Any, number: int, limits: Limits) -> Layer:
    left, top, right, bottom = _shown(page)
    sheet = Sheet(number, max(right - left, 1.0), max(bottom - top, 1.0))
    glyphs = tuple(_glyphs(page.chars, left, top, sheet))
    turned = sum(glyph.turned for glyph in glyphs)
    if is_broken(glyphs) or turned * 2 > len(glyphs):
        return Layer((), True, len(glyphs), False)
    skipped = len(page.edges) > _MOST_EDGES
    grids = [] if skipped else _grids(page, left, top, sheet, limits)
    blocks = _arrange(glyphs, grids, sheet)
    characters = sum(1 for glyph in glyphs if not glyph.text.isspace())
    return Layer(blocks, False, characters, skipped)


def _shown(page: Any) -> tuple[float, float, float, float]:
    """The part of the page that viewers show: the crop box within the media box."""
    crop, media = page.cropbox, page.mediabox
    left, top = max(crop[0], media[0]), max(crop[1], media[1])
    right, bottom = min(crop[2], media[2]), min(crop[3], media[3])
    if right - left < 1 or bottom - top < 1:
        return media[0], media[1], media[2], media[3]
    return left, top, right, bottom


def _glyphs(chars: Sequence[dict[str, Any]], left: float, top: float, sheet: Sheet) -> Iterator[Glyph]:
    for char in chars:
        x0, x1 = char["x0"] - left, char["x1"] - left
        y0, y1 = char["top"] - top, char["bottom"] - top
        if not (-1 <= (x0 + x1) / 2 <= sheet.width + 1 and -1 <= (y0 + y1) / 2 <= sheet.height + 1):
            continue  # outside what is shown
        text = written(unmask(char["fontname"] or "", char["text"]))
        if not text:
            continue
        a, b, c, d = char["matrix"][:4]
        turned = a <= 0 or d <= 0 or abs(b) > 0.1 * abs(a) or (abs(c) > 0.5 * abs(d))
        yield Glyph(text, x0, y0, x1, y1, turned)


_Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom of a cell in points."""

_MOST_NESTED = 1000  # cells; in a larger table none are looked for within others


@dataclass(frozen=True, slots=True)
class _Grid:
    """A ruled table: its cells as (left, top, right, bottom) in points, rows from the top."""

    cells: tuple[_Bounds, ...]

    @property
    def top(self) -> float:
        return min(cell[1] for cell in self.cells)

    @property
    def area(self) -> float:
        return sum(_area(cell) for cell in self.cells)


def _grids(page: Any, left: float, top: float, sheet: Sheet, limits: Limits) -> list[_Grid]:
    grids: list[_Grid] = []
    for table in page.find_tables():
        cells = tuple(
            (x0 - left, y0 - top, x1 - left, y1 - top)
            for x0, y0, x1, y1 in sorted(table.cells, key=lambda c: (c[1], c[0]))
        )
        if len(cells) > limits.cells:
            raise TooLarge("cells", f"page {sheet.number}: {len(cells)} > {limits.cells}")
        # one cell is a frame around text, not a table
        grids += [_Grid(own) for own in _nested(cells) if len(own) > 1]
    return grids


def _nested(cells: tuple[_Bounds, ...]) -> list[tuple[_Bounds, ...]]:
    """The cells of a table, then those of each table that stands within one of its cells and touches its rules."""
    around = (min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells))
    if len(cells) > _MOST_NESTED or sum(_area(cell) for cell in cells) <= 1.01 * _area(around):
        return [cells]  # no two overlap
    homes: dict[_Bounds | None, list[_Bounds]] = {None: []}
    for cell in cells:
        holders = [other for other in cells if other != cell and _holds(other, cell)]
        homes.setdefault(min(holders, key=_area, default=None), []).append(cell)
    return [tuple(own) for own in homes.values()]


def _area(cell: _Bounds) -> float:
    return (cell[2] - cell[0]) * (cell[3] - cell[1])


def _holds(outer: _Bounds, inner: _Bounds) -> bool:
    return (
        outer[0] - 1 <= inner[0] and outer[1] - 1 <= inner[1] and inner[2] <= outer[2] + 1 and inner[3] <= outer[3] + 1
    ) and _area(inner) < _area(outer)


def _arrange(glyphs: Sequence[Glyph], grids: Sequence[_Grid], sheet: Sheet) -> tuple[Block, ...]:
    """Tables with the text in their cells, and the lines outside, from top to bottom."""
    free = list(glyphs)
    placed: list[tuple[float, Block]] = []
    # The smallest first: what stands in a nested table belongs to it, not to the cell around it.
    for index, grid in sorted(enumerate(grids, 1), key=lambda each: each[1].area):
        inside, free = _split(free, grid)
        placed.append((grid.top / sheet.height, _table(grid, inside, sheet, index)))
    for line in lines(free, sheet):
        box = line.place.box
        placed.append((box.top if box else 0.0, line))
    # sorted is stable: lines keep their order where heights are equal.
    return tuple(block for _, block in sorted(placed, key=lambda each: each[0]))


def _split(glyphs: Sequence[Glyph], grid: _Grid) -> tuple[dict[int, list[Glyph]], list[Glyph]]:
    """Glyphs by the index of the cell in which their middle lies, and those outside."""
    inside: dict[int, list[Glyph]] = {}
    outside: list[Glyph] = []
    left, right = min(cell[0] for cell in grid.cells), max(cell[2] for cell in grid.cells)
    top, bottom = grid.top, max(cell[3] for cell in grid.cells)
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, glyph.middle
        found = None
        if left <= x <= right and top <= y <= bottom:
            found = next((i for i, c in enumerate(grid.cells) if c[0] <= x <= c[2] and c[1] <= y <= c[3]), None)
        if found is None:
            outside.append(glyph)
        else:
            inside.setdefault(found, []).append(glyph)
    return inside, outside


def _table(grid: _Grid, inside: dict[int, list[Glyph]], sheet: Sheet, index: int) -> Table:
    columns = _rules(edge for cell in grid.cells for edge in (cell[0], cell[2]))
    rows = _rules(edge for cell in grid.cells for edge in (cell[1], cell[3]))
    cells: list[Cell] = []
    for number, bounds in enumerate(grid.cells):
        column, row = _nearest(columns, bounds[0]), _nearest(rows, bounds[1])
        path = f"table {index} / row {row + 1} / cell {column + 1}"
        place = Place(sheet.number, sheet.box(*bounds), path)
        cells.append(
            Cell(
                lines=_in_cell(lines(inside.get(number, ()), sheet), path),
                row=row,
                column=column,
                place=place,
                row_span=max(_nearest(rows, bounds[3]) - row, 1),
                column_span=max(_nearest(columns, bounds[2]) - column, 1),
            )
        )
    cells.sort(key=lambda cell: (cell.row, cell.column))
    around: Box = sheet.box(columns[0], rows[0], columns[-1], rows[-1])
    return Table(tuple(cells), Place(sheet.number, around, f"table {index}"))


def _in_cell(found: Sequence[Line], path: str) -> tuple[Line, ...]:
    return tuple(Line(line.text, Place(line.place.page, line.place.box, path), words=line.words) for line in found)


def _rules(edges: Iterator[float]) -> list[float]:
    """Positions of the rules, ascending, near ones as one."""
    rules: list[float] = []
    for edge in sorted(edges):
        if not rules or edge - rules[-1] > _SAME_RULE:
            rules.append(edge)
    return rules


def _nearest(rules: Sequence[float], edge: float) -> int:
    return min(range(len(rules)), key=lambda index: abs(rules[index] - edge))
