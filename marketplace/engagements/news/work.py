"""How the events of the work itself are told."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.engagements import events
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries.lists import EngagementParty
from marketplace.engagements.rules import ClientKind, Side, other_side
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import TOLD, Message, Silent, Tone, kept, news, told
from marketplace.kernel.actors import Role
from marketplace.web.wording import label, refusal_text
from marketplace.web.words import yuan

_APPROVERS = (Role.DEPARTMENT_APPROVER,)
Told: TypeAlias = Mapping[str, Any]


def _message(session: Session, record: EventRecord, side: Side, page: str = "") -> list[Message]:
    party = engagements.party(session, record.subject_id)
    details: dict[str, Any] = {"number": party.number, "item": party.item_code, **record.payload}
    home = party.client_id if side is Side.CLIENT else party.provider_id
    people = people_with(session, home, _roles(party, side))
    return [Message(people, home, f"/engagements/{party.public_id}{page}", details)]


def _roles(party: EngagementParty, side: Side) -> tuple[Role, ...]:
    if side is Side.PROVIDER:
        return (Role.INSTITUTION_AGENT,)
    if party.client_kind is ClientKind.ENTERPRISE:
        return (Role.ENTERPRISE_AGENT,)
    return (Role.DEPARTMENT_OFFICER,)


def client(session: Session, record: EventRecord) -> list[Message]:
    """The people of the client."""
    return _message(session, record, Side.CLIENT)


def provider(session: Session, record: EventRecord) -> list[Message]:
    """The people of the institution at work."""
    return _message(session, record, Side.PROVIDER)


def other(session: Session, record: EventRecord) -> list[Message]:
    """The side that did not do what the event tells."""
    return _message(session, record, other_side(Side(record.payload["by"])))


def _owing(session: Session, record: EventRecord) -> list[Message]:
    """The side that has to act by the day."""
    return _message(session, record, Side(record.payload["owes"]))


def _choosing(session: Session, record: EventRecord) -> list[Message]:
    """The client, on the page where it keeps or moves the work of an institution removed."""
    return _message(session, record, Side.CLIENT, "/keep-or-move")


def _department_approvers(session: Session, record: EventRecord) -> list[Message]:
    """The approvers of the department that pays."""
    party = engagements.party(session, record.subject_id)
    if party.client_kind is not ClientKind.DEPARTMENT:
        return []
    details = {"number": party.number, "item": party.item_code, **record.payload}
    people = people_with(session, party.client_id, _APPROVERS)
    return [Message(people, party.client_id, f"/engagements/{party.public_id}", details)]


_both = (client, provider)
INSIDE = Silent("reminders and inner bookkeeping stay here")


def _answer_by(payload: Told) -> str:
    return str(gettext("Answer by %(day)s.", day=payload["answer_by"]))


def _contract_by(payload: Told) -> str:
    return str(gettext("Contract by %(day)s.", day=payload["contract_by"]))


def _due(payload: Told) -> str:
    return str(gettext("Due on %(day)s.", day=payload["due_on"]))


def _cause(payload: Told) -> str:
    cause = payload.get("cause")
    return refusal_text(cause) if cause else ""


def _amount(payload: Told) -> str:
    return str(gettext("Amount: %(amount)s yuan.", amount=_yuan(payload["amount_fen"])))


def _yuan(fen: object) -> str:
    return yuan(fen if isinstance(fen, int) else 0)


def _version(payload: Told) -> str:
    return str(gettext("Version %(version)s.", version=payload["version"]))


def _returned(payload: Told) -> str:
    return f"{_version(payload)} {_due(payload)}"


def _accepted(payload: Told) -> str:
    timely = (
        gettext("Delivered within the limit.")
        if payload["within_limit"]
        else gettext("Delivered late.")
    )
    return f"{_version(payload)} {timely}"


def _awaited(payload: Told) -> str:
    what = label(f"engagement.{payload['what']}")
    return str(gettext("%(what)s, by %(day)s.", what=what, day=payload["due_on"]))


def _moved(payload: Told) -> str:
    old, new = payload["due_was"], payload["due_on"]
    return str(gettext("It was %(old)s and is now %(new)s.", old=old, new=new))


NEWS = news(
    told(
        events.EngagementRequested,
        more=_answer_by,
        history=_("The enterprise picked the institution."),
        to=(provider,),
        subject=_("New request %(number)s"),
        text=_(
            "An enterprise picked your institution for “%(item)s”. Please answer by %(answer_by)s."
        ),
        platform=TOLD,
    ),
    told(
        events.EngagementTakenOn,
        more=_contract_by,
        history=_("The institution took the engagement on."),
        to=_both,
        subject=_("Engagement %(number)s is taken on"),
        text=_(
            "“%(item)s” goes ahead. The contract is to be put forward by %(contract_by)s; each "
            "confirmation that is missing has its own days."
        ),
        platform=TOLD,
    ),
    told(
        events.EngagementDeclined,
        history=_("The institution declined."),
        to=(client,),
        subject=_("Request %(number)s was declined"),
        text=_("The institution declined “%(item)s”; its reasons stand in the record."),
        tone=Tone.BAD,
        platform=TOLD,
    ),
    told(
        events.EngagementLapsed,
        history=_("The engagement lapsed: nothing was done in time."),
        to=_both,
        subject=_("Engagement %(number)s has lapsed"),
        text=_("For “%(item)s” nothing was done by %(due_on)s. The item is free again."),
        tone=Tone.BAD,
        platform=TOLD,
    ),
    told(
        events.EngagementCancelled,
        more=_cause,
        history=_("The engagement was cancelled."),
        to=_both,
        subject=_("Engagement %(number)s was cancelled"),
        text=_("“%(item)s” was cancelled before a contract; the reasons stand in the record."),
        platform=TOLD,
    ),
    told(
        events.EngagementContracted,
        more=_amount,
        history=_("Both sides have confirmed the contract."),
        to=_both,
        subject=_("The contract of %(number)s is in force"),
        text=_("Both sides have confirmed the contract for “%(item)s”, signed on %(signed_on)s."),
        platform=TOLD,
    ),
    told(
        events.EngagementTerminated,
        history=_("The engagement was terminated."),
        to=_both,
        subject=_("Engagement %(number)s was terminated"),
        text=_("The work on “%(item)s” has ended; the reasons stand in the record."),
        tone=Tone.BAD,
        platform=TOLD,
    ),
    told(
        events.EngagementClosed,
        history=_("The engagement was closed."),
        to=_both,
        subject=_("Engagement %(number)s is closed"),
        text=_("Nothing is owed for “%(item)s” any more."),
        platform=TOLD,
    ),
    kept(
        events.PaymentAsked,
        more=_amount,
        history=_("A payment was proposed."),
        platform=INSIDE,
    ),
    told(
        events.EngagementPaid,
        more=_amount,
        history=_("A payment was approved."),
        to=(provider,),
        subject=_("A payment for %(number)s was approved"),
        text=_("The department pays for “%(item)s” out of its budget."),
        platform=INSIDE,
    ),
    told(
        events.EngagementDueSoon,
        more=_awaited,
        history=_("A reminder of the due day was sent."),
        to=(_owing,),
        subject=_("Engagement %(number)s: due soon"),
        text=_("Something for “%(item)s” has to be done by %(due_on)s. The record says what."),
        tone=Tone.WAITING,
        platform=INSIDE,
    ),
    told(
        events.EngagementOverdue,
        more=_awaited,
        history=_("The due day has passed."),
        to=(*_both, _department_approvers),
        subject=_("Engagement %(number)s is overdue"),
        text=_("“%(item)s” was due on %(due_on)s. Everybody sees the red light."),
        tone=Tone.BAD,
        platform=INSIDE,
    ),
    told(
        events.DueMoved,
        more=_moved,
        history=_("The due day moved with the calendar."),
        to=_both,
        subject=_("Engagement %(number)s: the due day has moved"),
        text=_(
            "The calendar changed. For “%(item)s” the day was %(due_was)s and is now %(due_on)s."
        ),
        platform=INSIDE,
    ),
    told(
        events.WorkStarted,
        more=_due,
        history=_("The materials are complete; the clock started."),
        to=(provider,),
        subject=_("The clock of %(number)s runs"),
        text=_("The materials for “%(item)s” are complete. Please deliver by %(due_on)s."),
        platform=TOLD,
    ),
    told(
        events.WorkPaused,
        history=_("The clock was paused."),
        to=_both,
        subject=_("The clock of %(number)s stands"),
        text=_("The work on “%(item)s” was paused; reasons and evidence stand in the record."),
        tone=Tone.WAITING,
        platform=TOLD,
    ),
    told(
        events.WorkResumed,
        more=_due,
        history=_("The clock runs again."),
        to=_both,
        subject=_("The clock of %(number)s runs again"),
        text=_("The pause of “%(item)s” has ended. The new due day is %(due_on)s."),
        platform=TOLD,
    ),
    told(
        events.WorkDelivered,
        more=_version,
        history=_("A version was delivered."),
        to=(client,),
        subject=_("Version %(version)s of %(number)s was delivered"),
        text=_("Please accept the version for “%(item)s” or return it by %(answer_by)s."),
        platform=TOLD,
    ),
    told(
        events.DeliveryReturned,
        more=_returned,
        history=_("The version was returned with reasons."),
        to=(provider,),
        subject=_("Version %(version)s of %(number)s was returned"),
        text=_("The client's reasons stand in the record. “%(item)s” is due on %(due_on)s."),
        tone=Tone.WAITING,
        platform=TOLD,
    ),
    told(
        events.DeliveryAccepted,
        more=_accepted,
        history=_("The version was accepted."),
        to=(provider,),
        subject=_("Your work for %(number)s was accepted"),
        text=_("The client accepted version %(version)s for “%(item)s”."),
        platform=TOLD,
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
        platform=INSIDE,
    ),
    told(
        events.ChoiceMade,
        history=_("The client chose how the work goes on."),
        to=(provider,),
        subject=_("The client has chosen how engagement %(number)s goes on"),
        text=_("After the removal, the client's choice for “%(item)s” is: %(way)s."),
        platform=INSIDE,
    ),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody has to act on it",
)
