"""Tables of budgets: lines with their balances, the append-only ledger, what is held, payments."""

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
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.budgets import rules
from marketplace.infra.columns import one_of, only_where, words
from marketplace.infra.database import Base, Public, keep_append_only

_ACTIVE = "active"


def _never_negative(*columns: str) -> list[CheckConstraint]:
    return [
        CheckConstraint(f"{column}_fen >= 0", name=f"{column}_not_negative") for column in columns
    ]


def _moves_known() -> str:
    """The ways money may move, as the constraint of the ledger says them."""
    ways = [
        f"(kind = '{kind}' AND source = '{source}' AND target = '{target}')"
        for kind, moves in rules.MOVES.items()
        for source, target in sorted(moves)
    ]
    return " OR ".join(ways)


class BudgetLine(Public, Base):
    """What a department may spend in a year on an item, or on any, and where it lies now."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("department_id", "fiscal_year", "name"),
        *_never_negative("free", "reserved", "committed", "paid"),
        CheckConstraint(
            "appropriation_fen = free_fen + reserved_fen + committed_fen + paid_fen",
            name="balances_sum",
        ),
        CheckConstraint(
            f"fiscal_year BETWEEN {rules.FIRST_YEAR} AND {rules.LAST_YEAR}",
            name="fiscal_year_known",
        ),
    )

    department_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fiscal_year: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    item_code: Mapped[str | None] = mapped_column(String(10))
    appropriation_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    free_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    committed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime]


class BudgetHold(Public, Base):
    """Money of a line that is kept for a purpose: first reserved, then committed to a contract.

    `purpose` is what it is for now (an engagement), `origin` what it was reserved for (the
    competition). `contract_fen` bounds what is committed and paid, `proposed_fen` is what payments
    that await approval ask of it. Nothing is paid from `withheld_on` on, when work that had been
    accepted was given back, until it is accepted again. An unpaid rest goes on as the hold that
    names this one as `carried_from_id`.
    """

    __tablename__ = "budget_hold"
    __table_args__ = (
        only_where("uq_budget_hold_one_active", "purpose_kind", "purpose_id", condition=_ACTIVE),
        Index("ix_budget_hold_purpose", "purpose_kind", "purpose_id"),
        *_never_negative("reserved", "committed", "paid", "proposed", "contract"),
        CheckConstraint("committed_fen + paid_fen <= contract_fen", name="within_contract"),
        CheckConstraint("proposed_fen <= committed_fen", name="proposed_within_committed"),
        CheckConstraint(
            "active OR (reserved_fen = 0 AND committed_fen = 0)", name="ended_is_empty"
        ),
        CheckConstraint("(payable_on IS NULL) = (pay_by IS NULL)", name="payable_has_its_day"),
        CheckConstraint(
            "withheld_on IS NULL OR payable_on IS NULL", name="withheld_is_not_payable"
        ),
        UniqueConstraint("carried_from_id"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    purpose_kind: Mapped[str] = mapped_column(String(20))
    purpose_id: Mapped[int]
    origin_kind: Mapped[str] = mapped_column(String(20))
    origin_id: Mapped[int]
    reserved_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    committed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    proposed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    contract_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    payable_on: Mapped[date | None]
    pay_by: Mapped[date | None]
    withheld_on: Mapped[date | None]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("budget_hold.id"))


class Payment(Public, Base):
    """A payment out of what is committed: proposed by one person, decided by another."""

    __tablename__ = "payment"
    __table_args__ = (
        one_of("state", rules.PaymentState),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("decider_id IS NULL OR decider_id <> proposer_id", name="two_people"),
        CheckConstraint(
            "(state = 'proposed') = (decider_id IS NULL) AND"
            " (state = 'proposed') = (decided_at IS NULL)",
            name="decided_is_complete",
        ),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_says_why"),
        CheckConstraint("state = 'proposed' OR attention_at IS NULL", name="decided_waits_no_more"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    hold_id: Mapped[int] = mapped_column(ForeignKey("budget_hold.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    final: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[rules.PaymentState] = mapped_column(
        words(rules.PaymentState), default=rules.PaymentState.PROPOSED
    )
    proposer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    approve_by: Mapped[date]
    attention_at: Mapped[datetime | None] = mapped_column(index=True)
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class LedgerEntry(Base):
    """One movement of money; entries are appended and never changed.

    `event_id` is the event of the act that moved it; the words of the act stand beside the event.
    `counterpart_id` is set on what a year takes over: the entry by which the year before gave it.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint(_moves_known(), name="move_known"),
        CheckConstraint(
            "(counterpart_id IS NOT NULL) = (kind = 'carry' AND source = 'outside')",
            name="carried_in_pairs",
        ),
        UniqueConstraint("counterpart_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    kind: Mapped[rules.EntryKind] = mapped_column(words(rules.EntryKind))
    source: Mapped[rules.Bucket] = mapped_column(words(rules.Bucket))
    target: Mapped[rules.Bucket] = mapped_column(words(rules.Bucket))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("budget_hold.id"), index=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    counterpart_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]


keep_append_only(LedgerEntry.__table__, name="ledger", message="the ledger is append-only")
