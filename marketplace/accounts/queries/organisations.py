"""Organisations and their members, for pages, letters and other features."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationCapacity,
    User,
)
from marketplace.accounts.queries.rows import MemberRow, OrganisationRow
from marketplace.kernel import uscc
from marketplace.kernel.actors import Capacity, Role
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
    return _only(session, Organisation.public_id == public_id)


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


def _only(session: Session, clause: ColumnElement[bool]) -> OrganisationRow:
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
