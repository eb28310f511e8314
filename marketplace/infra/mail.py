"""Sending mail by SMTP; where no mail host is configured, into a sink that a page shows.

Message ids are derived from the caller's key, so a message that an interrupted delivery sends
again carries the id of the first and can be recognised; the sink keeps one of them.
"""

import contextlib
import html
import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import ClassVar
from urllib.parse import urlsplit

from sqlalchemy import Index, String, Text, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra.clock import business_now, real_now
from marketplace.infra.database import Base, writing_session
from marketplace.infra.outbox.listening import GivenUp
from marketplace.infra.tls import client_context
from marketplace.settings import Settings

TIMEOUT = 20.0
IMPLICIT_TLS_PORT = 465
_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LINK = re.compile(r"https?://[^\s<>\"]+")


class SunkMail(Base):
    """A mail of an installation without mail host: shown instead of sent."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "sunk_mail"
    __table_args__ = (Index("ix_sunk_mail_recipient", "recipient", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]


@dataclass(frozen=True)
class Mail:
    """One message to one person. `key` names the notification it carries and is stable."""

    to: str
    subject: str
    text: str
    key: str
    html: str = ""


# Answers of mail servers that begin with 5 are final (RFC 5321).
_FOR_GOOD = 5


class MailNotConfigured(Exception):
    """`use_settings` was not called in this process."""


_settings: list[Settings] = []


def use_settings(settings: Settings) -> None:
    """Send by these settings from now on."""
    _settings[:] = [settings]


def _current() -> Settings:
    if not _settings:
        raise MailNotConfigured
    return _settings[0]


def send_mail(mail: Mail) -> None:
    """Send now, or put into the sink; called by effects only, never within a transaction.

    Raises what smtplib raises, and the delivery is tried again later; but `GivenUp` where the mail
    server refuses the address or the letter for good (5xx), as it does a mistyped address.
    """
    settings = _current()
    if not settings.mail_host:
        _sink(settings, mail)
        return
    message = build_message(settings, mail)
    with _connected(settings) as server:
        try:
            server.send_message(message, settings.mail_from, [mail.to])
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _words),) = error.recipients.values()
            _end_if_for_good(code)
            raise
        except smtplib.SMTPDataError as error:
            _end_if_for_good(error.smtp_code)
            raise


def _end_if_for_good(code: int) -> None:
    if code // 100 == _FOR_GOOD:
        raise GivenUp(f"the mail server refused the letter for good ({code})") from None


def message_id(settings: Settings, key: str) -> str:
    """The Message-ID of the notification `key`: always the same."""
    if _KEY.fullmatch(key) is None:
        raise ValueError("a mail's key is letters, digits, dots and hyphens")
    return f"<{key}@{urlsplit(settings.base_url).hostname or 'marketplace.invalid'}>"


def build_message(settings: Settings, mail: Mail) -> EmailMessage:
    """The message as it goes over the wire: plain text with a simple HTML alternative."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(real_now())
    message["Message-ID"] = message_id(settings, mail.key)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html or html_of(mail.text, settings.base_url), subtype="html")
    return message


def html_of(text: str, own_address: str) -> str:
    """Plain text as HTML: paragraphs where blank lines are, our own addresses as links.

    Others stay text: what somebody typed as a name must not become a link in our letter.
    """
    paragraphs = []
    for part in re.split(r"\n\s*\n", text.strip()):
        linked, last = "", 0
        for found in _LINK.finditer(part):
            if not found.group().startswith(f"{own_address}/"):
                continue
            address = html.escape(found.group())
            linked += html.escape(part[last : found.start()])
            linked += f'<a href="{address}">{address}</a>'
            last = found.end()
        paragraphs.append(
            "<p>" + (linked + html.escape(part[last:])).replace("\n", "<br>") + "</p>"
        )
    return '<!doctype html><html><head><meta charset="utf-8"></head><body>{}</body></html>'.format(
        "".join(paragraphs)
    )


@contextlib.contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A session with the mail server: TLS from the start on port 465, else by STARTTLS."""
    host, port = settings.mail_host, settings.mail_port
    if settings.mail_tls and port == IMPLICIT_TLS_PORT:
        context = client_context(settings.mail_certificate)
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    with server:
        if settings.mail_tls and port != IMPLICIT_TLS_PORT:
            server.starttls(context=client_context(settings.mail_certificate))
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server


def _sink(settings: Settings, mail: Mail) -> None:
    with contextlib.suppress(IntegrityError), writing_session() as session, session.begin():
        session.add(
            SunkMail(
                message_id=message_id(settings, mail.key),
                recipient=mail.to,
                subject=mail.subject[:300],
                text=mail.text,
                sent_at=business_now(session),
            )
        )


def sunk_mails(session: Session, *, to: str = "", limit: int = 100) -> tuple[SunkMail, ...]:
    """The latest mails in the sink, newest first; `to` narrows to one recipient."""
    query = select(SunkMail).order_by(SunkMail.id.desc()).limit(limit)
    if to:
        query = query.where(SunkMail.recipient == to)
    return tuple(session.scalars(query))
