"""The ledger as it began."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "audit",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "discarded", sa.Column("sha256", sa.String(length=64), nullable=False), sa.PrimaryKeyConstraint("sha256")
    )
    op.create_table(
        "readings",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("forms", sa.String(length=64), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.Column("use_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_readings_use_time"), "readings", ["use_time"], unique=False)
    op.create_index("ux_readings_sha256_reader_forms", "readings", ["sha256", "reader", "forms"], unique=True)
    op.create_table(
        "submissions",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("receive_time", sa.BigInteger(), nullable=True),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("finish_time", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Integer(), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_submissions_caller_call_number"), "submissions", ["caller", "call", "number"], unique=False
    )
    op.create_index(
        op.f("ix_submissions_caller_label_number"), "submissions", ["caller", "label", "number"], unique=False
    )
    op.create_index(op.f("ix_submissions_caller_number"), "submissions", ["caller", "number"], unique=False)
    op.create_index(op.f("ix_submissions_state_finish_time"), "submissions", ["state", "finish_time"], unique=False)
    op.create_table(
        "events",
        sa.Column("submission", _NUMBER, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("event", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submissions.number"], name=op.f("fk_events_submission")),
        sa.PrimaryKeyConstraint("submission", "sequence"),
    )
    op.create_table(
        "jobs",
        sa.Column("submission", _NUMBER, nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.String(length=128), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submissions.number"], name=op.f("fk_jobs_submission")),
        sa.PrimaryKeyConstraint("submission"),
    )
    op.create_index(op.f("ix_jobs_caller_priority_turn"), "jobs", ["caller", "priority", "turn"], unique=False)
    op.create_index(op.f("ix_jobs_priority_turn"), "jobs", ["priority", "turn"], unique=False)
    op.create_table(
        "requests",
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("submission", _NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submissions.number"], name=op.f("fk_requests_submission")),
        sa.PrimaryKeyConstraint("caller", "request_id"),
    )
    op.create_index(op.f("ix_requests_submission"), "requests", ["submission"], unique=False)
    op.create_table(
        "submission_files",
        sa.Column("submission", _NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["attachments.sha256"], name=op.f("fk_submission_files_sha256")),
        sa.ForeignKeyConstraint(["submission"], ["submissions.number"], name=op.f("fk_submission_files_submission")),
        sa.PrimaryKeyConstraint("submission", "position"),
    )
    op.create_index(op.f("ix_submission_files_sha256"), "submission_files", ["sha256"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("upload_time", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["attachments.sha256"], name=op.f("fk_uploads_sha256")),
        sa.PrimaryKeyConstraint("caller", "sha256"),
    )
    op.create_index(op.f("ix_uploads_sha256"), "uploads", ["sha256"], unique=False)
    op.create_index(op.f("ix_uploads_upload_time"), "uploads", ["upload_time"], unique=False)
    # ### end Alembic commands ###
