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
from extractors.errors import Damaged
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers import ole as names
from extractors.readers.msdoc import encryption, fib, ole, word6
from extractors.readers.msdoc.assemble import Streams, assemble


def recognises(data: bytes) -> bool:
    """A compound file that has a stream WordDocument in its root."""
    return data.startswith(names.MAGIC) and "worddocument" in {name.lower() for name in names.root_names(data)}


def read(data: bytes, look: Look, limits: Limits, password: str = "") -> Document:
    """The document, with its pictures looked at.

    Raises Damaged where no text is to be found, Encrypted where the password is missing or wrong, TooLarge beyond
    `limits`.
    """
    compound = ole.Compound(data)
    word = compound.stream("WordDocument")
    head = _fib(word)
    if head.encrypted:
        word, table, data_stream = encryption.opened(data, compound, head, password, limits)
        head = _fib(word)
    elif head.word6:
        table = data_stream = word
    else:
        table, data_stream = compound.stream(head.table), compound.stream("Data")
    return assemble(Streams(word, table, data_stream, head), compound, look, limits)


def _fib(word: bytes) -> fib.Fib:
    """Raises Damaged where the stream is none of Word's, or of a version before 6."""
    ident = fib.ident(word)
    if ident in fib.W_IDENT_6:
        return word6.read_fib(word)
    if ident != fib.W_IDENT:
        raise Damaged(f"FibBase.wIdent is {ident:#06x}")
    return fib.read(word)
