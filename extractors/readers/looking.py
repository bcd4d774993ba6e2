"""Showing pictures to whoever can read them: a scanned letter pasted into a form is read like a scan.

Every picture ends up in Document.pictures. Those that Pillow can decode and that are large enough to hold text are
handed to `look`; of the others a defect says that they were not read.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

import numpy as np
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from extractors.document import Block, Cell, Defect, Line, Picture, Place, Seal, Story, Table
from extractors.limits import Limits
from extractors.ocr.engine import Look, Raster, Shot

SMALLEST = 32
"""Pixels: a picture with a shorter side is a bullet or a line, not text or a seal."""

_FORMATS = ("JPEG", "PNG", "BMP", "DIB", "TIFF", "GIF")
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
    """Looks at the pictures. Equal pictures are looked at once; beyond `limits.pictures` none are."""
    seen = Seen()
    known: dict[bytes, Raster | None] = {}
    looked = 0
    for image in images:
        raster = known.get(image.data)
        if image.data not in known:
            raster = known[image.data] = _decoded(image, limits)
        elif raster is not None:
            raster = None  # a logo on every page says nothing new
            seen.pictures.append(_picture(image, known[image.data]))
            seen.blocks.append(())
            continue
        seen.pictures.append(_picture(image, raster))
        if raster is None:
            seen.blocks.append(())
            seen.defects.append(_not_read(image))
        elif min(raster.shape[:2]) < SMALLEST:
            seen.blocks.append(())
        elif looked >= limits.pictures:
            seen.blocks.append(())
            seen.defects.append(_too_many(image, limits))
        else:
            looked += 1
            seen.blocks.append(_looked(image, raster, look, seen))
    return seen


def _looked(image: Image, raster: Raster, look: Look, seen: Seen) -> tuple[Block, ...]:
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


def _picture(image: Image, raster: Raster | None) -> Picture:
    height, width = (0, 0) if raster is None else raster.shape[:2]
    return Picture(image.place, width, height, image.media_type)


def _decoded(image: Image, limits: Limits) -> Raster | None:
    """The picture as RGB, on white where it is transparent; None where it is no raster picture or broken."""
    if image.media_type in _METAFILES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata; the pixels are what matters
            with Pillow.open(BytesIO(image.data), formats=_FORMATS) as opened:
                width, height = opened.size
                if width * height > limits.pixels or not width or not height:
                    return None
                opened.load()
                return _rgb(opened)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
        return None  # Pillow names broken files by all of these


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
