"""Whether an installation is made, seen without loading the application.

Then a start sets nothing up: web and worker begin at once, on SQLite and PostgreSQL alike. `False`
is always safe, for setting up looks at everything again. What `bin/prepare` has installed is not
looked at here: it keeps the hashes of the lock files itself.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from marketplace.settings import ROOT, Settings

DATABASE_MARK = "database.json"
# With which hash key, and as which user of which database, production last looked at itself.
LOOKED_AT_MARK = "looked-at.key"


@dataclass(frozen=True)
class Mark:
    """What a home remembers: its own name, and the beats that its database had kept."""

    home: str
    beats: int = 0


def remembered(home: Path) -> Mark | None:
    """What this home remembers of its database; none where it never knew one, or cannot say."""
    try:
        found: dict[str, Any] = json.loads((home / DATABASE_MARK).read_text(encoding="ascii"))
        return Mark(str(found["home"]), int(found.get("beats", 0)))
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def looked_at_with(settings: Settings) -> bytes:
    """What tells a hash key and an address of the database from others, and says neither."""
    told = hmac.new(settings.hash_key, settings.database_url.encode(), hashlib.sha256)
    return told.hexdigest().encode("ascii")


def newest_revision() -> str:
    """The revision of the database that this code needs: revisions stand in one line, by name."""
    newest = max((ROOT / "migrations" / "versions").glob("*.py"), key=lambda each: each.name)
    return newest.name.split("_")[2]


def is_made(settings: Settings) -> bool:
    """Whether nothing is left to do before web and worker may begin.

    The tables are those that this code needs, home and database know each other, in the demo the
    world is complete, and production has looked at itself with the present hash key and database.
    """
    try:
        # Before the database is asked: a worker that is just ending goes on counting.
        mark = remembered(settings.home)
        with _looking_at(settings.database_url).connect() as connection:
            return all(is_so(connection, settings, mark) for is_so in _LOOKED_AT)
    except (SQLAlchemyError, OSError):
        return False


def _looking_at(database_url: str) -> Engine:
    """Connections that only look: a SQLite file that is not there is not made by it."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "nowhere").absolute().as_uri()
        url = url.set(database=file, query={"mode": "ro", "uri": "true"})
    return create_engine(url, poolclass=NullPool, hide_parameters=True)


def _is_migrated(connection: Connection, _settings: Settings, _mark: Mark | None) -> bool:
    found = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return found == [newest_revision()]


def _is_known(connection: Connection, _settings: Settings, mark: Mark | None) -> bool:
    """A database that was restored, made anew or never served is looked at by setting up."""
    row = connection.execute(text("SELECT home, beats, held_at FROM installation")).one_or_none()
    if row is None or mark is None:
        return False
    return row.home == mark.home and row.beats >= mark.beats and row.held_at is None


def _is_told(connection: Connection, settings: Settings, _mark: Mark | None) -> bool:
    if not settings.is_demo:
        return True
    return connection.scalar(text("SELECT completed_at FROM demo_world")) is not None


def _is_looked_at(_connection: Connection, settings: Settings, _mark: Mark | None) -> bool:
    """Of the hashes, and of what the user of the database may do, only setting up sees enough."""
    if not settings.is_production:
        return True
    return (settings.home / LOOKED_AT_MARK).read_bytes() == looked_at_with(settings)


_Looks: TypeAlias = Callable[[Connection, Settings, Mark | None], bool]
_LOOKED_AT: tuple[_Looks, ...] = (_is_migrated, _is_known, _is_told, _is_looked_at)
