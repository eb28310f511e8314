"""Two users of PostgreSQL: the owner changes the tables, the service only what stands in them.

Migrations run as the owner, who gives the service its rights afterwards: rows may be read and
written, in tables that only grow they may be read and added, and nothing else. SQLite has no users.
"""

from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, text

from marketplace.infra.database import GROWING, db
from marketplace.settings import Settings

VERSION_TABLE = "alembic_version"

_TOO_MUCH = text(
    """
SELECT role.rolsuper OR role.rolcreaterole OR role.rolcreatedb OR role.rolreplication,
    has_database_privilege(current_database(), 'CREATE')
        OR has_schema_privilege(coalesce(current_schema(), 'public'), 'CREATE'),
    EXISTS (
        SELECT FROM pg_class
        WHERE relnamespace = coalesce(current_schema(), 'public')::regnamespace
            AND pg_has_role(relowner, 'MEMBER')
    ),
    EXISTS (
        SELECT FROM unnest(CAST(:growing AS text[])) AS name
        WHERE has_table_privilege(to_regclass(name), 'UPDATE, DELETE, TRUNCATE')
    )
FROM pg_roles AS role WHERE role.rolname = current_user
"""
)
_MEANING = (
    "may make roles or databases, or is a superuser",
    "may make tables",
    "owns tables, or belongs to their owner",
    "may change or delete what only grows",
)


def owner_engine(settings: Settings) -> Engine:
    """Connections of the owner whom the settings name."""
    return create_engine(settings.owner_url, poolclass=NullPool, hide_parameters=True)


def grant_to_service(connection: Connection, service: str) -> None:
    """Give the service's user exactly what it needs, in tables that came meanwhile, too.

    For the owner, in a transaction. Tables that only grow are those of `keep_append_only`.
    """
    prepared = connection.dialect.identifier_preparer
    there = set(inspect(connection).get_table_names())
    only_read = {VERSION_TABLE} & there
    growing = set(growing_tables()) & there
    user = prepared.quote(service)

    def named(tables: set[str]) -> str:
        return ", ".join(prepared.quote(name) for name in sorted(tables))

    rights = [
        (there - growing - only_read, "SELECT, INSERT, UPDATE, DELETE"),
        (growing, "SELECT, INSERT"),
        (only_read, "SELECT"),
    ]
    schema = prepared.quote(connection.dialect.default_schema_name or "public")
    statements = [
        f"GRANT USAGE ON SCHEMA {schema} TO {user}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {user}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {user}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {user}",
        *(f"GRANT {may} ON {named(tables)} TO {user}" for tables, may in rights if tables),
    ]
    for statement in statements:
        connection.exec_driver_sql(statement)


def growing_tables() -> list[str]:
    """The tables whose rows nobody changes or deletes."""
    return sorted(name for name, table in db.metadata.tables.items() if table.info.get(GROWING))


def service_user(engine: Engine) -> str:
    """Who the service is for the database, however it proves that."""
    with engine.connect() as connection:
        return str(connection.scalar(text("SELECT current_user")))


def too_many_rights(engine: Engine) -> list[str]:
    """What the service's user may do that only the owner of the tables should; usually nothing."""
    if engine.dialect.name != "postgresql":
        return []
    with engine.connect() as connection:
        found = connection.execute(_TOO_MUCH, {"growing": growing_tables()}).one()
    return [words for is_so, words in zip(found, _MEANING, strict=True) if is_so]
