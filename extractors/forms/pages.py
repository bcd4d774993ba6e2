"""Tables that a page break cut in two, made whole again.

A PDF or a scan has a table for each page. Where one goes on at the top of the next page, it has the same columns and
nothing but page numbers, headers and footers stands between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Block, Cell, Line, Place, Story, Table

_NEAR_TOP = 0.2  # fractions of the page: where a table must begin to go on from the page before
_NEAR_BOTTOM = 0.7  # and below which the first part must end
_TOLERANCE = 0.02  # by which the edges of the two parts may differ


def whole_tables(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, each table together with its continuations on the following pages."""
    whole: list[Block] = []
    for block in blocks:
        earlier = _begun(whole, block) if isinstance(block, Table) else None
        if isinstance(block, Table) and earlier is not None:
            begun = whole[earlier]
            assert isinstance(begun, Table)
            whole[earlier] = _joined(begun, block)
        else:
            whole.append(block)
    return tuple(whole)


def _begun(whole: Sequence[Block], block: Table) -> int | None:
    """The table that goes on in `block`: the page's last, or the one around it."""
    between: list[Block] = []
    for index in range(len(whole) - 1, -1, -1):
        other = whole[index]
        if isinstance(other, Line):
            if (
                other.place.page is not None
                and block.place.page is not None
                and other.place.page < block.place.page - 1
            ):
                return None
            between.append(other)
        elif _goes_on(other, block, between):
            return index
        elif _last_page(other) != (block.place.page or 0) - 1:
            return None
    return None


def _goes_on(first: Table, second: Table, between: Sequence[Block]) -> bool:
    page, following = _last_page(first), second.place.page
    if page is None or following != page + 1:
        return False
    last = max(
        (cell.place.box.bottom for cell in first.cells if cell.place.page == page and cell.place.box), default=1.0
    )
    top = second.place.box.top if second.place.box is not None else 0.0
    if last < _NEAR_BOTTOM or top > _NEAR_TOP:
        return False
    return _alike(first.place, second.place) and all(marginal(block) or _within(block, first) for block in between)


def _within(block: Block, table: Table) -> bool:
    """A line of the table itself that was found in none of its cells."""
    inner, outer = block.place.box, table.place.box
    if inner is None or outer is None or block.place.page != table.place.page:
        return False
    x, y = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    return outer.left <= x <= outer.right and outer.top <= y <= outer.bottom


def _last_page(table: Table) -> int | None:
    return max((cell.place.page for cell in table.cells if cell.place.page is not None), default=table.place.page)


def _alike(first: Place, second: Place) -> bool:
    """Both parts stand between the same edges."""
    if first.box is None or second.box is None:
        return False
    return abs(first.box.left - second.box.left) < _TOLERANCE and abs(first.box.right - second.box.right) < _TOLERANCE


def marginal(block: Block) -> bool:
    """A header, a footer or a page number: by its story, or by where it stands on the page."""
    if not isinstance(block, Line):
        return False
    box = block.place.box
    return block.story in (Story.HEADER, Story.FOOTER) or (box is not None and (box.bottom < 0.09 or box.top > 0.91))


def _joined(first: Table, second: Table) -> Table:
    """Both parts as one. Columns are told anew by their edges: each part knows only the edges drawn on its page."""
    edges = _edges((*first.cells, *second.cells))
    above = tuple(_placed(cell, cell.row, edges) for cell in first.cells)
    below = tuple(_placed(cell, cell.row + first.rows, edges) for cell in second.cells)
    return replace(first, cells=above + below)


def _edges(cells: Sequence[Cell]) -> list[float]:
    """Where columns begin and end, left to right; edges within the tolerance are one."""
    found: list[float] = []
    for edge in sorted(edge for cell in cells if (box := cell.place.box) for edge in (box.left, box.right)):
        if not found or edge - found[-1] > _TOLERANCE:
            found.append(edge)
    return found


def _placed(cell: Cell, row: int, edges: Sequence[float]) -> Cell:
    box = cell.place.box
    if box is None:
        return replace(cell, row=row)
    column = min(range(len(edges)), key=lambda i: abs(edges[i] - box.left))
    end = min(range(len(edges)), key=lambda i: abs(edges[i] - box.right))
    return replace(cell, row=row, column=column, column_span=max(1, end - column))
