from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.extraction.sandbox import Bounds, Sandbox
from tests import misbehaving


@pytest.fixture(scope="session")
def readers() -> Iterator[Sandbox]:
    """Readers that do what the files say."""
    sandbox = Sandbox(
        misbehaving.start,
        misbehaving.read,
        argument=None,
        workers=1,
        bounds=Bounds(seconds=20, memory_mb=2048, tasks=1000),
    )
    yield sandbox
    sandbox.close()
