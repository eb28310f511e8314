"""Flask-Migrate, loaded when somebody migrates: pages and worker never need Alembic.

It is a tenth of what the application would load otherwise.
"""

from functools import cached_property
from typing import Any

import click
from flask import Flask

from marketplace.infra.database import db
from marketplace.settings import ROOT


def init_app(app: Flask) -> None:
    """Add `flask db` to this application."""
    app.extensions["migrate"] = _Migrations()
    app.cli.add_command(_Command("db", help="Perform database migrations."))


class _Migrations:
    """What Flask-Migrate and `migrations/env.py` look for in the application."""

    db = db
    directory = str(ROOT / "migrations")
    configure_args = {"compare_type": True, "render_as_batch": True}

    @cached_property
    def migrate(self) -> Any:
        """The extension itself; asked for by every one of its commands."""
        from flask_migrate import Migrate  # noqa: PLC0415 - who does not migrate has no use for it

        return Migrate(db=self.db, directory=self.directory, **self.configure_args)


class _Command(click.Command):
    """Stands for the commands of Flask-Migrate until one of them is asked for."""

    def make_context(self, *words: Any, **facts: Any) -> click.Context:
        """Go on as Flask-Migrate's own group."""
        from flask_migrate.cli import db as group  # noqa: PLC0415 - the same

        context: click.Context = group.make_context(*words, **facts)
        return context
