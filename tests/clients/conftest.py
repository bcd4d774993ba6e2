from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.fake_server import STAND_IN, Fake, running


@pytest.fixture
def fake() -> Iterator[Fake]:
    with running() as fake:
        yield fake


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """A folder for the front of PYTHONPATH, where services/server.py is the fake."""
    package = tmp_path / "stand-in" / "services"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "server.py").write_text(STAND_IN)
    return package.parent
