"""Rich Text Format (.rtf, often under the name .doc), by the RTF specification 1.9.

A file is groups in braces. A control word changes a property until its group ends; some make their group a
*destination*: not text but a table of fonts, a picture, a header, a footnote. A destination that begins with `\\*` may
be passed over by those who do not know it. So the reader is a stack of states, one for each open group.

Text is bytes in the code page of the font, or `\\uN`, with a replacement after it for readers that know no Unicode.
"""

from __future__ import annotations

from extractors.document import Document
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.readers.rtf.reader import Reader
from extractors.readers.rtf.tokens import iter_tokens


def recognises(data: bytes) -> bool:
    """Begins with `{\\rt`, as every RTF does."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"{\\rt")


def read(data: bytes, look: Look, limits: Limits) -> Document:
    """What the document states. Raises Damaged where it holds nothing at all, TooLarge beyond `limits`."""
    reader = Reader(limits)
    for token in iter_tokens(data):
        reader.take(token)
    return reader.document(look)
