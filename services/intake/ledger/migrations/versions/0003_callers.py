"""Callers: tokens and certificates, what each portal has, and its quotas."""

import sqlalchemy as sa
from alembic import op

revision = "0003_callers"
down_revision = "0002_pages"


def upgrade() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("portal", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.String(length=512), nullable=False),
        sa.Column("scopes", sa.String(length=128), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=True),
        sa.Column("revoke_time", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret"),
    )
    op.create_table(
        "portals",
        sa.Column("portal", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("submissions", sa.BigInteger(), nullable=False),
        sa.Column("most_bytes", sa.BigInteger(), nullable=True),
        sa.Column("most_submissions", sa.BigInteger(), nullable=True),
        sa.Column("most_checks", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("portal"),
    )
    # 6: SUBMISSION_STATE_ERASED
    op.execute(
        "INSERT INTO portals (portal, bytes, submissions) "
        "SELECT caller, sum(bytes), sum(submissions) FROM ("
        "SELECT uploads.caller AS caller, attachments.size_bytes AS bytes, 0 AS submissions "
        "FROM uploads JOIN attachments ON attachments.sha256 = uploads.sha256 "
        "UNION ALL SELECT caller, 0, 1 FROM submissions WHERE state <> 6) AS had GROUP BY caller"
    )
