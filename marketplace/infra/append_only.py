"""Tables whose rows the database lets nobody change or delete."""

from sqlalchemy import DDL, FromClause, event

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

    The migration that creates the table executes the same statements.
    """
    words = {"name": name, "table": table.description, "message": message}
    for verb in ("UPDATE", "DELETE"):
        _after_create(table, "sqlite", _SQLITE_GUARD.format(verb=verb.lower(), VERB=verb, **words))
    _after_create(table, "postgresql", _POSTGRES_FUNCTION.format(**words))
    _after_create(table, "postgresql", _POSTGRES_GUARD.format(**words))


def _after_create(table: FromClause, dialect: str, statement: str) -> None:
    guard = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
    event.listen(table, "after_create", guard)
