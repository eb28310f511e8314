"""Migrations build exactly what the models describe, and can be taken back, on both databases."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app
from flask_migrate import check, downgrade, upgrade
from sqlalchemy.engine import make_url

from marketplace.infra.database import db
from marketplace.infra.made import newest_revision

VERSION = "alembic_version"


def shape(engine: sa.Engine) -> dict[str, Any]:
    """Every table with all that holds it together, comparable between two databases."""
    inspector = sa.inspect(engine)
    tables = {table: table_shape(inspector, table) for table in inspector.get_table_names()}
    for table, name, words in triggers(engine):
        tables[table]["triggers"][name] = " ".join(words.split())
    return tables


def triggers(engine: sa.Engine) -> list[Any]:
    """Every trigger: its table, its name, what it does."""
    words = {
        "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)"
        " || ' ' || pg_get_functiondef(tgfoid) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(words[engine.dialect.name]))


def table_shape(inspector: sa.Inspector, table: str) -> dict[str, Any]:
    return {
        "columns": {
            each["name"]: (str(each["type"]), each["nullable"])
            for each in inspector.get_columns(table)
        },
        "key": inspector.get_pk_constraint(table)["constrained_columns"],
        "foreign": named(inspector.get_foreign_keys(table), "referred_table"),
        "unique": named(inspector.get_unique_constraints(table), "column_names"),
        "indexes": {
            each["name"]: (each["unique"], each["column_names"], condition(each))
            for each in inspector.get_indexes(table)
        },
        "checks": named(inspector.get_check_constraints(table), "sqltext"),
        "triggers": {},
    }


def named(constraints: Any, what: str) -> dict[str, str]:
    return {str(each["name"]): " ".join(str(each[what]).split()) for each in constraints}


def condition(index: Any) -> str:
    """The WHERE of a partial index."""
    options = index.get("dialect_options", {})
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))


@pytest.mark.usefixtures("database")
def test_migrations_and_models_describe_the_same_database():
    upgrade()
    migrated = shape(db.engine)
    migrated.pop(VERSION)

    db.drop_all()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {VERSION}")
    db.create_all()

    assert migrated == shape(db.engine)


@pytest.mark.usefixtures("database")
def test_alembic_sees_nothing_left_to_migrate():
    upgrade()
    check()


@pytest.mark.usefixtures("database")
def test_every_step_can_be_taken_back_and_done_again():
    upgrade()
    there = shape(db.engine)

    downgrade(revision="base")
    assert set(shape(db.engine)) <= {VERSION}

    upgrade()
    assert shape(db.engine) == there


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("statement", ["UPDATE event SET kind = 'x'", "DELETE FROM event"])
def test_a_migrated_database_refuses_to_change_what_happened(statement):
    upgrade()
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO event (id, subject_kind, subject_id, sequence, kind, payload,"
            " occurred_at, request_id) VALUES (1, 'a', 1, 1, 'a.happened', '{}', '2026-01-01', '')"
        )

    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_difference_would_be_seen(tmp_path):
    url = make_url(f"sqlite:///{tmp_path / 'a.db'}")
    engine = sa.create_engine(url)
    shapes = []
    for statement in (
        "CREATE TABLE t (a INTEGER NOT NULL, CONSTRAINT positive CHECK (a > 0))",
        "CREATE TABLE t (a INTEGER NOT NULL)",
    ):
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        shapes.append(shape(engine))
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE t")
    engine.dispose()

    assert shapes[0] != shapes[1]


@pytest.mark.usefixtures("database")
def test_the_commands_of_migrations_are_there_when_asked_for():
    runner = current_app.test_cli_runner()
    assert "Perform database migrations." in runner.invoke(args=["--help"]).output
    assert "upgrade" in runner.invoke(args=["db", "--help"]).output

    assert runner.invoke(args=["db", "upgrade"]).exit_code == 0

    with db.engine.connect() as connection:
        found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    assert found == newest_revision()
