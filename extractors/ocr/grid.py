"""Where the cells of a table stand on a page."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.document import Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a page. box: of the whole.

    cells: (row, column, row_span, column_span) in reading order. boxes: where each stands on the page.
    """

    cells: tuple[tuple[int, int, int, int], ...]
    boxes: tuple[Box, ...]

    @property
    def rows(self) -> int:
        return max(row + span for row, _, span, _ in self.cells)

    @property
    def box(self) -> Box:
        return Box.around(self.boxes)
