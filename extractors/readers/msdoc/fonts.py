"""Fonts of the document (2.9.286 SttbfFfn), wanted only to know which of them draw symbols instead of letters."""

from __future__ import annotations

from extractors.readers.msdoc.binary import u8, u16

_NAME_AT = 39  # 2.9.83 FFN: the name follows 39 bytes of kind, weight, charset, PANOSE and signature


def read(sttb: bytes) -> tuple[str, ...]:
    """Names of the fonts by their index (ftc). Raises Damaged where the header is cut short; b"" gives ()."""
    if not sttb:
        return ()
    count = u16(sttb, 0, "SttbfFfn.cData")
    at = 4
    names: list[str] = []
    for _ in range(count):
        if at >= len(sttb):
            break
        size = u8(sttb, at, "FFN")
        name = sttb[at + 1 + _NAME_AT : at + 1 + size].decode("utf-16-le", "replace")
        names.append(name.partition("\0")[0])
        at += 1 + size
    return tuple(names)
