"""The style sheet (2.9.271 STSH): names, inheritance, and the properties that a style gives its paragraphs.

A paragraph names its style by index (istd). A style is based on another (istdBase), so its properties are its base's
grpprl followed by its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.errors import Damaged
from extractors.readers.msdoc.binary import take, u16, xst

_NO_STYLE = 0x0FFF
_PARAGRAPH, _CHARACTER = 1, 2
_DEPTH = 32  # Word allows 11; a longer chain is a cycle


@dataclass(frozen=True, slots=True)
class Style:
    """A style: name as the user sees it, sti (2.9.260; 1 to 9 are the built-in headings), the style it is based on
    (None for none), and its own grpprls for paragraph and characters."""

    name: str
    sti: int
    base: int | None
    papx: bytes
    chpx: bytes


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by istd; None where a slot is empty."""

    styles: tuple[Style | None, ...] = ()

    def get(self, istd: int) -> Style | None:
        return self.styles[istd] if 0 <= istd < len(self.styles) else None

    def chain(self, istd: int) -> tuple[Style, ...]:
        """The style and those it is based on, the most basic first; () for an unknown one."""
        found: list[Style] = []
        style = self.get(istd)
        while style is not None and len(found) < _DEPTH:
            found.append(style)
            style = None if style.base is None else self.get(style.base)
        return tuple(reversed(found))

    def papx(self, istd: int) -> bytes:
        """The paragraph properties of a style, its bases' before its own."""
        return b"".join(style.papx for style in self.chain(istd))

    def chpx(self, istd: int) -> bytes:
        """The character properties of a style, its bases' before its own."""
        return b"".join(style.chpx for style in self.chain(istd))

    def name(self, istd: int) -> str:
        """The name of a style; "" for an unknown one."""
        style = self.get(istd)
        return "" if style is None else style.name


def read(stsh: bytes) -> Styles:
    """The style sheet. Raises Damaged where it is cut short; b"" gives no styles."""
    if not stsh:
        return Styles()
    size = u16(stsh, 0, "STSHI")
    count = u16(stsh, 2, "STSHI.cstd")
    base_size = u16(stsh, 4, "STSHI.cbSTDBaseInFile")
    at = 2 + size
    styles: list[Style | None] = []
    for _ in range(count):
        if at + 2 > len(stsh):  # fewer than announced: those read are good
            break
        length = u16(stsh, at, "LPStd")
        styles.append(_style(stsh[at + 2 : at + 2 + length], base_size))
        at += 2 + length
    return Styles(tuple(styles))


def _style(std: bytes, base_size: int) -> Style | None:
    """2.9.258 STD; None for an empty slot or one that cannot be read."""
    if len(std) < base_size + 4:
        return None
    try:
        base = u16(std, 2, "Stdf") >> 4
        kind = u16(std, 2, "Stdf") & 0xF
        name, at = xst(std, base_size, "Xstz")
        upxs = _upxs(std, at + 2, u16(std, 4, "Stdf") & 0xF)
    except Damaged:
        return None
    papx, chpx = b"", b""
    if kind == _PARAGRAPH:
        papx = upxs[0][2:] if upxs else b""  # UpxPapx: istd, then grpprl
        chpx = upxs[1] if len(upxs) > 1 else b""
    elif kind == _CHARACTER:
        chpx = upxs[0] if upxs else b""
    return Style(name, u16(std, 0, "Stdf") & 0xFFF, None if base == _NO_STYLE else base, papx, chpx)


def _upxs(std: bytes, at: int, count: int) -> list[bytes]:
    """2.9.114 GrLPUpxSw: each LPUpx has its size before it and begins at an even offset."""
    found: list[bytes] = []
    for _ in range(count):
        at += at & 1
        if at + 2 > len(std):
            break
        size = u16(std, at, "LPUpx")
        found.append(take(std, at + 2, size, "LPUpx"))
        at += 2 + size
    return found


def level(style: Style | None) -> int:
    """1 to 9 for the built-in headings, 0 for every other style."""
    return style.sti if style is not None and 1 <= style.sti <= 9 else 0
