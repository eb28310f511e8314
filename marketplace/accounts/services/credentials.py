"""What a person proves themselves by and is reached at: password, e-mail, name, mobile."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import policy, rules
from marketplace.accounts.events import (
    AccountUnlocked,
    DetailsChanged,
    EmailChanged,
    EmailChangeRequested,
    PasswordChanged,
    PasswordResetRequested,
)
from marketplace.accounts.models import User
from marketplace.accounts.services.second_factor import clear_second_factor
from marketplace.accounts.services.sessions import end_sessions_of
from marketplace.accounts.services.signing_in import forget_failures
from marketplace.infra.crypto import search_hash
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused


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
        uow.record(PasswordResetRequested(user.id))


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
    end_sessions_of(uow, user_id=row.id, reason="password", at=at)
    uow.record(PasswordChanged(row.id))


def set_first_password(uow: UnitOfWork, *, user_id: int, password_hash: str) -> None:
    """Give a person a password without a letter; for the platform itself (demonstration, tests)."""
    if not uow.actor.is_system:
        raise Refused("account.not_your_role")
    row = uow.lock(User, user_id)
    row.password_hash = password_hash
    row.email_verified_at = row.email_verified_at or uow.now
    uow.record(PasswordChanged(row.id))


def change_password(
    uow: UnitOfWork, *, password_hash: str, keep_session: int, at: datetime
) -> None:
    """The actor, who has just shown the old one, sets a new password; other sessions end."""
    row = _me(uow)
    row.password_hash = password_hash
    end_sessions_of(uow, user_id=row.id, reason="password", at=at, keep=keep_session)
    uow.record(PasswordChanged(row.id))


def change_details(uow: UnitOfWork, *, name: str, mobile: str, locale: str) -> None:
    """The actor's name, mobile and language; nothing is recorded where nothing changed."""
    row = _me(uow)
    new = {"name": name, "mobile": mobile, "locale": locale}
    changed = tuple(field for field, value in new.items() if getattr(row, field) != value)
    if not changed:
        return
    row.name, row.mobile, row.locale = name, mobile, locale
    row.mobile_hash = search_hash(mobile, "user_account.mobile")
    uow.record(DetailsChanged(row.id, changed))


def request_email_change(uow: UnitOfWork, *, email: str) -> None:
    """Mail a link to the new address; the old one stays until the link is followed."""
    row = _me(uow)
    if rules.normal_email(email) == row.email:
        raise Refused("account.email_unchanged", field="email")
    row.pending_email = rules.normal_email(email)
    uow.record(EmailChangeRequested(row.id))


def confirm_email_change(uow: UnitOfWork, *, user: str, stamp: str) -> None:
    """The mailed link proves the new address; refuses one that has an account meanwhile."""
    row = uow.lock(User, user)
    if not row.pending_email or stamp != email_stamp(row):
        raise Refused("account.link_used")
    try:
        with uow.session.begin_nested():
            row.email, row.pending_email, row.email_verified_at = row.pending_email, "", uow.now
    except IntegrityError as error:
        raise Refused("account.email_taken") from error
    uow.record(EmailChanged(row.id))


def secure_account(uow: UnitOfWork, *, user: str, act: str, at: datetime) -> None:
    """The security administrator helps: `unlock`, `end_sessions` or `reset_second_factor`.

    Never for themselves. After a reset the person enrols anew at the next sign-in.
    """
    row = uow.lock(User, user)
    policy.may_secure_account(uow.actor, row.id).require()
    if act == "unlock":
        forget_failures(uow, email=row.email)
        uow.record(AccountUnlocked(row.id))
        return
    end_sessions_of(uow, user_id=row.id, reason="security", at=at)
    if act == "reset_second_factor":
        if row.totp_confirmed_at is None:
            raise Refused("account.second_factor_missing")
        clear_second_factor(uow, row)


def _me(uow: UnitOfWork) -> User:
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    return uow.lock(User, uow.actor.user_id)
