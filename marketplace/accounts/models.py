"""Organisations, people, memberships, and what registration and invitation keep meanwhile."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import DUTIES, InvitationState, RegistrationState, RequestState
from marketplace.accounts.session_models import (
    RecoveryCode,
    RescuedForm,
    SignInFailure,
    UserSession,
)
from marketplace.accounts.token_models import ApiToken
from marketplace.infra.columns import only_where
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public
from marketplace.kernel.actors import Capacity, Role

__all__ = [
    "ApiToken",
    "Invitation",
    "Membership",
    "MembershipRequest",
    "MembershipRole",
    "Organisation",
    "OrganisationCapacity",
    "RecoveryCode",
    "Registration",
    "RescuedForm",
    "SignInFailure",
    "User",
    "UserSession",
]


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} in ({','.join(repr(str(value)) for value in values)})"


_ACTIVE = "ended_at IS NULL"
_DUTY = f"ended_at IS NULL AND role IN ({','.join(repr(str(r)) for r in sorted(DUTIES))})"
_OPEN_INVITATION = "state = 'open'"
_OPEN_REQUEST = "state IN ('waiting','disputed')"


class Organisation(Public, Base):
    """A legal person; with `authorised_at` its agents are not provisional any more."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("length(credit_code) = 18", name="code_has_18"),)

    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    region_code: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    authorised_at: Mapped[datetime | None]


class OrganisationCapacity(Base):
    """What an organisation is on the platform."""

    __tablename__ = "organisation_capacity"
    __table_args__ = (
        CheckConstraint(_one_of("capacity", Capacity), name="capacity_known"),
        Index("ix_organisation_capacity_capacity", "capacity"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    capacity: Mapped[str] = mapped_column(String(20), primary_key=True)


class User(Public, Base):
    """A natural person with one account. An empty `password_hash` matches no password."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="second_factor_has_secret"
        ),
        CheckConstraint("locale in ('zh','en')", name="locale_known"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    email_verified_at: Mapped[datetime | None]
    pending_email: Mapped[str] = mapped_column(String(254), default="")
    mobile: Mapped[str] = mapped_column(EncryptedText("user_account.mobile"))
    mobile_hash: Mapped[str] = mapped_column(String(64), index=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(2), default="zh")
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText("user_account.totp_secret"))
    totp_confirmed_at: Mapped[datetime | None]
    # The step of the last code that was accepted: no code is accepted twice.
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Membership(Public, Base):
    """A person in an organisation, from an instant until one. A provisional one submits nothing."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("id", "user_id"),
        only_where("uq_membership_active", "user_id", "organisation_id", condition=_ACTIVE),
        CheckConstraint("ended_at IS NULL OR ended_at >= begins_at", name="ends_after_begin"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    begins_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    provisional: Mapped[bool]


class MembershipRole(Base):
    """One role of a membership, from an instant until one.

    The user is repeated so that the database itself keeps the operator's three administrator
    roles with three different people, whatever memberships carry them.
    """

    __tablename__ = "membership_role"
    __table_args__ = (
        ForeignKeyConstraint(["membership_id", "user_id"], ["membership.id", "membership.user_id"]),
        CheckConstraint(_one_of("role", Role), name="role_known"),
        only_where("uq_membership_role_active", "membership_id", "role", condition=_ACTIVE),
        only_where("uq_membership_role_duty", "user_id", condition=_DUTY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int]
    user_id: Mapped[int]
    role: Mapped[str] = mapped_column(String(30))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Registration(Public, Base):
    """What was entered at /register, until the mailed link is followed; then only its outcome."""

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint(_one_of("state", RegistrationState), name="state_known"),
        CheckConstraint("(state = 'confirmed') = (user_id IS NOT NULL)", name="confirmed_has_user"),
    )

    organisation_name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str] = mapped_column(String(18))
    capacity: Mapped[str] = mapped_column(String(20))
    region_code: Mapped[str] = mapped_column(String(20))
    person_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), index=True)
    mobile: Mapped[str] = mapped_column(EncryptedText("registration.mobile"))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10), default=RegistrationState.OPEN)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class MembershipRequest(Public, Base):
    """A second claim on a registered credit code, on its way through administrators or operator."""

    __tablename__ = "membership_request"
    __table_args__ = (
        CheckConstraint(_one_of("state", RequestState), name="state_known"),
        CheckConstraint(
            "state IN ('waiting','disputed') OR "
            "(answered_at IS NOT NULL AND answered_by_id IS NOT NULL)",
            name="answered_has_answer",
        ),
        CheckConstraint("state <> 'disputed' OR dispute <> ''", name="disputed_has_reason"),
        only_where(
            "uq_membership_request_open", "user_id", "organisation_id", condition=_OPEN_REQUEST
        ),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=RequestState.WAITING)
    requested_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    dispute: Mapped[str] = mapped_column(String(1000), default="")


class Invitation(Public, Base):
    """An administrator's invitation to a colleague; the mailed link carries its signed id."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(_one_of("state", InvitationState), name="state_known"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_instant"),
        only_where("uq_invitation_open", "organisation_id", "email", condition=_OPEN_INVITATION),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[list[str]] = mapped_column(JSON)
    provisional: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default=InvitationState.OPEN)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
