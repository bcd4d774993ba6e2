"""Lines of a page put together to visual rows, and cut where words stand apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from extractors.document import Box, Line
from extractors.forms.cuts import GAP

APART = 0.5
"""Of a character's width: words of a table's row further from each other stand apart."""


@dataclass(frozen=True, slots=True)
class Row:
    """Lines that stand beside each other on a page, left to right; their text is joined by tabs."""

    lines: tuple[Line, ...]
    box: Box

    @property
    def text(self) -> str:
        return GAP.join(line.text for line in self.lines)


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Lines of one page as visual rows, top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted((line for line in lines if line.place.box is not None), key=_centre):
        if rows and _beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_row(sorted(row, key=lambda line: box_of(line).left)) for row in rows]


def box_of(line: Line) -> Box:
    assert line.place.box is not None
    return line.place.box


def _centre(line: Line) -> float:
    return (box_of(line).top + box_of(line).bottom) / 2


def _beside(row: list[Line], line: Line) -> bool:
    """Whether a line stands in a row: half of its height overlaps the row's last line, and no width does."""
    box, other = box_of(line), box_of(row[-1])
    overlap = min(box.bottom, other.bottom) - max(box.top, other.top)
    if overlap < 0.5 * min(box.height, other.height):
        return False
    return all(min(box.right, box_of(o).right) - max(box.left, box_of(o).left) < 0.3 * min(box.width, box_of(o).width)
               for o in row)  # fmt: skip


def _row(lines: list[Line]) -> Row:
    return Row(tuple(lines), Box.around([box_of(line) for line in lines]))


def wide_gaps(line: Line, least: float = APART) -> list[int]:
    """The words of a recognised line, by their number, before which there is a gap of `least` characters or more."""
    wide = least * character_width(line)
    return [i for i, (a, b) in enumerate(pairwise(line.words), 1) if b.box.left - a.box.right > wide]


def character_width(line: Line) -> float:
    """The width of the line's characters, a fraction of the page: of a Hanzi, which is as wide as two letters."""
    own = [word.box.width for word in line.words if len(word.text) == 1]
    return median(own or [2 * word.box.width / len(word.text) for word in line.words if word.text] or [1.0])


def cut_line(line: Line, starts: Sequence[int]) -> Iterator[Line]:
    """The line cut before some of its words, counted from 0; itself where there are none."""
    if not starts:
        yield line
        return
    places = line.spans()
    for first, end in pairwise((0, *starts, len(line.words))):
        words = line.words[first:end]
        if words:
            text = line.text[places[first][0] : places[end - 1][1]]
            box = Box(words[0].box.left, words[0].box.top, words[-1].box.right, words[-1].box.bottom)
            yield replace(line, text=text, place=replace(line.place, box=box), words=words)
