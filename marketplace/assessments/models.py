"""Tables of assessments: cycles, scores with their frozen facts, removal cases, plans."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.assessments import rules
from marketplace.infra.columns import MaybeWord, among, index_where, listed, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.institutions.rules.market import Grade, RemovalCause

_OBJECTION_OPEN = "outcome = ''"


class AssessmentCycle(Public, Base):
    """The assessment of a year by an association."""

    __tablename__ = "assessment_cycle"
    __table_args__ = (
        UniqueConstraint("association_id", "year"),
        CheckConstraint(among("state", rules.CycleState), name="state_known"),
        CheckConstraint(
            f"state not in ({listed(rules.PUBLIC_CYCLES)})"
            " or (published_by is not null and objection_until is not null)",
            name="published_by_somebody",
        ),
        CheckConstraint(
            "(state in ('finishing', 'final')) = (final_by is not null)", name="final_by_somebody"
        ),
        CheckConstraint("(state = 'final') = (final_at is not null)", name="final_since"),
        CheckConstraint("final_by is null or final_by <> published_by", name="final_by_another"),
        CheckConstraint(
            "(state in ('planned', 'open')) = (cut_off_at is null)", name="cut_off_since"
        ),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    state: Mapped[rules.CycleState] = mapped_column(
        words(rules.CycleState, length=12), default=rules.CycleState.PLANNED
    )
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    cut_off_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    objection_until: Mapped[date | None]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)
    final_at: Mapped[datetime | None]
    final_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Assessment(Public, Base):
    """One listing in one cycle: its inspection, its score, its grade.

    `total_hundredths` is the score of 100; `grade` is empty while none is reckoned and where
    there is too little work to grade.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("cycle_id", "listing_id"),
        CheckConstraint(among("grade", ("", *Grade)), name="grade_known"),
        CheckConstraint(among("veto", (*rules.Veto, "")), name="veto_known"),
        CheckConstraint("veto = '' or veto_reason <> ''", name="veto_has_reasons"),
        CheckConstraint(
            "total_hundredths is null or (total_hundredths >= 0 and total_hundredths <= 10000)",
            name="total_of_hundred",
        ),
        CheckConstraint(
            "inspection_tenths is null or (inspection_tenths >= 0 and inspection_tenths <= 100)",
            name="inspection_of_ten",
        ),
        CheckConstraint("final_at is null or total_hundredths is not null", name="final_is_scored"),
        CheckConstraint(
            "total_hundredths is null or frozen_at is not null", name="scored_is_frozen"
        ),
        index_where("ix_assessment_to_freeze", "cycle_id", "id", condition="frozen_at is null"),
    )

    cycle_id: Mapped[int] = mapped_column(ForeignKey("assessment_cycle.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(12))
    inspection_tenths: Mapped[int | None]
    inspection_words: Mapped[str] = mapped_column(Text, default="")
    inspected_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    inspected_at: Mapped[datetime | None]
    veto: Mapped[rules.Veto | None] = mapped_column(MaybeWord(rules.Veto, 12), nullable=False)
    veto_reason: Mapped[str] = mapped_column(Text, default="")
    # When its facts were taken; empty before the cut-off has come to it.
    frozen_at: Mapped[datetime | None]
    total_hundredths: Mapped[int | None]
    grade: Mapped[str] = mapped_column(String(1), default="")
    scored_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]


class AssessmentFact(Base):
    """One fact as frozen at cut-off; a correction is a further row that names its objection."""

    __tablename__ = "assessment_fact"
    __table_args__ = (
        Index("ix_assessment_fact_of", "assessment_id", "name", "id"),
        # Frozen once; whatever comes later is a correction.
        only_where(
            "uq_assessment_fact_frozen",
            "assessment_id",
            "name",
            condition="objection_id is null",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    name: Mapped[str] = mapped_column(String(20))
    # A number as text, so that no digit of it is lost; empty where there is none.
    value: Mapped[str] = mapped_column(String(40))
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("assessment_objection.id"))


class AssessmentItemMean(Base):
    """The mean of all ratings for an item, as every listing of a cycle is measured against it."""

    __tablename__ = "assessment_item_mean"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("assessment_cycle.id"), primary_key=True)
    item_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    # A number as text, so that no digit of it is lost; empty where nobody has rated.
    mean: Mapped[str] = mapped_column(String(40))


class AssessmentWork(Base):
    """One engagement accepted in the year, as frozen at cut-off."""

    __tablename__ = "assessment_work"
    __table_args__ = (UniqueConstraint("assessment_id", "engagement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"))
    number: Mapped[str] = mapped_column(String(20))
    accepted_on: Mapped[date]
    within_limit: Mapped[bool]
    returns: Mapped[int]
    rating_mean: Mapped[str] = mapped_column(String(12), default="")


class AssessmentObjection(Public, Base):
    """The institution's objection to its preliminary grade."""

    __tablename__ = "assessment_objection"
    __table_args__ = (
        CheckConstraint(among("outcome", (*rules.ObjectionOutcome, "")), name="outcome_known"),
        CheckConstraint(
            "(outcome = '') = (decided_at is null)"
            " and (outcome = '' or (decided_by is not null and reason <> ''))",
            name="decided_is_complete",
        ),
        only_where("uq_assessment_objection_one_open", "assessment_id", condition=_OBJECTION_OPEN),
    )

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    filed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime]
    outcome: Mapped[rules.ObjectionOutcome | None] = mapped_column(
        MaybeWord(rules.ObjectionOutcome, 12), nullable=False
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]


class RemovalCase(Public, Base):
    """Whether a listing is taken out of the market: told, heard, proposed, decided, published."""

    __tablename__ = "removal_case"
    __table_args__ = (
        CheckConstraint(among("state", rules.RemovalState), name="state_known"),
        CheckConstraint(among("cause", RemovalCause), name="cause_known"),
        CheckConstraint(among("outcome", (*rules.RemovalOutcome, "")), name="outcome_known"),
        CheckConstraint("facts <> ''", name="rests_on_facts"),
        CheckConstraint(
            "state = 'opened' or (notified_at is not null and reply_by is not null)",
            name="told_before_all_else",
        ),
        CheckConstraint(
            "state not in ('heard', 'proposed', 'decided', 'published') or heard_at is not null",
            name="heard_before_proposal",
        ),
        CheckConstraint(
            f"state not in ({listed(rules.REMOVAL_DECIDED)}) or (outcome <> '' and reason <> ''"
            " and decider_id is not null and decided_at is not null)",
            name="decided_is_complete",
        ),
        CheckConstraint(
            "decider_id is null or (proposer_id is not null and decider_id <> proposer_id)",
            name="decider_is_another",
        ),
        CheckConstraint(
            "(state = 'published') = (published_at is not null)", name="published_when"
        ),
        only_where(
            "uq_removal_case_one_open", "listing_id", condition=among("state", rules.REMOVAL_OPEN)
        ),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[rules.RemovalState] = mapped_column(
        words(rules.RemovalState, length=12), default=rules.RemovalState.OPENED
    )
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(12))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))
    cause: Mapped[RemovalCause] = mapped_column(words(RemovalCause, length=24))
    facts: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    notified_at: Mapped[datetime | None]
    reply_by: Mapped[date | None]
    interim_reason: Mapped[str] = mapped_column(Text, default="")
    interim_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    heard_at: Mapped[datetime | None]
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_outcome: Mapped[rules.RemovalOutcome | None] = mapped_column(
        MaybeWord(rules.RemovalOutcome, 12), nullable=False
    )
    proposed_reason: Mapped[str] = mapped_column(Text, default="")
    send_back_reason: Mapped[str] = mapped_column(Text, default="")
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[rules.RemovalOutcome | None] = mapped_column(
        MaybeWord(rules.RemovalOutcome, 12), nullable=False
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)


class Rectification(Public, Base):
    """The plan by which an institution puts right what led to a removal."""

    __tablename__ = "rectification"
    __table_args__ = (UniqueConstraint("removal_case_id"),)

    removal_case_id: Mapped[int] = mapped_column(ForeignKey("removal_case.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    begun_at: Mapped[datetime]
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # The latest re-admission case; vetting holds what became of it.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("vetting_case.id"))


class RectificationStep(Base):
    """One point of a plan's checklist: what was done, with its evidence."""

    __tablename__ = "rectification_step"
    __table_args__ = (
        UniqueConstraint("rectification_id", "code"),
        CheckConstraint(among("code", rules.Step), name="code_known"),
        CheckConstraint("(words = '') = (done_at is null)", name="done_is_told"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rectification_id: Mapped[int] = mapped_column(ForeignKey("rectification.id"))
    code: Mapped[rules.Step] = mapped_column(words(rules.Step, length=12))
    words: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
