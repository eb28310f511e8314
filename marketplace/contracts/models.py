"""The table of contracts: every version that was put forward, as it was confirmed."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.contracts.rules import BINDING, LIVE, MOST_PAY_DAYS, Source, VersionState
from marketplace.engagements.rules import Side
from marketplace.infra.columns import among, index_where, one_of, only_where, words
from marketplace.infra.database import Base, Public, keep_append_only

_LIVE, _BINDING = among("state", sorted(LIVE)), among("state", sorted(BINDING))


class ContractVersion(Public, Base):
    """A contract, or an amendment of it, as one side put it forward; it is never changed after.

    `content` is what both sides confirm, as canonical JSON, `content_hash` its SHA-256. `code`
    leads everybody who has the contract to the page that says the same. `amends_id` is the version
    in force when it was put forward; `client_id` and `provider_id` are those whom the text names;
    `turn_was` and `turn_since` say whose turn a first contract was before, and since when. `due_on`
    is the day by which a missing confirmation of an amendment is to come: that of a first contract
    is the engagement's own.
    """

    __tablename__ = "contract_version"
    __table_args__ = (
        UniqueConstraint("engagement_id", "version"),
        one_of("state", VersionState),
        one_of("source", Source),
        one_of("put_forward_by_side", Side),
        one_of("turn_was", Side),
        CheckConstraint("(turn_was IS NULL) = (turn_since IS NULL)", name="turn_is_dated"),
        only_where("uq_contract_version_live", "engagement_id", condition=_LIVE),
        only_where("uq_contract_version_in_force", "engagement_id", condition="state = 'in_force'"),
        index_where("ix_contract_version_due", "due_on", condition=_LIVE),
        CheckConstraint("amount_fen > 0 AND limit_days > 0", name="terms_are_some"),
        CheckConstraint(
            "signing_fen >= 0 AND delivery_fen >= 0 AND acceptance_fen >= 0"
            " AND signing_fen + delivery_fen + acceptance_fen = amount_fen",
            name="parts_are_the_amount",
        ),
        CheckConstraint(f"pay_days BETWEEN 1 AND {MOST_PAY_DAYS}", name="paid_in_days"),
        CheckConstraint("scope <> ''", name="scope_is_said"),
        CheckConstraint(
            "(client_confirmed_at IS NULL) = (client_confirmed_by IS NULL)"
            " AND (provider_confirmed_at IS NULL) = (provider_confirmed_by IS NULL)",
            name="confirmation_is_signed",
        ),
        CheckConstraint(
            f"({_BINDING}) = (client_confirmed_at IS NOT NULL"
            " AND provider_confirmed_at IS NOT NULL AND in_force_at IS NOT NULL"
            " AND signed_on IS NOT NULL)",
            name="both_confirmed",
        ),
        CheckConstraint(
            "state <> 'half_confirmed' OR client_confirmed_at IS NOT NULL"
            " OR provider_confirmed_at IS NOT NULL",
            name="one_confirmed",
        ),
        CheckConstraint(
            "client_confirmed_by IS NULL OR provider_confirmed_by IS NULL"
            " OR client_confirmed_by <> provider_confirmed_by",
            name="two_people",
        ),
        CheckConstraint(
            f"({_LIVE} OR state = 'in_force') = (ended_at IS NULL)", name="end_is_dated"
        ),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(String(20), index=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[VersionState] = mapped_column(words(VersionState))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("contract_version.id"))
    source: Mapped[Source] = mapped_column(words(Source))
    basis_fen: Mapped[int | None] = mapped_column(BigInteger)
    basis_days: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    limit_days: Mapped[int]
    signing_fen: Mapped[int] = mapped_column(BigInteger)
    delivery_fen: Mapped[int] = mapped_column(BigInteger)
    acceptance_fen: Mapped[int] = mapped_column(BigInteger)
    pay_days: Mapped[int]
    scope: Mapped[str] = mapped_column(Text)
    papers_owed: Mapped[str] = mapped_column(Text, default="")
    checks: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    signed_on: Mapped[date | None]
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    put_forward_by_side: Mapped[Side] = mapped_column(words(Side))
    put_forward_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    put_forward_at: Mapped[datetime]
    turn_was: Mapped[Side | None] = mapped_column(words(Side))
    turn_since: Mapped[datetime | None]
    change_asked_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    client_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    client_confirmed_at: Mapped[datetime | None]
    provider_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    provider_confirmed_at: Mapped[datetime | None]
    in_force_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ContractPrint(Base):
    """The digest of a PDF that was given out of a version which binds or bound; never changed.

    The PDF itself is made anew each time. Another release of the libraries or other words make
    other bytes, and whoever holds those of before is still told that they came from here.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "contract_print"
    __table_args__ = (UniqueConstraint("version_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("contract_version.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime]


keep_append_only(
    ContractPrint.__table__, name="contract_print", message="what was given out stays on record"
)
