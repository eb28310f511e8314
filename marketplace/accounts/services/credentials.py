"""What people and programs prove themselves by: passwords, addresses, tokens."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import events, policy, rules
from marketplace.accounts.models import ApiToken, User
from marketplace.accounts.services import appointing, registering, sessions
from marketplace.accounts.services.signing_in import forget_failures
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.scopes import Scope
from marketplace.kernel.texts import required


def password_stamp(user: User) -> str:
    """What a link to set the password rests on; spent when the password changes."""
    return rules.stamp("password", user.id, user.email, user.password_hash)


def email_stamp(user: User) -> str:
    """What a link to confirm a new e-mail address rests on."""
    return rules.stamp("email", user.id, user.email, user.pending_email)


def request_password_reset(uow: UnitOfWork, *, email: str) -> None:
    """Mail a link to set a new password; an unknown e-mail gets nothing, and nobody sees it."""
    query = select(User).where(User.email == rules.normal_email(email)).with_for_update()
    user = uow.session.scalars(query).one_or_none()
    if user is not None:
        uow.record(events.PasswordResetRequested(user.id))


def set_password(
    uow: UnitOfWork, *, user: str, stamp: str, password_hash: str, at: datetime
) -> None:
    """By a mailed link, which also proves the e-mail address; ends all sessions, lifts the lock.

    Refuses `account.link_used` when the password has changed since. `at` is real time.
    """
    row = uow.lock(User, user)
    if stamp != password_stamp(row):
        raise Refused("account.link_used")
    row.password_hash = password_hash
    row.email_verified_at = row.email_verified_at or uow.now
    forget_failures(uow, email=row.email)
    sessions.end_sessions_of(uow, user_id=row.id, reason="password", at=at)
    uow.record(events.PasswordChanged(row.id))


def set_first_password(uow: UnitOfWork, *, user_id: int, password_hash: str) -> None:
    """Give a person a password without a letter; for the platform itself (demonstration, tests)."""
    if not uow.actor.is_system:
        raise Refused("account.not_your_role")
    row = uow.lock(User, user_id)
    row.password_hash = password_hash
    row.email_verified_at = row.email_verified_at or uow.now
    uow.record(events.PasswordChanged(row.id))


def change_password(
    uow: UnitOfWork, *, password_hash: str, keep_session: int, at: datetime
) -> None:
    """The actor, who has just shown the old one, sets a new password; other sessions end."""
    row = _me(uow)
    row.password_hash = password_hash
    sessions.end_sessions_of(uow, user_id=row.id, reason="password", at=at, keep=keep_session)
    uow.record(events.PasswordChanged(row.id))


def change_details(uow: UnitOfWork, *, name: str, mobile: str, locale: str) -> None:
    """The actor's name, mobile and language; nothing is recorded where nothing changed.

    Refuses `account.mobile_of_other`: a number belongs to one person, and a person has one account.
    """
    row = _me(uow)
    new = {"name": name, "mobile": mobile, "locale": locale}
    changed = tuple(field for field, value in new.items() if getattr(row, field) != value)
    if not changed:
        return
    if "mobile" in changed:
        _take_mobile(uow, row, mobile)
    row.name, row.locale = name, locale
    uow.record(events.DetailsChanged(row.id, changed))


def _take_mobile(uow: UnitOfWork, row: User, mobile: str) -> None:
    """Asked first; of two who take it at once the database lets one."""
    policy.may_secure_own_account(uow.actor).require()
    if registering.account_with(uow, mobile, but=row.id) is not None:
        raise Refused("account.mobile_of_other", field="mobile")
    try:
        with uow.session.begin_nested():
            row.hold_mobile(mobile)
    except IntegrityError as error:
        raise Refused("account.mobile_of_other", field="mobile") from error


def request_email_change(uow: UnitOfWork, *, email: str) -> None:
    """Mail a link to the new address; the old one stays until the link is followed."""
    row = _me(uow)
    if rules.normal_email(email) == row.email:
        raise Refused("account.email_unchanged", field="email")
    row.pending_email = rules.normal_email(email)
    uow.record(events.EmailChangeRequested(row.id))


def confirm_email_change(uow: UnitOfWork, *, user: str, stamp: str) -> None:
    """The mailed link proves the new address; refuses one that has an account meanwhile.

    Open invitations to the old address follow.
    """
    row = uow.lock(User, user)
    if not row.pending_email or stamp != email_stamp(row):
        raise Refused("account.link_used")
    was = row.email
    try:
        with uow.session.begin_nested():
            row.email, row.pending_email, row.email_verified_at = row.pending_email, "", uow.now
    except IntegrityError as error:
        raise Refused("account.email_taken") from error
    appointing.move_invitations(uow, was=was, email=row.email)
    uow.record(events.EmailChanged(row.id))


def secure_account(uow: UnitOfWork, *, user: str, act: str, at: datetime) -> None:
    """The security administrator helps: `unlock`, `end_sessions` or `reset_second_factor`.

    Never for themselves. After a reset the person enrols anew at the next sign-in.
    """
    row = uow.lock(User, user)
    policy.may_secure_account(uow.actor, row.id).require()
    if act == "unlock":
        forget_failures(uow, email=row.email)
        uow.record(events.AccountUnlocked(row.id))
        return
    sessions.end_sessions_of(uow, user_id=row.id, reason="security", at=at)
    if act == "reset_second_factor":
        if row.totp_confirmed_at is None:
            raise Refused("account.second_factor_missing")
        sessions.clear_second_factor(uow, row)


def free_mobile(uow: UnitOfWork, *, user: str, reason: str) -> None:
    """The security administrator takes a number from an account, so that its new owner can use it.

    Never for themselves. The owner of the account is told, and enters a new number. Refuses
    `account.mobile_missing` where there is none, and an empty reason.
    """
    row = uow.lock(User, user)
    policy.may_secure_account(uow.actor, row.id).require()
    if not row.mobile:
        raise Refused("account.mobile_missing")
    words = required(reason, "reason", most=500)
    row.hold_mobile("")
    uow.record(events.MobileFreed(row.id), words=words)


def _me(uow: UnitOfWork) -> User:
    return uow.lock(User, uow.user_id)


_MARK = "jlm_"

_SHOWN_PREFIX = 10


def make_api_token(
    uow: UnitOfWork,
    *,
    purpose: str,
    scopes: Collection[Scope],
    days: int,
    at: datetime,
) -> str:
    """Let a program act through the actor's membership; returns the token's public id.

    The token itself is readable once, on its page. Refuses scopes the organisation cannot have, and
    too many tokens.
    """
    policy.may_make_tokens(uow.actor).require()
    if uow.actor.user_id is None or uow.actor.membership_id is None:
        raise Refused("account.no_membership")
    uow.lock(User, uow.actor.user_id)
    if not scopes or not set(scopes) <= set(rules.token_scopes(uow.actor.capacities)):
        raise Refused("api_token.scopes", field="scopes")
    if _live_count(uow, at) >= rules.MOST_TOKENS:
        raise Refused("api_token.too_many", most=rules.MOST_TOKENS)
    token = _MARK + secrets.token_urlsafe(32)
    row = uow.add(
        ApiToken(
            membership_id=uow.actor.membership_id,
            organisation_id=uow.actor.organisation_id,
            purpose=purpose,
            prefix=token[:_SHOWN_PREFIX],
            token_hash=sessions.hash_token(token),
            scopes=tuple(sorted(scopes)),
            created_at=at,
            expires_at=at + timedelta(days=days),
            shown_once=token,
        )
    )
    uow.record(events.TokenCreated.of(row))
    return row.public_id


def revoke_api_token(uow: UnitOfWork, *, token: str, at: datetime) -> None:
    """From now on the token opens nothing; harmless when it was revoked already."""
    row = _own(uow, token)
    policy.may_revoke_token(uow.actor, row.organisation_id).require()
    if row.revoked_at is not None:
        return
    row.revoked_at, row.revoked_by_id, row.shown_once = at, uow.actor.user_id, None
    uow.record(events.TokenRevoked.of(row))


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
