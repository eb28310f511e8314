"""What is made is not set up again at a start, on both databases; whatever else is found, is."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from marketplace import setting_up
from marketplace.infra import made
from marketplace.settings import ROOT, Settings
from tests.conftest import make_settings
from tests.tables import rows

pytestmark = pytest.mark.real_time
AT = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - as SQLite has it
KEYS = {"present": b"p" * 32, "another": b"a" * 32}
TABLES = sa.MetaData()
VERSION = sa.Table("alembic_version", TABLES, sa.Column("version_num", sa.String))
WORLD = sa.Table("demo_world", TABLES, sa.Column("completed_at", sa.DateTime))
INSTALLATION = sa.Table(
    "installation",
    TABLES,
    sa.Column("home", sa.String),
    sa.Column("beats", sa.Integer),
    sa.Column("held_at", sa.DateTime),
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def found(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings with a database that has no rows yet, and the present key."""
    settings = replace(make_settings(tmp_path / "a home"), hash_key=KEYS["present"])
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres_url")
        settings = replace(settings, database_url=url)
    engine = sa.create_engine(settings.database_url)
    TABLES.create_all(engine)
    engine.dispose()
    return settings


def leave(settings: Settings, revision: str, installation: str, mark: str, world: str) -> None:
    """Put into database and home what starts before have left."""
    engine = sa.create_engine(settings.database_url)
    with engine.begin() as connection:
        if revision:
            number = made.newest_revision() if revision == "newest" else revision
            connection.execute(VERSION.insert().values(version_num=number))
        if world:
            connection.execute(WORLD.insert().values(completed_at=AT if world == "told" else None))
        if installation:
            home, beats, *held = installation.split()
            row = {"home": home, "beats": int(beats), "held_at": AT if held else None}
            connection.execute(INSTALLATION.insert().values(row))
    engine.dispose()
    if mark:
        home, beats = mark.split()
        text = json.dumps({"home": home, "beats": int(beats)})
        (settings.home / made.DATABASE_MARK).write_text(text)


@pytest.mark.parametrize("case", rows("starting/made"), ids=lambda case: case[0].replace(" ", "-"))
def test_only_what_is_made_wholly_is_not_set_up_again(found, case):
    _what, environment, revision, installation, mark, world, key, is_made = case
    leave(found, revision, installation, mark, world)
    if key:
        setting_up._remember_the_look(replace(found, hash_key=KEYS[key]))

    settings = replace(found, environment=environment)
    assert made.is_made(settings) is (is_made == "yes")


def test_what_is_not_there_is_not_made_by_looking(tmp_path):
    settings = make_settings(tmp_path / "home")
    nowhere = replace(settings, database_url="postgresql+psycopg:///x?host=/nowhere")

    assert not made.is_made(settings)
    assert not made.is_made(nowhere)
    assert not list(settings.home.glob("*.db*"))


def test_the_last_file_of_the_migrations_is_their_head():
    assert made.newest_revision() == ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def test_another_user_of_the_database_is_looked_at_anew(found):
    as_service = replace(found, environment="production")
    leave(found, "newest", "one 5", "one 5", "")
    setting_up._remember_the_look(as_service)
    assert made.is_made(as_service)

    url = sa.make_url(found.database_url)
    known = "timeout" if url.get_backend_name() == "sqlite" else "application_name"
    other = url.update_query_dict({known: "7"})
    assert not made.is_made(
        replace(as_service, database_url=other.render_as_string(hide_password=False))
    )


def test_the_mark_tells_a_key_from_others_and_does_not_say_it(found):
    marks = {made.looked_at_with(replace(found, hash_key=key)) for key in KEYS.values()}

    assert len(marks) == len(KEYS)
    for key in KEYS.values():
        assert all(key.hex().encode() not in mark and key not in mark for mark in marks)
