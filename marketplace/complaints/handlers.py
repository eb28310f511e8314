"""What complaints do when others act: due days follow the working calendar."""

from marketplace.clocks.handlers import follows_calendar
from marketplace.complaints.queries.complaints import dated_complaints
from marketplace.complaints.queries.objections import dated_objections
from marketplace.complaints.services.complaints import move_complaint_day
from marketplace.complaints.services.objections import move_objection_day
from marketplace.infra.unit_of_work import UnitOfWork


def move_due_days(uow: UnitOfWork) -> None:
    """Recompute the day of everything that waits; each that moves says so in its history."""
    for complaint in dated_complaints(uow.session):
        move_complaint_day(uow, complaint=complaint)
    for objection in dated_objections(uow.session):
        move_objection_day(uow, objection=objection)


HANDLERS = (follows_calendar("complaint-due-days", move_due_days),)
