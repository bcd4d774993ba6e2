"""What became of kept submissions, for those who look at it: reports with pictures, and the rows of a roster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.document_pb2 import Reading, Seal
from heyan.v1.report_pb2 import Report
from services.intake.ledger import readings, submissions
from services.intake.ledger.database import Connection, Database
from services.intake.ledger.readings import Key
from services.intake.ledger.submissions import Submission
from services.intake.refusals import Erased, NotDone
from services.intake.wire import FAILURES
from services.outputs.roster import Row
from services.validation.wire import report_from_proto

_AT_ONCE = 50
_STANDING = {
    pb.SUBMISSION_STATE_QUEUED: "排队中",
    pb.SUBMISSION_STATE_RUNNING: "审核中",
    pb.SUBMISSION_STATE_FAILED: "处理失败",
    pb.SUBMISSION_STATE_CANCELLED: "已取消",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """The ledger, as outputs see it. reader: of services.extraction.version."""

    database: Database
    reader: str

    async def report(self, caller: str | None, name: str, *, pictures: bool = False) -> Report:
        """As it was answered. pictures: with previews of pages and crops of seals, where their readings are kept.

        Raises NotFound, Erased, NotDone.
        """
        return await self.database.read(_report, caller, name, self.reader if pictures else None)

    async def rows(self, caller: str | None, call: str) -> AsyncIterator[Row]:
        """Every submission of a call that the caller, or anybody (None), has and has not erased; in their order."""
        after = 0
        while some := await self.database.read(submissions.of_call, caller, call, after, _AT_ONCE):
            for submission in some:
                yield _row(submission)
            after = some[-1].number


def _report(connection: Connection, caller: str | None, name: str, reader: str | None) -> Report:
    submission = submissions.get(connection, caller, name)
    if submission.state == pb.SUBMISSION_STATE_ERASED:
        raise Erased(submission.name)
    if submission.state != pb.SUBMISSION_STATE_DONE:
        raise NotDone(submission.name)
    report = Report.FromString(submission.report)
    if reader is not None:
        found = [readings.find_by_any_reader(connection, Key(each.sha256, reader, "")) for each in report.documents]
        _add_pictures(report, [kept.reading if kept is not None else Reading() for kept in found])
    return report


def _add_pictures(report: Report, kept: Sequence[Reading]) -> None:
    """Those of the kept readings, one a file, that are of the same pages and seals: the report may be of an older
    reader, and a paper's pages may be several files'."""
    for index, document in enumerate(report.documents):
        firsts = {page.file: page.number for page in reversed(document.document.pages)}
        at = {
            page.number: (page.file - 1, page.number - firsts[page.file] + 1) if page.file else (index, page.number)
            for page in document.document.pages
        }
        for page in document.document.pages:
            file, number = at[page.number]
            previews = (other.preview for other in kept[file].document.pages if other.number == number)
            page.preview = next(previews, b"")
        for seal in document.seals:
            file, number = at.get(seal.place.page, (index, seal.place.page))
            seal.picture = next((other.picture for other in kept[file].seals if _is_same(other, seal, number)), b"")


def _is_same(kept: Seal, told: Seal, number: int) -> bool:
    """Whether the two are one seal, on the page of that number of the file."""
    return kept.place.page == number and kept.place.box == told.place.box and kept.place.path == told.place.path


def _row(submission: Submission) -> Row:
    standing = _STANDING.get(submission.state, "")
    if submission.failure in FAILURES:
        standing += f"：{FAILURES[submission.failure].zh}"
    report = report_from_proto(Report.FromString(submission.report)) if submission.report else None
    return Row(report, standing, submission.id, submission.label)
