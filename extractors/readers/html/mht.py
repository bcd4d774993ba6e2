"""MHT (.mht, RFC 2557): a web page and its pictures as the parts of one MIME message, as Word saves it.

Only what such files have is read: one level of parts in base64 or quoted-printable, each with a Content-Location.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass, field

from extractors.errors import Damaged

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_MAILED = re.compile(rb"(?:^|\n)(?:to|cc|received|message-id|return-path|delivered-to):")
_MOST_PARTS = 4096


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its media type, the encoding that it names ("" for none), where its content is said to lie, and it."""

    media_type: str
    charset: str
    location: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Archive:
    """page: the web page. resources: other parts by location, in lower case."""

    page: Part
    resources: dict[str, Part] = field(default_factory=dict)


def recognises(data: bytes) -> bool:
    """A message without addressee whose parts belong together, a web page among them, each told where it lay."""
    head = data[:65536].lstrip().lower()
    header, body = _split(head)
    return (
        re.match(rb"[\w-]{2,40}:", header) is not None
        and b"mime-version:" in header
        and b"multipart/related" in _FOLD.sub(b" ", header)
        and _MAILED.search(header) is None
        and b"text/html" in head
        and b"content-location:" in body
    )


def read(data: bytes) -> Archive:
    """The parts. Raises Damaged where there is no web page among them."""
    header, body = _split(data)
    boundary = re.search(rb"boundary=\"?([^\";\r\n]+)", _FOLD.sub(b" ", header), re.I)
    chunks = [data] if boundary is None else body.split(b"--" + boundary.group(1))[1:_MOST_PARTS]
    parts = [_part(chunk.lstrip(b"\r\n")) for chunk in chunks if not chunk.startswith(b"--")]
    pages = [part for part in parts if part.media_type == "text/html"]
    if not pages:
        raise Damaged("mht: no web page among its parts")
    return Archive(pages[0], {part.location.lower(): part for part in parts if part is not pages[0]})


def _split(data: bytes) -> tuple[bytes, bytes]:
    end = _HEADER_END.search(data)
    return (data, b"") if end is None else (data[: end.start()], data[end.end() :])


def _part(chunk: bytes) -> Part:
    header, body = _split(chunk)
    fields = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in _FOLD.sub(b" ", header).decode("latin-1").splitlines())
    }
    kind = fields.get("content-type", "")
    charset = re.search(r"charset=\"?([\w-]+)", kind, re.I)
    location = fields.get("content-location") or fields.get("content-id", "").strip("<>")
    return Part(
        kind.partition(";")[0].strip().lower(),
        charset.group(1) if charset else "",
        location,
        _content(body, fields.get("content-transfer-encoding", "").lower()),
    )


def _content(body: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return b""
    return quopri.decodestring(body) if encoding == "quoted-printable" else body
