"""A sandbox whose readers do what the files say (tests/misbehaving.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from services.extraction.sandbox import Bounds, Sandbox
from tests import misbehaving


@contextmanager
def reading(workers: int, how: Callable[[Any], bytes] = misbehaving.read, tasks: int = 1000) -> Iterator[Sandbox]:
    """tasks: files after which a reader is renewed."""
    bounds = Bounds(seconds=20, memory_mb=2048, tasks=tasks)
    with opened(bounds, workers=workers, how=how) as sandbox:
        yield sandbox


@contextmanager
def opened(
    bounds: Bounds,
    *,
    workers: int = 1,
    start: Callable[[Any], None] = misbehaving.start,
    how: Callable[[Any], bytes] = misbehaving.run,
    argument: object = None,
) -> Iterator[Sandbox]:
    """A sandbox, closed at the end of the block. Its workers start in a moment: what they import is imported once."""
    sandbox = Sandbox(start, how, argument=argument, workers=workers, bounds=bounds, preload=(misbehaving.__name__,))
    try:
        yield sandbox
    finally:
        sandbox.close()
