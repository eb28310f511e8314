"""Who is told what when something happens: one short function per kind of event."""

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from marketplace.accounts.queries import members_with
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import events as institution_events
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.notifications.services import Message
from marketplace.vetting import events as vetting_events
from marketplace.vetting import queries as vetting

Audience: TypeAlias = Callable[[Session, EventRecord], list[Message]]

_AGENTS = (Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN)
_EXAMINERS = (Role.ASSOCIATION_EXAMINER,)
_APPROVERS = (Role.ASSOCIATION_APPROVER,)


def _ids(session: Session, organisation_id: int, roles: tuple[Role, ...]) -> tuple[int, ...]:
    return tuple(member.user_id for member in members_with(session, organisation_id, *roles))


def _case(session: Session, record: EventRecord) -> tuple[Any, dict[str, Any]]:
    party = vetting.case_party(session, record.subject_id)
    details = {"number": party.number, "item": party.item_code, **record.payload}
    return party, details


def _applicant(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about their own case."""
    party, details = _case(session, record)
    people = _ids(session, party.organisation_id, _AGENTS)
    return [Message(people, party.organisation_id, f"/my/applications/{party.public_id}", details)]


def _association(roles: tuple[Role, ...]) -> Audience:
    """The association's members with one of the roles, about a case of theirs."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        party, details = _case(session, record)
        people = _ids(session, party.association_id, roles)
        return [Message(people, party.association_id, f"/vetting/{party.public_id}", details)]

    return tell


def _examiner(session: Session, record: EventRecord) -> list[Message]:
    """The examiner of the case, or all examiners while nobody has taken it."""
    party, details = _case(session, record)
    if party.examiner_id:
        people: tuple[int, ...] = (party.examiner_id,)
    else:
        people = _ids(session, party.association_id, _EXAMINERS)
    return [Message(people, party.association_id, f"/vetting/{party.public_id}", details)]


def _listing(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about one of their listings."""
    row = institutions.listing(session, record.subject_id)
    details = {"item": row.item_code, **record.payload}
    people = _ids(session, row.organisation_id, _AGENTS)
    return [Message(people, row.organisation_id, "/my/institution", details)]


def _institution(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about the institution itself."""
    row = institutions.institution(session, record.subject_id)
    people = _ids(session, row.organisation_id, _AGENTS)
    return [Message(people, row.organisation_id, "/my/institution", dict(record.payload))]


def _all(*audiences: Audience) -> Audience:
    def tell(session: Session, record: EventRecord) -> list[Message]:
        return [message for audience in audiences for message in audience(session, record)]

    return tell


AUDIENCES: dict[type[Event], Audience] = {
    vetting_events.CaseOpened: _all(_applicant, _association(_EXAMINERS)),
    vetting_events.CaseTaken: _applicant,
    vetting_events.CaseAssigned: _examiner,
    vetting_events.CaseReturned: _applicant,
    vetting_events.CaseResubmitted: _examiner,
    vetting_events.CaseProposed: _association(_APPROVERS),
    vetting_events.CaseSentBack: _examiner,
    vetting_events.CaseDecided: _all(_applicant, _examiner),
    vetting_events.CaseWithdrawn: _examiner,
    vetting_events.CaseLapsed: _all(_applicant, _examiner),
    vetting_events.CaseOverdue: _all(_examiner, _association(_APPROVERS)),
    vetting_events.CaseDueMoved: _all(_applicant, _examiner),
    institution_events.ListingSuspended: _listing,
    institution_events.ListingReinstated: _listing,
    institution_events.QualificationExpiring: _institution,
    institution_events.QualificationExpired: _institution,
}
