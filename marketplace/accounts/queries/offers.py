"""What is on its way: registrations, invitations, requests, disputes; and what happened."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import (
    Invitation,
    MembershipRequest,
    Organisation,
    Registration,
    User,
)
from marketplace.accounts.queries.rows import InvitationRow, RegistrationRow, RequestRow
from marketplace.accounts.rules import InvitationState, RegistrationState, RequestState
from marketplace.infra.finding import find_row
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import NotFound


def registration(session: Session, key: int | str) -> RegistrationRow:
    """A registration by key or public id; raises `NotFound`."""
    row = find_row(session, Registration, key)
    return RegistrationRow(
        id=row.id,
        public_id=row.public_id,
        organisation_name=row.organisation_name,
        credit_code=row.credit_code,
        capacity=Capacity(row.capacity),
        region_code=row.region_code,
        email=row.email,
        open=row.state == RegistrationState.OPEN,
        expires_at=row.expires_at,
    )


def registration_letter(session: Session, registration_id: int) -> tuple[str, str] | None:
    """Name and language for the letter of an open registration; None when it is settled."""
    row = session.get(Registration, registration_id)
    if row is None or row.state != RegistrationState.OPEN:
        return None
    return row.person_name, row.locale


def invitation(session: Session, key: int | str) -> InvitationRow:
    """An invitation by key or public id; raises `NotFound`."""
    column = Invitation.public_id if isinstance(key, str) else Invitation.id
    rows = _invitations(session, column == key)
    if not rows:
        raise NotFound
    return rows[0]


def open_invitations(session: Session, organisation_id: int) -> tuple[InvitationRow, ...]:
    """An organisation's invitations that nobody has answered."""
    return _invitations(
        session,
        (Invitation.organisation_id == organisation_id)
        & (Invitation.state == InvitationState.OPEN),
    )


def overdue_offers(session: Session, now: datetime) -> tuple[Sequence[int], Sequence[int]]:
    """The keys of registrations and of invitations whose time has passed."""
    registrations = select(Registration.id).where(
        Registration.state == RegistrationState.OPEN, Registration.expires_at <= now
    )
    invitations = select(Invitation.id).where(
        Invitation.state == InvitationState.OPEN, Invitation.expires_at <= now
    )
    return session.scalars(registrations).all(), session.scalars(invitations).all()


def request_row(session: Session, key: int | str) -> RequestRow:
    """A membership request by key or public id; raises `NotFound`."""
    column = MembershipRequest.public_id if isinstance(key, str) else MembershipRequest.id
    rows = _requests(session, column == key)
    if not rows:
        raise NotFound
    return rows[0]


def waiting_requests(session: Session, organisation_id: int) -> tuple[RequestRow, ...]:
    """What an organisation's administrators have to answer, oldest first."""
    return _requests(
        session,
        (MembershipRequest.organisation_id == organisation_id)
        & (MembershipRequest.state == RequestState.WAITING),
    )


def my_requests(session: Session, user_id: int) -> tuple[RequestRow, ...]:
    """Everything a person asked for, oldest first."""
    return _requests(session, MembershipRequest.user_id == user_id)


def disputes(session: Session) -> tuple[RequestRow, ...]:
    """What the operator has to decide, oldest first."""
    return _requests(session, MembershipRequest.state == RequestState.DISPUTED)


def _invitations(session: Session, clause: ColumnElement[bool]) -> tuple[InvitationRow, ...]:
    query = (
        select(Invitation, Organisation.name, User.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(User, User.id == Invitation.invited_by_id)
        .where(clause)
        .order_by(Invitation.id)
    )
    return tuple(
        InvitationRow(
            id=row.id,
            public_id=row.public_id,
            organisation_id=row.organisation_id,
            organisation_name=organisation_name,
            email=row.email,
            roles=tuple(Role(role) for role in row.roles),
            state=InvitationState(row.state),
            expires_at=row.expires_at,
            invited_by=inviter or "",
        )
        for row, organisation_name, inviter in session.execute(query)
    )


def _requests(session: Session, clause: ColumnElement[bool]) -> tuple[RequestRow, ...]:
    query = (
        select(MembershipRequest, Organisation, User)
        .join(Organisation, Organisation.id == MembershipRequest.organisation_id)
        .join(User, User.id == MembershipRequest.user_id)
        .where(clause)
        .order_by(MembershipRequest.id)
    )
    return tuple(
        RequestRow(
            id=row.id,
            public_id=row.public_id,
            user_id=user.id,
            user_name=user.name,
            user_email=user.email,
            organisation_id=organisation.id,
            organisation_public_id=organisation.public_id,
            organisation_name=organisation.name,
            credit_code=organisation.credit_code,
            capacity=Capacity(row.capacity),
            state=RequestState(row.state),
            requested_at=row.requested_at,
            answered_at=row.answered_at,
            answered_by_id=row.answered_by_id,
            answer=row.answer,
            dispute=row.dispute,
        )
        for row, organisation, user in session.execute(query)
    )
