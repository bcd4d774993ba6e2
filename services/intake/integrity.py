"""Is what is kept whole? Every hash, every reference, every state: `heyan doctor --data DIR`.

    for problem in problems(connection, store): ...

Nothing is changed, and a server may go on working: what it changes meanwhile is looked at again before it is told. An
ERROR is something lost or contradictory; a WARNING costs nothing but a look, or goes away by itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from google.protobuf.message import DecodeError

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.document_pb2 import Reading
from heyan.v1.report_pb2 import Report
from services.intake.ledger import schema
from services.intake.ledger.database import Connection
from services.intake.ledger.submissions import ENDED, submission_name
from services.intake.store import MissingBytes, Store
from services.validation.model import Text

_AT_ONCE = 200


class Weight(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """code: for programs. subject: "submissions/…" or "attachments/…"; no personal data."""

    code: str
    weight: Weight
    subject: str
    message: Text


@dataclass(frozen=True, slots=True)
class Looked:
    """How much was looked at; bytes: of attachments."""

    submissions: int
    attachments: int
    bytes: int
    readings: int
    waiting: int


def looked(connection: Connection) -> Looked:
    def count(table: sa.Table) -> int:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    size = connection.scalar(sa.select(sa.func.sum(schema.attachments.c.size_bytes))) or 0
    return Looked(
        count(schema.submissions), count(schema.attachments), int(size), count(schema.readings), count(schema.jobs)
    )


def problems(connection: Connection, store: Store) -> Iterator[Problem]:
    """Everything that is wrong, the ledger first, then the store. Raises StorageDown: the store cannot be reached."""
    yield from _database(connection)
    yield from _submissions(connection)
    yield from _events(connection)
    yield from _queue(connection)
    yield from _references(connection)
    yield from _readings(connection)
    yield from _bytes(connection, store)
    yield from _orphans(connection, store)


def _error(code: str, subject: str, zh: str, en: str) -> Problem:
    return Problem(code, Weight.ERROR, subject, Text(zh, en))


def _warning(code: str, subject: str, zh: str, en: str) -> Problem:
    return Problem(code, Weight.WARNING, subject, Text(zh, en))


# ------------------------------------------------------------------------------------------------- the ledger


def _database(connection: Connection) -> Iterator[Problem]:
    """What SQLite says of its own file. PostgreSQL has checksums of its own."""
    if connection.dialect.name != "sqlite":
        return
    for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield _error("database_damaged", "heyan.sqlite", f"数据库文件损坏：{said}", f"the file is damaged: {said}")
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield _error(
            "reference_broken", str(row[0]), f"{row[0]} 引用了不存在的 {row[2]}", f"{row[0]} refers to no {row[2]}"
        )


def _submissions(connection: Connection) -> Iterator[Problem]:
    """State, verdict, report and files of each submission agree."""
    table, files = schema.submissions, schema.submission_files
    after = 0
    while rows := connection.execute(
        sa.select(table).where(table.c.number > after).order_by(table.c.number).limit(_AT_ONCE)
    ).all():
        numbers = [row.number for row in rows]
        named: dict[int, list[str]] = {number: [] for number in numbers}
        for file in connection.execute(
            sa.select(files.c.submission, files.c.sha256)
            .where(files.c.submission.in_(numbers))
            .order_by(files.c.submission, files.c.position)
        ):
            named[file.submission].append(file.sha256)
        for row in rows:
            yield from _submission(row, named[row.number])
        after = numbers[-1]


def _submission(row: sa.Row[tuple[object, ...]], hashes: list[str]) -> Iterator[Problem]:
    name = submission_name(row.id)
    if row.state not in pb.SubmissionState.values() or row.state == pb.SUBMISSION_STATE_UNSPECIFIED:
        yield _error("state_unknown", name, f"状态 {row.state} 不存在", f"there is no state {row.state}")
        return
    state = pb.SubmissionState.Name(row.state).removeprefix("SUBMISSION_STATE_")
    if (row.finish_time is not None) != (row.state in ENDED):
        yield _error("finish_time_wrong", name, f"状态 {state} 与结束时间不符", f"{state} with a wrong finish time")
    if row.state == pb.SUBMISSION_STATE_FAILED and not row.failure:
        yield _error("reason_missing", name, "处理失败而没有原因", "failed without a reason")
    if row.state == pb.SUBMISSION_STATE_ERASED:
        if hashes or row.report or row.label:
            yield _error("erased_in_part", name, "已删除的申报仍有内容", "erased, but not all of it is gone")
        return
    if not hashes:
        yield _error("files_missing", name, "没有附件记录", "it has no files")
    if row.state != pb.SUBMISSION_STATE_DONE:
        if row.report:
            yield _error("report_unexpected", name, f"状态 {state} 却有报告", f"{state}, but it has a report")
        return
    try:
        report = Report.FromString(row.report or b"")
    except DecodeError:
        yield _error("report_damaged", name, "报告已损坏", "its report is damaged")
        return
    if not row.report or report.verdict != row.verdict:
        yield _error("verdict_differs", name, "结论与报告不一致", "its verdict is not its report's")
    elif [reading.sha256 for reading in report.documents] != hashes:
        yield _error("report_of_others", name, "报告与附件不一致", "its report is not of its files")


def _events(connection: Connection) -> Iterator[Problem]:
    """Numbered from 1 without gaps; of an erased submission only the last is left."""
    table, events = schema.submissions, schema.events
    counted = (
        sa.select(events.c.submission, sa.func.count().label("many"), sa.func.max(events.c.sequence).label("last"))
        .group_by(events.c.submission)
        .subquery()
    )
    rows = connection.execute(
        sa.select(table.c.id, table.c.state, table.c.events, counted.c.many, counted.c.last).join(
            counted, counted.c.submission == table.c.number, isouter=True
        )
    )
    for row in rows:
        many = 1 if row.state == pb.SUBMISSION_STATE_ERASED else row.events
        if (row.many, row.last) != (many, row.events):
            yield _error("events_missing", submission_name(row.id), "进度记录不连续", "its events have gaps")


def _queue(connection: Connection) -> Iterator[Problem]:
    """A job for whatever has not come to its end, and for nothing else."""
    table, jobs = schema.submissions, schema.jobs
    rows = connection.execute(
        sa.select(table.c.id, table.c.state, table.c.caller, jobs.c.submission, jobs.c.caller.label("served")).join(
            jobs, jobs.c.submission == table.c.number, isouter=True
        )
    )
    for row in rows:
        name, waits = submission_name(row.id), row.submission is not None
        if not waits and row.state not in ENDED:
            yield _error("never_worked_on", name, "未完成，却不在队列中", "it is not done, and nothing waits to do it")
        elif waits and row.state in ENDED:
            yield _error("worked_on_in_vain", name, "已结束，却仍在队列中", "it is over, and still in the queue")
        elif waits and row.served != row.caller:
            yield _error("queued_for_another", name, "队列中的归属不一致", "it is queued as another caller's")


def _references(connection: Connection) -> Iterator[Problem]:
    """Who has which bytes."""
    table, files, uploads = schema.submissions, schema.submission_files, schema.uploads
    attachments, discarded, requests = schema.attachments, schema.discarded, schema.requests
    theirs = sa.and_(uploads.c.sha256 == files.c.sha256, uploads.c.caller == table.c.caller)
    for row in connection.execute(
        sa.select(table.c.id, files.c.sha256)
        .join(files, files.c.submission == table.c.number)
        .join(uploads, theirs, isouter=True)
        .where(uploads.c.sha256.is_(None))
    ):
        yield _error(
            "upload_missing",
            submission_name(row.id),
            f"引用了本调用方未上传的附件 {row.sha256[:12]}",
            f"names {row.sha256[:12]}, which its caller has not uploaded",
        )
    nobodys = ~sa.select(uploads.c.sha256).where(uploads.c.sha256 == attachments.c.sha256).exists()
    for sha256 in connection.scalars(sa.select(attachments.c.sha256).where(nobodys)):
        yield _error("owner_missing", f"attachments/{sha256}", "附件没有归属", "these bytes are nobody's")
    both = sa.select(discarded.c.sha256).join(attachments, attachments.c.sha256 == discarded.c.sha256)
    for sha256 in connection.scalars(both):
        yield _error(
            "discarded_and_kept", f"attachments/{sha256}", "附件既保留又待删除", "both kept and to be discarded"
        )
    for row in connection.execute(
        sa.select(table.c.id)
        .join(requests, requests.c.submission == table.c.number, isouter=True)
        .where(sa.or_(requests.c.caller.is_(None), requests.c.caller != table.c.caller))
    ):
        yield _error("request_missing", submission_name(row.id), "没有对应的请求编号", "it has no request id")


def _readings(connection: Connection) -> Iterator[Problem]:
    """Each can be unpacked; whatever is done can be judged again."""
    table, files, readings = schema.submissions, schema.submission_files, schema.readings
    after = 0
    while rows := connection.execute(
        sa.select(readings.c.number, readings.c.sha256, readings.c.reading)
        .where(readings.c.number > after)
        .order_by(readings.c.number)
        .limit(_AT_ONCE)
    ).all():
        for row in rows:
            try:
                sound = Reading.FromString(zlib.decompress(row.reading)).sha256 in ("", row.sha256)
            except (zlib.error, DecodeError):
                sound = False
            if not sound:
                yield _error(
                    "reading_damaged",
                    f"attachments/{row.sha256}",
                    "保存的识别结果已损坏",
                    "what was read of it is damaged",
                )
        after = rows[-1].number
    unread = ~sa.select(readings.c.sha256).where(readings.c.sha256 == files.c.sha256).exists()
    for id in connection.scalars(
        sa.select(table.c.id)
        .join(files, files.c.submission == table.c.number)
        .where(table.c.state == pb.SUBMISSION_STATE_DONE, unread)
        .distinct()
    ):
        yield _warning(
            "reading_missing",
            submission_name(id),
            "没有识别结果，无法重新审核",
            "no reading is kept: it cannot be judged again",
        )


# ------------------------------------------------------------------------------------------------- the store


def _bytes(connection: Connection, store: Store) -> Iterator[Problem]:
    """Every attachment is in the store, with the bytes that its hash says."""
    after = ""
    table = schema.attachments
    while rows := connection.execute(
        sa.select(table.c.sha256, table.c.size_bytes)
        .where(table.c.sha256 > after)
        .order_by(table.c.sha256)
        .limit(_AT_ONCE)
    ).all():
        for row in rows:
            problem = _attachment(store, row.sha256, row.size_bytes)
            if problem is not None and _knows(connection, row.sha256, table):
                yield problem
        after = rows[-1].sha256


def _attachment(store: Store, sha256: str, size: int) -> Problem | None:
    name = f"attachments/{sha256}"
    try:
        data = store.get(sha256)
    except MissingBytes as error:
        if error.damaged:
            return _error("bytes_damaged", name, "附件内容与其 SHA-256 不符", "the bytes are not what their hash says")
        return _error("bytes_missing", name, "附件在存储中缺失", "the bytes are not in the store")
    if len(data) != size:
        return _error("bytes_damaged", name, "附件大小与记录不符", "the bytes are not as many as the ledger says")
    return None


def _knows(connection: Connection, sha256: str, *tables: sa.Table) -> bool:
    """Whether the ledger has them by now: it goes on while we look."""
    wanted = [sa.select(table.c.sha256).where(table.c.sha256 == sha256) for table in tables]
    with connection.engine.connect() as fresh:
        return fresh.execute(sa.union_all(*wanted)).first() is not None


def _orphans(connection: Connection, store: Store) -> Iterator[Problem]:
    """What lies in the store, and the ledger knows nothing of. The upkeep takes it away after an hour."""
    for sha256 in store.hashes(3600.0):
        if not _knows(connection, sha256, schema.attachments, schema.discarded):
            yield _warning(
                "orphaned_bytes",
                f"attachments/{sha256}",
                "存储中有账本不知道的文件，服务运行时会自动清理",
                "the ledger does not know these bytes; a running server takes them away",
            )
