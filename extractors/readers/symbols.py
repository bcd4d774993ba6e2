"""Characters of symbol fonts as Unicode.

Wingdings and its like draw a checked box where other fonts have a letter, and Word stores such a character by its
number in the font (0x20 to 0xFF, often with 0xF000 added). The tables hold what forms use: boxes, ticks, circled
numbers, arrows, bullets, and Greek and mathematics of the font Symbol.
"""

from __future__ import annotations

from functools import lru_cache

_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x37: "⌨", 0x3F: "✍",
    0x41: "✌", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4C: "☹", 0x52: "☼",
    0x54: "❄", 0x58: "✠", 0x59: "✡", 0x5A: "☪", 0x5B: "☯", 0x6C: "●", 0x6D: "○", 0x6E: "■",
    0x6F: "☐", 0x70: "☐", 0x71: "☐", 0x72: "☐", 0x73: "⬧", 0x74: "⧫", 0x75: "◆", 0x76: "❖",
    0x77: "⬥", 0x78: "☒", 0x7A: "⌘", 0x7B: "❀", 0x7C: "✿", 0x7D: "❝", 0x7E: "❞",
    0x80: "⓪", 0x8B: "⓿", 0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA2: "○", 0xA4: "◉",
    0xA5: "◎", 0xA7: "▪", 0xA8: "☐", 0xAA: "✦", 0xAB: "★", 0xAC: "✶", 0xAD: "✴", 0xAE: "✹",
    0xB6: "☆", 0xD5: "⌫", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
    0xE3: "↖", 0xE4: "↗", 0xE5: "↙", 0xE6: "↘", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧",
    0xF2: "⇩", 0xF3: "⬄", 0xF4: "⇳", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS |= {0x81 + i: chr(0x2460 + i) for i in range(10)}  # ① to ⑩
_WINGDINGS |= {0x8C + i: chr(0x2776 + i) for i in range(10)}  # ❶ to ❿

_WINGDINGS_2 = {
    0x2A: "☐", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "⮾",
    0x56: "⦸",
    0x96: "•", 0x97: "●", 0x98: "⬤", 0x99: "⬤", 0x9A: "○", 0x9E: "⊙", 0xA0: "▪", 0xA1: "■",
    0xA2: "■", 0xA3: "☐", 0xA4: "☐", 0xA5: "☐", 0xA6: "☐", 0xA9: "⧫", 0xAE: "◆", 0xAF: "◇",
}  # fmt: skip
_WINGDINGS_2 |= {0x69 + i: chr(0x24EA if i == 0 else 0x2460 + i - 1) for i in range(11)}  # ⓪ to ⑩
_WINGDINGS_2 |= {0x74 + i: chr(0x24FF if i == 0 else 0x2776 + i - 1) for i in range(11)}  # ⓿ to ❿

_WINGDINGS_3 = {
    0x66: "←", 0x67: "→", 0x68: "↑", 0x69: "↓", 0x70: "▲", 0x71: "▼", 0x72: "△", 0x73: "▽",
    0x74: "◀", 0x75: "▶", 0x76: "◁", 0x77: "▷", 0x7D: "▶", 0x7E: "▼",
}  # fmt: skip

_WEBDINGS = {
    0x31: "▪", 0x33: "◀", 0x34: "▶", 0x35: "▲", 0x36: "▼", 0x3C: "■", 0x3D: "●", 0x61: "✓",
    0x63: "☐", 0x67: "■", 0x6E: "●", 0x72: "✗", 0xC9: "☎", 0x9A: "✉",
}  # fmt: skip

_SYMBOL = {
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥",
    0x60: "‾", 0xA0: "€", 0xA1: "ϒ", 0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xA6: "ƒ",
    0xA7: "♣", 0xA8: "♦", 0xA9: "♥", 0xAA: "♠", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→",
    0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂",
    0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xBF: "↵", 0xC0: "ℵ",
    0xC1: "ℑ", 0xC2: "ℜ", 0xC3: "℘", 0xC4: "⊗", 0xC5: "⊕", 0xC6: "∅", 0xC7: "∩", 0xC8: "∪",
    0xC9: "⊃", 0xCA: "⊇", 0xCB: "⊄", 0xCC: "⊂", 0xCD: "⊆", 0xCE: "∈", 0xCF: "∉", 0xD0: "∠",
    0xD1: "∇", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xD8: "¬",
    0xD9: "∧", 0xDA: "∨", 0xDB: "⇔", 0xDC: "⇐", 0xDD: "⇑", 0xDE: "⇒", 0xDF: "⇓", 0xE0: "◊",
    0xE1: "〈", 0xE5: "∑", 0xF1: "〉", 0xF2: "∫",
}  # fmt: skip
_SYMBOL |= dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
_SYMBOL |= dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))

_ZAPF_DINGBATS = {0x33: "✓", 0x34: "✓", 0x38: "✗", 0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "☐"}

BOXES = frozenset("☐☑☒✓✗√")
"""Signs that state a choice, or the lack of one."""

_FONTS = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
    "zapfdingbats": _ZAPF_DINGBATS,
}


@lru_cache(256)  # asked for each character of a PDF
def _table(font: str) -> dict[int, str] | None:
    """By the name, as documents have it ("Wingdings 2") or as PDF has it ("ABCDEF+Wingdings2-Regular", "SymbolMT")."""
    name = font.rpartition("+")[2].casefold()
    if name not in _FONTS:
        name = name.removesuffix("mt").removesuffix("-regular")
    if name not in _FONTS and name[-1:].isdigit():
        name = f"{name[:-1].rstrip('- ')} {name[-1]}"
    return _FONTS.get(name)


def is_symbol_font(font: str) -> bool:
    """The font draws symbols where others have letters."""
    return _table(font) is not None


def glyph(font: str, code: int) -> str:
    """The Unicode character for number `code` of a font.

    In a symbol font a glyph that has no Unicode character known here gives "\ufffd", so that it is seen that something
    stands there. In any other font the number is the character, except that 0xF020 to 0xF0FF, which no other font
    has, are taken for Wingdings: that is what is left of it when its name is lost.
    """
    table = _table(font)
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if table is None and low != code:
        table = _WINGDINGS if low in _WINGDINGS else _SYMBOL
    if table is not None:
        return table.get(low) or (chr(low) if table is _SYMBOL and 0x20 <= low < 0x7F else "\ufffd")
    return chr(low) if low >= 0x20 else ""
