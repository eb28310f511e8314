"""Who hears of a complaint or an objection: whoever deals with it, and its two sides."""

from sqlalchemy.orm import Session

from marketplace.complaints import events
from marketplace.complaints import queries as complaints
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.kernel.times import local_date
from marketplace.notifications.audiences.telling import Audience, everyone, ids
from marketplace.notifications.services import Message

_HANDLERS = (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER, Role.SUPERVISOR)
_SIDES = (
    Role.INSTITUTION_AGENT,
    Role.ENTERPRISE_AGENT,
    Role.DEPARTMENT_OFFICER,
    Role.DEPARTMENT_APPROVER,
)


def _handler(session: Session, record: EventRecord) -> list[Message]:
    """The people who deal with complaints where it lies."""
    party = complaints.party(session, record.subject_id)
    people = ids(session, party.handler_id, _HANDLERS)
    details = {**record.payload, "number": party.number}
    return [Message(people, party.handler_id, f"/complaints/{party.public_id}", details)]


def _about(session: Session, record: EventRecord) -> list[Message]:
    """The organisation the complaint is about."""
    party = complaints.party(session, record.subject_id)
    return _side(session, record, party, party.about_organisation_id)


def _filer(session: Session, record: EventRecord) -> list[Message]:
    """The organisation that complained; the public follows by its secret address."""
    party = complaints.party(session, record.subject_id)
    if party.filer_organisation_id is None:
        return []
    return _side(session, record, party, party.filer_organisation_id)


def _side(
    session: Session, record: EventRecord, party: complaints.ComplaintParty, organisation_id: int
) -> list[Message]:
    people = ids(session, organisation_id, _SIDES)
    details = {**record.payload, "number": party.number}
    return [Message(people, organisation_id, f"/my/complaints/{party.public_id}", details)]


def _objection(*roles: Role, field: str) -> Audience:
    """The handler of an objection, or the entrant who filed it."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        row = complaints.objection(session, record.subject_id, local_date(record.occurred_at))
        organisation_id = record.payload[field]
        people = ids(session, organisation_id, roles)
        details = {**record.payload, "number": row.number}
        return [Message(people, organisation_id, f"/objections/{row.public_id}", details)]

    return tell


_judge = _objection(Role.SUPERVISOR, field="handler_id")
_entrant = _objection(Role.INSTITUTION_AGENT, field="organisation_id")

AUDIENCES: dict[type[Event], Audience] = {
    events.ComplaintFiled: _handler,
    events.ComplaintAccepted: everyone(_filer, _about),
    events.ComplaintRefused: _filer,
    events.ComplaintHeard: _handler,
    events.ComplaintProposed: _handler,
    events.ComplaintSentBack: _handler,
    events.ComplaintDecided: everyone(_filer, _about),
    events.ComplaintReviewed: everyone(_filer, _about, _handler),
    events.ComplaintOverdue: _handler,
    events.ObjectionFiled: _judge,
    events.ObjectionProposed: _judge,
    events.ObjectionSentBack: _judge,
    events.ObjectionDecided: _entrant,
    events.ObjectionOverdue: _judge,
}
