"""Telling people, and noting that they have read it."""

from sqlalchemy import bindparam, select, update

from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Message
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.notifications.events import NotificationMade
from marketplace.notifications.models import Notification

_TOLD = select(Notification.user_id).where(Notification.event_id == bindparam("event"))
_READ_EARLIER = (
    update(Notification)
    .where(
        Notification.event_id.in_(
            select(EventRecord.id).where(
                EventRecord.subject_kind == bindparam("about"),
                EventRecord.subject_id == bindparam("key"),
                EventRecord.sequence < bindparam("before"),
            )
        ),
        Notification.read_at.is_(None),
    )
    .values(read_at=bindparam("at"))
    .execution_options(synchronize_session=False)
)


def tell(uow: UnitOfWork, *, about: EventRecord, message: Message) -> int:
    """Put the message into each person's box once per event; returns how many were told.

    The person who did the thing is not told of it.
    """
    told = set(uow.session.scalars(_TOLD, {"event": about.id}))
    people = [u for u in dict.fromkeys(message.user_ids) if u not in told | {about.actor_user_id}]
    for user_id in people:
        row = uow.add(
            Notification(
                event_id=about.id,
                user_id=user_id,
                organisation_id=message.organisation_id,
                kind=about.kind,
                details=dict(message.details),
                address=message.address,
                created_at=about.occurred_at,
            )
        )
        uow.record(NotificationMade(row.id, user_id=user_id))
    return len(people)


def tell_instead(uow: UnitOfWork, *, about: EventRecord, message: Message) -> int:
    """`tell`, unless one of these people was told of the event before."""
    told = set(uow.session.scalars(_TOLD, {"event": about.id}))
    return 0 if told & set(message.user_ids) else tell(uow, about=about, message=message)


def settle_earlier(uow: UnitOfWork, *, about: EventRecord) -> None:
    """What was told before about a record that moved on waits for nobody any more: it is read.

    An institution is no such record: what is told about it concerns one certificate or another.
    """
    if about.subject_kind == "institution":
        return
    subject = {"about": about.subject_kind, "key": about.subject_id}
    moment = {"before": about.sequence, "at": about.occurred_at}
    uow.session.execute(_READ_EARLIER, subject | moment)


def read_notification(uow: UnitOfWork, *, notification_id: str) -> str:
    """Note that the actor has read it and return the address it leads to.

    Raises `NotFound` for somebody else's.
    """
    row = uow.lock(Notification, notification_id)
    if row.user_id != uow.actor.user_id:
        raise NotFound
    row.read_at = row.read_at or uow.now
    return row.address


def read_all(uow: UnitOfWork) -> None:
    """Note that the actor has read everything in their box."""
    uow.session.execute(
        update(Notification)
        .where(Notification.user_id == uow.actor.user_id, Notification.read_at.is_(None))
        .values(read_at=uow.now)
    )


def read_for(uow: UnitOfWork, *, user_id: int, organisation_id: int) -> None:
    """What a person was told for an organisation that they have left waits for them no more."""
    uow.session.execute(
        update(Notification)
        .where(
            Notification.user_id == user_id,
            Notification.organisation_id == organisation_id,
            Notification.read_at.is_(None),
        )
        .values(read_at=uow.now)
    )
