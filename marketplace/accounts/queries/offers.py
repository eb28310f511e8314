"""What is on its way: registrations, invitations, requests, disputes; and what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import models
from marketplace.accounts.queries.parties import find_by_mobile, organisation_name, person_name
from marketplace.accounts.queries.rows import (
    InvitationRow,
    PersonRow,
    RegistrationRow,
    RequestRow,
)
from marketplace.accounts.rules import InvitationState, RegistrationState, RequestState
from marketplace.infra.rows import row_of

_REGISTRATION = row_of(
    RegistrationRow, models.Registration, open=models.Registration.state == RegistrationState.OPEN
)
_INVITATION = row_of(
    InvitationRow,
    models.Invitation,
    organisation_name=organisation_name(models.Invitation.organisation_id),
    invited_by=func.coalesce(person_name(models.Invitation.invited_by_id), ""),
)
_REQUEST = row_of(
    RequestRow,
    models.MembershipRequest,
    user_name=models.User.name,
    user_email=models.User.email,
    organisation_public_id=models.Organisation.public_id,
    organisation_name=models.Organisation.name,
    credit_code=models.Organisation.credit_code,
)


def registration(session: Session, key: int | str) -> RegistrationRow:
    """A registration by key or public id; raises `NotFound`."""
    return _REGISTRATION.one(session, _REGISTRATION.by(key), {"key": key})


def registration_letter(session: Session, registration_id: int) -> tuple[str, str] | None:
    """Name and language for the letter of an open registration; None when it is settled."""
    row = session.get(models.Registration, registration_id)
    if row is None or row.state != RegistrationState.OPEN:
        return None
    return row.person_name, row.locale


def known_by_mobile(session: Session, registration_id: int) -> PersonRow | None:
    """Whose account has the mobile number that a registration was made with, if anybody's."""
    mobile = session.scalars(
        select(models.Registration.mobile).where(models.Registration.id == registration_id)
    ).one_or_none()
    return find_by_mobile(session, mobile) if mobile else None


def invitation(session: Session, key: int | str) -> InvitationRow:
    """An invitation by key or public id; raises `NotFound`."""
    return _INVITATION.one(session, _INVITATION.by(key), {"key": key})


def open_invitations(session: Session, organisation_id: int) -> tuple[InvitationRow, ...]:
    """An organisation's invitations that nobody has answered."""
    query = _INVITATION.query().where(
        models.Invitation.organisation_id == organisation_id,
        models.Invitation.state == InvitationState.OPEN,
    )
    return _INVITATION.all(session, query.order_by(models.Invitation.id))


def overdue_offers(session: Session, now: datetime) -> tuple[Sequence[int], Sequence[int]]:
    """The keys of registrations and of invitations whose time has passed."""
    registrations = select(models.Registration.id).where(
        models.Registration.state == RegistrationState.OPEN, models.Registration.expires_at <= now
    )
    invitations = select(models.Invitation.id).where(
        models.Invitation.state == InvitationState.OPEN, models.Invitation.expires_at <= now
    )
    return session.scalars(registrations).all(), session.scalars(invitations).all()


def request_row(session: Session, key: int | str) -> RequestRow:
    """A membership request by key or public id; raises `NotFound`."""
    return _REQUEST.one(session, _with_parties(_REQUEST.by(key)), {"key": key})


def waiting_requests(session: Session, organisation_id: int) -> tuple[RequestRow, ...]:
    """What an organisation's administrators have to answer, oldest first."""
    return _requests(
        session,
        models.MembershipRequest.organisation_id == organisation_id,
        models.MembershipRequest.state == RequestState.WAITING,
    )


def my_requests(session: Session, user_id: int) -> tuple[RequestRow, ...]:
    """Everything a person asked for, oldest first."""
    return _requests(session, models.MembershipRequest.user_id == user_id)


def disputes(session: Session) -> tuple[RequestRow, ...]:
    """What the operator has to decide, oldest first."""
    return _requests(session, models.MembershipRequest.state == RequestState.DISPUTED)


def _requests(session: Session, *where: ColumnElement[bool]) -> tuple[RequestRow, ...]:
    query = _with_parties(_REQUEST.query()).where(*where)
    return _REQUEST.all(session, query.order_by(models.MembershipRequest.id))


def _with_parties(query: Select[Any]) -> Select[Any]:
    """The claimant and the organisation beside the request."""
    return query.join(
        models.Organisation, models.Organisation.id == models.MembershipRequest.organisation_id
    ).join(models.User, models.User.id == models.MembershipRequest.user_id)
