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
from extractors.ocr.engine import Look, Shot, Sight
from extractors.readers import bitmaps, metafile
from extractors.readers.bitmaps import UNCROPPED, Crop, cropped, plausible_dpi
from extractors.readers.sights import in_picture

SMALLEST = 32
"""Pixels: a picture with a shorter side is a bullet or a line, not text or a seal."""

_METAFILES = frozenset({"image/x-emf", "image/x-wmf", "image/x-pict"})
_DIB = "image/x-dib"
_MATTERS_IN = 15 / 25.4  # a metafile that is shown smaller than this can hold neither a seal nor text


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as found: its bytes, what of it is shown, and at which size (inches, 0.0 where nothing tells)."""

    data: bytes
    media_type: str
    place: Place
    width_in: float = 0.0
    height_in: float = 0.0
    crop: Crop = UNCROPPED


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

    Where a picture stands again, its seals stand again; its text is told once, for a logo on every page says nothing
    new. Of a metafile the largest bitmap in it is looked at; one without is not read.
    """
    seen = Seen()
    known: dict[tuple[bytes, Crop], tuple[Picture, Sight | None]] = {}
    for image in images:
        key = image.data, image.crop
        again = key in known
        if not again:
            if len(known) >= limits.pictures:
                _too_many(image, limits, seen)
            looked = _looked(image, look, limits, seen) if len(known) < limits.pictures else (0, 0, None)
            known[key] = Picture(image.place, looked[0], looked[1], image.media_type), looked[2]
        first, sight = known[key]
        seen.pictures.append(Picture(image.place, first.width, first.height, image.media_type))
        sight = None if sight is None else in_picture(sight, image.place)
        seen.blocks.append(() if again or sight is None else sight.blocks)
        if sight is not None:
            seen.seals.extend(sight.seals)
            seen.handwriting.extend(sight.handwriting)
            seen.defects.extend(sight.defects)
    return seen


def _looked(image: Image, look: Look, limits: Limits, seen: Seen) -> tuple[int, int, Sight | None]:
    """The picture's width and height in pixels (0 where it cannot be decoded) and what was seen on it, if anything."""
    try:
        bitmap = bitmaps.decode(alone(image.data, image.media_type), limits)
    except ReadError as e:
        seen.defects.append(_not_read(image, e.detail))
        return 0, 0, None
    raster = cropped(bitmap.raster, image.crop)
    height, width = raster.shape[:2]
    if min(width, height) < SMALLEST:
        return width, height, None
    return width, height, look(Shot(raster, image.place, _dpi(image, width, height) or bitmap.dpi))


def _dpi(image: Image, width: int, height: int) -> float | None:
    """By the size at which the picture is shown, None where that cannot be."""
    return plausible_dpi(width / image.width_in, width, height) if image.width_in > 0 else None


def alone(data: bytes, media_type: str) -> bytes:
    """The picture as a file that stands for itself: of a metafile its largest bitmap, b"" where it has none."""
    if media_type in _METAFILES:
        return _as_bmp(metafile.bitmap(data))
    if media_type == _DIB:
        return _as_bmp(data)
    return data


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
