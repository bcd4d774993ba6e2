"""Sections (2.8.26 PlcfSed) and the one document property beside them that decide which headers are shown.

A section has headers for even, odd and first pages. Those for even pages are shown only where the document has facing
pages, those for the first only where the section has a title page; otherwise they are left over from another time.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.errors import Damaged
from extractors.readers.msdoc import sprm
from extractors.readers.msdoc.binary import plc, take, u16, u32

_NO_SEPX = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Sections:
    """facing_pages: even and odd pages differ. title_pages: for each section, whether its first page differs."""

    facing_pages: bool = True
    title_pages: tuple[bool, ...] = ()

    def has_title_page(self, section: int) -> bool:
        """This section (from 0) or a later one, which inherits its headers; True where nothing is known of it."""
        return section >= len(self.title_pages) or any(self.title_pages[section:])


def read(plcf_sed: bytes, dop: bytes, word: bytes) -> Sections:
    """What the sections say. dop: 2.7.1 Dop, whose first bit is fFacingPages."""
    pages = tuple(_title_page(item, word) for item in plc(plcf_sed, 12, "PlcfSed").items)
    return Sections(bool(dop[0] & 1) if dop else True, pages)


def _title_page(sed: bytes, word: bytes) -> bool:
    """2.9.243 Sed leads to a Sepx (2.9.247), a size and a grpprl; one that cannot be read is taken to have one."""
    offset = u32(sed, 2, "Sed.fcSepx")
    if offset == _NO_SEPX:
        return False
    try:
        grpprl = take(word, offset + 2, u16(word, offset, "Sepx.cb"), "Sepx")
    except Damaged:
        return True
    return any(code == sprm.S_F_TITLE_PAGE and operand[0] for code, operand in sprm.iter_sprms(grpprl))
