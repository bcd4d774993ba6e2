"""What a Hanzi is, rare ones of names (䶮, 𬭎, 𫖯) included: the unified and compatibility blocks, planes 2 and 3."""

from __future__ import annotations

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The inside of a character class."""

HANZI = re.compile(f"[{HAN}〇]")
"""One Hanzi, the round zero of 二〇二一 among them."""


def is_hanzi(character: str) -> bool:
    """Of one character."""
    return HANZI.fullmatch(character) is not None
