"""The institution in the market: listings, their terms, grounds of suspension, submissions."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.infra.columns import MaybeWord, among, in_order, only_where, outside, words
from marketplace.infra.database import Base, Public
from marketplace.institutions.models import dossier
from marketplace.institutions.rules import market
from marketplace.institutions.rules.dossier import (
    PRICED,
    EvidenceKind,
    PriceBasis,
    SubmissionKind,
    SubmissionOutcome,
)

_S = market.ListingState
# What the association has had before it; of one that is out its admission says so.
_SUBMITTED = (
    *in_order(market.IN_VETTING),
    *(_S.RETURNED, _S.REJECTED, _S.LAPSED),
    *in_order(market.LISTED),
)


class Listing(Public, Base):
    """One institution offering one item: what is vetted, found, picked and removed.

    `recheck_at` is when validity next begins or ends for a qualification it may rest on.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("institution_id", "item_code"),
        CheckConstraint(among("state", market.ListingState), name="state_known"),
        CheckConstraint(
            f"{outside('state', _SUBMITTED)} or submitted_at is not null",
            name="submitted_when",
        ),
        CheckConstraint(
            f"{outside('state', in_order(market.EVER_ADMITTED))}"
            " or (admitted_at is not null and case_id is not null)",
            name="admitted_by_case",
        ),
        CheckConstraint(
            f"(state = '{_S.SUSPENDED}') = (suspended_at is not null)", name="suspended_when"
        ),
        CheckConstraint(
            f"{outside('state', in_order(market.OUT))} or removed_at is not null",
            name="removed_when",
        ),
        CheckConstraint(
            "(grade = '' and graded_year is null and score_hundredths is null)"
            f" or ({among('grade', market.Grade)} and graded_year is not null"
            " and score_hundredths is not null)",
            name="grade_of_a_year",
        ),
        CheckConstraint(
            f"{outside('state', in_order(market.OUT))}"
            " or (removal_cause <> '' and readmission_from is not null)",
            name="removed_for_a_cause",
        ),
        Index("uq_listing_of_institution", "id", "institution_id", unique=True),
        Index("ix_listing_recheck", "recheck_at"),
        Index("ix_listing_item_state", "item_code", "state"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    item_code: Mapped[str] = mapped_column(String(12))
    state: Mapped[market.ListingState] = mapped_column(
        words(market.ListingState, length=24), default=market.ListingState.DRAFT
    )
    state_since: Mapped[datetime]
    opened_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    # The latest admission and the case that decided it; the vetting layer lies above.
    admitted_at: Mapped[datetime | None]
    case_id: Mapped[int | None]
    suspended_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    # Why it was removed, and the first day on which re-admission may be applied for.
    removal_cause: Mapped[market.RemovalCause | None] = mapped_column(
        MaybeWord(market.RemovalCause, 24), nullable=False, server_default=""
    )
    readmission_from: Mapped[date | None]
    # The last final grade of an annual assessment, the year it is for, and the points of 100.
    grade: Mapped[str] = mapped_column(String(1), default="", server_default="")
    graded_year: Mapped[int | None]
    score_hundredths: Mapped[int | None]
    recheck_at: Mapped[datetime | None]

    grounds: Mapped[list["SuspensionGround"]] = relationship(
        back_populates="listing", order_by="SuspensionGround.id"
    )


class ListingTerms(dossier.Versioned, Base):
    """One version of what is promised for an item: days and price basis, both public."""

    __tablename__ = "listing_terms"
    __table_args__ = (
        *dossier.version_constraints("listing_terms", "listing_id"),
        CheckConstraint("promised_days > 0", name="days_positive"),
        CheckConstraint(among("price_basis", PriceBasis), name="price_basis_known"),
        CheckConstraint(
            f"({among('price_basis', in_order(PRICED))}) = (amount_fen is not null)",
            name="amount_where_priced",
        ),
        CheckConstraint("amount_fen is null or amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            "(price_basis = 'share') = (rate_millionths is not null)", name="rate_where_share"
        ),
        CheckConstraint(
            "rate_millionths is null or rate_millionths between 1 and 1000000",
            name="rate_in_range",
        ),
        CheckConstraint("(price_basis = 'per_unit') = (unit != '')", name="unit_where_per_unit"),
    )

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    # The version of the item the promise was made against.
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    promised_days: Mapped[int]
    price_basis: Mapped[PriceBasis] = mapped_column(words(PriceBasis, length=12))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(20), default="")
    rate_millionths: Mapped[int | None]
    price_note: Mapped[str] = mapped_column(String(500), default="")


class SuspensionGround(Public, Base):
    """Why a listing is suspended; open while `closed_at` is null, at most one of a kind."""

    __tablename__ = "suspension_ground"
    __table_args__ = (
        only_where(
            "uq_suspension_ground_one_open", "listing_id", "kind", condition="closed_at is null"
        ),
        CheckConstraint(among("kind", market.GroundKind), name="kind_known"),
        CheckConstraint("closed_at is null or closed_at >= opened_at", name="times_in_order"),
    )

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    kind: Mapped[market.GroundKind] = mapped_column(words(market.GroundKind, length=12))
    reason: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]

    listing: Mapped[Listing] = relationship(back_populates="grounds")


class DossierSubmission(Base):
    """What was handed to the association at one instant; open until it is settled.

    A correction after a return is a new submission.
    """

    __tablename__ = "dossier_submission"
    __table_args__ = (
        only_where(
            "uq_dossier_submission_one_open", "listing_id", "kind", condition="closed_at is null"
        ),
        only_where(
            "uq_dossier_submission_one_open_change",
            "institution_id",
            condition="closed_at is null and kind = 'change'",
        ),
        only_where(
            "uq_dossier_submission_one_open_renewal",
            "line",
            condition="closed_at is null and kind = 'renewal'",
        ),
        CheckConstraint(among("kind", SubmissionKind), name="kind_known"),
        CheckConstraint("(kind = 'renewal') = (line != '')", name="line_where_renewal"),
        CheckConstraint(
            f"outcome = '' or {among('outcome', SubmissionOutcome)}", name="outcome_known"
        ),
        CheckConstraint("(closed_at is null) = (outcome = '')", name="outcome_when_closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    kind: Mapped[SubmissionKind] = mapped_column(words(SubmissionKind, length=12))
    # The line of the qualification that is renewed.
    line: Mapped[str] = mapped_column(String(10), default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[SubmissionOutcome | None] = mapped_column(
        MaybeWord(SubmissionOutcome, 12), nullable=False
    )

    evidence: Mapped[list["SubmittedEvidence"]] = relationship(
        back_populates="submission", order_by="SubmittedEvidence.id"
    )


class SubmittedEvidence(Base):
    """One frozen version of a submission."""

    __tablename__ = "submitted_evidence"
    __table_args__ = (
        UniqueConstraint("submission_id", "kind", "record_id"),
        Index("ix_submitted_evidence_record", "kind", "record_id"),
        CheckConstraint(among("kind", EvidenceKind), name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("dossier_submission.id"))
    kind: Mapped[EvidenceKind] = mapped_column(words(EvidenceKind, length=16))
    record_id: Mapped[int]

    submission: Mapped[DossierSubmission] = relationship(back_populates="evidence")


dossier.freeze_when_submitted(ListingTerms)
