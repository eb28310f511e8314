"""Pure rules of accounts: credit codes, passwords, lockout, sessions, roles, life cycles."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import idna

from marketplace.kernel import characters, guessing, uscc
from marketplace.kernel.actors import ROLES_OF, STAFF_CAPACITIES, Capacity, Role
from marketplace.kernel.scopes import Scope

# How long mailed links and open offers live. These are technical, not policy of the market.
REGISTRATION_DAYS = 3
INVITATION_DAYS = 7
RESET_SECONDS = 3600
SET_PASSWORD_SECONDS = INVITATION_DAYS * 24 * 3600
RESCUE = timedelta(hours=1)
# Ended sessions stay this long, so that a form sent long afterwards still finds its author.
SESSION_TRACE = timedelta(days=7)
# A session's last use is written at most this often; idle time is exact to this.
TOUCH_EVERY = timedelta(seconds=30)

# How long a new token of the public interface is shown to whoever made it.
TOKEN_SHOWN = timedelta(minutes=10)
TOKEN_DAYS = (30, 90, 365)
# The use of a token is written at most this often.
TOKEN_TOUCH_EVERY = timedelta(minutes=5)
MOST_TOKENS = 20

CREDIT_CODE_LENGTH = 18
PASSWORD_LENGTH = 12
PASSWORD_MOST = 128
RECOVERY_CODES = 10
STEP_SECONDS = 30

# Capacities that people register for themselves; the operator makes the others.
OPEN_CAPACITIES = (Capacity.INSTITUTION, Capacity.ENTERPRISE)
# The operator's three administrators, which must be three different people (三员分立).
DUTIES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


class RegistrationState(StrEnum):
    """A registration waits for its mailed link; afterwards it is a user or nothing."""

    OPEN = "open"
    CONFIRMED = "confirmed"


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RequestState(StrEnum):
    """Where the request to act for an organisation that is registered already stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Stage(StrEnum):
    """How far a session has proved who its user is."""

    CODE = "code"
    ENROL = "enrol"
    OPEN = "open"


# A waiting request may be disputed too: the administrators may never answer.
REQUEST_STEPS: dict[RequestState, frozenset[RequestState]] = {
    RequestState.WAITING: frozenset(
        {RequestState.ACCEPTED, RequestState.REFUSED, RequestState.DISPUTED}
    ),
    RequestState.REFUSED: frozenset({RequestState.DISPUTED}),
    RequestState.DISPUTED: frozenset({RequestState.UPHELD, RequestState.DISMISSED}),
    RequestState.ACCEPTED: frozenset(),
    RequestState.UPHELD: frozenset(),
    RequestState.DISMISSED: frozenset(),
}
INVITATION_STEPS: dict[InvitationState, frozenset[InvitationState]] = {
    InvitationState.OPEN: frozenset(
        {InvitationState.ACCEPTED, InvitationState.WITHDRAWN, InvitationState.EXPIRED}
    ),
    InvitationState.ACCEPTED: frozenset(),
    InvitationState.WITHDRAWN: frozenset(),
    InvitationState.EXPIRED: frozenset(),
}


# The one defect that a code in use may have; the operator enters such a code.
WRONG_CHECK = "account.code_check"


def credit_code_problem(code: str) -> str:
    """The refusal code for what is wrong with a normalised credit code; empty when right.

    GB 32100: 18 characters of its alphabet with digits for the region, the last one a check.
    """
    if len(code) != CREDIT_CODE_LENGTH:
        return "account.code_length"
    if not uscc.has_shape(code):
        return "account.code_characters"
    if not uscc.is_valid(code):
        return WRONG_CHECK
    return ""


def normal_email(text: str) -> str:
    """How an e-mail address is stored and compared."""
    local, at, domain = characters.clean(text).rpartition("@")
    return (local + at + ascii_domain(characters.narrow(domain))).lower()


def ascii_domain(domain: str) -> str:
    """The name of a mail domain as the net knows it: labels in Chinese in their IDNA form.

    What is no domain comes back as it was.
    """
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


@dataclass(frozen=True)
class JudgedPassword:
    """What is wrong with a new password (a refusal code, or nothing) and how strong it is:
    `weak`, `fair` or `strong`.
    """

    problem: str
    strength: str = "weak"


def judged_password(password: str, *about: str) -> JudgedPassword:
    """What to think of a new password.

    `about` is what others know of the person: names, addresses, numbers, organisations. The
    length is asked first: judging takes the longer the longer the password is.
    """
    if len(password) < PASSWORD_LENGTH:
        return JudgedPassword("account.password_short")
    if len(password) > PASSWORD_MOST:
        return JudgedPassword("account.password_long")
    found = guessing.judge(password, about)
    if found.lacks > 0:
        return JudgedPassword(f"account.password_{found.rests}")
    if guessing.leaked(password):
        return JudgedPassword("account.password_leaked")
    return JudgedPassword("", "strong" if found.guesses >= guessing.PLENTY else "fair")


@dataclass(frozen=True)
class Lockout:
    """The rulebook's numbers: after so many failures, locked for so long."""

    failures: int
    lasts: timedelta


def count_failure(
    failures: int, last_at: datetime | None, at: datetime, lockout: Lockout
) -> tuple[int, datetime | None]:
    """The count after one more failure at `at`, and until when that locks.

    A failure longer ago than a lockout lasts is forgotten.
    """
    if last_at is None or at - last_at >= lockout.lasts:
        failures = 0
    failures += 1
    return failures, at + lockout.lasts if failures >= lockout.failures else None


def session_is_live(
    at: datetime, *, last_seen_at: datetime, idle: timedelta, expires_at: datetime
) -> bool:
    """Whether a session still counts at a real instant: neither idle too long nor too old."""
    return at - last_seen_at < idle and at < expires_at


def grantable_roles(capacities: Iterable[Capacity]) -> tuple[Role, ...]:
    """The roles a member can hold in an organisation of these capacities."""
    held = set(capacities)
    roles = [role for capacity in Capacity if capacity in held for role in ROLES_OF[capacity]]
    return (Role.ORGANISATION_ADMIN, *roles)


def first_roles(capacity: Capacity) -> frozenset[Role]:
    """What the first agent of a newly registered organisation may do for it."""
    return frozenset({Role.ORGANISATION_ADMIN, *ROLES_OF[capacity]})


def needs_second_factor(capacities: Iterable[Capacity]) -> bool:
    """Staff of public bodies and associations sign in with a second factor."""
    return not STAFF_CAPACITIES.isdisjoint(capacities)


def duties_conflict(roles: Iterable[Role], held_elsewhere: Iterable[Role]) -> bool:
    """Whether one person would hold two of the operator's three administrator roles."""
    return len(DUTIES & {*roles, *held_elsewhere}) > 1


def totp_step(at: datetime) -> int:
    """The number of the 30-second step in which the instant lies (RFC 6238)."""
    return int(at.timestamp()) // STEP_SECONDS


def stamp(*facts: object) -> str:
    """A short mark of the facts a mailed link rests on: when they change, the link is spent."""
    text = "\x00".join(str(fact) for fact in facts)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def token_scopes(capacities: Iterable[Capacity]) -> tuple[Scope, ...]:
    """What a token of an organisation of these capacities can be allowed."""
    held = set(capacities)
    scopes = [Scope.ITEMS_READ, Scope.INSTITUTIONS_READ]
    if held & {Capacity.ENTERPRISE, Capacity.DEPARTMENT}:
        scopes += [Scope.PROJECTS_READ, Scope.PROJECTS_WRITE]
    if held & {Capacity.ENTERPRISE, Capacity.DEPARTMENT, Capacity.INSTITUTION}:
        scopes.append(Scope.ENGAGEMENTS_READ)
    return tuple(scopes)
