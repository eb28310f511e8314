"""Tables of complaints and objections."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.complaints.rules import About, ComplaintState, Filer, ObjectionState, Outcome
from marketplace.infra.columns import MaybeWord, among, only_where, words
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public

_OPEN_OBJECTION = "state = 'filed'"


class Complaint(Public, Base):
    """One complaint, from filing to its end.

    Exactly one of the four record columns is filled, as `about` says. `about_organisation_id` is
    the other side. Names and contact data of the public are encrypted; `follow_hash` is the keyed
    hash of the secret in the address of the page on which they follow it.
    """

    __tablename__ = "complaint"
    __table_args__ = (
        CheckConstraint(among("about", About), name="about_known"),
        CheckConstraint(among("state", ComplaintState), name="state_known"),
        CheckConstraint(among("filer", Filer), name="filer_known"),
        CheckConstraint(
            "(about = 'engagement') = (engagement_id is not null)"
            " and (about = 'competition') = (competition_id is not null)"
            " and (about in ('engagement', 'competition') or institution_id is not null)",
            name="about_one_record",
        ),
        CheckConstraint(
            "filer_organisation_id is not null or contact is not null",
            name="filer_can_be_answered",
        ),
        CheckConstraint(
            "decider_id is null or (proposer_id is not null and decider_id <> proposer_id)",
            name="decider_is_another",
        ),
        CheckConstraint(
            "state not in ('upheld', 'partly_upheld', 'dismissed')"
            " or (decider_id is not null and outcome <> '' and reason <> ''"
            " and decided_at is not null)",
            name="decided_is_complete",
        ),
        CheckConstraint(
            "state <> 'refused' or (reason <> '' and decided_at is not null)",
            name="refusal_has_reasons",
        ),
        CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed_when"),
        Index("ix_complaint_queue", "handler_id", "state", "due_on"),
        Index("ix_complaint_about", "about_organisation_id", "decided_at"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[ComplaintState] = mapped_column(
        words(ComplaintState, length=16), default=ComplaintState.FILED
    )
    about: Mapped[About] = mapped_column(words(About, length=12))
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"), index=True)
    competition_id: Mapped[int | None] = mapped_column(ForeignKey("competition.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
    about_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    item_code: Mapped[str] = mapped_column(String(12), default="")
    region_code: Mapped[str] = mapped_column(String(12), default="")
    handler_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    filer: Mapped[Filer] = mapped_column(words(Filer, length=12))
    filer_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    filed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    filer_name: Mapped[str] = mapped_column(EncryptedText("complaint.filer_name"))
    contact: Mapped[str | None] = mapped_column(EncryptedText("complaint.contact"))
    follow_hash: Mapped[str] = mapped_column(String(64), unique=True)
    headline: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(EncryptedText("complaint.body"))
    filed_at: Mapped[datetime]
    state_since: Mapped[datetime]
    due_on: Mapped[date | None]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_outcome: Mapped[Outcome | None] = mapped_column(MaybeWord(Outcome, 16), nullable=False)
    proposed_reason: Mapped[str] = mapped_column(Text, default="")
    send_back_reason: Mapped[str] = mapped_column(Text, default="")
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # What holds now: that of the decision, or of the review.
    outcome: Mapped[Outcome | None] = mapped_column(MaybeWord(Outcome, 16), nullable=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    review_reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]


class ComplaintRecord(Base):
    """The record of a work as it stood when it was attached to a complaint, as JSON."""

    __tablename__ = "complaint_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), unique=True)
    content: Mapped[str] = mapped_column(EncryptedText("complaint_record.content", "complaint_id"))
    taken_at: Mapped[datetime]


class Objection(Public, Base):
    """An entrant's objection to an award, which is held while one is open."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint(among("state", ObjectionState), name="state_known"),
        CheckConstraint(
            f"outcome in ('', {', '.join(repr(str(one)) for one in Outcome)})",
            name="outcome_known",
        ),
        CheckConstraint(
            "decider_id is null or (proposer_id is not null and decider_id <> proposer_id)",
            name="decider_is_another",
        ),
        CheckConstraint(
            "state = 'filed' or (decider_id is not null and reason <> ''"
            " and decided_at is not null)",
            name="decided_is_complete",
        ),
        only_where(
            "uq_objection_one_open", "competition_id", "organisation_id", condition=_OPEN_OBJECTION
        ),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[ObjectionState] = mapped_column(
        words(ObjectionState, length=12), default=ObjectionState.FILED
    )
    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    handler_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime]
    due_on: Mapped[date | None]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_outcome: Mapped[Outcome | None] = mapped_column(MaybeWord(Outcome, 16), nullable=False)
    proposed_reason: Mapped[str] = mapped_column(Text, default="")
    send_back_reason: Mapped[str] = mapped_column(Text, default="")
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(MaybeWord(Outcome, 16), nullable=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
