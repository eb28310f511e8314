"""Who hears of a round of quotations, and of work whose institution was removed."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from marketplace.engagements import events
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import EngagementParty, RoundParty
from marketplace.engagements.rules import ClientKind
from marketplace.engagements.rules.quoting import RequestState
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import Audience, ids
from marketplace.notifications.services import Message

Told = Callable[[int, RequestState, EventRecord], bool]


def _details(party: RoundParty, record: EventRecord) -> dict[str, Any]:
    """What the words are filled with; nobody's listing but the reader's own is told."""
    kept = {key: value for key, value in record.payload.items() if key != "listing_ids"}
    day = party.answer_by.isoformat()
    return {"number": party.number, "item": party.item_code, "answer_by": day, **kept}


def _client(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the enterprise that asked."""
    party = engagements.round_party(session, record.subject_id)
    people = ids(session, party.client_id, (Role.ENTERPRISE_AGENT,))
    address = f"/quotations/{party.public_id}"
    return [Message(people, party.client_id, address, _details(party, record))]


def _asked(told: Told) -> Audience:
    """The agents of the institutions that were asked; each hears of its own request only."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        party = engagements.round_party(session, record.subject_id)
        details = {"number": party.number, "item": party.item_code}
        details |= {"answer_by": party.answer_by.isoformat()}
        return [
            Message(
                ids(session, provider, (Role.INSTITUTION_AGENT,)),
                provider,
                f"/quotations/requests/{public_id}",
                details,
            )
            for request_id, public_id, provider, state in party.requests
            if told(request_id, state, record)
        ]

    return tell


def _everybody(_request_id: int, _state: RequestState, _record: EventRecord) -> bool:
    return True


def _not_picked(request_id: int, state: RequestState, record: EventRecord) -> bool:
    """Those that quoted and were not chosen; whoever was chosen hears of the engagement."""
    return state is RequestState.ANSWERED and request_id != record.payload["request_id"]


def _not_declined(_request_id: int, state: RequestState, _record: EventRecord) -> bool:
    return state is not RequestState.DECLINED


def _choosing(session: Session, record: EventRecord) -> list[Message]:
    """The client whose work is under way at an institution that was removed."""
    party = engagements.party(session, record.subject_id)
    people = ids(session, party.client_id, (_client_role(party),))
    details = {"number": party.number, "item": party.item_code}
    address = f"/engagements/{party.public_id}/keep-or-move"
    return [Message(people, party.client_id, address, details)]


def _engagement(session: Session, record: EventRecord, *, client: bool) -> list[Message]:
    party = engagements.party(session, record.subject_id)
    details = {"number": party.number, "item": party.item_code}
    address = f"/engagements/{party.public_id}"
    if not client:
        people = ids(session, party.provider_id, (Role.INSTITUTION_AGENT,))
        return [Message(people, party.provider_id, address, details)]
    people = ids(session, party.client_id, (_client_role(party),))
    return [Message(people, party.client_id, address, details)]


def _rated(session: Session, record: EventRecord) -> list[Message]:
    """The institution whose work was rated."""
    return _engagement(session, record, client=False)


def _replied(session: Session, record: EventRecord) -> list[Message]:
    """The client to whose rating the institution replied."""
    return _engagement(session, record, client=True)


def _client_role(party: EngagementParty) -> Role:
    enterprise = party.client_kind is ClientKind.ENTERPRISE
    return Role.ENTERPRISE_AGENT if enterprise else Role.DEPARTMENT_OFFICER


def _removed(session: Session, record: EventRecord) -> list[Message]:
    """The institution whose listing was removed, about what its client chose."""
    party = engagements.party(session, record.subject_id)
    people = ids(session, party.provider_id, (Role.INSTITUTION_AGENT,))
    details = {"number": party.number, "item": party.item_code, "way": record.payload["way"]}
    return [Message(people, party.provider_id, f"/engagements/{party.public_id}", details)]


AUDIENCES: dict[type[Event], Audience] = {
    events.RoundOpened: _asked(_everybody),
    events.QuotationGiven: _client,
    events.QuotationDeclined: _client,
    events.RoundClosed: _client,
    events.RoundPicked: _asked(_not_picked),
    events.RoundWithdrawn: _asked(_not_declined),
    events.ChoiceAsked: _choosing,
    events.ChoiceMade: _removed,
    events.EngagementRated: _rated,
    events.RatingRevised: _rated,
    events.RatingAnswered: _replied,
}
