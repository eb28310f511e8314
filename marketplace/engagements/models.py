"""Tables of engagements: the record itself, its pauses, deliveries and choices."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar

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
from marketplace.engagements import rules
from marketplace.infra.columns import index_where, listed, one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.kernel.steps import only_after
from marketplace.kernel.workdays import LimitUnit


def _states(chosen: Iterable[rules.State]) -> str:
    """These states in the order of their table."""
    kept = set(chosen)
    return f"({listed(state for state in rules.STEPS if state in kept)})"


def _after(passed: rules.State, *more: rules.State) -> str:
    """The states behind this one and some more, of those in which the work is not given up."""
    return _states({*only_after(rules.STEPS, passed), *more} - rules.GIVEN_UP)


_GIVEN_UP, _ENDED = _states(rules.GIVEN_UP), _states(rules.ENDED)
# A version was delivered in each of them; accepted work may come back to them from behind.
_WITH_DELIVERY = (
    rules.State.DELIVERED,
    rules.State.RETURNED,
    rules.State.ACCEPTED,
    rules.State.CLOSED,
)
_OPEN_HANDOVER = f"state IN ({listed(sorted(rules.HANDOVER_OPEN))})"
_OPEN_AWARD = f"competition_id IS NOT NULL AND state NOT IN {_GIVEN_UP}"


class Engagement(Public, Base):
    """One item of one project done by one institution, from pick or award to the end.

    The item's version, the variant and the limit are those of the day it began. `due_on` is the
    last day of the provider's clock while it runs, `turn_due_on` the day by which whoever has
    the turn must act, `remind_on` the day on which its light turns yellow, `attention_at` the
    instant at which the tick looks at it next. Once the approving department has given accepted
    work back, a clock of its own runs since `rework_since`, of so many `rework_days`.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        only_where("uq_engagement_one_of_award", "competition_id", condition=_OPEN_AWARD),
        Index("uq_engagement_of_listing", "id", "listing_id", unique=True),
        Index("ix_engagement_client", "client_id", "state"),
        Index("ix_engagement_provider", "provider_id", "state"),
        Index("ix_engagement_accepted", "listing_id", "accepted_at"),
        index_where("ix_engagement_turn", "turn_due_on", condition="turn_due_on IS NOT NULL"),
        one_of("state", rules.State),
        one_of("origin", rules.Origin),
        one_of("client_kind", rules.ClientKind),
        one_of("payer", rules.ClientKind),
        one_of("limit_unit", LimitUnit),
        one_of("told", rules.Told),
        CheckConstraint("payer = client_kind", name="client_pays"),
        ForeignKeyConstraint(
            ["item_version_id", "open_to"], ["item_version.id", "item_version.open_to"]
        ),
        CheckConstraint(f"open_to IN ('{OpenTo.EITHER}', payer)", name="payer_is_lawful"),
        CheckConstraint("client_id <> provider_id", name="two_parties"),
        CheckConstraint("limit_value > 0", name="limit_is_some"),
        CheckConstraint(
            "(origin = 'award') = (competition_id IS NOT NULL AND award_fen IS NOT NULL)",
            name="award_is_known",
        ),
        CheckConstraint(
            "(origin = 'award') = (client_kind = 'department')", name="departments_award"
        ),
        CheckConstraint(
            "amount_fen IS NULL OR (amount_fen > 0 AND"
            " (award_fen IS NULL OR amount_fen <= award_fen))",
            name="amount_within_award",
        ),
        CheckConstraint(
            f"state NOT IN {_after(rules.State.CONTRACTED)} OR (taken_on_at IS NOT NULL"
            " AND amount_fen IS NOT NULL AND signed_on IS NOT NULL AND contracted_at IS NOT NULL)",
            name="contract_is_known",
        ),
        CheckConstraint(
            f"state NOT IN {_after(rules.State.IN_PROGRESS)} OR started_at IS NOT NULL",
            name="start_is_dated",
        ),
        CheckConstraint(
            f"state NOT IN {_after(*_WITH_DELIVERY)} OR delivered_at IS NOT NULL",
            name="delivery_is_dated",
        ),
        CheckConstraint(
            f"(state IN {_after(rules.State.ACCEPTED)}) = (accepted_at IS NOT NULL)",
            name="acceptance_is_dated",
        ),
        CheckConstraint(
            "(state = 'paused') = (resumes_to IS NOT NULL AND paused_by IS NOT NULL)",
            name="pause_remembers",
        ),
        CheckConstraint(
            "(state = 'taken_on') = (contract_owed_by IS NOT NULL)", name="contract_is_owed"
        ),
        CheckConstraint(
            "(contract_owed_by IS NULL) = (contract_owed_since IS NULL)", name="owing_is_dated"
        ),
        one_of("contract_owed_by", rules.Side),
        CheckConstraint(f"(state IN {_ENDED}) = (ended_at IS NOT NULL)", name="end_is_dated"),
        CheckConstraint(
            "(rework_since IS NULL) = (rework_days IS NULL)"
            " AND (rework_days IS NULL OR rework_days > 0)",
            name="rework_has_its_limit",
        ),
        CheckConstraint(
            f"resumes_to IS NULL OR resumes_to IN {_states(rules.RUNNING)}", name="resumes_to"
        ),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    origin: Mapped[rules.Origin] = mapped_column(words(rules.Origin))
    state: Mapped[rules.State] = mapped_column(words(rules.State))
    state_since: Mapped[datetime]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    region_code: Mapped[str] = mapped_column(String(12))
    item_code: Mapped[str] = mapped_column(String(10))
    item_version_id: Mapped[int]
    open_to: Mapped[OpenTo] = mapped_column(words(OpenTo, length=12))
    variant: Mapped[str] = mapped_column(String(40), default="")
    limit_value: Mapped[int]
    limit_unit: Mapped[LimitUnit] = mapped_column(words(LimitUnit))
    promised_days: Mapped[int | None]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    client_kind: Mapped[rules.ClientKind] = mapped_column(words(rules.ClientKind))
    payer: Mapped[rules.ClientKind] = mapped_column(words(rules.ClientKind))
    provider_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    competition_id: Mapped[int | None] = mapped_column(ForeignKey("competition.id"))
    quotation_id: Mapped[int | None]
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id"))
    award_fen: Mapped[int | None] = mapped_column(BigInteger)
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    paid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    signed_on: Mapped[date | None]
    requested_at: Mapped[datetime]
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    request_words: Mapped[str] = mapped_column(Text, default="")
    taken_on_at: Mapped[datetime | None]
    contract_owed_by: Mapped[rules.Side | None] = mapped_column(words(rules.Side))
    contract_owed_since: Mapped[datetime | None]
    contracted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None] = mapped_column(index=True)
    rated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    resumes_to: Mapped[rules.State | None] = mapped_column(words(rules.State))
    paused_by: Mapped[rules.Side | None] = mapped_column(words(rules.Side))
    returns: Mapped[int] = mapped_column(default=0)
    within_limit: Mapped[bool | None]
    rework_since: Mapped[datetime | None]
    rework_days: Mapped[int | None]
    # Known once accepted, in the unit of the limit; works accepted before it was kept have none.
    days_used: Mapped[int | None]
    due_on: Mapped[date | None]
    turn_due_on: Mapped[date | None]
    remind_on: Mapped[date | None]
    told: Mapped[rules.Told] = mapped_column(words(rules.Told), default=rules.Told.NOT)
    attention_at: Mapped[datetime | None] = mapped_column(index=True)

    pauses: Mapped[list["EngagementPause"]] = relationship(
        order_by="EngagementPause.id", lazy="selectin", cascade="save-update, merge"
    )
    deliveries: Mapped[list["Delivered"]] = relationship(
        order_by="Delivered.version", lazy="selectin", cascade="save-update, merge"
    )


class EngagementPause(Base):
    """The clock stood by one side's act, with a reason and evidence; the other side was told.

    `cause` is the code of what the approval platform's record says, where that is the reason; where
    the client did not answer, the platform began the pause for it.
    """

    __tablename__ = "engagement_pause"
    __table_args__ = (
        one_of("side", rules.Side),
        CheckConstraint("ends_at IS NULL OR ends_at >= begins_at", name="ends_after_it_begins"),
        CheckConstraint("begun_by IS NOT NULL OR cause <> ''", name="begun_by_somebody"),
        only_where("uq_engagement_pause_one_open", "engagement_id", condition="ends_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    side: Mapped[rules.Side] = mapped_column(words(rules.Side))
    reason: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(String(40), default="")
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    begins_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ends_at: Mapped[datetime | None]


class Delivered(Base):
    """A version of the deliverable and what the client said to it; the clock stood meanwhile.

    `points` are the lines of the contract that a returned version does not meet, one a line.
    """

    __tablename__ = "engagement_delivery"
    __table_args__ = (
        UniqueConstraint("engagement_id", "version"),
        one_of("verdict", rules.Verdict),
        CheckConstraint("(verdict IS NULL) = (answered_at IS NULL)", name="verdict_is_dated"),
        CheckConstraint(
            "verdict IS NULL OR verdict <> 'returned' OR answer <> ''", name="return_says_why"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text, default="")
    delivered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    delivered_at: Mapped[datetime]
    verdict: Mapped[rules.Verdict | None] = mapped_column(words(rules.Verdict))
    answer: Mapped[str] = mapped_column(Text, default="")
    points: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]


class WorkHandover(Public, Base):
    """Work for a project that another enterprise has by now: does it pass there, or stay?

    `from_id` commissioned it, `to_id` has the project now, None until that one is registered here.
    What each says is dated; `due_on` is the day after which the supervisor settles the rest.
    """

    __tablename__ = "work_handover"
    __table_args__ = (
        one_of("state", rules.HandoverState),
        only_where("uq_work_handover_open", "engagement_id", condition=_OPEN_HANDOVER),
        index_where("ix_work_handover_due", "due_on", condition="state = 'asked'"),
        CheckConstraint("from_id <> to_id", name="two_enterprises"),
        CheckConstraint(
            "(from_agreed_at IS NULL) = (from_agreed_by IS NULL)"
            " AND (to_agreed_at IS NULL) = (to_agreed_by IS NULL)",
            name="consent_is_signed",
        ),
        CheckConstraint(f"({_OPEN_HANDOVER}) = (ended_at IS NULL)", name="end_is_dated"),
        CheckConstraint("state <> 'passed' OR to_id IS NOT NULL", name="passes_to_somebody"),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    to_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[rules.HandoverState] = mapped_column(words(rules.HandoverState))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    from_agreed_at: Mapped[datetime | None]
    from_agreed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    to_agreed_at: Mapped[datetime | None]
    to_agreed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]


class SettledDay(Base):
    """A day that has come, as every clock counts it from then on, whatever is imported later.

    Written once a day by the worker and never changed: elapsed days can only grow.
    """

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "settled_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    settled_at: Mapped[datetime]


class ClientChoice(Public, Base):
    """Work under way whose listing was removed: the client keeps the institution or moves.

    `event_id` is the removal that asked, so that one removal asks once.
    """

    __tablename__ = "client_choice"
    __table_args__ = (
        UniqueConstraint("engagement_id", "event_id"),
        one_of("way", rules.Way),
        CheckConstraint(
            "(way IS NULL) = (chosen_at IS NULL) AND (way IS NULL) = (chosen_by IS NULL)",
            name="choice_is_dated",
        ),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    event_id: Mapped[int]
    asked_at: Mapped[datetime]
    way: Mapped[rules.Way | None] = mapped_column(words(rules.Way))
    reason: Mapped[str] = mapped_column(Text, default="")
    chosen_at: Mapped[datetime | None]
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
