"""Pages of files that are being read."""

import sqlalchemy as sa
from alembic import op

revision = "0002_pages"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "pages",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("keep_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "reader", "number"),
    )
    op.create_index(op.f("ix_pages_keep_time"), "pages", ["keep_time"], unique=False)
