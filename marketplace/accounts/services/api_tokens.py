"""Tokens with which other programs use the public interface. All instants are real time."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from marketplace.accounts import policy, rules
from marketplace.accounts.events import TokenCreated, TokenRevoked
from marketplace.accounts.models import ApiToken, User
from marketplace.accounts.services.second_factor import use_code
from marketplace.accounts.services.sessions import hash_token
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.scopes import Scope

_MARK = "jlm_"
_SHOWN_PREFIX = 10


def make_api_token(
    uow: UnitOfWork,
    *,
    purpose: str,
    scopes: Collection[Scope],
    days: int,
    code: str = "",
    at: datetime,
) -> str | None:
    """Let a program act through the actor's membership; returns the token's public id.

    Whoever has a second factor proves it with `code`; None when that is wrong. The token itself is
    readable once, on its page. Refuses scopes the organisation cannot have, and too many tokens.
    """
    policy.may_make_tokens(uow.actor).require()
    if uow.actor.user_id is None or uow.actor.membership_id is None:
        raise Refused("account.no_membership")
    user = uow.lock(User, uow.actor.user_id)
    if not scopes or not set(scopes) <= set(rules.token_scopes(uow.actor.capacities)):
        raise Refused("api_token.scopes", field="scopes")
    if _live_count(uow, at) >= rules.MOST_TOKENS:
        raise Refused("api_token.too_many", most=rules.MOST_TOKENS)
    if user.totp_confirmed_at is not None and not use_code(uow, user, code, at):
        return None
    token = _MARK + secrets.token_urlsafe(32)
    row = uow.add(
        ApiToken(
            membership_id=uow.actor.membership_id,
            organisation_id=uow.actor.organisation_id,
            purpose=purpose,
            prefix=token[:_SHOWN_PREFIX],
            token_hash=hash_token(token),
            scopes=sorted(scopes),
            created_at=at,
            expires_at=at + timedelta(days=days),
            shown_once=token,
        )
    )
    uow.record(TokenCreated(row.id, row.organisation_id, row.membership_id, tuple(sorted(scopes))))
    return row.public_id


def revoke_api_token(uow: UnitOfWork, *, token: str, at: datetime) -> None:
    """From now on the token opens nothing; harmless when it was revoked already."""
    row = _own(uow, token)
    policy.may_revoke_token(uow.actor, row.organisation_id).require()
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by_id, row.shown_once = at, uow.actor.user_id, None
    uow.record(TokenRevoked(row.id, row.organisation_id, row.membership_id))


def forget_shown_token(uow: UnitOfWork, *, token: str) -> None:
    """Its maker has copied the token: nobody reads it here again."""
    row = _own(uow, token)
    if row.membership_id != uow.actor.membership_id:
        raise NotFound
    row.shown_once = None


def sweep_shown_tokens(uow: UnitOfWork, *, at: datetime) -> None:
    """Forget tokens that nobody copied in time."""
    uow.session.execute(
        update(ApiToken)
        .where(ApiToken.shown_once.is_not(None), ApiToken.created_at < at - rules.TOKEN_SHOWN)
        .values(shown_once=None)
    )


def touch_api_token(uow: UnitOfWork, *, token_id: int, at: datetime) -> None:
    """The token was used just now."""
    uow.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=at))


def _own(uow: UnitOfWork, token: str) -> ApiToken:
    row = uow.lock(ApiToken, token)
    if not uow.actor.acts_for(row.organisation_id):
        raise NotFound
    return row


def _live_count(uow: UnitOfWork, at: datetime) -> int:
    query = select(func.count()).where(
        ApiToken.organisation_id == uow.actor.organisation_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > at,
    )
    return uow.session.scalars(query).one()
