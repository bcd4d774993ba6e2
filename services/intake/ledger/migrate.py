"""Brings the ledger's schema up to date at start, by Alembic. The migrations are part of the package."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

_FOLDER = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The ledger was made by a newer heyan. The message says what to do."""


def revisions(connection: sa.Connection) -> tuple[str | None, str]:
    """The ledger's schema version (None: it is empty), and the one that this heyan has."""
    head = ScriptDirectory.from_config(_config(connection)).get_current_head()
    assert head is not None
    return MigrationContext.configure(connection).get_current_revision(), head


def is_newer(connection: sa.Connection) -> bool:
    """Whether a newer heyan made the ledger: this one does not know its version."""
    try:
        ScriptDirectory.from_config(_config(connection)).get_revision(revisions(connection)[0] or "base")
    except CommandError:
        return True
    return False


def upgrade(connection: sa.Connection) -> None:
    """Every migration that is missing, in the transaction of the connection. Raises SchemaError."""
    if connection.dialect.name == "postgresql":
        # two servers that start at once take turns
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('heyan schema', 0))"))
    config = _config(connection)
    current, head = revisions(connection)
    if current == head:
        return
    if is_newer(connection):
        raise SchemaError(
            f"数据库结构版本 {current} 由更新版本的 heyan 建立，请升级程序后再启动。"
            f" The ledger's schema {current} was made by a newer heyan: install that version."
        )
    command.upgrade(config, "head")


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
