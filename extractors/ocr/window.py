"""A part of a page looked at by itself: which pixels it is, and where what was read in it stands on the page."""

from __future__ import annotations

from dataclasses import replace

from extractors.document import Box, Line, Place
from extractors.ocr.engine import Raster


def window_of(box: Box, height: int, width: int) -> tuple[slice, slice]:
    """The box (fractions of a page of so many pixels) as rows and columns, each at least one."""
    top, left = min(height - 1, int(box.top * height)), min(width - 1, int(box.left * width))
    bottom, right = max(top + 1, min(height, int(box.bottom * height) + 1)), int(box.right * width) + 1
    return slice(top, bottom), slice(left, max(left + 1, min(width, right)))


def placed(line: Line, window: Box, grey: Raster) -> Line:
    """A line that was read on a part of the page, told of the page."""
    height, width = grey.shape
    rows, columns = window_of(window, height, width)

    def on_page(box: Box) -> Box:
        across, down = columns.stop - columns.start, rows.stop - rows.start
        return Box(
            (columns.start + across * box.left) / width, (rows.start + down * box.top) / height,
            (columns.start + across * box.right) / width, (rows.start + down * box.bottom) / height,
        )  # fmt: skip

    return replace(
        line,
        place=Place(box=None if line.place.box is None else on_page(line.place.box)),
        words=tuple(replace(word, box=on_page(word.box)) for word in line.words),
    )
