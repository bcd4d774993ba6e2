"""The bounds on what a stranger's file may make us do. One frozen value, handed down by argument."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file. Exceeding one raises errors.TooLarge with the field's name.

    file_bytes: size of the file.
    unpacked_bytes: sum of what a compressed file (zip, docx) expands to; compression_ratio: the most it may expand.
    entries: members of a zip container.
    pages: pages of a PDF or TIFF. previews: of how many of them, the first, a reading has pictures for people; of
    those with seals it always has one.
    pixels: pixels of one page or picture (width × height), checked before it is decoded.
    page_side_mm: longest side of a PDF page.
    pictures: pictures inside a document that are looked at; more are a defect, not an error.
    blocks: lines and tables of a document; cells: cells of one table; depth: nesting of tables.
    seals: seals reported for one page. seal_strips: strips of them that are read beyond a first look at each, 20 to 50
    milliseconds of one core each; where a page asks for more, a defect says so.
    """

    file_bytes: int = 64 * 1024 * 1024
    unpacked_bytes: int = 512 * 1024 * 1024
    compression_ratio: int = 200
    entries: int = 4096
    pages: int = 500
    previews: int = 40
    pixels: int = 64_000_000
    page_side_mm: int = 3000
    pictures: int = 32
    blocks: int = 100_000
    cells: int = 20_000
    depth: int = 16
    seals: int = 30
    seal_strips: int = 128
