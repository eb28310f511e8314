"""Who hears of a vetting case: the applicant, its examiner, those who decide."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import (
    AGENTS,
    APPROVERS,
    EXAMINERS,
    Audience,
    everyone,
    ids,
)
from marketplace.notifications.services import Message
from marketplace.vetting import events as vetting_events
from marketplace.vetting import queries as vetting


def _case(session: Session, record: EventRecord) -> tuple[Any, dict[str, Any]]:
    party = vetting.case_party(session, record.subject_id)
    details = {"number": party.number, "item": party.item_code, **record.payload}
    return party, details


def _applicant(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about their own case."""
    party, details = _case(session, record)
    people = ids(session, party.organisation_id, AGENTS)
    return [Message(people, party.organisation_id, f"/my/applications/{party.public_id}", details)]


def _association(roles: tuple[Role, ...]) -> Audience:
    """The association's members with one of the roles, about a case of theirs."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        party, details = _case(session, record)
        people = ids(session, party.association_id, roles)
        return [Message(people, party.association_id, f"/vetting/{party.public_id}", details)]

    return tell


def _examiner(session: Session, record: EventRecord) -> list[Message]:
    """The examiner of the case; all examiners while nobody has it, or who had it has left."""
    party, details = _case(session, record)
    people = ids(session, party.association_id, EXAMINERS)
    if party.examiner_id in people:
        people = (party.examiner_id,)
    return [Message(people, party.association_id, f"/vetting/{party.public_id}", details)]


AUDIENCES: dict[type[Event], Audience] = {
    vetting_events.CaseOpened: everyone(_applicant, _association(EXAMINERS)),
    vetting_events.CaseTaken: _applicant,
    vetting_events.CaseAssigned: _examiner,
    vetting_events.CaseReturned: _applicant,
    vetting_events.CaseResubmitted: _examiner,
    vetting_events.CaseProposed: _association(APPROVERS),
    vetting_events.CaseSentBack: _examiner,
    vetting_events.CaseDecided: everyone(_applicant, _examiner),
    vetting_events.CaseWithdrawn: _examiner,
    vetting_events.CaseEndedByRemoval: everyone(_applicant, _examiner),
    vetting_events.CaseLapsed: everyone(_applicant, _examiner),
    vetting_events.CaseOverdue: everyone(_examiner, _association(APPROVERS)),
    vetting_events.CaseDueMoved: everyone(_applicant, _examiner),
}
