"""What happens to people, organisations and memberships."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from marketplace.kernel.events import Event


@dataclass(frozen=True)
class RegistrationRequested(Event):
    KIND: ClassVar[str] = "registration.requested"
    SUBJECT: ClassVar[str] = "registration"


@dataclass(frozen=True)
class RegistrationConfirmed(Event):
    KIND: ClassVar[str] = "registration.confirmed"
    SUBJECT: ClassVar[str] = "registration"

    user_id: int


@dataclass(frozen=True)
class RegistrationExpired(Event):
    KIND: ClassVar[str] = "registration.expired"
    SUBJECT: ClassVar[str] = "registration"


@dataclass(frozen=True)
class OrganisationRegistered(Event):
    """By its first agent, who stays provisional until the authorisation letter is confirmed."""

    KIND: ClassVar[str] = "organisation.registered"
    SUBJECT: ClassVar[str] = "organisation"

    capacity: str


@dataclass(frozen=True)
class OrganisationCreated(Event):
    """By the operator."""

    KIND: ClassVar[str] = "organisation.created"
    SUBJECT: ClassVar[str] = "organisation"

    capacities: tuple[str, ...]


@dataclass(frozen=True)
class DepartmentChanged(Event):
    """By the operator: another name or region since a day; `changed` names the fields."""

    KIND: ClassVar[str] = "organisation.department_changed"
    SUBJECT: ClassVar[str] = "organisation"

    number: int
    valid_from: date
    changed: tuple[str, ...]


@dataclass(frozen=True)
class DepartmentEnded(Event):
    """By the operator: it is a department no more."""

    KIND: ClassVar[str] = "organisation.department_ended"
    SUBJECT: ClassVar[str] = "organisation"

    number: int
    valid_from: date


@dataclass(frozen=True)
class CreditCodeEntered(Event):
    """By the operator: a code that is in use though its check character is wrong."""

    KIND: ClassVar[str] = "credit_code.entered"
    SUBJECT: ClassVar[str] = "credit_code"

    credit_code: str


@dataclass(frozen=True)
class CapacityAdded(Event):
    """By its administrator: the organisation is one thing more on the platform."""

    KIND: ClassVar[str] = "organisation.capacity_added"
    SUBJECT: ClassVar[str] = "organisation"

    capacity: str


@dataclass(frozen=True)
class AuthorisationLetterFiled(Event):
    KIND: ClassVar[str] = "organisation.authorisation_letter_filed"
    SUBJECT: ClassVar[str] = "organisation"

    file_id: int


@dataclass(frozen=True)
class AuthorisationConfirmed(Event):
    KIND: ClassVar[str] = "organisation.authorisation_confirmed"
    SUBJECT: ClassVar[str] = "organisation"


@dataclass(frozen=True)
class UserCreated(Event):
    KIND: ClassVar[str] = "user.created"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class StaffAccountCreated(Event):
    """By the operator; the letter with the link to set a password follows."""

    KIND: ClassVar[str] = "user.staff_account_created"
    SUBJECT: ClassVar[str] = "user"

    membership_id: int


@dataclass(frozen=True)
class SignedIn(Event):
    KIND: ClassVar[str] = "user.signed_in"
    SUBJECT: ClassVar[str] = "user"

    membership_id: int | None


@dataclass(frozen=True)
class AccountLocked(Event):
    KIND: ClassVar[str] = "user.locked"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class AccountUnlocked(Event):
    KIND: ClassVar[str] = "user.unlocked"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class MobileFreed(Event):
    """By the security administrator, with the reason: the number is not this person's any more."""

    KIND: ClassVar[str] = "user.mobile_freed"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class PasswordResetRequested(Event):
    KIND: ClassVar[str] = "user.password_reset_requested"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class PasswordChanged(Event):
    """By its owner; every other session of theirs has ended."""

    KIND: ClassVar[str] = "user.password_changed"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class EmailChangeRequested(Event):
    KIND: ClassVar[str] = "user.email_change_requested"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class EmailChanged(Event):
    KIND: ClassVar[str] = "user.email_changed"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class DetailsChanged(Event):
    KIND: ClassVar[str] = "user.details_changed"
    SUBJECT: ClassVar[str] = "user"

    changed: tuple[str, ...]


@dataclass(frozen=True)
class ProvenAnew(Event):
    """Signed in already, they have shown password or code once more, for a weighty act."""

    KIND: ClassVar[str] = "user.proven_anew"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class SecondFactorBegun(Event):
    KIND: ClassVar[str] = "user.second_factor_begun"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class SecondFactorEnrolled(Event):
    KIND: ClassVar[str] = "user.second_factor_enrolled"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class SecondFactorRemoved(Event):
    """By its owner, or by the security administrator after the owner lost it."""

    KIND: ClassVar[str] = "user.second_factor_removed"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class RecoveryCodeUsed(Event):
    KIND: ClassVar[str] = "user.recovery_code_used"
    SUBJECT: ClassVar[str] = "user"

    left: int


@dataclass(frozen=True)
class RecoveryCodesRenewed(Event):
    KIND: ClassVar[str] = "user.recovery_codes_renewed"
    SUBJECT: ClassVar[str] = "user"


@dataclass(frozen=True)
class SessionsEnded(Event):
    KIND: ClassVar[str] = "user.sessions_ended"
    SUBJECT: ClassVar[str] = "user"

    count: int


@dataclass(frozen=True)
class MembershipBegun(Event):
    KIND: ClassVar[str] = "membership.begun"
    SUBJECT: ClassVar[str] = "membership"

    user_id: int
    organisation_id: int


@dataclass(frozen=True)
class RolesChanged(Event):
    KIND: ClassVar[str] = "membership.roles_changed"
    SUBJECT: ClassVar[str] = "membership"

    user_id: int
    organisation_id: int
    roles: tuple[str, ...]


@dataclass(frozen=True)
class MembershipEnded(Event):
    KIND: ClassVar[str] = "membership.ended"
    SUBJECT: ClassVar[str] = "membership"

    user_id: int
    organisation_id: int


@dataclass(frozen=True)
class _AboutRequest(Event):
    SUBJECT: ClassVar[str] = "membership_request"

    user_id: int
    organisation_id: int


@dataclass(frozen=True)
class MembershipRequested(_AboutRequest):
    """Someone claims a credit code that is registered already."""

    KIND: ClassVar[str] = "membership_request.made"


@dataclass(frozen=True)
class RequestTold(Event):
    """A letter about a request is addressed to an administrator of the organisation."""

    KIND: ClassVar[str] = "membership_request.told"
    SUBJECT: ClassVar[str] = "membership_request"

    user_id: int


@dataclass(frozen=True)
class AuthorisationTold(Event):
    """A letter about the authorisation is addressed to an administrator of the organisation."""

    KIND: ClassVar[str] = "organisation.authorisation_told"
    SUBJECT: ClassVar[str] = "organisation"

    user_id: int


@dataclass(frozen=True)
class MembershipRequestAccepted(_AboutRequest):
    KIND: ClassVar[str] = "membership_request.accepted"


@dataclass(frozen=True)
class MembershipRequestRefused(_AboutRequest):
    KIND: ClassVar[str] = "membership_request.refused"


@dataclass(frozen=True)
class MembershipRequestDisputed(_AboutRequest):
    """The operator decides."""

    KIND: ClassVar[str] = "membership_request.disputed"


@dataclass(frozen=True)
class DisputeUpheld(_AboutRequest):
    KIND: ClassVar[str] = "membership_request.dispute_upheld"


@dataclass(frozen=True)
class DisputeDismissed(_AboutRequest):
    KIND: ClassVar[str] = "membership_request.dispute_dismissed"


@dataclass(frozen=True)
class _AboutInvitation(Event):
    SUBJECT: ClassVar[str] = "invitation"

    organisation_id: int


@dataclass(frozen=True)
class InvitationSent(_AboutInvitation):
    KIND: ClassVar[str] = "invitation.sent"


@dataclass(frozen=True)
class InvitationAccepted(_AboutInvitation):
    KIND: ClassVar[str] = "invitation.accepted"


@dataclass(frozen=True)
class InvitationWithdrawn(_AboutInvitation):
    KIND: ClassVar[str] = "invitation.withdrawn"


@dataclass(frozen=True)
class InvitationMoved(_AboutInvitation):
    KIND: ClassVar[str] = "invitation.moved"


@dataclass(frozen=True)
class InvitationExpired(_AboutInvitation):
    KIND: ClassVar[str] = "invitation.expired"


@dataclass(frozen=True)
class _AboutToken(Event):
    SUBJECT: ClassVar[str] = "api_token"

    organisation_id: int
    membership_id: int


@dataclass(frozen=True)
class TokenCreated(_AboutToken):
    """A program may use the public interface through this membership."""

    KIND: ClassVar[str] = "api_token.created"

    scopes: tuple[str, ...]


@dataclass(frozen=True)
class TokenRevoked(_AboutToken):
    KIND: ClassVar[str] = "api_token.revoked"
