"""What a worker does with memory that it has freed: kept for the next page while the process is small, else returned.

The kernel clears every page of memory that a process takes anew. Where glibc returns large blocks as they are freed,
and all else is returned after each page, that is a twentieth of a page's time. But the runtime takes blocks of another
size for each new shape of a picture, and what lies between them adds up: a worker that returned nothing would grow to
nearly twice what it uses.
"""

from __future__ import annotations

import ctypes
import resource
from pathlib import Path

_SMALL = 800 * 1024 * 1024  # bytes in use up to which freed memory is kept; less than makes a worker be renewed
_LARGEST = 32 * 1024 * 1024  # bytes; glibc takes no more for blocks that are reused
_ARENAS = 2  # heaps of glibc; every thread's own would reserve 64 MB of address space
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # malloc.h
_STATUS = Path("/proc/self/statm")


def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libc.so.6")
        library.mallopt, library.malloc_trim  # noqa: B018  # other C libraries have neither
    except (OSError, AttributeError):
        return None
    return library


_LIBRARY = _glibc()


def keep_freed() -> None:
    """From now on blocks of any usual size are reused, and nothing is returned unasked. Nothing without glibc.

    Threads that are started later share heaps: the runtime has a few for each network, which hardly allocate.
    """
    if _LIBRARY is not None:
        _LIBRARY.mallopt(_M_MMAP_THRESHOLD, _LARGEST)
        _LIBRARY.mallopt(_M_TRIM_THRESHOLD, 2**30)
        _LIBRARY.mallopt(_M_ARENA_MAX, _ARENAS)


def return_freed() -> None:
    """Return what is freed to the kernel if the process is no longer small. Nothing without glibc."""
    if _LIBRARY is not None and _in_use() > _SMALL:
        _LIBRARY.malloc_trim(0)


def _in_use() -> int:
    """Bytes of real memory that the process has."""
    return int(_STATUS.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
