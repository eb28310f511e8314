"""A private PostgreSQL cluster for one test process: started when asked for, gone at the end.

PostgreSQL refuses to run as root, so root's tests run it as an unprivileged user. Databases are
copied from a template, which takes a tenth of a second. As in production they belong to one user,
and the service is another, who cannot change the tables.
"""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import NullPool, create_engine

from marketplace.infra.rights import grant_to_service

PACKAGE = "postgresql"
SUPERUSER, OWNER, SERVICE = "postgres", "owner", "market"
START_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1


def find_binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")),
        key=lambda path: float(path.parent.name),
    )
    on_path = shutil.which("postgres")
    return found[-1] if found else Path(on_path).parent if on_path else None


def unprivileged_user() -> dict[str, Any]:
    """Arguments for subprocess that drop root; nothing when we are not root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


def _end_with_parent() -> None:
    """A killed test run takes its cluster with it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


class Cluster:
    """A running server on a socket in a short temporary path; a context manager.

    `fsync` is off because tests do not pull the plug; those that do ask for it. `options` are more
    of the server's settings.
    """

    def __init__(self, binaries: Path, *, fsync: bool = False, **options: object) -> None:
        self.binaries = binaries
        self.fsync = fsync
        self.options = options
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path must stay short
        self.user = unprivileged_user()
        self.process: subprocess.Popen[bytes] | None = None
        self.templates: set[str] = set()

    def __enter__(self) -> Self:
        try:
            self._initialise()
            self.start()
            self._make_users()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def _initialise(self) -> None:
        if self.user:
            os.chown(self.folder, self.user["user"], self.user["group"])
        command = [self.binaries / "initdb", "--pgdata", self.folder / "data", "--no-sync"]
        command += ["--auth=trust", f"--username={SUPERUSER}"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        done = subprocess.run(
            command, cwd="/", capture_output=True, text=True, check=False, **self.user
        )
        assert done.returncode == 0, done.stderr

    def _make_users(self) -> None:
        with self.connect("postgres") as connection:
            for name in (OWNER, SERVICE):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))

    def start(self) -> None:
        """Start the server and wait until it answers."""
        switch = "on" if self.fsync else "off"
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "fsync": switch,
            "synchronous_commit": switch,
            "full_page_writes": switch,
            "max_connections": 200,
            "shared_buffers": "64MB",
            "timezone": "UTC",
            # Which rows were committed together can be asked for afterwards.
            "track_commit_timestamp": "on",
        } | self.options
        command = [self.binaries / "postgres", "-D", self.folder / "data"]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - nothing else runs in the child
                **self.user,
            )
        self._wait()

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.connect("postgres").close()
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail((self.folder / "log").read_text(), pytrace=False)
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT politely, SIGQUIT as in a crash."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(START_SECONDS)
        self.process = None

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """A connection of the superuser that commits each statement."""
        return psycopg.connect(
            host=str(self.folder), user=SUPERUSER, dbname=database, autocommit=True
        )

    def url(self, database: str) -> str:
        """The address of a database as SQLAlchemy and `DATABASE_URL` want it: the service's."""
        return f"postgresql+psycopg://{SERVICE}@/{database}?host={self.folder}"

    def create_database(self, template: str = "template0") -> str:
        """Make a fresh database, by default an empty one, and return its URL for the service."""
        name = f"t_{secrets.token_hex(6)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
        )
        with self.connect("postgres") as connection:
            connection.execute(statement)
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database made here, whoever is still connected."""
        name = url.split("@/", 1)[1].split("?", 1)[0]
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with self.connect("postgres") as connection:
            connection.execute(statement)

    def copy_of(self, template: str, fill: Callable[[str], None]) -> str:
        """A fresh copy of a template database; `fill(url)` makes that the first time, as its owner.

        `fill` must close its connections: PostgreSQL copies only what nobody has open.
        """
        if template not in self.templates:
            with self.connect("postgres") as connection:
                statement = sql.SQL("CREATE DATABASE {} OWNER {}")
                names = sql.Identifier(template), sql.Identifier(OWNER)
                connection.execute(statement.format(*names))
            fill(owner_url(self.url(template)))
            give_rights(self.url(template))
            self.templates.add(template)
        return self.create_database(template)


def owner_url(url: str) -> str:
    """The address by which a database made here is seen by its owner."""
    return url.replace(f"://{SERVICE}@", f"://{OWNER}@", 1)


def give_rights(url: str) -> None:
    """Let the service work with the tables of a database; their owner says so."""
    engine = create_engine(owner_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        grant_to_service(connection, SERVICE)


def need(what: str, found: object) -> None:
    """Skip on a laptop that lacks `what`; fail in CI, where tests must not vanish silently."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing", pytrace=False)
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """The cluster of this test process."""
    binaries = find_binaries()
    need(PACKAGE, binaries)
    assert binaries is not None
    with Cluster(binaries) as cluster:
        yield cluster


@pytest.fixture
def empty_postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, for its owner."""
    url = postgres_cluster.create_database()
    yield owner_url(url)
    postgres_cluster.drop_database(url)
