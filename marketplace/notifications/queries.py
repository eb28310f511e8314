"""What is in a person's box."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.competitions import queries as competitions
from marketplace.competitions.queries.sealed import to_be_opened
from marketplace.infra.lists import place_of
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Actor
from marketplace.notifications.models import Notification

PAGE_SIZE = 20


@dataclass(frozen=True)
class NotificationRow:
    """One message of the box."""

    public_id: str
    kind: str
    details: Mapping[str, Any]
    address: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Box:
    """A page of someone's messages, newest first."""

    rows: tuple[NotificationRow, ...]
    total: int
    unread: int
    page: int
    pages: int


# Asked by every page of whoever is signed in, so built once.
_UNREAD = select(func.count()).where(
    Notification.user_id == bindparam("reader"), Notification.read_at.is_(None)
)


def tells_how_many_bid() -> ColumnElement[bool]:
    """The events that nobody counts while seals may be broken yet.

    What bidders did, and that letters went to them: everybody else who is told of a competition is
    of its department.
    """
    about = aliased(EventRecord)
    to_bidders = (
        select(Notification.id)
        .join(about, about.id == Notification.event_id)
        .where(
            Notification.id == EventRecord.subject_id,
            about.subject_kind == "competition",
            about.subject_id.in_(to_be_opened()),
            Notification.organisation_id != competitions.heading(about.subject_id).department_id,
        )
        .exists()
    )
    letters = and_(EventRecord.subject_kind == "notification", to_bidders)
    return or_(competitions.hidden_acts(), letters)


def unread(session: Session, actor: Actor) -> int:
    """How many messages the actor has not read."""
    return session.scalar(_UNREAD, {"reader": actor.user_id}) or 0


def box(session: Session, actor: Actor, *, page: int = 1, only_unread: bool = False) -> Box:
    """One page of the actor's messages."""
    mine = select(Notification).where(Notification.user_id == actor.user_id)
    if only_unread:
        mine = mine.where(Notification.read_at.is_(None))
    total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    page, pages = place_of(page, total, PAGE_SIZE)
    order = (Notification.created_at.desc(), Notification.id.desc())
    newest = mine.order_by(*order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    rows = tuple(_row(row) for row in session.scalars(newest))
    return Box(rows, total, unread(session, actor), page, pages)


def unread_events(session: Session, user_id: int, organisation_id: int) -> tuple[EventRecord, ...]:
    """The events that a person was told of for an organisation and has not read of, in order."""
    query = (
        select(EventRecord)
        .join(Notification, Notification.event_id == EventRecord.id)
        .where(
            Notification.user_id == user_id,
            Notification.organisation_id == organisation_id,
            Notification.read_at.is_(None),
        )
    )
    return tuple(session.scalars(query.order_by(EventRecord.id)))


def to_mail(session: Session, notification_id: int) -> tuple[int, NotificationRow] | None:
    """The person and the message of one notification, for the mail that follows it."""
    row = session.get(Notification, notification_id)
    return None if row is None else (row.user_id, _row(row))


def _row(row: Notification) -> NotificationRow:
    return NotificationRow(
        row.public_id, row.kind, row.details, row.address, row.created_at, row.read_at
    )
