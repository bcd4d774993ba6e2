"""Pictures inside a .docx: a seal pasted into a letter, a scanned page pasted into a form. They are looked at.

A picture is a part of the package that a drawing refers to. Its resolution follows from the size at which the page
shows it; what is cropped away is not shown and so not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, cast

from extractors.document import Block, Defect, Picture, Place, Seal
from extractors.errors import ReadError
from extractors.limits import Limits
from extractors.ocr.engine import Look, Shot, Sight
from extractors.readers import bitmaps, looking
from extractors.readers.bitmaps import UNCROPPED, Bitmap, Crop, plausible_dpi
from extractors.readers.docx.package import Element, Package
from extractors.readers.docx.words import WP, A, V, r
from extractors.readers.sights import in_picture

_LEAST_PIXELS: Final = 32
_MATTERS_MM: Final = 15.0  # a picture that is shown smaller than this can hold neither a seal nor text
_EMU_PER_MM: Final = 36_000
_LENGTH: Final = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,12})(pt|in|mm|cm|px)?", re.I)
_FRACTION: Final = re.compile(r"(\d{0,12}\.?\d{1,12})(f?)")
_UNIT_MM: Final = {"pt": 25.4 / 72, "in": 25.4, "mm": 1.0, "cm": 10.0, "px": 25.4 / 96}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as the page shows it.

    size: millimetres; None where not told.
    """

    relationship: str
    linked: bool
    size: tuple[float, float] | None
    crop: Crop = UNCROPPED

    @property
    def matters(self) -> bool:
        return self.size is None or min(self.size) >= _MATTERS_MM


@dataclass(slots=True)
class Pictures:
    """Looks at the pictures of one document and keeps what came of it."""

    package: Package
    look: Look
    limits: Limits
    pictures: list[Picture] = field(default_factory=list)
    seals: list[Seal] = field(default_factory=list)
    handwriting: list[Place] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    _seen: dict[tuple[str, tuple[float, ...], float | None], Sight] = field(default_factory=dict)

    def read(self, part: str, shown: Shown, path: str) -> tuple[Block, ...]:
        """The lines and tables on a picture that `part` shows at `path`; seals are kept aside."""
        place = Place(path=path)
        relationship = self.package.relationships(part).get(shown.relationship)
        if shown.linked or relationship is None or relationship.external:
            self.defects.append(_linked(place, shown.matters))
            return ()
        if len(self.pictures) >= self.limits.pictures:
            self._too_many(place)
            return ()
        bitmap = self._bitmap(relationship.target, shown, place)
        if bitmap is None:
            return ()
        raster = bitmaps.cropped(bitmap.raster, shown.crop)
        height, width = raster.shape[:2]
        if min(width, height) < _LEAST_PIXELS:
            return ()
        dpi = _dpi(width, shown) or bitmap.dpi
        key = (relationship.target, shown.crop, None if dpi is None else round(dpi))
        if key not in self._seen:
            self._seen[key] = self.look(Shot(raster, place, dpi))
        sight = in_picture(self._seen[key], place)
        self.pictures.append(Picture(place, width, height, bitmap.media_type))
        self.seals.extend(sight.seals)
        self.handwriting.extend(sight.handwriting)
        self.defects.extend(sight.defects)
        return sight.blocks

    def _bitmap(self, name: str, shown: Shown, place: Place) -> Bitmap | None:
        data = self.package.read(name) or b""
        vector = _vector_format(data)
        try:
            return bitmaps.decode(looking.alone(data, f"image/x-{vector.lower()}"), self.limits)
        except ReadError as error:
            reason = vector or error.detail
            self.defects.append(_unread(place, reason, shown.matters))
            return None

    def _too_many(self, place: Place) -> None:
        if any(defect.code == "picture_limit" for defect in self.defects):
            return
        most = self.limits.pictures
        self.defects.append(
            Defect(
                "picture_limit",
                f"文档内图片超过 {most} 张，其余未识别。",
                f"The document has more than {most} pictures; the rest were not looked at.",
                place,
                blind=True,
            )
        )


def from_drawing(blip: Element) -> Shown | None:
    """The picture of an a:blip; None for one that refers to nothing."""
    embedded, linked = blip.get(r("embed")), blip.get(r("link"))
    if not embedded and not linked:
        return None
    fill = blip.getparent()
    crop = None if fill is None else fill.find(f"{{{A}}}srcRect")
    return Shown(embedded or linked or "", not embedded, _drawn_size(blip), _fractions(crop))


def from_vml(data: Element) -> Shown | None:
    """The picture of a v:imagedata; None for one that refers to nothing."""
    embedded, linked = data.get(r("id")), data.get(r("href")) or data.get("src")
    if not embedded and not linked:
        return None
    shape = data.getparent()
    lengths = {name.lower(): float(amount) * _UNIT_MM[(unit or "px").lower()] for name, amount, unit in _lengths(shape)}
    size = (lengths["width"], lengths["height"]) if len(lengths) == 2 else None
    crop = tuple(_vml_fraction(data.get(f"crop{side}")) for side in ("left", "top", "right", "bottom"))
    return Shown(embedded or linked or "", not embedded, size, cast(Crop, crop))


def _vml_fraction(text: str | None) -> float:
    """0.25 and 16384f (of 65,536) are a quarter; 0 for what is none, and for margins, which are negative."""
    found = _FRACTION.fullmatch(text or "")
    return min(float(found[1]) / (65_536 if found[2] else 1), 1.0) if found else 0.0


def _lengths(shape: Element | None) -> list[tuple[str, str, str]]:
    found = [] if shape is None or shape.tag == f"{{{V}}}fill" else _LENGTH.findall(shape.get("style") or "")
    return [each for each in found if each[1].replace(".", "", 1).isdigit()]


def _drawn_size(blip: Element) -> tuple[float, float] | None:
    """The size of the picture, else of the drawing around it."""
    for ancestor in blip.iterancestors():
        if ancestor.tag in (f"{{{WP}}}inline", f"{{{WP}}}anchor"):
            return _extent(ancestor.find(f"{{{WP}}}extent"))
        own = _extent(ancestor.find(f"./{{*}}spPr/{{{A}}}xfrm/{{{A}}}ext"))
        # Inside a group lengths are in the group's own units.
        parent = ancestor.getparent()
        if own and parent is not None and parent.tag == f"{{{A}}}graphicData":
            return own
    return None


def _extent(element: Element | None) -> tuple[float, float] | None:
    if element is None:
        return None
    wide, high = _whole(element.get("cx")), _whole(element.get("cy"))
    return (wide / _EMU_PER_MM, high / _EMU_PER_MM) if wide > 0 and high > 0 else None


def _whole(text: str | None) -> int:
    """A whole number; 0 for what is none or absurd."""
    try:
        return int(text) if text and len(text) <= 12 else 0
    except ValueError:
        return 0


def _fractions(crop: Element | None) -> Crop:
    """a:srcRect: what is cropped on each side, in thousandths of a percent; negative ones add a margin."""
    if crop is None:
        return UNCROPPED
    left, top, right, bottom = (min(max(_whole(crop.get(side)) / 100_000, 0.0), 1.0) for side in "ltrb")
    return left, top, right, bottom


def _dpi(width: int, shown: Shown) -> float | None:
    if shown.size is None or shown.size[0] <= 0:
        return None
    dpi = width / shown.size[0] * 25.4
    return dpi if plausible_dpi(dpi, width, width) else None


def _vector_format(data: bytes) -> str:
    if data[40:44] == b" EMF":
        return "EMF"
    if data[:4] == b"\xd7\xcd\xc6\x9a" or data[:4] in (b"\x01\0\x09\0", b"\x02\0\x09\0"):
        return "WMF"
    return "SVG" if b"<svg" in data[:1000] else ""


def _linked(place: Place, matters: bool) -> Defect:
    return Defect(
        "linked_picture",
        "文档中的图片是外部链接，未内嵌，无法查看。",
        "A picture is linked from outside the document and was not looked at.",
        place,
        blind=matters,
    )


def _unread(place: Place, reason: str, matters: bool) -> Defect:
    return Defect(
        "picture_not_read",
        f"文档中的一张图片无法查看（{reason}）。",
        f"A picture in the document could not be looked at ({reason}).",
        place,
        blind=matters,
    )
