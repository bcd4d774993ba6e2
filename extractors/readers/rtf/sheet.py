"""One story of an RTF file under way: paragraphs, and tables within them."""

from __future__ import annotations

from extractors.document import Block, Line, Place, Story
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.readers import grid


class Sheet:
    """Collects the paragraphs of a story and gives its blocks. prefix: begins every place's path."""

    def __init__(self, story: Story, prefix: str, limits: Limits) -> None:
        self.story = story
        self._prefix = prefix
        self._limits = limits
        self._tables = grid.OpenTables(prefix, limits)
        self._paragraphs = 0
        self.blocks: list[Block] = []

    @property
    def place(self) -> Place:
        """Where the paragraph under way stands."""
        if self._tables.depth:
            return self._tables.place
        return Place(path=f"{self._prefix}paragraph {self._paragraphs + 1}")

    def paragraph(self, text: str, hidden: str, depth: int, *, number: str = "", level: int = 0) -> None:
        """The end of a paragraph, `depth` tables deep."""
        self.fit(depth)
        place = self.place
        if not self._tables.depth:
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
        if self._tables.depth and isinstance(block, Line):
            self._tables.put(block)
            return
        if len(self.blocks) >= self._limits.blocks:
            raise TooLarge("blocks", f"more than {self._limits.blocks} paragraphs")
        self.blocks.append(block)

    def cell(self) -> None:
        """The end of a cell."""
        if self._tables.depth:
            self._tables.end_cell()

    def row(self, depth: int, shapes: tuple[grid.Shape, ...]) -> None:
        """The end of a row of the table at `depth`; nothing where no table is so deep."""
        self.fit(min(depth, self._tables.depth))
        if 0 < depth <= self._tables.depth:
            self._tables.end_row(shapes)

    def finish(self) -> list[Block]:
        """The blocks of the story; tables that were never ended are kept."""
        self.fit(0)
        return self.blocks

    def fit(self, depth: int) -> None:
        """Opens and closes tables until `depth` are open."""
        for _, table in self._tables.fit(min(depth, self._limits.depth)):
            self.put(table)
