"""What complaints do when others act: due days follow the working calendar."""

from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.complaints.queries import complaints, objections
from marketplace.complaints.services.complaints import move_complaint_day
from marketplace.complaints.services.objections import move_objection_day

HANDLERS = (
    follows_calendar(
        "complaint-due-days",
        Dated(complaints.DATED, lambda uow, key: move_complaint_day(uow, complaint=key)),
        Dated(objections.DATED, lambda uow, key: move_objection_day(uow, objection=key)),
    ),
)
