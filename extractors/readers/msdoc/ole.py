"""The compound file ([MS-CFB]) that a .doc is: a small file system with streams, read through olefile."""

from __future__ import annotations

from io import BytesIO

import olefile

from extractors.errors import Damaged

_SECTOR = 512
# olefile answers damage with its own error (an OSError), and with these where its checks have gaps.
_GAPS = (IndexError, ValueError, OverflowError, RecursionError, TypeError, AttributeError)
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Compound:
    """An open compound file. Raises Damaged from the constructor where it has no directory to read."""

    def __init__(self, data: bytes) -> None:
        # A file cut off within its last sector is read as if the rest of that were zero.
        data += bytes(-len(data) % _SECTOR)
        try:
            self._ole = olefile.OleFileIO(BytesIO(data))
        except (OSError, *_GAPS) as e:
            raise Damaged(f"compound file: {e}") from e
        self.names = frozenset("/".join(path) for path in self._list())
        # [MS-CFB] 2.6.4: names are compared without regard to case
        self._folded = {name.casefold(): name for name in self.names}

    def _list(self) -> list[list[str]]:
        try:
            listed: list[list[str]] = self._ole.listdir(streams=True, storages=True)
        except (OSError, *_GAPS) as e:
            raise Damaged(f"compound file: {e}") from e
        return listed

    def has(self, name: str) -> bool:
        """A stream or storage of that name ("Macros/VBA") exists."""
        return name.casefold() in self._folded

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; b"" where there is none. Raises Damaged where its sectors are not all there."""
        written = self._folded.get(name.casefold())
        if written is None:
            return b""
        try:
            data: bytes = self._ole.openstream(written).read()
        except (OSError, *_GAPS) as e:
            raise Damaged(f"stream {name}: {e}") from e
        return data
