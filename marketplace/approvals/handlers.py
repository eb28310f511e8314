"""What goes to the approval platform when something happened here, and what the worker fetches."""

from sqlalchemy.orm import Session

from marketplace.approvals import queries
from marketplace.approvals.services import incoming
from marketplace.approvals.services.calling import link
from marketplace.approvals.services.outgoing import closed, milestone, send_event
from marketplace.engagements import queries as engagements
from marketplace.engagements.events import DELIVERIES
from marketplace.infra.outbox.listening import Effect, Handler
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import TOLD
from marketplace.infra.unit_of_work import UnitOfWork


def tell_platform(session: Session, record: EventRecord) -> None:
    """Tell the platform a milestone; without a platform there is nobody to tell."""
    here = link()
    if not here.client.is_set:
        return
    if queries.is_closed(session):
        raise closed()
    send_event(here, milestone(session, record, here.settings.base_url))


def fetch_records() -> int:
    """Fetch what somebody waits for."""
    return incoming.fetch_wanted(link())


def match_verdicts(uow: UnitOfWork, record: EventRecord) -> None:
    """A version was delivered: verdicts on it may have come before."""
    incoming.match_verdicts(uow, number=engagements.party(uow.session, record.subject_id).number)


HANDLERS = (
    Effect(queries.SUBSCRIBER, tell_platform, lambda row: row.platform == TOLD),
    Handler("approval-verdicts", match_verdicts, DELIVERIES),
)
