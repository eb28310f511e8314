"""Who hears of an engagement: the side that did not act, and whoever has to act next."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.engagements import events
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import EngagementParty
from marketplace.engagements.rules import ClientKind, Side
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import Audience, everyone, ids
from marketplace.notifications.services import Message

_APPROVERS = (Role.DEPARTMENT_APPROVER,)


def _message(
    session: Session, record: EventRecord, party: EngagementParty, side: Side
) -> list[Message]:
    details: dict[str, Any] = {"number": party.number, "item": party.item_code, **record.payload}
    home = party.client_id if side is Side.CLIENT else party.provider_id
    people = ids(session, home, _roles(party, side))
    return [Message(people, home, f"/engagements/{party.public_id}", details)]


def _roles(party: EngagementParty, side: Side) -> tuple[Role, ...]:
    if side is Side.PROVIDER:
        return (Role.INSTITUTION_AGENT,)
    if party.client_kind is ClientKind.ENTERPRISE:
        return (Role.ENTERPRISE_AGENT,)
    return (Role.DEPARTMENT_OFFICER,)


def _side(side: Side) -> Audience:
    """The people of one side."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        return _message(session, record, engagements.party(session, record.subject_id), side)

    return tell


def _owing(session: Session, record: EventRecord) -> list[Message]:
    """The side that has to act by the day."""
    side = Side(record.payload["owes"])
    return _message(session, record, engagements.party(session, record.subject_id), side)


def _department_approvers(session: Session, record: EventRecord) -> list[Message]:
    """The approvers of the department that pays."""
    party = engagements.party(session, record.subject_id)
    if party.client_kind is not ClientKind.DEPARTMENT:
        return []
    details = {"number": party.number, "item": party.item_code, **record.payload}
    people = ids(session, party.client_id, _APPROVERS)
    return [Message(people, party.client_id, f"/engagements/{party.public_id}", details)]


_client, _provider = _side(Side.CLIENT), _side(Side.PROVIDER)
_both = everyone(_client, _provider)

AUDIENCES: dict[type[Event], Audience] = {
    events.EngagementRequested: _provider,
    events.EngagementTakenOn: _both,
    events.EngagementDeclined: _client,
    events.EngagementLapsed: _both,
    events.EngagementCancelled: _both,
    events.EngagementContracted: _provider,
    events.WorkStarted: _provider,
    events.WorkPaused: _both,
    events.WorkResumed: _both,
    events.WorkDelivered: _client,
    events.DeliveryReturned: _provider,
    events.DeliveryAccepted: _provider,
    events.EngagementTerminated: _both,
    events.EngagementClosed: _both,
    events.EngagementPaid: _provider,
    events.EngagementDueSoon: _owing,
    events.EngagementOverdue: everyone(_both, _department_approvers),
    events.DueMoved: _both,
}
