"""Brings the database and the demo world up to date in one process.

`bin/serve` runs it before web and worker, where something is left to do.
"""

import contextlib
import sys

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from marketplace.app import create_app
from marketplace.infra.blobs import write_atomically
from marketplace.infra.database import db, reading_session
from marketplace.infra.made import LOOKED_AT_MARK, looked_at_with
from marketplace.infra.rehashing import strange_hashes
from marketplace.infra.restoring import meet_anew
from marketplace.infra.tasks import run_task
from marketplace.settings import NO_ROOM, ROOT, Settings, settings_of_start
from marketplace.supervisor import end_with_parent


def main() -> None:
    """Migrate; in the demo make the world where it is not complete."""
    end_with_parent()
    settings = settings_of_start()
    try:
        _set_up(settings)
    except OperationalError as error:
        said = next(iter(str(error.orig).splitlines()), type(error.orig).__name__)
        # Of what the driver says the first line names server and reason, never the password.
        sys.exit(f"The database of DATABASE_URL or its owner's address cannot be used: {said}")


def _set_up(settings: Settings) -> None:
    with create_app(settings).app_context(), contextlib.redirect_stdout(sys.stderr):
        _bring_up_to_date(settings)
        if settings.is_production:
            _refuse_strange_hashes()
            _remember_the_look(settings)
        if settings.is_demo:
            with reading_session() as session:
                meet_anew(session, settings.home)
            print(run_task("demo_load"))


def _refuse_strange_hashes() -> None:
    """With hashes under two keys two who are the same would pass as strangers."""
    with reading_session() as session:
        strange = strange_hashes(session)
    if strange:
        sys.exit(
            f"Hashes are not under MARKETPLACE_HASH_KEY: {', '.join(strange)}. Set the key that"
            " they are under, or run “flask keys rotate” before the start: “Keys” in"
            " docs/operating.md."
        )


def _remember_the_look(settings: Settings) -> None:
    """With this key and this database the next start need not look again."""
    try:
        write_atomically(settings.home / LOOKED_AT_MARK, looked_at_with(settings))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise


def _bring_up_to_date(settings: Settings) -> None:
    """Migrate; where only the owner may and is not named here, see that it was done."""
    if settings.owner_url or not settings.is_production:
        upgrade()
        return
    newest = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != newest:
        sys.exit(
            f"The database is at revision {found or 'none'}, this version needs {newest}: run"
            " “flask db upgrade” with MARKETPLACE_OWNER_URL, or set that for this start."
        )


if __name__ == "__main__":
    main()
