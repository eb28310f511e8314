"""Sessions opened, used, switched, swept, and their second factor. All instants are real time."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, select, update

from marketplace.accounts import events, models, policy, rules
from marketplace.accounts.rules import Stage
from marketplace.catalogue import queries as catalogue
from marketplace.infra.crypto import search_hash, search_hashes
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date

_PAGE = "rescued_form.path"
_CODE = "recovery_code.code"


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


def hash_page(path: str) -> str:
    """By what the form of a page is kept: mailed links are among the addresses."""
    return search_hash(path, _PAGE)


def hashes_of_page(path: str) -> list[str]:
    """By what the form of a page is found again, also when the key was changed meanwhile."""
    return search_hashes(path, _PAGE)


def add_session(
    uow: UnitOfWork,
    *,
    user_id: int,
    membership_id: int | None,
    stage: Stage,
    browser: Browser,
    at: datetime,
) -> Opened:
    """A new session with a new token; its lifetimes are those of the rulebook today.

    An open one begins with a fresh proof: its person has just shown a password or a code.
    """
    today = local_date(uow.now)
    token = secrets.token_urlsafe(32)
    row = models.UserSession(
        token_hash=hash_token(token),
        user_id=user_id,
        membership_id=membership_id,
        stage=stage,
        started_at=at,
        last_seen_at=at,
        idle_minutes=catalogue.rule(uow.session, "account.idle_minutes", today),
        expires_at=at
        + timedelta(hours=catalogue.rule(uow.session, "account.absolute_hours", today)),
        proven_until=proof_ends(uow, at) if stage is Stage.OPEN else None,
        browser=browser.name[:60],
        address=browser.address[:45],
    )
    uow.add(row)
    return Opened(token, stage, row.id)


def proof_ends(uow: UnitOfWork, at: datetime) -> datetime:
    """Until when a proof given at a real instant is fresh, by the rulebook today."""
    today = local_date(uow.now)
    minutes = catalogue.rule(uow.session, "account.fresh_proof_minutes", today)
    return at + timedelta(minutes=minutes)


def lock_session(uow: UnitOfWork, key: int | str) -> tuple[models.User, models.UserSession]:
    """Lock a session after its person, so that two acts never wait for each other."""
    user = uow.lock(models.User, uow.find(models.UserSession, key).user_id)
    return user, uow.lock(models.UserSession, key)


def touch_session(uow: UnitOfWork, *, session_id: int, at: datetime) -> None:
    """Note that the session was used."""
    uow.session.execute(
        update(models.UserSession)
        .where(models.UserSession.id == session_id)
        .values(last_seen_at=at)
    )


def keep_display(uow: UnitOfWork, *, user_id: int, theme: str, print_size: str) -> None:
    """Keep how a person wants to see pages, wherever they sign in."""
    kept = uow.session.get(models.DisplayChoice, user_id) or models.DisplayChoice(user_id=user_id)
    kept.theme, kept.print_size = theme, print_size
    uow.session.add(kept)


def end_session(uow: UnitOfWork, *, session_id: int, reason: str, at: datetime) -> None:
    """End one session of the machinery's own accord: signed out, or replaced by a proven one."""
    uow.session.execute(
        update(models.UserSession)
        .where(models.UserSession.id == session_id, models.UserSession.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason, shown_once=None)
    )


def end_my_session(uow: UnitOfWork, *, session: str, at: datetime) -> None:
    """End one of the actor's own sessions, named by its public id; `NotFound` for others'."""
    user, row = lock_session(uow, session)
    if user.id != uow.actor.user_id or row.ended_at is not None:
        raise NotFound
    policy.may_secure_own_account(uow.actor).require()
    row.ended_at, row.end_reason, row.shown_once = at, "by_owner", None
    uow.record(events.SessionsEnded(user.id, 1))


def end_sessions_of(
    uow: UnitOfWork, *, user_id: int, reason: str, at: datetime, keep: int | None = None
) -> int:
    """End a person's sessions but for `keep`; returns how many. The caller has decided."""
    live = select(models.UserSession).where(
        models.UserSession.user_id == user_id,
        models.UserSession.ended_at.is_(None),
        models.UserSession.id != (keep or 0),
    )
    rows = uow.session.scalars(live).all()
    for row in rows:
        row.ended_at, row.end_reason, row.shown_once = at, reason, None
    if rows:
        uow.record(events.SessionsEnded(user_id, len(rows)))
    return len(rows)


def switch_membership(uow: UnitOfWork, *, session_id: int, membership: str) -> None:
    """The session acts for another of its user's memberships from now on.

    `NotFound` for somebody else's; refused without a second factor where it is required.
    """
    row = uow.find(models.Membership, membership)
    if row.user_id != uow.actor.user_id or row.ended_at is not None:
        raise NotFound
    user = uow.find(models.User, row.user_id)
    capacities = uow.session.scalars(
        select(models.OrganisationCapacity.capacity).where(
            models.OrganisationCapacity.organisation_id == row.organisation_id
        )
    )
    policy.may_switch(
        list(capacities),
        has_second_factor=user.totp_confirmed_at is not None,
    ).require()
    uow.session.execute(
        update(models.UserSession)
        .where(models.UserSession.id == session_id, models.UserSession.user_id == row.user_id)
        .values(membership_id=row.id)
    )


def forget_shown_once(uow: UnitOfWork, *, session_id: int) -> None:
    """Their owner has written the recovery codes down: nobody sees them again."""
    uow.session.execute(
        update(models.UserSession)
        .where(models.UserSession.id == session_id)
        .values(shown_once=None)
    )


def sweep_sessions(uow: UnitOfWork, *, at: datetime) -> int:
    """End what was left idle or grew too old, and delete what ended long ago; returns how many."""
    count = 0
    live = select(models.UserSession).where(models.UserSession.ended_at.is_(None))
    for row in uow.session.scalars(live):
        idle = timedelta(minutes=row.idle_minutes)
        if not rules.session_is_live(
            at, last_seen_at=row.last_seen_at, idle=idle, expires_at=row.expires_at
        ):
            row.ended_at, row.end_reason, row.shown_once = at, "expired", None
            count += 1
    uow.session.flush()
    old = delete(models.UserSession).where(models.UserSession.ended_at < at - rules.SESSION_TRACE)
    uow.session.execute(old)
    return count


def keep_form(
    uow: UnitOfWork, *, user_id: int, path: str, body: str, at: datetime, acting_as: str = ""
) -> None:
    """Keep what was typed into a page's form and could not be sent, in place of an older.

    `acting_as` is the public id of the membership it was typed for.
    """
    forget_form(uow, user_id=user_id, path=path, acting_as=acting_as)
    page = hash_page(path)
    row = models.RescuedForm(
        user_id=user_id, acting_as=acting_as, path_hash=page, body=body, kept_at=at
    )
    uow.session.add(row)


def forget_form(uow: UnitOfWork, *, user_id: int, path: str, acting_as: str = "") -> None:
    """The kept form was sent, or a newer one takes its place."""
    kept = models.RescuedForm
    uow.session.execute(
        delete(kept).where(
            kept.user_id == user_id,
            kept.path_hash.in_(hashes_of_page(path)),
            kept.acting_as.in_(("", acting_as)),
        )
    )


def sweep_forms(uow: UnitOfWork, *, at: datetime) -> None:
    """Delete the forms that were kept for longer than an hour."""
    uow.session.execute(
        delete(models.RescuedForm).where(models.RescuedForm.kept_at < at - rules.RESCUE)
    )


def begin_secret(uow: UnitOfWork, user: models.User) -> None:
    """Make the secret that enrolment shows, unless one is waiting to be confirmed already."""
    if user.totp_secret is None:
        user.totp_secret = pyotp.random_base32()
        uow.record(events.SecondFactorBegun(user.id))


def begin_second_factor(uow: UnitOfWork) -> None:
    """The actor wants a second factor: make a fresh secret. Refused where one is in use."""
    user = uow.lock(models.User, uow.user_id)
    if user.totp_confirmed_at is not None:
        raise Refused("account.second_factor_exists")
    policy.may_secure_own_account(uow.actor).require()
    user.totp_secret = pyotp.random_base32()
    uow.record(events.SecondFactorBegun(user.id))


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
    uow.record(events.SecondFactorEnrolled(user.id))
    return True


def renew_recovery_codes(uow: UnitOfWork, *, session_id: int, code: str, at: datetime) -> bool:
    """Ten new recovery codes in place of all old ones, for a right code; False when it is wrong."""
    user, session = lock_session(uow, session_id)
    if user.totp_confirmed_at is None:
        raise Refused("account.second_factor_missing")
    if not _use_totp(user, code, at):
        return False
    session.shown_once = json.dumps(_new_recovery_codes(uow, user.id))
    uow.record(events.RecoveryCodesRenewed(user.id))
    return True


def drop_second_factor(uow: UnitOfWork, *, code: str, at: datetime) -> bool:
    """The actor goes without from now on, for a right code; refused to staff."""
    user = uow.lock(models.User, uow.user_id)
    if user.totp_confirmed_at is None:
        raise Refused("account.second_factor_missing")
    policy.may_drop_second_factor(_capacities_of_user(uow, user.id)).require()
    if not use_code(uow, user, code, at):
        return False
    clear_second_factor(uow, user)
    return True


def clear_second_factor(uow: UnitOfWork, user: models.User) -> None:
    """Take secret and recovery codes away; the caller has decided."""
    user.totp_secret, user.totp_confirmed_at = None, None
    uow.session.execute(delete(models.RecoveryCode).where(models.RecoveryCode.user_id == user.id))
    uow.record(events.SecondFactorRemoved(user.id))


def install_second_factor(uow: UnitOfWork, *, user_id: int, secret: str) -> None:
    """Give a person a known secret, confirmed; for the platform itself (demonstration, tests)."""
    if not uow.actor.is_system:
        raise Refused("account.not_your_role")
    user = uow.lock(models.User, user_id)
    user.totp_secret, user.totp_confirmed_at = secret, uow.now
    uow.record(events.SecondFactorEnrolled(user.id))


def use_code(uow: UnitOfWork, user: models.User, code: str, at: datetime) -> bool:
    """Accept a six-digit code or a recovery code, each once."""
    return _use_totp(user, code, at) or _use_recovery_code(uow, user.id, code)


def _use_totp(user: models.User, code: str, at: datetime) -> bool:
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
    unused = (models.RecoveryCode.user_id == user_id, models.RecoveryCode.used_at.is_(None))
    query = select(models.RecoveryCode).where(
        *unused, models.RecoveryCode.code_hash.in_(search_hashes(_plain(code), _CODE))
    )
    row = uow.session.scalars(query).one_or_none()
    if row is None:
        return False
    row.used_at = uow.now
    uow.session.flush()
    left = uow.session.scalars(
        select(func.count()).select_from(models.RecoveryCode).where(*unused)
    ).one()
    uow.record(events.RecoveryCodeUsed(user_id, left))
    return True


def _new_recovery_codes(uow: UnitOfWork, user_id: int) -> list[str]:
    uow.session.execute(delete(models.RecoveryCode).where(models.RecoveryCode.user_id == user_id))
    codes = [_random_code() for _ in range(rules.RECOVERY_CODES)]
    for code in codes:
        hashed = search_hash(_plain(code), _CODE)
        uow.session.add(models.RecoveryCode(user_id=user_id, code_hash=hashed))
    return codes


def _random_code() -> str:
    """25 base32 characters in groups of five: 125 random bits that can be copied by hand.

    So many need no slow hash: whoever has the table and the key guesses none of them.
    """
    text = base64.b32encode(secrets.token_bytes(16)).decode().lower()[:25]
    return "-".join(text[start : start + 5] for start in range(0, 25, 5))


def _plain(code: str) -> str:
    return "".join(ch for ch in code.lower() if ch.isalnum())


def _capacities_of_user(uow: UnitOfWork, user_id: int) -> list[Capacity]:
    query = (
        select(models.OrganisationCapacity.capacity)
        .join(
            models.Membership,
            models.Membership.organisation_id == models.OrganisationCapacity.organisation_id,
        )
        .where(models.Membership.user_id == user_id, models.Membership.ended_at.is_(None))
    )
    return list(uow.session.scalars(query))
