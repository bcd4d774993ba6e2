"""Why a file could not be read. One tree; every class has a stable code that portals match on.

    ReadError                    abstract; never raised itself
    ├── Empty            empty               no bytes, or nothing but blanks
    ├── UnknownFormat    unknown_format      no reader recognises the content
    ├── Unsupported      unsupported         recognised, but there is no reader for it; `format` names it
    ├── Encrypted        encrypted           a password is needed
    ├── Damaged          damaged             truncated or corrupt beyond what can be read around
    ├── TooLarge         too_large           over a limit of `Limits`; the message names the limit
    ├── TimedOut         timed_out           not read within the time allowed (raised by the sandbox)
    ├── ReaderCrashed    reader_crashed      the parser died or ran out of memory (raised by the sandbox)
    └── Ambiguous        ambiguous_format    two readers claim the file; both are named

    EngineError                  the OCR engine is missing or failed: our trouble, not the file's. It never
                                 becomes an empty page. gRPC UNAVAILABLE.

A ReadError is part of the *answer* ("unreadable: encrypted"), never an RPC error. `zh` and `en` say, in a sentence
each, what the sender can do; `detail` is for the operator's log.
"""

from __future__ import annotations

from typing import ClassVar, Final, NamedTuple

# Saving these as .docx or PDF is no advice: what is wanted lies in them.
_HOLD_FILES: Final = frozenset({"zip", "rar", "7z", "gzip", "bzip2", "xz", "eml", "msg", "tnef"})


class ReadError(Exception):
    """A file could not be read. Raised only as one of its subclasses."""

    code: ClassVar[str] = ""
    default_zh: ClassVar[str] = ""
    default_en: ClassVar[str] = ""

    def __init__(self, detail: str = "", *, zh: str = "", en: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.zh = zh or self.default_zh
        self.en = en or self.default_en


class Empty(ReadError):
    """The file has no content."""

    code = "empty"
    default_zh = "文件是空的，请重新导出或扫描后再上传。"
    default_en = "The file is empty; export or scan it again and upload the new file."


class UnknownFormat(ReadError):
    """No reader recognises the content."""

    code = "unknown_format"
    default_zh = "无法识别文件格式，请改用 .docx、PDF、JPG 或 PNG 重新提交。"
    default_en = "The file's format is not recognised; submit it again as .docx, PDF, JPG or PNG."


class Unsupported(ReadError):
    """The format is recognised, but there is no reader for it."""

    code = "unsupported"
    default_zh = "暂不支持这种文件格式，请另存为 .docx 或 PDF 后重新提交。"
    default_en = "This file format is not supported yet; save it as .docx or PDF and submit it again."

    def __init__(self, format: str, detail: str = "") -> None:
        if format in _HOLD_FILES:
            zh = f"该文件按内容是 {format}，其中还装有其他文件，请解压（邮件请另存附件）后逐个提交。"
            en = f"By its content this is {format}, which holds other files; unpack it (save a mail's attachments) "
            en += "and submit them one by one."
        else:
            zh = f"暂不支持 {format} 格式，请另存为 .docx 或 PDF 后重新提交。"
            en = f"The format {format} is not supported yet; save it as .docx or PDF and submit it again."
        super().__init__(detail or format, zh=zh, en=en)
        self.format = format


class Encrypted(ReadError):
    """A password is needed to read the file."""

    code = "encrypted"
    default_zh = "文件设有打开密码，请取消密码保护后重新提交。"
    default_en = "The file is protected by a password; remove the protection and submit it again."


class Damaged(ReadError):
    """The file is truncated or corrupt beyond what can be read around. `detail` says what and where."""

    code = "damaged"
    default_zh = "文件已损坏或不完整，请用原程序打开检查、另存后重新提交。"
    default_en = "The file is damaged or incomplete; open it in its program, save it again and resubmit."


class TooLarge(ReadError):
    """The file exceeds a limit; `limit` is the name of the field of Limits and `detail` gives both figures."""

    code = "too_large"

    def __init__(self, limit: str, detail: str = "") -> None:
        what, advice = _TOO_LARGE.get(limit, (_Both("文件超过允许的上限", "The file exceeds a limit"), _SPLIT))
        super().__init__(
            detail or limit,
            zh=f"{what.zh}（超过上限 {limit}），{advice.zh}。",
            en=f"{what.en} (over the limit {limit}); {advice.en}.",
        )
        self.limit = limit


class _Both(NamedTuple):
    """The same words in Chinese and English."""

    zh: str
    en: str


_SPLIT: Final = _Both("请减少内容或拆分后重新提交", "shorten or split it, and resubmit")
_SAVE: Final = _Both("请用原程序打开检查、另存后重新提交", "open it in its program, save it again and resubmit")
_SCAN: Final = _Both(
    "请以 300 dpi 左右重新扫描或缩小图片后重新提交", "scan it at some 300 dpi or shrink the picture, and resubmit"
)
_TOO_LARGE: Final = {
    "file_bytes": (_Both("文件过大", "The file has too many bytes"), _SCAN),
    "unpacked_bytes": (_Both("文件解压后过大", "The file unpacks to too many bytes"), _SAVE),
    "compression_ratio": (_Both("文件的压缩内容异常膨胀", "The file's content unpacks beyond reason"), _SAVE),
    "entries": (_Both("文件内部的部件过多", "The file has too many parts inside"), _SAVE),
    "pages": (_Both("页数过多", "The file has too many pages"), _SPLIT),
    "pixels": (_Both("页面或图片的像素过多", "A page or picture has too many pixels"), _SCAN),
    "page_side_mm": (
        _Both("页面尺寸过大", "A page is too large on paper"),
        _Both("请按 A4 纸重新导出或扫描后提交", "export or scan it as A4, and resubmit"),
    ),
    "blocks": (_Both("段落、表格或图片过多", "The file has too many paragraphs, tables or pictures"), _SPLIT),
    "cells": (_Both("表格的单元格过多", "A table has too many cells"), _SPLIT),
    "depth": (_Both("内容嵌套层数过多", "Its content is nested too deep"), _SAVE),
}
"""What a limit is in words, and what to do. By the names of the fields of Limits that bound a file as a whole."""


class TimedOut(ReadError):
    """The file was not read within the time allowed."""

    code = "timed_out"
    default_zh = "读取文件超时，请减少页数或降低分辨率后重新提交；如仍失败请人工审阅。"
    default_en = (
        "Reading took too long; resubmit the file with fewer pages or a lower resolution, or review it by hand."
    )


class ReaderCrashed(ReadError):
    """The parser died or ran out of memory on this file."""

    code = "reader_crashed"
    default_zh = "读取该文件时程序异常终止，文件可能已损坏，请另存后重新提交；如仍失败请人工审阅。"
    default_en = "The reader broke down on this file; save it again in its program and resubmit, or review it by hand."


class Ambiguous(ReadError):
    """Two readers claim the file; `detail` names both."""

    code = "ambiguous_format"
    default_zh = "文件同时像两种格式，无法确定如何读取，请另存为 .docx 或 PDF 后重新提交。"
    default_en = "The file looks like two formats at once; save it as .docx or PDF and submit it again."


class EngineError(Exception):
    """The OCR engine is missing or failed. Not a ReadError: the file is not to blame."""
