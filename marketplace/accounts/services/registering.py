"""The way in: register, confirm by the mailed link, found an organisation or ask to join."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import events, models, rules
from marketplace.accounts.queries import codes
from marketplace.accounts.rules import RegistrationState
from marketplace.accounts.services import memberships
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import uscc
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import Refused

# Whoever has an account adds the organisation there: the link would be refused again for ever.
_AT_THE_LINK = {
    "account.mobile_known": "account.mobile_registered",
    "account.email_taken": "account.email_registered",
}


@dataclass(frozen=True)
class Entered:
    """How somebody came to an organisation: as its first agent, or by asking its administrators."""

    user_id: int
    organisation_id: int
    membership_id: int | None
    request_id: int | None


def enter_organisation(
    uow: UnitOfWork,
    *,
    user_id: int,
    name: str,
    credit_code: str,
    capacity: Capacity,
    region_code: str,
) -> Entered:
    """Found the organisation and make the person its first, provisional agent; or ask to join.

    Its administrator may thus register it for a further capacity; otherwise refuses
    `account.already_member` and `account.request_open`.
    """
    check_capacity(capacity)
    founded = found_organisation(
        uow, name=name, credit_code=credit_code, region_code=region_code, capacities=[capacity]
    )
    if founded is None:
        return _request_membership(uow, user_id, credit_code, capacity)
    uow.record(events.OrganisationRegistered(founded.id, capacity))
    membership = memberships.begin_membership(
        uow,
        user_id=user_id,
        organisation_id=founded.id,
        roles=rules.first_roles(capacity),
        provisional=True,
    )
    return Entered(user_id, founded.id, membership.id, None)


def found_organisation(
    uow: UnitOfWork, *, name: str, credit_code: str, region_code: str, capacities: list[Capacity]
) -> models.Organisation | None:
    """A new organisation with its capacities, or None when the code is registered already.

    Of two that found it at the same instant the database lets one; the other then finds it.
    """
    organisation = models.Organisation(
        name=name, credit_code=credit_code, region_code=region_code, created_at=uow.now
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(organisation)
    except IntegrityError:
        return None
    for capacity in capacities:
        uow.session.add(
            models.OrganisationCapacity(organisation_id=organisation.id, capacity=capacity)
        )
    uow.session.flush()
    return organisation


def _request_membership(
    uow: UnitOfWork, user_id: int, credit_code: str, capacity: Capacity
) -> Entered:
    query = select(models.Organisation.id).where(models.Organisation.credit_code == credit_code)
    organisation_id = uow.session.scalars(query).one()
    membership = memberships.active_membership(uow, user_id, organisation_id)
    if membership is not None:
        _add_capacity(uow, membership, capacity)
        return Entered(user_id, organisation_id, membership.id, None)
    request = models.MembershipRequest(
        user_id=user_id,
        organisation_id=organisation_id,
        capacity=capacity,
        requested_at=uow.now,
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(request)
    except IntegrityError as error:
        raise Refused("account.request_open", field="credit_code") from error
    uow.record(events.MembershipRequested.of(request))
    return Entered(user_id, organisation_id, None, request.id)


def _add_capacity(uow: UnitOfWork, membership: models.Membership, capacity: Capacity) -> None:
    """An organisation's administrator registers it for a further capacity, and acts in it."""
    uow.lock(models.Organisation, membership.organisation_id)
    known = memberships.capacities_of(uow, membership.organisation_id)
    roles = memberships.active_roles(uow, membership.id)
    if capacity in known or Role.ORGANISATION_ADMIN not in roles:
        raise Refused("account.already_member", field="credit_code")
    uow.session.add(
        models.OrganisationCapacity(organisation_id=membership.organisation_id, capacity=capacity)
    )
    uow.session.flush()
    uow.record(events.CapacityAdded(membership.organisation_id, capacity))
    memberships.replace_roles(uow, membership, roles | rules.first_roles(capacity))


def check_capacity(capacity: Capacity) -> None:
    """Refuse the capacities that the operator makes."""
    if capacity not in rules.OPEN_CAPACITIES:
        raise Refused("account.capacity_by_operator", field="capacity")


def checked_code(uow: UnitOfWork, credit_code: str) -> str:
    """A credit code as it is stored; refuses one with a defect and says which."""
    code = uscc.normalise(credit_code)
    problem = codes.credit_code_problem(uow.session, code)
    if problem:
        raise Refused(problem, field="credit_code")
    return code


def checked_region(uow: UnitOfWork, region_code: str) -> str:
    """The current code of a region; superseded codes mean their successor."""
    region = catalogue.regions(uow.session).resolve(region_code)
    if region is None:
        raise Refused("account.unknown_region", field="region_code")
    return region


def request_registration(
    uow: UnitOfWork,
    *,
    organisation_name: str,
    credit_code: str,
    capacity: Capacity,
    region_code: str,
    person_name: str,
    mobile: str,
    email: str,
    password_hash: str,
    locale: str,
) -> str:
    """Keep what was entered until the mailed link is followed; returns the public id.

    Nothing is taken yet, neither the code nor the e-mail: whoever follows the link first has it.
    An e-mail or a mobile that has an account gets another letter, and the page says the same.
    Refuses a wrong credit code, an unknown region and capacities that the operator makes.
    """
    code = checked_code(uow, credit_code)
    check_capacity(capacity)
    row = uow.add(
        models.Registration(
            organisation_name=organisation_name,
            credit_code=code,
            capacity=capacity,
            region_code=checked_region(uow, region_code),
            person_name=person_name,
            email=rules.normal_email(email),
            mobile=mobile,
            password_hash=password_hash,
            locale=locale,
            created_at=uow.now,
            expires_at=uow.now + timedelta(days=rules.REGISTRATION_DAYS),
        )
    )
    uow.record(events.RegistrationRequested(row.id))
    return row.public_id


def confirm_registration(uow: UnitOfWork, *, registration: str) -> Entered:
    """Make the account that a registration asked for; its link proves the e-mail address.

    The first to confirm a credit code founds the organisation; a later one becomes a request to
    its administrators. Refuses a link that is spent or too old, an e-mail and a mobile with an
    account.
    """
    row = uow.lock(models.Registration, registration)
    if row.state != RegistrationState.OPEN:
        raise Refused("account.link_used")
    if uow.now >= row.expires_at:
        raise Refused("account.link_expired")
    user = _registered_user(uow, row)
    entered = enter_organisation(
        uow,
        user_id=user.id,
        name=row.organisation_name,
        credit_code=row.credit_code,
        capacity=row.capacity,
        region_code=row.region_code,
    )
    row.state, row.user_id = RegistrationState.CONFIRMED, user.id
    row.person_name = row.mobile = row.password_hash = ""
    uow.record(events.RegistrationConfirmed(row.id, user.id))
    return entered


def _registered_user(uow: UnitOfWork, row: models.Registration) -> models.User:
    """The account; where there is one already, the words say what its owner does instead."""
    try:
        return create_user(
            uow,
            name=row.person_name,
            email=row.email,
            mobile=row.mobile,
            locale=row.locale,
            password_hash=row.password_hash,
            verified=True,
        )
    except Refused as refusal:
        raise Refused(_AT_THE_LINK[refusal.code]) from refusal


def expire_registration(uow: UnitOfWork, *, registration_id: int) -> None:
    """Delete what was entered and never confirmed; nothing else refers to it."""
    row = uow.session.get(models.Registration, registration_id, with_for_update=True)
    if row is None or row.state != RegistrationState.OPEN or uow.now < row.expires_at:
        return
    uow.record(events.RegistrationExpired(row.id))
    uow.session.delete(row)


def add_organisation(
    uow: UnitOfWork, *, name: str, credit_code: str, capacity: Capacity, region_code: str
) -> Entered:
    """A person with an account comes to a further organisation, as at registration."""
    uow.lock(models.User, uow.user_id)
    return enter_organisation(
        uow,
        user_id=uow.user_id,
        name=name,
        credit_code=checked_code(uow, credit_code),
        capacity=capacity,
        region_code=checked_region(uow, region_code),
    )


def create_user(
    uow: UnitOfWork,
    *,
    name: str,
    email: str,
    mobile: str,
    locale: str,
    password_hash: str = "",
    verified: bool = False,
) -> models.User:
    """A new person; refuses `account.email_taken` and `account.mobile_known`."""
    if account_with(uow, mobile) is not None:
        raise Refused("account.mobile_known", field="mobile")
    user = models.User(
        name=name,
        email=rules.normal_email(email),
        email_verified_at=uow.now if verified else None,
        password_hash=password_hash,
        locale=locale,
        created_at=uow.now,
    )
    user.hold_mobile(mobile)
    try:
        with uow.session.begin_nested():
            uow.session.add(user)
    except IntegrityError as error:
        # Somebody was faster with the address, or with the number.
        if account_with(uow, mobile) is not None:
            raise Refused("account.mobile_known", field="mobile") from error
        raise Refused("account.email_taken", field="email") from error
    uow.record(events.UserCreated(user.id))
    return user


def account_with(uow: UnitOfWork, mobile: str, *, but: int = 0) -> models.User | None:
    """Another account with this mobile number: whoever has the number has that account."""
    if not mobile:
        return None
    query = select(models.User).where(models.User.has_mobile(mobile), models.User.id != but)
    return uow.session.scalars(query.order_by(models.User.id).limit(1)).one_or_none()
