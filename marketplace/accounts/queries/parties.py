"""People, organisations and memberships, for pages, letters and other features."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pyotp
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationCapacity,
    RecoveryCode,
    Recusal,
    SignInFailure,
    User,
)
from marketplace.accounts.policy import Tie
from marketplace.accounts.queries.rows import (
    AccountRow,
    MemberRow,
    MembershipRow,
    OrganisationRow,
    PersonRow,
)
from marketplace.accounts.services.credentials import email_stamp, password_stamp
from marketplace.accounts.services.signing_in import account_key, failure_stamp
from marketplace.catalogue import queries as catalogue
from marketplace.infra.crypto import search_hash
from marketplace.infra.finding import find_row
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import gathered, row_of, through
from marketplace.kernel import uscc
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import end_of_day


def _capacities(organisation_id: Any) -> ColumnElement[frozenset[Capacity]]:
    return gathered(
        OrganisationCapacity.capacity, OrganisationCapacity.organisation_id == organisation_id
    )


def _roles(membership_id: Any) -> ColumnElement[frozenset[Role]]:
    return gathered(
        MembershipRole.role,
        MembershipRole.membership_id == membership_id,
        MembershipRole.ended_at.is_(None),
    )


def _has(capacity: Capacity) -> ColumnElement[bool]:
    return Organisation.id.in_(
        select(OrganisationCapacity.organisation_id).where(
            OrganisationCapacity.capacity == capacity
        )
    )


_ORGANISATION = row_of(
    OrganisationRow,
    Organisation,
    capacities=_capacities(Organisation.id),
    authorised=Organisation.authorised_at.is_not(None),
)
_PERSON = row_of(PersonRow, User)
_ACCOUNT = row_of(
    AccountRow,
    User,
    has_password=User.password_hash != "",
    has_second_factor=User.totp_confirmed_at.is_not(None),
    enrolling=User.totp_secret.is_not(None) & User.totp_confirmed_at.is_(None),
    recovery_codes_left=select(func.count())
    .where(RecoveryCode.user_id == User.id, RecoveryCode.used_at.is_(None))
    .scalar_subquery(),
)
_MEMBER = row_of(
    MemberRow,
    Membership,
    name=User.name,
    email=User.email,
    locale=User.locale,
    membership_id=Membership.id,
    roles=_roles(Membership.id),
    user_public_id=User.public_id,
)
_MEMBERSHIP = row_of(
    MembershipRow,
    Membership,
    organisation_name=through(Membership.organisation_id, Organisation.name),
    roles=_roles(Membership.id),
    capacities=_capacities(Membership.organisation_id),
)
ACTOR = row_of(
    Actor,
    Membership,
    membership_id=Membership.id,
    capacities=_capacities(Membership.organisation_id),
    roles=_roles(Membership.id),
    is_system=false(),
)

# Asked by nearly every request, so built once.
_ORGANISATIONS = _ORGANISATION.query().where(Organisation.id.in_(bindparam("ids")))
_MEMBERS = (
    _MEMBER.query()
    .join(User, User.id == Membership.user_id)
    .where(Membership.organisation_id == bindparam("organisation"), Membership.ended_at.is_(None))
    .order_by(User.name, Membership.id)
)
_OF_USER = (
    _MEMBERSHIP.query()
    .where(Membership.user_id == bindparam("key"), Membership.ended_at.is_(None))
    .order_by(Membership.id)
)
_OF_MEMBERSHIP = ACTOR.query().where(
    Membership.id == bindparam("key"), Membership.ended_at.is_(None)
)

# The operator's list: by a piece of the name or the credit code, by capacity, by state.
ORGANISATIONS = PagedList(
    _ORGANISATION,
    true(),
    {"": (Organisation.id.desc(),)},
    facets=(
        Facet(
            "capacity",
            _("Capacity"),
            {each.value: _has(each) for each in Capacity},
            single=True,
        ),
        Facet("waiting", _("Authorisation"), {"1": Organisation.authorised_at.is_(None)}),
    ),
    text=(Organisation.name, Organisation.credit_code),
    size=20,
)


def organisation(session: Session, organisation_id: int) -> OrganisationRow:
    """One organisation by its key; raises `NotFound`."""
    found = organisations(session, [organisation_id])
    if organisation_id not in found:
        raise NotFound
    return found[organisation_id]


def organisation_by_public_id(session: Session, public_id: str) -> OrganisationRow:
    """One organisation by its public id; raises `NotFound`."""
    return _ORGANISATION.one(session, _ORGANISATION.by(public_id), {"key": public_id})


def find_organisation(session: Session, credit_code: str) -> OrganisationRow | None:
    """The organisation registered under a credit code, if any."""
    code = uscc.normalise(credit_code)
    query = _ORGANISATION.query().where(Organisation.credit_code == code)
    return next(iter(_ORGANISATION.all(session, query)), None)


def organisations(session: Session, ids: Iterable[int]) -> dict[int, OrganisationRow]:
    """Organisations by key; unknown keys are left out."""
    found = _ORGANISATION.all(session, _ORGANISATIONS, {"ids": list(set(ids))})
    return {row.id: row for row in found}


def organisations_with(session: Session, capacity: Capacity) -> tuple[OrganisationRow, ...]:
    """Every organisation that has the capacity, by name."""
    query = _ORGANISATION.query().where(_has(capacity))
    return _ORGANISATION.all(session, query.order_by(Organisation.name, Organisation.id))


def members_with(session: Session, organisation_id: int, *roles: Role) -> tuple[MemberRow, ...]:
    """The active members that hold any of the roles (without roles: all of them), by name."""
    members = _MEMBER.all(session, _MEMBERS, {"organisation": organisation_id})
    return tuple(row for row in members if not roles or row.roles & set(roles))


def organisation_name(key: Any) -> ColumnElement[str]:
    """The name of the organisation that a column of another table points to."""
    return through(key, Organisation.name)


def organisation_key(key: Any) -> ColumnElement[str]:
    """The public id of the organisation that a column of another table points to."""
    return through(key, Organisation.public_id)


def organisation_region(key: Any) -> ColumnElement[str]:
    """The region of the organisation that a column of another table points to."""
    return through(key, Organisation.region_code)


def person_name(key: Any) -> ColumnElement[str]:
    """The name of the person that a column of another table points to."""
    return through(key, User.name)


def ties(session: Session, organisation_id: int, on: date) -> frozenset[Tie]:
    """Everybody who judges nothing about an organisation on a day, for `policy.recused`.

    Its members, those who were within the rulebook's days, and those who declared a tie to it;
    whoever shares a mobile number with one of them is the same person.
    """
    days = int(catalogue.rule(session, "recusal.past_membership_days", on))
    counts_from = end_of_day(on - timedelta(days=days))
    belong = select(Membership.user_id).where(
        Membership.organisation_id == organisation_id,
        or_(Membership.ended_at.is_(None), Membership.ended_at >= counts_from),
    )
    declared = select(Recusal.user_id).where(Recusal.organisation_id == organisation_id)
    tied = or_(User.id.in_(belong), User.id.in_(declared))
    unknown = search_hash("", "user_account.mobile")
    numbers = select(User.mobile_hash).where(tied, User.mobile_hash != unknown)
    people = select(User.id).where(or_(tied, User.mobile_hash.in_(numbers)))
    return frozenset(Tie(key, organisation_id) for key in session.scalars(people))


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


def people(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by key; unknown keys are left out."""
    ids = {key for key in user_ids if key is not None}
    query = select(User.id, User.name).where(User.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def person(session: Session, user_id: int) -> PersonRow:
    """One person by key; raises `NotFound`."""
    return _PERSON.one(session, _PERSON.by(user_id), {"key": user_id})


def find_user(session: Session, email: str) -> PersonRow | None:
    """The person with that e-mail address, if any."""
    query = _PERSON.query().where(User.email == rules.normal_email(email))
    return next(iter(_PERSON.all(session, query)), None)


def account(session: Session, key: int | str) -> AccountRow:
    """An account by key or public id, with its mobile; raises `NotFound`."""
    return _ACCOUNT.one(session, _ACCOUNT.by(key), {"key": key})


def credentials(session: Session, email: str) -> tuple[int | None, str]:
    """The key and password hash behind an e-mail address; (None, "") when there is no account."""
    query = select(User.id, User.password_hash).where(User.email == rules.normal_email(email))
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, "")


def memberships_of(session: Session, user_id: int) -> tuple[MembershipRow, ...]:
    """A person's active memberships, oldest first."""
    return _MEMBERSHIP.all(session, _OF_USER, {"key": user_id})


def actor_of(session: Session, membership_id: int) -> Actor:
    """The actor that an active membership makes; raises `NotFound`."""
    return ACTOR.one(session, _OF_MEMBERSHIP, {"key": membership_id})


def link_stamps(session: Session, user_id: int) -> dict[str, str]:
    """What mailed links of each purpose rest on now: `password`, `email`, `unlock`."""
    user = find_row(session, User, user_id)
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
