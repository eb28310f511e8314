"""Listening to what happens: a message into each person's box, and a mail for each message."""

from collections.abc import Iterator

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from marketplace.accounts.events import MembershipEnded, RolesChanged
from marketplace.accounts.queries import person
from marketplace.infra.mail import Mail, send_mail
from marketplace.infra.outbox.listening import Effect, Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Message, news_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.notifications import queries
from marketplace.notifications.events import NotificationMade
from marketplace.notifications.services import read_for, settle_earlier, tell, tell_instead
from marketplace.notifications.wording import message_text, message_title

_LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


def tell_audience(uow: UnitOfWork, record: EventRecord) -> None:
    """Put the message of an event into the box of everyone it concerns."""
    settle_earlier(uow, about=record)
    for message in _messages(uow.session, record):
        tell(uow, about=record, message=message)


def hand_on_unread(uow: UnitOfWork, record: EventRecord) -> None:
    """What a member had not read who has left, or lost a role, reaches those who are told now.

    Where one of them was told at the time, nobody is told again.
    """
    user_id, house = record.payload["user_id"], record.payload["organisation_id"]
    for event in queries.unread_events(uow.session, user_id, house):
        for message in _messages(uow.session, event):
            if message.organisation_id == house:
                tell_instead(uow, about=event, message=message)
    if record.kind == MembershipEnded.KIND:
        read_for(uow, user_id=user_id, organisation_id=house)


def _messages(session: Session, record: EventRecord) -> Iterator[Message]:
    row = news_of(record.kind)
    for audience in row.to if row else ():
        yield from audience(session, record)


def mail_notification(session: Session, record: EventRecord) -> None:
    """Send a message on by mail, in the reader's language."""
    found = queries.to_mail(session, record.subject_id)
    if found is None:
        return
    user_id, row = found
    reader = person(session, user_id)
    with force_locale(_LOCALES.get(reader.locale, _LOCALES["zh"])):
        address = current_app.extensions["settings"].base_url + row.address
        text = "\n\n".join(
            (
                gettext("Dear %(name)s,", name=reader.name),
                message_text(row.kind, row.details),
                gettext("Open it here: %(address)s", address=address),
            )
        )
        subject = message_title(row.kind, row.details)
    send_mail(
        Mail(to=reader.email, subject=subject, text=text, key=f"notification-{row.public_id}")
    )


HANDLERS = (
    Handler("notify", tell_audience, lambda row: bool(row.to)),
    Handler("hand-on-messages", hand_on_unread, (MembershipEnded, RolesChanged)),
    Effect("mail", mail_notification, (NotificationMade,), ordered=False),
)
