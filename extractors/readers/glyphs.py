"""Characters as they are meant: symbol fonts as Unicode, radicals as the characters that they look like.

Symbol fonts (Wingdings, Symbol) put their pictures on codes that mean something else elsewhere: a ticked box of a form
is U+F0FE, or simply "þ", in the font Wingdings. symbols.py has their tables.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from extractors.readers import symbols

CHECKED: Final = "☑"
UNCHECKED: Final = "☐"
BOXES: Final = frozenset("☑☐☒✓✗√□■○●◯◎▢")
"""Characters that state a choice."""

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


def symbol(font: str, code: int) -> str:
    """The Unicode character for a code of a font; U+FFFC (a picture) where a symbol font has none that is known.

    code: as in the font (0x20 to 0xFF) or in the private use area (U+F020 to U+F0FF).
    """
    return symbols.glyph(font, code).replace("\ufffd", "\N{OBJECT REPLACEMENT CHARACTER}")


def unmask(font: str, text: str) -> str:
    """Text set in `font`, its symbol characters as Unicode; in other fonts only the boxes of the private use area.

    Characters outside both ranges of codes (Chinese in a run that merely names the font) stay.
    """
    if not symbols.is_symbol_font(font):
        return text if text.isascii() else text.translate(_SUBSTITUTED)
    return "".join(
        symbol(font, ord(character))
        if 0x21 <= ord(character) <= 0xFF or 0xF020 <= ord(character) <= 0xF0FF
        else character
        for character in text
    )
