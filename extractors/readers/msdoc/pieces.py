"""The piece table (2.8.35 PlcPcd inside 2.9.38 Clx): where each stretch of text lies in the stream WordDocument.

A character position (CP) counts UTF-16 units from the start of the document. A piece maps a range of them to bytes: one
byte a character in (nearly) code page 1252, or two of UTF-16. Text that was edited and quickly saved lies in many
pieces out of order, so nothing may be read from the stream without going through them. A piece may carry a Prm: a
change of properties for all of its characters.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass

from extractors.errors import Damaged
from extractors.readers.msdoc.binary import plc, take, u8, u16, u32

_MOST_PRC = 2048  # bytes; they are worked through for every piece
_FC_COMPRESSED = 0x40000000

# 2.9.73 FcCompressed: the bytes 0x82 to 0x9F mean these; all others are the code point itself.
_COMPRESSED = {
    0x82: "\u201a", 0x83: "\u0192", 0x84: "\u201e", 0x85: "\u2026", 0x86: "\u2020", 0x87: "\u2021",
    0x88: "\u02c6", 0x89: "\u2030", 0x8A: "\u0160", 0x8B: "\u2039", 0x8C: "\u0152", 0x91: "\u2018",
    0x92: "\u2019", 0x93: "\u201c", 0x94: "\u201d", 0x95: "\u2022", 0x96: "\u2013", 0x97: "\u2014",
    0x98: "\u02dc", 0x99: "\u2122", 0x9A: "\u0161", 0x9B: "\u203a", 0x9C: "\u0153", 0x9F: "\u0178",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters cp_start to cp_end (not included) at byte fc of the stream, `width` bytes each.

    prm: the grpprl that applies to all of the piece; b"" for none.
    """

    cp_start: int
    cp_end: int
    fc: int
    width: int
    prm: bytes

    @property
    def fc_end(self) -> int:
        return self.fc + self.width * (self.cp_end - self.cp_start)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of all stories, one after the other, and the pieces that it came from.

    characters: one for each CP; a character beyond U+FFFF stands as its two surrogates (see `joined`).
    """

    characters: str
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]

    def piece_at(self, cp: int) -> Piece | None:
        """The piece that holds a character; None past the last one."""
        index = bisect_right(self.starts, cp) - 1
        if index < 0 or cp >= self.pieces[index].cp_end:
            return None
        return self.pieces[index]


def read(clx: bytes, word: bytes) -> Text:
    """The text behind a Clx. Raises Damaged where there is no piece table in it.

    A piece that runs past the end of the stream ends there; the text is never longer than the stream, whatever the
    table says (each byte is used once in a sound file).
    """
    prcs, table = split(clx)
    pcds = plc(table, 8, "PlcPcd")
    pieces: list[Piece] = []
    parts: list[str] = []
    cp, room = 0, len(word)
    for index, pcd in enumerate(pcds.items):
        count = min(pcds.positions[index + 1] - pcds.positions[index], room)
        raw_fc = u32(pcd, 2, "Pcd.fc")
        width = 1 if raw_fc & _FC_COMPRESSED else 2
        fc = (raw_fc & 0x3FFFFFFF) // 2 if width == 1 else raw_fc & 0x3FFFFFFF
        count = min(count, max(0, len(word) - fc) // width)
        if count <= 0:
            continue
        parts.append(_decode(word[fc : fc + count * width], width))
        pieces.append(Piece(cp, cp + count, fc, width, _prm(u16(pcd, 6, "Pcd.prm"), prcs)))
        cp += count
        room -= count
    if not pieces:
        raise Damaged("PlcPcd: no piece of text")
    return Text("".join(parts), tuple(pieces), tuple(piece.cp_start for piece in pieces))


def unpieced(fc_min: int, fc_mac: int, count: int, word: bytes) -> Text:
    """The text of a file whose piece table is lost, where it lies in one stretch of `count` characters.

    Raises Damaged where the stretch has neither one nor two bytes for each of them.
    """
    size = fc_mac - fc_min
    if count <= 0 or size not in (count, 2 * count) or fc_mac > len(word):
        raise Damaged(f"{count} characters in {size} bytes from {fc_min}, of {len(word)}")
    width = size // count
    return Text(_decode(word[fc_min:fc_mac], width), (Piece(0, count, fc_min, width, b""),), (0,))


def joined(characters: str) -> str:
    """Text for people: surrogate pairs become the character they stand for, lone ones U+FFFD."""
    if characters.isascii() or not any("\ud800" <= c <= "\udfff" for c in characters):
        return characters
    return characters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def split(clx: bytes) -> tuple[list[bytes], bytes]:
    """The grpprls of the Prcs (2.9.209) and the PlcPcd of the Pcdt (2.9.178)."""
    at = 0
    prcs: list[bytes] = []
    while at < len(clx):
        if clx[at] == 1:
            size = u16(clx, at + 1, "Prc")
            prcs.append(take(clx, at + 3, size, "Prc")[:_MOST_PRC])
            at += 3 + size
        elif clx[at] == 2:
            size = u32(clx, at + 1, "Pcdt")
            return prcs, clx[at + 5 : at + 5 + size]
        else:
            break
    raise Damaged(f"Clx: no Pcdt (clxt {u8(clx, at, 'Clx') if at < len(clx) else 'missing'} at {at})")


def _prm(prm: int, prcs: list[bytes]) -> bytes:
    """The grpprl of a Prm: an index to a Prc (2.9.215 Prm1) or one small sprm (2.9.214 Prm0)."""
    if prm & 1:
        index = prm >> 1
        return prcs[index] if index < len(prcs) else b""
    sprm = _PRM0.get((prm >> 1) & 0x7F)
    return b"" if sprm is None else sprm.to_bytes(2, "little") + bytes([prm >> 8])


# 2.9.214: the isprm of those sprms that matter here, and the sprm meant.
_PRM0 = {
    0x18: 0x2416,  # sprmPFInTable
    0x19: 0x2417,  # sprmPFTtp
    0x41: 0x0800,  # sprmCFRMarkDel
    0x42: 0x0801,  # sprmCFRMarkIns
    0x5C: 0x083C,  # sprmCFVanish
    0x75: 0x0855,  # sprmCFSpec
    0x76: 0x0856,  # sprmCFObj
}


def _decode(raw: bytes, width: int) -> str:
    """One character for each unit, so that an index into the text is a CP."""
    if width == 1:
        text = raw.decode("latin-1")
        return text if text.isascii() else text.translate(_COMPRESSED)
    text = raw.decode("utf-16-le", "surrogatepass")
    if 2 * len(text) == len(raw):
        return text
    units = array("H", raw)
    return "".join(map(chr, units))
