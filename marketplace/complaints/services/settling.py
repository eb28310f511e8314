"""What time does to complaints: the hearing ends, a missed day is escalated, answers stand."""

from marketplace.complaints import rules
from marketplace.complaints.events import (
    ComplaintClosed,
    ComplaintHeard,
    ComplaintOverdue,
    ObjectionOverdue,
)
from marketplace.complaints.models import Complaint, Objection
from marketplace.complaints.rules import ComplaintState, ObjectionState
from marketplace.complaints.services import casework
from marketplace.infra.unit_of_work import UnitOfWork


def settle_complaint(uow: UnitOfWork, *, complaint: int) -> bool:
    """Do what fell due for a complaint; False when another worker was first.

    An unused hearing ends by itself; a decision that nobody had reviewed in time stands.
    """
    row = uow.lock(Complaint, complaint)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state == ComplaintState.ACCEPTED:
        casework.move(uow, row, ComplaintState.INVESTIGATING)
        casework.record(uow, row, ComplaintHeard, answered=False)
    elif row.state in rules.DECIDED | {ComplaintState.REVIEWED}:
        row.closed_at = uow.now
        casework.move(uow, row, ComplaintState.CLOSED)
        casework.record(uow, row, ComplaintClosed)
    else:
        row.attention_at = None
        casework.record(uow, row, ComplaintOverdue, due_on=row.due_on)
    return True


def settle_objection(uow: UnitOfWork, *, objection: int) -> bool:
    """Say once that an objection was not answered in time; False when that was said."""
    row = uow.lock(Objection, objection)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    row.attention_at = None
    if row.state != ObjectionState.FILED:
        return False
    uow.record(
        ObjectionOverdue(
            row.id, row.handler_id, row.organisation_id, row.competition_id, due_on=row.due_on
        )
    )
    return True
