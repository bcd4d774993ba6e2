"""Paragraphs (2.4.2): stretches of text up to a mark, with the properties that are stored for the mark.

The marks are 0x0D (paragraph), 0x07 (cell, or row where sprmPFTtp is set) and 0x0C (page or section break). In a nested
table a cell and a row end with 0x0D and say so in their properties. A paragraph's properties are its style's (through
istd), then its PAPX, then those of the piece that its mark is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.errors import Damaged
from extractors.readers.grid import Shape
from extractors.readers.msdoc import sprm, tap
from extractors.readers.msdoc.binary import take, u16
from extractors.readers.msdoc.characters import hides
from extractors.readers.msdoc.fkp import Runs
from extractors.readers.msdoc.pieces import Text
from extractors.readers.msdoc.stsh import Styles, level

CELL = "\x07"
_MOST_HUGE = 4 * 1024 * 1024  # bytes of properties in the stream Data, of all paragraphs that differ
_MARK = re.compile("[\r\x07\x0c]")


@dataclass(frozen=True, slots=True)
class Pap:
    """Paragraph properties that matter here (2.6.2).

    depth: nesting of tables, 0 outside of any. row_end, cell_end: the mark ends a row or a cell of a *nested* table
    (in the outermost one the mark 0x07 does, and row_end tells a row from a cell). ilfo: which list, 0 for none;
    ilvl: its level, 0 to 8. outline: heading level 1 to 9, 0 for body text. hidden: the style hides its text. cells: of
    the row that ends here.
    """

    istd: int = 0
    depth: int = 0
    row_end: bool = False
    cell_end: bool = False
    ilfo: int = 0
    ilvl: int = 0
    outline: int = 0
    hidden: bool = False
    cells: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Characters start to end; the mark is at `end`, or "" where the story ends without one."""

    start: int
    end: int
    mark: str
    pap: Pap


class Paragraphs:
    """Finds the paragraphs of a range of characters and their properties; equal properties are worked out once."""

    def __init__(self, text: Text, runs: Runs, styles: Styles, data: bytes) -> None:
        self._text = text
        self._runs = runs
        self._styles = styles
        self._data = data
        self._known: dict[bytes, Pap] = {}
        self._style_paps: dict[int, Pap] = {}
        self._huge_room = _MOST_HUGE

    def between(self, start: int, end: int) -> Iterator[Paragraph]:
        """The paragraphs of a range of characters, in order."""
        characters = self._text.characters
        for mark in _MARK.finditer(characters, start, end):
            at = mark.start()
            yield Paragraph(start, at, mark.group(), self.pap_at(at))
            start = at + 1
        if start < end:
            yield Paragraph(start, end, "", self.pap_at(end - 1))

    def pap_at(self, cp: int) -> Pap:
        """The properties of the paragraph whose mark is at a character."""
        piece = self._text.piece_at(cp)
        if piece is None:
            return Pap()
        papx = self._runs.at(piece.fc + (cp - piece.cp_start) * piece.width)
        if len(papx) < 2:
            papx = b"\0\0"
        papx += piece.prm
        pap = self._known.get(papx)
        if pap is None:
            pap = self._known[papx] = self._pap(papx)
        return pap

    def _pap(self, papx: bytes) -> Pap:
        istd, grpprl = u16(papx, 0, "GrpPrlAndIstd"), papx[2:]
        for code, operand in sprm.iter_sprms(grpprl):
            if code in (sprm.P_HUGE_PAPX, sprm.P_HUGE_PAPX_OLD):
                grpprl = self._huge(int.from_bytes(operand, "little")) + grpprl
            elif code == sprm.P_ISTD:
                istd = int.from_bytes(operand, "little")
        base = self._style_paps.get(istd)
        if base is None:
            base = Pap(istd, outline=level(self._styles.get(istd)), hidden=hides(self._styles.chpx(istd)))
            base = self._style_paps[istd] = _modified(base, self._styles.papx(istd))
        return _modified(base, grpprl)

    def _huge(self, offset: int) -> bytes:
        """2.9.206 PrcData: a grpprl too long for its page lies in the stream Data; b"" where it is cut off."""
        try:
            size = u16(self._data, offset, "PrcData")
            self._huge_room -= size
            return take(self._data, offset + 2, size, "PrcData") if self._huge_room >= 0 else b""
        except Damaged:
            return b""


def _modified(pap: Pap, grpprl: bytes) -> Pap:
    """A paragraph's properties after a grpprl."""
    if not grpprl:
        return pap
    in_table, row_end, cell_end = pap.depth > 0, pap.row_end, pap.cell_end
    depth, ilfo, ilvl, outline = pap.depth, pap.ilfo, pap.ilvl, pap.outline
    for code, operand in sprm.iter_sprms(grpprl):
        if code == sprm.P_F_IN_TABLE:
            in_table = bool(operand[0])
        elif code == sprm.P_ITAP:
            depth = max(0, int.from_bytes(operand, "little", signed=True))
        elif code == sprm.P_DTAP:
            depth = max(0, depth + int.from_bytes(operand, "little", signed=True))
        elif code in (sprm.P_F_TTP, sprm.P_F_INNER_TTP):
            row_end = bool(operand[0])
        elif code == sprm.P_F_INNER_TABLE_CELL:
            cell_end = bool(operand[0])
        elif code == sprm.P_ILFO:
            ilfo = _ilfo(int.from_bytes(operand, "little", signed=True))
        elif code == sprm.P_ILVL:
            ilvl = min(operand[0], 8)
        elif code == sprm.P_OUT_LVL:
            outline = operand[0] + 1 if operand[0] < 9 else 0
    cells = tap.read(grpprl) if row_end else ()
    return Pap(pap.istd, max(depth, 1) if in_table else 0, row_end, cell_end, ilfo, ilvl, outline, pap.hidden, cells)


def _ilfo(value: int) -> int:
    """2.6.2 sprmPIlfo: 1 to 2046 is an index; 0xF802 up is one with its sign turned; 0xF801 and 0 mean no list."""
    if value == -2047:
        return 0
    return abs(value) if abs(value) <= 2046 else 0
