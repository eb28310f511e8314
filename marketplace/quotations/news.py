"""How the events of quotation rounds are told."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, news, told
from marketplace.kernel.actors import Role
from marketplace.quotations import events, queries
from marketplace.quotations.queries.rows import RoundParty
from marketplace.quotations.rules import RequestState

Hears = Callable[[int, RequestState, EventRecord], bool]


def _details(party: RoundParty, record: EventRecord) -> dict[str, Any]:
    """What the words are filled with; nobody's listing but the reader's own is told."""
    kept = {key: value for key, value in record.payload.items() if key != "listing_ids"}
    day = party.answer_by.isoformat()
    return {"number": party.number, "item": party.item_code, "answer_by": day, **kept}


def _asking(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the enterprise that asked."""
    party = queries.round_party(session, record.subject_id)
    people = people_with(session, party.client_id, (Role.ENTERPRISE_AGENT,))
    address = f"/quotations/{party.public_id}"
    return [Message(people, party.client_id, address, _details(party, record))]


def _asked(hears: Hears) -> Audience:
    """The agents of the institutions that were asked; each hears of its own request only."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        party = queries.round_party(session, record.subject_id)
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


NEWS = news(
    told(
        events.RoundOpened,
        history=_("Institutions were asked for quotations."),
        to=(_asked(_everybody),),
        subject=_("You are asked for a quotation (%(number)s)"),
        text=_("An enterprise asks what “%(item)s” would cost. Please answer by %(answer_by)s."),
    ),
    told(
        events.QuotationGiven,
        history=_("A quotation arrived."),
        to=(_asking,),
        subject=_("A quotation arrived (%(number)s)"),
        text=_("An institution has quoted for “%(item)s”. You see it when the round is closed."),
    ),
    told(
        events.QuotationDeclined,
        history=_("An institution declined to quote."),
        to=(_asking,),
        subject=_("An institution does not quote (%(number)s)"),
        text=_("One of the institutions you asked about “%(item)s” does not quote; it says why."),
    ),
    told(
        events.QuotationQuestionAsked,
        history=_("An institution asked a question."),
        to=(_asking,),
        subject=_("A question about your round of quotations %(number)s"),
        text=_(
            "An institution asks something about “%(item)s” before it quotes. All who were asked "
            "read your answer; please give it well before %(answer_by)s."
        ),
    ),
    told(
        events.QuotationQuestionAnswered,
        history=_("A question was answered for everybody asked."),
        to=(_asked(_not_declined),),
        subject=_("A question about the round of quotations %(number)s is answered"),
        text=_(
            "The enterprise has answered a question about “%(item)s”; all who were asked read it."
        ),
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
    ),
    told(
        events.RoundPicked,
        history=_("A quotation was picked and the engagement requested."),
        to=(_asked(_not_picked),),
        subject=_("Round %(number)s is decided"),
        text=_(
            "For “%(item)s” the enterprise has chosen another institution this time; its reason "
            "stands in the request. Thank you for your quotation."
        ),
    ),
    told(
        events.RoundWithdrawn,
        history=_("The round was withdrawn."),
        to=(_asked(_not_declined),),
        subject=_("Round %(number)s was withdrawn"),
        text=_("The enterprise asks no longer about “%(item)s”; its reason stands in the request."),
    ),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
)
