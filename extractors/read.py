"""From a file's bytes to a Document: choose the one reader that recognises the content.

1. Too large or empty: refused before anything is parsed.
2. Each reader of the table is asked. Exactly one says yes: it reads. Two: Ambiguous, both named.
3. None: the content is named (Unsupported, Encrypted, Damaged) or UnknownFormat.

The file's name plays no part: a letter renamed from .docx to .doc is still a .docx.
"""

from __future__ import annotations

from typing import Final, Protocol

from extractors.document import Document
from extractors.errors import Ambiguous, Empty, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers import docx, html, image, msdoc, pdf, rtf, text, wordml
from extractors.readers.formats import refusal


class Reader(Protocol):
    """A module of extractors/readers/."""

    def recognises(self, data: bytes) -> bool:
        """Whether the content is of this reader's format. Never raises."""
        ...

    def read(self, data: bytes, look: Look, limits: Limits) -> Document:
        """What the file states. Raises a ReadError; EngineError where `look` fails."""
        ...


READERS: Final[dict[str, Reader]] = {
    "docx": docx,
    "msdoc": msdoc,
    "pdf": pdf,
    "image": image,
    "rtf": rtf,
    "html": html,
    "wordml": wordml,
    "text": text,
}


def read(data: bytes, look: Look, limits: Limits) -> Document:
    """What the file states. Raises a subclass of ReadError, or EngineError where the OCR engine fails."""
    if len(data) > limits.file_bytes:
        raise TooLarge("file_bytes", f"{len(data)} > {limits.file_bytes}")
    if not data.strip(b"\0 \t\r\n\f\v"):
        raise Empty()
    claims = [name for name, reader in READERS.items() if reader.recognises(data)]
    if not claims:
        raise refusal(data)
    if len(claims) > 1:
        raise Ambiguous(" and ".join(claims))
    return READERS[claims[0]].read(data, look, limits)
