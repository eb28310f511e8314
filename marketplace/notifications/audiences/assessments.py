"""Who hears of assessments and removals: the institution concerned, its association."""

from sqlalchemy.orm import Session

from marketplace.assessments import events
from marketplace.assessments import queries as assessments
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import AGENTS, APPROVERS, Audience, everyone, ids
from marketplace.notifications.services import Message

_STAFF = (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER)


def _assessed(session: Session, record: EventRecord) -> list[Message]:
    """The institution, about the assessment of one of its listings."""
    found = assessments.concerned(session, record.subject_id)
    people = ids(session, found.organisation_id, AGENTS)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    return [Message(people, found.organisation_id, f"/my/assessments/{found.public_id}", details)]


def _assessor(session: Session, record: EventRecord) -> list[Message]:
    """The association, about the assessment of a listing."""
    found = assessments.concerned(session, record.subject_id)
    people = ids(session, found.association_id, _STAFF)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    address = f"/assessments/sheets/{found.public_id}"
    return [Message(people, found.association_id, address, details)]


def _all_assessed(session: Session, record: EventRecord) -> list[Message]:
    """Every institution in a cycle."""
    row = assessments.cycle(session, record.subject_id)
    details = {**record.payload, "number": row.number}
    return [
        Message(ids(session, key, AGENTS), key, "/my/assessments", details)
        for key in assessments.organisations_in(session, row.id)
    ]


def _approvers(session: Session, record: EventRecord) -> list[Message]:
    """Those who make the grades of a cycle final."""
    row = assessments.cycle(session, record.subject_id)
    people = ids(session, row.association_id, APPROVERS)
    details = {**record.payload, "number": row.number}
    return [Message(people, row.association_id, f"/assessments/{row.public_id}", details)]


def _removed(session: Session, record: EventRecord) -> list[Message]:
    """The institution, about a removal case it was told of."""
    found = assessments.removal_concerned(session, record.subject_id)
    people = ids(session, found.organisation_id, AGENTS)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    return [Message(people, found.organisation_id, f"/my/removals/{found.public_id}", details)]


def _remover(session: Session, record: EventRecord) -> list[Message]:
    """The association, about a removal case of its own."""
    found = assessments.removal_concerned(session, record.subject_id)
    people = ids(session, found.association_id, _STAFF)
    details = {**record.payload, "number": found.number, "item": found.item_code}
    return [Message(people, found.association_id, f"/removals/{found.public_id}", details)]


AUDIENCES: dict[type[Event], Audience] = {
    events.PreliminaryPublished: _all_assessed,
    events.ObjectionsEnded: _approvers,
    events.AssessmentObjectionFiled: _assessor,
    events.AssessmentObjectionDecided: _assessed,
    events.AssessmentFinal: _assessed,
    events.RectificationNoticed: _assessed,
    events.RemovalOpened: _remover,
    events.RemovalNotified: _removed,
    events.InterimTaken: _remover,
    events.RemovalHeard: _remover,
    events.RemovalProposed: _remover,
    events.RemovalSentBack: _remover,
    events.RemovalDecided: everyone(_removed, _remover),
}
