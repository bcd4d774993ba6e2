"""The tables of the ledger. What they are now; migrations/versions says how they became so (a test compares both).

Moments are µs since 1970, UTC. Rows carry their caller: the portal whose they are.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"}
)

# SQLite numbers rows by INTEGER only; both grow beyond 2^31.
_Number = BigInteger().with_variant(Integer, "sqlite")
_Moment = BigInteger

attachments = Table(
    "attachments",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("create_time", _Moment, nullable=False),
)
"""Bytes that are in the store, complete and on disk."""

uploads = Table(
    "uploads",
    METADATA,
    Column("caller", String(64), primary_key=True),
    Column("sha256", String(64), ForeignKey("attachments.sha256"), primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("upload_time", _Moment, nullable=False),
    Index(None, "sha256"),
    Index(None, "upload_time"),
)
"""Who uploaded them: nobody can name bytes that he does not have. file_name, upload_time: of the last time."""

discarded = Table(
    "discarded",
    METADATA,
    Column("sha256", String(64), primary_key=True),
)
"""Bytes that the store has to forget; the row goes after they have."""

submissions = Table(
    "submissions",
    METADATA,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("caller", String(64), nullable=False),
    Column("call", String(64), nullable=False),
    Column("label", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("receive_time", _Moment),
    Column("create_time", _Moment, nullable=False),
    Column("finish_time", _Moment),
    Column("state", Integer, nullable=False),
    # Of `report`, written in the same statement: only so that a list can be filtered.
    Column("verdict", Integer, nullable=False),
    Column("report", LargeBinary),
    Column("failure", String(64), nullable=False),
    Column("events", Integer, nullable=False),
    Index(None, "caller", "number"),
    Index(None, "caller", "call", "number"),
    Index(None, "caller", "label", "number"),
    Index(None, "state", "finish_time"),
    sqlite_autoincrement=True,
)
"""number: the order of acceptance. id: of its name. state, verdict: numbers of heyan.v1. report: heyan.v1.Report as it
was answered. failure: a stable code or "". events: the sequence number of the last one."""

submission_files = Table(
    "submission_files",
    METADATA,
    Column("submission", _Number, ForeignKey("submissions.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", String(64), ForeignKey("attachments.sha256"), nullable=False),
    Column("file_name", Text, nullable=False),
    Index(None, "sha256"),
)

requests = Table(
    "requests",
    METADATA,
    Column("caller", String(64), primary_key=True),
    Column("request_id", String(128), primary_key=True),
    Column("body_sha256", String(64), nullable=False),
    Column("submission", _Number, ForeignKey("submissions.number"), nullable=False, index=True),
)
"""A request id → what it asked for and the submission that answered it. body_sha256: "" once that is erased."""

jobs = Table(
    "jobs",
    METADATA,
    Column("submission", _Number, ForeignKey("submissions.number"), primary_key=True),
    Column("caller", String(64), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("turn", BigInteger, nullable=False),
    Column("not_before", _Moment, nullable=False),
    Column("worker", String(128)),
    Column("held_until", _Moment),
    Column("failures", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Index(None, "priority", "turn"),
    Index(None, "caller", "priority", "turn"),
)
"""What waits or is worked on; a row ends with the work. turn: see queue.py. worker: who holds it, until held_until.
failures: times that it went wrong. losses: workers that vanished with it."""

readings = Table(
    "readings",
    METADATA,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("sha256", String(64), nullable=False),
    Column("reader", String(64), nullable=False),
    Column("forms", String(64), nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("reading", LargeBinary, nullable=False),
    Column("use_time", _Moment, nullable=False),
    Index("ux_readings_sha256_reader_forms", "sha256", "reader", "forms", unique=True),
    Index(None, "use_time"),
    sqlite_autoincrement=True,
)
"""reader: what made the document out of the bytes. forms: what was looked for in it, and by which finder. certain:
another attempt would come to the same. reading: heyan.v1.Reading without a file name, zlib."""

pages = Table(
    "pages",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("reader", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("page", LargeBinary, nullable=False),
    Column("keep_time", _Moment, nullable=False),
    Index(None, "keep_time"),
)
"""Of files whose reading is under way or was interrupted. number: from 1. page: heyan.v1.Reading of that page, zlib."""

events = Table(
    "events",
    METADATA,
    Column("submission", _Number, ForeignKey("submissions.number"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("event", LargeBinary, nullable=False),
)
"""event: heyan.v1.WatchSubmissionResponse."""

audit = Table(
    "audit",
    METADATA,
    Column("number", _Number, primary_key=True, autoincrement=True),
    Column("time", _Moment, nullable=False),
    Column("caller", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    sqlite_autoincrement=True,
)
"""What was done, without personal data. subject: "submissions/...", or a call."""

credentials = Table(
    "credentials",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("portal", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("secret", String(512), nullable=False, unique=True),
    Column("scopes", String(128), nullable=False),
    Column("create_time", _Moment, nullable=False),
    Column("expire_time", _Moment),
    Column("revoke_time", _Moment),
)
"""Who may call (services/callers). kind: "token" or "certificate". secret: a token's SHA-256, or the certificate's
name, "SAN:portal.example.cn" or "CN:portal". scopes: joined by blanks. Rows stay when they are revoked."""

portals = Table(
    "portals",
    METADATA,
    Column("portal", String(64), primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("submissions", BigInteger, nullable=False),
    Column("most_bytes", BigInteger),
    Column("most_submissions", BigInteger),
    Column("most_checks", BigInteger),
)
"""What each caller has: bytes of its uploads, submissions that are not erased; counted in the transactions that change
them. most_...: its quotas; NULL for those of the settings."""
