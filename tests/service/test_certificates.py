"""The service proves who it is by certificates, as the guide says: to database, Redis and mail."""

import os
import secrets
import shutil
import smtplib
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from limits.storage import storage_from_string

from marketplace.infra import mail
from marketplace.infra.mail import Mail, send_mail
from marketplace.settings import UnusableSetting, read_settings
from tests.authorities import Authority, make_authority
from tests.conftest import make_settings
from tests.postgres import OWNER, SERVICE, Cluster, find_binaries, need
from tests.product import free_port
from tests.unit.infra.test_settings import PRODUCTION

pytestmark = pytest.mark.real_time
LETTER = Mail(to="agent@example.cn", subject="s", text="t", key="certificate-test")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("stranger"))


def by_certificate(query: str, authority: Authority, own: Path | None) -> str:
    """The part of an address behind the question mark, with these names of settings."""
    root, certificate, key = query.split()
    said = f"{root}={authority.file}"
    return said if own is None else f"{said}&{certificate}={own}&{key}={own}"


# ------------------------------------------------------------------ PostgreSQL

AT = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(200)}.{secrets.randbelow(200) + 1}"


@pytest.fixture(scope="module")
def database(authority: Authority) -> Iterator[str]:
    """A server that takes nobody without a certificate; the name of a database in it."""
    binaries = find_binaries()
    need("postgresql", binaries)
    assert binaries is not None
    cluster = Cluster(binaries, listen_addresses=AT, ssl="on")
    own = authority.given(AT).read_text()
    files = {
        "ssl_ca_file": authority.file.read_text(),
        "ssl_cert_file": own,
        "ssl_key_file": own,
        "hba_file": "local all all trust\nhostssl all all 127.0.0.0/8 cert\n",
    }
    for name, content in files.items():
        path = cluster.folder / name
        path.write_text(content)
        path.chmod(0o600)
        if cluster.user:
            os.chown(path, cluster.user["user"], cluster.user["group"])
        cluster.options[name] = path
    with cluster:
        yield cluster.create_database().split("@/", 1)[1].split("?", 1)[0]


def address(database: str, authority: Authority, own: Path | None, user: str = SERVICE) -> str:
    query = by_certificate("sslrootcert sslcert sslkey", authority, own)
    return f"postgresql+psycopg://{user}@{AT}/{database}?sslmode=verify-full&{query}"


def asked(url: str) -> tuple[str, bool, str]:
    """Who one is for the database, whether by TLS, and by which certificate."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return tuple(
            connection.exec_driver_sql(
                "SELECT current_user, ssl, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            ).one()
        )


@pytest.mark.postgres
def test_the_database_knows_the_service_by_its_certificate(authority, database, tmp_path):
    url = address(database, authority, authority.given(SERVICE))
    environ = PRODUCTION | {"DATABASE_URL": url, "MARKETPLACE_HOME": str(tmp_path / "home")}

    assert asked(read_settings(environ).database_url) == (SERVICE, True, f"/CN={SERVICE}")


@pytest.mark.postgres
def test_the_database_takes_no_other_certificate_and_none_at_all(authority, stranger, database):
    others = {
        "none": address(database, authority, None),
        "of another user": address(database, authority, authority.given("somebody")),
        "of the service for the owner": address(
            database, authority, authority.given(SERVICE), OWNER
        ),
        "of another authority": address(database, authority, stranger.given(SERVICE)),
        "expired": address(database, authority, authority.given(SERVICE, days=-1)),
        "of a server that is another": address(database, stranger, authority.given(SERVICE)),
    }
    for what, url in others.items():
        with pytest.raises(sa.exc.OperationalError) as refused:
            asked(url)
        assert isinstance(refused.value.orig, psycopg.OperationalError), what


# ------------------------------------------------------------------ Redis


@pytest.fixture(scope="module")
def redis(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that takes nobody without a certificate; its address."""
    program = shutil.which("redis-server")
    need("redis-server", program)
    assert program is not None
    port, own = free_port(), authority.given("localhost")
    options = {
        "port": 0,
        "tls-port": port,
        "bind": "127.0.0.1",
        "tls-cert-file": own,
        "tls-key-file": own,
        "tls-ca-cert-file": authority.file,
        "tls-auth-clients": "yes",
        "save": "",
        "dir": tmp_path_factory.mktemp("redis"),
    }
    words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    with subprocess.Popen([program, *words], stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield f"rediss://localhost:{port}/0"
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_redis_knows_the_service_by_its_certificate_and_takes_none_without(
    authority, stranger, redis, tmp_path
):
    def counts(own: Path | None) -> int:
        query = by_certificate("ssl_ca_certs ssl_certfile ssl_keyfile", authority, own)
        environ = PRODUCTION | {
            "REDIS_URL": f"{redis}?{query}",
            "MARKETPLACE_HOME": str(tmp_path / "home"),
        }
        return storage_from_string(read_settings(environ).redis_url).incr("hits", 60)

    assert counts(authority.given(SERVICE)) == 1
    for own in (None, stranger.given(SERVICE), authority.given(SERVICE, days=-1)):
        with pytest.raises(Exception, match=r"(?i)ssl|tls|certificate|connection"):
            counts(own)
    assert counts(authority.given(SERVICE)) == 2


# ------------------------------------------------------------------ mail


@contextmanager
def mail_server(context: ssl.SSLContext) -> Iterator[tuple[int, list[str]]]:
    """A mail server that speaks TLS from the beginning: its port, and who came."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        names: list[str] = []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    plain, _from = listening.accept()
                    with suppress(OSError), context.wrap_socket(plain, server_side=True) as sock:
                        ((subject,),) = (dict(sock.getpeercert()).get("subject"),)
                        names.append(subject[0][1])

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1], names


def test_the_mail_server_knows_the_service_by_its_certificate(
    authority, stranger, tmp_path, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.given("127.0.0.1"))
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    with mail_server(context) as (port, names):
        monkeypatch.setattr(mail, "IMPLICIT_TLS_PORT", port)
        settings = replace(
            make_settings(tmp_path / "home"), mail_host="127.0.0.1", mail_port=port, mail_tls=True
        )
        for own in ("", str(stranger.given(SERVICE)), str(authority.given(SERVICE))):
            mail.use_settings(replace(settings, mail_certificate=own))
            # Once it knows who calls, this server hangs up.
            with pytest.raises((ssl.SSLError, smtplib.SMTPException, OSError)):
                send_mail(LETTER)
        listen_until(names)

    assert names == [SERVICE]


def listen_until(names: list[str]) -> None:
    deadline = time.monotonic() + 10
    while not names and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_file_without_certificate_and_key_is_refused_at_the_start(authority, tmp_path):
    environ = PRODUCTION | {"MARKETPLACE_HOME": str(tmp_path / "home")}
    good = authority.given(SERVICE)
    assert read_settings(environ | {"MAIL_CERTIFICATE": str(good)}).mail_certificate == str(good)
    (tmp_path / "empty.pem").touch()
    for path in (tmp_path / "none.pem", tmp_path / "empty.pem", authority.file, tmp_path):
        with pytest.raises(UnusableSetting, match=r"^MAIL_CERTIFICATE must be a file"):
            read_settings(environ | {"MAIL_CERTIFICATE": str(path)})
