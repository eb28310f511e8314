"""The table of what clients are asked about work whose project is not active."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.continuations.rules import LIVE, OPEN, Answer, ContinuationState
from marketplace.infra.columns import among, index_where, one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.projects.rules import ProjectState

_OPEN, _LIVE = among("state", sorted(OPEN)), among("state", sorted(LIVE))


class Continuation(Public, Base):
    """What becomes of one work: asked since its project is in `project_state`, answered or not.

    `due_on` is the day after which the platform settles it; `ended_at` when it was no longer open.
    One is live for each engagement until the project is active again.
    """

    __tablename__ = "continuation"
    __table_args__ = (
        one_of("state", ContinuationState),
        one_of("answer", Answer),
        one_of("project_state", ProjectState),
        only_where("uq_continuation_live", "engagement_id", condition=_LIVE),
        index_where("ix_continuation_due", "due_on", condition="state = 'asked'"),
        CheckConstraint("project_state <> 'active'", name="project_is_not_active"),
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL)",
            name="answer_is_signed",
        ),
        CheckConstraint(
            "state = 'fell_away' OR (state = 'answered') = (answer IS NOT NULL)",
            name="answered_says_what",
        ),
        CheckConstraint(f"({_OPEN}) = (ended_at IS NULL)", name="end_is_dated"),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    project_state: Mapped[ProjectState] = mapped_column(words(ProjectState))
    state: Mapped[ContinuationState] = mapped_column(words(ContinuationState))
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[Answer | None] = mapped_column(words(Answer))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
