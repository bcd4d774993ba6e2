"""Bitmaps inside metafiles: a scan that was pasted "as picture" is an EMF or WMF with hardly more than a bitmap in it.

A metafile is a list of drawing records ([MS-EMF], [MS-WMF]). They are not drawn here; those that hold a bitmap (a DIB)
are found, and the largest bitmap is taken for the picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MOST_RECORDS = 100_000
_LEAST_PIXELS = 32 * 32

# [MS-EMF] 2.3.1 bitmap records: type, and where offset and size of header and bits stand
_EMF_BITMAPS = {
    0x4C: 84,  # EMR_BITBLT
    0x4D: 84,  # EMR_STRETCHBLT
    0x50: 48,  # EMR_SETDIBITSTODEVICE
    0x51: 48,  # EMR_STRETCHDIBITS
    0x72: 84,  # EMR_ALPHABLEND
}
# [MS-WMF] 2.3.1 bitmap records: function, and where the DIB begins in it
_WMF_BITMAPS = {
    0x0940: 22,  # META_DIBBITBLT
    0x0B41: 26,  # META_DIBSTRETCHBLT
    0x0D33: 24,  # META_SETDIBTODEV
    0x0F43: 28,  # META_STRETCHDIB
}
_PLACEABLE = b"\xd7\xcd\xc6\x9a"


def bitmap(data: bytes) -> bytes:
    """The largest bitmap in an EMF or WMF as a DIB (header, colours, bits); b"" where there is none worth reading."""
    found = _emf(data) if data[40:44] == b" EMF" else _wmf(data)
    return max(found, key=_pixels, default=b"")


def _emf(data: bytes) -> Iterator[bytes]:
    at = 0
    for _ in range(_MOST_RECORDS):
        if at + 8 > len(data):
            return
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or at + size > len(data):
            return
        where = _EMF_BITMAPS.get(kind)
        if where is not None and where + 16 <= size:
            header_at, header_size, bits_at, bits_size = struct.unpack_from("<4I", data, at + where)
            if header_at + header_size <= size and bits_at + bits_size <= size and header_size:
                header = data[at + header_at : at + header_at + header_size]
                yield from _worth(header + data[at + bits_at : at + bits_at + bits_size])
        at += size


def _wmf(data: bytes) -> Iterator[bytes]:
    at = 22 if data.startswith(_PLACEABLE) else 0
    at += 18  # META_HEADER
    for _ in range(_MOST_RECORDS):
        if at + 6 > len(data):
            return
        words, function = struct.unpack_from("<IH", data, at)
        if words < 3 or at + 2 * words > len(data):
            return
        where = _WMF_BITMAPS.get(function)
        if where is not None and where < 2 * words:
            yield from _worth(data[at + where : at + 2 * words])
        at += 2 * words


def _worth(dib: bytes) -> Iterator[bytes]:
    if _pixels(dib) >= _LEAST_PIXELS:
        yield dib


def _pixels(dib: bytes) -> int:
    """Width times height by a BITMAPINFOHEADER; 0 for anything else."""
    if len(dib) < 40 or struct.unpack_from("<I", dib)[0] < 40:
        return 0
    width, height = struct.unpack_from("<ii", dib, 4)
    return int(abs(width) * abs(height))
