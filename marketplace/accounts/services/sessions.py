"""Sessions: opened after signing in, used, switched, ended, swept. All instants are real time."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from marketplace.accounts import policy, rules
from marketplace.accounts.events import SessionsEnded
from marketplace.accounts.models import (
    Membership,
    OrganisationCapacity,
    RescuedForm,
    User,
    UserSession,
)
from marketplace.accounts.rules import Stage
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class Opened:
    """A session as the browser gets it: the token for its cookie, and what is still to prove."""

    token: str
    stage: Stage
    session_id: int


@dataclass(frozen=True)
class Browser:
    """Where a request came from: for the list of my sessions, and for counting failures."""

    address: str = ""
    name: str = ""


def hash_token(token: str) -> str:
    """What the database keeps of a token; it is random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_session(
    uow: UnitOfWork,
    *,
    user_id: int,
    membership_id: int | None,
    stage: Stage,
    browser: Browser,
    at: datetime,
) -> Opened:
    """A new session with a new token; its lifetimes are those of the rulebook today."""
    today = local_date(uow.now)
    token = secrets.token_urlsafe(32)
    row = UserSession(
        token_hash=hash_token(token),
        user_id=user_id,
        membership_id=membership_id,
        stage=stage,
        started_at=at,
        last_seen_at=at,
        idle_minutes=catalogue.rule(uow.session, "account.idle_minutes", today),
        expires_at=at
        + timedelta(hours=catalogue.rule(uow.session, "account.absolute_hours", today)),
        browser=browser.name[:60],
        address=browser.address[:45],
    )
    uow.add(row)
    return Opened(token, stage, row.id)


def lock_session(uow: UnitOfWork, key: int | str) -> tuple[User, UserSession]:
    """Lock a session after its person, so that two acts never wait for each other."""
    user = uow.lock(User, uow.find(UserSession, key).user_id)
    return user, uow.lock(UserSession, key)


def touch_session(uow: UnitOfWork, *, session_id: int, at: datetime) -> None:
    """Note that the session was used."""
    uow.session.execute(
        update(UserSession).where(UserSession.id == session_id).values(last_seen_at=at)
    )


def end_session(uow: UnitOfWork, *, session_id: int, reason: str, at: datetime) -> None:
    """End one session of the machinery's own accord: signed out, or replaced by a proven one."""
    uow.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason, shown_once=None)
    )


def end_my_session(uow: UnitOfWork, *, session: str, at: datetime) -> None:
    """End one of the actor's own sessions, named by its public id; `NotFound` for others'."""
    user, row = lock_session(uow, session)
    if user.id != uow.actor.user_id or row.ended_at is not None:
        raise NotFound
    row.ended_at, row.end_reason, row.shown_once = at, "by_owner", None
    uow.record(SessionsEnded(user.id, 1))


def end_sessions_of(
    uow: UnitOfWork, *, user_id: int, reason: str, at: datetime, keep: int | None = None
) -> int:
    """End a person's sessions but for `keep`; returns how many. The caller has decided."""
    live = select(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.ended_at.is_(None),
        UserSession.id != (keep or 0),
    )
    rows = uow.session.scalars(live).all()
    for row in rows:
        row.ended_at, row.end_reason, row.shown_once = at, reason, None
    if rows:
        uow.record(SessionsEnded(user_id, len(rows)))
    return len(rows)


def switch_membership(uow: UnitOfWork, *, session_id: int, membership: str) -> None:
    """The session acts for another of its user's memberships from now on.

    `NotFound` for somebody else's; refused without a second factor where it is required.
    """
    row = uow.find(Membership, membership)
    if row.user_id != uow.actor.user_id or row.ended_at is not None:
        raise NotFound
    user = uow.find(User, row.user_id)
    capacities = uow.session.scalars(
        select(OrganisationCapacity.capacity).where(
            OrganisationCapacity.organisation_id == row.organisation_id
        )
    )
    policy.may_switch(
        [Capacity(value) for value in capacities],
        has_second_factor=user.totp_confirmed_at is not None,
    ).require()
    uow.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.user_id == row.user_id)
        .values(membership_id=row.id)
    )


def forget_shown_once(uow: UnitOfWork, *, session_id: int) -> None:
    """Their owner has written the recovery codes down: nobody sees them again."""
    uow.session.execute(
        update(UserSession).where(UserSession.id == session_id).values(shown_once=None)
    )


def sweep_sessions(uow: UnitOfWork, *, at: datetime) -> int:
    """End what was left idle or grew too old, and delete what ended long ago; returns how many."""
    count = 0
    live = select(UserSession).where(UserSession.ended_at.is_(None))
    for row in uow.session.scalars(live):
        idle = timedelta(minutes=row.idle_minutes)
        if not rules.session_is_live(
            at, last_seen_at=row.last_seen_at, idle=idle, expires_at=row.expires_at
        ):
            row.ended_at, row.end_reason, row.shown_once = at, "expired", None
            count += 1
    uow.session.flush()
    old = delete(UserSession).where(UserSession.ended_at < at - rules.SESSION_TRACE)
    uow.session.execute(old)
    return count


def keep_form(uow: UnitOfWork, *, user_id: int, path: str, body: str, at: datetime) -> None:
    """Keep what was typed into a page's form after the session had ended, in place of an older."""
    if len(path) > 500:
        raise Refused("account.address_too_long")
    forget_form(uow, user_id=user_id, path=path)
    uow.session.add(RescuedForm(user_id=user_id, path=path, body=body, kept_at=at))


def forget_form(uow: UnitOfWork, *, user_id: int, path: str) -> None:
    """The kept form was sent, or a newer one takes its place."""
    uow.session.execute(
        delete(RescuedForm).where(RescuedForm.user_id == user_id, RescuedForm.path == path)
    )


def sweep_forms(uow: UnitOfWork, *, at: datetime) -> None:
    """Delete the forms that were kept for longer than an hour."""
    uow.session.execute(delete(RescuedForm).where(RescuedForm.kept_at < at - rules.RESCUE))
