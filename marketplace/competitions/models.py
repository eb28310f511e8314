"""Tables of competitions: the notice, the bids under seal, their points, the awards that follow."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.rules.items import OpenTo
from marketplace.competitions import rules
from marketplace.infra.columns import among, listed, one_of, only_where, words
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public
from marketplace.kernel.steps import only_after

_S = rules.CompetitionState

_AFTER_OPENING = listed(only_after(rules.STEPS, _S.OPENED))
_AFTER_EVALUATION = listed(only_after(rules.STEPS, _S.EVALUATED))
_BEFORE_OPENING = listed(one for one in rules.STEPS if one in rules.PREPARED | rules.SEALED)


class Competition(Public, Base):
    """A department's commission of one item for one project.

    `attention_at` is the instant at which the tick looks at it next: the closing of sign-up, or
    the end of the days of objection. `objection_until` is the last of those days, `due_on` the
    last day for what the department does next: its step, or answers while sign-up is open.
    """

    __tablename__ = "competition"
    __table_args__ = (
        one_of("state", rules.CompetitionState),
        one_of("method", rules.Method),
        CheckConstraint("ceiling_fen > 0", name="ceiling_positive"),
        ForeignKeyConstraint(
            ["item_version_id", "open_to"], ["item_version.id", "item_version.open_to"]
        ),
        CheckConstraint(
            among("open_to", [OpenTo.EITHER, OpenTo.DEPARTMENT]), name="payer_is_lawful"
        ),
        CheckConstraint(
            "state = 'draft' OR (proposed_by IS NOT NULL AND proposed_at IS NOT NULL)",
            name="proposed_is_signed",
        ),
        CheckConstraint(
            f"state IN ({listed(sorted(rules.PREPARED))})"
            " OR (published_at IS NOT NULL AND published_by IS NOT NULL)",
            name="published_is_signed",
        ),
        CheckConstraint(
            "published_by IS NULL OR (published_by <> drafted_by AND published_by <> proposed_by)",
            name="published_by_another",
        ),
        CheckConstraint(
            f"state NOT IN ({_AFTER_OPENING}) OR (opened_at IS NOT NULL AND opened_by IS NOT NULL"
            " AND opening_requested_by IS NOT NULL)",
            name="opened_is_signed",
        ),
        CheckConstraint(
            f"state NOT IN ({_BEFORE_OPENING}) OR opened_at IS NULL", name="sealed_until_opened"
        ),
        CheckConstraint("opened_at IS NULL OR opened_at >= closes_at", name="opened_after_closing"),
        CheckConstraint(
            "opened_by IS NULL OR opened_by <> opening_requested_by", name="opened_by_two"
        ),
        CheckConstraint(
            f"state NOT IN ({_AFTER_EVALUATION}) OR evaluated_by IS NOT NULL",
            name="evaluated_is_signed",
        ),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failure_known"),
        CheckConstraint(
            f"(state IN ({listed(rules.ENDED)})) = (ended_at IS NOT NULL)",
            name="ended_is_dated",
        ),
        CheckConstraint(
            "(state = 'concluded') = (engagement_id IS NOT NULL)", name="concluded_by_contract"
        ),
        CheckConstraint(
            "NOT merit OR (rerun_of_id IS NOT NULL AND method = 'comprehensive')",
            name="merit_on_rerun_only",
        ),
        Index("ix_competition_department", "department_id", "state"),
        Index("ix_competition_public", "state", "closes_at"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[rules.CompetitionState] = mapped_column(
        words(rules.CompetitionState, length=24), default=rules.CompetitionState.DRAFT
    )
    state_since: Mapped[datetime]
    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(12))
    item_version_id: Mapped[int]
    open_to: Mapped[OpenTo] = mapped_column(words(OpenTo, length=12))
    region_code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(120))
    scope: Mapped[str] = mapped_column(Text)
    method: Mapped[rules.Method] = mapped_column(words(rules.Method, length=24))
    merit: Mapped[bool] = mapped_column(default=False)
    ceiling_fen: Mapped[int] = mapped_column(BigInteger)
    budget_line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    closes_at: Mapped[datetime]
    rerun_of_id: Mapped[int | None] = mapped_column(ForeignKey("competition.id"), unique=True)

    drafted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    drafted_at: Mapped[datetime]
    edited_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    opening_requested_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opening_requested_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime | None]
    evaluated_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    evaluated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    failure: Mapped[rules.Failure | None] = mapped_column(words(rules.Failure, length=24))
    objection_until: Mapped[date | None]
    due_on: Mapped[date | None]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)
    # Engagements lie above, so there is no foreign key.
    engagement_id: Mapped[int | None]
    contract_fen: Mapped[int | None] = mapped_column(BigInteger)

    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="competition",
        order_by="Criterion.position",
        cascade="all, delete-orphan",
    )


class Criterion(Base):
    """One published weight of a comprehensive score; together they make 100."""

    __tablename__ = "competition_criterion"
    __table_args__ = (
        UniqueConstraint("competition_id", "position"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    weight: Mapped[int]
    is_price: Mapped[bool] = mapped_column(default=False)

    competition: Mapped[Competition] = relationship(back_populates="criteria")


class Question(Public, Base):
    """A question during sign-up and its answer; both public, the asker is not."""

    __tablename__ = "competition_question"
    __table_args__ = (
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answered_is_dated"),
    )

    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


_ACTIVE = f"state IN ({listed(sorted(rules.ACTIVE_AWARDS))})"


class Bid(Public, Base):
    """What an institution offers; a withdrawn one stays as a tombstone without its content.

    `listing_id` is the listing it was admitted with at that instant. `cause` says why it is out
    (a code), `cause_words` in whose words.
    """

    __tablename__ = "bid"
    __table_args__ = (
        UniqueConstraint("competition_id", "organisation_id"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (payload IS NOT NULL)", name="withdrawn_is_empty"
        ),
        CheckConstraint("(justified_at IS NULL) = (justification = '')", name="justified_is_dated"),
        CheckConstraint(
            "justification_accepted IS NULL OR judged_by IS NOT NULL", name="judged_is_signed"
        ),
        CheckConstraint("rank IS NULL OR rank > 0", name="rank_positive"),
    )

    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    # The seal: all that is offered is one encrypted text, see `queries.sealed`. A bid loads without
    # it, and touching it raises, unless a query asks for it by name.
    payload: Mapped[str | None] = mapped_column(
        EncryptedText("bid.payload", "competition_id", "organisation_id", "version", block=4096),
        deferred=True,
        deferred_raiseload=True,
    )
    version: Mapped[int] = mapped_column(default=1)
    placed_at: Mapped[datetime]
    placed_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]

    low_priced: Mapped[bool] = mapped_column(default=False)
    justify_by: Mapped[date | None]
    justification: Mapped[str] = mapped_column(Text, default="")
    justified_at: Mapped[datetime | None]
    justification_accepted: Mapped[bool | None]
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    judged_words: Mapped[str] = mapped_column(Text, default="")

    cause: Mapped[str] = mapped_column(String(30), default="")
    cause_words: Mapped[str] = mapped_column(Text, default="")
    rank: Mapped[int | None]
    # Hundredths of a point.
    score_hundredths: Mapped[int | None]


class BidScore(Base):
    """The points of a bid for one criterion, and the mark of 0 to 100 they were computed from."""

    __tablename__ = "bid_score"
    __table_args__ = (
        UniqueConstraint("bid_id", "criterion_id"),
        CheckConstraint(
            "mark_hundredths IS NULL OR mark_hundredths BETWEEN 0 AND 10000", name="mark_in_range"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey("competition_criterion.id"))
    mark_hundredths: Mapped[int | None]
    points_hundredths: Mapped[int | None]
    scored_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    scored_at: Mapped[datetime]


class Award(Public, Base):
    """To whom a competition goes; at most one is active, the others tell what became of them."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("competition_id", "bid_id"),
        only_where("uq_award_one_active", "competition_id", condition=_ACTIVE),
        one_of("state", rules.AwardState),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            f"state NOT IN ({listed(sorted(rules.HELD_AWARDS))}) OR awarded_at IS NOT NULL",
            name="awarded_is_dated",
        ),
        CheckConstraint(f"({_ACTIVE}) = (ended_at IS NULL)", name="ended_is_dated"),
    )

    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"))
    bid_id: Mapped[int] = mapped_column(ForeignKey("bid.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    promised_days: Mapped[int]
    state: Mapped[rules.AwardState] = mapped_column(
        words(rules.AwardState, length=24), default=rules.AwardState.PUBLISHED
    )
    # None where the next in order follows by itself.
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime]
    objection_until: Mapped[date]
    awarded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AwardHold(Base):
    """An objection that holds the award; open while `lifted_at` is null."""

    __tablename__ = "award_hold"
    __table_args__ = (
        UniqueConstraint("objection_id"),
        CheckConstraint("(lifted_at IS NULL) = (upheld IS NULL)", name="lifted_is_decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    # Complaints lie above, so there is no foreign key.
    objection_id: Mapped[int]
    held_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    upheld: Mapped[bool | None]
