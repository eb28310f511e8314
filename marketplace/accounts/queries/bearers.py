"""Sessions, kept forms, tokens of programs: each request's holder is read in one query."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from marketplace.accounts import policy, rules
from marketplace.accounts.models import (
    ApiToken,
    Membership,
    MembershipRole,
    Organisation,
    OrganisationCapacity,
    RescuedForm,
    User,
    UserSession,
)
from marketplace.accounts.queries.parties import actor_of
from marketplace.accounts.queries.rows import MySessionRow, SessionRow
from marketplace.accounts.rules import Stage
from marketplace.accounts.services.sessions import hash_token
from marketplace.kernel.actors import ANONYMOUS, Actor, Capacity, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.scopes import Scope

# Asked by every request, so built once; it fetches no secret that the request does not need.
_OF_TOKEN = (
    select(
        UserSession.id,
        UserSession.public_id,
        UserSession.stage,
        UserSession.ended_at,
        UserSession.last_seen_at,
        UserSession.idle_minutes,
        UserSession.expires_at,
        UserSession.shown_once.is_not(None).label("has_codes_to_show"),
        User.id.label("user_id"),
        User.public_id.label("user_public_id"),
        User.name.label("user_name"),
        User.email,
        User.locale,
        User.totp_confirmed_at.is_not(None).label("has_second_factor"),
        Membership.id.label("membership_id"),
        Membership.organisation_id,
        Membership.provisional,
        Organisation.name.label("organisation_name"),
        MembershipRole.role,
        OrganisationCapacity.capacity,
        exists().where(RescuedForm.user_id == UserSession.user_id).label("has_kept_forms"),
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
    .where(UserSession.token_hash == bindparam("token_hash"))
)


def session_of(session: Session, token: str, at: datetime) -> SessionRow | None:
    """The session behind a cookie's token at a real instant, live or not; None when unknown."""
    rows = session.execute(_OF_TOKEN, {"token_hash": hash_token(token)}).all()
    return _row(rows, at) if rows else None


def _row(rows: Sequence[Any], at: datetime) -> SessionRow:
    found = rows[0]
    live = found.ended_at is None and rules.session_is_live(
        at,
        last_seen_at=found.last_seen_at,
        idle=timedelta(minutes=found.idle_minutes),
        expires_at=found.expires_at,
    )
    actor = _actor(rows) if live and found.stage == Stage.OPEN else ANONYMOUS
    return SessionRow(
        id=found.id,
        public_id=found.public_id,
        user_id=found.user_id,
        user_public_id=found.user_public_id,
        user_name=found.user_name,
        email=found.email,
        locale=found.locale,
        stage=Stage(found.stage),
        live=live,
        last_seen_at=found.last_seen_at,
        has_second_factor=found.has_second_factor,
        has_codes_to_show=found.has_codes_to_show,
        has_kept_forms=found.has_kept_forms,
        organisation_name=str(found.organisation_name or "") if actor.organisation_id else "",
        actor=actor,
    )


def _actor(rows: Sequence[Any]) -> Actor:
    """The actor; a membership of staff counts only with a second factor."""
    found = rows[0]
    capacities = frozenset(Capacity(row.capacity) for row in rows if row.capacity is not None)
    allowed = policy.may_switch(capacities, has_second_factor=found.has_second_factor)
    if found.membership_id is None or not allowed:
        return Actor(user_id=found.user_id)
    return Actor(
        user_id=found.user_id,
        organisation_id=found.organisation_id,
        membership_id=found.membership_id,
        capacities=capacities,
        roles=frozenset(Role(row.role) for row in rows if row.role is not None),
        provisional=found.provisional,
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


@dataclass(frozen=True)
class ApiTokenRow:
    """A token as its organisation sees it; `text` is the token while its maker may copy it."""

    public_id: str
    organisation_id: int
    membership_id: int
    user_name: str
    purpose: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    membership_ended: bool
    text: str

    def state(self, at: datetime) -> str:
        """`live`, `revoked`, `ended` (nobody acts through it any more) or `expired`."""
        if self.revoked_at is not None:
            return "revoked"
        if self.membership_ended:
            return "ended"
        return "live" if at < self.expires_at else "expired"


@dataclass(frozen=True)
class BearerRow:
    """Who sends a token: the actor of its membership, and what the token allows."""

    id: int
    public_id: str
    actor: Actor
    scopes: frozenset[Scope]
    last_used_at: datetime | None


def api_tokens(session: Session, organisation_id: int) -> tuple[ApiTokenRow, ...]:
    """The tokens of an organisation, newest first, without their texts."""
    query = _query().where(ApiToken.organisation_id == organisation_id)
    rows = session.execute(query.order_by(ApiToken.id.desc()))
    return tuple(_token_row(row, member, name) for row, member, name in rows)


def api_token(session: Session, public_id: str, *, membership_id: int | None) -> ApiTokenRow:
    """One token; its text only for the membership that made it. Raises `NotFound`."""
    found = session.execute(_query().where(ApiToken.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    row, member, name = found
    return _token_row(row, member, name, membership_id=membership_id)


def bearer(session: Session, text: str, at: datetime) -> BearerRow | None:
    """Whoever holds a token at a real instant; None when it opens nothing (any more)."""
    query = (
        select(ApiToken, User.totp_confirmed_at)
        .join(Membership, Membership.id == ApiToken.membership_id)
        .join(User, User.id == Membership.user_id)
        .where(
            ApiToken.token_hash == hash_token(text),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > at,
            Membership.ended_at.is_(None),
        )
    )
    found = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        return None
    row, confirmed_at = found
    actor = actor_of(session, row.membership_id)
    if not policy.may_switch(actor.capacities, has_second_factor=confirmed_at is not None):
        return None
    scopes = frozenset(Scope(scope) for scope in row.scopes)
    return BearerRow(row.id, row.public_id, actor, scopes, row.last_used_at)


def shown_tokens_left(session: Session, before: datetime) -> bool:
    """Whether a token made before this real instant is still readable."""
    query = select(ApiToken.id).where(
        ApiToken.shown_once.is_not(None), ApiToken.created_at < before
    )
    return session.scalars(query.limit(1)).first() is not None


def _query() -> Select[ApiToken, Membership, str]:
    return (
        select(ApiToken, Membership, User.name)
        .join(Membership, Membership.id == ApiToken.membership_id)
        .join(User, User.id == Membership.user_id)
    )


def _token_row(
    row: ApiToken, membership: Membership, user_name: str, *, membership_id: int | None = None
) -> ApiTokenRow:
    own = row.membership_id == membership_id
    return ApiTokenRow(
        public_id=row.public_id,
        organisation_id=row.organisation_id,
        membership_id=row.membership_id,
        user_name=user_name,
        purpose=row.purpose,
        prefix=row.prefix,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        membership_ended=membership.ended_at is not None,
        text=(row.shown_once or "") if own else "",
    )
