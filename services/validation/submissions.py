"""Submissions of an audit as they come in, within the limits, before anything is compared."""

from __future__ import annotations

import asyncio

from heyan.v1 import validation_service_pb2 as pb
from services.moments import moment
from services.settings import Settings
from services.status import BadRequest, OverLimit, require_valid
from services.validation import wire
from services.validation.board import Entry

MOST_DOCUMENTS = 256  # of one submission, as the contract says
TOGETHER = (
    1024 * 1024
)  # bytes of submissions that are converted in one go: a thread for each waits longer than it works
MOST_PICTURES = 128 * 1024 * 1024  # bytes of seals' crops that are kept for findings


class AuditReceiver:
    """Receives the submissions of an audit; each is brought down to what the operators look at."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._entries: list[Entry] = []
        self._waiting: list[pb.AuditSubmission] = []
        self._heavy = 0
        self._names: set[str] = set()
        self._bytes = 0
        self._pictures = 0

    async def add(self, submission: pb.AuditSubmission) -> None:
        """The next submission. Raises BadRequest, OverLimit."""
        size = submission.ByteSize()
        self._bytes += size
        if len(self._names) >= self._settings.max_audit_submissions:
            raise _over("份申报", "submissions", "HEYAN_MAX_AUDIT_SUBMISSIONS", self._settings.max_audit_submissions)
        if self._bytes > self._settings.max_audit_bytes:
            raise _over("字节", "bytes", "HEYAN_MAX_AUDIT_BYTES", self._settings.max_audit_bytes)
        if len(submission.documents) > MOST_DOCUMENTS:
            what = ("submission.documents", f"at most {MOST_DOCUMENTS}")
            raise BadRequest("申报中的文件过多。", "A submission has too many files.", what)
        # Proving every line of the readings takes longer than comparing them; what is wrong there is found wanting.
        require_valid(pb.AuditSubmission(name=submission.name, sender=submission.sender, verdict=submission.verdict))
        if submission.name in self._names:
            raise BadRequest(
                f"申报名称重复：{submission.name}。",
                f"Two submissions are called {submission.name}.",
                ("submission.name", "no two may be the same"),
            )
        self._names.add(submission.name)
        self._drop_pictures(submission)
        self._waiting.append(submission)
        self._heavy += size
        if self._heavy >= TOGETHER:
            await self._convert()

    async def finish(self) -> tuple[Entry, ...]:
        """Everything received. Raises BadRequest where there is nothing."""
        await self._convert()
        if not self._entries:
            what = ("submission", "at least one is required")
            raise BadRequest("没有收到任何申报。", "There are no submissions.", what)
        return tuple(self._entries)

    async def _convert(self) -> None:
        waiting, self._waiting, self._heavy = self._waiting, [], 0
        self._entries += await asyncio.to_thread(lambda: [_entry(submission) for submission in waiting])

    def _drop_pictures(self, submission: pb.AuditSubmission) -> None:
        """Crops are an ornament of findings: those that come once there are many are left out."""
        for reading in submission.documents:
            for seal in reading.seals:
                self._pictures += len(seal.picture)
                if self._pictures > MOST_PICTURES:
                    seal.ClearField("picture")


def _entry(submission: pb.AuditSubmission) -> Entry:
    received = moment(submission.receive_time) if submission.HasField("receive_time") else None
    return wire.entry_from_proto(submission, received)


def _over(zh: str, en: str, setting: str, allowed: int) -> OverLimit:
    return OverLimit(
        f"一次比对最多 {allowed} {zh}。", f"At most {allowed} {en} in one audit.", setting=setting, allowed=allowed
    )
