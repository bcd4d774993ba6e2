"""Pictures inside a .docx: a seal pasted into a letter, a scanned page pasted into a form. They are looked at.

A picture is a part of the package that a drawing refers to. Its resolution follows from the size at which the page
shows it; what is cropped away is not shown and so not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, cast

from extractors.document import Block, Defect, Place
from extractors.readers.bitmaps import UNCROPPED, Crop
from extractors.readers.docx.package import Element, Package
from extractors.readers.docx.words import WP, A, V, r
from extractors.readers.looking import Image, Viewer

_EMU_PER_INCH: Final = 914_400
_LENGTH: Final = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]{1,12})(pt|in|mm|cm|px)?", re.I)
_FRACTION: Final = re.compile(r"(\d{0,12}\.?\d{1,12})(f?)")
_UNIT_IN: Final = {"pt": 1 / 72, "in": 1.0, "mm": 1 / 25.4, "cm": 1 / 2.54, "px": 1 / 96}


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as the page shows it.

    size: inches; 0.0 where not told.
    """

    relationship: str
    linked: bool
    size: tuple[float, float] = (0.0, 0.0)
    crop: Crop = UNCROPPED


@dataclass(slots=True)
class Pictures:
    """Takes the pictures of one document out of its package, for a viewer to look at."""

    package: Package
    viewer: Viewer

    def read(self, part: str, shown: Shown, path: str) -> tuple[Block, ...]:
        """The lines and tables on a picture that `part` shows at `path`; the viewer keeps what else is on it."""
        image = Image(b"", "", Place(path=path), *shown.size, shown.crop)
        relationship = self.package.relationships(part).get(shown.relationship)
        if shown.linked or relationship is None or relationship.external:
            self.viewer.defects.append(_linked(image))
            return ()
        data = self.package.read(relationship.target) or b""
        return self.viewer.look_at(replace(image, data=data, media_type=_vector_type(data)))


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
    lengths = {name.lower(): float(amount) * _UNIT_IN[(unit or "px").lower()] for name, amount, unit in _lengths(shape)}
    size = (lengths["width"], lengths["height"]) if len(lengths) == 2 else (0.0, 0.0)
    crop = tuple(_vml_fraction(data.get(f"crop{side}")) for side in ("left", "top", "right", "bottom"))
    return Shown(embedded or linked or "", not embedded, size, cast(Crop, crop))


def _vml_fraction(text: str | None) -> float:
    """0.25 and 16384f (of 65,536) are a quarter; 0 for what is none, and for margins, which are negative."""
    found = _FRACTION.fullmatch(text or "")
    return min(float(found[1]) / (65_536 if found[2] else 1), 1.0) if found else 0.0


def _lengths(shape: Element | None) -> list[tuple[str, str, str]]:
    found = [] if shape is None or shape.tag == f"{{{V}}}fill" else _LENGTH.findall(shape.get("style") or "")
    return [each for each in found if each[1].replace(".", "", 1).isdigit()]


def _drawn_size(blip: Element) -> tuple[float, float]:
    """The size of the picture, else of the drawing around it, in inches; 0.0 where not told."""
    for ancestor in blip.iterancestors():
        if ancestor.tag in (f"{{{WP}}}inline", f"{{{WP}}}anchor"):
            return _extent(ancestor.find(f"{{{WP}}}extent"))
        own = _extent(ancestor.find(f"./{{*}}spPr/{{{A}}}xfrm/{{{A}}}ext"))
        # Inside a group lengths are in the group's own units.
        parent = ancestor.getparent()
        if any(own) and parent is not None and parent.tag == f"{{{A}}}graphicData":
            return own
    return 0.0, 0.0


def _extent(element: Element | None) -> tuple[float, float]:
    if element is None:
        return 0.0, 0.0
    wide, high = _whole(element.get("cx")), _whole(element.get("cy"))
    return (wide / _EMU_PER_INCH, high / _EMU_PER_INCH) if wide > 0 and high > 0 else (0.0, 0.0)


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


def _vector_type(data: bytes) -> str:
    """The media type of a vector picture; "" for others, which say themselves what they are."""
    if data[40:44] == b" EMF":
        return "image/x-emf"
    if data[:4] == b"\xd7\xcd\xc6\x9a" or data[:4] in (b"\x01\0\x09\0", b"\x02\0\x09\0"):
        return "image/x-wmf"
    return "image/svg+xml" if b"<svg" in data[:1000] else ""


def _linked(image: Image) -> Defect:
    return Defect(
        "linked_picture",
        "文档中的图片是外部链接，未内嵌，无法查看。",
        "A picture is linked from outside the document and was not looked at.",
        image.place,
        blind=image.matters,
    )
