"""Exit codes of `heyan`.

    0  acceptable; done                     3  a person must look; no verdict (yet)
    1  return; file unreadable; a call      4  the service failed
       with errors, or whose examples
       differ
    2  usage

Of several submissions the worst counts: 4, 2 (a file that could not be opened, a refused request), 1, 3, 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

DONE: Final = 0
ACCEPTABLE: Final = 0
RETURN: Final = 1
UNREADABLE: Final = 1
REVIEW: Final = 3
USAGE: Final = 2
SERVICE_FAILED: Final = 4

# Verdict of heyan.v1 → exit code. What a newer server may say beyond these is for a person to look at.
_OF_VERDICT = {1: RETURN, 2: REVIEW, 3: ACCEPTABLE}
_BEST_FIRST = (ACCEPTABLE, REVIEW, RETURN, USAGE, SERVICE_FAILED)


def of_verdict(verdict: int) -> int:
    """The exit code of one report."""
    return _OF_VERDICT.get(verdict, REVIEW)


def worst(codes: Iterable[int]) -> int:
    """The exit code of several submissions."""
    return max(codes, key=_BEST_FIRST.index, default=SERVICE_FAILED)
