"""Builds small Word 97 files byte by byte, so that a test shows what is in its file.

    doc(par("one"), par("two", papx=prl(0x2416, 1)))

Each paragraph and each run gets a formatted page of its own: wasteful, and simple enough to be right.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

SECTOR = 512
TEXT_AT = 2048
FC_LCB_AT = 154
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

# indices into FibRgFcLcb97 that tests fill
STSHF, PLCFFND_REF, PLCFFND_TXT, PLCFAND_REF, PLCFAND_TXT, PLCF_SED, PLCF_HDD = 1, 2, 3, 4, 5, 6, 11
CHPX, PAPX, FONTS, DOP, CLX, OWNERS, SPA, DGG, TXBX, PLF_LST, PLF_LFO = 12, 13, 15, 31, 33, 36, 40, 50, 56, 73, 74


@dataclass(frozen=True)
class Run:
    text: str
    chpx: bytes = b""


@dataclass(frozen=True)
class Par:
    """A paragraph with its mark ("\\r", "\\x07" of a cell or row, "" for none)."""

    runs: tuple[Run, ...]
    papx: bytes = b""
    mark: str = "\r"
    istd: int = 0


@dataclass
class Parts:
    """What a test adds: further stories as paragraphs, and bytes of the table stream by index."""

    footnotes: Sequence[Par] = ()
    headers: Sequence[Par] = ()
    comments: Sequence[Par] = ()
    text_boxes: Sequence[Par] = ()
    table: dict[int, bytes] = field(default_factory=dict)
    after_lists: bytes = b""
    streams: dict[str, bytes] = field(default_factory=dict)
    word: bytes = b""
    flags: int = 0


def prl(sprm: int, operand: int | bytes = 1) -> bytes:
    """A sprm and its operand: a number in the size that the sprm says, or bytes with their count for a variable one."""
    size = (1, 1, 2, 4, 2, 2, 0, 3)[sprm >> 13]
    if isinstance(operand, bytes):
        return struct.pack("<H", sprm) + (operand if size else bytes([len(operand)]) + operand)
    return struct.pack("<H", sprm) + (operand & (1 << 8 * size) - 1).to_bytes(size, "little")


def par(*runs: str | Run, papx: bytes = b"", mark: str = "\r", istd: int = 0) -> Par:
    return Par(tuple(Run(run) if isinstance(run, str) else run for run in runs), papx, mark, istd)


def row(*cells: str | Run, edges: Sequence[int] = (), flags: Sequence[int] = ()) -> list[Par]:
    """A row of a table: its cells and the mark that ends it. edges: in twips, one more than cells; flags: of TC80s."""
    in_table = prl(0x2416)
    pars = [par(cell, papx=in_table, mark="\x07") for cell in cells]
    edges = edges or [1000 * index for index in range(len(cells) + 1)]
    return [*pars, par(papx=in_table + prl(0x2417) + def_table(edges, flags), mark="\x07")]


def def_table(edges: Sequence[int], flags: Sequence[int] = ()) -> bytes:
    """sprmTDefTable: a count of two bytes that counts one less than it should."""
    body = bytes([len(edges) - 1]) + b"".join(struct.pack("<h", edge) for edge in edges)
    body += b"".join(struct.pack("<H", flag).ljust(20, b"\0") for flag in flags)
    return struct.pack("<HH", 0xD608, len(body) + 1) + body


def doc(*pars: Par, parts: Parts | None = None) -> bytes:
    """A .doc of these paragraphs."""
    parts = parts or Parts()
    stories = [list(pars), list(parts.footnotes), list(parts.headers), list(parts.comments), list(parts.text_boxes)]
    lengths = [sum(_units(_text(p)) for p in story) for story in stories]
    everything = [p for story in stories for p in story]
    text = "".join(_text(p) for p in everything).encode("utf-16-le", "surrogatepass")
    word = bytearray(TEXT_AT) + text
    chpx, papx = _pages(word, everything)
    table = bytearray(b"\0" * 16)
    fc_lcb = [(0, 0)] * 93
    contents = {CHPX: chpx, PAPX: papx, CLX: _clx(len(text) // 2), **parts.table}
    for index, data in contents.items():
        fc_lcb[index] = (len(table), len(data))
        table += data
        if index == PLF_LST:
            table += parts.after_lists
    word[: len(_fib(lengths, fc_lcb, parts.flags))] = _fib(lengths, fc_lcb, parts.flags)
    return compound({"WordDocument": bytes(word) + parts.word, "1Table": bytes(table), **parts.streams})


def plc(positions: Sequence[int], items: Sequence[bytes] = ()) -> bytes:
    return struct.pack(f"<{len(positions)}I", *positions) + b"".join(items)


def xst(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def _units(text: str) -> int:
    """Length in UTF-16 units, which is what character positions count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _text(p: Par) -> str:
    return "".join(run.text for run in p.runs) + p.mark


def _fib(lengths: list[int], fc_lcb: list[tuple[int, int]], flags: int) -> bytes:
    body, footnotes, headers, comments, boxes = lengths
    base = struct.pack("<HHHHHHHI", 0xA5EC, 193, 0, 0x0804, 0, 0x1200 | flags, 191, 0).ljust(32, b"\0")
    longs = [0, 0, 0, body, footnotes, headers, 0, comments, 0, boxes, 0] + [0] * 11
    pairs = b"".join(struct.pack("<II", *pair) for pair in fc_lcb)
    return b"".join(
        (
            base,
            struct.pack("<H", 14) + bytes(28),
            struct.pack("<H22i", 22, *longs),
            struct.pack("<H", len(fc_lcb)) + pairs,
        )
    )


def _clx(length: int) -> bytes:
    pcd = struct.pack("<HIH", 0, TEXT_AT, 0)
    table = plc([0, length], [pcd])
    return b"\x02" + struct.pack("<I", len(table)) + table


def _pages(word: bytearray, pars: list[Par]) -> tuple[bytes, bytes]:
    """Appends a page for each run and each paragraph; the two PlcBtes."""
    word += bytes(-len(word) % SECTOR)
    chpx_at: list[tuple[int, int]] = []
    papx_at: list[tuple[int, int]] = []
    at = TEXT_AT
    for p in pars:
        start = at
        for run in (*p.runs, Run(p.mark)):
            if run.text:
                end = at + 2 * _units(run.text)
                chpx_at.append((at, len(word) // SECTOR))
                word += _page(at, end, 1, bytes([len(run.chpx)]) + run.chpx)
                at = end
        body = struct.pack("<H", p.istd) + p.papx
        body += bytes(len(body) % 2)
        papx_at.append((start, len(word) // SECTOR))
        word += _page(start, at, 13, b"\0" + bytes([len(body) // 2]) + body)
    return _bte(chpx_at, at), _bte(papx_at, at)


def _page(start: int, end: int, width: int, properties: bytes) -> bytes:
    head = struct.pack("<II", start, end)
    offset = 2 * ((8 + width + 1) // 2)
    page = (head + bytes([offset // 2]).ljust(width, b"\0")).ljust(offset, b"\0") + properties
    return page.ljust(SECTOR - 1, b"\0") + b"\x01"


def _bte(entries: list[tuple[int, int]], end: int) -> bytes:
    return plc([fc for fc, _ in entries] + [end], [struct.pack("<I", number) for _, number in entries])


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file ([MS-CFB]) of streams; "A/b" makes a storage A. Streams are padded out of the mini stream."""
    entries: list[tuple[str, int, bytes, list[int]]] = [("Root Entry", 5, b"", [])]
    index_of = {"": 0}
    for path, data in streams.items():
        parent = ""
        *storages, name = path.split("/")
        for storage in storages:
            full = f"{parent}/{storage}" if parent else storage
            if full not in index_of:
                index_of[full] = len(entries)
                entries[index_of[parent]][3].append(len(entries))
                entries.append((storage, 1, b"", []))
            parent = full
        entries[index_of[parent]][3].append(len(entries))
        entries.append((name, 2, data.ljust(4096, b"\0"), []))
    return _sectors(entries)


def _sectors(entries: list[tuple[str, int, bytes, list[int]]]) -> bytes:
    chains: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        start = len(fat)
        count = max(1, -(-len(data) // SECTOR))
        fat.extend([*range(start + 1, start + count), _END])
        chains.append(data.ljust(count * SECTOR, b"\0"))
        return start

    starts = [put(data) if kind == 2 else _END for _, kind, data, _ in entries]
    siblings = {
        child: (kids[i + 1] if i + 1 < len(kids) else _FREE) for *_, kids in entries for i, child in enumerate(kids)
    }
    directory = b""
    for index, (name, kind, data, kids) in enumerate(entries):
        raw = name.encode("utf-16-le")
        directory += raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1)
        directory += struct.pack("<III", _FREE, siblings.get(index, _FREE), kids[0] if kids else _FREE)
        directory += bytes(36) + struct.pack("<IQ", starts[index], len(data))
    directory_at = put(directory)
    count = 1
    while count * (SECTOR // 4) < len(fat) + count:
        count += 1
    fat_at = len(fat)
    fat += [_FAT] * count
    fat += [_FREE] * (-len(fat) % (SECTOR // 4))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, count, directory_at, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *[fat_at + i if i < count else _FREE for i in range(109)])
    return header + b"".join(chains) + struct.pack(f"<{len(fat)}I", *fat)
