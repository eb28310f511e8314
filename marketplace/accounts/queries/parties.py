"""People, organisations and memberships, for pages, letters and other features."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pyotp
from flask_babel import lazy_gettext as _
from sqlalchemy import (
    ColumnElement,
    String,
    Subquery,
    bindparam,
    cast,
    false,
    func,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from marketplace.accounts import models, rules
from marketplace.accounts.queries import rows
from marketplace.accounts.services.credentials import email_stamp, password_stamp
from marketplace.accounts.services.signing_in import account_key, failure_stamp
from marketplace.infra.columns import Gathered
from marketplace.infra.crypto import search_hash
from marketplace.infra.finding import find_row
from marketplace.infra.lists import Facet, PagedList
from marketplace.infra.rows import gathered, row_of, through
from marketplace.kernel import uscc
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import NotFound


def _capacities(organisation_id: Any) -> ColumnElement[frozenset[Capacity]]:
    return gathered(
        models.OrganisationCapacity.capacity,
        models.OrganisationCapacity.organisation_id == organisation_id,
    )


def _roles(membership_id: Any) -> ColumnElement[frozenset[Role]]:
    return gathered(
        models.MembershipRole.role,
        models.MembershipRole.membership_id == membership_id,
        models.MembershipRole.ended_at.is_(None),
    )


def unknown_mobile() -> str:
    """The hash of no number: whoever gave none is nobody's second account."""
    return search_hash("", "user_account.mobile")


def _accounts(user_id: Any) -> ColumnElement[frozenset[int]]:
    """The accounts that share a mobile number with one: they count as one person."""
    own, other = aliased(models.User), aliased(models.User)
    keys = (
        select(func.aggregate_strings(cast(other.id, String), Gathered.BETWEEN))
        .join(own, own.mobile_hash == other.mobile_hash)
        .where(
            own.id == user_id,
            own.mobile_hash != bindparam("no_mobile", callable_=unknown_mobile),
        )
        .correlate_except(own, other)
    )
    return type_coerce(keys.scalar_subquery(), Gathered(int))


def _has(capacity: Capacity) -> ColumnElement[bool]:
    return models.Organisation.id.in_(
        select(models.OrganisationCapacity.organisation_id).where(
            models.OrganisationCapacity.capacity == capacity
        )
    )


_ORGANISATION = row_of(
    rows.OrganisationRow,
    models.Organisation,
    capacities=_capacities(models.Organisation.id),
    authorised=models.Organisation.authorised_at.is_not(None),
)
_PERSON = row_of(rows.PersonRow, models.User)
_ACCOUNT = row_of(
    rows.AccountRow,
    models.User,
    has_password=models.User.password_hash != "",
    has_second_factor=models.User.totp_confirmed_at.is_not(None),
    enrolling=models.User.totp_secret.is_not(None) & models.User.totp_confirmed_at.is_(None),
    recovery_codes_left=select(func.count())
    .where(models.RecoveryCode.user_id == models.User.id, models.RecoveryCode.used_at.is_(None))
    .scalar_subquery(),
)
_MEMBER = row_of(
    rows.MemberRow,
    models.Membership,
    name=models.User.name,
    email=models.User.email,
    locale=models.User.locale,
    membership_id=models.Membership.id,
    roles=_roles(models.Membership.id),
    user_public_id=models.User.public_id,
)
_MEMBERSHIP = row_of(
    rows.MembershipRow,
    models.Membership,
    organisation_name=through(models.Membership.organisation_id, models.Organisation.name),
    roles=_roles(models.Membership.id),
    capacities=_capacities(models.Membership.organisation_id),
)
ACTOR = row_of(
    Actor,
    models.Membership,
    membership_id=models.Membership.id,
    capacities=_capacities(models.Membership.organisation_id),
    roles=_roles(models.Membership.id),
    is_system=false(),
    accounts=_accounts(models.Membership.user_id),
    second_factor=through(models.Membership.user_id, models.User.totp_confirmed_at).is_not(None),
    proven=false(),
)

# Asked by nearly every request, so built once.
_ORGANISATIONS = _ORGANISATION.query().where(models.Organisation.id.in_(bindparam("ids")))
_MEMBERS = (
    _MEMBER.query()
    .join(models.User, models.User.id == models.Membership.user_id)
    .where(
        models.Membership.organisation_id == bindparam("organisation"),
        models.Membership.ended_at.is_(None),
    )
    .order_by(models.User.name, models.Membership.id)
)
_OF_USER = (
    _MEMBERSHIP.query()
    .where(models.Membership.user_id == bindparam("key"), models.Membership.ended_at.is_(None))
    .order_by(models.Membership.id)
)
_OF_MEMBERSHIP = ACTOR.query().where(
    models.Membership.id == bindparam("key"), models.Membership.ended_at.is_(None)
)

# The operator's list: by a piece of the name or the credit code, by capacity, by state.
ORGANISATIONS = PagedList(
    _ORGANISATION,
    true(),
    {"": (models.Organisation.id.desc(),)},
    facets=(
        Facet(
            "capacity",
            _("Capacity"),
            {each.value: _has(each) for each in Capacity},
            words="capacity",
            single=True,
        ),
        Facet(
            "waiting",
            _("Authorisation"),
            {"1": models.Organisation.authorised_at.is_(None)},
            words={"1": _("Not confirmed yet")},
        ),
    ),
    text=(models.Organisation.name, models.Organisation.credit_code),
    size=20,
)
_WAS_DEPARTMENT = models.Organisation.id.in_(
    select(models.DepartmentChange.organisation_id).where(models.DepartmentChange.ended)
)
# Those that are departments, by name; and those that were once, where they are asked for.
DEPARTMENTS = PagedList(
    _ORGANISATION,
    or_(_has(Capacity.DEPARTMENT), _WAS_DEPARTMENT),
    {"": (models.Organisation.name, models.Organisation.id)},
    facets=(
        Facet(
            "ended",
            _("State"),
            {"1": ~_has(Capacity.DEPARTMENT)},
            words={"1": _("Ended")},
            otherwise=_has(Capacity.DEPARTMENT),
        ),
    ),
    text=(models.Organisation.name, models.Organisation.credit_code),
    size=20,
)


def organisation(session: Session, organisation_id: int) -> rows.OrganisationRow:
    """One organisation by its key; raises `NotFound`."""
    found = organisations(session, [organisation_id])
    if organisation_id not in found:
        raise NotFound
    return found[organisation_id]


def organisation_by_public_id(session: Session, public_id: str) -> rows.OrganisationRow:
    """One organisation by its public id; raises `NotFound`."""
    return _ORGANISATION.one(session, _ORGANISATION.by(public_id), {"key": public_id})


def find_organisation(session: Session, credit_code: str) -> rows.OrganisationRow | None:
    """The organisation registered under a credit code, if any."""
    code = uscc.normalise(credit_code)
    query = _ORGANISATION.query().where(models.Organisation.credit_code == code)
    return next(iter(_ORGANISATION.all(session, query)), None)


def organisations(session: Session, ids: Iterable[int]) -> dict[int, rows.OrganisationRow]:
    """Organisations by key; unknown keys are left out."""
    found = _ORGANISATION.all(session, _ORGANISATIONS, {"ids": list(set(ids))})
    return {row.id: row for row in found}


def organisations_with(session: Session, capacity: Capacity) -> tuple[rows.OrganisationRow, ...]:
    """Every organisation that has the capacity, by name."""
    query = _ORGANISATION.query().where(_has(capacity))
    return _ORGANISATION.all(
        session, query.order_by(models.Organisation.name, models.Organisation.id)
    )


def members_with(
    session: Session, organisation_id: int, *roles: Role
) -> tuple[rows.MemberRow, ...]:
    """The active members that hold any of the roles (without roles: all of them), by name."""
    members = _MEMBER.all(session, _MEMBERS, {"organisation": organisation_id})
    return tuple(row for row in members if not roles or row.roles & set(roles))


def organisation_name(key: Any) -> ColumnElement[str]:
    """The name of the organisation that a column of another table points to."""
    return through(key, models.Organisation.name)


def departments_by_name() -> Subquery:
    """The departments by what they are called: `name`, and `id` of the only one so called.

    A name of before, which the approval platform may go on using, counts where none has it now.
    """
    house, change = models.Organisation, models.DepartmentChange
    now = select(house.name).where(_has(Capacity.DEPARTMENT))
    former = select(change.name, change.organisation_id.label("id")).join(
        house, house.id == change.organisation_id
    )
    names = union_all(
        now.add_columns(house.id.label("id")),
        former.where(_has(Capacity.DEPARTMENT), change.name.not_in(now)),
    ).subquery()
    query = select(names.c.name, func.min(names.c.id).label("id")).group_by(names.c.name)
    only = query.having(func.count(names.c.id.distinct()) == 1)
    return only.subquery("department_by_name")


def organisation_key(key: Any) -> ColumnElement[str]:
    """The public id of the organisation that a column of another table points to."""
    return through(key, models.Organisation.public_id)


def organisation_region(key: Any) -> ColumnElement[str]:
    """The region of the organisation that a column of another table points to."""
    return through(key, models.Organisation.region_code)


def person_name(key: Any) -> ColumnElement[str]:
    """The name of the person that a column of another table points to."""
    return through(key, models.User.name)


def people_with(
    session: Session, organisation_id: int, roles: tuple[Role, ...], *, but: int | None = None
) -> tuple[int, ...]:
    """Who is told what concerns those of an organisation who hold one of the roles.

    Where nobody does any more, its administrators are; where it has none, the operator's: nothing
    that happens is without a recipient. Where another person has to act, whoever may not, `but`,
    counts as nobody with any of their accounts, and so does what falls back.
    """
    left_out = set(session.scalars(select(models.User.id).where(models.User.of_person(but))))
    for houses, wanted in _in_turn(session, organisation_id, roles):
        members = (one for house in houses for one in members_with(session, house, *wanted))
        found = tuple(one.user_id for one in members if one.user_id not in left_out)
        if found:
            return found
    return ()


def _in_turn(
    session: Session, organisation_id: int, roles: tuple[Role, ...]
) -> Iterator[tuple[list[int], tuple[Role, ...]]]:
    """Where people are looked for, one place after another, and with which roles."""
    yield [organisation_id], roles
    yield [organisation_id], (Role.ORGANISATION_ADMIN,)
    operators = [row.id for row in organisations_with(session, Capacity.OPERATOR)]
    yield operators, (Role.SYSTEM_ADMIN,)
    yield operators, ()


def member(session: Session, membership: str) -> tuple[rows.OrganisationRow, rows.MemberRow]:
    """An active membership by its public id with its organisation; raises `NotFound`."""
    query = select(models.Membership.organisation_id).where(
        models.Membership.public_id == membership, models.Membership.ended_at.is_(None)
    )
    organisation_id = session.scalars(query).one_or_none()
    if organisation_id is None:
        raise NotFound
    found = {row.public_id: row for row in members_with(session, organisation_id)}
    return organisation(session, organisation_id), found[membership]


def people(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by key; unknown keys are left out."""
    ids = {key for key in user_ids if key is not None}
    query = select(models.User.id, models.User.name).where(models.User.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def person(session: Session, user_id: int) -> rows.PersonRow:
    """One person by key; raises `NotFound`."""
    return _PERSON.one(session, _PERSON.by(user_id), {"key": user_id})


def find_user(session: Session, email: str) -> rows.PersonRow | None:
    """The person with that e-mail address, if any."""
    query = _PERSON.query().where(models.User.email == rules.normal_email(email))
    return next(iter(_PERSON.all(session, query)), None)


def find_by_mobile(session: Session, mobile: str) -> rows.PersonRow | None:
    """The first person whose account has that mobile number, if any."""
    query = _PERSON.query().where(models.User.has_mobile(mobile)).order_by(models.User.id)
    return next(iter(_PERSON.all(session, query.limit(1))), None)


def account(session: Session, key: int | str) -> rows.AccountRow:
    """An account by key or public id, with its mobile; raises `NotFound`."""
    return _ACCOUNT.one(session, _ACCOUNT.by(key), {"key": key})


def known_of(session: Session, user_id: int) -> tuple[str, ...]:
    """What others know of a person, and a password may not rest on."""
    own = account(session, user_id)
    keys = [each.organisation_id for each in memberships_of(session, user_id)]
    theirs = organisations(session, keys).values()
    said = (part for row in theirs for part in (row.name, row.credit_code))
    return (own.email, own.name, own.mobile, *said)


def credentials(session: Session, email: str) -> tuple[int | None, str]:
    """The key and password hash behind an e-mail address; (None, "") when there is no account."""
    query = select(models.User.id, models.User.password_hash).where(
        models.User.email == rules.normal_email(email)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, "")


def memberships_of(session: Session, user_id: int) -> tuple[rows.MembershipRow, ...]:
    """A person's active memberships, oldest first."""
    return _MEMBERSHIP.all(session, _OF_USER, {"key": user_id})


def actor_of(session: Session, membership_id: int) -> Actor:
    """The actor that an active membership makes; raises `NotFound`.

    It has proved nothing: that is told by a session only.
    """
    return ACTOR.one(session, _OF_MEMBERSHIP, {"key": membership_id})


def link_stamps(session: Session, user_id: int) -> dict[str, str]:
    """What mailed links of each purpose rest on now: `password`, `email`, `unlock`."""
    user = find_row(session, models.User, user_id)
    counter = session.get(models.SignInFailure, account_key(user.email))
    return {
        "password": password_stamp(user),
        "email": email_stamp(user),
        "unlock": failure_stamp(counter),
    }


def enrolment_secret(session: Session, user_id: int) -> str | None:
    """The secret that enrolment shows; None once it is confirmed, for then nobody sees it again."""
    query = select(models.User.totp_secret).where(
        models.User.id == user_id, models.User.totp_confirmed_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def current_code(session: Session, user_id: int, at: datetime) -> str:
    """The six digits of a person's second factor at a real instant; for the demonstration only."""
    secret = session.scalars(
        select(models.User.totp_secret).where(models.User.id == user_id)
    ).one_or_none()
    return pyotp.TOTP(secret).at(at) if secret else ""
