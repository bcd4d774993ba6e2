"""Streams of chunks into files, within the limits, before anything is parsed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from services.examine import Upload
from services.settings import Settings
from services.status import BadRequest, OverLimit

MOST_CHUNK = 4 * 1024 * 1024  # of the contract


class Receiver:
    """Receives the files of one submission.

    A file over the limit is counted and hashed, but its bytes are thrown away: it becomes "unreadable: too_large" in
    the report, and the others go on. Too many files, or too many bytes in all, refuse the request.

    hold: told of bytes before they are kept; it raises where there is no room for them (services/admission.py).
    """

    def __init__(self, settings: Settings, hold: Callable[[int], None] = lambda size: None) -> None:
        self._settings = settings
        self._hold = hold
        self._uploads: list[Upload] = []
        self._name: str | None = None
        self._password = ""
        self._chunks: list[bytes] = []
        self._size = 0
        self._total = 0
        self._hash = hashlib.sha256()

    def begin(self, name: str, password: str = "") -> None:
        """The next file begins; password: to open it. Raises OverLimit."""
        self._end()
        if len(self._uploads) >= self._settings.max_files:
            raise OverLimit(
                f"一次提交最多 {self._settings.max_files} 个文件。",
                f"At most {self._settings.max_files} files a submission.",
                setting="HEYAN_MAX_FILES",
                allowed=self._settings.max_files,
            )
        self._name, self._password = name, password

    def add(self, chunk: bytes) -> None:
        """The next bytes of the file that began last. Raises BadRequest, OverLimit, Busy."""
        if self._name is None:
            raise BadRequest(
                "收到文件内容之前应先发送文件头。",
                "A chunk came before any file header.",
                ("chunk", "no file has begun"),
            )
        self._size += len(chunk)
        self._total += len(chunk)
        if self._total > self._settings.max_submission_bytes:
            raise OverLimit(
                f"一次提交的文件总大小不得超过 {self._settings.max_submission_bytes} 字节。",
                f"The files of a submission may have at most {self._settings.max_submission_bytes} bytes in all.",
                setting="HEYAN_MAX_SUBMISSION_BYTES",
                allowed=self._settings.max_submission_bytes,
            )
        self._hash.update(chunk)
        if self._size <= self._settings.limits.file_bytes:
            self._hold(len(chunk))
            self._chunks.append(chunk)
        else:
            self._chunks.clear()

    def finish(self) -> tuple[Upload, ...]:
        """The files, in the order sent."""
        self._end()
        return tuple(self._uploads)

    def _end(self) -> None:
        if self._name is None:
            return
        kept = self._size <= self._settings.limits.file_bytes
        data = b"".join(self._chunks) if kept else None
        self._uploads.append(Upload(self._name, self._size, self._hash.hexdigest(), data, self._password))
        self._name, self._size, self._hash = None, 0, hashlib.sha256()
        self._chunks.clear()
