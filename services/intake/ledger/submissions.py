"""Submissions: accept, get, list, change state. Each change tells those who watch, in the same transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.report_pb2 import Report
from services.intake.ledger import attachments, events, portals, queue
from services.intake.ledger.database import Connection, exclusive, now
from services.intake.ledger.portals import Quotas
from services.intake.ledger.queue import Job
from services.intake.ledger.schema import requests, submission_files, submissions
from services.intake.refusals import AlreadyExists, Erased, MissingAttachments
from services.status import Busy, NotFound

ENDED = (
    pb.SUBMISSION_STATE_DONE,
    pb.SUBMISSION_STATE_FAILED,
    pb.SUBMISSION_STATE_CANCELLED,
    pb.SUBMISSION_STATE_ERASED,
)
_BUSY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class New:
    """A submission to accept. body_sha256: of all but the request id. file_names: () for those of the uploads."""

    request_id: str
    body_sha256: str
    call: str
    label: str
    priority: int
    receive_time: int | None
    hashes: tuple[str, ...]
    file_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Submission:
    """A row with its files: (sha256, file name). report: heyan.v1.Report; b"" where there is none, and in lists."""

    number: int
    id: str
    caller: str
    call: str
    label: str
    priority: int
    receive_time: int | None
    create_time: int
    finish_time: int | None
    state: pb.SubmissionState.ValueType
    verdict: int
    report: bytes
    failure: str
    files: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return submission_name(self.id)

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Filter:
    """Which submissions. Empty and 0 mean all. before: numbers below this one; 0 for all."""

    call: str = ""
    label: str = ""
    state: int = 0
    verdict: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class At:
    """How far the work on a submission is: pages_done of all its files; file: the one that is read, from 1, of files.

    file_done of file_total: its pages; 0 while unknown.
    """

    submission: int
    files: int
    stage: str = "reading"
    file: int = 0
    pages_done: int = 0
    file_done: int = 0
    file_total: int = 0

    def next_file(self) -> At:
        return replace(self, file=self.file + 1, file_done=0, file_total=0)

    def within(self, done: int, total: int) -> At:
        """Some pages of the file are read."""
        return replace(self, pages_done=self.pages_done + done, file_done=done, file_total=total)

    def read(self, pages: int) -> At:
        """The file is read."""
        return self.within(pages, pages)

    @property
    def pages_total(self) -> int:
        """0 while unknown: before the last file has begun."""
        return self.pages_done - self.file_done + self.file_total if self.file == self.files else 0


# Made once: making a statement anew costs as much as running it.
_ANSWERED = sa.select(requests.c.body_sha256, requests.c.submission).where(
    requests.c.caller == sa.bindparam("the_caller"), requests.c.request_id == sa.bindparam("the_request")
)
_REGISTER = sa.insert(submissions).returning(submissions.c.number)
_REGISTER_FILES = sa.insert(submission_files)
_REGISTER_REQUEST = sa.insert(requests)
_BY_ID = sa.select(submissions).where(submissions.c.id == sa.bindparam("the_id"))
_BY_NUMBER = sa.select(submissions).where(submissions.c.number == sa.bindparam("the_number"))
_FILES = (
    sa.select(submission_files)
    .where(submission_files.c.submission.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(submission_files.c.submission, submission_files.c.position)
)
_UPDATE = sa.update(submissions).where(submissions.c.number == sa.bindparam("the_number"))


def submission_name(id: str) -> str:
    return f"submissions/{id}"


def accept(
    connection: Connection, caller: str, new: Sequence[New], most_waiting: int, usual: Quotas = Quotas()
) -> list[Submission]:
    """Register them all, and queue them; a retry gives what was registered first.

    usual: quotas of a portal without its own. Raises AlreadyExists, MissingAttachments, Busy, OverQuota: nothing is
    registered then.
    """
    accepted = []
    registered = 0
    _alone(connection, caller)
    room = most_waiting - queue.waiting(connection)
    for each in new:
        earlier = _answered(connection, caller, each)
        if earlier is None:
            if room <= 0:
                raise Busy(_BUSY_SECONDS)
            room -= 1
            registered += 1
            earlier = _register(connection, caller, each)
        accepted.append(earlier)
    if registered:
        portals.add(connection, caller, 0, registered, usual)
    return accepted


def _alone(connection: Connection, caller: str) -> None:
    """One caller's acceptances and erasures take turns: two retries, or an erasure of what is just being named."""
    exclusive(connection, f"caller {caller}")


def _answered(connection: Connection, caller: str, new: New) -> Submission | None:
    row = connection.execute(_ANSWERED, {"the_caller": caller, "the_request": new.request_id}).first()
    if row is None:
        return None
    earlier = by_number(connection, row.submission)
    if row.body_sha256 not in ("", new.body_sha256):
        raise AlreadyExists(new.request_id, earlier.name)
    return earlier


def _register(connection: Connection, caller: str, new: New) -> Submission:
    known = attachments.known(connection, caller, new.hashes)
    if missing := [f"attachments/{sha256}" for sha256 in dict.fromkeys(new.hashes) if sha256 not in known]:
        raise MissingAttachments(missing)
    names = new.file_names or tuple(known[sha256].file_name for sha256 in new.hashes)
    values: dict[str, Any] = {
        "id": secrets.token_hex(10),
        "caller": caller,
        "call": new.call,
        "label": new.label,
        "priority": new.priority,
        "receive_time": new.receive_time,
        "create_time": now(connection),
        "state": pb.SUBMISSION_STATE_QUEUED,
        "verdict": 0,
        "failure": "",
    }
    number = connection.scalar(_REGISTER, {**values, "events": 0})
    assert number is not None
    files = tuple(zip(new.hashes, names, strict=True))
    connection.execute(
        _REGISTER_FILES,
        [
            {"submission": number, "position": position, "sha256": sha256, "file_name": name}
            for position, (sha256, name) in enumerate(files)
        ],
    )
    request = {"caller": caller, "request_id": new.request_id, "body_sha256": new.body_sha256, "submission": number}
    connection.execute(_REGISTER_REQUEST, request)
    queue.enqueue(connection, number, caller, new.priority)
    registered = Submission(number=number, **values, finish_time=None, report=b"", files=files)
    events.tell(connection, number, _event("queued", pb.SUBMISSION_STATE_QUEUED))
    events.note(connection, caller, "created", registered.name)
    return registered


def get(connection: Connection, caller: str | None, name: str) -> Submission:
    """The caller's submission of that name; None for anybody's. Raises NotFound, for another caller's, too."""
    row = connection.execute(_BY_ID, {"the_id": name.removeprefix("submissions/")}).first()
    if row is not None and caller not in (None, row.caller):
        row = None
    if row is None:
        raise NotFound(f"没有名为 {name} 的申报。", f"There is no {name}.", kind="submission", name=name)
    return _whole(connection, [row])[0]


def _of(caller: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if caller is None else submissions.c.caller == caller


def by_number(connection: Connection, number: int) -> Submission:
    row = connection.execute(_BY_NUMBER, {"the_number": number}).one()
    return _whole(connection, [row])[0]


_LISTED = [column for column in submissions.c if column.name != "report"]


def page(connection: Connection, caller: str | None, wanted: Filter, size: int) -> list[Submission]:
    """The caller's submissions, or everybody's (None), newest first, without reports; at most `size`."""
    query = sa.select(*_LISTED).where(_of(caller))
    for column in ("call", "label", "state", "verdict"):
        if value := getattr(wanted, column):
            query = query.where(submissions.c[column] == value)
    if wanted.before:
        query = query.where(submissions.c.number < wanted.before)
    rows = connection.execute(query.order_by(submissions.c.number.desc()).limit(size)).all()
    return _whole(connection, rows)


def done_of_call(connection: Connection, caller: str | None, call: str, after: int, limit: int) -> list[Submission]:
    """Finished submissions of a call, the caller's or everybody's (None), with their reports.

    Oldest first; numbers above `after`.
    """
    rows = connection.execute(
        sa.select(submissions)
        .where(
            _of(caller),
            submissions.c.call == call,
            submissions.c.state == pb.SUBMISSION_STATE_DONE,
            submissions.c.number > after,
        )
        .order_by(submissions.c.number)
        .limit(limit)
    ).all()
    return _whole(connection, rows)


def of_call(connection: Connection, caller: str | None, call: str, after: int, limit: int) -> list[Submission]:
    """Submissions of a call that are not erased, the caller's or everybody's (None), with their reports.

    Oldest first; numbers above `after`.
    """
    rows = connection.execute(
        sa.select(submissions)
        .where(
            _of(caller),
            submissions.c.call == call,
            submissions.c.state != pb.SUBMISSION_STATE_ERASED,
            submissions.c.number > after,
        )
        .order_by(submissions.c.number)
        .limit(limit)
    ).all()
    return _whole(connection, rows)


def ended_before(connection: Connection, moment: int, limit: int) -> list[Submission]:
    """Submissions that came to their end before a moment and still hold personal data."""
    states = [state for state in ENDED if state != pb.SUBMISSION_STATE_ERASED]
    rows = connection.execute(
        sa.select(*_LISTED)
        .where(submissions.c.state.in_(states), submissions.c.finish_time < moment)
        .order_by(submissions.c.finish_time)
        .limit(limit)
    ).all()
    return _whole(connection, rows)


def _whole(connection: Connection, rows: Iterable[sa.Row[Any, Any]]) -> list[Submission]:
    rows = list(rows)
    files: dict[int, list[tuple[str, str]]] = {row.number: [] for row in rows}
    for file in connection.execute(_FILES, {"numbers": list(files)}):
        files[file.submission].append((file.sha256, file.file_name))
    return [
        Submission(
            number=row.number,
            id=row.id,
            caller=row.caller,
            call=row.call,
            label=row.label,
            priority=row.priority,
            receive_time=row.receive_time,
            create_time=row.create_time,
            finish_time=row.finish_time,
            state=row.state,
            verdict=row.verdict,
            report=getattr(row, "report", None) or b"",
            failure=row.failure,
            files=tuple(files[row.number]),
        )
        for row in rows
    ]


# ------------------------------------------------------------------------------------------ changes of state


def begin(connection: Connection, worker: str, seconds: float) -> tuple[Job, Submission] | None:
    """Takes the next job, held for so many seconds, and begins with it, perhaps again; None where there is none."""
    job = queue.take(connection, worker, seconds)
    if job is None:
        return None
    _set(connection, job.submission, state=pb.SUBMISSION_STATE_RUNNING)
    events.tell(connection, job.submission, _event("reading", pb.SUBMISSION_STATE_RUNNING))
    return job, by_number(connection, job.submission)


def progress(connection: Connection, worker: str, *reached: At) -> bool:
    """Tells how far it is, of one submission. False where the job is not the worker's any more."""
    number = reached[0].submission
    if not queue.is_held(connection, worker, number):
        return False
    happened = [
        _event(
            at.stage,
            pb.SUBMISSION_STATE_RUNNING,
            pages_done=at.pages_done,
            pages_total=at.pages_total,
            file=at.file,
            files=at.files,
            file_pages_done=at.file_done,
            file_pages_total=at.file_total,
        )
        for at in reached
    ]
    events.tell(connection, number, *happened)
    return True


def finish(connection: Connection, worker: str, submission: Submission, report: Report) -> bool:
    """The report, for good. False where the job is not the worker's any more: nothing is written then."""
    if not queue.end(connection, worker, submission.number):
        return False
    pages = sum(len(reading.document.pages) for reading in report.documents)
    counted = {"pages_done": pages, "pages_total": pages}
    state = pb.SUBMISSION_STATE_DONE
    _set(
        connection,
        submission.number,
        state=state,
        report=report.SerializeToString(),
        verdict=report.verdict,
        finish_time=now(connection),
    )
    events.tell(
        connection,
        submission.number,
        *(_event("judging", pb.SUBMISSION_STATE_RUNNING, finding=finding, **counted) for finding in report.findings),
        _event("done", state, **counted),
    )
    events.note(connection, submission.caller, "done", submission.name)
    return True


def retry(connection: Connection, worker: str, submission: Submission, seconds: float) -> None:
    """It went wrong: it waits again, and is tried after so many seconds."""
    if queue.is_held(connection, worker, submission.number):
        queue.postpone(connection, worker, submission.number, seconds)
        _set(connection, submission.number, state=pb.SUBMISSION_STATE_QUEUED)
        events.tell(connection, submission.number, _event("retrying", pb.SUBMISSION_STATE_QUEUED))


def fail(connection: Connection, worker: str, submission: Submission, code: str) -> None:
    """Given up, with a reason."""
    if queue.end(connection, worker, submission.number):
        state = pb.SUBMISSION_STATE_FAILED
        _set(connection, submission.number, state=state, failure=code, finish_time=now(connection))
        events.tell(connection, submission.number, _event("failed", state))
        events.note(connection, submission.caller, "failed", submission.name)


def give_back(connection: Connection, worker: str, number: int) -> None:
    """The worker stops, and the next may go on."""
    if queue.is_held(connection, worker, number):
        queue.give_back(connection, worker, number)
        _set(connection, number, state=pb.SUBMISSION_STATE_QUEUED)
        events.tell(connection, number, _event("queued", pb.SUBMISSION_STATE_QUEUED))


def cancel(connection: Connection, caller: str | None, name: str) -> Submission:
    """Stops the work, unless it is over; of anybody's (None), too. Raises NotFound, Erased."""
    submission = get(connection, caller, name)
    if submission.state == pb.SUBMISSION_STATE_ERASED:
        raise Erased(submission.name)
    if not submission.ended:
        queue.remove(connection, submission.number)
        # the worker may have finished between our look and our delete (PostgreSQL): look again
        submission = get(connection, caller, name)
    if submission.ended:
        return submission
    state = pb.SUBMISSION_STATE_CANCELLED
    _set(connection, submission.number, state=state, finish_time=now(connection))
    events.tell(connection, submission.number, _event("cancelled", state))
    events.note(connection, submission.caller, "cancelled", submission.name)
    return get(connection, caller, name)


def erase(connection: Connection, caller: str | None, name: str, action: str = "erased") -> Submission:
    """Everything of it but that it was there; of anybody's (None), too.

    The bytes of `attachments.to_discard` go next. Raises NotFound.
    """
    owner = get(connection, caller, name).caller  # which never changes
    _alone(connection, owner)
    submission = get(connection, owner, name)
    if submission.state == pb.SUBMISSION_STATE_ERASED:
        return submission
    number, state = submission.number, pb.SUBMISSION_STATE_ERASED
    queue.remove(connection, number)
    connection.execute(sa.delete(submission_files).where(submission_files.c.submission == number))
    connection.execute(sa.update(requests).where(requests.c.submission == number).values(body_sha256=""))
    attachments.forget(connection, owner, list({sha256 for sha256, _ in submission.files}))
    events.forget(connection, number)
    finish_time = submission.finish_time or now(connection)
    _set(connection, number, state=state, label="", report=None, verdict=0, failure="", receive_time=None)
    _set(connection, number, finish_time=finish_time)
    events.tell(connection, number, _event("erased", state))
    events.note(connection, owner, action, submission.name)
    portals.add(connection, owner, 0, -1)
    return by_number(connection, number)


def rejudge(connection: Connection, submission: Submission, report: Report) -> bool:
    """Another report in place of the one that `submission` carries. False where that was replaced meanwhile."""
    changed = connection.execute(
        sa.update(submissions)
        .where(
            submissions.c.number == submission.number,
            submissions.c.state == pb.SUBMISSION_STATE_DONE,
            submissions.c.report == submission.report,
        )
        .values(report=report.SerializeToString(), verdict=report.verdict)
    ).rowcount
    if changed:
        events.tell(connection, submission.number, _event("rejudged", pb.SUBMISSION_STATE_DONE))
        events.note(connection, submission.caller, "rejudged", submission.name)
    return changed == 1


def _set(connection: Connection, number: int, **values: object) -> None:
    connection.execute(_UPDATE, {"the_number": number, **values})


def _event(stage: str, state: pb.SubmissionState.ValueType, **more: object) -> pb.WatchSubmissionResponse:
    return pb.WatchSubmissionResponse(stage=stage, state=state, **more)  # type: ignore[arg-type]
