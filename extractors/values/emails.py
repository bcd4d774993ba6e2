"""E-mail addresses as people type and OCR reads them."""

from __future__ import annotations

import re

from extractors.values.characters import fold

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,10})"
)
# An address that a narrow cell broke over two lines; what follows the last break is its end.
_WRAPPED = re.compile(r"(?<=[A-Za-z0-9.@_-])\s*\n\s*(?=[A-Za-z0-9.@_-]+\s*$)")
_REPAIRS = (
    (re.compile(r"\(at\)|\[at\]|#(?=[A-Za-z0-9-]+[.,])", re.IGNORECASE), "@"),
    (re.compile(r"\s*([@._])\s*"), r"\1"),
    (re.compile(r"(?<=[A-Za-z0-9])[,，。](?=(?:com|cn|net|org|edu|gov|ac)\b)", re.IGNORECASE), "."),
    (re.compile(r"\.{2,}"), "."),
)


def read_email(raw: str) -> str | None:
    """The first address in `raw`, its domain in lower case; None where there is none."""
    text = fold(raw)
    if text.count("@") == 1:
        text = _WRAPPED.sub("", text)
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    match = _ADDRESS.search(text)
    return f"{match[1]}@{match[2].lower()}" if match else None
