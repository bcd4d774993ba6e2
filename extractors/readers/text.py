"""Plain text (.txt, or under any other name): UTF-8, UTF-16 with a mark, or GB 18030."""

from __future__ import annotations

import re

from extractors.document import Document, Line, Place
from extractors.errors import TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers.encodings import decoded

_SAMPLE = 65536
_MARKUP = re.compile(rb"\s*(?:<[!?/a-zA-Z]|\{\\rt|%!?P|From |[A-Z][\w-]{2,40}: )|.{0,2048}<html", re.I | re.S)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")


def recognises(data: bytes) -> bool:
    """Text of a known encoding, without control characters, that does not begin as markup, mail or PostScript does."""
    sample = data[:_SAMPLE].removeprefix(b"\xef\xbb\xbf")
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = decoded(sample[: len(sample) // 2 * 2])
        return _CONTROLS.search(text) is None and not _MARKUP.match(text.encode())
    if _MARKUP.match(sample):
        return False
    cut_off = len(data) > _SAMPLE
    return any(_fits(sample, encoding, cut_off) for encoding in ("utf-8", "gb18030"))


def _fits(sample: bytes, encoding: str, cut_off: bool) -> bool:
    """A sample that is cut off may end within a character, so up to three bytes less are text as well."""
    for cut in range(4 if cut_off else 1):
        try:
            text = sample[: len(sample) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return bool(text.strip()) and _CONTROLS.search(text) is None and all(_is_assigned(c) for c in set(text))
    return False


def _is_assigned(character: str) -> bool:
    """GB 18030 decodes almost any bytes; noise shows in characters that nobody has assigned."""
    return character.isprintable() or character.isspace()


def read(data: bytes, look: Look, limits: Limits) -> Document:
    """A line for each line of the text; blank ones are left out. Raises TooLarge beyond the limit of blocks."""
    lines: list[Line] = []
    for number, text in enumerate(decoded(data).splitlines(), 1):
        if text.strip():
            if len(lines) >= limits.blocks:
                raise TooLarge("blocks", f"more than {limits.blocks} lines")
            lines.append(Line(text.strip(), Place(path=f"line {number}")))
    return Document(format="text", blocks=tuple(lines))
