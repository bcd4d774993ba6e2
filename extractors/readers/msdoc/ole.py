"""The compound file ([MS-CFB]) that a .doc is: a small file system with streams, read through olefile."""

from __future__ import annotations

from io import BytesIO

import olefile

from extractors.errors import Damaged
from extractors.readers.msdoc.binary import u16

_SECTOR = 512
# olefile answers damage with its own error (an OSError), and with these where its checks have gaps.
_GAPS = (ArithmeticError, AttributeError, IndexError, RecursionError, TypeError, ValueError)


class Compound:
    """An open compound file. Raises Damaged from the constructor where it has no directory to read."""

    def __init__(self, data: bytes) -> None:
        _check(data)
        # A file cut off within its last sector is read as if the rest of that were zero.
        data += bytes(-len(data) % _SECTOR)
        try:
            self._ole = olefile.OleFileIO(BytesIO(data))
        except (OSError, *_GAPS) as e:
            raise Damaged(f"compound file: {e}") from e
        self._bound(len(data))
        self.names = frozenset("/".join(path) for path in self._list())
        # [MS-CFB] 2.6.4: names are compared without regard to case
        self._folded = {name.casefold(): name for name in self.names}

    def _bound(self, size: int) -> None:
        """No stream is longer than the file: one that runs in a circle would be followed for as long as it claims."""
        self._ole.num_mini_fat_sectors = min(self._ole.num_mini_fat_sectors, size // self._ole.sector_size)
        for entry in self._ole.direntries:
            if entry is not None:
                entry.size = min(entry.size, size)

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


def _check(data: bytes) -> None:
    """[MS-CFB] 2.2: the sizes of sectors, which olefile takes as they come and then allocates by.

    Raises Damaged where they are none that a file has.
    """
    sector, mini = u16(data, 30, "compound file header"), u16(data, 32, "compound file header")
    if sector not in (9, 12) or mini != 6:
        raise Damaged(f"compound file: sectors of 2**{sector} and 2**{mini} bytes")
