"""The second factor: a secret shared with the user's authenticator, and ten spare codes."""

import base64
import json
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select

from marketplace.accounts import policy, rules
from marketplace.accounts.events import (
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    SecondFactorBegun,
    SecondFactorEnrolled,
    SecondFactorRemoved,
)
from marketplace.accounts.models import (
    Membership,
    OrganisationCapacity,
    RecoveryCode,
    User,
)
from marketplace.accounts.rules import Stage
from marketplace.accounts.services.sessions import end_sessions_of, lock_session
from marketplace.infra.crypto import search_hash
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import Refused


def begin_secret(uow: UnitOfWork, user: User) -> None:
    """Make the secret that enrolment shows, unless one is waiting to be confirmed already."""
    if user.totp_secret is None:
        user.totp_secret = pyotp.random_base32()
        uow.record(SecondFactorBegun(user.id))


def begin_second_factor(uow: UnitOfWork) -> None:
    """The actor wants a second factor: make a fresh secret. Refused where one is in use."""
    user = uow.lock(User, _user_id(uow))
    if user.totp_confirmed_at is not None:
        raise Refused("account.second_factor_exists")
    user.totp_secret = pyotp.random_base32()
    uow.record(SecondFactorBegun(user.id))


def confirm_second_factor(uow: UnitOfWork, *, session_id: int, code: str, at: datetime) -> bool:
    """The first right code proves that the authenticator has the secret; False when it is wrong.

    Ten recovery codes are made and kept readable with the session until they are written down.
    The person's other sessions end: they were opened without the second factor.
    """
    user, session = lock_session(uow, session_id)
    if session.ended_at is not None or session.stage == Stage.CODE:
        raise Refused("request.sign_in")
    if user.totp_secret is None or user.totp_confirmed_at is not None:
        raise Refused("account.second_factor_exists")
    if not _use_totp(user, code, at):
        return False
    user.totp_confirmed_at = uow.now
    end_sessions_of(uow, user_id=user.id, reason="factor", at=at, keep=session.id)
    session.shown_once = json.dumps(_new_recovery_codes(uow, user.id))
    uow.record(SecondFactorEnrolled(user.id))
    return True


def renew_recovery_codes(uow: UnitOfWork, *, session_id: int, code: str, at: datetime) -> bool:
    """Ten new recovery codes in place of all old ones, for a right code; False when it is wrong."""
    user, session = lock_session(uow, session_id)
    if user.totp_confirmed_at is None:
        raise Refused("account.second_factor_missing")
    if not _use_totp(user, code, at):
        return False
    session.shown_once = json.dumps(_new_recovery_codes(uow, user.id))
    uow.record(RecoveryCodesRenewed(user.id))
    return True


def drop_second_factor(uow: UnitOfWork, *, code: str, at: datetime) -> bool:
    """The actor goes without from now on, for a right code; refused to staff."""
    user = uow.lock(User, _user_id(uow))
    if user.totp_confirmed_at is None:
        raise Refused("account.second_factor_missing")
    policy.may_drop_second_factor(_capacities_of_user(uow, user.id)).require()
    if not use_code(uow, user, code, at):
        return False
    clear_second_factor(uow, user)
    return True


def clear_second_factor(uow: UnitOfWork, user: User) -> None:
    """Take secret and recovery codes away; the caller has decided."""
    user.totp_secret, user.totp_confirmed_at = None, None
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    uow.record(SecondFactorRemoved(user.id))


def install_second_factor(uow: UnitOfWork, *, user_id: int, secret: str) -> None:
    """Give a person a known secret, confirmed; for the platform itself (demonstration, tests)."""
    if not uow.actor.is_system:
        raise Refused("account.not_your_role")
    user = uow.lock(User, user_id)
    user.totp_secret, user.totp_confirmed_at = secret, uow.now
    uow.record(SecondFactorEnrolled(user.id))


def use_code(uow: UnitOfWork, user: User, code: str, at: datetime) -> bool:
    """Accept a six-digit code or a recovery code, each once."""
    return _use_totp(user, code, at) or _use_recovery_code(uow, user.id, code)


def _use_totp(user: User, code: str, at: datetime) -> bool:
    digits = "".join(code.split())
    if user.totp_secret is None or len(digits) != 6 or not digits.isascii():
        return False
    totp = pyotp.TOTP(user.totp_secret)
    for shift in (0, -1, 1):
        instant = at + timedelta(seconds=shift * rules.STEP_SECONDS)
        step = rules.totp_step(instant)
        if step > user.totp_last_step and secrets.compare_digest(totp.at(instant), digits):
            user.totp_last_step = step
            return True
    return False


def _use_recovery_code(uow: UnitOfWork, user_id: int, code: str) -> bool:
    unused = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    query = select(RecoveryCode).where(*unused, RecoveryCode.code_hash == _hashed(code))
    row = uow.session.scalars(query).one_or_none()
    if row is None:
        return False
    row.used_at = uow.now
    uow.session.flush()
    left = uow.session.scalars(select(func.count()).select_from(RecoveryCode).where(*unused)).one()
    uow.record(RecoveryCodeUsed(user_id, left))
    return True


def _new_recovery_codes(uow: UnitOfWork, user_id: int) -> list[str]:
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_random_code() for _ in range(rules.RECOVERY_CODES)]
    for code in codes:
        uow.session.add(RecoveryCode(user_id=user_id, code_hash=_hashed(code)))
    return codes


def _random_code() -> str:
    """Ten base32 characters in two groups: 50 random bits that can be copied by hand."""
    text = base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]
    return f"{text[:5]}-{text[5:]}"


def _hashed(code: str) -> str:
    plain = "".join(ch for ch in code.lower() if ch.isalnum())
    return search_hash(plain, "recovery_code.code")


def _user_id(uow: UnitOfWork) -> int:
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    return uow.actor.user_id


def _capacities_of_user(uow: UnitOfWork, user_id: int) -> list[Capacity]:
    query = (
        select(OrganisationCapacity.capacity)
        .join(Membership, Membership.organisation_id == OrganisationCapacity.organisation_id)
        .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
    )
    return [Capacity(value) for value in uow.session.scalars(query)]
