"""Pictures in a document: inline ones by PICF, floating ones by their shape.

An inline picture is a character 0x01 whose property sprmCPicLocation is an offset into the stream Data, where a PICF
(2.9.190) and the picture lie. A floating one is a character 0x08; PlcfSpa (2.8.37) names the shape for its position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.document import Place
from extractors.readers.looking import Image
from extractors.readers.msdoc import officeart
from extractors.readers.msdoc.binary import i16, i32, plc, take, u8, u16, u32
from extractors.readers.msdoc.ole import Compound

_MM_SHAPE, _MM_SHAPEFILE = 0x64, 0x66
_TWIPS_PER_INCH = 1440


@dataclass(frozen=True, slots=True)
class Spa:
    """A Spa (2.9.253): the shape at a position of the text, and its size in inches."""

    spid: int
    width_in: float
    height_in: float


def read_spas(plcf: bytes) -> dict[int, Spa]:
    """Shapes by the character position (within their story) of their anchor."""
    table = plc(plcf, 26, "PlcfSpa")
    spas: dict[int, Spa] = {}
    for cp, item in zip(table.positions, table.items, strict=False):
        left, top, right, bottom = (i32(item, at, "Spa.rca") for at in (4, 8, 12, 16))
        spas[cp] = Spa(
            u32(item, 0, "Spa.lid"), max(0, right - left) / _TWIPS_PER_INCH, max(0, bottom - top) / _TWIPS_PER_INCH
        )
    return spas


class Inflater:
    """Makes images of stored pictures; what compressed ones expand to is bounded for all of a document together."""

    def __init__(self) -> None:
        self._room = officeart.INFLATED_BYTES

    def image(self, blip: officeart.Blip, place: Place, width_in: float, height_in: float) -> Image:
        """An image with the picture's bytes; b"" where they cannot be inflated any more."""
        data = officeart.inflated(blip, self._room)
        if blip.deflated:
            self._room -= len(data)
        return Image(data, blip.media_type, place, width_in, height_in)


def inline(data: bytes, offset: int, place: Place, inflater: Inflater) -> tuple[list[Image], str]:
    """The pictures behind a PICF, and the text of one that is WordArt. Raises Damaged where it is cut short."""
    size = u32(data, offset, "PICF.lcb")
    header = u16(data, offset + 4, "PICF.cbHeader")
    picf = take(data, offset, max(header, 44), "PICF")
    mm = u16(picf, 6, "PICF.mfpf.mm")
    width, height = _inches(picf, 28, 32), _inches(picf, 30, 34)
    body = data[offset + header : offset + max(size, header)]
    if mm == _MM_SHAPEFILE:
        body = body[1 + u8(body, 0, "PICF.cchPicName") :]
    if mm in (_MM_SHAPE, _MM_SHAPEFILE):
        blips, text = officeart.read_inline(body)
        return [inflater.image(blip, place, width, height) for blip in blips], text
    return [Image(body, _raw_type(body), place, width, height)] if body else [], ""


def _inches(picf: bytes, goal_at: int, scale_at: int) -> float:
    """dxaGoal or dyaGoal in twips, scaled by mx or my in thousandths; 0.0 for nonsense."""
    goal, scale = i16(picf, goal_at, "PICF.picmid"), u16(picf, scale_at, "PICF.picmid")
    return max(0, goal) * (scale or 1000) / 1000 / _TWIPS_PER_INCH


def _raw_type(body: bytes) -> str:
    """What a picture outside of OfficeArt is, as older versions stored it; a metafile without header by default."""
    if body[:2] == b"BM":
        return "image/bmp"
    if body[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff"
    return "image/x-wmf"


def floating(drawing: officeart.Drawing, spa: Spa, place: Place, inflater: Inflater) -> Iterator[Image]:
    """The pictures of the shape (or group of shapes) at an anchor."""
    for shape in drawing.shapes.get(spa.spid, ()):
        for number in shape.pictures:
            blip = drawing.store[number - 1] if number <= len(drawing.store) else None
            if blip is not None:
                yield inflater.image(blip, place, spa.width_in, spa.height_in)


def embedded(compound: Compound, number: int, place: Place) -> Iterator[Image]:
    """The picture that an embedded object left of itself, in its storage of the pool (2.1.2.1), if it did."""
    data = compound.stream(f"ObjectPool/_{number}/\x03META")
    if data:
        yield Image(data, "image/x-wmf", place)
