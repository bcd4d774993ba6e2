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
    sandbox = Sandbox(misbehaving.start, how, argument=None, workers=workers, bounds=bounds)
    try:
        yield sandbox
    finally:
        sandbox.close()
