"""A few dozen submissions through kills of everything; `make crash` takes hundreds through many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres import Postgres
from tests.services.intake.crash import crash


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_nothing_is_lost_doubled_or_wrong_through_kills(
    tmp_path: Path, cluster: Postgres | None, kind: str
) -> None:
    if kind == "postgresql" and cluster is None:
        pytest.skip("PostgreSQL is not installed")
    used = cluster if kind == "postgresql" else None
    outcome = await crash(tmp_path, count=12, cluster=used, seed=1001, pause=0.4, most_kills=4)
    assert outcome.problems == []
    assert outcome.kills.total() >= 1
