"""Document properties ([MS-OLEPS]): title, author, dates, the program that saved the file.

A property set stream has sections; a section lists identifiers with offsets, and at each a type and a value.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from extractors.errors import Damaged
from extractors.readers.msdoc.binary import i32, take, u16, u32

SUMMARY = "\x05SummaryInformation"
DOCUMENT_SUMMARY = "\x05DocumentSummaryInformation"

# [MS-OLEPS] 2.25.1 and [MS-OSHARED] 2.3.3.2.1
_NAMES = {
    SUMMARY: {
        2: "title", 3: "subject", 4: "creator", 5: "keywords", 6: "comments", 7: "template", 8: "last_modified_by",
        9: "revision", 11: "printed", 12: "created", 13: "modified", 14: "pages", 15: "words", 16: "characters",
        18: "application",
    },
    DOCUMENT_SUMMARY: {2: "category", 14: "manager", 15: "company"},
}  # fmt: skip

_VT_I2, _VT_I4, _VT_LPSTR, _VT_LPWSTR, _VT_FILETIME = 2, 3, 0x1E, 0x1F, 0x40
_CODE_PAGE = 1
_UTF16 = 1200
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def read(stream: bytes, name: str) -> list[tuple[str, str]]:
    """The known properties of a stream as text, times as ISO in UTC. Raises Damaged where its header is cut short.

    A property that cannot be read is left out.
    """
    if not stream:
        return []
    start = u32(stream, 44, "PropertySetStream.Offset0")
    count = u32(stream, start + 4, "PropertySet.NumProperties")
    count = min(count, 256, (len(stream) - start - 8) // 8)
    offsets = {
        u32(stream, start + 8 + 8 * index, "PropertySet"): start + u32(stream, start + 12 + 8 * index, "PropertySet")
        for index in range(count)
    }
    code_page = _code_page(stream, offsets.get(_CODE_PAGE))
    found: list[tuple[str, str]] = []
    for identifier, label in _NAMES[name].items():
        if identifier in offsets:
            try:
                value = _value(stream, offsets[identifier], code_page)
            except Damaged:
                continue
            if value:
                found.append((label, value))
    return found


def _code_page(stream: bytes, at: int | None) -> int:
    try:
        return 1252 if at is None else u16(stream, at + 4, "CodePage")
    except Damaged:
        return 1252


def _value(stream: bytes, at: int, code_page: int) -> str:
    """2.15 TypedPropertyValue as text; "" for types that no property here has."""
    kind = u16(stream, at, "TypedPropertyValue")
    if kind == _VT_I2:
        return str(u16(stream, at + 4, "VT_I2"))
    if kind == _VT_I4:
        return str(i32(stream, at + 4, "VT_I4"))
    if kind == _VT_FILETIME:
        return _time(u32(stream, at + 4, "VT_FILETIME") | u32(stream, at + 8, "VT_FILETIME") << 32)
    if kind == _VT_LPSTR:
        size = u32(stream, at + 4, "CodePageString")
        return decoded(take(stream, at + 8, size, "CodePageString"), code_page)
    if kind == _VT_LPWSTR:
        size = 2 * u32(stream, at + 4, "UnicodeString")
        return decoded(take(stream, at + 8, size, "UnicodeString"), _UTF16)
    return ""


def decoded(raw: bytes, code_page: int) -> str:
    """Text in a Windows code page, up to its terminating null; unknown code pages are read as Latin."""
    names = {_UTF16: "utf-16-le", 65001: "utf-8", 936: "gb18030", 10000: "mac_roman", 10008: "gb18030"}
    try:
        text = raw.decode(names.get(code_page, f"cp{code_page}"), "replace")
    except LookupError:
        text = raw.decode("cp1252", "replace")
    return text.partition("\0")[0].strip()


def _time(ticks: int) -> str:
    """Tenths of microseconds since 1601; "" for none and for one that no calendar has."""
    if not ticks:
        return ""
    try:
        return (_EPOCH + timedelta(microseconds=ticks // 10)).isoformat(timespec="seconds")
    except OverflowError:
        return ""
