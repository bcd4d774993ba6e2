"""The File Information Block (2.5), first thing in the stream WordDocument: what the file is and where its parts lie.

It is a chain of arrays, each with its own count before it: FibBase (2.5.2), FibRgW97 (2.5.3), FibRgLw97 (2.5.4) with
the lengths of the stories in characters, and FibRgFcLcb (2.5.5) with pairs of offset and size into the table stream.
Later versions of Word append to the arrays; nothing here needs more than Word 97 wrote.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from extractors.errors import Damaged
from extractors.readers.msdoc.binary import take, u16, u32

W_IDENT = 0xA5EC
"""FibBase.wIdent of every Word 97 and later document (Word 6 and 95 have 0xA5DC)."""

W_IDENT_6 = frozenset({0xA5DC, 0xA697, 0xA698, 0xA699})
"""FibBase.wIdent of Word 6 and 95, and of their Far East editions; see word6.py."""


class Fc(IntEnum):
    """Indices into FibRgFcLcb97 (2.5.6)."""

    STSHF = 1
    PLCFFND_REF = 2
    PLCFFND_TXT = 3
    PLCFAND_REF = 4
    PLCFAND_TXT = 5
    PLCF_SED = 6
    PLCF_HDD = 11
    PLCF_BTE_CHPX = 12
    PLCF_BTE_PAPX = 13
    STTBF_FFN = 15
    DOP = 31
    CLX = 33
    GRP_XST_ATN_OWNERS = 36
    PLC_SPA_MOM = 40
    PLC_SPA_HDR = 41
    PLCFEND_REF = 46
    PLCFEND_TXT = 47
    DGG_INFO = 50
    PLCFTXBX_TXT = 56
    PLCF_HDRTXBX_TXT = 58
    PLF_LST = 73
    PLF_LFO = 74


@dataclass(frozen=True, slots=True)
class Ccp:
    """Lengths of the stories in characters (2.5.4), in the order in which they follow each other in the text."""

    text: int
    footnotes: int
    headers: int
    macros: int
    comments: int
    endnotes: int
    text_boxes: int
    header_text_boxes: int

    @property
    def total(self) -> int:
        """Characters of all stories. Where there is any beside the body, the text ends with one more mark (2.4.1)."""
        beside = (
            sum((self.footnotes, self.headers, self.macros, self.comments, self.endnotes, self.text_boxes))
            + self.header_text_boxes
        )
        return self.text + beside + (1 if beside else 0)


@dataclass(frozen=True, slots=True)
class Fib:
    """What is needed of the FIB.

    encrypted, obfuscated: FibBase.fEncrypted, fObfuscated (XOR where both are set). template: fDot.
    key: lKey, the size of the encryption header or the XOR verifier. text: offsets fcMin and fcMac, between which the
    text lies unless it was quickly saved. table: name of the table stream. fc_lcb: (offset, size) into it, by Fc.
    word6: the structures are those of Word 6 and 95.
    """

    nfib: int
    lid: int
    encrypted: bool
    obfuscated: bool
    key: int
    text: tuple[int, int]
    table: str
    ccp: Ccp
    fc_lcb: tuple[tuple[int, int], ...]
    word6: bool = False

    def part(self, which: Fc, table: bytes) -> bytes:
        """The bytes of one part of the table stream; b"" where the file has none. Raises Damaged past the end."""
        if which >= len(self.fc_lcb):
            return b""
        offset, size = self.fc_lcb[which]
        if not size:
            return b""
        return take(table, offset, size, which.name)


def ident(word: bytes) -> int:
    """FibBase.wIdent. Raises Damaged where the stream is shorter than that."""
    return u16(word, 0, "FibBase")


def read(word: bytes) -> Fib:
    """The FIB of the stream WordDocument. Raises Damaged where it is cut short."""
    flags = u16(word, 10, "FibBase")
    csw = u16(word, 32, "csw")
    at = 34 + 2 * csw
    cslw = u16(word, at, "cslw")
    longs = struct.unpack(f"<{cslw}i", take(word, at + 2, 4 * cslw, "FibRgLw97"))
    if len(longs) < 11:
        raise Damaged(f"FibRgLw97: cslw is {cslw}, Word 97 has 22")
    at += 2 + 4 * cslw
    # A count past the end is damage of the count alone: the pairs that are there are still good.
    pairs = min(u16(word, at, "cbRgFcLcb"), (len(word) - at - 2) // 8)
    raw = struct.unpack_from(f"<{2 * pairs}I", word, at + 2)
    return Fib(
        nfib=u16(word, 2, "nFib"),
        lid=u16(word, 6, "lid"),
        encrypted=bool(flags & 0x0100),
        obfuscated=bool(flags & 0x8000),
        key=u32(word, 14, "FibBase.lKey"),
        text=(u32(word, 24, "FibBase.fcMin"), u32(word, 28, "FibBase.fcMac")),
        table="1Table" if flags & 0x0200 else "0Table",
        ccp=_ccp(longs),
        fc_lcb=tuple(zip(raw[::2], raw[1::2], strict=True)),
    )


def _ccp(longs: tuple[int, ...]) -> Ccp:
    """Negative lengths, which only a damaged file has, count as nothing."""
    return Ccp(*(max(0, length) for length in longs[3:11]))
