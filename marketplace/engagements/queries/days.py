"""The days that are known of works, for features that compare them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case
from sqlalchemy.orm import Session

from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import RUNNING, State
from marketplace.infra.rows import row_of
from marketplace.kernel.workdays import Limit, LimitUnit


@dataclass(frozen=True)
class WorkRow:
    """A work with its days; `due_on` only while its clock runs."""

    id: int
    public_id: str
    number: str
    state: State
    limit_value: int
    limit_unit: LimitUnit
    started_at: datetime | None
    delivered_at: datetime | None
    due_on: date | None

    @property
    def limit(self) -> Limit:
        """The limit of the provider's clock."""
        return Limit(self.limit_value, self.limit_unit)


WORK = row_of(
    WorkRow,
    Engagement,
    due_on=case((Engagement.state.in_(RUNNING), Engagement.due_on), else_=None),
)


def works(session: Session, ids: Collection[int]) -> dict[int, WorkRow]:
    """These works by their key; one query for any number."""
    found = WORK.all(session, WORK.query().where(Engagement.id.in_(ids)))
    return {row.id: row for row in found}
