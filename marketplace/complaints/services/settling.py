"""What time does to complaints: hearings end, missed days are escalated, days move."""

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.complaints import queries, rules
from marketplace.complaints.events import (
    ComplaintClosed,
    ComplaintDueMoved,
    ComplaintHeard,
    ComplaintOverdue,
    ObjectionDueMoved,
    ObjectionOverdue,
)
from marketplace.complaints.models import Complaint, Objection
from marketplace.complaints.rules import ComplaintState, ObjectionState
from marketplace.complaints.services import casework
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date


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
    if row.state != ObjectionState.FILED or row.due_on is None:
        return False
    uow.record(
        ObjectionOverdue(
            row.id, row.handler_id, row.organisation_id, row.competition_id, due_on=row.due_on
        )
    )
    return True


def move_complaint_day(uow: UnitOfWork, *, complaint: int) -> bool:
    """Recompute the day after a calendar import; days already past are never touched."""
    row = uow.lock(Complaint, complaint)
    if row.due_on is None or row.due_on < local_date(uow.now):
        return False
    was, attention = row.due_on, row.attention_at
    casework.reschedule(uow, row)
    if row.due_on == was:
        row.attention_at = attention
        return False
    casework.record(uow, row, ComplaintDueMoved, due_was=was, due_on=row.due_on)
    return True


def move_objection_day(uow: UnitOfWork, *, objection: int) -> bool:
    """The same for an objection."""
    row = uow.lock(Objection, objection)
    if row.due_on is None or row.due_on < local_date(uow.now):
        return False
    was, filed_on = row.due_on, local_date(row.filed_at)
    days = queries.days(uow.session, filed_on).decision
    due = deadline(catalogue.calendar(uow.session), filed_on, days)
    if due == was:
        return False
    row.due_on, row.attention_at = due, lapses_at(due)
    uow.record(
        ObjectionDueMoved(
            row.id,
            row.handler_id,
            row.organisation_id,
            row.competition_id,
            due_was=was,
            due_on=due,
        )
    )
    return True
