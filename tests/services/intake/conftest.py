from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from services.extraction.sandbox import Sandbox
from services.settings import Settings
from tests.postgres import Postgres, postgres
from tests.reading import reading
from tests.services.intake.house import House, open_house


@pytest.fixture(scope="session")
def readers() -> Iterator[Sandbox]:
    """Two, that do what the files say."""
    with reading(workers=2) as sandbox:
        yield sandbox


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


@pytest.fixture(scope="session")
def s3() -> Iterator[dict[str, str]]:
    """The options of a running service, with the bucket "kept"."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = {
        "endpoint": f"http://{host}:{port}",
        "access_key_id": "key",
        "secret_access_key": "secret",
        "region": "us-east-1",
        "allow_http": "true",
    }
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint"],
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="kept")
    client.close()
    yield options
    server.stop()


@pytest.fixture(params=["one machine", "many machines"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """SQLite and a folder, all in one data folder; PostgreSQL and S3."""
    data = tmp_path / "data"
    if request.param == "one machine":
        return Settings(data=data)
    return elsewhere(data, request.getfixturevalue("postgres_url"), request.getfixturevalue("s3"))


def elsewhere(data: Path, database: str, s3: dict[str, str]) -> Settings:
    """PostgreSQL, and a prefix of its own in S3."""
    data.mkdir(parents=True)
    options = data / "options"
    options.write_text("".join(f"{key}={value}\n" for key, value in s3.items()))
    store = f"s3://kept/{data.parent.name}-{data.name}"
    return Settings(data=data, database=database, store=store, store_options=options)
