"""Drawings as Office stores them ([MS-ODRAW]): records in records, of which pictures and shapes matter here.

A record (OfficeArtRecordHeader, 2.2.1) has a version, an instance, a type and a length; version 0xF means that it holds
records. Pictures (BLIPs, 2.2.23) lie in a store of the document or, for an inline picture, beside its shape.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from extractors.errors import Damaged
from extractors.readers.bitmaps import UNCROPPED, Crop
from extractors.readers.msdoc.binary import u8, u16, u32

_DG_CONTAINER = 0xF002
_SPGR_CONTAINER = 0xF003
_SP_CONTAINER = 0xF004
_BSE = 0xF007
_FSP = 0xF00A
_FOPT = 0xF00B
_PIB = 0x0104  # 2.3.23.5: which picture of the store the shape shows
_FILL_BLIP = 0x0186  # 2.3.7.7: which picture fills the shape
_CROP = (0x0102, 0x0100, 0x0103, 0x0101)  # 2.3.23.1 to 4: left, top, right, bottom, parts of 65,536
_GTEXT = 0x00C0  # 2.3.22.1: the text that the shape draws (WordArt)

_DEPTH = 16
_MOST_RECORDS = 50_000
INFLATED_BYTES = 24 * 1024 * 1024
"""The most that the compressed EMF and WMF pictures of a document are inflated to, all together."""

_METAFILE_HEADER = 34
# type: media type, and the bytes before the picture itself after the first UID
_BLIPS = {
    0xF01A: ("image/x-emf", _METAFILE_HEADER),
    0xF01B: ("image/x-wmf", _METAFILE_HEADER),
    0xF01C: ("image/x-pict", _METAFILE_HEADER),
    0xF01D: ("image/jpeg", 1),
    0xF01E: ("image/png", 1),
    0xF01F: ("image/x-dib", 1),
    0xF029: ("image/tiff", 1),
    0xF02A: ("image/jpeg", 1),
}
_TWO_UIDS = frozenset({0x3D5, 0x217, 0x543, 0x46B, 0x6E3, 0x6E1, 0x7A9, 0x6E5})


@dataclass(frozen=True, slots=True)
class Record:
    """A record without its header. version 0xF: `body` holds records."""

    version: int
    instance: int
    type: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Blip:
    """A picture as stored. data: the picture's own bytes; deflated: they are a zlib stream (see `inflated`)."""

    media_type: str
    data: bytes
    deflated: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape: its number (spid), the number of the outermost shape it is grouped in (its own if in none), and its
    pictures as numbers into the store, counted from 1. text: what it draws as WordArt, "" for none. crop: of its
    picture."""

    spid: int
    outermost: int
    pictures: tuple[int, ...]
    text: str = ""
    crop: Crop = UNCROPPED


@dataclass(frozen=True, slots=True)
class Drawing:
    """The entries of the store, as they lie there (see `stored`), and the shapes of a document by the outermost one."""

    store: tuple[Record, ...] = ()
    shapes: dict[int, list[Shape]] = field(default_factory=dict)


def iter_records(data: bytes, at: int = 0) -> Iterator[Record]:
    """The records that follow each other in `data`; the last may be cut short."""
    for _ in range(_MOST_RECORDS):
        if at + 8 > len(data):
            return
        head = u16(data, at, "OfficeArtRecordHeader")
        size = u32(data, at + 4, "OfficeArtRecordHeader")
        yield Record(head & 0xF, head >> 4, u16(data, at + 2, "OfficeArtRecordHeader"), data[at + 8 : at + 8 + size])
        at += 8 + size


def read_drawing(dgg_info: bytes) -> Drawing:
    """OfficeArtContent (2.9.172 of [MS-DOC]): the store, then for body and headers a byte and their shapes."""
    if not dgg_info:
        return Drawing()
    store = next(iter_records(dgg_info), None)
    if store is None:
        return Drawing()
    shapes: dict[int, list[Shape]] = {}
    at = 8 + len(store.body)
    while at + 9 <= len(dgg_info):
        dg = next(iter_records(dgg_info, at + 1), None)
        if dg is None or dg.type != _DG_CONTAINER:
            break
        for shape in _shapes(dg.body):
            shapes.setdefault(shape.outermost, []).append(shape)
        at += 9 + len(dg.body)
    return Drawing(tuple(_of_type(store.body, _BSE, _DEPTH)), shapes)


def read_inline(data: bytes) -> tuple[tuple[Blip, ...], Shape | None]:
    """The pictures of an OfficeArtInlineSpContainer (2.2.15), a shape and after it what it shows; and that shape."""
    blips: list[Blip] = []
    shape: Shape | None = None
    for record in iter_records(data):
        blip = _blip_of(record)
        if blip is not None:
            blips.append(blip)
        elif record.type == _SP_CONTAINER:
            shape = _shape(record.body, None)
    return tuple(blips), shape


def _blip_of(record: Record) -> Blip | None:
    if record.type == _BSE:
        return stored(record, b"")
    return _blip(record) if record.type in _BLIPS else None


def _of_type(data: bytes, wanted: int, depth: int) -> Iterator[Record]:
    """Records of a type at any depth, in order."""
    for record in iter_records(data):
        if record.type == wanted:
            yield record
        elif record.version == 0xF and depth:
            yield from _of_type(record.body, wanted, depth - 1)


def stored(bse: Record, word: bytes) -> Blip | None:
    """2.2.32 OfficeArtFBSE: the picture is within it, or at foDelay of `word`, the stream WordDocument.

    None where the slot is empty or the picture cannot be read.
    """
    try:
        name_size = u8(bse.body, 33, "OfficeArtFBSE.cbName")
        inner = next(iter_records(bse.body, 36 + name_size), None)
        if inner is None:
            delay = u32(bse.body, 28, "OfficeArtFBSE.foDelay")
            inner = next(iter_records(word, delay), None) if delay != 0xFFFFFFFF else None
    except Damaged:
        return None
    return None if inner is None or inner.type not in _BLIPS else _blip(inner)


def _blip(record: Record) -> Blip | None:
    """2.2.23 OfficeArtBlip; None where there is nothing behind its header."""
    media_type, header = _BLIPS[record.type]
    at = 32 if record.instance in _TWO_UIDS else 16
    data = record.body[at + header :]
    if not data:
        return None
    # 2.2.31 OfficeArtMetafileHeader.compression: 0 is deflated, 0xFE is not
    return Blip(media_type, data, header == _METAFILE_HEADER and record.body[at + 32] != 0xFE)


def inflated(blip: Blip, most: int) -> bytes:
    """The picture's bytes, at most `most` of them; b"" where they cannot be inflated."""
    if not blip.deflated:
        return blip.data
    if most <= 0:
        return b""
    try:
        return zlib.decompressobj().decompress(blip.data, most)
    except zlib.error:
        return b""


def _shapes(dg: bytes) -> Iterator[Shape]:
    """The shapes of a drawing. The first of all is the page itself, which holds the others."""
    for record in iter_records(dg):
        if record.type == _SPGR_CONTAINER:
            for child in list(iter_records(record.body))[1:]:
                yield from _group(child, None, _DEPTH)
        elif record.type == _SP_CONTAINER:  # the background
            yield from _group(record, None, _DEPTH)


def _group(record: Record, outermost: int | None, depth: int) -> Iterator[Shape]:
    """The shapes of a group or the one shape. A group's first shape stands for the group."""
    if record.type == _SP_CONTAINER:
        shape = _shape(record.body, outermost)
        if shape is not None:
            yield shape
    elif record.type == _SPGR_CONTAINER and depth:
        children = list(iter_records(record.body))
        if outermost is None and children:
            leader = _shape(children[0].body, None)
            outermost = leader.spid if leader is not None else None
        for child in children:
            yield from _group(child, outermost, depth - 1)


def _shape(body: bytes, outermost: int | None) -> Shape | None:
    spid: int | None = None
    pictures: list[int] = []
    text = ""
    crop = dict.fromkeys(_CROP, 0.0)
    for record in iter_records(body):
        if record.type == _FSP and len(record.body) >= 4:
            spid = u32(record.body, 0, "OfficeArtFSP.spid")
        elif record.type == _FOPT:
            for opid, value, extra in _properties(record):
                if opid in (_PIB, _FILL_BLIP) and not extra and value:
                    pictures.append(value)
                elif opid == _GTEXT:
                    text = extra.decode("utf-16-le", "replace").partition("\0")[0]
                elif opid in crop and value < 1 << 31:  # negative ones add a margin
                    crop[opid] = min(value / 65_536, 1.0)
    if spid is None:
        return None
    return Shape(
        spid, spid if outermost is None else outermost, tuple(pictures), text, cast(Crop, tuple(crop.values()))
    )


def _properties(fopt: Record) -> Iterator[tuple[int, int, bytes]]:
    """2.2.9 OfficeArtFOPT: number and value of each property, and the data of a complex one (its value is their size).

    The complex data follow all properties, in their order.
    """
    count = min(fopt.instance, len(fopt.body) // 6)
    at = 6 * count
    for index in range(count):
        opid = u16(fopt.body, 6 * index, "OfficeArtFOPTE")
        value = u32(fopt.body, 6 * index + 2, "OfficeArtFOPTE")
        extra = b""
        if opid & 0x8000:
            extra = fopt.body[at : at + value]
            at += value
        yield opid & 0x3FFF, value, extra
