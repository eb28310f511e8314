"""Who hears of an institution and its listings: its own agents."""

from sqlalchemy.orm import Session

from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import events as institution_events
from marketplace.institutions import queries as institutions
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import AGENTS, Audience, ids
from marketplace.notifications.services import Message


def _listing(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about one of their listings."""
    row = institutions.listing(session, record.subject_id)
    details = {"item": row.item_code, **record.payload}
    people = ids(session, row.organisation_id, AGENTS)
    return [Message(people, row.organisation_id, "/my/institution", details)]


def _institution(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about the institution itself."""
    row = institutions.institution(session, record.subject_id)
    people = ids(session, row.organisation_id, AGENTS)
    return [Message(people, row.organisation_id, "/my/institution", dict(record.payload))]


AUDIENCES: dict[type[Event], Audience] = {
    institution_events.ListingSuspended: _listing,
    institution_events.ListingReinstated: _listing,
    institution_events.QualificationExpiring: _institution,
    institution_events.QualificationExpired: _institution,
}
