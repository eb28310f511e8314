"""Runs the migrations on the application's own database, as `flask db` asks."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

# A change waits at most so long for a lock, so that it never blocks the pages behind it.
LOCK_TIMEOUT = "4s"


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as the plain ones beneath, so that old revisions stand alone."""
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def keep_quiet_when_empty(_context: object, _revision: object, directives: list[Any]) -> None:
    """Make no revision where models and database agree."""
    if (
        getattr(context.config.cmd_opts, "autogenerate", False)
        and directives[0].upgrade_ops.is_empty()
    ):
        directives[:] = []


def run() -> None:
    """Apply the revisions in one transaction each way."""
    migrate = current_app.extensions["migrate"]
    options = migrate.configure_args | {
        "target_metadata": migrate.db.metadata,
        "render_item": render_item,
        "process_revision_directives": keep_quiet_when_empty,
    }
    with migrate.db.engine.connect() as connection:
        prepare(connection)
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


def prepare(connection: sa.Connection) -> None:
    """Let SQLite rebuild tables that others point to; let PostgreSQL give up early."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        driver.cursor().execute("PRAGMA foreign_keys=OFF")
    else:
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        connection.commit()


run()
