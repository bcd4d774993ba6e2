"""Text in an encoding that the file names wrongly, or not at all: what Chinese programs write."""

from __future__ import annotations

# Those who say GB 2312 or GBK mean GB 18030, which contains both (as the WHATWG's encoding standard has it).
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "unicode": "utf-16"}
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LIKELY = ("utf-8", "gb18030", "big5", "cp1252")


def decoded(data: bytes, named: str = "") -> str:
    """Text by its byte order mark, else in the encoding that it names where that fits, else in the likeliest."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    names = (_MEANT.get(named.lower(), named), *_LIKELY) if named else _LIKELY
    for encoding in names:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("gb18030", "replace")
