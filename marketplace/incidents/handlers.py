"""What incidents do when others act: days follow the calendar. And who reads the evidence."""

from sqlalchemy.orm import Session

from marketplace.clocks.handlers import Dated, follows_calendar
from marketplace.engagements.handlers import may_read_contract
from marketplace.incidents import queries, services
from marketplace.kernel.actors import Actor


def may_read_evidence(actor: Actor, session: Session, incident_id: int) -> bool:
    """Whoever may see the engagement reads the evidence of its incidents."""
    owner = queries.engagement_of(session, incident_id)
    return owner is not None and may_read_contract(actor, session, owner)


HANDLERS = (
    follows_calendar(
        "incident-due-days",
        Dated(queries.DATED, lambda uow, key: services.move_day(uow, incident=key)),
    ),
)
