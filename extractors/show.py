"""A page as it was looked at, shown again: the picture to which every box of a reading refers.

Nothing is recognised. A page follows from the file's bytes and from what its reading says of it (which sheet, which
half of it, how it was turned, whether it was read from its text).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import cv2
import numpy as np

from extractors.document import Box, Field, Half, Page, Place, Reading, Source
from extractors.errors import Damaged, Unsupported
from extractors.limits import Limits
from extractors.ocr import page as pages
from extractors.ocr.engine import Raster
from extractors.ocr.inks import without_seals
from extractors.readers import image, pdf

_COMPRESSION = 3  # of PNG, 0 to 9: more takes much longer and saves little


class Mark(StrEnum):
    """What a box is drawn around."""

    LINE = "line"
    FIELD = "field"
    SEAL = "seal"


_COLOURS = {Mark.LINE: (150, 150, 150), Mark.FIELD: (0, 90, 200), Mark.SEAL: (0, 140, 60)}
"""Red is left to the seals themselves."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a page is to be shown. longest: side in pixels; dpi: where that is 0 and the page's scale is known.

    marks: what boxes are drawn around. erase_seals: without the coloured ink of its seals.
    """

    longest: int = 1600
    dpi: int = 0
    marks: frozenset[Mark] = frozenset()
    erase_seals: bool = False


def show(data: bytes, reading: Reading, number: int, wish: Wish, limits: Limits, password: str = "") -> bytes:
    """Page `number` of a file as PNG. reading: of that file. Raises KeyError where it has no such page; ReadError."""
    page = next((page for page in reading.document.pages if page.number == number), None)
    if page is None:
        raise KeyError(number)
    raster = _upright(data, page, reading.document.format, limits, password)
    seals = [seal.place.box for seal in reading.seals if seal.place.page == number and seal.place.box is not None]
    if wish.erase_seals:
        raster = without_seals(raster, seals)
    raster = _sized(raster, page, wish)
    for mark, box in _boxes(reading, number, wish.marks):
        _frame(raster, box, _COLOURS[mark])
    picture = cast(Raster, cv2.cvtColor(raster, cv2.COLOR_RGB2BGR)) if raster.ndim == 3 else raster
    _, png = cv2.imencode(".png", picture, (cv2.IMWRITE_PNG_COMPRESSION, _COMPRESSION))
    return bytes(png.tobytes())


def _upright(data: bytes, page: Page, format: str, limits: Limits, password: str) -> Raster:
    """The page as it was looked at. Of text, as it is drawn."""
    sheet = page.sheet or page.number
    if page.attachment:
        data, password = pdf.attachments(data, limits, password)[page.attachment - 1][1], ""
    if pdf.recognises(data):
        raster, dpi = pdf.picture_of(data, sheet, limits, password)
    elif image.recognises(data):
        raster, dpi = image.picture_of(data, sheet, limits)
    else:
        raise Unsupported(format)
    if page.source is Source.TEXT:
        return raster
    stood = pages.stand(pages.cut_out(raster, dpi), page.rotation)
    if page.half is Half.WHOLE:
        return stood.raster
    for leaf in pages.leaves(stood):
        if leaf.half is page.half:
            return leaf.raster
    raise Damaged(f"page {page.number} is no half of a spread")


def _sized(raster: Raster, page: Page, wish: Wish) -> Raster:
    """A copy in the wished size."""
    height, width = raster.shape[:2]
    scale = wish.longest / max(height, width)
    if wish.dpi and page.width_mm:
        scale = min(scale, wish.dpi * page.width_mm / 25.4 / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.array(cv2.resize(raster, size, interpolation=method), np.uint8)


def _boxes(reading: Reading, number: int, marks: frozenset[Mark]) -> Iterator[tuple[Mark, Box]]:
    """Lines first, so that what matters more is drawn over them."""
    places: dict[Mark, list[Place | None]] = {
        Mark.LINE: [line.place for line in reading.document.iter_lines()],
        Mark.FIELD: [field.place for field in _fields(reading.fields)],
        Mark.SEAL: [seal.place for seal in reading.seals],
    }
    for mark in (each for each in Mark if each in marks):
        for place in places[mark]:
            if place is not None and place.page == number and place.box is not None:
                yield mark, place.box


def _fields(fields: Sequence[Field]) -> Iterable[Field]:
    for field in fields:
        yield field
        for row in field.rows:
            yield from _fields(row)


def _frame(raster: Raster, box: Box, colour: tuple[int, int, int]) -> None:
    height, width = raster.shape[:2]
    weight = max(1, round(max(height, width) / 800))
    start = (round(box.left * width) - weight, round(box.top * height) - weight)
    end = (round(box.right * width) + weight, round(box.bottom * height) + weight)
    cv2.rectangle(raster, start, end, colour if raster.ndim == 3 else (90,), weight)
