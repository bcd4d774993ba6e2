from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.extraction.sandbox import Bounds, Sandbox
from tests import misbehaving
from tests.services.intake.house import House, open_house, small


@pytest.fixture(scope="session")
def readers() -> Iterator[Sandbox]:
    sandbox = Sandbox(
        misbehaving.start,
        misbehaving.read,
        argument=None,
        workers=2,
        bounds=Bounds(seconds=20, memory_mb=2048, tasks=1000),
    )
    yield sandbox
    sandbox.close()


@pytest.fixture
async def house(readers: Sandbox, tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(readers, small(tmp_path)) as house:
        yield house


@pytest.fixture
async def idle_house(readers: Sandbox, tmp_path: Path) -> AsyncIterator[House]:
    """Accepts, and works on nothing."""
    async with open_house(readers, small(tmp_path), working=False) as house:
        yield house
