"""Reading complaints and objections: frozen rows, never a change."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.clocks.rules import Waiting
from marketplace.complaints.queries.complaints import (
    complaint,
    complaints_about,
    complaints_of,
    dated_complaints,
    days,
    due_complaints,
    followed,
    page,
    party,
    public_complaints,
    queue,
    standing,
    upheld,
)
from marketplace.complaints.queries.complaints import waiting as waiting_complaints
from marketplace.complaints.queries.objections import (
    award_standing,
    dated_objections,
    due_objections,
    objection,
    objection_page,
    objection_standing,
    objections,
    waiting_objections,
)
from marketplace.complaints.queries.rows import (
    ComplaintCounts,
    ComplaintPage,
    ComplaintParty,
    ComplaintRow,
    ObjectionPage,
    ObjectionRow,
    PublicComplaint,
)
from marketplace.complaints.queries.subjects import Subject, find_subject


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Everything in complaints and objections that waits for somebody."""
    return (*waiting_complaints(session, today), *waiting_objections(session, today))


__all__ = [
    "ComplaintCounts",
    "ComplaintPage",
    "ComplaintParty",
    "ComplaintRow",
    "ObjectionPage",
    "ObjectionRow",
    "PublicComplaint",
    "Subject",
    "award_standing",
    "complaint",
    "complaints_about",
    "complaints_of",
    "dated_complaints",
    "dated_objections",
    "days",
    "due_complaints",
    "due_objections",
    "find_subject",
    "followed",
    "objection",
    "objection_page",
    "objection_standing",
    "objections",
    "page",
    "party",
    "public_complaints",
    "queue",
    "standing",
    "upheld",
    "waiting",
]
