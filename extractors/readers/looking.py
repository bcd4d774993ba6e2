"""Showing a document's pictures to whoever can read them: a scan pasted into a form is read like a scan.

What all readers share of documents that hold pictures (Word, RTF, web pages). Every picture ends up in
Document.pictures. Those that can be decoded and are large enough to hold text are handed to `look`; of the others a
defect says that they were not read.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field, replace

from extractors.document import Block, Defect, Picture, Place, Seal
from extractors.errors import ReadError, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look, Shot, Sight
from extractors.readers import bitmaps, metafile
from extractors.readers.bitmaps import UNCROPPED, Crop, cropped, plausible_dpi
from extractors.readers.sights import in_picture

SMALLEST = 32
"""Pixels: a picture with a shorter side is a bullet or a line, not text or a seal."""

_METAFILES = frozenset({"image/x-emf", "image/x-wmf", "image/x-pict"})
_DIB = "image/x-dib"
_DRAWING_IN = 15 / 25.4  # a metafile that is shown smaller than this is a formula or a logo
_CHOP_IN = 8 / 25.4  # and no person's seal is so small as another picture then


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as found: its bytes, what of it is shown, and at which size (inches, 0.0 where nothing tells).

    media_type: as the document declares it, "" where it does not.
    """

    data: bytes
    media_type: str
    place: Place
    width_in: float = 0.0
    height_in: float = 0.0
    crop: Crop = UNCROPPED

    @property
    def matters(self) -> bool:
        """Whether it may hold a seal or text, for all that is known: of metafiles most are formulas and logos."""
        shown = min(self.width_in, self.height_in)
        if self.media_type in _METAFILES:
            return shown >= _DRAWING_IN
        return shown >= _CHOP_IN or shown <= 0


_Key = tuple[bytes, Crop, float]


@dataclass(slots=True)
class Viewer:
    """Looks at the pictures of one document, and keeps what came of it: each picture, the seals, pens and defects.

    Equal pictures that are shown alike are looked at once; those beyond `limits.pictures` are not even decoded. Of
    seals there may be as many as so many pictures have.
    """

    look: Look
    limits: Limits
    pictures: list[Picture] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    handwriting: list[Place] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    _known: dict[_Key, tuple[Picture, Sight | None]] = field(default_factory=dict)

    def look_at(self, image: Image) -> tuple[Block, ...]:
        """The lines and tables on a picture. Raises TooLarge where a document shows more than it may have blocks.

        Where a picture stands again, its seals stand again; its text is told once, for a logo on every page says
        nothing new. Of a metafile the largest bitmap in it is looked at; one without is not read.
        """
        key = hashlib.sha256(image.data).digest(), image.crop, round(image.width_in, 2)
        again = key in self._known
        if len(self.pictures) >= self.limits.blocks:
            raise TooLarge("blocks", f"more than {self.limits.blocks} pictures")
        if not again and len(self._known) < self.limits.pictures:
            self._known[key] = self._looked(image)
        unknown = Picture(image.place, 0, 0, image.media_type), None
        first, sight = self._known.get(key, unknown)
        self.pictures.append(replace(first, place=image.place))
        held = 0 if sight is None else len(self.seals) + len(sight.seals)
        if key not in self._known or held > self.limits.seals * self.limits.pictures:
            self._too_many(image)
            return ()
        if sight is None:
            return ()
        sight = in_picture(sight, image.place)
        self.seals.extend(sight.seals)
        self.handwriting.extend(sight.handwriting)
        self.defects.extend(sight.defects)
        return () if again else sight.blocks

    def _looked(self, image: Image) -> tuple[Picture, Sight | None]:
        """The picture (0 × 0 pixels where it cannot be decoded) and what was seen on it, if anything."""
        try:
            bitmap = bitmaps.decode(alone(image.data, image.media_type), self.limits)
        except ReadError as error:
            self.defects.append(_not_read(image, error.detail))
            return Picture(image.place, 0, 0, image.media_type), None
        raster = cropped(bitmap.raster, image.crop)
        height, width = raster.shape[:2]
        picture = Picture(image.place, width, height, image.media_type or bitmap.media_type)
        if min(width, height) < SMALLEST:
            return picture, None
        return picture, self.look(Shot(raster, image.place, _dpi(image, width, height) or bitmap.dpi))

    def _too_many(self, image: Image) -> None:
        if any(defect.code == "picture_limit" for defect in self.defects):
            return
        most = self.limits.pictures
        self.defects.append(
            Defect(
                "picture_limit",
                f"文件中的图片超过 {most} 张，其余未查看。",
                f"The file has more than {most} pictures; the others were not looked at.",
                image.place,
                blind=True,
            )
        )


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
    kind = image.media_type.rpartition("/")[2].removeprefix("x-").upper() or "?"
    return Defect(
        "picture_not_read",
        f"文件中的一张图片无法查看（{kind}）。",
        f"A picture in the file could not be looked at ({kind}: {reason}).",
        image.place,
        blind=image.matters,
    )
