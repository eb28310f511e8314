"""The table of verdicts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.infra.columns import listed, one_of, only_where, words
from marketplace.infra.database import Base, Public
from marketplace.verdicts.rules import LEAST_SCORE, LIVE, MOST_SCORE, Outcome, VerdictState

_LIVE = f"state IN ({listed(sorted(LIVE))})"


class Verdict(Public, Base):
    """What the approving department said of a version of the deliverable, or is to say.

    `replaces_id` is the verdict on the same version that this one corrects. `score` and `comment`
    are the department's own rating of the result. `given_back_at` is the instant at which it gave
    the work back, with a clock of so many working days `rework_days`.
    """

    __tablename__ = "department_verdict"
    __table_args__ = (
        one_of("state", VerdictState),
        one_of("outcome", Outcome),
        only_where("uq_department_verdict_live", "engagement_id", "version", condition=_LIVE),
        UniqueConstraint("message_id"),
        UniqueConstraint("replaces_id"),
        CheckConstraint(
            "(state = 'pending') = (outcome IS NULL) AND (outcome IS NULL) = (message_id IS NULL)"
            " AND (outcome IS NULL) = (sequence IS NULL)"
            " AND (outcome IS NULL) = (decided_at IS NULL)"
            " AND (outcome IS NULL) = (received_at IS NULL)",
            name="decision_is_whole",
        ),
        CheckConstraint(
            "state IN ('pending', 'corrected') OR state = outcome", name="state_is_outcome"
        ),
        CheckConstraint(
            "outcome IS NULL OR outcome <> 'returned' OR reasons <> ''", name="return_says_why"
        ),
        CheckConstraint(
            f"score IS NULL OR score BETWEEN {LEAST_SCORE} AND {MOST_SCORE}", name="score_in_range"
        ),
        CheckConstraint("score IS NOT NULL OR comment = ''", name="comment_has_score"),
        CheckConstraint(
            "(given_back_at IS NULL) = (rework_days IS NULL)"
            " AND (given_back_at IS NULL OR outcome = 'returned')",
            name="giving_back_is_dated",
        ),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    version: Mapped[int]
    state: Mapped[VerdictState] = mapped_column(words(VerdictState))
    since: Mapped[datetime]
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    reasons: Mapped[str] = mapped_column(Text, default="")
    score: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    department_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(200))
    sequence: Mapped[int | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("department_verdict.id"))
    given_back_at: Mapped[datetime | None]
    rework_days: Mapped[int | None]
