"""Who owns the tables and who serves pages are two users of PostgreSQL, as the guide makes them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from marketplace import serve
from marketplace.app import create_app
from marketplace.infra.database import db
from marketplace.infra.made import LOOKED_AT_MARK
from marketplace.infra.rights import VERSION_TABLE, growing_tables
from marketplace.settings import ROOT, Settings
from tests.conftest import make_settings
from tests.postgres import SUPERUSER, Cluster
from tests.tables import rows
from tests.unit.infra.test_settings import PRODUCTION

pytestmark = [pytest.mark.postgres, pytest.mark.real_time]
# What PostgreSQL calls a lack of rights.
FORBIDDEN = "42501"
DATABASE, OWNER, SERVICE = "market", "market_owner", "market_service"


def of_the_guide() -> list[tuple[str, str]]:
    """The statements that the operator's guide tells to run, each with the database it is for."""
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sql\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    first, then = block.split(f"\\connect {DATABASE}\n")
    parts = (("postgres", first), (DATABASE, then))
    return [
        (database, one.strip())
        for database, part in parts
        for one in part.split(";")
        if one.strip()
    ]


@pytest.fixture(scope="module")
def guided(postgres_cluster: Cluster) -> Iterator[Cluster]:
    """A server with the database and the users of the guide."""
    for database, statement in of_the_guide():
        with postgres_cluster.connect(database) as connection:
            connection.execute(statement.encode())
    yield postgres_cluster
    with postgres_cluster.connect("postgres") as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)".encode())
        for user in (OWNER, SERVICE):
            connection.execute(f"DROP ROLE {user}".encode())


@pytest.fixture(scope="module")
def settings(guided: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The service's settings, after the owner has migrated."""
    addresses = {
        user: f"postgresql+psycopg://{user}@/{DATABASE}?host={guided.folder}"
        for user in (OWNER, SERVICE, SUPERUSER)
    }
    settings = make_settings(
        tmp_path_factory.mktemp("two") / "home",
        database_url=addresses[SERVICE],
        owner_url=addresses[OWNER],
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return settings


@pytest.fixture(scope="module")
def service(settings: Settings) -> Iterator[sa.Engine]:
    """The database as the service sees it."""
    engine = sa.create_engine(settings.database_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("statement", [row[0] for row in rows("database/owners")])
def test_the_service_can_do_nothing_that_is_the_owners(service, statement):
    with (
        service.connect() as connection,
        pytest.raises(sa.exc.ProgrammingError) as refused,
    ):
        connection.exec_driver_sql(statement)

    assert refused.value.orig.sqlstate == FORBIDDEN, refused.value


def test_the_service_has_its_rights_in_every_table_and_no_other(service):
    held: dict[str, set[str]] = {}
    with service.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        for table, right in connection.exec_driver_sql(
            "SELECT table_name, privilege_type FROM information_schema.table_privileges"
            " WHERE grantee = current_user AND table_schema = 'public'"
        ):
            held.setdefault(table, set()).add(right)

    assert {"event", "ledger_entry"} <= set(growing_tables()) <= tables
    special = {table: {"SELECT", "INSERT"} for table in growing_tables()}
    special[VERSION_TABLE] = {"SELECT"}
    usual = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert held == {table: special.get(table, usual) for table in tables}


def test_rows_are_written_changed_and_taken_away_and_in_the_trail_only_added(service):
    with service.begin() as connection:
        for statement in (
            (
                "INSERT INTO event (subject_kind, subject_id, sequence, kind, payload, occurred_at,"
                " request_id) VALUES ('a', 1, 1, 'a.happened', '{}', '2026-01-01', '')"
            ),
            "INSERT INTO rate_count (key_hash, hits, expires_at) VALUES ('x', 1, '2026-01-01')",
            "UPDATE rate_count SET hits = 2",
            "DELETE FROM rate_count",
        ):
            assert connection.exec_driver_sql(statement).rowcount == 1


def test_a_table_that_comes_later_is_open_to_the_service_after_the_next_migration(
    settings, service
):
    owner = sa.create_engine(settings.owner_url)
    with owner.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE later (n int)")
    with service.connect() as connection, pytest.raises(sa.exc.ProgrammingError):
        connection.exec_driver_sql("SELECT n FROM later")

    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()

    with service.connect() as connection:
        connection.exec_driver_sql("INSERT INTO later VALUES (1)")
    with owner.begin() as connection:
        connection.exec_driver_sql("DROP TABLE later")
    owner.dispose()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", ""),
        (f"GRANT {OWNER} TO {SERVICE}", "owns tables, or belongs to their owner"),
        (f"GRANT CREATE ON SCHEMA public TO {SERVICE}", "may make tables"),
        (f"GRANT CREATE ON DATABASE {DATABASE} TO {SERVICE}", "may make tables"),
        (f"GRANT UPDATE ON event TO {SERVICE}", "may change or delete what only grows"),
        (f"GRANT TRUNCATE ON ledger_entry TO {SERVICE}", "may change or delete what only grows"),
        (f"ALTER TABLE rate_count OWNER TO {SERVICE}", "owns tables"),
        (f"ALTER ROLE {SERVICE} CREATEROLE", "may make roles or databases, or is a superuser"),
        (f"ALTER ROLE {SERVICE} CREATEDB", "may make roles or databases, or is a superuser"),
        (f"ALTER ROLE {SERVICE} SUPERUSER", "may make roles or databases, or is a superuser"),
    ],
)
def test_production_does_not_start_as_a_user_who_may_change_the_tables(
    guided, settings, given, said
):
    production = replace(settings, environment="production")
    if given:
        with guided.connect(DATABASE) as connection:
            connection.execute(given)
    try:
        if said:
            with pytest.raises(SystemExit, match=f"^The user of DATABASE_URL .*{said}.*"):
                create_app(production)
        else:
            with create_app(production).app_context():
                db.engine.dispose()
    finally:
        taken_back(guided)


def taken_back(cluster: Cluster) -> None:
    """The users as the guide has them."""
    with cluster.connect(DATABASE) as connection:
        for statement in (
            f"REVOKE {OWNER} FROM {SERVICE}",
            f"REVOKE CREATE ON SCHEMA public FROM {SERVICE}",
            f"REVOKE CREATE ON DATABASE {DATABASE} FROM {SERVICE}",
            f"REVOKE UPDATE, TRUNCATE ON event, ledger_entry FROM {SERVICE}",
            f"ALTER TABLE rate_count OWNER TO {OWNER}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON rate_count TO {SERVICE}",
            f"ALTER ROLE {SERVICE} NOSUPERUSER NOCREATEDB NOCREATEROLE",
        ):
            connection.execute(statement.encode())


def set_up(settings: Settings, **addresses: str) -> subprocess.CompletedProcess[str]:
    """Bring the database up to date as bin/serve does in production."""
    environ = {
        "PATH": os.environ["PATH"],
        **PRODUCTION,
        "MARKETPLACE_HOME": str(settings.home),
        "MARKETPLACE_LOCAL_WITHOUT_TLS": "1",
        "DATABASE_URL": settings.database_url,
        **addresses,
    }
    command = [sys.executable, "-m", "marketplace.setting_up"]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


def test_production_starts_without_the_owner_where_the_database_was_migrated(settings):
    assert set_up(settings).returncode == 0
    assert (settings.home / LOOKED_AT_MARK).is_file()

    owner = sa.create_engine(settings.owner_url)
    with owner.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    try:
        behind = set_up(settings)
    finally:
        with owner.begin() as connection:
            newest = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
            put_back = sa.text("UPDATE alembic_version SET version_num = :newest")
            connection.execute(put_back, {"newest": newest})
        owner.dispose()

    assert behind.returncode == 1
    assert "at revision 0001" in behind.stderr
    assert "MARKETPLACE_OWNER_URL" in behind.stderr
    assert "Traceback" not in behind.stderr


def test_production_migrates_by_the_owners_address_and_is_the_service_itself(settings):
    assert set_up(settings, MARKETPLACE_OWNER_URL=settings.owner_url).returncode == 0

    refused = set_up(settings, DATABASE_URL=settings.owner_url)
    assert refused.returncode == 1
    assert "The user of DATABASE_URL" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_who_migrates_as_the_service_is_told_whose_address_is_missing(settings):
    app = create_app(replace(settings, owner_url=""))
    with app.app_context():
        with pytest.raises(SystemExit, match="MARKETPLACE_OWNER_URL"):
            downgrade(revision="-1")
        db.engine.dispose()


def test_what_goes_on_running_does_not_know_the_owners_address():
    environ = {"DATABASE_URL": "a", "MARKETPLACE_OWNER_URL": "b", "MARKETPLACE_OWNER_URL_FILE": "c"}

    assert serve.without(environ, "MARKETPLACE_OWNER_URL") == {"DATABASE_URL": "a"}
