"""Little-endian numbers and slices of a stranger's bytes.

Everything here either answers what was asked for or raises `Damaged` saying what was wanted and where. Nothing is
padded: a short read is damage, and the caller decides whether the document can do without.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from extractors.errors import Damaged

_U16 = struct.Struct("<H")
_I16 = struct.Struct("<h")
_U32 = struct.Struct("<I")
_I32 = struct.Struct("<i")


def take(data: bytes, at: int, size: int, what: str) -> bytes:
    """`size` bytes at `at`. Raises Damaged where they are not all there; `what` names the structure."""
    if at < 0 or size < 0 or at + size > len(data):
        raise Damaged(f"{what}: {size} bytes at {at}, of {len(data)}")
    return data[at : at + size]


def u8(data: bytes, at: int, what: str) -> int:
    if not 0 <= at < len(data):
        raise Damaged(f"{what}: a byte at {at}, of {len(data)}")
    return data[at]


def u16(data: bytes, at: int, what: str) -> int:
    return int(_unpack(_U16, data, at, what))


def i16(data: bytes, at: int, what: str) -> int:
    return int(_unpack(_I16, data, at, what))


def u32(data: bytes, at: int, what: str) -> int:
    return int(_unpack(_U32, data, at, what))


def i32(data: bytes, at: int, what: str) -> int:
    return int(_unpack(_I32, data, at, what))


def _unpack(form: struct.Struct, data: bytes, at: int, what: str) -> int:
    if at < 0 or at + form.size > len(data):
        raise Damaged(f"{what}: {form.size} bytes at {at}, of {len(data)}")
    value: int = form.unpack_from(data, at)[0]
    return value


def xst(data: bytes, at: int, what: str) -> tuple[str, int]:
    """An Xst (2.9.355), text with its length before it: the text and where the next structure begins."""
    count = u16(data, at, what)
    raw = take(data, at + 2, 2 * count, what)
    return raw.decode("utf-16-le", "replace"), at + 2 + 2 * count


@dataclass(frozen=True, slots=True)
class Plc:
    """A PLC (2.2.2): n + 1 ascending positions and n fixed-size records between them.

    positions: character positions or file offsets; items: the records, b"" each where the PLC has none.
    """

    positions: tuple[int, ...]
    items: tuple[bytes, ...]


def plc(data: bytes, width: int, what: str) -> Plc:
    """Splits the bytes of a PLC whose records take `width` bytes. Bytes left over at the end are ignored.

    A PLC whose positions step back is cut there: what stands before the step is still right.
    """
    if len(data) < 4:
        return Plc((), ())
    count = (len(data) - 4) // (4 + width)
    raw = struct.unpack_from(f"<{count + 1}I", data)
    sound = next((i for i in range(count) if raw[i] > raw[i + 1]), count)
    base = 4 * (count + 1)
    items = tuple(data[base + i * width : base + (i + 1) * width] for i in range(sound))
    if not sound:
        return Plc((), ())
    return Plc(tuple(raw[: sound + 1]), items)
