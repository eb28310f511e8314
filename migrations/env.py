"""Runs the migrations on the application's own database, as `flask db` asks.

Where the settings name an owner of the tables, as that one, who then gives the service its rights.
"""

import sys
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from marketplace.infra import rights
from marketplace.settings import Settings

# A change waits at most so long for a lock, so that it never blocks the pages behind it.
LOCK_TIMEOUT = "4s"
# What PostgreSQL calls a lack of rights.
FORBIDDEN = "42501"


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
    settings: Settings = current_app.extensions["settings"]
    options = migrate.configure_args | {
        "target_metadata": migrate.db.metadata,
        "render_item": render_item,
        "process_revision_directives": keep_quiet_when_empty,
    }
    engine = rights.owner_engine(settings) if settings.owner_url else migrate.db.engine
    with engine.connect() as connection:
        prepare(connection)
        context.configure(connection=connection, **options)
        try:
            with context.begin_transaction():
                context.run_migrations()
                if settings.owner_url:
                    rights.grant_to_service(connection, rights.service_user(migrate.db.engine))
        except sa.exc.ProgrammingError as error:
            if getattr(error.orig, "sqlstate", "") != FORBIDDEN:
                raise
            sys.exit("This user may not change the tables: MARKETPLACE_OWNER_URL names who may.")


def prepare(connection: sa.Connection) -> None:
    """Let SQLite rebuild tables that others point to; let PostgreSQL give up early."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        driver.cursor().execute("PRAGMA foreign_keys=OFF")
    else:
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        connection.commit()


run()
