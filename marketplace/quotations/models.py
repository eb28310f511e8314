"""Tables of quotation rounds: the round, who was asked, and what each answered."""

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
from marketplace.infra.columns import among, index_where, listed, one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.quotations.rules import ENDED_ROUNDS, RequestState, RoundState

_IS_OPEN = "state = 'open'"


class QuotationRound(Public, Base):
    """One enterprise's question to up to five institutions about one item of one project.

    `item_version_id` and `limit_days` are those of the day of the question. `closes_at` is the
    end of the day `answer_by`, at which the tick closes the round.
    """

    __tablename__ = "quotation_round"
    __table_args__ = (
        one_of("state", RoundState),
        only_where("uq_quotation_round_one_open", "project_id", "item_code", condition=_IS_OPEN),
        Index("ix_quotation_round_client", "client_id", "state"),
        Index("ix_quotation_round_due", "state", "closes_at"),
        CheckConstraint("limit_days > 0", name="limit_is_some"),
        ForeignKeyConstraint(
            ["item_version_id", "open_to"], ["item_version.id", "item_version.open_to"]
        ),
        CheckConstraint(
            among("open_to", [OpenTo.EITHER, OpenTo.ENTERPRISE]), name="payer_is_lawful"
        ),
        CheckConstraint(
            "(state = 'picked') = (picked_quotation_id IS NOT NULL AND engagement_id IS NOT NULL)",
            name="picked_is_known",
        ),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_is_dated"),
        CheckConstraint(
            f"(state IN ({listed(sorted(ENDED_ROUNDS))})) = (ended_at IS NOT NULL)",
            name="end_is_dated",
        ),
        CheckConstraint("state <> 'withdrawn' OR reason <> ''", name="withdrawn_says_why"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[RoundState] = mapped_column(words(RoundState), default=RoundState.OPEN)
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    item_code: Mapped[str] = mapped_column(String(10))
    item_version_id: Mapped[int]
    open_to: Mapped[OpenTo] = mapped_column(words(OpenTo, length=12))
    variant: Mapped[str] = mapped_column(String(40), default="")
    limit_days: Mapped[int]
    body: Mapped[str] = mapped_column(Text, default="")
    answer_by: Mapped[date]
    closes_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    picked_because: Mapped[str] = mapped_column(Text, default="")
    # The engagement points to the quotation; here both are plain keys, so that neither table
    # has to be there before the other.
    picked_quotation_id: Mapped[int | None]
    engagement_id: Mapped[int | None]

    requests: Mapped[list["QuotationRequest"]] = relationship(
        order_by="QuotationRequest.id", cascade="save-update, merge"
    )


class QuotationQuestion(Public, Base):
    """A question of one institution that was asked, and the client's answer, once.

    Both are read by the client and everybody asked; who asked only by the client and the asker.
    """

    __tablename__ = "quotation_question"
    __table_args__ = (
        CheckConstraint("body <> ''", name="something_is_asked"),
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answered_is_dated"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answer_is_signed"),
        index_where("ix_quotation_question_open", "round_id", condition="answered_at IS NULL"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("quotation_round.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("quotation_request.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class QuotationRequest(Public, Base):
    """One institution that was asked; it sees this row and what belongs to it, and no other."""

    __tablename__ = "quotation_request"
    __table_args__ = (
        one_of("state", RequestState),
        UniqueConstraint("round_id", "listing_id"),
        Index("ix_quotation_request_provider", "provider_id", "state"),
        CheckConstraint("state <> 'declined' OR answered_at IS NOT NULL", name="declined_is_dated"),
        CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="answered_is_dated"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("quotation_round.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[RequestState] = mapped_column(words(RequestState), default=RequestState.ASKED)
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    quotations: Mapped[list["Quotation"]] = relationship(
        order_by="Quotation.version", lazy="selectin", cascade="save-update, merge"
    )


class Quotation(Public, Base):
    """One version of an institution's answer; never changed, the highest version counts."""

    __tablename__ = "quotation"
    __table_args__ = (
        UniqueConstraint("request_id", "version"),
        CheckConstraint("price_fen > 0", name="price_is_some"),
        CheckConstraint("days > 0", name="days_are_some"),
        CheckConstraint("version > 0", name="version_counts"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("quotation_request.id"))
    version: Mapped[int]
    price_fen: Mapped[int] = mapped_column(BigInteger)
    days: Mapped[int]
    body: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    given_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    given_at: Mapped[datetime]
