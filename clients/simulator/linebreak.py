"""Where lines of Chinese are broken: no closing mark begins a line, no opening mark ends one, numbers stay whole."""

from __future__ import annotations

from collections.abc import Sequence

_NOT_AT_START = "，。、；：？！）》”』」〕"
_NOT_AT_END = "（《“『「〔"
_IN_WORDS = "@._-"


def breaks(text: str, advances: Sequence[float], first: float, room: float) -> list[tuple[int, int]]:
    """Start and end of each line. advances: width of each character; first, room: of the first line and the others."""
    lines: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = _filled(text, advances, start, room if lines else first)
        if end < len(text):
            end = _retreated(text, start, end)
        lines.append((start, end))
        start = end
    return lines


def _filled(text: str, advances: Sequence[float], start: int, room: float) -> int:
    """How far a line reaches by width alone; at least one character, and closing marks may hang."""
    end, width = start, 0.0
    while end < len(text):
        width += advances[end]
        if width > room and end > start and not (text[end] in _NOT_AT_START and end - start > 1):
            break
        end += 1
    return end


def _retreated(text: str, start: int, end: int) -> int:
    """A better place to break at, or before, `end`."""
    best = end
    if _in_word(text[end]):
        while best > start and _in_word(text[best - 1]):
            best -= 1
        if best - start < 2:  # the line holds nothing but this word, which is too long for it
            best = end
    while best - start > 2 and text[best - 1] in _NOT_AT_END:
        best -= 1
    return best


def _in_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in _IN_WORDS)
