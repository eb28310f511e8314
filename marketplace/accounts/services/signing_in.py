"""Signing in: attempts are counted before anything is compared, so that racing them gains nothing.

An attempt is begun (counted as a failure), then the password or code is compared outside any
writing transaction, then it is either failed or taken back by success. Instants are real time.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from marketplace.accounts import models, rules
from marketplace.accounts.events import AccountLocked, AccountUnlocked, SignedIn
from marketplace.accounts.rules import Lockout, Stage
from marketplace.accounts.services import sessions
from marketplace.catalogue import queries as catalogue
from marketplace.infra.crypto import search_hash
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


def begin_attempt(uow: UnitOfWork, *, email: str, browser: sessions.Browser, at: datetime) -> None:
    """Count an attempt against the account and the address, whether the account exists or not.

    Refuses `account.locked` while either is locked.
    """
    lockout = _lockout(uow)
    counters = [_counter(uow, key) for key in _keys(email, browser.address)]
    if any(_is_locked(counter, at) for counter in counters):
        raise Refused("account.locked", minutes=int(lockout.lasts.total_seconds() // 60))
    for counter in counters:
        counter.failures, counter.locked_until = rules.count_failure(
            counter.failures, counter.last_at, at, lockout
        )
        counter.last_at = at


def fail_attempt(uow: UnitOfWork, *, email: str, at: datetime) -> None:
    """The attempt was wrong. When it was the one that locks the account, its owner is told."""
    # The person before the counters, as everywhere: two acts never wait for each other.
    query = (
        select(models.User).where(models.User.email == rules.normal_email(email)).with_for_update()
    )
    user = uow.session.scalars(query).one_or_none()
    if user is not None and _is_locked(_counter(uow, _account_key(email)), at):
        uow.record(AccountLocked(user.id))


def open_session(
    uow: UnitOfWork, *, user_id: int, browser: sessions.Browser, at: datetime
) -> sessions.Opened:
    """The password was right: a session that may still have to prove the second factor.

    Staff without one must enrol before anything else; whoever has one must show a code.
    """
    user = uow.lock(models.User, user_id)
    take_back(uow, email=user.email, browser=browser)
    membership_id, staff = _membership_to_begin_with(uow, user_id)
    stage = Stage.OPEN
    if user.totp_confirmed_at is not None:
        stage = Stage.CODE
    elif staff:
        stage = Stage.ENROL
        sessions.begin_secret(uow, user)
    return _opened(uow, user, membership_id, stage, browser, at)


def pass_second_factor(
    uow: UnitOfWork, *, session_id: int, code: str, browser: sessions.Browser, at: datetime
) -> sessions.Opened | None:
    """Exchange a session that waits for its code for an open one; None when the code is wrong.

    A six-digit code is good once; a recovery code too.
    """
    user, session = sessions.lock_session(uow, session_id)
    if session.stage != Stage.CODE or session.ended_at is not None:
        raise Refused("request.sign_in")
    if not sessions.use_code(uow, user, code, at):
        return None
    take_back(uow, email=user.email, browser=browser)
    sessions.end_session(uow, session_id=session.id, reason="proven", at=at)
    return _opened(uow, user, session.membership_id, Stage.OPEN, browser, at)


def _opened(
    uow: UnitOfWork,
    user: models.User,
    membership_id: int | None,
    stage: Stage,
    browser: sessions.Browser,
    at: datetime,
) -> sessions.Opened:
    if stage is Stage.OPEN:
        _forget(uow, user.email)
        # From here on it is known who acts.
        uow.actor = replace(uow.actor, user_id=user.id)
        uow.record(SignedIn(user.id, membership_id))
    return sessions.add_session(
        uow,
        user_id=user.id,
        membership_id=membership_id,
        stage=stage,
        browser=browser,
        at=at,
    )


def enrol_second_factor(
    uow: UnitOfWork, *, session_id: int, code: str, browser: sessions.Browser, at: datetime
) -> sessions.Opened | None:
    """Confirm the new second factor by its first code; None when the code is wrong.

    Whoever had to enrol before anything else gets an open session in exchange; in both cases the
    session shows the recovery codes until they are written down.
    """
    user, session = sessions.lock_session(uow, session_id)
    if not sessions.confirm_second_factor(uow, session_id=session_id, code=code, at=at):
        return None
    codes = session.shown_once
    sessions.end_session(uow, session_id=session.id, reason="proven", at=at)
    opened = _opened(uow, user, session.membership_id, Stage.OPEN, browser, at)
    uow.lock(models.UserSession, opened.session_id).shown_once = codes
    return opened


def unlock_account(uow: UnitOfWork, *, user: str, stamp: str, browser: sessions.Browser) -> None:
    """The mailed link: forget the failures of the account, and of the address it is opened from.

    Refuses `account.link_used` when the lock it was mailed for is gone.
    """
    row = uow.lock(models.User, user)
    if stamp != lock_stamp(uow, row.email):
        raise Refused("account.link_used")
    _forget(uow, row.email)
    if browser.address:
        _clear(_counter(uow, _address_key(browser.address)))
    uow.record(AccountUnlocked(row.id))


def forget_failures(uow: UnitOfWork, *, email: str) -> None:
    """Forget the failures of an account; the caller has decided."""
    _forget(uow, email)


def lock_stamp(uow: UnitOfWork, email: str) -> str:
    """What an unlock link rests on: the failures counted when it was made."""
    return failure_stamp(_counter(uow, _account_key(email)))


def failure_stamp(counter: models.SignInFailure | None) -> str:
    """The mark of a counter as it stands."""
    if counter is None or counter.last_at is None:
        return ""
    return rules.stamp("lock", counter.last_at.isoformat(), counter.failures)


def account_key(email: str) -> str:
    """Under which hash the failures of an account are counted."""
    return _account_key(email)


def _account_key(email: str) -> str:
    return search_hash(rules.normal_email(email), "sign_in_failure.account")


def _address_key(address: str) -> str:
    return search_hash(address, "sign_in_failure.address")


def _keys(email: str, address: str) -> list[str]:
    """The account first, then the address: always locked in this order."""
    keys = [_account_key(email)]
    return [*keys, _address_key(address)] if address else keys


def _lockout(uow: UnitOfWork) -> Lockout:
    today = local_date(uow.now)
    minutes = catalogue.rule(uow.session, "account.lockout_minutes", today)
    failures = catalogue.rule(uow.session, "account.lockout_failures", today)
    return Lockout(failures, timedelta(minutes=minutes))


def _counter(uow: UnitOfWork, key: str) -> models.SignInFailure:
    postgres = uow.session.get_bind().dialect.name == "postgresql"
    insert = (postgres_insert if postgres else sqlite_insert)(models.SignInFailure)
    uow.session.execute(insert.values(key_hash=key, failures=0).on_conflict_do_nothing())
    query = (
        select(models.SignInFailure).where(models.SignInFailure.key_hash == key).with_for_update()
    )
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def _is_locked(counter: models.SignInFailure, at: datetime) -> bool:
    return counter.locked_until is not None and counter.locked_until > at


def take_back(uow: UnitOfWork, *, email: str, browser: sessions.Browser) -> None:
    """The attempt was no failure: count it no longer, and lift the lock it alone would set."""
    lockout = _lockout(uow)
    for counter in [_counter(uow, key) for key in _keys(email, browser.address)]:
        counter.failures = max(counter.failures - 1, 0)
        if counter.failures < lockout.failures:
            counter.locked_until = None


def _forget(uow: UnitOfWork, email: str) -> None:
    _clear(_counter(uow, _account_key(email)))


def _clear(counter: models.SignInFailure) -> None:
    counter.failures, counter.last_at, counter.locked_until = 0, None, None


def _membership_to_begin_with(uow: UnitOfWork, user_id: int) -> tuple[int | None, bool]:
    """The membership used last, else the oldest; and whether any of them is of staff."""
    active = select(models.Membership).where(
        models.Membership.user_id == user_id, models.Membership.ended_at.is_(None)
    )
    memberships = uow.session.scalars(active.order_by(models.Membership.id)).all()
    if not memberships:
        return None, False
    capacities = uow.session.scalars(
        select(models.OrganisationCapacity.capacity).where(
            models.OrganisationCapacity.organisation_id.in_(
                [m.organisation_id for m in memberships]
            )
        )
    )
    staff = rules.needs_second_factor(capacities)
    last = uow.session.scalars(
        select(models.UserSession.membership_id)
        .where(models.UserSession.user_id == user_id)
        .order_by(models.UserSession.id.desc())
        .limit(1)
    ).one_or_none()
    ids = [membership.id for membership in memberships]
    return (last if last in ids else ids[0]), staff
