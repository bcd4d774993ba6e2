"""From paragraphs to lines and tables.

Word has no table in its text, only paragraphs that say how deep in tables they are, and marks that end cells and rows.
So a table begins with the first paragraph of its depth and ends with the first that is less deep; the one that ends a
row brings the row's definition.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from extractors.document import Block, Line, Place
from extractors.document import Story as Kind
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.readers import grid
from extractors.readers.msdoc.paragraphs import CELL, Pap, Paragraph
from extractors.readers.msdoc.visible import Story
from extractors.readers.symbols import BOXES


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the character position at which it begins: things anchored in the text are sorted in by it."""

    cp: int
    block: Block


class Builder:
    """Takes the paragraphs of one story in order and makes its blocks.

    label: gives the automatic number of a paragraph, "" for none. style: the name of a style by istd.
    """

    def __init__(
        self,
        story: Story,
        kind: Kind,
        prefix: str,
        limits: Limits,
        label: Callable[[Paragraph], str],
        style: Callable[[int], str],
    ) -> None:
        self._story = story
        self._kind = kind
        self._prefix = prefix
        self._limits = limits
        self._label = label
        self._style = style
        self._tables = grid.OpenTables(prefix, limits)
        self._blocks: list[Placed] = []
        self._paragraphs = 0
        self._carried: tuple[str, str] = ("", "")
        self.starts: list[int] = []
        self.places: list[Place] = []

    def add(self, paragraph: Paragraph) -> None:
        """The next paragraph of the story."""
        pap = paragraph.pap
        depth = min(pap.depth, self._limits.depth)
        if depth != self._tables.depth:
            self._end_carried()  # a cell's text never joins a paragraph outside of it
        self._fit(depth, paragraph.start)
        outermost = depth == 1
        ends_cell = depth > 0 and (paragraph.mark == CELL if outermost else pap.cell_end)
        ends_row = depth > 0 and pap.row_end and (not outermost or paragraph.mark == CELL)
        if ends_row:
            self._tables.end_row(pap.cells)
            return
        shown, hidden = self._story.text(paragraph.start, paragraph.end)
        shown, hidden = self._carried[0] + shown, self._carried[1] + hidden
        self._carried = ("", "")
        if not ends_cell and paragraph.mark == "\r" and self._story.drops(paragraph.end):
            self._carried = (shown, hidden)  # the mark was deleted, or is inside a field's instruction
            return
        if pap.hidden:
            shown, hidden = "", shown + hidden
        self._add_lines(paragraph, shown, hidden)
        if ends_cell:
            self._tables.end_cell()

    def finish(self) -> list[Placed]:
        """The blocks of the story, in order."""
        self._end_carried()
        self._fit(0, 0)
        return self._blocks

    def _end_carried(self) -> None:
        """Text whose paragraph mark was cut away, where no paragraph follows that it could join."""
        (shown, hidden), self._carried = self._carried, ("", "")
        if shown or hidden:
            self._add_lines(Paragraph(self.starts[-1] if self.starts else 0, 0, "", Pap()), shown, hidden)

    def place_at(self, cp: int) -> Place:
        """Where a character position stands, for what is anchored there."""
        index = bisect_right(self.starts, cp) - 1
        return self.places[index] if index >= 0 else Place(path=self._prefix.rstrip(" /"))

    def _add_lines(self, paragraph: Paragraph, shown: str, hidden: str) -> None:
        if self._tables.depth:
            place = self._tables.place
        else:
            self._paragraphs += 1
            place = Place(path=f"{self._prefix}paragraph {self._paragraphs}")
        self.starts.append(paragraph.start)
        self.places.append(place)
        pap = paragraph.pap
        number = self._label(paragraph) if pap.ilfo and (shown.strip() or not hidden.strip()) else ""
        gap = " " if number and (number in BOXES or (number[-1].isascii() and number[-1] != ")")) else ""
        self._put_text(paragraph, number + gap + shown, place, number=number)
        self._put_text(paragraph, hidden, place, hidden=True)

    def _put_text(
        self, paragraph: Paragraph, text: str, place: Place, *, number: str = "", hidden: bool = False
    ) -> None:
        """A line for each stretch between line breaks; the first has the number."""
        pap = paragraph.pap
        for part in text.split("\n"):
            shown = part.strip()
            if shown:
                self._put(
                    paragraph.start,
                    Line(
                        shown,
                        place,
                        story=self._kind,
                        hidden=hidden,
                        number=number,
                        style=self._style(pap.istd),
                        level=pap.outline,
                    ),
                )
                number = ""

    def _put(self, cp: int, line: Line) -> None:
        if self._tables.depth:
            self._tables.put(line)
            return
        if len(self._blocks) >= self._limits.blocks:
            raise TooLarge("blocks", f"more than {self._limits.blocks} paragraphs")
        self._blocks.append(Placed(cp, line))

    def _fit(self, depth: int, cp: int) -> None:
        """As many tables are open as the paragraph at cp is deep in."""
        self._blocks.extend(Placed(began, table) for began, table in self._tables.fit(depth, cp))
