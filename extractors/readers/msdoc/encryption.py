"""Documents with a password to open ([MS-OFFCRYPTO] 2.3): RC4, RC4 by CryptoAPI, and the XOR obfuscation before them.

The first two are opened by msoffcrypto-tool, which answers with a compound file that is not encrypted; xor.py undoes
the third.
"""

from __future__ import annotations

import struct
from io import BytesIO

from extractors.errors import Damaged, Encrypted
from extractors.readers.msdoc import xor
from extractors.readers.msdoc.fib import Fib
from extractors.readers.msdoc.ole import Compound

_PLAIN, _PLAIN_WORD_6 = 0x44, 0x34  # bytes of the FIB that are never encrypted

# The package does not check what it unpacks.
_GAPS = (ValueError, OverflowError, struct.error, AttributeError, TypeError, IndexError, RecursionError)


def opened(data: bytes, compound: Compound, fib: Fib, password: str) -> tuple[bytes, bytes, bytes]:
    """The streams WordDocument, table and Data without encryption.

    Raises Encrypted where `password` is "" or does not open the file.
    """
    if not password:
        raise Encrypted("XOR" if fib.obfuscated else "RC4")
    if not fib.obfuscated:
        plain = Compound(_rc4(data, password))
        return plain.stream("WordDocument"), plain.stream(fib.table), plain.stream("Data")
    if not xor.matches(password, fib.key):
        raise Encrypted("XOR: another password")
    word = xor.deciphered(compound.stream("WordDocument"), password, _PLAIN_WORD_6 if fib.word6 else _PLAIN)
    if fib.word6:
        return word, word, word
    return (
        word,
        xor.deciphered(compound.stream(fib.table), password),
        xor.deciphered(compound.stream("Data"), password),
    )


def _rc4(data: bytes, password: str) -> bytes:
    # Loaded here: few files are encrypted, and the package takes longer to load than a document to read.
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError

    out = BytesIO()
    try:
        office = msoffcrypto.OfficeFile(BytesIO(data))
        office.load_key(password=password)
        office.decrypt(out)
    except DecryptionError as e:
        raise Encrypted(str(e)) from e
    except (FileFormatError, OSError, *_GAPS) as e:
        raise Damaged(f"encryption header: {e}") from e
    return out.getvalue()
