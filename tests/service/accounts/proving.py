"""People who prove who they are: sessions, codes, and what an act left behind in the database."""

from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select

from marketplace.accounts.models import User, UserSession
from marketplace.accounts.rules import Stage
from marketplace.accounts.services import sessions
from marketplace.accounts.services.sessions import Browser, add_session
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM, Actor
from tests.conftest import NOON
from tests.dossiers import act
from tests.factories import TOTP_SECRET

PLACE = Browser("10.0.0.1", "Firefox")
ELSEWHERE = Browser("10.0.0.2", "Firefox")


def opened(actor: Actor, *, stage: Stage = Stage.OPEN, at: datetime = NOON) -> int:
    """A session of this person; its id."""
    return act(
        SYSTEM,
        lambda uow: add_session(
            uow,
            user_id=actor.user_id,
            membership_id=actor.membership_id,
            stage=stage,
            browser=PLACE,
            at=at,
        ),
    ).session_id


def session_row(key: int) -> UserSession:
    """A session as it stands."""
    db.session.rollback()
    return db.session.get_one(UserSession, key)


def ended(*keys: int) -> list[str]:
    """Why each session ended; empty for those that go on."""
    return [session_row(key).end_reason for key in keys]


def person(actor: Actor) -> User:
    """The person behind an actor as they stand."""
    db.session.rollback()
    return db.session.get_one(User, actor.user_id)


def happened(actor: Actor) -> list[str]:
    """What the events tell about a person, oldest first, without the word for a person."""
    db.session.rollback()
    query = select(EventRecord.kind).where(
        EventRecord.subject_kind == "user", EventRecord.subject_id == actor.user_id
    )
    return [kind.removeprefix("user.") for kind in db.session.scalars(query.order_by("sequence"))]


def code_of(actor: Actor, at: datetime) -> str:
    """The code that the person's authenticator shows at an instant."""
    return pyotp.TOTP(person(actor).totp_secret or TOTP_SECRET).at(at)


def enrolled(actor: Actor) -> Actor:
    """The same person with a second factor in use."""
    act(
        SYSTEM,
        lambda uow: sessions.install_second_factor(uow, user_id=actor.user_id, secret=TOTP_SECRET),
    )
    return actor


LATER = NOON + timedelta(minutes=5)
