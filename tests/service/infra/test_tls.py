"""Calls to others go over TLS to who they are meant for, or not at all: platform and mail."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from marketplace.approvals.services.calling import Client, Unreachable
from marketplace.infra import mail
from marketplace.infra.mail import Mail, send_mail
from marketplace.settings import Settings
from tests.authorities import Authority, make_authority
from tests.conftest import make_settings

pytestmark = pytest.mark.real_time
LETTER = Mail(to="agent@example.cn", subject="s", text="t", key="tls-test")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("tls"))


@dataclass
class Server:
    """A server on loopback: its port, and what was said to it once TLS stood."""

    port: int
    heard: list[bytes]


@contextmanager
def served(
    context: ssl.SSLContext | None, answer: bytes, greeting: bytes = b""
) -> Iterator[Server]:
    """Serve each connection: a greeting, and an answer to all that is heard."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(listening.getsockname()[1], [])

        def serve() -> None:
            while True:
                try:
                    plain, _from = listening.accept()
                except OSError:
                    return
                with plain, suppress(OSError):
                    plain.settimeout(5)
                    with context.wrap_socket(plain, server_side=True) if context else plain as sock:
                        sock.sendall(greeting)
                        while heard := sock.recv(4096):
                            server.heard.append(heard)
                            sock.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield server


def a_context(certificate: Path, **changes: object) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    for name, value in changes.items():
        setattr(context, name, value)
    return context


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(
        make_settings(tmp_path / "home"),
        approvals_hosts=frozenset({"127.0.0.1", "localhost"}),
        approvals_timeout=5.0,
        mail_host="127.0.0.1",
        mail_tls=True,
    )


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's store names the authority of the house."""
    real = ssl.get_default_verify_paths()
    monkeypatch.setattr(
        ssl,
        "get_default_verify_paths",
        lambda: real._replace(openssl_cafile=str(authority.file), openssl_capath="/nonexistent"),
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


JSON = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"changes": []}'


def calls(settings: Settings, port: int, host: str = "127.0.0.1") -> None:
    """Ask the platform for changes."""
    client = Client(replace(settings, approvals_url=f"https://{host}:{port}"))
    try:
        client.changes(0, 1)
    finally:
        client._http.close()


def test_an_authority_of_the_house_is_trusted_where_the_machine_names_it(
    authority, settings, trusted
):
    with served(a_context(authority.given("127.0.0.1")), JSON) as server:
        calls(settings, server.port)
    assert server.heard


def test_an_unknown_certificate_is_refused(authority, settings):
    with served(a_context(authority.given("127.0.0.1")), JSON) as server:
        with pytest.raises(Unreachable):
            calls(settings, server.port)
        mail.use_settings(replace(settings, mail_port=server.port))
        with pytest.raises((ssl.SSLError, smtplib.SMTPException, OSError)):
            send_mail(LETTER)
    assert not any(b"GET" in heard or b"MAIL" in heard for heard in server.heard)


@pytest.mark.parametrize(
    ("name", "days"), [("10.9.8.7", 1), ("other.example", 1), ("127.0.0.1", -1)]
)
def test_a_certificate_of_another_name_is_refused(authority, settings, trusted, name, days):
    context = a_context(authority.given(name, days=days))
    with served(context, JSON) as server, pytest.raises(Unreachable):
        calls(settings, server.port)
    assert server.heard == []


def test_an_old_version_of_tls_is_refused(authority, settings, trusted):
    certificate = authority.given("127.0.0.1")
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = a_context(certificate, minimum_version=version, maximum_version=version)
        with served(context, JSON) as server:
            calls(settings, server.port)
    context = a_context(certificate)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with served(context, JSON) as server, pytest.raises(Unreachable):
        calls(settings, server.port)
    assert server.heard == []


@pytest.mark.parametrize("suite", ["AES128-SHA", "AES256-GCM-SHA384", "NULL-SHA256"])
def test_a_weak_suite_is_refused(authority, settings, trusted, suite):
    """Neither what encrypts nothing nor what keeps no forward secrecy."""
    context = a_context(authority.given("127.0.0.1"), maximum_version=ssl.TLSVersion.TLSv1_2)
    context.set_ciphers(f"{suite}:@SECLEVEL=0")

    with served(context, JSON) as server, pytest.raises(Unreachable):
        calls(settings, server.port)
    assert server.heard == []


def test_a_letter_is_not_sent_in_the_clear_where_the_server_offers_no_tls(settings):
    """Whoever takes STARTTLS out of the conversation gets neither password nor letter."""
    answer = b"250 mail AUTH PLAIN LOGIN\r\n"
    with served(None, answer, b"220 mail\r\n") as server:
        mail.use_settings(
            replace(settings, mail_port=server.port, mail_user="market", mail_password="hunter2")
        )
        with pytest.raises(smtplib.SMTPException):
            send_mail(LETTER)
    heard = b"".join(server.heard)
    assert heard.lower().startswith(b"ehlo")
    assert b"AUTH" not in heard
    assert b"MAIL" not in heard
