"""What complaints do when others act: due days follow the working calendar."""

from marketplace.catalogue.events import CalendarImported
from marketplace.complaints import queries, services
from marketplace.infra.outbox.listening import Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork


def move_due_days(uow: UnitOfWork, _record: EventRecord) -> None:
    """Recompute the day of everything that waits; each that moves says so in its history."""
    for complaint in queries.dated_complaints(uow.session):
        services.move_complaint_day(uow, complaint=complaint)
    for objection in queries.dated_objections(uow.session):
        services.move_objection_day(uow, objection=objection)


HANDLERS = (Handler("complaint-due-days", move_due_days, (CalendarImported,)),)
