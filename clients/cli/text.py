"""Text of strangers on a terminal."""

from __future__ import annotations

import unicodedata

# Cc: control characters, among them escape sequences. Cf: what turns the direction of writing or hides. Cs: half
# characters. Zl, Zp: line breaks that look like none. Co, Cn draw nothing that could be told apart.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})


_UNREAD = "\ufffd"  # of heyan.v1: written there, and not read


def printable(text: str) -> str:
    """The text with everything that a terminal would act upon, or not show, as an escape: \\x1b, \\u202e. What could
    not be read is □: U+FFFD looks like a fault of the terminal."""
    text = text.replace(_UNREAD, "□")
    if text.isprintable():  # almost always; it excludes all of the above
        return text
    return "".join(_escaped(c) if unicodedata.category(c) in _UNPRINTABLE else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
