"""Cells of which the detector joined a part to the next cell: read by themselves.

Print in a narrow cell stands as near to the print beyond the rule as its own characters stand to each other, and one
box then lies across the rule. The recogniser reads the one side, or neither (项目负责人, which runs down, with 手机
beside it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

import numpy as np

from extractors.document import Box, Line
from extractors.ocr.engine import Raster
from extractors.ocr.grid import Grid
from extractors.ocr.window import placed, window_of

_EM = 0.55  # of a box's shorter side, which the detector pads to nearly twice the print's
_BEYOND = 0.8  # ems that a box lies beyond a rule from which it holds print there: its padding is less
_LEVEL = 0.5  # of the lower one's height, or the narrower one's width, that two boxes share
_RULE = 0.1  # ems beside a cell's edges that may still be its rule
_PAPER = 0.6  # ems of paper around the cell as it is read
_MOST = 40  # cells of a page


def read_apart(
    lines: Sequence[Line], grids: Sequence[Grid], grey: Raster, read: Callable[[Raster], Sequence[Line]]
) -> tuple[Line, ...]:
    """The lines, those of cells into which another cell's line reaches read again where that was not read there.

    grids: the page's tables. read: an engine's. Raises EngineError.
    """
    aspect = grey.shape[0] / grey.shape[1]
    usual = median([_em(line.place.box, aspect) for line in lines if line.place.box is not None] or [0.0])
    cells = sorted((cell for grid in grids for cell in grid.boxes), key=lambda cell: cell.width * cell.height)
    kept, left = list(lines), _MOST
    for line in lines:
        box = line.place.box
        em = min(usual, _em(box, aspect)) if box is not None and cells else 0.0
        if box is None or em <= 0:
            continue
        reached = [cell for cell in cells if _reaches(box, cell, em)]
        unread = [cell for cell in reached if not any(cell.holds_middle_of(word.box) for word in line.words)]
        if len(reached) < 2 or not unread:
            continue
        others = [other for other in kept if other is not line]
        if len(others) == len(kept):
            continue  # its cell was read anew for another line
        bare = [cell for cell in reached if not any(_stands_there(other, box, cell) for other in others)]
        if len(bare) > left:
            break
        left -= len(bare)
        anew = {cell: _read(cell, em, grey, read) for cell in bare}
        if any(not found for found in anew.values()):
            continue  # as it was: some of it would be lost
        again = [found for cell in bare for found in anew[cell]]
        gone = [other for other in others if any(_held(other, cell) for cell in bare)]
        at = next(index for index, each in enumerate(kept) if each is line)
        kept[at : at + 1] = again
        kept = [each for each in kept if not any(each is other for other in gone)]
    return tuple(kept)


def _em(box: Box, aspect: float) -> float:
    """The size of its characters, of the page's width."""
    return _EM * min(box.width, box.height * aspect)


def _reaches(box: Box, cell: Box, em: float) -> bool:
    """Whether some of what is in a line's box stands in the cell, and not only its padding."""
    across = min(box.right, cell.right) - max(box.left, cell.left)
    down = min(box.bottom, cell.bottom) - max(box.top, cell.top)
    return across > _BEYOND * em and down > _LEVEL * min(box.height, cell.height)


def _stands_there(other: Line, box: Box, cell: Box) -> bool:
    """Whether the part of a line's box that is in a cell is another line's, too."""
    own = other.place.box
    if own is None or not _held(other, cell):
        return False
    left, right = max(box.left, cell.left), min(box.right, cell.right)
    high = min(box.bottom, cell.bottom) - max(box.top, cell.top)
    level = min(own.bottom, box.bottom) - max(own.top, box.top) > _LEVEL * min(own.height, high)
    return level and min(own.right, right) - max(own.left, left) > _LEVEL * min(own.width, right - left)


def _held(line: Line, cell: Box) -> bool:
    return line.place.box is not None and cell.holds_middle_of(line.place.box)


def _read(cell: Box, em: float, grey: Raster, read: Callable[[Raster], Sequence[Line]]) -> list[Line]:
    """The lines of a cell, seen without what is around it. em: of the page's width."""
    height, width = grey.shape
    down = em * width / height
    around = Box(
        max(0.0, cell.left - _PAPER * em), max(0.0, cell.top - _PAPER * down),
        min(1.0, cell.right + _PAPER * em), min(1.0, cell.bottom + _PAPER * down),
    )  # fmt: skip
    inner = Box(cell.left + _RULE * em, cell.top + _RULE * down, cell.right - _RULE * em, cell.bottom - _RULE * down)
    if inner.width <= 0 or inner.height <= 0:
        return []
    rows, columns = window_of(around, height, width)
    own_rows, own_columns = window_of(inner, height, width)
    alone = np.full((rows.stop - rows.start, columns.stop - columns.start), 255, np.uint8)
    alone[
        own_rows.start - rows.start : own_rows.stop - rows.start,
        own_columns.start - columns.start : own_columns.stop - columns.start,
    ] = grey[own_rows, own_columns]
    return [placed(line, around, grey) for line in read(alone)]
