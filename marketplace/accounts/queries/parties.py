"""People, organisations and memberships, for pages, letters and other features."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationCapacity,
    RecoveryCode,
    SignInFailure,
    User,
)
from marketplace.accounts.queries.rows import (
    AccountRow,
    MemberRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
)
from marketplace.accounts.services.credentials import email_stamp, password_stamp
from marketplace.accounts.services.signing_in import account_key, failure_stamp
from marketplace.infra.rows import through
from marketplace.kernel import uscc
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import NotFound

_ORGANISATIONS = select(Organisation).where(Organisation.id.in_(bindparam("ids")))

_CAPACITIES = select(OrganisationCapacity.organisation_id, OrganisationCapacity.capacity).where(
    OrganisationCapacity.organisation_id.in_(bindparam("ids"))
)

_MEMBERS = (
    select(Membership, User, MembershipRole.role)
    .join(User, User.id == Membership.user_id)
    .outerjoin(
        MembershipRole,
        (MembershipRole.membership_id == Membership.id) & MembershipRole.ended_at.is_(None),
    )
    .where(Membership.organisation_id == bindparam("organisation"), Membership.ended_at.is_(None))
    .order_by(User.name, Membership.id)
)


@dataclass(frozen=True)
class OrganisationPage:
    """One page of the operator's list and how many there are in all."""

    rows: tuple[OrganisationRow, ...]
    count: int


def organisation(session: Session, organisation_id: int) -> OrganisationRow:
    """One organisation by its key; raises `NotFound`."""
    found = organisations(session, [organisation_id])
    if organisation_id not in found:
        raise NotFound
    return found[organisation_id]


def organisation_by_public_id(session: Session, public_id: str) -> OrganisationRow:
    """One organisation by its public id; raises `NotFound`."""
    return _only_organisation(session, Organisation.public_id == public_id)


def find_organisation(session: Session, credit_code: str) -> OrganisationRow | None:
    """The organisation registered under a credit code, if any."""
    code = uscc.normalise(credit_code)
    rows = _rows(
        session, session.scalars(select(Organisation).where(Organisation.credit_code == code))
    )
    return rows[0] if rows else None


def organisations(session: Session, ids: Iterable[int]) -> dict[int, OrganisationRow]:
    """Organisations by key; unknown keys are left out."""
    found = session.scalars(_ORGANISATIONS, {"ids": list(set(ids))})
    return {row.id: row for row in _rows(session, found)}


def organisations_with(session: Session, capacity: Capacity) -> tuple[OrganisationRow, ...]:
    """Every organisation that has the capacity, by name."""
    query = (
        select(Organisation)
        .join(OrganisationCapacity, OrganisationCapacity.organisation_id == Organisation.id)
        .where(OrganisationCapacity.capacity == capacity)
        .order_by(Organisation.name, Organisation.id)
    )
    return _rows(session, session.scalars(query))


def organisation_page(
    session: Session,
    *,
    text: str = "",
    capacity: str = "",
    waiting: bool = False,
    page: int = 1,
    size: int = 20,
) -> OrganisationPage:
    """The operator's list: by a piece of the name or the credit code, by capacity, by state.

    `waiting` narrows to those whose authorisation is not confirmed.
    """
    query = select(Organisation)
    if text:
        piece = f"%{text.strip()}%"
        query = query.where(
            or_(Organisation.name.like(piece), Organisation.credit_code.like(piece.upper()))
        )
    if capacity in set(Capacity):
        query = query.join(
            OrganisationCapacity, OrganisationCapacity.organisation_id == Organisation.id
        ).where(OrganisationCapacity.capacity == capacity)
    if waiting:
        query = query.where(Organisation.authorised_at.is_(None))
    count = session.scalars(select(func.count()).select_from(query.subquery())).one()
    query = query.order_by(Organisation.id.desc()).limit(size).offset((page - 1) * size)
    return OrganisationPage(_rows(session, session.scalars(query)), count)


def members_with(session: Session, organisation_id: int, *roles: Role) -> tuple[MemberRow, ...]:
    """The active members that hold any of the roles (without roles: all of them), by name."""
    people: dict[int, tuple[Membership, User, set[Role]]] = {}
    found = session.execute(_MEMBERS, {"organisation": organisation_id})
    for membership, user, role in found:
        held = people.setdefault(membership.id, (membership, user, set()))[2]
        if role is not None:
            held.add(Role(role))
    return tuple(
        _member(membership, user, held)
        for membership, user, held in people.values()
        if not roles or held & set(roles)
    )


def organisation_name(key: Any) -> ColumnElement[str]:
    """The name of the organisation that a column of another table points to."""
    return through(key, Organisation.name)


def organisation_region(key: Any) -> ColumnElement[str]:
    """The region of the organisation that a column of another table points to."""
    return through(key, Organisation.region_code)


def person_name(key: Any) -> ColumnElement[str]:
    """The name of the person that a column of another table points to."""
    return through(key, User.name)


def people_with(session: Session, organisation_id: int, roles: tuple[Role, ...]) -> tuple[int, ...]:
    """The keys of the people of an organisation who hold one of the roles."""
    return tuple(member.user_id for member in members_with(session, organisation_id, *roles))


def member(session: Session, membership: str) -> tuple[OrganisationRow, MemberRow]:
    """An active membership by its public id with its organisation; raises `NotFound`."""
    query = select(Membership.organisation_id).where(
        Membership.public_id == membership, Membership.ended_at.is_(None)
    )
    organisation_id = session.scalars(query).one_or_none()
    if organisation_id is None:
        raise NotFound
    found = {row.public_id: row for row in members_with(session, organisation_id)}
    return organisation(session, organisation_id), found[membership]


def _member(membership: Membership, user: User, roles: set[Role]) -> MemberRow:
    return MemberRow(
        user_id=user.id,
        name=user.name,
        email=user.email,
        locale=user.locale,
        membership_id=membership.id,
        roles=frozenset(roles),
        public_id=membership.public_id,
        provisional=membership.provisional,
        begins_at=membership.begins_at,
        user_public_id=user.public_id,
    )


def _only_organisation(session: Session, clause: ColumnElement[bool]) -> OrganisationRow:
    rows = _rows(session, session.scalars(select(Organisation).where(clause)))
    if not rows:
        raise NotFound
    return rows[0]


def _rows(session: Session, found: Iterable[Organisation]) -> tuple[OrganisationRow, ...]:
    models = list(found)
    capacities = capacities_by_organisation(session, [row.id for row in models])
    return tuple(
        OrganisationRow(
            id=row.id,
            public_id=row.public_id,
            name=row.name,
            credit_code=row.credit_code,
            region_code=row.region_code,
            capacities=capacities.get(row.id, frozenset()),
            authorised=row.authorised_at is not None,
        )
        for row in models
    )


def capacities_by_organisation(
    session: Session, ids: Iterable[int]
) -> Mapping[int, frozenset[Capacity]]:
    """The capacities of several organisations at once."""
    found: dict[int, set[Capacity]] = {}
    for organisation_id, capacity in session.execute(_CAPACITIES, {"ids": list(set(ids))}):
        found.setdefault(organisation_id, set()).add(Capacity(capacity))
    return {key: frozenset(values) for key, values in found.items()}


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
    return _person(_only_person(session, User.id == user_id))


def find_user(session: Session, email: str) -> PersonRow | None:
    """The person with that e-mail address, if any."""
    query = select(User).where(User.email == rules.normal_email(email))
    user = session.scalars(query).one_or_none()
    return _person(user) if user else None


def account(session: Session, key: int | str) -> AccountRow:
    """An account by key or public id, with its mobile; raises `NotFound`."""
    user = _only_person(session, User.public_id == key if isinstance(key, str) else User.id == key)
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
    user = _only_person(session, User.id == user_id)
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


def _only_person(session: Session, clause: ColumnElement[bool]) -> User:
    user = session.scalars(select(User).where(clause)).one_or_none()
    if user is None:
        raise NotFound
    return user


def _person(user: User) -> PersonRow:
    return PersonRow(user.id, user.public_id, user.name, user.email, user.locale)
