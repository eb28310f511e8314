"""People and their memberships, for pages, letters and other features."""

from collections.abc import Iterable
from datetime import datetime

import pyotp
from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    RecoveryCode,
    SignInFailure,
    User,
)
from marketplace.accounts.queries.organisations import capacities_by_organisation
from marketplace.accounts.queries.rows import AccountRow, MembershipRow, PersonRow
from marketplace.accounts.services.credentials import email_stamp, password_stamp
from marketplace.accounts.services.signing_in import account_key, failure_stamp
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound

_ACTIVE = (
    select(Membership, Organisation.name, MembershipRole.role)
    .join(Organisation, Organisation.id == Membership.organisation_id)
    .outerjoin(
        MembershipRole,
        (MembershipRole.membership_id == Membership.id) & MembershipRole.ended_at.is_(None),
    )
    .where(Membership.ended_at.is_(None))
    .order_by(Membership.id)
)
# Every page of whoever is signed in asks for memberships, so the queries are built once.
_OF_USER = _ACTIVE.where(Membership.user_id == bindparam("key"))
_OF_MEMBERSHIP = _ACTIVE.where(Membership.id == bindparam("key"))


def people(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by key; unknown keys are left out."""
    ids = {key for key in user_ids if key is not None}
    query = select(User.id, User.name).where(User.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def person(session: Session, user_id: int) -> PersonRow:
    """One person by key; raises `NotFound`."""
    return _person(_only(session, User.id == user_id))


def find_user(session: Session, email: str) -> PersonRow | None:
    """The person with that e-mail address, if any."""
    query = select(User).where(User.email == rules.normal_email(email))
    user = session.scalars(query).one_or_none()
    return _person(user) if user else None


def account(session: Session, key: int | str) -> AccountRow:
    """An account by key or public id, with its mobile; raises `NotFound`."""
    user = _only(session, User.public_id == key if isinstance(key, str) else User.id == key)
    left = select(func.count()).where(
        RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    )
    return AccountRow(
        id=user.id,
        public_id=user.public_id,
        name=user.name,
        email=user.email,
        pending_email=user.pending_email,
        mobile=user.mobile,
        locale=user.locale,
        has_password=bool(user.password_hash),
        has_second_factor=user.totp_confirmed_at is not None,
        enrolling=user.totp_secret is not None and user.totp_confirmed_at is None,
        recovery_codes_left=session.scalars(left).one(),
        created_at=user.created_at,
    )


def credentials(session: Session, email: str) -> tuple[int | None, str]:
    """The key and password hash behind an e-mail address; (None, "") when there is no account."""
    query = select(User.id, User.password_hash).where(User.email == rules.normal_email(email))
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, "")


def memberships_of(session: Session, user_id: int) -> tuple[MembershipRow, ...]:
    """A person's active memberships, oldest first."""
    return _memberships(session, _OF_USER, user_id)


def actor_of(session: Session, membership_id: int) -> Actor:
    """The actor that an active membership makes; raises `NotFound`."""
    rows = _memberships(session, _OF_MEMBERSHIP, membership_id)
    if not rows:
        raise NotFound
    row = rows[0]
    user_id = session.scalars(select(Membership.user_id).where(Membership.id == row.id)).one()
    return Actor(
        user_id=user_id,
        organisation_id=row.organisation_id,
        membership_id=row.id,
        capacities=row.capacities,
        roles=row.roles,
        provisional=row.provisional,
    )


def link_stamps(session: Session, user_id: int) -> dict[str, str]:
    """What mailed links of each purpose rest on now: `password`, `email`, `unlock`."""
    user = _only(session, User.id == user_id)
    counter = session.get(SignInFailure, account_key(user.email))
    return {
        "password": password_stamp(user),
        "email": email_stamp(user),
        "unlock": failure_stamp(counter),
    }


def enrolment_secret(session: Session, user_id: int) -> str | None:
    """The secret that enrolment shows; None once it is confirmed, for then nobody sees it again."""
    query = select(User.totp_secret).where(User.id == user_id, User.totp_confirmed_at.is_(None))
    return session.scalars(query).one_or_none()


def current_code(session: Session, user_id: int, at: datetime) -> str:
    """The six digits of a person's second factor at a real instant; for the demonstration only."""
    secret = session.scalars(select(User.totp_secret).where(User.id == user_id)).one_or_none()
    return pyotp.TOTP(secret).at(at) if secret else ""


def _memberships(
    session: Session, query: Select[Membership, str, str | None], key: int
) -> tuple[MembershipRow, ...]:
    found: dict[int, tuple[Membership, str, set[Role]]] = {}
    for membership, name, role in session.execute(query, {"key": key}):
        held = found.setdefault(membership.id, (membership, name, set()))[2]
        if role is not None:
            held.add(Role(role))
    capacities = capacities_by_organisation(
        session, [m.organisation_id for m, *_ in found.values()]
    )
    return tuple(
        MembershipRow(
            id=membership.id,
            public_id=membership.public_id,
            organisation_id=membership.organisation_id,
            organisation_name=name,
            roles=frozenset(held),
            capacities=capacities.get(membership.organisation_id, frozenset()),
            provisional=membership.provisional,
        )
        for membership, name, held in found.values()
    )


def _only(session: Session, clause: ColumnElement[bool]) -> User:
    user = session.scalars(select(User).where(clause)).one_or_none()
    if user is None:
        raise NotFound
    return user


def _person(user: User) -> PersonRow:
    return PersonRow(user.id, user.public_id, user.name, user.email, user.locale)
