"""Formatted disk pages: the properties of characters and paragraphs, by byte of the stream WordDocument.

PlcBteChpx (2.8.5) and PlcBtePapx (2.8.6) list pages of 512 bytes. A ChpxFkp (2.9.33) or PapxFkp (2.9.175) holds, for
consecutive ranges of bytes, the grpprl of the characters or the paragraph there.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from extractors.readers.msdoc.binary import plc

PAGE = 512


@dataclass(frozen=True, slots=True)
class Runs:
    """Consecutive ranges of bytes: properties[i] holds from starts[i] to ends[i] (not included); ascending.

    lost: the numbers of pages that are damaged.
    """

    starts: list[int]
    ends: list[int]
    properties: list[bytes]
    lost: list[int] = field(default_factory=list)

    def at(self, fc: int) -> bytes:
        """The properties at a byte; b"" where none are told."""
        index = bisect_right(self.starts, fc) - 1
        return self.properties[index] if index >= 0 and fc < self.ends[index] else b""


def read_chpx(bte: bytes, word: bytes) -> Runs:
    """The character properties behind a PlcBteChpx: a grpprl for each range."""
    return read_pages(_page_numbers(bte), word, 1, chpx)


def read_papx(bte: bytes, word: bytes) -> Runs:
    """The paragraph properties behind a PlcBtePapx: for each range istd (two bytes) and a grpprl."""
    return read_pages(_page_numbers(bte), word, 13, papx)


def _page_numbers(bte: bytes) -> list[int]:
    """The pages of a PlcBte: PnFkpChpx (2.9.207) or PnFkpPapx (2.9.208), 22 bits."""
    return [int.from_bytes(item, "little") & 0x3FFFFF for item in plc(bte, 4, "PlcBte").items]


def read_pages(numbers: Iterable[int], word: bytes, width: int, properties: Callable[[bytes, int], bytes]) -> Runs:
    """The ranges of some pages. width: bytes of an entry, whose first is the word offset of its properties;
    `properties` takes them from page and offset. A damaged page, and one listed again, is passed over.
    """
    runs = Runs([], [], [])
    seen: set[int] = set()
    last = 0
    for page_number in numbers:
        page = word[page_number * PAGE : (page_number + 1) * PAGE]
        if page_number in seen:
            continue
        seen.add(page_number)
        count = page[PAGE - 1] if len(page) == PAGE else PAGE
        if 4 * (count + 1) + width * count > PAGE - 1:
            runs.lost.append(page_number)
            continue
        fcs = struct.unpack_from(f"<{count + 1}I", page)
        base = 4 * (count + 1)
        for index in range(count):
            start, end = fcs[index], fcs[index + 1]
            if start < last or end <= start:  # steps back: not a range
                continue
            runs.starts.append(start)
            runs.ends.append(end)
            runs.properties.append(properties(page, 2 * page[base + index * width]))
            last = end
    return runs


def chpx(page: bytes, at: int) -> bytes:
    """2.9.32 Chpx: a count of bytes and the grpprl; offset 0 means no properties of its own."""
    return page[at + 1 : min(at + 1 + page[at], PAGE - 1)] if at else b""


def papx(page: bytes, at: int) -> bytes:
    """2.9.181 PapxInFkp: a count of words, less one byte; where that is 0, a second count of whole words."""
    if not at:
        return b""
    words = page[at]
    if words:
        return page[at + 1 : min(at + 2 * words, PAGE - 1)]
    return page[at + 2 : min(at + 2 + 2 * page[at + 1], PAGE - 1)]
