"""Mail: by SMTP to a real server, or into the sink where there is none."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from marketplace.infra import mail
from marketplace.infra.database import reading_session
from marketplace.infra.mail import Mail, html_of, send_mail, sunk_mails
from marketplace.settings import Settings
from tests.product import free_port

LETTER = Mail(
    to="agent@example.cn",
    subject="入驻申请已受理",
    text="您好：\n申请已受理。\n\n请查看 http://127.0.0.1:8000/desk?a=1&b=2 。",
    key="notification-abc234defg",
)


class Box:
    """What a mail server received."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"


class Full:
    """A mail server that takes nothing."""

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "452 no space"


@pytest.fixture(params=["sqlite"])
def settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """One database is enough here."""
    return settings


def serve(settings: Settings, handler: object) -> Iterator[None]:
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mail.use_settings(replace(settings, mail_host="127.0.0.1", mail_port=port))
        yield
    finally:
        controller.stop()
        mail.use_settings(settings)


@pytest.fixture
def box(app: Flask, settings: Settings) -> Iterator[Box]:
    box = Box()
    yield from (box for _running in serve(settings, box))


@pytest.fixture
def full_server(app: Flask, settings: Settings) -> Iterator[None]:
    yield from serve(settings, Full())


def test_a_letter_arrives_as_text_and_as_html_with_its_headers(box: Box) -> None:
    send_mail(LETTER)

    (letter,) = box.letters
    assert letter["To"] == LETTER.to
    assert letter["Subject"] == LETTER.subject
    assert letter["Message-ID"] == "<notification-abc234defg@127.0.0.1>"
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert "申请已受理。" in plain.get_content()
    assert '<a href="http://127.0.0.1:8000/desk?a=1&amp;b=2">' in rich.get_content()


def test_a_letter_sent_again_carries_the_same_id(box: Box) -> None:
    send_mail(LETTER)
    send_mail(LETTER)

    assert len({letter["Message-ID"] for letter in box.letters}) == 1


@pytest.mark.usefixtures("full_server")
def test_a_server_that_takes_nothing_makes_the_effect_fail() -> None:
    with pytest.raises(Exception, match="452"):
        send_mail(LETTER)


@pytest.mark.parametrize("field", ["to", "subject"])
def test_no_header_can_be_smuggled_into_a_letter(box: Box, field: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        send_mail(replace(LETTER, **{field: "a@example.cn\r\nBcc: b@example.cn"}))
    assert box.letters == []


def test_without_a_mail_host_the_sink_keeps_each_letter_once(app: Flask) -> None:
    send_mail(LETTER)
    send_mail(LETTER)
    send_mail(replace(LETTER, key="another", to="other@example.cn"))

    with reading_session() as session:
        assert [letter.recipient for letter in sunk_mails(session)] == [
            "other@example.cn",
            LETTER.to,
        ]
        (letter,) = sunk_mails(session, to=LETTER.to)
    assert (letter.subject, letter.text) == (LETTER.subject, LETTER.text)


def test_what_somebody_typed_is_no_markup_in_the_html() -> None:
    assert "<script>" not in html_of("<script>alert(1)</script>", "https://own.example")


def test_only_our_own_addresses_become_links() -> None:
    words = "Open https://own.example/a or https://own.example.evil/b, or https://evil.example/c."

    assert html_of(words, "https://own.example").count("<a ") == 1
