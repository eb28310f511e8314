"""Coming to an organisation: found it, extend it, or ask those who act for it already."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import rules
from marketplace.accounts.events import CapacityAdded, MembershipRequested, OrganisationRegistered
from marketplace.accounts.models import (
    Membership,
    MembershipRequest,
    Organisation,
    OrganisationCapacity,
)
from marketplace.accounts.services.memberships import (
    active_membership,
    active_roles,
    begin_membership,
    capacities_of,
    replace_roles,
)
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import uscc
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import Refused


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
    uow.record(OrganisationRegistered(founded.id, capacity))
    membership = begin_membership(
        uow,
        user_id=user_id,
        organisation_id=founded.id,
        roles=rules.first_roles(capacity),
        provisional=True,
    )
    return Entered(user_id, founded.id, membership.id, None)


def found_organisation(
    uow: UnitOfWork, *, name: str, credit_code: str, region_code: str, capacities: list[Capacity]
) -> Organisation | None:
    """A new organisation with its capacities, or None when the code is registered already.

    Of two that found it at the same instant the database lets one; the other then finds it.
    """
    organisation = Organisation(
        name=name, credit_code=credit_code, region_code=region_code, created_at=uow.now
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(organisation)
    except IntegrityError:
        return None
    for capacity in capacities:
        uow.session.add(OrganisationCapacity(organisation_id=organisation.id, capacity=capacity))
    uow.session.flush()
    return organisation


def _request_membership(
    uow: UnitOfWork, user_id: int, credit_code: str, capacity: Capacity
) -> Entered:
    query = select(Organisation.id).where(Organisation.credit_code == credit_code)
    organisation_id = uow.session.scalars(query).one()
    membership = active_membership(uow, user_id, organisation_id)
    if membership is not None:
        _add_capacity(uow, membership, capacity)
        return Entered(user_id, organisation_id, membership.id, None)
    request = MembershipRequest(
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
    uow.record(MembershipRequested(request.id, user_id, organisation_id))
    return Entered(user_id, organisation_id, None, request.id)


def _add_capacity(uow: UnitOfWork, membership: Membership, capacity: Capacity) -> None:
    """An organisation's administrator registers it for a further capacity, and acts in it."""
    uow.lock(Organisation, membership.organisation_id)
    known = capacities_of(uow, membership.organisation_id)
    roles = active_roles(uow, membership.id)
    if capacity in known or Role.ORGANISATION_ADMIN not in roles:
        raise Refused("account.already_member", field="credit_code")
    uow.session.add(
        OrganisationCapacity(organisation_id=membership.organisation_id, capacity=capacity)
    )
    uow.session.flush()
    uow.record(CapacityAdded(membership.organisation_id, capacity))
    replace_roles(uow, membership, roles | rules.first_roles(capacity))


def check_capacity(capacity: Capacity) -> None:
    """Refuse the capacities that the operator makes."""
    if capacity not in rules.OPEN_CAPACITIES:
        raise Refused("account.capacity_by_operator", field="capacity")


def checked_code(credit_code: str) -> str:
    """A credit code as it is stored; refuses one with a defect and says which."""
    code = uscc.normalise(credit_code)
    problem = rules.credit_code_problem(code)
    if problem:
        raise Refused(problem, field="credit_code")
    return code


def checked_region(uow: UnitOfWork, region_code: str) -> str:
    """The current code of a region; superseded codes mean their successor."""
    region = catalogue.regions(uow.session).resolve(region_code)
    if region is None:
        raise Refused("account.unknown_region", field="region_code")
    return region
