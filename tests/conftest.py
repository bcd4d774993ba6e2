from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from services.poller import hold_poller

hold_poller()  # each test has servers and an event loop of its own


@pytest.fixture(scope="session")
def font() -> Path:
    """A Chinese font of the wheel mplfonts, found without importing it (which imports matplotlib)."""
    spec = importlib.util.find_spec("mplfonts")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "fonts" / "NotoSerifCJKsc-Regular.otf"
