"""The names in an OLE compound file ([MS-CFB]): enough to tell Word from Excel and from an encrypted .docx.

A compound file is a small file system: sectors chained by a table (FAT), and a directory of 128-byte entries that form
a tree. Only the root's own children are named here; an embedded document's streams lie deeper.
"""

from __future__ import annotations

import struct
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_STREAM: Final = 0xFFFFFFFF
_LAST_SECTOR: Final = 0xFFFFFFFA  # greater values are marks, not sectors
_MOST_ENTRIES: Final = 16384


def root_names(data: bytes) -> frozenset[str]:
    """Names of the root's children; empty where the directory cannot be read."""
    try:
        return _names(_directory(data))
    except struct.error:
        return frozenset()


def _directory(data: bytes) -> bytes:
    shift, first = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 48)[0]
    size = 1 << min(shift, 12)
    difat = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < _LAST_SECTOR]
    fat: list[int] = []
    for sector in difat:
        start = (sector + 1) * size
        chunk = data[start : start + size]
        fat.extend(struct.unpack(f"<{len(chunk) // 4}I", chunk[: len(chunk) // 4 * 4]))
    parts: list[bytes] = []
    seen: set[int] = set()
    while first < _LAST_SECTOR and first not in seen and len(seen) * size < _MOST_ENTRIES * 128:
        seen.add(first)
        parts.append(data[(first + 1) * size : (first + 2) * size])
        first = fat[first] if first < len(fat) else _NO_STREAM
    return b"".join(parts)


def _names(directory: bytes) -> frozenset[str]:
    names: set[str] = set()
    seen: set[int] = set()
    (root_child,) = struct.unpack_from("<I", directory, 76)
    waiting = [root_child]
    while waiting:
        index = waiting.pop()
        if index in seen or index == _NO_STREAM or (index + 1) * 128 > len(directory):
            continue
        seen.add(index)
        entry = directory[index * 128 : (index + 1) * 128]
        length = min(struct.unpack_from("<H", entry, 64)[0], 64)
        names.add(entry[: max(length - 2, 0)].decode("utf-16-le", errors="replace"))
        waiting.extend(struct.unpack_from("<2I", entry, 68))
    return frozenset(names)
