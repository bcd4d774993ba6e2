"""Documents with a password to open ([MS-OFFCRYPTO] 2.3): RC4, RC4 by CryptoAPI, and the XOR obfuscation before them.

offcrypto.py undoes the first two, and answers with a compound file that is not encrypted; xor.py undoes the third.
"""

from __future__ import annotations

from extractors.errors import Encrypted
from extractors.limits import Limits
from extractors.readers import offcrypto
from extractors.readers.msdoc import xor
from extractors.readers.msdoc.fib import Fib
from extractors.readers.msdoc.ole import Compound

_PLAIN, _PLAIN_WORD_6 = 0x44, 0x34  # bytes of the FIB that are never encrypted


def opened(data: bytes, compound: Compound, fib: Fib, password: str, limits: Limits) -> tuple[bytes, bytes, bytes]:
    """The streams WordDocument, table and Data without encryption.

    Raises Encrypted where `password` is "" or does not open the file.
    """
    if not password:
        raise Encrypted("XOR" if fib.obfuscated else "RC4")
    if not fib.obfuscated:
        plain = Compound(offcrypto.decrypted(data, password, limits))
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
