"""Characters as they are meant: full width folded, blanks dropped, and what OCR confuses in numbers."""

from __future__ import annotations

import re

BOUND = 2000
"""No value is longer; what follows is not looked at."""

_FOLDED = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLDED |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u202f"), " ")
_FOLDED |= {ord(a): b for a, b in zip("﹣﹕﹝﹞〔〕【】［］", "-:()()()()", strict=True)}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BLANK = re.compile(r"\s+")

DIGIT_FOR = str.maketrans("OoＯ〇○Ql|Ii", "0000001111")
"""What OCR reads for a digit. Only for texts that something else proves to be a number."""


def fold(text: str) -> str:
    """Full-width ASCII, brackets and blanks as ASCII; invisible characters dropped; at most BOUND characters."""
    return text[:BOUND].translate(_FOLDED).translate(_INVISIBLE)


def squeeze(text: str) -> str:
    """`fold`, without any blanks."""
    return _BLANK.sub("", fold(text))
