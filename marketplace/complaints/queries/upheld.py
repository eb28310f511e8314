"""How many complaints about institutions were upheld: of one, or of many read at once."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from marketplace.complaints.models import Complaint
from marketplace.complaints.rules import Outcome
from marketplace.kernel.times import end_of_day, start_of_day

UPHELD = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)


@dataclass(frozen=True)
class ComplaintCounts:
    """How many complaints about an institution were upheld, wholly or partly."""

    upheld: int
    partly: int


def upheld(
    session: Session,
    institution_organisation_id: int,
    since: date,
    until: date,
    item_code: str | None = None,
) -> ComplaintCounts:
    """How many complaints about an institution were upheld between two days, both included.

    With an item, those about that item or about the institution as a whole.
    """
    of_item = true() if item_code is None else Complaint.item_code.in_((item_code, ""))
    query = (
        select(Complaint.outcome, func.count(Complaint.id))
        .where(
            Complaint.about_organisation_id == institution_organisation_id,
            *_upheld_between(since, until),
            of_item,
        )
        .group_by(Complaint.outcome)
    )
    found: dict[Outcome | None, int] = {row[0]: row[1] for row in session.execute(query)}
    return ComplaintCounts(found.get(Outcome.UPHELD, 0), found.get(Outcome.PARTLY_UPHELD, 0))


def upheld_of(
    session: Session, organisation_ids: Collection[int], since: date, until: date
) -> Callable[[int, str], ComplaintCounts]:
    """As `upheld`, of many institutions read at once: by institution and item."""
    query = (
        select(
            Complaint.about_organisation_id,
            Complaint.item_code,
            Complaint.outcome,
            func.count(Complaint.id),
        )
        .where(
            Complaint.about_organisation_id.in_(list(organisation_ids)),
            *_upheld_between(since, until),
        )
        .group_by(Complaint.about_organisation_id, Complaint.item_code, Complaint.outcome)
    )
    found: Counter[tuple[int, str, Outcome | None]] = Counter()
    for about, item_code, outcome, count in session.execute(query):
        found[about, item_code, outcome] = count

    def counts(about: int, item_code: str) -> ComplaintCounts:
        # One about the institution as a whole counts for each of its items.
        return ComplaintCounts(
            *(
                sum(found[about, code, outcome] for code in {item_code, ""})
                for outcome in (Outcome.UPHELD, Outcome.PARTLY_UPHELD)
            )
        )

    return counts


def _upheld_between(since: date, until: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Complaint.institution_id.is_not(None),
        Complaint.outcome.in_(UPHELD),
        Complaint.decided_at >= start_of_day(since),
        Complaint.decided_at < end_of_day(until),
    )
