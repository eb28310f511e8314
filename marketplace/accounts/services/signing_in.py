"""Signing in: failures count, attempts in flight do not; what failed meanwhile refuses a right one.

An attempt is begun (refused where too much has failed), then the password or code is compared
outside any writing transaction, then it either fails and is counted, or is honoured if too much has
not failed meanwhile: racing guesses gain nothing. Instants are real time.

Failures are counted for the account at an address, for the account everywhere, and for the address,
which is only slowed down: it may be shared by a whole office.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from marketplace.accounts import models, policy, rules
from marketplace.accounts.events import AccountLocked, AccountUnlocked, ProvenAnew, SignedIn
from marketplace.accounts.rules import Lockout, Stage
from marketplace.accounts.services import sessions
from marketplace.catalogue import queries as catalogue
from marketplace.infra.crypto import search_hash
from marketplace.infra.security_log import Kind
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import local_date


def begin_attempt(uow: UnitOfWork, *, email: str, browser: sessions.Browser, at: datetime) -> bool:
    """Whether the attempt is to be slowed down, as those of an address are that failed very often.

    Refuses `account.locked` while the account is locked at this address, or everywhere; whether the
    account exists or not.
    """
    own = select(models.User.id).where(models.User.email == rules.normal_email(email))
    _name(uow, uow.session.scalars(own).one_or_none())
    account, here, address = (
        uow.session.get(models.SignInFailure, key) for key in _keys(email, browser.address)
    )
    limits = _limits(uow)
    _require_open(limits, account, here, at)
    return address is not None and _is_locked(address, at)


def fail_attempt(uow: UnitOfWork, *, email: str, browser: sessions.Browser, at: datetime) -> None:
    """The attempt was wrong: it is counted. When it locks the account, its owner is told."""
    # The person before the counters, as everywhere: two acts never wait for each other.
    query = (
        select(models.User).where(models.User.email == rules.normal_email(email)).with_for_update()
    )
    user = uow.session.scalars(query).one_or_none()
    _name(uow, user.id if user else None)
    uow.note(Kind.SIGN_IN_FAILED, "user.not_signed_in")
    limits = _limits(uow)
    counters = [_counter(uow, key) for key in _keys(email, browser.address)]
    account, here, _address = counters
    locked_before = _locks(limits, account, here, at)
    for counter, limit in zip(counters, limits, strict=True):
        counter.failures, counter.locked_until = rules.count_failure(
            counter.failures, counter.last_at, at, limit
        )
        counter.last_at = at
        counter.counted_since = counter.counted_since or at
    if user is not None and not locked_before and _locks(limits, account, here, at):
        uow.record(AccountLocked(user.id))


def confirm_attempt(
    uow: UnitOfWork, *, email: str, browser: sessions.Browser, at: datetime
) -> None:
    """A right answer counts unless too much has failed meanwhile: refuses `account.locked`."""
    account, here, _address = (_counter(uow, key) for key in _keys(email, browser.address))
    _require_open(_limits(uow), account, here, at)


def open_session(
    uow: UnitOfWork, *, user_id: int, browser: sessions.Browser, at: datetime
) -> sessions.Opened:
    """The password was right: a session that may still have to prove the second factor.

    Staff without one must enrol before anything else; whoever has one must show a code.
    """
    user = uow.lock(models.User, user_id)
    confirm_attempt(uow, email=user.email, browser=browser, at=at)
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
    confirm_attempt(uow, email=user.email, browser=browser, at=at)
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
        _name(uow, user.id, membership_id)
        uow.record(SignedIn(user.id, membership_id))
    return sessions.add_session(
        uow,
        user_id=user.id,
        membership_id=membership_id,
        stage=stage,
        browser=browser,
        at=at,
    )


def prove_anew(
    uow: UnitOfWork,
    *,
    session_id: int,
    code: str | None,
    browser: sessions.Browser,
    at: datetime,
) -> bool:
    """The person of an open session proves once more who they are; False when the code is wrong.

    Without a `code` their password was right, which is enough only without a second factor. Where
    the proof is fresh already nothing is asked: the same form sent twice uses one code.
    """
    user, session = sessions.lock_session(uow, session_id)
    if session.stage != Stage.OPEN or session.ended_at is not None:
        raise Refused("request.sign_in")
    if session.proven_until is not None and at < session.proven_until:
        return True
    if user.totp_confirmed_at is None:
        right = code is None
    else:
        right = code is not None and sessions.use_code(uow, user, code, at)
    if not right:
        return False
    confirm_attempt(uow, email=user.email, browser=browser, at=at)
    session.proven_until = sessions.proof_ends(uow, at)
    uow.record(ProvenAnew(user.id))
    return True


def enrol_second_factor(
    uow: UnitOfWork, *, session_id: int, code: str, browser: sessions.Browser, at: datetime
) -> sessions.Opened | None:
    """Confirm the new second factor by its first code; None when the code is wrong.

    Whoever had to enrol before anything else gets an open session in exchange; in both cases the
    session shows the recovery codes until they are written down.
    """
    user, session = sessions.lock_session(uow, session_id)
    if session.stage == Stage.OPEN:
        policy.may_secure_own_account(uow.actor).require()
    if not sessions.confirm_second_factor(uow, session_id=session_id, code=code, at=at):
        return None
    codes = session.shown_once
    sessions.end_session(uow, session_id=session.id, reason="proven", at=at)
    opened = _opened(uow, user, session.membership_id, Stage.OPEN, browser, at)
    uow.lock(models.UserSession, opened.session_id).shown_once = codes
    return opened


def unlock_account(uow: UnitOfWork, *, user: str, stamp: str, browser: sessions.Browser) -> None:
    """The mailed link: forget the failures of the account, wherever they were made.

    Refuses `account.link_used` when the lock it was mailed for is gone.
    """
    row = uow.lock(models.User, user)
    if stamp != lock_stamp(uow, row.email):
        raise Refused("account.link_used")
    _forget(uow, row.email)
    _clear(_counter(uow, _here_key(row.email, browser.address)))
    uow.record(AccountUnlocked(row.id))


def forget_failures(uow: UnitOfWork, *, email: str) -> None:
    """Forget the failures of an account; the caller has decided."""
    _forget(uow, email)


def lock_stamp(uow: UnitOfWork, email: str) -> str:
    """What an unlock link rests on: since when failures are counted, whatever fails meanwhile."""
    return failure_stamp(_counter(uow, _account_key(email)))


def failure_stamp(counter: models.SignInFailure | None) -> str:
    """The mark of a counter, from its first failure until all is forgiven; "" before and after."""
    if counter is None or counter.counted_since is None:
        return ""
    return rules.stamp("lock", counter.counted_since.isoformat())


def _name(uow: UnitOfWork, user_id: int | None, membership_id: int | None = None) -> None:
    """The security log names whose account is tried, though nobody is signed in yet."""
    member = membership_id and uow.session.get(models.Membership, membership_id)
    uow.seen_as = Actor(user_id=user_id, organisation_id=member.organisation_id if member else None)


def account_key(email: str) -> str:
    """Under which hash the failures of an account are counted."""
    return _account_key(email)


def _account_key(email: str) -> str:
    return search_hash(rules.normal_email(email), "sign_in_failure.account")


def _address_key(address: str) -> str:
    return search_hash(address, "sign_in_failure.address")


def _here_key(email: str, address: str) -> str:
    text = f"{rules.normal_email(email)}\x00{address}"
    return search_hash(text, "sign_in_failure.account_and_address")


def _keys(email: str, address: str) -> tuple[str, str, str]:
    """The account everywhere, the account at this address, the address: locked in this order."""
    return _account_key(email), _here_key(email, address), _address_key(address)


def _limits(uow: UnitOfWork) -> tuple[Lockout, Lockout, Lockout]:
    """After how many failures what is locked or slowed down, in the order of the keys."""
    today = local_date(uow.now)

    def number(name: str) -> int:
        return int(catalogue.rule(uow.session, f"account.{name}", today))

    lasts = timedelta(minutes=number("lockout_minutes"))
    names = ("lockout_everywhere_failures", "lockout_failures", "address_slow_failures")
    everywhere, here, slow = (Lockout(number(name), lasts) for name in names)
    return everywhere, here, slow


def _locks(
    limits: tuple[Lockout, Lockout, Lockout],
    account: models.SignInFailure | None,
    here: models.SignInFailure | None,
    at: datetime,
) -> bool:
    """Whether the account is locked everywhere or at this address.

    Every failure here was counted for the account, too: where the account has fewer, it was
    forgiven meanwhile, and with it what was counted at each address.
    """
    if account is None:
        return False
    if _is_locked(account, at):
        return True
    counted = account.failures >= limits[1].failures
    return counted and here is not None and _is_locked(here, at)


def _require_open(
    limits: tuple[Lockout, Lockout, Lockout],
    account: models.SignInFailure | None,
    here: models.SignInFailure | None,
    at: datetime,
) -> None:
    if _locks(limits, account, here, at):
        raise Refused("account.locked", minutes=int(limits[1].lasts.total_seconds() // 60))


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


def _forget(uow: UnitOfWork, email: str) -> None:
    _clear(_counter(uow, _account_key(email)))


def _clear(counter: models.SignInFailure) -> None:
    counter.failures = 0
    counter.counted_since = counter.last_at = counter.locked_until = None


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
