"""Alembic runs this for every migration; the connection comes from migrate.py."""

from alembic import context

from services.intake.ledger.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
