"""One story of an RTF file under way: paragraphs, and tables within them."""

from __future__ import annotations

from extractors.document import Block, Line, Place, Story, Table
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.readers import grid


class Sheet:
    """Collects the paragraphs of a story and gives its blocks. prefix: begins every place's path."""

    def __init__(self, story: Story, prefix: str, limits: Limits) -> None:
        self.story = story
        self._prefix = prefix
        self._limits = limits
        self._open: list[grid.OpenTable] = []
        self._closed: list[Table] = []
        self._paragraphs = 0
        self._tables = 0
        self.blocks: list[Block] = []

    @property
    def place(self) -> Place:
        """Where the paragraph under way stands."""
        if self._open:
            return Place(path=self._open[-1].cell_path)
        return Place(path=f"{self._prefix}paragraph {self._paragraphs + 1}")

    def paragraph(self, text: str, hidden: str, depth: int, *, number: str = "", level: int = 0) -> None:
        """The end of a paragraph, `depth` tables deep."""
        self.fit(depth)
        place = self.place
        if not self._open:
            self._paragraphs += 1
        for part, is_hidden in ((number + text, False), (hidden, True)):
            for piece in part.split("\n"):
                shown = piece.strip()
                if shown:
                    label = "" if is_hidden else number.strip()
                    self.put(Line(shown, place, story=self.story, hidden=is_hidden, number=label, level=level))
                    number = ""

    def put(self, block: Block) -> None:
        """A line where the story stands now. Raises TooLarge beyond the limit of blocks."""
        if self._open and isinstance(block, Line):
            self._open[-1].lines.append(block)
            return
        if len(self.blocks) >= self._limits.blocks:
            raise TooLarge("blocks", f"more than {self._limits.blocks} paragraphs")
        self.blocks.append(block)

    def cell(self) -> None:
        """The end of a cell."""
        if not self._open:
            return
        table = self._open[-1]
        table.places.append(Place(path=table.cell_path))
        table.cells.append(tuple(table.lines))
        table.lines.clear()
        table.inner = 0
        table.count += 1
        if table.count > self._limits.cells:
            raise TooLarge("cells", f"a table of more than {self._limits.cells} cells")

    def row(self, depth: int, shapes: tuple[grid.Shape, ...]) -> None:
        """The end of a row of the table at `depth`."""
        while len(self._open) > depth:
            self._close()
        if not self._open or len(self._open) < depth:
            return
        table = self._open[-1]
        if table.lines:
            self.cell()
        if table.cells:
            table.rows.append(grid.Row(tuple(table.cells), tuple(table.places), shapes))
        table.cells.clear()
        table.places.clear()

    def finish(self) -> list[Block]:
        """The blocks of the story; tables that were never ended are kept."""
        self.fit(0)
        return self.blocks

    def fit(self, depth: int) -> None:
        """Opens and closes tables until `depth` are open."""
        depth = min(depth, self._limits.depth)
        while len(self._open) > depth:
            self._close()
        while len(self._open) < depth:
            if self._open:
                outer = self._open[-1]
                outer.inner += 1
                self._open.append(grid.OpenTable(f"{outer.cell_path} / table {outer.inner}"))
            else:
                self._tables += 1
                self._open.append(grid.OpenTable(f"{self._prefix}table {self._tables}"))

    def _close(self) -> None:
        table = self._open[-1]
        if table.lines:
            self.cell()
        self._open.pop()
        if table.cells:
            table.rows.append(grid.Row(tuple(table.cells), tuple(table.places), ()))
        if table.rows:
            self._closed.append(Table(grid.cells(tuple(table.rows)), Place(path=table.path)))
        if not self._open:
            for closed in reversed(self._closed):  # the outermost was closed last and comes first
                self.put(closed)
            self._closed.clear()
