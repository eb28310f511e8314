"""The database: engine settings, the base of all models, column types, tables that only grow."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DDL, DateTime, Dialect, Engine, FromClause, MetaData, String, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from marketplace.kernel.identifiers import new_public_id

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a naive instant; hand SQLite the UTC wall time it stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back an aware UTC instant on every database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _Base(DeclarativeBase):
    # True for rows of the machinery (deliveries, sessions, counters), which may change without
    # an event; business rows may not (see unit_of_work).
    BOOKKEEPING: ClassVar[bool] = False

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={datetime: UtcDateTime},
    )


db = SQLAlchemy(model_class=_Base, session_options={"autoflush": False})


if TYPE_CHECKING:
    Base = _Base
else:
    Base = db.Model


class Public:
    """Mixin: the integer key of a table and the opaque id that the outside sees instead."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(10), unique=True, default=new_public_id)


def engine_options(url: str) -> dict[str, Any]:
    """Pool and connection options for the database named by `url`."""
    # Parameters hold what people typed: they stay out of error texts, and so out of the logs.
    quiet = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return {**quiet, "connect_args": {"timeout": 30}}
    return {**quiet, "pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}


def prepare_engine(engine: Engine) -> None:
    """Give SQLite the behaviour the house relies on; PostgreSQL has nearly all of it already.

    Foreign keys are enforced, the log is written ahead and synced fully, and a transaction that
    will write takes its lock at once (BEGIN IMMEDIATE): read-then-write under a deferred lock
    fails when another writer came between. PostgreSQL compiles no statement to machine code: that
    takes a tenth of a second, and the longest statement of the house a few milliseconds.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _without_compiling)
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
            # What is deleted or replaced is gone from the file, too.
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes", False)
        # Past the layers above the driver: this is the most frequent statement of all.
        connection.connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _without_compiling(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute("SET jit = off")
    connection.autocommit = False


@contextlib.contextmanager
def unsynced(engine: Engine) -> Iterator[None]:
    """Write without waiting for the disk, while a world is made that can be made again.

    Only SQLite waits at each commit; at the end everything is synced once.
    """
    if engine.dialect.name != "sqlite":
        yield
        return

    def hurry(connection: Any, *_others: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(engine, "checkout", hurry)
    try:
        yield
    finally:
        event.remove(engine, "checkout", hurry)
        engine.dispose()
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                # Any other kind keeps writers out while it waits for those who read.
                raw.execute("PRAGMA wal_checkpoint(PASSIVE)")


def writing_session() -> Session:
    """A new session whose transaction may write; needs an application context."""
    return Session(db.engine.execution_options(writes=True), autoflush=True)


def reading_session() -> Session:
    """A new session for queries outside a request; needs an application context."""
    return Session(db.engine, autoflush=False)


# Marks a table of which rows are added only.
GROWING = "append_only"
_SQLITE_GUARD = """
CREATE TRIGGER {name}_is_append_only_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_{name}_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{message}'; END $$
"""

_POSTGRES_GUARD = """
CREATE TRIGGER {name}_is_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_{name}_change()
"""


def keep_append_only(table: FromClause, *, name: str, message: str) -> None:
    """Guard a table from its creation; `name` is what its triggers are called by.

    On PostgreSQL the service's user has no right to change it either (`rights`).

    The migration that creates the table executes the same statements.
    """
    db.metadata.tables[table.description].info[GROWING] = True
    words = {"name": name, "table": table.description, "message": message}
    for verb in ("UPDATE", "DELETE"):
        _after_create(table, "sqlite", _SQLITE_GUARD.format(verb=verb.lower(), VERB=verb, **words))
    _after_create(table, "postgresql", _POSTGRES_FUNCTION.format(**words))
    _after_create(table, "postgresql", _POSTGRES_GUARD.format(**words))


def _after_create(table: FromClause, dialect: str, statement: str) -> None:
    guard = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
    event.listen(table, "after_create", guard)
