"""Whether programs that had to be ended have ended."""

from __future__ import annotations

import time
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether the process is there, and does not only wait for whoever inherited it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the latter: it went between opening and reading
        return False


def ended(pid: int, seconds: float = 5.0) -> bool:
    """Whether a killed process is no longer alive; it may take a moment."""
    end = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
