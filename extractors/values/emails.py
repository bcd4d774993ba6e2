"""E-mail addresses as people type and OCR reads them."""

from __future__ import annotations

import re

from extractors.values.characters import BOUND, DIGIT_FOR, fold

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@((?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,10})"
)
# An address that a narrow cell broke over two lines or three; what follows the last break is its end.
_WRAPPED = re.compile(r"(?<=[A-Za-z0-9.@_-])\s*\n\s*(?=[A-Za-z0-9.@_-]+\s*$)")
_BLANK_LINE = re.compile(r"(?<!\S)_[_\s]*(?=[A-Za-z0-9])|_{2,}(?!\S)")  # on which the address is written
_AT = re.compile(r"\(at\)|\[at\]", re.IGNORECASE)
_REPAIRS = (
    (re.compile(r"#(?=[A-Za-z0-9-]+[.,])"), "@"),
    (re.compile(r"\s*([@._])\s*"), r"\1"),
    (re.compile(r"(?<=[A-Za-z0-9])[,，。](?=(?:com|cn|net|org|edu|gov|ac)\b)", re.IGNORECASE), "."),
    (re.compile(r"\.{2,}"), "."),
    (re.compile(r"(?<=[A-Za-z0-9])×(?=[A-Za-z0-9]*[@.])"), "x"),
    # no top-level domain has a digit
    (re.compile(r"(?<=\.)c0m\b", re.IGNORECASE), "com"),
    (re.compile(r"(?<=\.)0rg\b", re.IGNORECASE), "org"),
    (re.compile(r"(?<=\.)g0v(?=\.cn\b)", re.IGNORECASE), "gov"),
)
# Mailboxes with digits in their names, which OCR confuses with letters; no other domain is built like theirs.
_NUMBERED = ("163.com", "126.com", "139.com", "189.cn", "188.com", "263.net", "21cn.com", "163.net")

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_WELL_FORMED = re.compile(rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?:{_LABEL}\.){{1,8}}[a-z]{{2,24}}", re.IGNORECASE)
# Slips for .com that are no top-level domain.
_NO_DOMAIN = re.compile(r"\.(?:con|cmo|ocm|vom|xom|coom|cim|comm)$", re.IGNORECASE)


def read_email(raw: str) -> str | None:
    """The first address in `raw`, its domain in lower case; None where there is none."""
    text = _AT.sub("@", _BLANK_LINE.sub("", fold(raw)))
    if text.count("@") == 1:
        text = _WRAPPED.sub("", _WRAPPED.sub("", text))
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    match = _ADDRESS.search(text)
    return f"{match[1]}@{_domain(match[2].lower())}" if match else None


def _domain(domain: str) -> str:
    """The domain; that of a known mailbox where letters stand for its digits (l63.com)."""
    name, _, rest = domain.partition(".")
    digits = f"{name.translate(DIGIT_FOR)}.{rest}"
    return digits if digits in _NUMBERED else domain


def is_email(text: str) -> bool:
    """Whether a text is one address that can be written to, and nothing else. Whether it exists is not told."""
    name = text.partition("@")[0]
    dots = name.startswith(".") or name.endswith(".") or ".." in name
    return len(text) <= 254 and not dots and bool(_WELL_FORMED.fullmatch(text)) and not _NO_DOMAIN.search(text)


def is_written(address: str, raw: str) -> bool:
    """Whether `raw` states the address as it is, but for blanks, width, case and (at): nothing had to be repaired."""
    text = _AT.sub("@", fold(raw[:BOUND]))
    return address.lower() in re.sub(r"\s", "", text).lower()
