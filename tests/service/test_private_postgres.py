"""The cluster the tests start for themselves behaves like one that was installed."""

import signal
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.postgres import Cluster, find_binaries, owner_url

pytestmark = [pytest.mark.postgres, pytest.mark.real_time]


def rows(url: str) -> list[int]:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return list(connection.scalars(sa.text("SELECT n FROM thing ORDER BY n")))
    finally:
        engine.dispose()


def fill(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE thing (n int)"))
        connection.execute(sa.text("INSERT INTO thing VALUES (1), (2)"))
    engine.dispose()


def test_copies_of_a_template_are_filled_once_and_apart(postgres_cluster):
    calls = []

    def counted(url: str) -> None:
        calls.append(url)
        fill(url)

    first = postgres_cluster.copy_of("things", counted)
    engine = sa.create_engine(first)
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO thing VALUES (3)"))
    engine.dispose()
    second = postgres_cluster.copy_of("things", counted)

    assert len(calls) == 1
    assert rows(first) == [1, 2, 3]
    assert rows(second) == [1, 2]
    postgres_cluster.drop_database(first)
    postgres_cluster.drop_database(second)


def test_what_was_committed_outlives_a_crash_where_fsync_is_on():
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("postgresql is missing")
    with Cluster(binaries, fsync=True) as cluster:
        url = owner_url(cluster.create_database())
        fill(url)
        cluster.stop(signal.SIGQUIT)
        cluster.start()

        assert rows(url) == [1, 2]
        folder = cluster.folder

    assert not Path(folder).exists()
