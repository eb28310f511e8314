"""Sessions and kept forms; the session of a request is read in one query."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.accounts import policy, rules
from marketplace.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationCapacity,
    RescuedForm,
    User,
    UserSession,
)
from marketplace.accounts.queries.rows import MySessionRow, SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.services.sessions import hash_token
from marketplace.kernel.actors import ANONYMOUS, Actor, Capacity, Role


def session_of(session: Session, token: str, at: datetime) -> SessionRow | None:
    """The session behind a cookie's token at a real instant, live or not; None when unknown."""
    has_forms = exists().where(RescuedForm.user_id == UserSession.user_id)
    query = (
        select(
            UserSession,
            User,
            Membership,
            Organisation.name,
            MembershipRole.role,
            OrganisationCapacity.capacity,
            has_forms,
        )
        .join(User, User.id == UserSession.user_id)
        .outerjoin(
            Membership,
            (Membership.id == UserSession.membership_id) & Membership.ended_at.is_(None),
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(
            MembershipRole,
            (MembershipRole.membership_id == Membership.id) & MembershipRole.ended_at.is_(None),
        )
        .outerjoin(
            OrganisationCapacity, OrganisationCapacity.organisation_id == Membership.organisation_id
        )
        .where(UserSession.token_hash == hash_token(token))
        # Another request of this process may have changed what this session holds in memory.
        .execution_options(populate_existing=True)
    )
    rows = session.execute(query).all()
    return _row(rows, at) if rows else None


def _row(rows: Sequence[Any], at: datetime) -> SessionRow:
    found, user, membership, organisation_name, _role, _capacity, has_forms = rows[0]
    live = found.ended_at is None and rules.session_is_live(
        at,
        last_seen_at=found.last_seen_at,
        idle=timedelta(minutes=found.idle_minutes),
        expires_at=found.expires_at,
    )
    has_second_factor = user.totp_confirmed_at is not None
    actor = ANONYMOUS
    if live and found.stage == Stage.OPEN:
        actor = _actor(user.id, membership, rows, has_second_factor=has_second_factor)
    return SessionRow(
        id=found.id,
        public_id=found.public_id,
        user_id=user.id,
        user_public_id=user.public_id,
        user_name=user.name,
        email=user.email,
        locale=user.locale,
        stage=Stage(found.stage),
        live=live,
        last_seen_at=found.last_seen_at,
        has_second_factor=has_second_factor,
        has_codes_to_show=found.shown_once is not None,
        has_kept_forms=bool(has_forms),
        organisation_name=str(organisation_name or "") if actor.organisation_id else "",
        actor=actor,
    )


def _actor(
    user_id: int,
    membership: Membership | None,
    rows: Sequence[Any],
    *,
    has_second_factor: bool,
) -> Actor:
    """The actor; a membership of staff counts only with a second factor."""
    capacities = frozenset(Capacity(row[5]) for row in rows if row[5] is not None)
    allowed = policy.may_switch(capacities, has_second_factor=has_second_factor)
    if membership is None or not allowed:
        return Actor(user_id=user_id)
    return Actor(
        user_id=user_id,
        organisation_id=membership.organisation_id,
        membership_id=membership.id,
        capacities=capacities,
        roles=frozenset(Role(row[4]) for row in rows if row[4] is not None),
        provisional=membership.provisional,
    )


def my_sessions(
    session: Session, user_id: int, *, current: int, at: datetime
) -> tuple[MySessionRow, ...]:
    """A person's live sessions, the last used first."""
    query = select(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.ended_at.is_(None),
        UserSession.stage == Stage.OPEN,
    )
    live = [
        row
        for row in session.scalars(query.order_by(UserSession.last_seen_at.desc()))
        if rules.session_is_live(
            at,
            last_seen_at=row.last_seen_at,
            idle=timedelta(minutes=row.idle_minutes),
            expires_at=row.expires_at,
        )
    ]
    return tuple(
        MySessionRow(
            public_id=row.public_id,
            browser=row.browser,
            address=row.address,
            started_at=row.started_at,
            last_seen_at=row.last_seen_at,
            current=row.id == current,
        )
        for row in live
    )


def codes_to_show(session: Session, session_id: int) -> tuple[str, ...]:
    """The recovery codes a session shows until they are written down; empty afterwards."""
    query = select(UserSession.shown_once).where(UserSession.id == session_id)
    text = session.scalars(query).one_or_none()
    return tuple(json.loads(text)) if text else ()


def kept_form(session: Session, user_id: int, path: str, at: datetime) -> list[tuple[str, str]]:
    """What was typed into a page's form when the session had ended, within the hour."""
    query = select(RescuedForm.body).where(
        RescuedForm.user_id == user_id,
        RescuedForm.path == path,
        RescuedForm.kept_at > at - rules.RESCUE,
    )
    body = session.scalars(query).one_or_none()
    return [(name, value) for name, value in json.loads(body)] if body else []


def anything_to_sweep(session: Session, at: datetime) -> bool:
    """Whether sessions or kept forms have outlived their time."""
    old_session = select(UserSession.id).where(
        (UserSession.ended_at < at - rules.SESSION_TRACE)
        | (UserSession.ended_at.is_(None) & (UserSession.last_seen_at < at - timedelta(minutes=5)))
    )
    old_form = select(RescuedForm.id).where(RescuedForm.kept_at < at - rules.RESCUE)
    return any(session.scalars(query.limit(1)).first() for query in (old_session, old_form))
