"""Chinese text in the columns of a table.

rich breaks lines between words, and to it a Chinese sentence is one word: it would begin on a line of its own. Here a
line may break between any two characters, but not inside a number or a Latin word, not before a closing mark (，。」)
and not after an opening one (「（).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.text import Text

_OPENING = r"“‘（《〈「『【〔"
_CLOSING = r"”’）》〉」』】〕，。、；：？！…％"
# What stays together: a number, a Latin word or one character, with the marks that belong to it and blanks behind.
_UNIT = re.compile(rf"[{_OPENING}]*(?:[!-~\u00a1-\u024f]+|[^\s])?[{_CLOSING}]*\s*")


class Flow:
    """A renderable: the text in lines of at most the width that there is."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in self.text.split("\n", allow_blank=True):
            for piece in line.divide(breaks(line.plain, options.max_width)):
                piece.rstrip()
                piece.no_wrap, piece.overflow = True, "fold"
                yield piece

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in self.text.plain.split("\n")), default=0)
        units = (cell_len(unit.rstrip()) for unit in _UNIT.findall(self.text.plain))
        return Measurement(max(units, default=0), widest).with_maximum(options.max_width)


def breaks(line: str, width: int) -> list[int]:
    """The positions in a line before which a new one begins, so that none is wider than `width` cells."""
    found: list[int] = []
    start = 0
    for unit in _UNIT.finditer(line):
        if cell_len(line[start : unit.end()].rstrip()) <= width:
            continue
        if unit.start() > start:
            start = unit.start()
            found.append(start)
        while cell_len(line[start : unit.end()].rstrip()) > width:  # a unit that is too wide for any line
            fitting = len(set_cell_size(line[start : unit.end()], width).rstrip(" "))
            start += max(1, min(fitting, unit.end() - start - 1))
            found.append(start)
    return found
