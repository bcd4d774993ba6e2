"""Characters as they are meant: symbol fonts as Unicode, radicals as the characters that they look like.

Symbol fonts (Wingdings, Symbol) put their pictures on codes that mean something else elsewhere: a ticked box of a form
is U+F0FE, or simply "þ", in the font Wingdings. Only what a form can state is listed: boxes, ticks and crosses.
"""

from __future__ import annotations

import unicodedata
from typing import Final

CHECKED: Final = "☑"
UNCHECKED: Final = "☐"
BOXES: Final = frozenset("☑☐☒✓✗√□■○●◯◎▢")
"""Characters that state a choice."""

_FONTS: Final[dict[str, dict[int, str]]] = {
    "wingdings": {
        0x6C: "●",
        0x6D: "○",
        0x6E: "■",
        0x6F: "☐",
        0x70: "☐",
        0x71: "☐",
        0x72: "☐",
        0x78: "☒",
        0xA1: "○",
        0xA4: "◎",
        0xA8: "☐",
        0xFB: "✗",
        0xFC: "✓",
        0xFD: "☒",
        0xFE: "☑",
    },
    "wingdings 2": {
        0x2A: "☐",
        0x4F: "✗",
        0x50: "✓",
        0x51: "☒",
        0x52: "☑",
        0x53: "☒",
        0x54: "☒",
        0x99: "○",
        0xA2: "■",
        0xA3: "☐",
    },
    "symbol": {0xD6: "√", 0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷"},
    "zapfdingbats": {0x33: "✓", 0x34: "✓", 0x38: "✗", 0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "☐"},
    "webdings": {0x61: "✓", 0x63: "☐", 0x67: "■", 0x72: "✗"},
}
_FONTS["wingdings2"] = _FONTS["wingdings 2"]

# Where another font took a symbol font's place, its codes in the private use area tell no font. These mean the same in
# whichever of the fonts above they state a choice.
_SUBSTITUTED: Final = {0xF052: "☑", 0xF0A3: "☐", 0xF0A8: "☐", 0xF0B7: "•", 0xF0FC: "✓", 0xF0FD: "☒", 0xF0FE: "☑"}


# PDF writers that ask a font which character a glyph is are told the radical ⼈ (U+2F08) where 人 was written. The
# radicals of Unicode's supplement have no compatibility mapping, so those that are characters of their own stand here.
_RADICALS: Final = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)


def written(text: str) -> str:
    """Text of a font's glyphs as it was written: radicals, compatibility ideographs and ligatures unfolded.

    Full-width punctuation and everything else stays, unlike in Unicode's NFKC.
    """
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKC", character) if _is_look_alike(character) else character.translate(_RADICALS)
        for character in text
    )


def _is_look_alike(character: str) -> bool:
    return (
        "\u2f00" <= character <= "\u2fdf"  # Kangxi radicals
        or "\uf900" <= character <= "\ufaff"  # compatibility ideographs
        or "\ufb00" <= character <= "\ufb06"  # Latin ligatures
    )


def _table(font: str) -> dict[int, str] | None:
    # Fonts embedded in a PDF carry a prefix of six letters: ABCDEF+Wingdings-Regular.
    name = font.rpartition("+")[2].lower().removesuffix("mt")
    return _FONTS.get(name) or _FONTS.get(name.replace("-", " ").removesuffix(" regular"))


def is_symbol_font(font: str) -> bool:
    return _table(font) is not None


def symbol(font: str, code: int) -> str:
    """The Unicode character for a code of a symbol font; U+FFFC (a picture) where it is none of those listed.

    code: as in the font (0x20 to 0xFF) or in the private use area (U+F020 to U+F0FF).
    """
    table = _table(font)
    return (table or {}).get(code & 0xFF, "\N{OBJECT REPLACEMENT CHARACTER}")


def unmask(font: str, text: str) -> str:
    """Text set in `font`, its symbol characters as Unicode; in other fonts only the boxes of the private use area.

    Characters outside both ranges of codes (Chinese in a run that merely names the font) stay.
    """
    table = _table(font)
    if table is None:
        return text if text.isascii() else text.translate(_SUBSTITUTED)
    return "".join(
        symbol(font, ord(character))
        if 0x21 <= ord(character) <= 0xFF or 0xF020 <= ord(character) <= 0xF0FF
        else character
        for character in text
    )
