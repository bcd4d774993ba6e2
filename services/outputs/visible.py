"""Words of strangers, safe to look at: what is invisible or turns the reading direction is shown as its code point.

A name such as "函‮gpj.exe" must not read as "函exe.jpg" on a page on which a clerk decides.
"""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

from extractors.document import UNREAD

LENGTH = 400  # characters of one text; more is cut, and said to be
_BLANKS = {"\t": " ", "\u3000": "\u3000", "\u00a0": " "}
# control, format (bidirectional marks, zero-width), surrogate, private use, unassigned, line and paragraph separator
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# combining marks are legitimate one at a time; a heap of them ("Zalgo") covers the lines around it
_HEAP = 2


def visible(text: str, length: int = LENGTH) -> Markup:
    """HTML of a text. Line breaks become ⏎, other hidden characters ‹U+202E›, what OCR could not read □; longer than
    `length` is cut."""
    parts: list[Markup] = []
    marks = 0
    for char in text[:length]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if char == UNREAD:
            parts.append(Markup('<span class="unread" title="未能识读">□</span>'))
        elif char in _BLANKS:
            parts.append(escape(_BLANKS[char]))
        elif char == "\n":
            parts.append(Markup('<span class="break" title="换行">⏎</span> '))
        elif unicodedata.category(char) in _HIDDEN or marks > _HEAP:
            parts.append(Markup('<span class="hidden" title="不可见字符">‹U+{:04X}›</span>').format(ord(char)))
        else:
            parts.append(escape(char))
    if len(text) > length:
        parts.append(Markup('<span class="cut">……（共 {} 字，已截断）</span>').format(len(text)))
    return Markup("<bdi>{}</bdi>").format(Markup("").join(parts))


def plain(text: str, length: int = 80) -> str:
    """The same for an attribute, where there is no markup: hidden characters become ‹U+202E›. Not yet escaped."""
    shown = "".join(
        f"‹U+{ord(char):04X}›" if unicodedata.category(char) in _HIDDEN and char not in "\n\t" else char
        for char in text[:length].replace(UNREAD, "□")
    )
    return " ".join(shown.split()) + ("…" if len(text) > length else "")


def plain_lines(text: str, length: int) -> str:
    """`plain` line by line: the line breaks of a text stay."""
    shown = "\n".join(plain(line, length) for line in text[:length].split("\n"))
    return shown + ("…" if len(text) > length else "")
