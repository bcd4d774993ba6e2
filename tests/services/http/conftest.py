from __future__ import annotations

from tests.services.callers.conftest import readers

__all__ = ["readers"]
