"""Naming what has no reader, by content: "RTF is not supported" helps the sender, "unknown format" does not."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Final

from extractors.errors import Damaged, Encrypted, ReadError, UnknownFormat, Unsupported
from extractors.readers import ole

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\xff\x0a", "jpeg-xl"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "jpeg-2000"),
    (b"AT&TFORM", "djvu"),
    (b"%!PS", "postscript"),
    (b"\xd7\xcd\xc6\x9a", "wmf"),
    (b"HWP Document File", "hwp"),
    (b"\x31\xbe\0\0", "word 1.x"),
    (b"\xdb\xa5", "word 2.x"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
)

# Streams or storages below the root of a compound file, most telling first; their case does not matter.
_OLE_NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("fileheader", "hwp"),
    ("__properties_version1.0", "msg"),
    ("matost", "ms-works"),
    ("contents", "ms-works"),
    ("visiodocument", "vsd"),
)

_OOXML: Final[tuple[tuple[bytes, str], ...]] = (
    (b"spreadsheetml", "xlsx"),
    (b"ms-excel", "xlsx"),
    (b"presentationml", "pptx"),
    (b"ms-powerpoint", "pptx"),
    (b"ms-visio", "vsdx"),
)

_MAIL_HEADER: Final = re.compile(
    rb"(?:^|\n)(?:from|to|subject|received|return-path|message-id|mime-version|date|delivered-to|x-[\w-]+):", re.I
)
_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RuntimeError,  # an encrypted member
    struct.error,
)


def refusal(data: bytes) -> ReadError:
    """The error that says why no reader takes `data`: Unsupported(format), Encrypted, Damaged or UnknownFormat."""
    if data.startswith(ole.MAGIC):
        return _compound(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(data)
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return Unsupported(name)
    if data[4:8] == b"ftyp":
        return Unsupported("avif" if data[8:12] in (b"avif", b"avis") else "mp4")
    if data[40:44] == b" EMF":
        return Unsupported("emf")
    if data[:4] == b"RIFF":
        return Unsupported("riff")
    text_format = _textual(data)
    return Unsupported(text_format) if text_format else UnknownFormat()


def _compound(data: bytes) -> ReadError:
    names = {name.lower() for name in ole.root_names(data)}
    if "encryptedpackage" in names:
        return Encrypted("an encrypted OOXML package")
    for name, format in _OLE_NAMES:
        if name in names:
            return Unsupported(format)
    if not names:
        return Damaged("a compound file without a readable directory")
    return Unsupported("ole", "a compound file with " + ", ".join(sorted(names)[:8]))


def _zip(data: bytes) -> ReadError:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:10_000])
            kinds = b""
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as member:
                    kinds = member.read(1 << 20)
            elif "mimetype" in names:
                with archive.open("mimetype") as member:
                    kinds = member.read(200)
    except _ZIP_ERRORS as e:
        return Damaged(f"zip: {type(e).__name__}: {e}")
    if "OFD.xml" in names:
        return Unsupported("ofd")
    if kinds.startswith(b"application/"):
        return Unsupported("odf" if b"opendocument" in kinds else "epub" if b"epub" in kinds else "zip")
    for mark, format in _OOXML:
        if mark in kinds:
            return Unsupported(format)
    return Unsupported("zip")


def _textual(data: bytes) -> str | None:
    """The name of a format that is written as text; None for what is not text."""
    head = _as_bytes(data[:65536]).lstrip(b"\xef\xbb\xbf \t\r\n\0")
    low = head[:8192].lower()
    if low.startswith(b"{\\rt"):
        return "rtf"
    if b"<?mso-application" in low or b"schemas.microsoft.com/office/word/2003/wordml" in low:
        return "wordml"
    if b"schemas.microsoft.com/office/2006/xmlpackage" in low:
        return "flat-opc"
    if low.startswith((b"<!doctype html", b"<html")):
        return "html"
    if len(_MAIL_HEADER.findall(low)) >= 2:  # before "<html": a mail's text is a web page, too
        return "eml"
    if b"<html" in low[:2048]:
        return "html"
    if low.startswith((b"<?xml", b"<svg")):
        return "svg" if b"<svg" in low else "xml"
    return "text" if _is_text(data) else None


def _as_bytes(data: bytes) -> bytes:
    """UTF-16 text as if it were bytes of one encoding; everything else unchanged."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace").encode("utf-8")
    return data


def _is_text(data: bytes) -> bool:
    """UTF-8, UTF-16 with a mark, or GB 18030, and no control characters."""
    sample = data[:65536]
    for encoding in ("utf-8", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "gb18030"):
        # A sample may end within a character: three bytes fewer, at most, is a whole text again.
        for cut in range(4):
            try:
                text = sample[: len(sample) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            controls = sum(1 for character in text if ord(character) < 32 and character not in "\t\n\r\f")
            printable = all(character.isprintable() or character.isspace() for character in text)
            return controls == 0 and printable
    return False
