"""Tables of vetting: who is competent, the cases, what was frozen, found and paused."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.infra.columns import in_order, listed, one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.vetting import rules

_IS_OPEN = f"state NOT IN ({listed(in_order(rules.CLOSED))})"


class Competence(Base):
    """The association that judges an item in a region; the nearest region upwards wins."""

    __tablename__ = "competence"
    __table_args__ = (UniqueConstraint("item_code", "region_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(10))
    region_code: Mapped[str] = mapped_column(String(12))
    granted_at: Mapped[datetime]


class Case(Public, Base):
    """One application before the competent association, from arrival to decision.

    `organisation_id` is the applicant, `applicant_name` the name it applied under. `subject_id`
    is the qualification of a renewal or the institution of a change. `due_on` is the day by which
    whoever has the case must act; `attention_at` the instant at which the tick looks at it next.
    """

    __tablename__ = "vetting_case"
    __table_args__ = (
        only_where("uq_vetting_case_one_open", "listing_id", "kind", condition=_IS_OPEN),
        Index("ix_vetting_case_queue", "association_id", "state", "due_on"),
        one_of("kind", rules.CaseKind),
        one_of("state", rules.CaseState),
        CheckConstraint(
            f"state <> '{rules.CaseState.DECIDED}' OR (decider_id IS NOT NULL"
            " AND outcome IS NOT NULL AND reason <> '' AND proposer_id IS NOT NULL)",
            name="decided_is_complete",
        ),
        CheckConstraint(
            "decider_id IS NULL OR (proposer_id IS NOT NULL AND decider_id <> proposer_id)",
            name="decider_is_another",
        ),
        CheckConstraint(
            f"state <> '{rules.CaseState.PROPOSED}'"
            " OR (proposer_id IS NOT NULL AND proposed_outcome IS NOT NULL)",
            name="proposed_is_complete",
        ),
        CheckConstraint(
            f"(state = '{rules.CaseState.WITHDRAWN}') = (ending IS NOT NULL)", name="ending_known"
        ),
        CheckConstraint(f"({_IS_OPEN}) = (closed_at IS NULL)", name="closed_is_dated"),
        CheckConstraint(
            f"state NOT IN ({listed(in_order(rules.IN_SUBSTANCE))}) OR substance_at IS NOT NULL",
            name="substance_is_dated",
        ),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[rules.CaseKind] = mapped_column(words(rules.CaseKind))
    state: Mapped[rules.CaseState] = mapped_column(
        words(rules.CaseState), default=rules.CaseState.RECEIVED
    )
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    subject_id: Mapped[int | None]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    applicant_name: Mapped[str] = mapped_column(String(200))
    item_code: Mapped[str] = mapped_column(String(10))
    item_version_id: Mapped[int]
    region_code: Mapped[str] = mapped_column(String(12))
    round: Mapped[int] = mapped_column(default=1)
    submitted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    substance_at: Mapped[datetime | None]
    proposed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)
    examiner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_outcome: Mapped[rules.Outcome | None] = mapped_column(words(rules.Outcome))
    proposed_reason: Mapped[str] = mapped_column(Text, default="")
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[rules.Outcome | None] = mapped_column(words(rules.Outcome))
    reason: Mapped[str] = mapped_column(Text, default="")
    ending: Mapped[rules.Ending | None] = mapped_column(words(rules.Ending))

    pauses: Mapped[list["CasePause"]] = relationship(
        order_by="CasePause.id", lazy="selectin", cascade="save-update, merge"
    )


class CaseEvidence(Base):
    """One record in the version that a round of the case judges; never changed."""

    __tablename__ = "case_evidence"
    __table_args__ = (
        UniqueConstraint("case_id", "round", "kind", "record_id"),
        Index("ix_case_evidence_record", "kind", "record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("vetting_case.id"))
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    record_id: Mapped[int]


class Finding(Base):
    """The answer to one point of the checklist in one round."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("case_id", "round", "point"),
        one_of("stage", rules.Stage),
        one_of("result", rules.Result),
        CheckConstraint(f"result = '{rules.Result.OK}' OR remark <> ''", name="not_ok_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("vetting_case.id"))
    round: Mapped[int]
    point: Mapped[str] = mapped_column(String(60))
    stage: Mapped[rules.Stage] = mapped_column(words(rules.Stage))
    result: Mapped[rules.Result] = mapped_column(words(rules.Result))
    remark: Mapped[str] = mapped_column(Text, default="")
    found_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    found_at: Mapped[datetime]
    carried_over: Mapped[bool] = mapped_column(default=False)


class CasePause(Base):
    """A return: the dossier was with the applicant, and the clock of `stage` stood."""

    __tablename__ = "case_pause"
    __table_args__ = (
        UniqueConstraint("case_id", "round"),
        one_of("stage", rules.Stage),
        CheckConstraint("note <> ''", name="names_what_is_missing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("vetting_case.id"))
    round: Mapped[int]
    stage: Mapped[rules.Stage] = mapped_column(words(rules.Stage))
    note: Mapped[str] = mapped_column(Text)
    paused_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    paused_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]
