"""What the operator makes and confirms: organisations, staff accounts, authorisations."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.accounts import policy, rules
from marketplace.accounts.events import (
    AuthorisationConfirmed,
    AuthorisationLetterFiled,
    OrganisationCreated,
    StaffAccountCreated,
)
from marketplace.accounts.models import Invitation, Membership, Organisation, User
from marketplace.accounts.rules import InvitationState
from marketplace.accounts.services.entering import (
    checked_code,
    checked_region,
    enter_organisation,
    found_organisation,
)
from marketplace.accounts.services.memberships import begin_membership
from marketplace.accounts.services.registration import create_user
from marketplace.infra.files import store_upload
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import Refused

LETTER_KIND = "authorisation_letter"


@dataclass(frozen=True)
class Created:
    """A person and the membership that was made for them."""

    user_id: int
    membership_id: int


def create_organisation(
    uow: UnitOfWork,
    *,
    name: str,
    credit_code: str,
    region_code: str,
    capacities: Collection[Capacity],
) -> int:
    """Make an organisation of any capacities; it is authorised at once. Returns its id.

    For the operator's system administrator. Refuses a wrong or registered credit code.
    """
    policy.may_make_accounts(uow.actor).require()
    if not capacities:
        raise Refused("account.no_capacities", field="capacities")
    organisation = found_organisation(
        uow,
        name=name,
        credit_code=checked_code(credit_code),
        region_code=checked_region(uow, region_code),
        capacities=sorted(set(capacities)),
    )
    if organisation is None:
        raise Refused("account.code_registered", field="credit_code")
    organisation.authorised_at = uow.now
    uow.record(OrganisationCreated(organisation.id, tuple(sorted(set(capacities)))))
    return organisation.id


def create_staff_account(
    uow: UnitOfWork,
    *,
    organisation_id: int,
    name: str,
    email: str,
    mobile: str,
    roles: Collection[Role],
    locale: str = "zh",
) -> Created:
    """Make a member of an organisation; the mailed link lets them set their password.

    A person who has an account already gets the membership under it. For the operator's system
    administrator; refuses as `begin_membership` does.
    """
    policy.may_make_accounts(uow.actor).require()
    query = select(User).where(User.email == rules.normal_email(email))
    user = uow.session.scalars(query).one_or_none()
    if user is None:
        user = create_user(uow, name=name, email=email, mobile=mobile, locale=locale)
    membership = begin_membership(
        uow, user_id=user.id, organisation_id=organisation_id, roles=roles, provisional=False
    )
    uow.record(StaffAccountCreated(user.id, membership.id))
    return Created(user.id, membership.id)


def create_market_account(
    uow: UnitOfWork,
    *,
    name: str,
    credit_code: str,
    region_code: str,
    capacity: Capacity,
    person_name: str,
    email: str,
    mobile: str,
    locale: str = "zh",
    provisional: bool = True,
) -> Created:
    """A registered institution or enterprise with its first agent, without letters.

    For the platform itself only: the demonstration world and tests.
    """
    if not uow.actor.is_system:
        raise Refused("account.not_your_role")
    user = create_user(
        uow, name=person_name, email=email, mobile=mobile, locale=locale, verified=True
    )
    entered = enter_organisation(
        uow,
        user_id=user.id,
        name=name,
        credit_code=credit_code,
        capacity=capacity,
        region_code=checked_region(uow, region_code),
    )
    if entered.membership_id is None:
        raise Refused("account.code_registered", field="credit_code")
    if not provisional:
        confirm_authorisation(uow, organisation_id=entered.organisation_id)
    return Created(user.id, entered.membership_id)


def file_authorisation_letter(uow: UnitOfWork, *, name: str, data: bytes) -> None:
    """An agent hands in the letter by which the organisation authorises them.

    Institutions hand it in with their dossier; this is for everybody else. Refuses once the
    authorisation is confirmed, and what is not a readable PDF or picture.
    """
    if uow.actor.organisation_id is None:
        raise Refused("account.no_membership")
    organisation = uow.lock(Organisation, uow.actor.organisation_id)
    policy.may_manage_colleagues(uow.actor, organisation.id).require()
    if organisation.authorised_at is not None:
        raise Refused("account.authorised_already")
    file = store_upload(
        uow,
        owner_kind="organisation",
        owner_id=organisation.id,
        kind=LETTER_KIND,
        name=name,
        data=data,
        field="letter",
        personal=True,
    )
    uow.record(AuthorisationLetterFiled(organisation.id, file.id))


def confirm_authorisation(uow: UnitOfWork, *, organisation_id: int) -> None:
    """End the provisional state of all members; done once, again it does nothing."""
    organisation = uow.lock(Organisation, organisation_id)
    policy.may_confirm_authorisation(uow.actor).require()
    if organisation.authorised_at is not None:
        return
    organisation.authorised_at = uow.now
    members = select(Membership).where(
        Membership.organisation_id == organisation_id,
        Membership.ended_at.is_(None),
        Membership.provisional.is_(True),
    )
    for membership in uow.session.scalars(members):
        membership.provisional = False
    invitations = select(Invitation).where(
        Invitation.organisation_id == organisation_id, Invitation.state == InvitationState.OPEN
    )
    for invitation in uow.session.scalars(invitations):
        invitation.provisional = False
    uow.record(AuthorisationConfirmed(organisation_id))
