"""Tables that a page break cut in two, made whole again.

A PDF or a scan has a table for each page. Where one goes on at the top of the next page, it has the same columns and
nothing but page numbers, headers and footers stands between. On photos, pages have scales of their own: there columns
are the same where there are three or more and their shares of the width are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Block, Box, Cell, Line, Place, Story, Table

_NEAR_TOP = 0.2  # fractions of the page: where a table must begin to go on from the page before
_NEAR_BOTTOM = 0.7  # and below which the first part must end
_TOLERANCE = 0.02  # by which the edges of the two parts may differ
_SHARE = 0.03  # of the table's width: by which edges may differ where the scales do
_COLUMNS = 3
_FRAME = 2.5  # of a line's height: a frame that is lower holds nothing but the line
_PAGE_NUMBER = re.compile(r"第\d{1,3}页(?:[,，/]?共\d{1,3}页)?|[-—–－一]\d{1,3}[-—–－一]|\d{1,3}/\d{1,3}")


def whole_tables(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, each table together with its continuations on the following pages; a heading in a frame, or beside a
    bar, is the line that it is."""
    whole: list[Block] = []
    for block in blocks:
        block = _heading(block)
        earlier = _begun(whole, block) if isinstance(block, Table) else None
        if isinstance(block, Table) and earlier is not None:
            begun = whole[earlier]
            assert isinstance(begun, Table)
            whole[earlier] = _joined(begun, block)
        else:
            whole.append(block)
    return tuple(whole)


def _heading(block: Block) -> Block:
    """The one line of a page's table in which there is room for nothing else."""
    lines = [line for cell in block.cells for line in cell.lines] if isinstance(block, Table) else []
    if len(lines) != 1 or not isinstance(block, Table) or (line := lines[0].place.box) is None:
        return block
    empty = [cell.place.box for cell in block.cells if not cell.lines]
    narrow = all(box is not None and box.width < line.height for box in empty)
    low = block.place.box is not None and block.place.box.height < _FRAME * line.height
    return lines[0] if narrow and low else block


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
    alike = _alike(first.place, second.place) or _same_columns(first, second)
    return alike and all(marginal(block) or _within(block, first) for block in between)


def _within(block: Block, table: Table) -> bool:
    """A line of the table itself that was found in none of its cells."""
    inner, outer = block.place.box, table.place.box
    if inner is None or outer is None or block.place.page != table.place.page:
        return False
    return outer.holds_middle_of(inner)


def _last_page(table: Table) -> int | None:
    return max((cell.place.page for cell in table.cells if cell.place.page is not None), default=table.place.page)


def _alike(first: Place, second: Place) -> bool:
    """Both parts stand between the same edges."""
    if first.box is None or second.box is None:
        return False
    return abs(first.box.left - second.box.left) < _TOLERANCE and abs(first.box.right - second.box.right) < _TOLERANCE


def _same_columns(first: Table, second: Table) -> bool:
    """Whether the last row of the first part has the columns of the first row of the second, whatever their scales."""
    above, below = _boxes(first, first.rows - 1), _boxes(second, 0)
    if len(above) != len(below) or len(above) < _COLUMNS:
        return False
    scale = (above[-1].right - above[0].left) / max(1e-9, below[-1].right - below[0].left)
    shift = above[0].left - scale * below[0].left
    apart = max(abs(one.left - scale * other.left - shift) for one, other in zip(above, below, strict=True))
    return apart < _SHARE * (above[-1].right - above[0].left)


def _boxes(table: Table, row: int) -> list[Box]:
    """Of the cells of a row, left to right; [] where one reaches into other rows."""
    cells = [cell for cell in table.cells if cell.row == row or cell.row <= row < cell.row + cell.row_span]
    if any(cell.row_span > 1 for cell in cells):
        return []
    return sorted((cell.place.box for cell in cells if cell.place.box is not None), key=lambda box: box.left)


def marginal(block: Block) -> bool:
    """A header, a footer or a page number: by its story, by what it says, or by where it stands on the page."""
    if not isinstance(block, Line):
        return False
    box = block.place.box
    if block.story in (Story.HEADER, Story.FOOTER) or _PAGE_NUMBER.fullmatch("".join(block.text.split())):
        return True
    return box is not None and (box.bottom < 0.09 or box.top > 0.91)


def _joined(first: Table, second: Table) -> Table:
    """Both parts as one. Columns are told anew by their edges: each part knows only the edges drawn on its page."""
    if not _alike(first.place, second.place):
        begins = sorted(cell.column for cell in first.cells if cell.row == first.rows - 1)
        return replace(first, cells=first.cells + tuple(_under(cell, first, second, begins) for cell in second.cells))
    edges = _edges((*first.cells, *second.cells))
    above = tuple(_placed(cell, cell.row, edges) for cell in first.cells)
    below = tuple(_placed(cell, cell.row + first.rows, edges) for cell in second.cells)
    return replace(first, cells=above + below)


def _under(cell: Cell, first: Table, second: Table, begins: Sequence[int]) -> Cell:
    """A cell of the second part under the columns of the first one's last row. begins: where those begin."""
    own = sorted(each.column for each in second.cells if each.row == 0)
    ends = [*begins[1:], first.columns]
    covered = [index for index, at in enumerate(own) if cell.column <= at < cell.column + cell.column_span] or [0]
    column = begins[covered[0]]
    return replace(cell, row=cell.row + first.rows, column=column, column_span=ends[covered[-1]] - column)


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
