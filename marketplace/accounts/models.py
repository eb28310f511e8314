"""Organisations, people, memberships, and what registration, invitation and signing in keep."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts import rules
from marketplace.infra.columns import ManyWords, known, only_where, words
from marketplace.infra.crypto import EncryptedText, search_hash
from marketplace.infra.database import Base, Public
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.scopes import Scope

_ACTIVE = "ended_at IS NULL"
_DUTY = f"ended_at IS NULL AND role IN ({','.join(repr(str(r)) for r in sorted(rules.DUTIES))})"
_OPEN_INVITATION = "state = 'open'"
_OPEN_REQUEST = "state IN ('waiting','disputed')"


class UserSession(Public, Base):
    """A browser that proved who its user is; the cookie holds a token, this row its hash.

    All instants are real time, whatever the business clock says.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "user_session"
    __table_args__ = (
        CheckConstraint(known("stage", rules.Stage), name="stage_known"),
        CheckConstraint("ended_at IS NULL OR end_reason <> ''", name="end_has_reason"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    stage: Mapped[rules.Stage] = mapped_column(words(rules.Stage, length=10))
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    expires_at: Mapped[datetime]
    # Until when the last password or code counts as a fresh proof of who this is.
    proven_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    end_reason: Mapped[str] = mapped_column(String(12), default="")
    browser: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    # Recovery codes until their owner says they are written down.
    shown_once: Mapped[str | None] = mapped_column(EncryptedText("user_session.shown_once"))


class SignInFailure(Base):
    """How often signing in failed lately, per account and per address, by a keyed hash."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "sign_in_failure"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    # Since when it is counted: what a mailed link to unlock rests on, until all is forgiven.
    counted_since: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """A spare for the second factor, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class RescuedForm(Base):
    """What was typed into a page's form that could not be sent; real time, one hour.

    `acting_as` is the public id of the membership it was typed for, empty for the person alone.
    The page is known by a keyed hash of its address: a mailed link stands in some of them.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "rescued_form"
    __table_args__ = (UniqueConstraint("user_id", "acting_as", "path_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    acting_as: Mapped[str] = mapped_column(String(10), default="")
    path_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(EncryptedText("rescued_form.body"))
    kept_at: Mapped[datetime] = mapped_column(index=True)


class DisplayChoice(Base):
    """How a person wants to see pages, wherever they sign in; empty where nothing is chosen."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "display_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(10), default="")
    print_size: Mapped[str] = mapped_column(String(10), default="")


class ApiToken(Public, Base):
    """A program that acts through a membership; of its token only the hash is kept.

    `prefix` is the beginning by which people recognise it. `shown_once` is the token itself until
    its maker has copied it, at most a few minutes. All instants are real time.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_after_creation"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked_by_somebody"
        ),
    )

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(60))
    prefix: Mapped[str] = mapped_column(String(12))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[tuple[Scope, ...]] = mapped_column(ManyWords(Scope))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    shown_once: Mapped[str | None] = mapped_column(EncryptedText("api_token.shown_once"))


class Organisation(Public, Base):
    """A legal person; with `authorised_at` its agents are not provisional any more."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("length(credit_code) = 18", name="code_has_18"),)

    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    region_code: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    authorised_at: Mapped[datetime | None]


class RegisteredCode(Base):
    """A credit code in use though its check character is wrong, entered by the operator."""

    __tablename__ = "registered_code"
    __table_args__ = (CheckConstraint("length(credit_code) = 18", name="code_has_18"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    reason: Mapped[str] = mapped_column(String(400))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]


class OrganisationCapacity(Base):
    """What an organisation is on the platform."""

    __tablename__ = "organisation_capacity"
    __table_args__ = (
        CheckConstraint(known("capacity", Capacity), name="capacity_known"),
        Index("ix_organisation_capacity_capacity", "capacity"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    capacity: Mapped[Capacity] = mapped_column(words(Capacity), primary_key=True)


class DepartmentChange(Base):
    """What a department was called and where it lay until `valid_from`, or, where it `ended` then,
    that it was one.
    """

    __tablename__ = "department_change"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    valid_from: Mapped[date]
    name: Mapped[str] = mapped_column(String(200))
    region_code: Mapped[str] = mapped_column(String(20))
    ended: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(200))


class User(Public, Base):
    """A natural person with one account. An empty `password_hash` matches no password."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="second_factor_has_secret"
        ),
        CheckConstraint("locale in ('zh','en')", name="locale_known"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        only_where("uq_user_account_mobile", "mobile_hash", condition="mobile_held"),
    )

    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    email_verified_at: Mapped[datetime | None]
    pending_email: Mapped[str] = mapped_column(String(254), default="")
    mobile: Mapped[str] = mapped_column(EncryptedText("user_account.mobile"))
    mobile_hash: Mapped[str] = mapped_column(String(64), index=True)
    # One account holds a number: not who gave none, nor a second account from before that was kept.
    mobile_held: Mapped[bool]
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    locale: Mapped[str] = mapped_column(String(2), default="zh")
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText("user_account.totp_secret"))
    totp_confirmed_at: Mapped[datetime | None]
    # The step of the last code that was accepted: no code is accepted twice.
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    def hold_mobile(self, mobile: str) -> None:
        """The number is this account's from now on; "" for none."""
        self.mobile, self.mobile_held = mobile, bool(mobile)
        self.mobile_hash = search_hash(mobile, "user_account.mobile")

    @classmethod
    def of_person(cls, user_id: int | None) -> ColumnElement[bool]:
        """Whether this is an account of the same person: the same one, or one with its number."""
        own = select(cls.mobile_hash).where(cls.id == user_id, ~cls.has_mobile(""))
        return or_(cls.id == user_id, cls.mobile_hash.in_(own))

    @classmethod
    def has_mobile(cls, mobile: str) -> ColumnElement[bool]:
        """Whether this is an account's mobile number, found by its hash."""
        return cls.mobile_hash == search_hash(mobile, "user_account.mobile")


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
        CheckConstraint(known("role", Role), name="role_known"),
        only_where("uq_membership_role_active", "membership_id", "role", condition=_ACTIVE),
        only_where("uq_membership_role_duty", "user_id", condition=_DUTY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int]
    user_id: Mapped[int]
    role: Mapped[Role] = mapped_column(words(Role, length=30))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Recusal(Base):
    """A person has declared a tie to an organisation and judges nothing about it.

    `record_kind` and `record_id` name the record that it was declared in.
    """

    __tablename__ = "recusal"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id"),
        Index("ix_recusal_record", "record_kind", "record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    declared_at: Mapped[datetime]


class Registration(Public, Base):
    """What was entered at /register, until the mailed link is followed; then only its outcome."""

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint(known("state", rules.RegistrationState), name="state_known"),
        CheckConstraint("(state = 'confirmed') = (user_id IS NOT NULL)", name="confirmed_has_user"),
    )

    organisation_name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str] = mapped_column(String(18))
    capacity: Mapped[Capacity] = mapped_column(words(Capacity))
    region_code: Mapped[str] = mapped_column(String(20))
    person_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), index=True)
    mobile: Mapped[str] = mapped_column(EncryptedText("registration.mobile"))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2))
    state: Mapped[rules.RegistrationState] = mapped_column(
        words(rules.RegistrationState, length=10), default=rules.RegistrationState.OPEN
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class MembershipRequest(Public, Base):
    """A second claim on a registered credit code, on its way through administrators or operator."""

    __tablename__ = "membership_request"
    __table_args__ = (
        CheckConstraint(known("state", rules.RequestState), name="state_known"),
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
    capacity: Mapped[Capacity] = mapped_column(words(Capacity))
    state: Mapped[rules.RequestState] = mapped_column(
        words(rules.RequestState, length=10), default=rules.RequestState.WAITING
    )
    requested_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    dispute: Mapped[str] = mapped_column(String(1000), default="")


class Invitation(Public, Base):
    """An administrator's invitation to a colleague; the mailed link carries its signed id."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(known("state", rules.InvitationState), name="state_known"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_instant"),
        only_where("uq_invitation_open", "organisation_id", "email", condition=_OPEN_INVITATION),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    email: Mapped[str] = mapped_column(String(254))
    roles: Mapped[tuple[Role, ...]] = mapped_column(ManyWords(Role))
    provisional: Mapped[bool]
    state: Mapped[rules.InvitationState] = mapped_column(
        words(rules.InvitationState, length=10), default=rules.InvitationState.OPEN
    )
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
