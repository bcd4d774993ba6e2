"""Office files under a password to open ([MS-OFFCRYPTO]), undone by msoffcrypto-tool."""

from __future__ import annotations

import struct
from io import BytesIO
from xml.parsers.expat import ExpatError

from extractors.errors import Damaged, Encrypted, TooLarge
from extractors.limits import Limits

# The package does not check what it unpacks.
_GAPS = (
    ValueError, OverflowError, struct.error, AttributeError, TypeError, LookupError, RecursionError, OSError, ExpatError
)  # fmt: skip


def decrypted(data: bytes, password: str, limits: Limits) -> bytes:
    """The file without its encryption: a compound file again, or the .docx that was kept in one.

    Raises Encrypted where `password` does not open it, Damaged, TooLarge.
    """
    # Loaded here: few files are encrypted, and the package takes longer to load than a document to read.
    import msoffcrypto
    from cryptography.exceptions import UnsupportedAlgorithm
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, ParseError

    out = BytesIO()
    try:
        office = msoffcrypto.OfficeFile(BytesIO(data))
        office.load_key(password=password)
        office.decrypt(out)
    except DecryptionError as e:
        raise Encrypted(str(e)) from e
    except (FileFormatError, ParseError, UnsupportedAlgorithm, *_GAPS) as e:
        raise Damaged(f"encryption header: {e}") from e
    if out.tell() > limits.file_bytes:
        raise TooLarge("file_bytes", f"{out.tell()} > {limits.file_bytes}")
    return out.getvalue()
