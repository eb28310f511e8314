"""The table of rulings about awards that were let lie."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.engagements.rules import Side
from marketplace.infra.columns import among, one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.rulings.rules import NEW_TERMS, Outcome, RulingState

_WITH_TERM = among("outcome", sorted(NEW_TERMS))


class AwardRuling(Public, Base):
    """The days for the contract of an award were over; what both sides say, what is ruled.

    `let_lie` had the turn from `owed_since` to the end of `owed_until`. Words are asked for until
    `hear_until`, the ruling until `due_on`. `term_until` is the new last day for the contract.
    """

    __tablename__ = "award_ruling"
    __table_args__ = (
        one_of("state", RulingState),
        one_of("let_lie", Side),
        one_of("outcome", Outcome),
        only_where("uq_award_ruling_open", "engagement_id", condition="state = 'asked'"),
        CheckConstraint("(state = 'asked') = (ended_at IS NULL)", name="end_is_dated"),
        CheckConstraint(
            "(state = 'ruled') = (outcome IS NOT NULL)"
            " AND (outcome IS NULL) = (ruled_by IS NULL)"
            " AND (outcome IS NULL OR reason <> '')",
            name="ruling_is_signed",
        ),
        CheckConstraint(
            "outcome IS NULL OR outcome <> 'winner_abandons' OR let_lie = 'provider'",
            name="silence_is_not_refusal",
        ),
        CheckConstraint(
            f"(term_until IS NOT NULL) = (outcome IS NOT NULL AND {_WITH_TERM})",
            name="term_is_dated",
        ),
        CheckConstraint(
            "(client_words = '') = (client_heard_at IS NULL)"
            " AND (client_heard_at IS NULL) = (client_heard_by IS NULL)"
            " AND (provider_words = '') = (provider_heard_at IS NULL)"
            " AND (provider_heard_at IS NULL) = (provider_heard_by IS NULL)",
            name="words_are_signed",
        ),
        CheckConstraint(
            "ruled_by IS NULL OR ((client_heard_by IS NULL OR client_heard_by <> ruled_by)"
            " AND (provider_heard_by IS NULL OR provider_heard_by <> ruled_by))",
            name="ruled_by_another",
        ),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    competition_id: Mapped[int] = mapped_column(ForeignKey("competition.id"), index=True)
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[RulingState] = mapped_column(words(RulingState))
    let_lie: Mapped[Side] = mapped_column(words(Side))
    owed_since: Mapped[datetime]
    owed_until: Mapped[date]
    asked_at: Mapped[datetime]
    hear_until: Mapped[date]
    due_on: Mapped[date]
    client_words: Mapped[str] = mapped_column(Text, default="")
    client_heard_at: Mapped[datetime | None]
    client_heard_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    provider_words: Mapped[str] = mapped_column(Text, default="")
    provider_heard_at: Mapped[datetime | None]
    provider_heard_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome, length=24))
    reason: Mapped[str] = mapped_column(Text, default="")
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    term_until: Mapped[date | None]
    ended_at: Mapped[datetime | None]
