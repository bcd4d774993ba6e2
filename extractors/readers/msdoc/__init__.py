"""Word 97 to 2003 documents (.doc, .dot, Kingsoft .wps), as specified in [MS-DOC].

A .doc is a compound file (ole.py) with a stream WordDocument. At its start stands the FIB (fib.py), an index to every
other structure, most of which lie in a second stream, 0Table or 1Table. The text is a chain of pieces (pieces.py); all
that is known of it - which characters are deleted or hidden (characters.py), which paragraphs are cells of tables
(paragraphs.py, blocks.py, tap.py, grid.py), which numbers stand before them (lists.py) - is kept apart from it, as
lists of small instructions (sprm.py) by position in the file (fkp.py) or by style (stsh.py).

Section numbers in this package are those of [MS-DOC], unless they name another specification.

Read `assemble.py` next: it is the way of one document.
"""

from __future__ import annotations

from extractors.document import Document
from extractors.errors import Encrypted, Unsupported
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers.msdoc import fib, ole
from extractors.readers.msdoc.assemble import Streams, assemble

_STREAM = "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0".encode("ascii")


def recognises(data: bytes) -> bool:
    """A compound file that has a stream WordDocument (its name stands in the directory)."""
    return data.startswith(ole.MAGIC) and _STREAM in data


def read(data: bytes, look: Look, limits: Limits, password: str = "") -> Document:
    """The document, with its pictures looked at.

    Raises Damaged where no text is to be found, Encrypted where the password is missing or wrong, Unsupported for
    versions before Word 6, TooLarge beyond `limits`.
    """
    compound = ole.Compound(data)
    word = compound.stream("WordDocument")
    if fib.ident(word) != fib.W_IDENT:
        raise Unsupported("Word 6.0/95")
    head = fib.read(word)
    if head.encrypted:
        raise Encrypted
    streams = Streams(word, compound.stream(head.table), compound.stream("Data"), head)
    return assemble(streams, compound, look, limits)
