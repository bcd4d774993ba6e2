"""Showing pictures to whoever can read them: a scanned letter pasted into a form is read like a scan.

Every picture ends up in Document.pictures. Those that Pillow can decode and that are large enough to hold text are
handed to `look`; of the others a defect says that they were not read.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from io import BytesIO

import numpy as np
from PIL import Image as Pillow

from extractors.document import Block, Cell, Defect, Line, Picture, Place, Seal, Story, Table
from extractors.limits import Limits
from extractors.ocr.engine import Look, Raster, Shot
from extractors.readers import metafile

SMALLEST = 32
"""Pixels: a picture with a shorter side is a bullet or a line, not text or a seal."""

_FORMATS = ("JPEG", "PNG", "BMP", "DIB", "TIFF", "GIF")
# What Pillow answers to broken files.
_BROKEN = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError, OverflowError, EOFError,
    NotImplementedError, ZeroDivisionError, struct.error, zlib.error, Pillow.DecompressionBombError,
)  # fmt: skip
_METAFILES = frozenset({"image/x-emf", "image/x-wmf", "image/x-pict"})
_LARGE_IN = 2.0  # a metafile at least this wide and high may hold a letter or a table; a smaller one is a logo


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as found: its bytes and the size at which it is shown, in inches (0.0 where the file does not tell)."""

    data: bytes
    media_type: str
    place: Place
    width_in: float = 0.0
    height_in: float = 0.0


@dataclass(slots=True)
class Seen:
    """What looking at a document's pictures came to. blocks: for each picture, in its order, the blocks read."""

    pictures: list[Picture] = field(default_factory=list)
    blocks: list[tuple[Block, ...]] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)


def look_at(images: Sequence[Image], look: Look, limits: Limits) -> Seen:
    """Looks at the pictures. Equal pictures are looked at once; beyond `limits.pictures` none are.

    Of a metafile the largest bitmap in it is looked at; one without is not read.
    """
    seen = Seen()
    known: dict[bytes, tuple[int, int]] = {}
    looked = 0
    for image in images:
        again = image.data in known
        width, height = known.setdefault(image.data, (0, 0)) if again else _size(image)
        known[image.data] = (width, height)
        seen.pictures.append(Picture(image.place, width, height, image.media_type))
        seen.blocks.append(())
        if again:  # a logo on every page says nothing new
            continue
        if not width or width * height > limits.pixels:
            seen.defects.append(_not_read(image))
        elif min(width, height) >= SMALLEST:
            looked += 1
            if looked > limits.pictures:
                seen.defects.append(_too_many(image, limits))
            else:
                seen.blocks[-1] = _looked(image, look, seen)
    return seen


def _looked(image: Image, look: Look, seen: Seen) -> tuple[Block, ...]:
    raster = _decoded(image)
    if raster is None:
        seen.defects.append(_not_read(image))
        return ()
    dpi = raster.shape[1] / image.width_in if image.width_in > 0 else None
    sight = look(Shot(raster, image.place, dpi))
    seen.seals.extend(sight.seals)
    seen.defects.extend(sight.defects)
    return tuple(_as_picture(block) for block in sight.blocks)


def _as_picture(block: Block) -> Block:
    if isinstance(block, Table):
        return replace(block, cells=tuple(_cell(cell) for cell in block.cells))
    return replace(block, story=Story.PICTURE)


def _cell(cell: Cell) -> Cell:
    lines: tuple[Line, ...] = tuple(replace(line, story=Story.PICTURE) for line in cell.lines)
    return replace(cell, lines=lines)


def _size(image: Image) -> tuple[int, int]:
    """Width and height by the picture's header; (0, 0) where it is no raster picture."""
    try:
        with _quiet(), Pillow.open(BytesIO(_raster_bytes(image)), formats=_FORMATS) as opened:
            return opened.size
    except _BROKEN:
        return 0, 0


def _raster_bytes(image: Image) -> bytes:
    return metafile.bitmap(image.data) if image.media_type in _METAFILES else image.data


def _decoded(image: Image) -> Raster | None:
    """The picture as RGB, on white where it is transparent; None where it is broken."""
    try:
        with _quiet(), Pillow.open(BytesIO(_raster_bytes(image)), formats=_FORMATS) as opened:
            opened.load()
            return _rgb(opened)
    except _BROKEN:
        return None


def _quiet() -> AbstractContextManager[None]:
    """Pillow warns of odd metadata and of large pictures; our own limit holds, and the pixels are what matters."""
    return warnings.catch_warnings(action="ignore")


def _rgb(picture: Pillow.Image) -> Raster:
    if "A" in picture.getbands() or "transparency" in picture.info:
        white = Pillow.new("RGBA", picture.size, "white")
        white.alpha_composite(picture.convert("RGBA"))
        picture = white
    return np.asarray(picture.convert("RGB"), dtype=np.uint8)


def _not_read(image: Image) -> Defect:
    large = image.media_type not in _METAFILES or min(image.width_in, image.height_in) >= _LARGE_IN
    return Defect(
        "picture_not_read",
        f"文件中的一幅图片（{image.media_type}）无法读取。",
        f"A picture of the file ({image.media_type}) could not be read.",
        image.place,
        blind=large,
    )


def _too_many(image: Image, limits: Limits) -> Defect:
    return Defect(
        "picture_limit",
        f"文件中的图片超过 {limits.pictures} 幅，其余未读取。",
        f"The file has more than {limits.pictures} pictures; the others were not read.",
        image.place,
        blind=True,
    )
