"""Pictures in a document: inline ones by PICF, floating ones by their shape.

An inline picture is a character 0x01 whose property sprmCPicLocation is an offset into the stream Data, where a PICF
(2.9.190) and the picture lie. A floating one is a character 0x08; PlcfSpa (2.8.37) names the shape for its position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.document import Place
from extractors.errors import Damaged
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


class Album:
    """The pictures of one document: each is taken out of the file once, and all of them together are bounded.

    Any number of places may show the same bytes, and those bytes may overlap; a sound file stores each once. Raises
    Damaged when more is taken out than the streams can hold.
    """

    def __init__(self, word: bytes, data: bytes, drawing: officeart.Drawing) -> None:
        self._word = word
        self._data = data
        self._drawing = drawing
        self._room = 2 * (len(word) + len(data)) + 1024 * 1024
        self._inflated = officeart.INFLATED_BYTES
        self._inline: dict[int, tuple[tuple[Image, ...], str]] = {}
        self._stored: dict[int, Image | None] = {}

    def inline(self, offset: int, place: Place) -> tuple[list[Image], str]:
        """The pictures behind a PICF of the stream Data, and the text of one that is WordArt."""
        if offset not in self._inline:
            self._inline[offset] = self._picf(offset)
        images, text = self._inline[offset]
        return [replace(image, place=place) for image in images], text

    def floating(self, spa: Spa, place: Place) -> tuple[list[Image], list[str]]:
        """The pictures and WordArt texts of the shape (or group of shapes) at an anchor."""
        images: list[Image] = []
        texts: list[str] = []
        for shape in self._drawing.shapes.get(spa.spid, ()):
            if shape.text.strip():
                texts.append(shape.text)
            for number in shape.pictures:
                image = self._from_store(number)
                if image is not None:
                    width, height = spa.width_in, spa.height_in
                    images.append(replace(image, place=place, width_in=width, height_in=height, crop=shape.crop))
        return images, texts

    def _from_store(self, number: int) -> Image | None:
        if number not in self._stored:
            blip = None
            if number <= len(self._drawing.store):
                blip = officeart.stored(self._drawing.store[number - 1], self._word)
            self._stored[number] = None if blip is None else self._image(blip, 0.0, 0.0)
        return self._stored[number]

    def _image(self, blip: officeart.Blip, width_in: float, height_in: float) -> Image:
        """An image with the picture's bytes; b"" where they cannot be inflated, or not any more."""
        self._spend(len(blip.data))
        data = officeart.inflated(blip, self._inflated)
        if blip.deflated:
            self._inflated -= len(data)
        return Image(data, blip.media_type, Place(), width_in, height_in)

    def _spend(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise Damaged("pictures: together more than their streams")

    def _picf(self, offset: int) -> tuple[tuple[Image, ...], str]:
        size = u32(self._data, offset, "PICF.lcb")
        header = u16(self._data, offset + 4, "PICF.cbHeader")
        picf = take(self._data, offset, max(header, 44), "PICF")
        mm = u16(picf, 6, "PICF.mfpf.mm")
        width, height = _inches(picf, 28, 32), _inches(picf, 30, 34)
        end = min(offset + max(size, header), len(self._data))
        self._spend(end - offset)
        body = self._data[offset + header : end]
        if mm == _MM_SHAPEFILE:
            body = body[1 + u8(body, 0, "PICF.cchPicName") :]
        if mm in (_MM_SHAPE, _MM_SHAPEFILE):
            blips, shape = officeart.read_inline(body)
            images = tuple(self._image(blip, width, height) for blip in blips)
            if shape is None:
                return images, ""
            left, top, right, bottom = shape.crop
            # The picture's size and its scale are those before it was cropped (2.9.192 PICMID).
            width, height = width * max(0.0, 1 - left - right), height * max(0.0, 1 - top - bottom)
            shown = (replace(each, width_in=width, height_in=height, crop=shape.crop) for each in images)
            return tuple(shown), shape.text
        return ((Image(body, _raw_type(body), Place(), width, height),) if body else ()), ""


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


def embedded(compound: Compound, number: int, place: Place) -> Iterator[Image]:
    """The picture that an embedded object left of itself, in its storage of the pool (2.1.2.1), if it did."""
    data = compound.stream(f"ObjectPool/_{number}/\x03META")
    if data:
        yield Image(data, "image/x-wmf", place)
