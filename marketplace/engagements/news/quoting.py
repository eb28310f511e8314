"""How rounds of quotations, choices to keep or move, and ratings are told."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.engagements import events
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import EngagementParty, RoundParty
from marketplace.engagements.rules import ClientKind, Side
from marketplace.engagements.rules.quoting import RequestState
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import TOLD, Audience, Message, Silent, news, told
from marketplace.kernel.actors import Role


def _message(
    session: Session, record: EventRecord, party: EngagementParty, side: Side
) -> list[Message]:
    details: dict[str, Any] = {"number": party.number, "item": party.item_code, **record.payload}
    home = party.client_id if side is Side.CLIENT else party.provider_id
    people = people_with(session, home, _roles(party, side))
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


_client, _provider = _side(Side.CLIENT), _side(Side.PROVIDER)


_INSIDE = Silent("reminders and inner bookkeeping stay here")


Hears = Callable[[int, RequestState, EventRecord], bool]


def _details(party: RoundParty, record: EventRecord) -> dict[str, Any]:
    """What the words are filled with; nobody's listing but the reader's own is told."""
    kept = {key: value for key, value in record.payload.items() if key != "listing_ids"}
    day = party.answer_by.isoformat()
    return {"number": party.number, "item": party.item_code, "answer_by": day, **kept}


def _asking(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the enterprise that asked."""
    party = engagements.round_party(session, record.subject_id)
    people = people_with(session, party.client_id, (Role.ENTERPRISE_AGENT,))
    address = f"/quotations/{party.public_id}"
    return [Message(people, party.client_id, address, _details(party, record))]


def _asked(hears: Hears) -> Audience:
    """The agents of the institutions that were asked; each hears of its own request only."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        party = engagements.round_party(session, record.subject_id)
        details = {"number": party.number, "item": party.item_code}
        details |= {"answer_by": party.answer_by.isoformat()}
        return [
            Message(
                people_with(session, provider, (Role.INSTITUTION_AGENT,)),
                provider,
                f"/quotations/requests/{public_id}",
                details,
            )
            for request_id, public_id, provider, state in party.requests
            if hears(request_id, state, record)
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
    people = people_with(session, party.client_id, (_client_role(party),))
    details = {"number": party.number, "item": party.item_code}
    address = f"/engagements/{party.public_id}/keep-or-move"
    return [Message(people, party.client_id, address, details)]


def _engagement(session: Session, record: EventRecord, *, client: bool) -> list[Message]:
    party = engagements.party(session, record.subject_id)
    details = {"number": party.number, "item": party.item_code}
    address = f"/engagements/{party.public_id}"
    if not client:
        people = people_with(session, party.provider_id, (Role.INSTITUTION_AGENT,))
        return [Message(people, party.provider_id, address, details)]
    people = people_with(session, party.client_id, (_client_role(party),))
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
    people = people_with(session, party.provider_id, (Role.INSTITUTION_AGENT,))
    details = {"number": party.number, "item": party.item_code, "way": record.payload["way"]}
    return [Message(people, party.provider_id, f"/engagements/{party.public_id}", details)]


NEWS = news(
    told(
        events.RoundOpened,
        history=_("Institutions were asked for quotations."),
        to=(_asked(_everybody),),
        subject=_("You are asked for a quotation (%(number)s)"),
        text=_("An enterprise asks what “%(item)s” would cost. Please answer by %(answer_by)s."),
        platform=_INSIDE,
    ),
    told(
        events.QuotationGiven,
        history=_("A quotation arrived."),
        to=(_asking,),
        subject=_("A quotation arrived (%(number)s)"),
        text=_("An institution has quoted for “%(item)s”. You see it when the round is closed."),
        platform=_INSIDE,
    ),
    told(
        events.QuotationDeclined,
        history=_("An institution declined to quote."),
        to=(_asking,),
        subject=_("An institution does not quote (%(number)s)"),
        text=_("One of the institutions you asked about “%(item)s” does not quote; it says why."),
        platform=_INSIDE,
    ),
    told(
        events.RoundClosed,
        history=_("The round was closed and the quotations opened."),
        to=(_asking,),
        subject=_("The round of quotations %(number)s is closed"),
        text=_(
            "Quotations for “%(item)s”: %(answers)s. Compare them and pick one; if there is none, "
            "withdraw the round and ask others, or pick an institution directly."
        ),
        platform=_INSIDE,
    ),
    told(
        events.RoundPicked,
        history=_("A quotation was picked and the engagement requested."),
        to=(_asked(_not_picked),),
        subject=_("Round %(number)s is decided"),
        text=_(
            "For “%(item)s” the enterprise has chosen another institution this time. Thank you for "
            "your quotation."
        ),
        platform=_INSIDE,
    ),
    told(
        events.RoundWithdrawn,
        history=_("The round was withdrawn."),
        to=(_asked(_not_declined),),
        subject=_("Round %(number)s was withdrawn"),
        text=_("The enterprise asks no longer about “%(item)s”; its reason stands in the request."),
        platform=_INSIDE,
    ),
    told(
        events.ChoiceAsked,
        history=_(
            "The institution was removed from the market for this item; the client chooses how the "
            "work goes on."
        ),
        to=(_choosing,),
        subject=_("Keep or move engagement %(number)s"),
        text=_(
            "The institution at work on “%(item)s” was removed from the market. Please choose "
            "whether it finishes this work or another institution takes over."
        ),
        platform=_INSIDE,
    ),
    told(
        events.ChoiceMade,
        history=_("The client chose how the work goes on."),
        to=(_removed,),
        subject=_("The client has chosen how engagement %(number)s goes on"),
        text=_("After the removal, the client's choice for “%(item)s” is: %(way)s."),
        platform=_INSIDE,
    ),
    told(
        events.EngagementRated,
        history=_("The client rated the service."),
        to=(_rated,),
        subject=_("The client rated engagement %(number)s"),
        text=_("You can read the rating for “%(item)s” and reply to it once."),
        platform=TOLD,
    ),
    told(
        events.RatingRevised,
        history=_("The client revised the rating."),
        to=(_rated,),
        subject=_("The client revised the rating of %(number)s"),
        text=_("The rating for “%(item)s” was changed; it stands on the page of the engagement."),
        platform=_INSIDE,
    ),
    told(
        events.RatingAnswered,
        history=_("The institution replied to the rating."),
        to=(_replied,),
        subject=_("The institution replied to your rating of %(number)s"),
        text=_("The reply about “%(item)s” stands beside your rating."),
        platform=_INSIDE,
    ),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody has to act on it",
)
