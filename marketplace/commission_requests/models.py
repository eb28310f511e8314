"""The table of requests to departments."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.rules.items import OpenTo
from marketplace.commission_requests.rules import DAYS, ENDED, LIVE, Overtaking, RequestState
from marketplace.infra.columns import MaybeWord, among, listed, one_of, only_where, words
from marketplace.infra.database import Base, Public


class CommissionRequest(Public, Base):
    """An enterprise's request that a department commission one item of its project.

    `addressee_id` is the department; while the one that the approval platform names is not
    registered here, the operator (`with_operator`). `department_name` is what the platform calls
    it. `due_on` is the last day of what the addressee owes; `competition_id` a plain key, so that
    neither table has to be there before the other.
    """

    __tablename__ = "commission_request"
    __table_args__ = (
        one_of("state", RequestState),
        only_where(
            "uq_commission_request_live",
            "project_id",
            "item_code",
            condition=among("state", sorted(LIVE)),
        ),
        Index("ix_commission_request_addressee", "addressee_id", "state", "due_on"),
        Index("ix_commission_request_enterprise", "enterprise_id", "state"),
        Index("ix_commission_request_competition", "competition_id"),
        ForeignKeyConstraint(
            ["item_version_id", "open_to"], ["item_version.id", "item_version.open_to"]
        ),
        CheckConstraint(f"open_to = '{OpenTo.DEPARTMENT}'", name="item_is_for_departments"),
        CheckConstraint(
            f"(state IN ({listed(sorted(DAYS))})) = (due_on IS NOT NULL)", name="owed_is_dated"
        ),
        CheckConstraint(
            f"(state IN ({listed(sorted(ENDED))})) = (ended_at IS NOT NULL)", name="end_is_dated"
        ),
        CheckConstraint(
            "(state IN ('met', 'published')) = (competition_id IS NOT NULL)",
            name="competition_is_known",
        ),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_says_why"),
        CheckConstraint("(state = 'overtaken') = (cause <> '')", name="overtaken_says_why"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[RequestState] = mapped_column(words(RequestState), default=RequestState.ASKED)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    region_code: Mapped[str] = mapped_column(String(12))
    item_code: Mapped[str] = mapped_column(String(10))
    item_version_id: Mapped[int]
    open_to: Mapped[OpenTo] = mapped_column(words(OpenTo, length=12))
    approval_code: Mapped[str] = mapped_column(String(20))
    department_name: Mapped[str] = mapped_column(String(100))
    addressee_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    with_operator: Mapped[bool]
    body: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    state_since: Mapped[datetime]
    due_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[Overtaking | None] = mapped_column(MaybeWord(Overtaking), nullable=False)
    competition_id: Mapped[int | None]
