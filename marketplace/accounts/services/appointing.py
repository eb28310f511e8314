"""What the operator makes and confirms; whom an administrator invites and gives roles."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import events, policy, rules
from marketplace.accounts.models import Invitation, Membership, Organisation, RegisteredCode, User
from marketplace.accounts.rules import INVITATION_STEPS, InvitationState
from marketplace.accounts.services import memberships, registering
from marketplace.accounts.services.memberships import Leaving
from marketplace.infra.files import store_upload
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel import uscc
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.steps import step
from marketplace.kernel.texts import required

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
    organisation = registering.found_organisation(
        uow,
        name=name,
        credit_code=registering.checked_code(uow, credit_code),
        region_code=registering.checked_region(uow, region_code),
        capacities=sorted(set(capacities)),
    )
    if organisation is None:
        raise Refused("account.code_registered", field="credit_code")
    organisation.authorised_at = uow.now
    uow.record(events.OrganisationCreated(organisation.id, tuple(sorted(set(capacities)))))
    return organisation.id


def enter_credit_code(uow: UnitOfWork, *, credit_code: str, reason: str) -> None:
    """Take a code from a business licence although its check character is wrong.

    For the operator's system administrator. Refuses a code that is right, or has another defect,
    and one that is entered already.
    """
    policy.may_run_accounts(uow.actor).require()
    code = uscc.normalise(credit_code)
    problem = rules.credit_code_problem(code)
    if problem != rules.WRONG_CHECK:
        raise Refused(problem or "account.code_right", field="credit_code")
    row = RegisteredCode(
        credit_code=code,
        reason=required(reason, "reason", most=400),
        entered_by_id=uow.actor.user_id,
        entered_at=uow.now,
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(row)
    except IntegrityError as error:
        raise Refused("account.code_entered", field="credit_code") from error
    uow.record(events.CreditCodeEntered.of(row))


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
    administrator; refuses as `begin_membership` does, and `account.mobile_of_account`.
    """
    policy.may_make_accounts(uow.actor).require()
    query = select(User).where(User.email == rules.normal_email(email))
    user = uow.session.scalars(query).one_or_none()
    if user is None:
        known = registering.account_with(uow, mobile)
        if known is not None:
            raise Refused("account.mobile_of_account", field="mobile", email=known.email)
        user = registering.create_user(uow, name=name, email=email, mobile=mobile, locale=locale)
    membership = memberships.begin_membership(
        uow, user_id=user.id, organisation_id=organisation_id, roles=roles, provisional=False
    )
    uow.record(events.StaffAccountCreated(user.id, membership.id))
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
    user = registering.create_user(
        uow, name=person_name, email=email, mobile=mobile, locale=locale, verified=True
    )
    entered = registering.enter_organisation(
        uow,
        user_id=user.id,
        name=name,
        credit_code=credit_code,
        capacity=capacity,
        region_code=registering.checked_region(uow, region_code),
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
    organisation = uow.lock(Organisation, uow.organisation_id)
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
    uow.record(events.AuthorisationLetterFiled(organisation.id, file.id))


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
    uow.record(events.AuthorisationConfirmed(organisation_id))


def invite_colleague(uow: UnitOfWork, *, email: str, roles: Collection[Role]) -> None:
    """Mail an invitation to act for the actor's organisation with these roles.

    Refuses who is a member already and who has an open invitation. Whom a provisional agent
    invites is provisional too.
    """
    organisation_id = uow.organisation_id
    policy.may_manage_colleagues(uow.actor, organisation_id).require()
    capacities = memberships.capacities_of(uow, organisation_id)
    policy.may_grant_duties(uow.actor, roles, capacities).require()
    address = rules.normal_email(email)
    known = uow.session.scalars(select(User.id).where(User.email == address)).one_or_none()
    if known is not None and memberships.active_membership(uow, known, organisation_id) is not None:
        raise Refused("account.already_member", field="email")
    invitation = Invitation(
        organisation_id=organisation_id,
        email=address,
        roles=tuple(sorted(roles)),
        provisional=uow.actor.provisional,
        invited_by_id=uow.actor.user_id,
        created_at=uow.now,
        expires_at=uow.now + timedelta(days=rules.INVITATION_DAYS),
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(invitation)
    except IntegrityError as error:
        raise Refused("account.invited_already", field="email") from error
    uow.record(events.InvitationSent.of(invitation))


def withdraw_invitation(uow: UnitOfWork, *, invitation: str) -> None:
    """Take an open invitation of the actor's organisation back."""
    row = uow.lock(Invitation, invitation)
    if not uow.actor.acts_for(row.organisation_id):
        raise NotFound
    policy.may_manage_colleagues(uow.actor, row.organisation_id).require()
    _settle(uow, row, InvitationState.WITHDRAWN)
    uow.record(events.InvitationWithdrawn.of(row))


def accept_invitation(uow: UnitOfWork, *, invitation: str) -> None:
    """The signed-in owner of the invited e-mail address becomes a member.

    Where the address has no account, whoever was sent the link may use the account they have.
    """
    row = _open_invitation(uow, invitation)
    user = uow.lock(User, uow.user_id)
    owner = uow.session.scalars(select(User.id).where(User.email == row.email)).one_or_none()
    if owner not in {None, user.id}:
        raise Refused("account.invited_other")
    _join(uow, row, user)


def move_invitations(uow: UnitOfWork, *, was: str, email: str) -> None:
    """Open invitations follow a person who has changed their address; the caller has proved it."""
    query = select(Invitation).where(
        Invitation.email.in_((was, email)), Invitation.state == InvitationState.OPEN
    )
    rows = uow.session.scalars(query.order_by(Invitation.id).with_for_update()).all()
    invited = {row.organisation_id for row in rows if row.email == email}
    for row in rows:
        if row.email == was and row.organisation_id in invited:
            _settle(uow, row, InvitationState.WITHDRAWN)
            uow.record(events.InvitationWithdrawn.of(row))
        elif row.email == was:
            row.email = email
            uow.record(events.InvitationMoved.of(row))


def accept_invitation_as_new(
    uow: UnitOfWork, *, invitation: str, name: str, mobile: str, password_hash: str, locale: str
) -> None:
    """Somebody without an account makes one by the mailed link, which proves the e-mail address."""
    row = _open_invitation(uow, invitation)
    user = registering.create_user(
        uow,
        name=name,
        email=row.email,
        mobile=mobile,
        locale=locale,
        password_hash=password_hash,
        verified=True,
    )
    _join(uow, row, user)


def expire_invitation(uow: UnitOfWork, *, invitation_id: int) -> None:
    """Nobody answered in time; harmless when somebody just did."""
    row = uow.lock(Invitation, invitation_id)
    if row.state == InvitationState.OPEN and uow.now >= row.expires_at:
        _settle(uow, row, InvitationState.EXPIRED)
        uow.record(events.InvitationExpired.of(row))


def change_roles(uow: UnitOfWork, *, membership: str, roles: Collection[Role]) -> None:
    """What a colleague may do from now on.

    Refuses roles the organisation does not have, and to leave it without an administrator.
    """
    row = _managed(uow, membership)
    capacities = memberships.capacities_of(uow, row.organisation_id)
    policy.may_grant_duties(uow.actor, roles, capacities).require()
    memberships.replace_roles(uow, row, set(roles))
    memberships.hand_over(uow, Leaving(row.user_id, row.organisation_id))


def end_membership(uow: UnitOfWork, *, membership: str, at: datetime, successor: str = "") -> None:
    """A colleague no longer acts for the organisation; their sessions for it end (`at` real time).

    Done by the organisation's administrators, by the operator, or by the member themselves. What
    they had in hand goes to the successor, a membership's public id, or back to the queue.
    Refuses `account.no_successor` for somebody who is no member.
    """
    row = _managed(uow, membership, or_self=True)
    successor_id = _successor(uow, row, successor) if successor else None
    memberships.close_membership(uow, row, at=at)
    memberships.hand_over(uow, Leaving(row.user_id, row.organisation_id, successor_id))


def _successor(uow: UnitOfWork, leaving: Membership, key: str) -> int:
    query = select(Membership.user_id).where(
        Membership.public_id == key,
        Membership.organisation_id == leaving.organisation_id,
        Membership.ended_at.is_(None),
        Membership.id != leaving.id,
    )
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        raise Refused("account.no_successor", field="successor")
    return found


def _managed(uow: UnitOfWork, membership: str, *, or_self: bool = False) -> Membership:
    """The active membership, locked, when the actor may manage it; `NotFound` for strangers."""
    row = uow.lock(Membership, membership)
    own = or_self and row.user_id == uow.actor.user_id
    operator = uow.actor.has(Role.SYSTEM_ADMIN)
    if row.ended_at is not None or not (own or operator or uow.actor.acts_for(row.organisation_id)):
        raise NotFound
    if not own and not operator:
        policy.may_manage_colleagues(uow.actor, row.organisation_id).require()
    return row


def _open_invitation(uow: UnitOfWork, invitation: str) -> Invitation:
    row = uow.lock(Invitation, invitation)
    if row.state != InvitationState.OPEN:
        raise Refused("account.link_used")
    if uow.now >= row.expires_at:
        raise Refused("account.link_expired")
    return row


def _join(uow: UnitOfWork, row: Invitation, user: User) -> Created:
    _settle(uow, row, InvitationState.ACCEPTED)
    row.accepted_by_id = user.id
    membership = memberships.begin_membership(
        uow,
        user_id=user.id,
        organisation_id=row.organisation_id,
        roles=row.roles,
        provisional=row.provisional,
    )
    uow.record(events.InvitationAccepted.of(row))
    return Created(user.id, membership.id)


def _settle(uow: UnitOfWork, row: Invitation, state: InvitationState) -> None:
    row.state = step(INVITATION_STEPS, row.state, state, "account.invitation_settled")
    row.settled_at = uow.now
