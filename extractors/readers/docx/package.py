"""The package of a .docx: a zip of XML parts that refer to each other by relationships (ECMA-376 part 2).

Hostile input is normal input: sizes are checked in the zip's directory before anything is inflated and again while
inflating; XML is parsed without document types, entities and network. ISO "strict" files use other namespace names for
the same words; they are rewritten to the usual ones, so that nothing after this file knows of two.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from lxml import etree

from extractors.errors import Damaged, Encrypted, TooLarge
from extractors.limits import Limits

Element = etree._Element

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "[Content_Types].xml"
_MAIN_TYPE: Final = re.compile(
    rb"(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)\.macroEnabled\w*)\.main\+xml"
)
_CHUNK: Final = 1 << 20
_SMALL: Final = 4 << 20  # parts up to this size may be compressed as well as they like: XML of blanks is

_STRICT: Final = tuple(
    (b"http://purl.oclc.org/ooxml/" + strict, usual)
    for strict, usual in (
        (b"wordprocessingml/main", W.encode()),
        (b"officeDocument/relationships", R.encode()),
        (b"officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
        (b"officeDocument/extendedProperties", b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"),
        (b"drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    )
)  # fmt: skip

_ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,  # a compression method that is not built in
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,  # an encrypted member
)


def is_word(data: bytes) -> bool:
    """Whether `data` is a zip with the main part of a Word document, or the beginning of one."""
    if not data.startswith(b"PK\x03\x04") and b"PK\x05\x06" not in data[-66_000:]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _TYPES not in archive.namelist():
                return False
            with archive.open(_TYPES) as member:
                return _MAIN_TYPE.search(member.read(_CHUNK)) is not None
    except _ZIP_ERRORS:
        # Cut off or corrupt: the local headers still tell what it was.
        return data.startswith(b"PK\x03\x04") and b"word/document" in data


@dataclass(frozen=True, slots=True)
class Relationship:
    """A reference from a part. target: a part's name without a leading slash, or an address where external."""

    kind: str  # the last piece of the type's URI, e.g. "image"
    target: str
    external: bool


class Package:
    """The parts of a .docx. Raises Damaged, Encrypted and TooLarge; a part that is not there is None."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._budget = limits.unpacked_bytes
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _ZIP_ERRORS as e:
            raise Damaged(f"docx: {e}") from e
        members = self._archive.infolist()
        _check_directory(members, limits)
        self._members = {_normal(member.filename): member for member in members}
        self._by_case = {name.lower(): name for name in self._members}
        self._relationships: dict[str, dict[str, Relationship]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._members)

    def main_part(self) -> str:
        """The name of the main part. Raises Damaged where there is none."""
        for relationship in self.relationships("").values():
            if relationship.kind == "officeDocument" and self.has(relationship.target):
                return relationship.target
        if self.has("word/document.xml"):
            return "word/document.xml"
        raise Damaged("docx: no main part")

    def has(self, name: str) -> bool:
        return name.lower() in self._by_case

    def read(self, name: str) -> bytes | None:
        """A part's bytes."""
        actual = self._by_case.get(name.lower())
        if actual is None:
            return None
        parts: list[bytes] = []
        try:
            with self._archive.open(self._members[actual]) as member:
                while chunk := member.read(_CHUNK):
                    self._budget -= len(chunk)
                    if self._budget < 0:
                        raise TooLarge("unpacked_bytes", f"more than {self._limits.unpacked_bytes}")
                    parts.append(chunk)
        except _ZIP_ERRORS as e:
            raise Damaged(f"docx: {name}: {e}") from e
        return b"".join(parts)

    def xml(self, name: str) -> Element | None:
        """A part's root element."""
        data = self.read(name)
        return None if data is None else parse(data, name)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """A part's relationships by id; those of the package for ""."""
        if part not in self._relationships:
            folder, name = posixpath.split(part)
            root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._relationships[part] = {} if root is None else dict(_relationships(root, folder))
        return self._relationships[part]

    def related(self, part: str, kind: str) -> str | None:
        """The name of the first part that `part` refers to as `kind`."""
        for relationship in self.relationships(part).values():
            if relationship.kind == kind and not relationship.external and self.has(relationship.target):
                return relationship.target
        return None


def parse(data: bytes, name: str) -> Element:
    """XML without document type, entities and network. Raises Damaged."""
    if b"<!DOCTYPE" in data or b"<\0!\0D\0O\0C\0T\0Y\0P\0E" in data:
        raise Damaged(f"docx: {name}: a document type, which the format forbids")
    if b"purl.oclc.org/ooxml" in data:
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as e:
        raise Damaged(f"docx: {name}: {e}") from e


def _check_directory(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.entries:
        raise TooLarge("entries", f"{len(members)} > {limits.entries}")
    total = sum(member.file_size for member in members)
    if total > limits.unpacked_bytes:
        raise TooLarge("unpacked_bytes", f"{total} > {limits.unpacked_bytes}")
    for member in members:
        if member.flag_bits & 1:
            raise Encrypted(f"docx: {member.filename} is encrypted")
        if member.file_size > _SMALL and member.file_size > limits.compression_ratio * max(member.compress_size, 1):
            raise TooLarge("compression_ratio", f"{member.file_size} / {member.compress_size}")


def _normal(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _relationships(root: Element, folder: str) -> list[tuple[str, Relationship]]:
    found: list[tuple[str, Relationship]] = []
    for child in root:
        target, kind = child.get("Target", ""), child.get("Type", "").rpartition("/")[2]
        external = child.get("TargetMode") == "External"
        if not external:
            joined = target if target.startswith("/") else posixpath.join("/", folder, target)
            target = posixpath.normpath(unquote(joined)).lstrip("/")
        found.append((child.get("Id", ""), Relationship(kind, target, external)))
    return found
