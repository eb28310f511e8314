"""What the demo's pages, commands and readiness check read."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries import parties
from marketplace.demo.cast import (
    ASSOCIATIONS,
    AUTHORITIES,
    ENTERPRISES,
    LISTED_AGENTS,
    OPERATOR,
    PASSWORD,
    Person,
)
from marketplace.demo.models import DemoWorld
from marketplace.infra.lists import place_of
from marketplace.infra.mail import SunkMail
from marketplace.kernel.actors import Role

PAGE_SIZE = 25
_LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class WorldRow:
    """How far the demo world is made."""

    told_at: datetime
    position: int
    completed_at: datetime | None


@dataclass(frozen=True)
class DemoAccount:
    """Somebody who can sign in; `code` is empty where no second factor is asked for."""

    name: str
    email: str
    password: str
    organisation_name: str
    roles: frozenset[Role]
    code: str


@dataclass(frozen=True)
class MailRow:
    """A mail in a list; `key` names it in addresses."""

    key: str
    recipient: str
    subject: str
    sent_at: datetime


@dataclass(frozen=True)
class MailPage:
    """One page of the sink, newest first."""

    rows: tuple[MailRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Piece:
    """A part of a mail's text; `path` is the address within this site where it is a link."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class OpenedMail:
    """A mail with its paragraphs, each of lines of pieces."""

    row: MailRow
    paragraphs: tuple[tuple[tuple[Piece, ...], ...], ...]


def world(session: Session) -> WorldRow | None:
    """The state of the demo world; None before the first load."""
    row = session.get(DemoWorld, 1)
    return None if row is None else WorldRow(row.told_at, row.position, row.completed_at)


def listed_people() -> tuple[Person, ...]:
    """Everybody with a password, in the order in which they are shown."""
    bodies = (*ASSOCIATIONS, *AUTHORITIES, *ENTERPRISES, OPERATOR)
    everybody = (*LISTED_AGENTS, *(person for body in bodies for person in body.people))
    return tuple(person for person in everybody if person.listed)


def demo_accounts(session: Session, at: datetime) -> tuple[DemoAccount, ...]:
    """The accounts with their codes at a real instant; empty while the world is not made."""
    found = (_account(session, person, at) for person in listed_people())
    return tuple(account for account in found if account is not None)


def _account(session: Session, person: Person, at: datetime) -> DemoAccount | None:
    known = parties.find_user(session, person.email)
    if known is None:
        return None
    memberships = parties.memberships_of(session, known.id)
    return DemoAccount(
        name=known.name,
        email=known.email,
        password=PASSWORD,
        organisation_name=memberships[0].organisation_name if memberships else "",
        roles=memberships[0].roles if memberships else frozenset(),
        code=parties.current_code(session, known.id, at),
    )


def mails(session: Session, *, to: str, page: int) -> MailPage:
    """A page of the sink; `to` narrows to one recipient."""
    chosen = [SunkMail.recipient == to] if to else []
    total = session.scalars(select(func.count(SunkMail.id)).where(*chosen)).one()
    page, pages = place_of(page, total, PAGE_SIZE)
    query = select(SunkMail).where(*chosen).order_by(SunkMail.id.desc())
    found = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return MailPage(tuple(_row(mail) for mail in found), total, page, pages)


def mail(session: Session, key: str) -> OpenedMail | None:
    """One mail by its key, its links leading into this site wherever it runs now."""
    begins = SunkMail.message_id.startswith(f"<{key}@", autoescape=True)
    found = session.scalars(select(SunkMail).where(begins)).first()
    if found is None:
        return None
    paragraphs = re.split(r"\n\s*\n", found.text.strip())
    return OpenedMail(
        _row(found),
        tuple(tuple(_pieces(line) for line in part.splitlines()) for part in paragraphs),
    )


def _row(row: SunkMail) -> MailRow:
    key = row.message_id.lstrip("<").split("@")[0]
    return MailRow(key, row.recipient, row.subject, row.sent_at)


def _pieces(line: str) -> tuple[Piece, ...]:
    pieces, last = [], 0
    for found in _LINK.finditer(line):
        if found.start() > last:
            pieces.append(Piece(line[last : found.start()]))
        parts = urlsplit(found.group())
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        pieces.append(Piece(found.group(), path))
        last = found.end()
    return (*pieces, Piece(line[last:])) if last < len(line) else tuple(pieces)
