"""The table of what came up during the work."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.engagements.rules import Side
from marketplace.incidents.rules import IncidentState, Kind
from marketplace.infra.columns import index_where, one_of, words
from marketplace.infra.database import Base, Public


class Incident(Public, Base):
    """One incident: who noted what, since when; what the other side answered, or that it did not.

    `noted_for_id` is the organisation that noted it, `asked_of_id` the one that answers since
    `asked_at`; work may pass to another afterwards, which then answers what waits. `late`: the
    answer came after the end of `answer_by`. Evidence are files of the incident, of the kind
    `evidence`; those of the answer are of the kind `answer`.
    """

    __tablename__ = "incident"
    __table_args__ = (
        one_of("state", IncidentState),
        one_of("noted_side", Side),
        one_of("kind", Kind),
        index_where("ix_incident_due", "answer_by", condition="state = 'noted'"),
        CheckConstraint("words <> ''", name="says_what"),
        CheckConstraint(
            "(answer = '') = (answered_at IS NULL) AND (answer = '') = (answered_by IS NULL)",
            name="answer_is_signed",
        ),
        CheckConstraint("(state = 'answered') = (answer <> '')", name="answered_says_what"),
        CheckConstraint("NOT late OR state = 'answered'", name="only_answers_are_late"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
            name="withdrawal_is_signed",
        ),
        CheckConstraint(
            "answered_by IS NULL OR answered_by <> noted_by", name="answered_by_another"
        ),
    )

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id"), index=True)
    state: Mapped[IncidentState] = mapped_column(words(IncidentState))
    noted_side: Mapped[Side] = mapped_column(words(Side))
    noted_for_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[Kind] = mapped_column(words(Kind))
    since_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime]
    noted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_of_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    asked_at: Mapped[datetime]
    answer_by: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    late: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
