"""Bids under seal, their points, and the awards that follow."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.competitions.rules import ACTIVE_AWARDS, AwardState
from marketplace.infra.columns import listed, one_of, only_where, words
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public

_ACTIVE = f"state IN ({listed(sorted(ACTIVE_AWARDS))})"


class Bid(Public, Base):
    """What an institution offers; a withdrawn one stays as a tombstone without its price.

    `listing_id` is the listing it was admitted with at that instant. `cause` says why it is out
    (a code), `cause_words` in whose words.
    """

    __tablename__ = "bid"
    __table_args__ = (
        UniqueConstraint("competition_id", "organisation_id"),
        CheckConstraint("promised_days > 0", name="days_positive"),
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("(withdrawn_at IS NULL) = (price IS NOT NULL)", name="withdrawn_is_empty"),
        CheckConstraint("(justified_at IS NULL) = (justification = '')", name="justified_is_dated"),
        CheckConstraint(
            "justification_accepted IS NULL OR judged_by IS NOT NULL", name="judged_is_signed"
        ),
        CheckConstraint("rank IS NULL OR rank > 0", name="rank_positive"),
    )

    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    # The seal: a bid loads without its price, and touching the price raises, unless a query asks
    # for it by name. `queries.opened_bids` is the only one that does. Fen, as text, encrypted.
    price: Mapped[str | None] = mapped_column(
        EncryptedText("bid.price"), deferred=True, deferred_raiseload=True
    )
    promised_days: Mapped[int]
    statement: Mapped[str] = mapped_column(Text, default="")
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
        one_of("state", AwardState),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint(
            "state NOT IN ('awarded', 'concluded', 'declined') OR awarded_at IS NOT NULL",
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
    state: Mapped[AwardState] = mapped_column(
        words(AwardState, length=24), default=AwardState.PUBLISHED
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
