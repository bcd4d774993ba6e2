"""From a file's bytes to a Document: choose the one reader that recognises the content.

1. Too large or empty: refused before anything is parsed.
2. Each reader of the table is asked. Exactly one says yes: it reads. Two: Ambiguous, both named.
3. None: the content is named (Unsupported, Encrypted, Damaged) or UnknownFormat. A .docx under a password is opened
   where the password is given, and read.
4. Where the caller hands over LibreOffice, a text document that ended so is converted and read as .docx.

The file's name plays no part: a letter renamed from .docx to .doc is still a .docx.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from extractors.document import Defect, Document
from extractors.errors import Ambiguous, Empty, Encrypted, ReadError, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Look
from extractors.pages import Pages, Unwatched, joined, renumbered
from extractors.readers import docx, html, image, msdoc, offcrypto, pdf, rtf, soffice, text, wordml
from extractors.readers.formats import refusal


class Reader(Protocol):
    """A module of extractors/readers/. Some take more: a password, or who watches their pages."""

    def recognises(self, data: bytes) -> bool:
        """Whether the content is of this reader's format. Never raises."""
        ...

    def read(self, data: bytes, look: Look, limits: Limits) -> Document:
        """What the file states. Raises a ReadError; EngineError where `look` fails."""
        ...


READERS: Final[dict[str, Reader]] = {
    "docx": docx,
    "msdoc": msdoc,
    "pdf": pdf,
    "image": image,
    "rtf": rtf,
    "html": html,
    "wordml": wordml,
    "text": text,
}


UNWATCHED: Final = Unwatched()


def read(
    data: bytes,
    look: Look,
    limits: Limits,
    office: soffice.Office | None = None,
    password: str = "",
    pages: Pages = UNWATCHED,
) -> Document:
    """What the file states. Raises a subclass of ReadError, or EngineError where the OCR engine fails.

    office: LibreOffice, the last resort for text documents; None for not at all. password: to open the file, should it
    need one; "" for none. pages: is told of each page of a PDF or TIFF, and may know it already.
    """
    try:
        return _read(data, look, limits, password, pages)
    except ReadError as error:
        if password and isinstance(error, Encrypted):
            raise Encrypted(
                error.detail,
                zh="所给的密码打不开该文件，请核对密码，或取消密码保护后重新提交。",
                en="The password given does not open the file; check it, or remove the protection and submit it again.",
            ) from error
        format = "" if office is None else soffice.format_of(error, data)
        converted = soffice.to_docx(data, format, office, limits) if office and format else None
        if converted is None or not docx.recognises(converted):
            raise
        document = docx.read(converted, look, limits)
        return replace(document, format=format, defects=(soffice.defect(error), *document.defects))


def _read(data: bytes, look: Look, limits: Limits, password: str, pages: Pages) -> Document:
    if len(data) > limits.file_bytes:
        raise TooLarge("file_bytes", f"{len(data)} > {limits.file_bytes}")
    if not data.strip(b"\0 \t\r\n\f\v"):
        raise Empty()
    claims = [name for name, reader in READERS.items() if reader.recognises(data)]
    if not claims:
        error = refusal(data)
        if password and isinstance(error, Encrypted):  # a .docx in a compound file
            return _read(offcrypto.decrypted(data, password, limits), look, limits, "", pages)
        raise error
    if len(claims) > 1:
        raise Ambiguous(" and ".join(claims))
    (name,) = claims
    match name:
        case "pdf":
            document = pdf.read(data, look, limits, password, pages)
            return _with_attachments(document, pdf.attachments(data, limits, password), look, limits)
        case "image":
            return image.read(data, look, limits, pages)
        case "msdoc":
            return msdoc.read(data, look, limits, password)
    return READERS[name].read(data, look, limits)


def _with_attachments(document: Document, files: Sequence[tuple[str, bytes]], look: Look, limits: Limits) -> Document:
    """A PDF's document with the pages of the PDFs and pictures within it behind its own. The others are told."""
    unread: list[str] = []
    for index, (name, data) in enumerate(files, 1):
        reader = pdf if pdf.recognises(data) else image if image.recognises(data) else None
        try:
            inner = reader.read(data, look, limits) if reader is not None else None
        except ReadError:
            inner = None
        if inner is None or (reader is pdf and pdf.attachments(data, limits)):
            unread.append(name or f"#{index}")
        if inner is None:
            continue
        if len(document.pages) + len(inner.pages) > limits.pages:
            raise TooLarge("pages", f"with embedded files more than {limits.pages}")
        document = joined(document, renumbered(inner, len(document.pages), index))
    if not unread:
        return document
    names = ", ".join(unread[:5])
    return replace(
        document,
        defects=(
            *document.defects,
            Defect(
                "has_attachments",
                f"PDF 内嵌的 {len(unread)} 个附件未能读取：{names}。",
                f"{len(unread)} embedded files of the PDF were not read: {names}.",
                blind=True,
            ),
        ),
    )
