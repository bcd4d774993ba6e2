"""Print and seals told apart: which seals of a page are print, and which lines are a seal's own text.

Lines are read and seals are found unaware of each other, so both may tell of the same ink. A few printed characters in
black look like a chop, the ground of a cell like a square seal, and what a seal says is read as pieces of lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from extractors.document import Box, Line, Seal, SealColour, SealShape
from extractors.hanzi import HANZI
from extractors.ocr.grid import Grid
from extractors.ocr.inks import Inks

_PRINT = 0.9  # confidence of a line from which it is print
_AS_HIGH = 1.15  # of a character's width: a frame around characters is higher than they are,
_RING_AS_HIGH = 2.0  # and a ring, which has a name around it, twice as high
_READ = 0.5  # confidence of a seal from which its text was read
_WITHIN = 0.01  # of the page: the middle of a cell's ground, without its soft edge
_EDGE = 0.005  # of the page, about a millimetre: the ground of a cell ends so near to its rules


def without_print(seals: Sequence[Seal], lines: Sequence[Line], aspect: float) -> tuple[Seal, ...]:
    """The seals without black ones that are a few characters of printed lines: they go on beside it, as high.

    aspect: the page's height : width.
    """
    return tuple(seal for seal in seals if seal.colour is not SealColour.BLACK or not _is_print(lines, seal, aspect))


def without_shades(seals: Sequence[Seal], grids: Sequence[Grid], lines: Sequence[Line]) -> tuple[Seal, ...]:
    """The seals without those that are the coloured ground or the frame of cells."""
    return tuple(seal for seal in seals if not _is_shade(seal, grids, lines))


def without_seal_text(lines: Sequence[Line], seals: Sequence[Seal], inks: Inks) -> tuple[Line, ...]:
    """The lines without those that are pieces of a seal's own text: within its box, in its colour or on its arc."""
    return tuple(line for line in lines if not any(_belongs_to(line, seal, inks) for seal in seals))


def told_of_seals(line: Line, seals: Sequence[Seal]) -> Line:
    """The line, marked where a seal's ellipse reaches over it."""
    box = line.place.box
    covered = box is not None and any(
        seal.place.box is not None and _reaches(seal.place.box, seal.shape, box) for seal in seals
    )
    return replace(line, under_seal=True) if covered else line


def _is_shade(seal: Seal, grids: Sequence[Grid], lines: Sequence[Line]) -> bool:
    """Whether a seal is the coloured ground or the frame of cells: it ends where they do, on all sides, and says
    nothing or what is printed there, in whatever order it was read."""
    box = seal.place.box
    if box is None or seal.shape.is_ring:
        return False
    cells = [cell for grid in grids for cell in grid.boxes]
    # no seal is nearly as large as the one cell around it
    if not (_ends_at(box, cells, _EDGE) or any(_ends_at(box, (cell,), _WITHIN) for cell in cells)):
        return False
    there = "".join(line.text for line in lines if line.place.box is not None and line.place.box.meets(box))
    return all(
        any(part in line.text for line in lines) or all(character in there for character in part)
        for part in seal.text.split()
    )


def _ends_at(box: Box, cells: Sequence[Box], near: float) -> bool:
    """Whether a box ends on each side where a cell does."""
    return all(
        any(abs(getattr(box, side) - getattr(cell, side)) <= near for cell in cells)
        for side in ("left", "top", "right", "bottom")
    )


def _is_print(lines: Sequence[Line], seal: Seal, aspect: float) -> bool:
    """Whether a seal is as high as a printed line that it holds a part of, or a frame as several that it says.

    aspect: the page's height : width.
    """
    box = seal.place.box
    if box is None:
        return False
    rows = [row for line in lines if (row := _row(line, box, aspect)) is not None]
    ring = seal.shape.is_ring
    if any(row.beside >= 2 and box.height <= (_RING_AS_HIGH if ring else _AS_HIGH) * row.em for row in rows):
        return True
    block = max((row.bottom for row in rows), default=0.0) - min((row.top for row in rows), default=0.0)
    if ring or len(rows) < 2 or box.height > _AS_HIGH * block or not any(row.beside for row in rows):
        return False
    printed = "".join(row.text for row in rows)  # a chop may lie over two lines, too, but says something else
    said = 2 if seal.confidence >= _READ else 3  # of so many characters one is printed there at least
    return 0 < len(seal.text) <= said * sum(character in printed for character in seal.text)


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed line that has characters within a seal. em, top, bottom: of the page's height. beside: Hanzi."""

    text: str
    em: float
    top: float
    bottom: float
    beside: int


def _row(line: Line, box: Box, aspect: float) -> _Row | None:
    """The line as it goes through a seal's box; None where it does not. aspect: the page's height : width."""
    print_ = line.place.box
    hanzi = [word for word in line.words if len(word.text) == 1 and HANZI.fullmatch(word.text)]
    if print_ is None or line.confidence < _PRINT or not hanzi:
        return None
    held = sum(box.left < (word.box.left + word.box.right) / 2 < box.right for word in hanzi)
    if not held or not print_.level_with(box):
        return None
    em = median(word.box.width for word in hanzi) / aspect
    reach = em * aspect / 2
    beside = sum(word.box.right <= box.left + reach or word.box.left >= box.right - reach for word in hanzi)
    middle = (print_.top + print_.bottom) / 2
    return _Row(line.text, em, middle - em / 2, middle + em / 2, beside)


def _belongs_to(line: Line, seal: Seal, inks: Inks) -> bool:
    box = seal.place.box
    if box is None or not _within(line.place.box, box):
        return False
    return _is_star(line, seal) or _on_arc(line, seal) or _coloured(line.place.box, inks)


def _is_star(line: Line, seal: Seal) -> bool:
    """The star in the middle: on a grey copy of blank paper it would be all that is written there."""
    return seal.shape.is_ring and set(line.text) <= set("★☆✩✪✭✮✯✰*＊ ")


def _on_arc(line: Line, seal: Seal) -> bool:
    """A few characters of the seal's name, away from its middle: of a black or grey seal, colour tells nothing."""
    box, outer = line.place.box, seal.place.box
    if box is None or outer is None or not seal.shape.is_ring:
        return False
    text = "".join(line.text.split())
    across = (box.left + box.right - outer.left - outer.right) / max(1e-9, outer.width)
    down = (box.top + box.bottom - outer.top - outer.bottom) / max(1e-9, outer.height)
    return 0 < len(text) <= 0.6 * len(seal.text) and text in seal.text and across**2 + down**2 > 0.3**2


def _within(inner: Box | None, outer: Box) -> bool:
    """At least 0.7 of `inner` lies in `outer`."""
    if inner is None:
        return False
    return inner.shared(outer) >= 0.7 * inner.area > 0


def _coloured(box: Box | None, inks: Inks) -> bool:
    """What is inked in the box is coloured: there is next to no black, of which thin print has 1.4 % of its box."""
    if box is None:
        return False
    height, width = inks.chroma.shape
    window = np.s_[
        int(box.top * height) : int(box.bottom * height) + 1, int(box.left * width) : int(box.right * width) + 1
    ]
    black = (inks.grey[window] < 128) & (inks.density.least(window) > 0.2)
    return bool((inks.chroma[window] > 0.12).mean() > 0.02 + 2 * black.mean() and black.mean() < 0.01)


def _reaches(seal: Box, shape: SealShape, box: Box) -> bool:
    x = min(max((seal.left + seal.right) / 2, box.left), box.right)
    y = min(max((seal.top + seal.bottom) / 2, box.top), box.bottom)
    across = abs(x - (seal.left + seal.right) / 2) / max(1e-9, seal.width / 2)
    down = abs(y - (seal.top + seal.bottom) / 2) / max(1e-9, seal.height / 2)
    return across**2 + down**2 < 1 if shape.is_ring else max(across, down) < 1
