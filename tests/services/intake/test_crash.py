"""A few dozen submissions through kills of everything; `make crash` takes hundreds through many more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres import Postgres
from tests.services.intake.crash.chaos import Chaos
from tests.services.intake.crash.papers import Words
from tests.services.intake.crash.plant import Plant


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_nothing_is_lost_doubled_or_wrong_through_kills(
    tmp_path: Path, cluster: Postgres | None, kind: str
) -> None:
    if kind == "postgresql" and cluster is None:
        pytest.skip("PostgreSQL is not installed")
    plant = Plant(tmp_path, cluster if kind == "postgresql" else None, 1001, deadly=60)
    try:
        outcome = await Chaos(plant, Words(), 12, pause=0.4, most_kills=4, aimed=1).run()
    finally:
        plant.stop()
    assert outcome.problems == []
    assert plant.kills.total() >= 1
