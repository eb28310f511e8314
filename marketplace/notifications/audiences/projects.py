"""Who hears of projects: whoever added the code, the client when an item is free again."""

from sqlalchemy.orm import Session

from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import CLIENTS, Audience, ids
from marketplace.notifications.services import Message
from marketplace.projects import events as project_events
from marketplace.projects import queries as projects


def _who_added(session: Session, record: EventRecord) -> list[Message]:
    """The people of the organisation that added the code; a refresh of our own concerns nobody."""
    wanted = projects.wanted_party(session, record.subject_id)
    if wanted.organisation_id is None:
        return []
    people = ids(session, wanted.organisation_id, CLIENTS)
    address = f"/my/projects/wanted/{wanted.public_id}"
    if wanted.project_public_id:
        address = f"/projects/{wanted.project_public_id}"
    return [Message(people, wanted.organisation_id, address, dict(record.payload))]


AUDIENCES: dict[type[Event], Audience] = {
    project_events.ProjectArrived: _who_added,
    project_events.ProjectRefused: _who_added,
}
