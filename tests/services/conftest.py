from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.extraction.sandbox import Sandbox
from tests.reading import reading


@pytest.fixture(scope="session")
def readers() -> Iterator[Sandbox]:
    """One reader that does what the files say."""
    with reading(workers=1) as sandbox:
        yield sandbox
