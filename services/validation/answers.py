"""Answers that were given lately, so that the same check is not judged again and again.

A portal checks the same files when a form is opened, when another is corrected, when all are sent. Their readings are
on the shelf; converting and judging them costs many times what looking this up does. The key says what the report
follows from: the call as it was loaded, the moment of receipt, the files, and which readings of them are on the shelf
now. So an answer is never older than the ledger: who erases or replaces a reading makes every answer from it
unreachable.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heyan.v1.report_pb2 import Report
from services.examine import Edition, Upload
from services.validation.model import Call

_MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """What a report follows from, besides the label. call: by identity; a call that is loaded anew is another."""

    call: Call
    received: datetime | None
    files: tuple[tuple[str, str, int, Edition], ...]

    @classmethod
    def of(
        cls, call: Call, received: datetime | None, uploads: Sequence[Upload], editions: Sequence[Edition]
    ) -> Question:
        files = zip(uploads, editions, strict=True)
        return cls(call, received, tuple((each.name, each.sha256, each.size, edition) for each, edition in files))


class Answers:
    """Reports with the BASIC view, without pictures; those asked for least lately go first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Question, bytes] = OrderedDict()

    def find(self, question: Question, label: str) -> Report | None:
        """The report, with this label."""
        kept = self._kept.get(question)
        if kept is None:
            return None
        self._kept.move_to_end(question)
        report = Report.FromString(kept)
        report.label = label
        return report

    def keep(self, question: Question, report: Report) -> None:
        message = report.SerializeToString()
        if len(message) > self._most:
            return
        self._bytes += len(message) - len(self._kept.pop(question, b""))
        self._kept[question] = message
        while self._bytes > self._most:
            self._bytes -= len(self._kept.popitem(last=False)[1])
