from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.extraction.sandbox import Bounds, Sandbox
from services.settings import Settings
from tests import misbehaving
from tests.postgres import Postgres, postgres
from tests.services.intake.house import House, open_house


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


@pytest.fixture(scope="session")
def cluster() -> Iterator[Postgres | None]:
    with postgres() as server:
        yield server


@pytest.fixture
def postgres_url(cluster: Postgres | None) -> str:
    """Of an empty database."""
    if cluster is None:
        pytest.skip("PostgreSQL is not installed")
    return cluster.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The ledger in a file of the data folder, and on PostgreSQL."""
    if request.param == "sqlite":
        return Settings(data=tmp_path)
    return Settings(data=tmp_path, database=request.getfixturevalue("postgres_url"))


@pytest.fixture
async def house(readers: Sandbox, settings: Settings) -> AsyncIterator[House]:
    async with open_house(readers, settings) as house:
        yield house


@pytest.fixture
async def idle_house(readers: Sandbox, settings: Settings) -> AsyncIterator[House]:
    """Accepts, and works on nothing."""
    async with open_house(readers, settings, working=False) as house:
        yield house
