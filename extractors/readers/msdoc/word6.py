"""Word 6 and Word 95: what they store in another way than [MS-DOC] says of Word 97.

There is one stream, text is in code pages (or has two bytes a character, in some Far East editions), sprms have one
byte, and entries of the formatted pages are shorter. What is read here is turned into the structures of Word 97, so
that everything after this file is shared. There is no specification of these versions any more; the layout is that
which the readers of the time agree on.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.errors import Damaged
from extractors.readers.msdoc import fkp, sprm
from extractors.readers.msdoc.binary import i32, plc, take, u8, u16, u32
from extractors.readers.msdoc.fib import Ccp, Fib
from extractors.readers.msdoc.pieces import Piece, Text, split

_FC_LCB_AT = 0x58
_PAIRS = 37  # FcLcb that lie as in Word 97 (fcStshfOrig to grpXstAtnOwners)
_F_COMPLEX, _F_EXT_CHAR = 0x0004, 0x1000

# The language of the installation (lid) and its ANSI code page, where it is not 1252.
_CODE_PAGES = {
    0x01: "cp1256", 0x02: "cp1251", 0x05: "cp1250", 0x08: "cp1253", 0x0D: "cp1255", 0x0E: "cp1250",
    0x11: "cp932", 0x12: "cp949", 0x15: "cp1250", 0x18: "cp1250", 0x19: "cp1251", 0x1B: "cp1250",
    0x1E: "cp874", 0x1F: "cp1254", 0x22: "cp1251", 0x23: "cp1251", 0x24: "cp1250", 0x25: "cp1257",
    0x26: "cp1257", 0x27: "cp1257",
}  # fmt: skip
_CHINESE = 0x04
_CHSE_MAC = 256

# Character sets of fonts (FFN.chs) that tell a code page.
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_TRADITIONAL = frozenset({0x0404, 0x0C04, 0x1404})


def read_fib(word: bytes) -> Fib:
    """The FIB of Word 6 and 95, with fixed offsets. Raises Damaged where it is cut short."""
    flags = u16(word, 10, "FIB")
    lengths = [max(0, i32(word, 0x34 + 4 * index, "FIB.ccp")) for index in range(8)]
    raw = struct.unpack(f"<{2 * _PAIRS}I", take(word, _FC_LCB_AT, 8 * _PAIRS, "FIB"))
    return Fib(
        nfib=u16(word, 2, "nFib"),
        lid=u16(word, 6, "lid"),
        encrypted=bool(flags & 0x0100),
        obfuscated=True,  # the only kind that these versions had
        key=u32(word, 14, "FIB.lKey"),
        text=(u32(word, 0x18, "FIB.fcMin"), u32(word, 0x1C, "FIB.fcMac")),
        table="WordDocument",
        ccp=Ccp(*lengths),
        fc_lcb=tuple(zip(raw[::2], raw[1::2], strict=True)),
        word6=True,
    )


def code_page(fib: Fib, word: bytes) -> str:
    """The Python codec for text whose font names no character set: by platform, then language of the installation."""
    if u16(word, 0x14, "FIB.chse") == _CHSE_MAC:
        return "mac_roman"
    if fib.lid & 0xFF == _CHINESE:
        return "cp950" if fib.lid in _TRADITIONAL else "gb18030"
    return _CODE_PAGES.get(fib.lid & 0xFF, "cp1252")


def read_text(fib: Fib, clx: bytes, word: bytes, chpx: fkp.Runs, charsets: Sequence[int]) -> Text:
    """The text: pieces where the file was quickly saved, else one from fcMin to fcMac. Raises Damaged for none.

    chpx: the (translated) runs of characters, whose fonts tell the code page by their character set. A character of
    two bytes takes two positions here, as it does in the file; the second one is U+0000, which is not shown.
    """
    flags = u16(word, 10, "FIB")
    width = 2 if flags & _F_EXT_CHAR else 1
    decoder = _Decoder(word, "utf-16-le" if width == 2 else code_page(fib, word), width, chpx, charsets)
    if flags & _F_COMPLEX:
        ranges = list(_pieces(clx))
    else:
        fc_min, fc_mac = fib.text
        ranges = [(fc_min, max(0, fc_mac - fc_min) // width)]
    parts: list[str] = []
    pieces: list[Piece] = []
    cp, room = 0, len(word)
    for fc, count in ranges:
        count = min(count, max(0, len(word) - fc) // width, room)
        if count > 0:
            parts.append(decoder.text(fc, fc + count * width))
            pieces.append(Piece(cp, cp + count, fc, width, b""))
            cp += count
            room -= count
    if not pieces:
        raise Damaged("no text between fcMin and fcMac")
    return Text("".join(parts), tuple(pieces), tuple(piece.cp_start for piece in pieces))


class _Decoder:
    """Text of the stream WordDocument, each run in the code page of its font."""

    def __init__(self, word: bytes, codec: str, width: int, chpx: fkp.Runs, charsets: Sequence[int]) -> None:
        self._word = word
        self._codec = codec
        self._width = width
        self._chpx = chpx
        self._charsets = charsets
        self._known: dict[bytes, str] = {}

    def text(self, start: int, end: int) -> str:
        """The characters from byte to byte; the index of each is its position in the file."""
        if self._width == 2:
            return _units(self._word[start:end])
        parts: list[str] = []
        at = start
        for index in range(max(0, bisect_right(self._chpx.starts, start) - 1), len(self._chpx.starts)):
            first, last = max(self._chpx.starts[index], at), min(self._chpx.ends[index], end)
            if first >= end:
                break
            if first < last:
                parts.append(_spread(self._word[at:first], self._codec))
                parts.append(_spread(self._word[first:last], self._codec_of(self._chpx.properties[index])))
                at = last
        parts.append(_spread(self._word[at:end], self._codec))
        return "".join(parts)

    def _codec_of(self, chpx: bytes) -> str:
        codec = self._known.get(chpx)
        if codec is None:
            codec = self._codec
            for code, operand in sprm.iter_sprms(chpx):
                ftc = int.from_bytes(operand, "little")
                if code == sprm.C_RG_FTC0 and ftc < len(self._charsets):
                    codec = _CHARSETS.get(self._charsets[ftc], self._codec)
            self._known[chpx] = codec
        return codec


def _pieces(clx: bytes) -> Iterator[tuple[int, int]]:
    """Offset and number of characters of each piece."""
    pcds = plc(split(clx)[1], 8, "PlcPcd")
    for index, pcd in enumerate(pcds.items):
        yield u32(pcd, 2, "Pcd.fc"), (pcds.positions[index + 1] - pcds.positions[index])


def _units(raw: bytes) -> str:
    """UTF-16, one character for each unit."""
    text = raw.decode("utf-16-le", "surrogatepass")
    return text if 2 * len(text) == len(raw) else "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _spread(raw: bytes, codec: str) -> str:
    """Text of a code page in which the index of a character is that of its first byte."""
    text = raw.decode(codec, "replace")
    if len(text) == len(raw):
        return text
    return "".join(_padded(character, codec) for character in text)[: len(raw)].ljust(len(raw), "\0")


def _padded(character: str, codec: str) -> str:
    """A character, and a U+0000 for each byte that it takes beyond the first."""
    size = 1 if character.isascii() or character == "\ufffd" else len(character.encode(codec, "replace"))
    return character + "\0" * (size - 1)


def read_chpx(bte: bytes, word: bytes) -> fkp.Runs:
    """Character properties, as sprms of Word 97."""
    return _modern(fkp.read_pages(_page_numbers(bte), word, 1, fkp.chpx), 0)


def read_papx(bte: bytes, word: bytes) -> fkp.Runs:
    """Paragraph properties, as istd and sprms of Word 97."""
    return _modern(fkp.read_pages(_page_numbers(bte), word, 7, _papx), 2)


def _papx(page: bytes, at: int) -> bytes:
    """A count of words, then istd and grpprl; offset 0 means none."""
    return page[at + 1 : min(at + 1 + 2 * page[at], fkp.PAGE - 1)] if at else b""


def _page_numbers(bte: bytes) -> list[int]:
    return [int.from_bytes(item, "little") for item in plc(bte, 2, "PlcBte").items]


def _modern(runs: fkp.Runs, lead: int) -> fkp.Runs:
    """Runs with translated properties; the first `lead` bytes of each stay."""
    known: dict[bytes, bytes] = {}
    properties: list[bytes] = []
    for old in runs.properties:
        new = known.get(old)
        if new is None:
            new = known[old] = old[:lead] + translate(old[lead:])
        properties.append(new)
    return fkp.Runs(runs.starts, runs.ends, properties, runs.lost)


@dataclass(frozen=True, slots=True)
class Fonts:
    """Names and character sets of the fonts by their index."""

    names: tuple[str, ...] = ()
    charsets: tuple[int, ...] = ()


def read_fonts(sttb: bytes) -> Fonts:
    """The fonts. Raises Damaged where an entry is cut short; b"" gives none."""
    names: list[str] = []
    charsets: list[int] = []
    at = 2
    while at < len(sttb):
        size = u8(sttb, at, "FFN")
        charsets.append(u8(sttb, at + 4, "FFN.chs"))
        names.append(sttb[at + 6 : at + 1 + size].partition(b"\0")[0].decode("cp1252", "replace"))
        at += 1 + size
    return Fonts(tuple(names), tuple(charsets))


# Operand sizes of the one-byte sprms; None where the operand has its size in a byte before it.
_BYTE = (
    4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 24, 25, 29, 37, 44, 50, 51, 65, 66, 67, 71, 75, 85, 86, 87, 88, 89, 90, 91, 92,
    94, 98, 100, 102, 104, 117, 118, 119, 131, 132, 138, 139, 142, 143, 146, 147, 150, 151, 152, 153, 158, 159, 162,
    185, 186,
)  # fmt: skip
_WORD = (
    2, 16, 17, 18, 19, 21, 22, 26, 27, 28, 30, 31, 32, 33, 34, 35, 36, 38, 39, 40, 41, 42, 43, 45, 46, 47, 48, 49, 69,
    72, 80, 93, 96, 97, 99, 101, 107, 109, 110, 121, 122, 123, 124, 140, 141, 144, 145, 148, 149, 154, 155, 156, 157,
    160, 161, 164, 165, 166, 167, 168, 169, 170, 171, 182, 183, 184, 189, 195, 197, 198,
)  # fmt: skip
_SIZES: dict[int, int | None] = dict.fromkeys(range(256))
_SIZES |= dict.fromkeys((0, 1, 52, 83, 163), 0)
_SIZES |= dict.fromkeys(_BYTE, 1)
_SIZES |= dict.fromkeys(_WORD, 2)
_SIZES |= dict.fromkeys((73, 95, 136, 137), 3)
_SIZES |= dict.fromkeys((20, 70, 192, 194, 196, 200), 4)
_SIZES |= dict.fromkeys((193, 199), 5)
_SIZES |= {187: 12}
_T_DEF_TABLE, _C_PIC_LOCATION, _C_SYMBOL, _P_CHG_TABS = 190, 68, 74, 23

# Those that mean the same and have an operand of the same size.
_SAME = {
    2: sprm.P_ISTD, 24: sprm.P_F_IN_TABLE, 25: sprm.P_F_TTP,
    65: sprm.C_F_RMARK_DEL, 66: sprm.C_F_RMARK_INS, 71: sprm.C_F_DATA, 75: sprm.C_F_OLE2, 92: sprm.C_F_VANISH,
    93: sprm.C_RG_FTC0, 117: sprm.C_F_SPEC, 118: sprm.C_F_OBJ,
    183: sprm.T_DXA_LEFT, 194: sprm.T_INSERT, 195: sprm.T_DELETE, 196: sprm.T_DXA_COL, 197: sprm.T_MERGE,
    198: sprm.T_SPLIT,
}  # fmt: skip


def translate(grpprl: bytes) -> bytes:
    """A grpprl of Word 6 in sprms of Word 97; what is of no interest is left out."""
    return b"".join(_translated(code, operand) for code, operand in _iter_sprms(grpprl))


def _translated(code: int, operand: bytes) -> bytes:
    if code in _SAME:
        return _SAME[code].to_bytes(2, "little") + operand
    if code == _C_PIC_LOCATION and len(operand) >= 4:
        return _prl(sprm.C_PIC_LOCATION, operand[:4]) + _prl(sprm.C_F_SPEC, b"\1")
    if code == _C_SYMBOL and len(operand) >= 3:
        return _prl(sprm.C_SYMBOL, operand[:2] + bytes([operand[2], 0xF0]))
    if code == _T_DEF_TABLE and operand:
        return _table(operand)
    return b""


def _prl(code: int, operand: bytes) -> bytes:
    return code.to_bytes(2, "little") + operand


def _table(operand: bytes) -> bytes:
    """sprmTDefTable: its cells have 10 bytes, of which the first two are as in Word 97, where they have 20."""
    head = 1 + 2 * (operand[0] + 1)
    cells = b"".join(operand[at : at + 2].ljust(20, b"\0") for at in range(head, len(operand) - 1, 10))
    body = operand[:head] + cells
    return _prl(sprm.T_DEF_TABLE, (len(body) + 1).to_bytes(2, "little") + body)


def _iter_sprms(grpprl: bytes) -> Iterator[tuple[int, bytes]]:
    """Each sprm and its operand, without the count of a variable one. Ends at the first that does not fit."""
    at = 0
    while at < len(grpprl):
        code = grpprl[at]
        at += 1
        size = _SIZES[code]
        if code == _T_DEF_TABLE:
            size = max(0, int.from_bytes(grpprl[at : at + 2], "little") - 1)
            at += 2
        elif size is None:
            if at >= len(grpprl):
                return
            size = _chg_tabs(grpprl, at) if code == _P_CHG_TABS and grpprl[at] == 255 else grpprl[at]
            at += 1
        if at + size > len(grpprl):
            return
        yield code, grpprl[at : at + size]
        at += size


def _chg_tabs(grpprl: bytes, at: int) -> int:
    """sprmPChgTabs too long for its count: deleted tabs take 4 bytes each, added ones 3."""
    deleted = grpprl[at + 1] if at + 1 < len(grpprl) else 0
    added_at = at + 2 + 4 * deleted
    added = grpprl[added_at] if added_at < len(grpprl) else 0
    return 2 + 4 * deleted + 3 * added
