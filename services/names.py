"""Names and labels that strangers give: kept as they are, or refused; never changed, and never a path."""

from __future__ import annotations

import unicodedata

from services.status import BadRequest

# Marks that turn the direction of writing: "函\u202efdp.exe" would be read as "函exe.pdf".
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def require_plain(text: str, field: str) -> None:
    """Raises BadRequest where it has control characters, line breaks or marks that turn the direction of writing."""
    for position, character in enumerate(text, 1):
        if character in _TURNING or unicodedata.category(character) in _REFUSED:
            code = f"U+{ord(character):04X}"
            raise BadRequest(
                f"{field} 第 {position} 个字符（{code}）是控制字符或改变文字方向的字符，不能使用。",
                f"{field}: its character {position} ({code}) is a control character or turns the direction of writing.",
                (field, f"{code} at {position} is not allowed"),
            )
