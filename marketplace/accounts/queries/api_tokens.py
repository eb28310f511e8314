"""Tokens of the public interface: the list of an organisation's, and who holds one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts import policy
from marketplace.accounts.models import ApiToken, Membership, User
from marketplace.accounts.queries.people import actor_of
from marketplace.accounts.services.sessions import hash_token
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.kernel.scopes import Scope


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
    return tuple(_row(row, member, name) for row, member, name in rows)


def api_token(session: Session, public_id: str, *, membership_id: int | None) -> ApiTokenRow:
    """One token; its text only for the membership that made it. Raises `NotFound`."""
    found = session.execute(_query().where(ApiToken.public_id == public_id)).one_or_none()
    if found is None:
        raise NotFound
    row, member, name = found
    return _row(row, member, name, membership_id=membership_id)


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


def _row(
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
