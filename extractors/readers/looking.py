"""Showing a document's pictures to whoever can read them: a scan pasted into a form is read like a scan.

What readers of documents share that find pictures as bytes (.doc, RTF, web pages). Every picture ends up in
Document.pictures. Those that can be decoded and are large enough to hold text are handed to `look`; of the others a
defect says that they were not read.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.document import Block, Defect, Picture, Place, Seal
from extractors.errors import ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Look, Shot
from extractors.readers import bitmaps, metafile
from extractors.readers.bitmaps import Bitmap, plausible_dpi
from extractors.readers.sights import in_picture

SMALLEST = 32
"""Pixels: a picture with a shorter side is a bullet or a line, not text or a seal."""

_METAFILES = frozenset({"image/x-emf", "image/x-wmf", "image/x-pict"})
_DIB = "image/x-dib"
_MATTERS_IN = 15 / 25.4  # a metafile that is shown smaller than this can hold neither a seal nor text


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
    handwriting: list[Place] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)


def look_at(images: Sequence[Image], look: Look, limits: Limits) -> Seen:
    """Looks at the pictures. Equal pictures are looked at once; those beyond `limits.pictures` are not even decoded.

    Of a metafile the largest bitmap in it is looked at; one without is not read.
    """
    seen = Seen()
    known: dict[bytes, Picture] = {}
    for image in images:
        first = known.get(image.data)
        if first is not None:  # a logo on every page says nothing new
            seen.pictures.append(Picture(image.place, first.width, first.height, image.media_type))
            seen.blocks.append(())
            continue
        if len(known) >= limits.pictures:
            _too_many(image, limits, seen)
        width, height, blocks = _looked(image, look, limits, seen) if len(known) < limits.pictures else (0, 0, ())
        known[image.data] = Picture(image.place, width, height, image.media_type)
        seen.pictures.append(known[image.data])
        seen.blocks.append(blocks)
    return seen


def _looked(image: Image, look: Look, limits: Limits, seen: Seen) -> tuple[int, int, tuple[Block, ...]]:
    """The picture's width and height in pixels (0 where it cannot be decoded) and what was read on it."""
    try:
        bitmap = bitmaps.decode(_bytes(image), limits)
    except ReadError as e:
        seen.defects.append(_not_read(image, e.detail))
        return 0, 0, ()
    height, width = bitmap.raster.shape[:2]
    if min(width, height) < SMALLEST:
        return width, height, ()
    sight = in_picture(look(Shot(bitmap.raster, image.place, _dpi(image, bitmap))), image.place)
    seen.seals.extend(sight.seals)
    seen.handwriting.extend(sight.handwriting)
    seen.defects.extend(sight.defects)
    return width, height, sight.blocks


def _dpi(image: Image, bitmap: Bitmap) -> float | None:
    """By the size at which the picture is shown, else what the picture itself says."""
    if image.width_in <= 0:
        return bitmap.dpi
    height, width = bitmap.raster.shape[:2]
    dpi = width / image.width_in
    return dpi if plausible_dpi(dpi, width, height) else bitmap.dpi


def _bytes(image: Image) -> bytes:
    """The picture as a file that stands for itself."""
    if image.media_type in _METAFILES:
        return _as_bmp(metafile.bitmap(image.data))
    if image.media_type == _DIB:
        return _as_bmp(image.data)
    return image.data


def _as_bmp(dib: bytes) -> bytes:
    """A DIB with the file header that makes it a BMP; anything else as it is."""
    if len(dib) < 40 or dib.startswith(b"BM"):
        return dib
    size, _, _, _, depth, compression = struct.unpack_from("<IiiHHI", dib)
    (colours,) = struct.unpack_from("<I", dib, 32)
    palette = 4 * min(colours or (1 << depth if depth <= 8 else 0), 256)
    masks = 12 if size == 40 and compression == 3 else 0
    return b"BM" + struct.pack("<IHHI", 14 + len(dib), 0, 0, 14 + size + masks + palette) + dib if size < 256 else dib


def _not_read(image: Image, reason: str) -> Defect:
    """Blind where it may hold something: a metafile only if it is shown large, for most are formulas and logos."""
    kind = image.media_type.rpartition("/")[2].removeprefix("x-").upper() or "?"
    return Defect(
        "picture_not_read",
        f"文件中的一张图片无法查看（{kind}）。",
        f"A picture in the file could not be looked at ({kind}: {reason}).",
        image.place,
        blind=image.media_type not in _METAFILES or min(image.width_in, image.height_in) >= _MATTERS_IN,
    )


def _too_many(image: Image, limits: Limits, seen: Seen) -> None:
    if any(defect.code == "picture_limit" for defect in seen.defects):
        return
    seen.defects.append(
        Defect(
            "picture_limit",
            f"文件中的图片超过 {limits.pictures} 张，其余未查看。",
            f"The file has more than {limits.pictures} pictures; the others were not looked at.",
            image.place,
            blind=True,
        )
    )
